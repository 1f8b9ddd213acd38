//! A workflow as a pipeline.

use std::collections::BTreeMap;

use stanchion_cty::Path;
use stanchion_cty::schema::{Leaf, Set};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, parse};

use super::{Branches, FOLDER, Job, Pipeline, Triggers, address};
use crate::unmanaged::unmanaged;
use crate::{Found, Held, Observed, Tree};

pub(super) fn observe(prior: Option<&Pipeline>, found: &Found) -> Observed<Pipeline> {
    let Some(node) = found.node().filter(|it| matches!(it.data, Data::Map(_))) else {
        return unreadable(prior, found);
    };
    let mut pipeline = Pipeline {
        name: name(prior, found, Some(&node)),
        triggers: triggers(prior.map(|it| &it.triggers), node.get("on")),
        jobs: jobs(prior.map(|it| &it.jobs), node.get("jobs")),
        held: Held::default(),
    };
    let rendered = super::render::render(&pipeline);
    let ours = rendered.text().into_known().and_then(|it| parse(&it, Dialect::Core).ok());
    let unmanaged = ours.map(|ours| unmanaged(&node, &ours)).unwrap_or_default();
    pipeline.held = held(prior, found, &rendered, unmanaged);
    let only_configured = stages(prior, &pipeline);
    Observed { document: pipeline, only_configured }
}

/// A text that is no workflow: nothing of it can be held, and the next apply writes it anew.
fn unreadable(prior: Option<&Pipeline>, found: &Found) -> Observed<Pipeline> {
    let line = found.text.lines().next().unwrap_or_default();
    let unmanaged = BTreeMap::from([(".".to_owned(), format!("# not a workflow: {line:?}"))]);
    let pipeline = Pipeline {
        name: name(prior, found, None),
        triggers: Leaf::Null,
        jobs: Leaf::Null,
        held: Held::default(),
    };
    let rendered = super::render::render(&pipeline);
    let held = held(prior, found, &rendered, unmanaged);
    Observed { document: Pipeline { held, ..pipeline }, only_configured: Vec::new() }
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
    rendered: &Tree,
    unmanaged: BTreeMap<String, String>,
) -> Held {
    let sha256 = found.sha256();
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

fn triggers(prior: Option<&Leaf<Triggers>>, on: Option<&Node>) -> Leaf<Triggers> {
    let Some(on) = on else { return Leaf::Null };
    let prior = prior.and_then(Leaf::known);
    let branches = |event: &str, prior: Option<&Leaf<Branches>>| {
        let is_named = |it: &Node| it.as_str() == Some(event);
        if is_named(on) || on.items().iter().any(is_named) {
            return Leaf::Known(Branches::default());
        }
        match on.get(event) {
            None => Leaf::Null,
            Some(filter) => {
                let prior = prior.and_then(Leaf::known).map(|it| &it.branches);
                Leaf::Known(Branches { branches: strings(prior, filter.get("branches")) })
            }
        }
    };
    let schedule = match on.get("schedule") {
        None => Leaf::Null,
        Some(times) => {
            let times = times.items().iter().filter_map(|it| text(it.get("cron")?));
            Leaf::Known(times.map(Leaf::from).collect())
        }
    };
    Leaf::Known(Triggers {
        push: branches("push", prior.map(|it| &it.push)),
        pull_request: branches("pull_request", prior.map(|it| &it.pull_request)),
        schedule,
    })
}

fn jobs(
    prior: Option<&Leaf<BTreeMap<String, Leaf<Job>>>>,
    jobs: Option<&Node>,
) -> Leaf<BTreeMap<String, Leaf<Job>>> {
    let Some(jobs) = jobs else { return Leaf::Null };
    let prior = prior.and_then(Leaf::known);
    let observed = jobs.entries().iter().map(|it| {
        let id = it.key.to_string();
        let prior = prior.and_then(|prior| prior.get(&id)).and_then(Leaf::known);
        (id, Leaf::Known(job(prior, &it.value)))
    });
    Leaf::Known(observed.collect())
}

fn job(prior: Option<&Job>, job: &Node) -> Job {
    let run = job.get("steps").and_then(|steps| steps.items().iter().find_map(|it| it.get("run")));
    Job {
        stage: prior.map(|it| it.stage.clone()).unwrap_or_default(),
        needs: needs(prior.map(|it| &it.needs), job.get("needs")),
        run: run.and_then(text).map(Leaf::from).unwrap_or_default(),
    }
}

fn needs(prior: Option<&Leaf<Set<Leaf<String>>>>, needs: Option<&Node>) -> Leaf<Set<Leaf<String>>> {
    let ids: Vec<Leaf<String>> = match needs {
        None => Vec::new(),
        Some(one) if text(one).is_some() => text(one).map(Leaf::from).into_iter().collect(),
        Some(all) => all.items().iter().filter_map(text).map(Leaf::from).collect(),
    };
    match prior {
        Some(Leaf::Known(Set(prior)))
            if prior.len() == ids.len() && prior.iter().all(|it| ids.contains(it)) =>
        {
            Leaf::Known(Set(prior.clone()))
        }
        _ if ids.is_empty() => Leaf::Null,
        _ => Leaf::Known(Set(ids)),
    }
}

fn strings(
    prior: Option<&Leaf<Vec<Leaf<String>>>>,
    list: Option<&Node>,
) -> Leaf<Vec<Leaf<String>>> {
    match (prior, list) {
        (Some(Leaf::Known(prior)), None) if prior.is_empty() => Leaf::Known(Vec::new()),
        (_, None) => Leaf::Null,
        (_, Some(list)) => {
            Leaf::Known(list.items().iter().filter_map(text).map(Leaf::from).collect())
        }
    }
}

/// The text of a scalar, as GitHub takes it: `run: true` is the script `true`.
fn text(node: &Node) -> Option<&str> {
    match &node.data {
        Data::String(it) => Some(it),
        Data::Bool(true) => Some("true"),
        Data::Bool(false) => Some("false"),
        Data::Number { text, .. } => Some(text),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Tagged { .. } => None,
    }
}

/// The stages, which the workflow has no place for, where no prior told them.
fn stages(prior: Option<&Pipeline>, pipeline: &Pipeline) -> Vec<Path> {
    if prior.is_some() {
        return Vec::new();
    }
    let jobs = pipeline.jobs.known().into_iter().flatten();
    jobs.map(|(id, _)| Path::root().attribute("jobs").key(id.as_str()).attribute("stage")).collect()
}
