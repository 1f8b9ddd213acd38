//! A workflow as a pipeline.

use std::collections::{BTreeMap, VecDeque};

use stanchion_cty::Path;
use stanchion_cty::schema::Leaf;
use stanchion_cty::spanned::{Data, Node};

use super::actions::{Pins, found_pins};
use super::concurrency::Concurrency;
use super::delivered::{self, FoundJobs};
use super::job::{Job, Matrix, Remains};
use super::scope::Scope;
use super::trigger::Triggers;
use super::workflow::CHECKOUT;
use super::{FOLDER, Pipeline, address, budget, changes, deployment, gate, image};
use crate::normal::digest;
use crate::unmanaged::unmanaged;
use crate::workflow::readable;
use crate::{Document, Found, Held, Observed, Tree};

pub(super) fn observe(prior: Option<&Pipeline>, found: &Found) -> Observed<Pipeline> {
    if let Some(document) = prior.and_then(|prior| untouched(prior, found)) {
        return Observed { document, only_configured: Vec::new() };
    }
    let Some(node) = found.node().filter(|it| matches!(it.data, Data::Map(_))) else {
        return unreadable(prior, found);
    };
    let sha256 = digest(&node);
    let node = readable(&node);
    let mut pipeline = around(prior, found, Some(&node));
    let made = FoundJobs::of(prior, &node);
    let triggers = node.get("on").map(|on| {
        let on = image::without_questions(on, &made.asked());
        Triggers::read(prior.and_then(|it| it.triggers.known()), &on)
    });
    pipeline.triggers = triggers.map_or(Leaf::Null, Leaf::Known);
    pipeline.concurrency = concurrency(prior.map(|it| &it.concurrency), node.get("concurrency"));
    delivered::read(prior, &mut pipeline, &made);
    pipeline.jobs = jobs(prior, &pipeline, found, &node, &made);
    let rendered = super::workflow::render(&pipeline);
    let ours = rendered.node().into_known();
    let unmanaged = ours.map(|ours| unmanaged(&node, &readable(&ours))).unwrap_or_default();
    pipeline.held = held(prior, found, sha256, &rendered, unmanaged);
    pipeline.complete();
    // A prior holds what a configuration has said.
    let only_configured = if prior.is_some() { Vec::new() } else { only_configured(&pipeline) };
    Observed { document: pipeline, only_configured }
}

/// The prior where the text is to the letter what it renders, as nearly always: nothing needs to be read.
fn untouched(prior: &Pipeline, found: &Found) -> Option<Pipeline> {
    let rendered = super::workflow::render(prior);
    if rendered.address.known() != Some(&found.address)
        || rendered.text().known() != Some(&found.text)
    {
        return None;
    }
    let held = Held {
        path: rendered.address.clone(),
        content: found.text.as_str().into(),
        sha256: rendered.sha256(),
        unmanaged: BTreeMap::new().into(),
    };
    let mut pipeline = Pipeline { held, ..prior.clone() };
    pipeline.complete();
    Some(pipeline)
}

/// A text that is no workflow: nothing of it can be held, and the next apply writes it anew.
fn unreadable(prior: Option<&Pipeline>, found: &Found) -> Observed<Pipeline> {
    let line = found.text.lines().next().unwrap_or_default();
    let unmanaged = BTreeMap::from([(".".to_owned(), format!("# not a workflow: {line:?}"))]);
    let mut pipeline = around(prior, found, None);
    let rendered = super::workflow::render(&pipeline);
    pipeline.held = held(prior, found, found.sha256(), &rendered, unmanaged);
    pipeline.complete();
    Observed { document: pipeline, only_configured: Vec::new() }
}

/// What the workflow has no place for, or what decides where it is.
fn around(prior: Option<&Pipeline>, found: &Found, node: Option<&Node>) -> Pipeline {
    let budget = || Leaf::Known(budget::DEFAULT.to_owned());
    let timeout = || Leaf::Known(deployment::TIMEOUT.to_owned());
    Pipeline {
        name: name(prior, found, node),
        // What nothing in the workflow depends on stays; what is found there takes its place.
        images: Leaf::Null,
        environments: prior.map(|it| it.environments.clone()).unwrap_or_default(),
        oidc: prior.map(|it| it.oidc.clone()).unwrap_or_default(),
        deploy_timeout: prior.map_or_else(timeout, |it| it.deploy_timeout.clone()),
        time_budget: prior.map_or_else(budget, |it| it.time_budget.clone()),
        action_pins: prior.map_or_else(|| found_pins(&found.text), |it| it.action_pins.clone()),
        ..Pipeline::default()
    }
}

