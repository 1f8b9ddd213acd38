//! Images, environments and deployments, as the jobs say them that are made of them.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::spanned::Node;

use super::actions::Pins;
use super::deployment::{self, Stopped};
use super::environments::{Destination, Sites, environment_of};
use super::image::{self, BUILD_PREFIX};
use super::lens::{text, texts_at};
use super::oidc::Oidc;
use super::settle::settle;
use super::{Pipeline, changes, delivery, slug};
use crate::{Duration, NotKnown};

/// The jobs of a workflow that are made of images and deployments.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundJobs<'a> {
    changes: Option<&'a Node>,
    all: BTreeMap<&'a str, &'a Node>,
    /// The images, with the jobs that build them.
    images: Vec<(&'a str, &'a Node)>,
    /// The deployments and their environments, with the jobs that deploy.
    stops: Vec<(&'a str, &'a str, &'a Node)>,
    made: Vec<String>,
}

impl<'a> FoundJobs<'a> {
    /// Those of a workflow: what looks as ours do, or stands where the prior's stood.
    pub(super) fn of(prior: Option<&'a Pipeline>, workflow: &'a Node) -> Self {
        let jobs = workflow.get("jobs").map(Node::entries).unwrap_or_default();
        let all: BTreeMap<&str, &Node> = jobs.iter().map(|it| (&*it.key, &it.value)).collect();
        let before: Vec<_> = prior.and_then(|it| delivery::titles(it).ok()).unwrap_or_default();
        let was_made = |id: &str| before.iter().any(|it| it.id == id);
        let mut found = Self { changes: all.get(changes::ID).copied(), ..Self::default() };
        for (id, job) in &all {
            if let Some(key) = id.strip_prefix(BUILD_PREFIX)
                && (image::is_built(job) || was_made(id))
            {
                found.images.push((key, job));
                found.made.extend(image::titles(key).map(|it| it.id));
            }
            let Some(name) = environment_of(job) else { continue };
            if let Some(key) = deployment::key_of(id, name)
                && (deployment::is_deployed(job) || was_made(id))
            {
                found.stops.push((key, name, job));
                found.made.extend(deployment::titles(key, name).map(|it| it.id));
            }
        }
        found.all = all;
        found.in_order();
        found
    }

    /// Puts the stops of a deployment in the order in which one waits for those before.
    fn in_order(&mut self) {
        let mut stops: Vec<_> = self.stops.iter().map(|it| (self.waits_for(it), *it)).collect();
        stops.sort_by_key(|(count, (_, name, _))| (*count, *name));
        self.stops = stops.into_iter().map(|(_, it)| it).collect();
    }

    /// For how many other stops of its deployment one waits.
    fn waits_for(&self, (key, name, job): &(&str, &str, &Node)) -> usize {
        let needs = texts_at(job, "needs").into_known().unwrap_or_default();
        let is_needed = |(other, environment, _): &&(&str, &str, &Node)| {
            let [_, verify, _] = deployment::titles(key, environment);
            other == key
                && environment != name
                && needs.iter().any(|it| it.known() == Some(&verify.id))
        };
        self.stops.iter().filter(is_needed).count()
    }

    /// Whether a job is made.
    pub(super) fn has(&self, id: &str) -> bool {
        self.made.iter().any(|it| it == id)
    }

    /// The images of which whoever starts the pipeline by hand is asked for an earlier digest.
    pub(super) fn asked(&self) -> Vec<&'a str> {
        let asks = |(key, _): &&(&str, &Node)| {
            let push = self.all.get(image::publish_id(key).as_str());
            push.is_some_and(|it| image::is_asked(it))
        };
        self.images.iter().filter(asks).map(|(key, _)| *key).collect()
    }

    fn pushes(&self) -> Sites<'a> {
        let push =
            |(key, _): &(&str, &Node)| Some(("", *self.all.get(image::publish_id(key).as_str())?));
        self.images.iter().filter_map(push).collect()
    }

    fn filters(&self, id: &str, address: &str) -> Vec<String> {
        changes::filters(self.changes, id, address)
    }
}

