//! A pipeline as a workflow.

use std::collections::{BTreeMap, BTreeSet};

use stanchion_cty::schema::Leaf;
use stanchion_cty::yaml::Item;

use super::actions::Pins;
use super::expression::marked;
use super::job::{Draft, Job, is_before_the_gate};
use super::lens::{known, list};
use super::scope::Scope;
use super::{Pipeline, address, changes, gate};
use crate::{NotKnown, Tree};

/// The runner: a fixed release of the image, since `ubuntu-latest` moves.
pub(super) const RUNNER: &str = "ubuntu-24.04";

/// The action that gets the repository's files.
pub(super) const CHECKOUT: &str = "actions/checkout";

/// What stands above the workflow.
const HEAD: &str =
    "Written by Terraform: a change made here by hand shows as drift in the next plan.";

/// The keys of a job, in the order in which they are written.
const KEYS: &[&str] = &[
    "name",
    "needs",
    "if",
    "strategy",
    "runs-on",
    "permissions",
    "timeout-minutes",
    "environment",
    "outputs",
    "env",
    "services",
    "steps",
];

pub(super) fn render(pipeline: &Pipeline) -> Tree {
    Tree {
        address: pipeline.name.as_ref().map(|name| address(name)),
        content: match workflow(pipeline) {
            Ok(item) => Leaf::Known(item),
            Err(NotKnown) => Leaf::unknown(),
        },
    }
}

/// The step that gets the repository's files and leaves no credentials behind.
pub(super) fn checkout(pins: Pins<'_>, with_history: bool) -> Result<Item, NotKnown> {
    let mut with = Vec::new();
    if with_history {
        with.push(("fetch-depth", Item::from(stanchion_cty::Number::from(0))));
    }
    with.push(("persist-credentials", Item::from(false)));
    Ok(Item::map([("uses", pins.uses(CHECKOUT)?), ("with", Item::map(with))]))
}

fn workflow(pipeline: &Pipeline) -> Result<Item, NotKnown> {
    let mut entries = Vec::new();
    if let Some(name) = known(&pipeline.name)? {
        entries.push(("name", Item::string(name.as_str()).above(HEAD)));
    }
    if let Some(on) = known(&pipeline.triggers)? {
        entries.push(("on", on.item()?));
    }
    entries.push(("permissions", Item::map::<&str>([])));
    let concurrency = known(&pipeline.concurrency)?.cloned().unwrap_or_default();
    entries.push(("concurrency", concurrency.item()?));
    let bash = Item::map([("run", Item::map([("shell", Item::string("bash"))]))]);
    entries.push(("defaults", bash));
    if let Some(all) = known(&pipeline.jobs)? {
        entries.push(("jobs", jobs(pipeline, all)?));
    }
    Ok(Item::map(entries))
}

fn jobs(pipeline: &Pipeline, all: &BTreeMap<String, Leaf<Job>>) -> Result<Item, NotKnown> {
    let pins = Pins(&pipeline.action_pins);
    let name = known(&pipeline.name)?.map(String::as_str).unwrap_or_default();
    let mut drafts = BTreeMap::new();
    let mut before_gate = Vec::new();
    for (id, job) in all {
        let Some(job) = known(job)? else { continue };
        let cx = Scope::of(pipeline, id, job);
        let draft = job.render(&cx)?;
        if known(&job.stage.stage)?.is_none_or(|it| is_before_the_gate(it)) {
            before_gate.push((id.as_str(), !draft.filters.is_empty()));
        }
        drafts.insert(id.as_str(), draft);
    }
    let filters: Vec<_> = drafts
        .iter()
        .filter(|(_, it)| !it.filters.is_empty())
        .map(|(id, it)| (*id, it.filters.clone()))
        .collect();
    let gated: BTreeSet<&str> = before_gate.iter().map(|(id, _)| *id).collect();
    let after_skipped: BTreeSet<&str> =
        drafts.keys().copied().filter(|id| follows_filtered(id, &drafts, &gated)).collect();
    let mut entries = Vec::new();
    if !filters.is_empty() {
        entries.push((changes::ID, changes::item(name, &filters, pins)?));
        before_gate.insert(0, (changes::ID, false));
    }
    for (id, draft) in drafts {
        entries.push((id, finished(draft, after_skipped.contains(id), pins)?));
    }
    entries.push((gate::ID, gate::item(name, &before_gate)));
    Ok(Item::map(entries))
}

/// Whether a job comes after one that may be skipped. GitHub would skip it too, however far behind
/// it is, unless it says otherwise.
fn follows_filtered(id: &str, drafts: &BTreeMap<&str, Draft>, gated: &BTreeSet<&str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(it) = open.pop() {
        let needs: Vec<&str> = if it == gate::ID {
            gated.iter().copied().collect()
        } else {
            drafts
                .get(it)
                .map(|it| it.needs.iter().map(String::as_str).collect())
                .unwrap_or_default()
        };
        for needed in needs {
            if drafts.get(needed).is_some_and(|it| !it.filters.is_empty()) {
                return true;
            }
            if seen.insert(needed) {
                open.push(needed);
            }
        }
    }
    false
}

fn finished(draft: Draft, after_skipped: bool, pins: Pins<'_>) -> Result<Item, NotKnown> {
    let mut conditions = draft.conditions;
    if after_skipped {
        conditions.insert(0, "!cancelled() && !failure()".to_owned());
    }
    let mut keys = draft.keys;
    if !draft.needs.is_empty() {
        keys.push(("needs", list(&draft.needs)));
    }
    if !conditions.is_empty() {
        keys.push(("if", Item::string(marked(&conditions.join(" && ")))));
    }
    let steps = [vec![checkout(pins, false)?], draft.before, draft.work, draft.after].concat();
    keys.push(("runs-on", Item::string(RUNNER)));
    keys.push(("steps", Item::list(steps)));
    keys.sort_by_key(|(key, _)| KEYS.iter().position(|it| it == key));
    Ok(Item::map(keys))
}
