//! A pipeline as a workflow.

use std::collections::{BTreeMap, BTreeSet};

use stanchion_cty::schema::Leaf;
use stanchion_cty::yaml::Item;

use super::actions::Pins;
use super::expression::marked;
use super::job::{Draft, Job, Status, is_before_the_gate};
use super::lens::{known, list};
use super::made::Made;
use super::scope::Scope;
use super::{Pipeline, address, changes, delivery, gate, image};
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
    "concurrency",
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
        let asked = delivery::asked(pipeline)?;
        entries.push(("on", image::with_questions(on.item()?, &asked)));
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
    let asked = delivery::asked(pipeline)?;
    let mut drafts = Vec::new();
    let mut before_gate = BTreeSet::new();
    for (id, job) in all {
        let Some(job) = known(job)? else { continue };
        drafts.push((id.clone(), None, job.render(&Scope::of(pipeline, id, job))?));
        if known(&job.stage.stage)?.is_none_or(|it| is_before_the_gate(it)) {
            before_gate.insert(id.clone());
        }
    }
    let made = delivery::made(pipeline)?;
    let mut add = |it: Made| drafts.push((it.title.id, Some(it.title.name), it.draft));
    for it in made.before {
        before_gate.insert(it.title.id.clone());
        add(it);
    }
    made.after.into_iter().for_each(add);
    // Where a person names an earlier image, nothing is built and judged anew.
    let is_new: Vec<String> =
        asked.iter().map(|it| format!("inputs.{} == ''", image::input(it))).collect();
    let is_new = (!is_new.is_empty()).then(|| is_new.join(" && "));
    for (_, _, draft) in drafts.iter_mut().filter(|(id, ..)| before_gate.contains(id)) {
        draft.conditions.extend(is_new.clone());
    }
    let filters: Vec<_> = drafts
        .iter()
        .filter(|(.., it)| !it.filters.is_empty())
        .map(|(id, _, it)| (id.as_str(), it.filters.clone()))
        .collect();
    let may_skip = |it: &Draft| !it.filters.is_empty() || is_new.is_some();
    let skipped: BTreeSet<&str> =
        drafts.iter().filter(|(.., it)| may_skip(it)).map(|(id, ..)| id.as_str()).collect();
    let needs: Needs<'_> = drafts
        .iter()
        .map(|(id, _, it)| (id.as_str(), it.needs.iter().map(String::as_str).collect()))
        .chain([(gate::ID, before_gate.iter().map(String::as_str).collect())])
        .collect();
    let mut entries = Vec::new();
    let mut results = Vec::new();
    if !filters.is_empty() {
        let changes = changes::item(name, &filters, is_new.as_deref(), pins)?;
        entries.push((changes::ID.to_owned(), changes));
        results.push((changes::ID, false));
    }
    results.extend(before_gate.iter().map(|id| {
        let (_, _, draft) =
            &drafts[drafts.iter().position(|(it, ..)| it == id).unwrap_or_default()];
        (id.as_str(), !draft.filters.is_empty())
    }));
    let earlier: Vec<String> =
        asked.iter().map(|it| format!("inputs.{}", image::input(it))).collect();
    let gate = gate::item(name, &results, &earlier.join(" || "));
    let after_skipped: Vec<bool> =
        drafts.iter().map(|(id, ..)| follows(id, &needs, &skipped)).collect();
    for ((id, title, draft), after_skipped) in drafts.into_iter().zip(after_skipped) {
        entries.push((id, finished(title, draft, after_skipped, pins)?));
    }
    entries.push((gate::ID.to_owned(), gate));
    Ok(Item::map(entries))
}

type Needs<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Whether a job comes after one that may be skipped. GitHub would skip it too, however far behind
/// it is, unless it says otherwise.
fn follows(id: &str, needs: &Needs<'_>, skipped: &BTreeSet<&str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(it) = open.pop() {
        for needed in needs.get(it).into_iter().flatten() {
            if skipped.contains(needed) {
                return true;
            }
            if seen.insert(*needed) {
                open.push(needed);
            }
        }
    }
    false
}

fn finished(
    title: Option<String>,
    draft: Draft,
    after_skipped: bool,
    pins: Pins<'_>,
) -> Result<Item, NotKnown> {
    let mut conditions = draft.conditions;
    match draft.status {
        Status::Always => conditions.insert(0, "always()".to_owned()),
        Status::Good if !after_skipped => {}
        // A job that takes longer than it may is cancelled, which is no failure.
        Status::Good => conditions.insert(
            0,
            "!cancelled() && !failure() && !contains(needs.*.result, 'cancelled')".to_owned(),
        ),
        Status::NoFailure => conditions.insert(0, "!cancelled() && !failure()".to_owned()),
    }
    let mut keys = draft.keys;
    keys.extend(title.map(|it| ("name", Item::string(it))));
    if !draft.needs.is_empty() {
        keys.push(("needs", list(&draft.needs)));
    }
    if !conditions.is_empty() {
        keys.push(("if", Item::string(marked(&conditions.join(" && ")))));
    }
    let files = if draft.has_no_files { Vec::new() } else { vec![checkout(pins, false)?] };
    let steps = [files, draft.before, draft.work, draft.after].concat();
    keys.push(("runs-on", Item::string(RUNNER)));
    keys.push(("steps", Item::list(steps)));
    keys.sort_by_key(|(key, _)| KEYS.iter().position(|it| it == key));
    Ok(Item::map(keys))
}