/// Reads images, environments, deployments and what is around them.
pub(super) fn read(prior: Option<&Pipeline>, pipeline: &mut Pipeline, found: &FoundJobs<'_>) {
    let address = pipeline.name.known().map(|it| super::address(it)).unwrap_or_default();
    let sites: Sites<'_> = found.stops.iter().map(|(_, name, job)| (*name, *job)).collect();
    if !sites.is_empty() {
        pipeline.oidc = oidc(prior, &sites, pipeline);
        pipeline.deploy_timeout = timeout(prior, &sites);
        pipeline.environments = environments(prior, found);
    } else if prior.is_none() {
        // A registry may be all that is logged in to.
        pipeline.oidc = Oidc::read(&found.pushes());
    }
    pipeline.images = images(prior, pipeline, found, &address);
    let mut deployments = BTreeMap::new();
    for (key, ..) in &found.stops {
        if deployments.contains_key(*key) {
            continue;
        }
        let stops = delivery::stops(pipeline, key).unwrap_or_default();
        let jobs = found.stops.iter().filter(|(other, ..)| other == key);
        let stopped: Vec<Stopped<'_>> = jobs
            .map(|(key, environment, job)| {
                let [deploy, verify, rollback] = deployment::titles(key, environment);
                Stopped {
                    environment,
                    deploy: job,
                    verify: found.all.get(verify.id.as_str()).copied(),
                    rollback: found.all.get(rollback.id.as_str()).copied(),
                    filters: found.filters(&deploy.id, &address),
                }
            })
            .collect();
        let before = prior.and_then(|it| it.deployments.known()?.get(*key)?.known());
        let read = deployment::read(before, &stopped, &stops);
        deployments.insert((*key).to_owned(), Leaf::Known(read));
    }
    pipeline.deployments =
        if deployments.is_empty() { Leaf::Null } else { Leaf::Known(deployments) };
}

fn images(
    prior: Option<&Pipeline>,
    pipeline: &Pipeline,
    found: &FoundJobs<'_>,
    address: &str,
) -> Leaf<BTreeMap<String, Leaf<image::Image>>> {
    let asked = found.asked();
    let around = image::Around {
        pins: Pins(&pipeline.action_pins),
        oidc: pipeline.oidc.known(),
        is_asked: !asked.is_empty(),
    };
    let one = |(key, job): &(&str, &Node)| {
        let filters = found.filters(&image::build_id(key), address);
        let pushes = found.all.get(image::publish_id(key).as_str()).copied();
        let before = prior.and_then(|it| it.images.known()?.get(*key)?.known());
        let keeps = delivery::keeps(pipeline);
        let read = image::read(before, key, (job, filters), pushes, keeps, &around);
        ((*key).to_owned(), Leaf::Known(read))
    };
    let read: BTreeMap<_, _> = found.images.iter().map(one).collect();
    if read.is_empty() { Leaf::Null } else { Leaf::Known(read) }
}

/// Each environment as the first job says it that deploys there.
fn environments(prior: Option<&Pipeline>, found: &FoundJobs<'_>) -> Leaf<Vec<Leaf<Destination>>> {
    let before = prior.and_then(|it| it.environments.known());
    let mut read: Vec<Leaf<Destination>> = Vec::new();
    for (key, name, job) in &found.stops {
        let is_there = |it: &Leaf<Destination>| {
            it.known().and_then(|it| it.name.known()).is_some_and(|it| slug(it) == slug(name))
        };
        if read.iter().any(is_there) {
            continue;
        }
        let [_, _, rollback] = deployment::titles(key, name);
        let back = found.all.get(rollback.id.as_str()).copied();
        let prior = before.into_iter().flatten().find(|it| is_there(it)).and_then(Leaf::known);
        let it = Destination::read(name, job, back);
        let said = |it: &Destination| -> Result<_, NotKnown> {
            Ok((it.item()?, it.condition()?, it.back()?.to_owned()))
        };
        read.push(Leaf::Known(settle(prior, it, said)));
    }
    Leaf::Known(read)
}

fn oidc(prior: Option<&Pipeline>, sites: &Sites<'_>, pipeline: &Pipeline) -> Leaf<Oidc> {
    let before = prior.map(|it| &it.oidc);
    let read = Oidc::read(sites);
    let Leaf::Known(read) = read else { return Leaf::Null };
    let pins = Pins(&pipeline.action_pins);
    let said = |it: &Oidc| -> Result<Vec<_>, NotKnown> {
        sites.iter().map(|(name, _)| it.step(name, None, pins)).collect()
    };
    Leaf::Known(settle(before.and_then(Leaf::known), read, said))
}

fn timeout(prior: Option<&Pipeline>, sites: &Sites<'_>) -> Leaf<String> {
    let minutes = sites.iter().find_map(|(_, it)| it.get("timeout-minutes").and_then(text));
    let seconds = minutes.and_then(|it| it.parse::<u64>().ok()?.checked_mul(60));
    let Some(read) = seconds.map(Duration::from_seconds) else { return Leaf::Null };
    let before = prior.and_then(|it| delivery::timeout(it).ok());
    match (prior, before) {
        (Some(prior), Some(before)) if before == read => prior.deploy_timeout.clone(),
        _ => Leaf::Known(read.to_string()),
    }
}
