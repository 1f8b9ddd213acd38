//! A deployment, as the jobs say it that are made of it.

use stanchion_cty::schema::Leaf;
use stanchion_cty::spanned::Node;

use super::jobs::{FORMER, deploy, rollback, verify};
use super::platform::{self, Deed};
use super::strategy::Strategy;
use super::{Deployment, Stop, script};
use crate::pipeline::environments::{Sites, unnamed};
use crate::pipeline::expression::unmarked;
use crate::pipeline::job::{Draft, Part, Remains, Setup, Variables};
use crate::pipeline::lens::{Texts, text, text_at, texts_at, unmixed};
use crate::pipeline::made::step;
use crate::pipeline::scope::Scope;
use crate::pipeline::settle::settle;
use crate::pipeline::workflow::CHECKOUT;
use crate::{Duration, NotKnown};

/// The jobs of a deployment to one environment, as they were found.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Stopped<'a> {
    pub(in crate::pipeline) environment: &'a str,
    pub(in crate::pipeline) deploy: &'a Node,
    pub(in crate::pipeline) verify: Option<&'a Node>,
    pub(in crate::pipeline) rollback: Option<&'a Node>,
    /// The files for whose changes the job runs, as the workflow says elsewhere.
    pub(in crate::pipeline) filters: Vec<String>,
}

