//! What an existing workflow of GitHub Actions says, whoever wrote it.
//!
//! The source of what is read is GitHub's page "Workflow syntax for GitHub Actions".

mod check_names;
mod matrix;
mod spelling;

use std::collections::BTreeMap;

use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, parse};

pub(crate) use check_names::check_name;
pub use check_names::{Called, CheckNames, check_names};
pub(crate) use matrix::{MOST, combinations};
pub use spelling::in_one_spelling;
pub(crate) use spelling::readable;

use crate::normal::one_line;

/// A workflow of GitHub Actions.
#[derive(Clone, Debug, PartialEq)]
pub struct Workflow {
    /// What it is called; without a name GitHub shows its path.
    pub name: Option<String>,
    /// The events that start it, each with its filters as one line of YAML, empty where there are none.
    pub triggers: BTreeMap<String, String>,
    /// Its jobs by their ids.
    pub jobs: BTreeMap<String, WorkflowJob>,
    /// The actions, workflows and images that it uses, in the order of the text.
    pub uses: Vec<Uses>,
}

/// A job of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowJob {
    /// The names of the checks that it reports.
    pub check_names: CheckNames,
    /// The ids of the jobs that must have succeeded before.
    pub needs: Vec<String>,
    /// The labels of the runner, or its group.
    pub runs_on: Vec<String>,
    /// The environment that it deploys to.
    pub environment: Option<String>,
    /// The workflow that it calls.
    pub calls: Option<String>,
    /// What its token may do: scope → `read`, `write` or `none`. `*` stands for all scopes.
    pub permissions: BTreeMap<String, String>,
    /// After how many minutes it is ended, as it is written: a number or an expression.
    pub timeout_minutes: Option<String>,
}

/// Something that a workflow uses: `actions/checkout@SHA # v7.0.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uses {
    /// The id of the job.
    pub job: String,
    /// The place of the step in its job, from 0; `None` for a job that is a called workflow.
    pub step: Option<usize>,
    /// What is used, without the reference: `actions/checkout`, `./action`, `docker://alpine`.
    pub action: String,
    /// The reference behind the `@`, or the tag or digest of an image.
    pub reference: Option<String>,
    /// The first word of the comment behind it, which tells the version of a commit.
    pub version: Option<String>,
    /// Whether it can't change: a whole commit's id, an image's digest, or a part of the repository.
    pub is_pinned: bool,
}

/// Why a text is no workflow: a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAWorkflow(pub String);

impl Workflow {
    /// Reads a workflow. `called` gives the text of another workflow of the repository by its path
    /// below the root, as `.github/workflows/build.yml`: one that a job calls tells the names of that
    /// job's checks.
    ///
    /// # Errors
    /// If the text is no YAML or no map with `jobs`.
    pub fn read(text: &str, called: &Called<'_>) -> Result<Self, NotAWorkflow> {
        let node = parse(text, Dialect::Core).map_err(|it| {
            NotAWorkflow(format!(
                "line {}, column {}: {}",
                it.place.line, it.place.column, it.message
            ))
        })?;
        let Some(jobs) = node.get("jobs").filter(|it| matches!(it.data, Data::Map(_))) else {
            return Err(NotAWorkflow("there is no map `jobs` in it".to_owned()));
        };
        let mut uses = Vec::new();
        let mut all = BTreeMap::new();
        for entry in jobs.entries() {
            add_uses(text, &entry.key, &entry.value, &mut uses);
            all.insert(entry.key.to_string(), job(&entry.key, &entry.value, called));
        }
        Ok(Self {
            name: node.get("name").and_then(scalar),
            triggers: node.get("on").map(triggers).unwrap_or_default(),
            jobs: all,
            uses,
        })
    }

    /// The names of all checks that it reports, in the order of the jobs' ids; those aside that only
    /// a run tells.
    #[must_use]
    pub fn check_names(&self) -> Vec<String> {
        let known = self.jobs.values().filter_map(|it| it.check_names.known());
        known.flatten().cloned().collect()
    }
}

