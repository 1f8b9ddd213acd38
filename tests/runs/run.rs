//! A run of a workflow: its jobs in the order of what they need, each judged by its condition.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::event::Event;
use super::expressions::{Status, evaluated, holds, read, text};
use super::job::Leg;
use super::matrix::{called, combinations};
use super::repository::Repository;

/// How a job or a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Failure,
    Cancelled,
    Skipped,
}

/// What became of a job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) result: Outcome,
    pub(crate) outputs: BTreeMap<String, String>,
    /// All that its steps printed, and what the emulated actions say of themselves.
    pub(crate) log: String,
    /// What its steps wrote into the summary of the run.
    pub(crate) summary: String,
    /// The names of its runs, of which a matrix makes several, with how each ended.
    pub(crate) legs: Vec<(String, Outcome)>,
    /// Where the environment of a deployment is to be seen, as it was told at the end.
    pub(crate) url: String,
}

/// What became of a run.
pub(crate) struct Run {
    pub(crate) jobs: BTreeMap<String, Job>,
}

/// What all jobs of a run share.
pub(crate) struct Shared<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) workflow: &'a Value,
    /// The contexts that are the same everywhere: `github`, `vars`, `inputs`.
    pub(crate) contexts: Value,
    /// Where the folders of the jobs, the artifacts and the event's file are.
    pub(crate) folder: PathBuf,
    pub(crate) is_cancelled: Cell<bool>,
}

/// The keys of a workflow, and of a job, whose meaning is known here.
const WORKFLOW_KEYS: &[&str] =
    &["name", "run-name", "on", "permissions", "concurrency", "defaults", "env", "jobs"];
const JOB_KEYS: &[&str] = &[
    "name",
    "needs",
    "if",
    "strategy",
    "runs-on",
    "permissions",
    "timeout-minutes",
    "environment",
    "concurrency",
    "defaults",
    "env",
    "outputs",
    "steps",
];

/// Runs a workflow for an event; nothing where the event doesn't start it.
pub(crate) fn run(repository: &Repository, event: &Event) -> Option<Run> {
    let workflow = read(repository.workflow());
    only(&workflow, WORKFLOW_KEYS);
    let on = &workflow["on"];
    if !event.starts(on) {
        return None;
    }
    let inputs = event.typed_inputs(on);
    let folder = repository.folder_of_a_run();
    let contexts = json!({
        "github": repository.github(event, &text(&workflow["name"])),
        "vars": repository.variables(),
        "inputs": inputs,
    });
    let shared = Shared {
        repository,
        workflow: &workflow,
        contexts,
        folder,
        is_cancelled: Cell::new(false),
    };
    Some(shared.run())
}

/// Fails the test where a map has a key whose meaning is not known here.
pub(crate) fn only(map: &Value, known: &[&str]) {
    let keys = map.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    let unknown: Vec<_> = keys.filter(|it| !known.contains(it)).collect();
    assert!(unknown.is_empty(), "the interpreter does not know {unknown:?} of {map:#}");
}