/// What the jobs say; in the prior's spelling where that says the same. `stops` are where the pipeline
/// deploys to, as it was read.
pub(in crate::pipeline) fn read(
    prior: Option<&Deployment>,
    found: &[Stopped<'_>],
    stops: &[Stop<'_>],
) -> Deployment {
    let Some(first) = found.first() else { return prior.cloned().unwrap_or_default() };
    let sites: Sites<'_> = found.iter().map(|it| (it.environment, it.deploy)).collect();
    let strategy = strategy(first);
    let run = |job: Option<&Node>, id: &str| {
        job.and_then(|it| step(it, id)).map(|it| text_at(it, "run")).unwrap_or_default()
    };
    let image = texts_at(first.deploy, "needs").into_known().unwrap_or_default();
    let image = image.iter().find_map(|it| it.known()?.strip_prefix("publish-").map(Leaf::from));
    let (platform, own) = read_platform(prior, &sites, first.deploy, &strategy);
    let mut remains = remains(first);
    let (setup, paths) = match stops.first() {
        Some(stop) => {
            let scope = Scope::alone("", stop.pins, stop.keeps);
            let before = prior.map(|it| &it.setup);
            (Setup::read(before, &scope, &mut remains), Part::read(None, &scope, &mut remains))
        }
        None => Default::default(),
    };
    let deployment = Deployment {
        image: image.unwrap_or_default(),
        platform,
        strategy: match strategy {
            Strategy::Rolling => Leaf::Null,
            other => Leaf::Known(other.into_said()),
        },
        migrate: run(Some(first.deploy), "migrate"),
        verify: run(first.verify, "verify"),
        rollback: run(first.rollback, "rolled_back"),
        setup,
        variables: variables(first.deploy, &own),
        paths,
    };
    settle(prior, deployment, |it| said(it, stops))
}

/// All that a deployment comes to in the workflow.
fn said(it: &Deployment, stops: &[Stop<'_>]) -> Result<Vec<[Draft; 3]>, NotKnown> {
    stops
        .iter()
        .map(|stop| {
            Ok([deploy(stop, it)?, verify(stop, it)?, rollback(stop, it)?]
                .map(|it| it.draft.without_comments()))
        })
        .collect()
}

fn remains<'a>(found: &Stopped<'a>) -> Remains<'a> {
    let steps = found.deploy.get("steps").map(Node::items).unwrap_or_default();
    let mut remains = Remains {
        node: found.deploy,
        steps: steps.iter().collect(),
        filters: found.filters.clone(),
    };
    remains.take_first(CHECKOUT);
    remains
}

/// The platform, and the names of the variables that are its own.
fn read_platform(
    prior: Option<&Deployment>,
    sites: &Sites<'_>,
    deploy: &Node,
    strategy: &Strategy,
) -> (Leaf<platform::Platforms>, Vec<&'static str>) {
    let run = |id: &str| step(deploy, id).and_then(|it| it.get("run")).and_then(text);
    let (shared, former) = (run(script::LIBRARY), run(FORMER));
    let before = prior.and_then(|it| it.platform.known()?.said()).map(|it| it.name);
    let is_it = |name: &&str| {
        let strategy = strategy.name();
        let own = script::deed(name, strategy, Deed::Former);
        former.is_some()
            && own.as_deref() == former
            && script::preparation(name, strategy).as_deref() == shared
    };
    let names = platform::NAMES.iter().copied();
    let Some(name) = before.filter(|it| is_it(it)).or_else(|| names.clone().find(is_it)).or(before)
    else {
        return (Leaf::Null, Vec::new());
    };
    let variable = |name: &str| unnamed(sites, |job| job.get("env")?.get(name).and_then(text));
    let expression = |name: &str| {
        let found = deploy.get("env").and_then(|it| it.get(name)).and_then(text);
        found.and_then(unmarked).map(Leaf::from).unwrap_or_default()
    };
    let read = platform::Platforms::of(name, &variable, &expression);
    let own = read.as_ref().and_then(platform::Platforms::said).map(|it| {
        let names = it.variables.iter().chain(&it.expressions).map(|(name, _)| *name);
        names.collect()
    });
    (read.map_or(Leaf::Null, Leaf::Known), own.unwrap_or_default())
}

/// The user's variables: those that neither the platform nor every deployment has.
fn variables(deploy: &Node, own: &[&str]) -> Variables {
    let (mut env, mut env_from) = unmixed(deploy.get("env"));
    let given = ["ENVIRONMENT", "URL", "IMAGE"];
    let without = |it: &mut Texts| {
        if let Leaf::Known(map) = it {
            map.retain(|key, _| !given.contains(&key.as_str()) && !own.contains(&key.as_str()));
            if map.is_empty() {
                *it = Leaf::Null;
            }
        }
    };
    without(&mut env);
    without(&mut env_from);
    Variables { env, env_from }
}

/// How the traffic comes to it, as the steps of its jobs say.
fn strategy(found: &Stopped<'_>) -> Strategy {
    let (deploy, verify) = (found.deploy, found.verify);
    let run = |job: &Node, id: &str| {
        step(job, id).and_then(|it| it.get("run")).and_then(text).map(str::to_owned)
    };
    let shifts = percents(deploy, "shift_", "WEIGHT");
    let enables = verify.map(|it| percents(it, "enable_", "PERCENT")).unwrap_or_default();
    if let (Some(job), Some((first, _))) = (verify, enables.first()) {
        return Strategy::FeatureFlag {
            wait: wait(job, first),
            enable: run(job, &format!("enable_{first}")).unwrap_or_default(),
            disable: found.rollback.and_then(|it| run(it, "disable")).unwrap_or_default(),
            analysis: run(job, &format!("analysis_{first}")),
            steps: enables.iter().map(|(_, it)| *it).collect(),
        };
    }
    match shifts.as_slice() {
        [] => Strategy::Rolling,
        [_] => Strategy::BlueGreen { analysis: run(deploy, "analysis") },
        [(first, _), ..] => Strategy::Canary {
            wait: wait(deploy, first),
            analysis: run(deploy, &format!("analysis_{first}")).unwrap_or_default(),
            steps: shifts[..shifts.len() - 1].iter().map(|(_, it)| *it).collect(),
        },
    }
}

/// The steps whose ids begin so: how they go on, and the percentage that each has as a variable.
fn percents(job: &Node, prefix: &str, variable: &str) -> Vec<(String, u8)> {
    let steps = job.get("steps").map(Node::items).unwrap_or_default();
    let one = |it: &Node| {
        let id = it.get("id").and_then(Node::as_str)?.strip_prefix(prefix)?;
        let percent = it.get("env")?.get(variable).and_then(text)?.parse().ok()?;
        Some((id.to_owned(), percent))
    };
    steps.iter().filter_map(one).collect()
}

fn wait(job: &Node, percent: &str) -> Duration {
    let it =
        step(job, &format!("wait_{percent}")).and_then(|it| it.get("env")?.get("SECONDS_TO_WAIT"));
    let seconds = it.and_then(text).and_then(|it| it.parse().ok());
    Duration::from_seconds(seconds.unwrap_or_default())
}

/// Whether a job is one that deploys as ours do.
pub(in crate::pipeline) fn is_deployed(job: &Node) -> bool {
    let outputs = job.get("outputs");
    outputs.is_some_and(|it| it.get(FORMER).is_some() && it.get("recorded").is_some())
}
