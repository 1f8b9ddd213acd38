//! A repository as GitHub holds it: commits with a workflow in them, environments with secrets, and the
//! programs that a runner finds on its PATH.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::event::Event;
use super::run::{Run, run};

/// What is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    OfTheRun,
    OfTheJob,
}

/// A repository, its environments and its runners.
pub(crate) struct Repository {
    folder: TempDir,
    workflow: String,
    commits: Vec<String>,
    secrets: BTreeMap<String, BTreeMap<String, String>>,
    variables: BTreeMap<String, String>,
    cancellation: Option<(Ending, String, String)>,
    runs: Cell<usize>,
}

impl Repository {
    /// A repository with one commit, which has the workflow.
    pub(crate) fn new(workflow: &str) -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
            workflow: workflow.to_owned(),
            commits: Vec::new(),
            secrets: BTreeMap::new(),
            variables: BTreeMap::new(),
            cancellation: None,
            runs: Cell::new(0),
        };
        for folder in ["origin", "shims", "tools"] {
            fs::create_dir(repository.path(folder)).unwrap();
        }
        repository.git(&["init", "-q", "-b", "main"]);
        repository.committed(&[(".github/workflows/tested.yml", workflow)])
    }

    /// With one more commit of these files.
    pub(crate) fn committed(mut self, files: &[(&str, &str)]) -> Self {
        for (name, text) in files {
            let path = self.path("origin").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "-qm", "a change", "--allow-empty"]);
        self.commits.push(self.git(&["rev-parse", "HEAD"]));
        self
    }

    /// With one more commit, in which a file is gone.
    pub(crate) fn without(self, file: &str) -> Self {
        fs::remove_file(self.origin().join(file)).unwrap();
        self.committed(&[])
    }

    /// With an environment that holds a secret.
    pub(crate) fn holding(mut self, environment: &str, name: &str, secret: &str) -> Self {
        let held = self.secrets.entry(environment.to_owned()).or_default();
        held.insert(name.to_owned(), secret.to_owned());
        self
    }

    /// With a variable of the repository.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With a program that stands before all others on the runners' PATH.
    pub(crate) fn with_program(self, name: &str, script: &str) -> Self {
        write_program(&self.shims().join(name), script);
        self
    }

    /// With a program that an action gets, which tells where it is.
    pub(crate) fn with_tool(self, name: &str, script: &str) -> Self {
        write_program(&self.tools().join(name), script);
        self
    }

    /// Whose runs a person cancels once that job has printed that text.
    pub(crate) fn cancelled_once(mut self, job: &str, said: &str) -> Self {
        self.cancellation = Some((Ending::OfTheRun, job.to_owned(), said.to_owned()));
        self
    }

    /// In whose runs that job takes longer than it may, once it has printed that text. GitHub cancels
    /// it then, and the run goes on.
    pub(crate) fn too_slow_once(mut self, job: &str, said: &str) -> Self {
        self.cancellation = Some((Ending::OfTheJob, job.to_owned(), said.to_owned()));
        self
    }

    /// What became of a run for an event, which must start the workflow.
    pub(crate) fn run(&self, event: &Event) -> Run {
        run(self, event).unwrap_or_else(|| panic!("{event:?} starts no run"))
    }

    /// Whether an event starts a run, which it then does.
    pub(crate) fn starts(&self, event: &Event) -> bool {
        run(self, event).is_some()
    }

    /// The push of the last commit to a branch.
    pub(crate) fn push(&self, branch: &str) -> Event {
        Event::push(branch, self.before())
    }

    /// The commit before the last one; 40 zeros where there is none.
    pub(crate) fn before(&self) -> &str {
        let zeros = "0000000000000000000000000000000000000000";
        self.commits.iter().nth_back(1).map_or(zeros, String::as_str)
    }

    /// The last commit.
    pub(crate) fn commit(&self) -> &str {
        self.commits.last().unwrap()
    }

    pub(crate) fn workflow(&self) -> &str {
        &self.workflow
    }

    pub(crate) fn origin(&self) -> PathBuf {
        self.path("origin")
    }

    pub(crate) fn shims(&self) -> PathBuf {
        self.path("shims")
    }

    pub(crate) fn tools(&self) -> PathBuf {
        self.path("tools")
    }

    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The secrets of an environment. What the repository itself holds is not emulated, so that a
    /// secret is in no job without an environment.
    pub(crate) fn secrets(&self, environment: &str) -> BTreeMap<String, String> {
        self.secrets.get(environment).cloned().unwrap_or_default()
    }

    /// What is cancelled, and the text in a job's log at which it is.
    pub(crate) fn cancellation(&self, job: &str) -> Option<(Ending, &str)> {
        let (ending, of, said) = self.cancellation.as_ref()?;
        (of == job).then_some((*ending, said))
    }

    pub(crate) fn folder_of_a_run(&self) -> PathBuf {
        self.runs.set(self.runs.get() + 1);
        let folder = self.path(&format!("run-{}", self.runs.get()));
        fs::create_dir(&folder).unwrap();
        folder
    }

    /// The context `github`, but for what differs from job to job.
    pub(crate) fn github(&self, event: &Event, workflow: &str) -> Value {
        let mut payload = event.payload.clone();
        payload["repository"] =
            json!({"name": "service", "full_name": "acme/service", "default_branch": "main"});
        if event.name == "workflow_dispatch" {
            payload["inputs"] = json!(event.inputs);
        }
        let (base, token) = (event.base_ref(), ["ghs", "0123456789"].join("_"));
        json!({
            "event_name": event.name,
            "event": payload,
            "ref": event.reference,
            "ref_name": event.ref_name(),
            "ref_type": if event.reference.starts_with("refs/tags/") { "tag" } else { "branch" },
            "base_ref": if event.name == "pull_request" { base.as_str() } else { "" },
            "head_ref": event.payload["pull_request"]["head"]["ref"].as_str().unwrap_or_default(),
            "sha": self.commit(),
            "repository": "acme/service",
            "repository_owner": "acme",
            "actor": "someone",
            "triggering_actor": "someone",
            "workflow": workflow,
            "workflow_ref": format!("acme/service/.github/workflows/tested.yml@{}", event.reference),
            "run_id": self.runs.get().to_string(),
            "run_number": self.runs.get().to_string(),
            "run_attempt": "1",
            "server_url": "https://github.com",
            "api_url": "https://api.github.com",
            "graphql_url": "https://api.github.com/graphql",
            "token": token,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, words: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(words);
        let output = git.current_dir(self.origin()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

/// Writes a script of bash that can be run.
pub(crate) fn write_program(file: &Path, script: &str) {
    fs::write(file, format!("#!/usr/bin/env bash\nset -euo pipefail\n{script}\n")).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}