fn job(id: &str, node: &Node, called: &Called<'_>) -> WorkflowJob {
    let runs_on = node.get("runs-on");
    let group = runs_on.and_then(|it| it.get("group")).and_then(scalar);
    let labels = runs_on.map(|it| it.get("labels").unwrap_or(it));
    let environment = node.get("environment");
    WorkflowJob {
        check_names: check_names::of_job(id, node, called),
        needs: node.get("needs").map(words).unwrap_or_default(),
        runs_on: group.into_iter().chain(labels.map(words).unwrap_or_default()).collect(),
        environment: environment.and_then(|it| scalar(it.get("name").unwrap_or(it))),
        calls: node.get("uses").and_then(scalar),
        permissions: node.get("permissions").map(permissions).unwrap_or_default(),
        timeout_minutes: node.get("timeout-minutes").and_then(scalar),
    }
}

/// `push`, `[push, pull_request]`, or a map of events and their filters.
fn triggers(on: &Node) -> BTreeMap<String, String> {
    let filters = |node: &Node| match node.data {
        Data::Null => String::new(),
        _ => one_line(node),
    };
    let named = on.entries().iter().map(|it| (it.key.to_string(), filters(&it.value)));
    let bare = match on.data {
        Data::Map(_) => Vec::new(),
        _ => words(on),
    };
    named.chain(bare.into_iter().map(|it| (it, String::new()))).collect()
}

/// `read-all`, or a map of scopes.
fn permissions(node: &Node) -> BTreeMap<String, String> {
    match scalar(node) {
        Some(all) => [("*".to_owned(), all.trim_end_matches("-all").to_owned())].into(),
        None => {
            let each = node.entries().iter();
            each.filter_map(|it| Some((it.key.to_string(), scalar(&it.value)?))).collect()
        }
    }
}

fn add_uses(text: &str, id: &str, job: &Node, out: &mut Vec<Uses>) {
    let steps = job.get("steps").map(Node::items).unwrap_or_default().iter().enumerate();
    let steps = steps.filter_map(|(at, it)| Some((Some(at), it.get("uses")?)));
    for (step, node) in job.get("uses").map(|it| (None, it)).into_iter().chain(steps) {
        let Some(said) = node.as_str() else { continue };
        let is_image = said.starts_with("docker://");
        let (action, reference) = match said.rsplit_once('@') {
            Some((action, reference)) => (action, Some(reference)),
            None => (said, None),
        };
        let is_here = said.starts_with("./");
        let is_pinned = match reference {
            Some(it) if is_image => it.starts_with("sha256:"),
            Some(it) => it.len() == 40 && it.bytes().all(|it| it.is_ascii_hexdigit()),
            None => is_here,
        };
        out.push(Uses {
            job: id.to_owned(),
            step,
            action: action.to_owned(),
            reference: reference.map(str::to_owned),
            version: comment(text, node).and_then(|it| it.split_whitespace().next()).map(version),
            is_pinned,
        });
    }
}

/// The version that a comment's first word tells; some tools write `tag=` before it.
fn version(word: &str) -> String {
    word.trim_start_matches("tag=").to_owned()
}

/// The comment behind a scalar without a `#` in it, on its line.
fn comment<'t>(text: &'t str, node: &Node) -> Option<&'t str> {
    let (before, comment) = text.get(node.span.start..)?.lines().next()?.split_once('#')?;
    before.ends_with([' ', '\t']).then(|| comment.trim())
}

/// One word, or a list of them.
fn words(node: &Node) -> Vec<String> {
    match scalar(node) {
        Some(one) => vec![one],
        None => node.items().iter().filter_map(scalar).collect(),
    }
}

/// A scalar as GitHub takes it: a number is written in its shortest form.
fn scalar(node: &Node) -> Option<String> {
    match &node.data {
        Data::String(it) => Some(it.to_string()),
        Data::Bool(it) => Some(it.to_string()),
        Data::Number { number, .. } => Some(number.to_string()),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Tagged { .. } => None,
    }
}

#[cfg(test)]
mod tests;