/// The name decides where the document is, so it is the prior one; another name in the file is
/// drift of the file. Without a prior it is the file's, if that belongs where the file is.
fn name(prior: Option<&Pipeline>, found: &Found, node: Option<&Node>) -> Leaf<String> {
    if let Some(prior) = prior {
        return prior.name.clone();
    }
    let said = node.and_then(|it| it.get("name")).and_then(Node::as_str);
    let stem = found.address.strip_prefix(FOLDER).map(|it| it.trim_start_matches('/'));
    let stem = stem.unwrap_or(&found.address);
    let stem = stem.strip_suffix(".yml").or_else(|| stem.strip_suffix(".yaml")).unwrap_or(stem);
    match said {
        Some(name) if address(name) == found.address => name.into(),
        _ => stem.into(),
    }
}

/// What stands there. A text that says what the model would write is given as the prior has it, so
/// that a comment or other quoting is no drift.
fn held(
    prior: Option<&Pipeline>,
    found: &Found,
    sha256: String,
    rendered: &Tree,
    unmanaged: BTreeMap<String, String>,
) -> Held {
    let is_ours = unmanaged.is_empty() && rendered.sha256().known() == Some(&sha256);
    let before = prior.map(|it| &it.held).filter(|it| it.sha256.known() == Some(&sha256));
    let content = match before {
        Some(before) if is_ours => before.content.clone(),
        _ => found.text.as_str().into(),
    };
    Held {
        path: found.address.as_str().into(),
        content,
        sha256: sha256.into(),
        unmanaged: unmanaged.into(),
    }
}

/// Nothing said is the same as the default, and is what an import gives for it.
fn concurrency(prior: Option<&Leaf<Concurrency>>, found: Option<&Node>) -> Leaf<Concurrency> {
    let read = found.map(Concurrency::read).unwrap_or_default();
    let said = |it: &Leaf<Concurrency>| it.known().cloned().unwrap_or_default().item();
    let same = |it: &Leaf<Concurrency>| said(it) == read.item();
    match prior {
        Some(prior) if same(prior) => prior.clone(),
        _ if same(&Leaf::Null) => Leaf::Null,
        _ => Leaf::Known(read),
    }
}

fn jobs(
    prior: Option<&Pipeline>,
    around: &Pipeline,
    found: &Found,
    node: &Node,
    made: &FoundJobs<'_>,
) -> Leaf<BTreeMap<String, Leaf<Job>>> {
    let Some(jobs) = node.get("jobs") else { return Leaf::Null };
    let before = prior.and_then(|it| it.jobs.known());
    let pins = Pins(&around.action_pins);
    let changes = jobs.get(changes::ID);
    let keeps = around.triggers.known().is_none_or(|it| !it.are_tags());
    let mut read = BTreeMap::new();
    for entry in jobs.entries() {
        let id = &*entry.key;
        if id == gate::ID || id == changes::ID || made.has(id) {
            continue;
        }
        let matrix = entry.value.get("strategy").and_then(|it| it.get("matrix"));
        let cx = Scope { keeps, matrix: Matrix::found_keys(matrix), ..Scope::unjudged(id, pins) };
        let steps = entry.value.get("steps").map(Node::items).unwrap_or_default();
        let mut remains = Remains {
            node: &entry.value,
            steps: steps.iter().collect::<VecDeque<_>>(),
            filters: changes::filters(changes, id, &found.address),
        };
        remains.take_first(CHECKOUT);
        let prior = before.and_then(|it| it.get(id)).and_then(Leaf::known);
        read.insert(id.to_owned(), Leaf::Known(Job::read(prior, &cx, &mut remains)));
    }
    Leaf::Known(read)
}

/// The fields that only a configuration can hold, and that this one does not.
fn only_configured(pipeline: &Pipeline) -> Vec<Path> {
    let jobs = pipeline.jobs.known().into_iter().flatten();
    let all = jobs.filter_map(|(id, it)| {
        let job = it.known()?;
        Some(job.only_configured(&Scope::of(pipeline, id, job)))
    });
    let images = pipeline.images.known().into_iter().flatten();
    let images =
        images.filter(|(_, it)| it.known().is_some_and(|it| it.expected.expected.is_null()));
    let path = Path::root().attribute("images");
    let expected = images.map(|(key, _)| path.key(key.as_str()).attribute("expected"));
    all.flatten().chain(expected).collect()
}