impl Shared<'_> {
    fn run(&self) -> Run {
        let all = self.workflow["jobs"].as_object().unwrap();
        let mut done: BTreeMap<String, Job> = BTreeMap::new();
        // Those whose needs were done when the run was cancelled: they were running, or in the queue.
        let mut queued = BTreeSet::new();
        while done.len() < all.len() {
            let is_ready = |id: &str| needs(&all[id]).iter().all(|it| done.contains_key(it));
            let open = all.keys().filter(|it| !done.contains_key(*it));
            let ready: Vec<_> = open.filter(|id| is_ready(id)).cloned().collect();
            assert!(!ready.is_empty(), "jobs need each other: {:?}", all.keys());
            let id = &ready[0];
            let before = self.is_cancelled.get();
            let job = self.job(id, &all[id], all, &done, queued.contains(id));
            done.insert(id.clone(), job);
            if self.is_cancelled.get() && !before {
                queued.extend(ready);
            }
        }
        Run { jobs: done }
    }

    fn job(
        &self,
        id: &str,
        job: &Value,
        all: &Map<String, Value>,
        done: &BTreeMap<String, Job>,
        is_queued: bool,
    ) -> Job {
        only(job, JOB_KEYS);
        let needed: Map<String, Value> = needs(job)
            .into_iter()
            .map(|it| {
                let Job { result, outputs, .. } = &done[&it];
                let told = json!({"result": result.to_string(), "outputs": outputs});
                (it, told)
            })
            .collect();
        let mut contexts = self.contexts.clone();
        contexts["needs"] = Value::Object(needed);
        let ancestors = ancestors(id, all);
        let results: Vec<_> = ancestors.iter().map(|it| done[it].result).collect();
        let holds = || {
            let is_cancelled = self.is_cancelled.get();
            let success = results.iter().all(|it| *it == Outcome::Success) && !is_cancelled;
            let failure = results.contains(&Outcome::Failure);
            holds(&job["if"], &contexts, Status { success, failure, cancelled: is_cancelled })
        };
        if !holds() {
            let was_in_the_queue = is_queued && self.is_cancelled.get();
            return Job::without_steps(id, was_in_the_queue);
        }
        let strategy = evaluated(&job["strategy"], &contexts);
        only(&strategy, &["matrix", "fail-fast", "max-parallel"]);
        let combinations = combinations(&strategy["matrix"]);
        let total = combinations.len();
        let is_fast = strategy["fail-fast"] != false;
        let mut finished = Job::without_steps(id, false);
        finished.legs.clear();
        for (index, combination) in combinations.into_iter().enumerate() {
            let name = called(id, &combination);
            let has_failed = finished.legs.iter().any(|(_, it)| *it == Outcome::Failure);
            let was_cancelled = self.is_cancelled.get() && !holds();
            if (is_fast && has_failed) || was_cancelled {
                finished.legs.push((name, Outcome::Cancelled));
                continue;
            }
            let mut contexts = contexts.clone();
            contexts["strategy"] =
                json!({"fail-fast": is_fast, "job-index": index, "job-total": total});
            contexts["matrix"] = Value::Object(combination);
            let leg = Leg::new(self, id, job, &name, contexts, &holds).run();
            finished.legs.push((name, leg.result));
            finished.log += &leg.log;
            finished.summary += &leg.summary;
            finished.url = leg.url;
            finished.outputs.extend(leg.outputs.into_iter().filter(|(_, it)| !it.is_empty()));
        }
        let outcomes: Vec<_> = finished.legs.iter().map(|(_, it)| *it).collect();
        let worst = [Outcome::Failure, Outcome::Cancelled];
        let worst = worst.into_iter().find(|it| outcomes.contains(it));
        finished.result = worst.unwrap_or(Outcome::Success);
        finished
    }
}

/// The jobs that a job names in `needs`.
fn needs(job: &Value) -> Vec<String> {
    match &job["needs"] {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

/// All jobs that a job waits for, whatever is between. The status functions of a job look at all of
/// them: one that was skipped, however far back, is no success.
fn ancestors(id: &str, all: &Map<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = needs(&all[id]);
    while let Some(it) = open.pop() {
        if found.insert(it.clone()) {
            open.extend(needs(&all[&it]));
        }
    }
    found
}

impl Job {
    /// A job of which no step was run.
    fn without_steps(id: &str, was_in_the_queue: bool) -> Self {
        let result = if was_in_the_queue { Outcome::Cancelled } else { Outcome::Skipped };
        Self {
            result,
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
            legs: vec![(id.to_owned(), result)],
            url: String::new(),
        }
    }
}

impl Run {
    /// What a job came to.
    pub(crate) fn result(&self, job: &str) -> Outcome {
        self.job(job).result
    }

    /// All that a job printed.
    pub(crate) fn log(&self, job: &str) -> &str {
        &self.job(job).log
    }

    fn job(&self, id: &str) -> &Job {
        self.jobs.get(id).unwrap_or_else(|| panic!("there is no job {id}: {self}"))
    }
}

impl Outcome {
    /// What a result in an expression is called.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, job) in &self.jobs {
            writeln!(f, "{id}: {}\n{}", job.result, job.log)?;
        }
        Ok(())
    }
}
