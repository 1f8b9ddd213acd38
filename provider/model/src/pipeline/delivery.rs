//! The jobs that are made of a pipeline's images and deployments.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;

use super::actions::Pins;
use super::deployment::{self, Deployment, Stop};
use super::environments::Destination;
use super::image::{self, Image};
use super::lens::known;
use super::made::{Made, Title};
use super::{Pipeline, slug};
use crate::{Duration, NotKnown};

/// The jobs that are made, in the order in which they run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Delivery {
    /// Those for which the gate waits.
    pub(super) before: Vec<Made>,
    /// Those that wait for the gate.
    pub(super) after: Vec<Made>,
}

/// The jobs of a pipeline.
pub(super) fn made(pipeline: &Pipeline) -> Result<Delivery, NotKnown> {
    let mut all = Delivery::default();
    let asked = asked(pipeline)?;
    let (pins, keeps) = (Pins(&pipeline.action_pins), keeps(pipeline));
    let around = image::Around { pins, oidc: known(&pipeline.oidc)?, is_asked: !asked.is_empty() };
    for (key, it) in images(pipeline)? {
        all.before.push(image::build(key, it, keeps, pins)?);
        all.after.push(image::publish(key, it, &around)?);
    }
    for (key, it) in deployments(pipeline)? {
        for stop in stops(pipeline, key)? {
            all.after.push(deployment::deploy(&stop, it)?);
            all.after.push(deployment::verify(&stop, it)?);
            all.after.push(deployment::rollback(&stop, it)?);
        }
    }
    Ok(all)
}

/// What the jobs are called that are made, as far as their names are known.
pub(super) fn titles(pipeline: &Pipeline) -> Result<Vec<Title>, NotKnown> {
    let mut all = Vec::new();
    for (key, _) in images(pipeline)? {
        all.extend(image::titles(key));
    }
    for (key, _) in deployments(pipeline)? {
        for (name, _) in environments(pipeline)? {
            all.extend(deployment::titles(key, name));
        }
    }
    Ok(all)
}

/// Where a deployment goes to, one stop after the other.
pub(super) fn stops<'a>(pipeline: &'a Pipeline, key: &'a str) -> Result<Vec<Stop<'a>>, NotKnown> {
    let all = environments(pipeline)?;
    let before = (0..all.len()).map(|it| all[..it].iter().map(|(name, _)| *name).collect());
    let pipeline_name = known(&pipeline.name)?.map(String::as_str).unwrap_or_default();
    let image = match deployments(pipeline)?.into_iter().find(|(it, _)| *it == key) {
        Some((_, it)) => known(&it.image)?,
        None => None,
    };
    let mut built = images(pipeline)?.into_iter();
    let repository = built.find(|(it, _)| image.is_some_and(|image| image == it));
    let repository = repository.map(|(_, it)| &it.repository);
    let oidc = known(&pipeline.oidc)?;
    let timeout = timeout(pipeline)?;
    let is_asked = !asked(pipeline)?.is_empty();
    let (pins, keeps) = (Pins(&pipeline.action_pins), keeps(pipeline));
    let stop = |((environment, to), before): (&(&'a str, &'a Destination), _)| Stop {
        pipeline: pipeline_name,
        key,
        to,
        environment,
        before,
        repository,
        oidc,
        is_asked,
        timeout,
        pins,
        keeps,
    };
    Ok(all.iter().zip(before).map(stop).collect())
}

/// How long a job of a deployment may take.
pub(super) fn timeout(pipeline: &Pipeline) -> Result<Duration, NotKnown> {
    let text = known(&pipeline.deploy_timeout)?.map_or(deployment::TIMEOUT, String::as_str);
    Ok(Duration::parse(text).unwrap_or_default())
}

/// The images of which a person who starts the pipeline by hand may name an earlier digest.
pub(super) fn asked(pipeline: &Pipeline) -> Result<Vec<&str>, NotKnown> {
    let images = images(pipeline)?;
    if images.is_empty() {
        return Ok(Vec::new());
    }
    let is_by_hand = match known(&pipeline.triggers)? {
        Some(it) => known(&it.dispatch.dispatch)?.is_some(),
        None => false,
    };
    Ok(if is_by_hand { images.into_iter().map(|(key, _)| key).collect() } else { Vec::new() })
}

/// Whether anything is kept from run to run.
pub(super) fn keeps(pipeline: &Pipeline) -> bool {
    pipeline.triggers.known().is_none_or(|it| !it.are_tags())
}

type Keyed<'a, T> = Vec<(&'a str, &'a T)>;

fn images(pipeline: &Pipeline) -> Result<Keyed<'_, Image>, NotKnown> {
    keyed(known(&pipeline.images)?)
}

/// The deployments, by their keys.
pub(super) fn deployments(pipeline: &Pipeline) -> Result<Keyed<'_, Deployment>, NotKnown> {
    keyed(known(&pipeline.deployments)?)
}

fn keyed<T>(map: Option<&BTreeMap<String, Leaf<T>>>) -> Result<Keyed<'_, T>, NotKnown> {
    let mut all = Vec::new();
    for (key, it) in map.into_iter().flatten() {
        all.extend(known(it)?.map(|it| (key.as_str(), it)));
    }
    Ok(all)
}

/// The environments, by their names.
pub(super) fn environments(pipeline: &Pipeline) -> Result<Keyed<'_, Destination>, NotKnown> {
    let mut all: Keyed<'_, Destination> = Vec::new();
    for it in known(&pipeline.environments)?.into_iter().flatten() {
        let Some(it) = known(it)? else { continue };
        // Two that come to the same ids are a problem of the check's.
        if let Some(name) = known(&it.name)?
            && !all.iter().any(|(other, _)| slug(other) == slug(name))
        {
            all.push((name.as_str(), it));
        }
    }
    Ok(all)
}
