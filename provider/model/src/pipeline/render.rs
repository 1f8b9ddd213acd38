//! A pipeline as a workflow.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Leaf, Set};
use stanchion_cty::yaml::Item;

use super::{Branches, Job, Pipeline, Triggers, address};
use crate::{NotKnown, Tree};

/// The pinned checkout: <https://github.com/actions/checkout/releases/tag/v7.0.1>.
const CHECKOUT: &str = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1";
const CHECKOUT_VERSION: &str = "v7.0.1";

/// The runner: a fixed release of the image, since `ubuntu-latest` moves.
const RUNNER: &str = "ubuntu-24.04";

/// What stands above the workflow.
const HEAD: &str =
    "Written by Terraform: a change made here by hand shows as drift in the next plan.";

pub(super) fn render(pipeline: &Pipeline) -> Tree {
    Tree {
        address: pipeline.name.as_ref().map(|name| address(name)),
        content: match workflow(pipeline) {
            Ok(item) => Leaf::Known(item),
            Err(NotKnown) => Leaf::unknown(),
        },
    }
}

fn workflow(pipeline: &Pipeline) -> Result<Item, NotKnown> {
    let mut entries = Vec::new();
    if let Some(name) = known(&pipeline.name)? {
        entries.push(("name", Item::string(name.as_str()).above(HEAD)));
    }
    if let Some(on) = known(&pipeline.triggers)? {
        entries.push(("on", triggers(on)?));
    }
    entries.push(("permissions", Item::map::<&str>([])));
    if let Some(all) = known(&pipeline.jobs)? {
        entries.push(("jobs", jobs(all)?));
    }
    Ok(Item::map(entries))
}

fn triggers(triggers: &Triggers) -> Result<Item, NotKnown> {
    let mut entries = Vec::new();
    for (name, branches) in [("push", &triggers.push), ("pull_request", &triggers.pull_request)] {
        if let Some(it) = known(branches)? {
            entries.push((name, branch_filter(it)?));
        }
    }
    if let Some(times) = known(&triggers.schedule)? {
        let times = times.iter().filter_map(|it| known(it).transpose());
        let times = times
            .map(|it| Ok(Item::map([("cron", Item::string(it?.as_str()))])))
            .collect::<Result<Vec<_>, _>>()?;
        entries.push(("schedule", Item::list(times)));
    }
    Ok(Item::map(entries))
}

fn branch_filter(it: &Branches) -> Result<Item, NotKnown> {
    Ok(match known(&it.branches)? {
        Some(names) => Item::map([("branches", strings(names)?)]),
        None => Item::map::<&str>([]),
    })
}

fn jobs(jobs: &BTreeMap<String, Leaf<Job>>) -> Result<Item, NotKnown> {
    let mut entries = Vec::new();
    for (id, it) in jobs {
        if let Some(it) = known(it)? {
            entries.push((id.as_str(), job(it)?));
        }
    }
    Ok(Item::map(entries))
}

fn job(job: &Job) -> Result<Item, NotKnown> {
    let mut entries = Vec::new();
    if let Some(Set(needs)) = known(&job.needs)?
        && !needs.is_empty()
    {
        entries.push(("needs", strings(needs)?));
    }
    entries.push(("runs-on", Item::string(RUNNER)));
    let read = Item::string("read").beside("to check the repository out");
    entries.push(("permissions", Item::map([("contents", read)])));
    let mut steps = vec![Item::map([
        ("uses", Item::string(CHECKOUT).beside(CHECKOUT_VERSION)),
        ("with", Item::map([("persist-credentials", Item::from(false))])),
    ])];
    if let Some(run) = known(&job.run)? {
        steps.push(Item::map([
            ("shell", Item::string("bash")),
            ("run", Item::string(run.as_str())),
        ]));
    }
    entries.push(("steps", Item::list(steps)));
    Ok(Item::map(entries))
}

fn strings(names: &[Leaf<String>]) -> Result<Item, NotKnown> {
    let names = names.iter().filter_map(|it| known(it).transpose());
    let names = names.map(|it| Ok(Item::string(it?.as_str()))).collect::<Result<Vec<_>, _>>()?;
    Ok(Item::list(names))
}

/// What is there, if it is known whether and what.
fn known<T>(leaf: &Leaf<T>) -> Result<Option<&T>, NotKnown> {
    match leaf {
        Leaf::Known(it) => Ok(Some(it)),
        Leaf::Null => Ok(None),
        Leaf::Unknown(_) => Err(NotKnown),
    }
}
