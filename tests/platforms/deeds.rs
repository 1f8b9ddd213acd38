//! The deeds of a platform, run as the steps of a job are.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use stanchion_model::pipeline::deployment::platform::{Deed, script};
use stanchion_tests::repository;

/// What a step did.
pub(crate) struct Done {
    pub(crate) worked: bool,
    /// What it said, on both streams.
    pub(crate) said: String,
    /// The step's outputs.
    pub(crate) outputs: BTreeMap<String, String>,
}

impl Done {
    #[track_caller]
    pub(crate) fn worked(self) -> Self {
        assert!(self.worked, "{}", self.said);
        self
    }

    /// That it failed, and said so to GitHub.
    #[track_caller]
    pub(crate) fn failed(self, why: &str) -> Self {
        assert!(!self.worked, "{}", self.said);
        let error = self.said.lines().find_map(|line| line.strip_prefix("::error::"));
        assert!(error.is_some_and(|it| it.contains(why)), "no `{why}` in: {}", self.said);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, what: &str) -> Self {
        assert!(self.said.contains(what), "no `{what}` in: {}", self.said);
        self
    }
}

/// A deployment: the same variables for each of its steps.
#[derive(Clone, Default)]
pub(crate) struct Deployment {
    pub(crate) platform: &'static str,
    pub(crate) strategy: &'static str,
    pub(crate) variables: BTreeMap<String, String>,
    /// Folders before those of the machine in which programs are looked for.
    pub(crate) programs: Vec<PathBuf>,
    /// What lies in the job's folder: each file's path and text.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

impl Deployment {
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.variables.insert(name.to_owned(), value.to_owned());
        changed
    }

    /// Runs the step of a deed as GitHub does where the shell is bash.
    #[track_caller]
    pub(crate) fn run(&self, deed: Deed) -> Done {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let text = script(self.platform, self.strategy, deed);
        fs::write(at("step.sh"), text.unwrap_or_else(|| panic!("no script for {deed:?}"))).unwrap();
        fs::write(at("output"), "").unwrap();
        fs::create_dir(at("temp")).unwrap();
        fs::create_dir(at("workspace")).unwrap();
        for (path, text) in self.files {
            let file = at("workspace").join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let machine = std::env::var_os("PATH").unwrap();
        let programs = self.programs.iter().cloned().chain(std::env::split_paths(&machine));
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(at("step.sh"));
        command.env_clear().env("PATH", std::env::join_paths(programs).unwrap());
        command.env("HOME", folder.path()).env("GITHUB_OUTPUT", at("output"));
        command.env("RUNNER_TEMP", at("temp")).current_dir(at("workspace"));
        command.envs(&self.variables).stdin(Stdio::null());
        let done = command.output().unwrap();
        let said = [done.stdout, done.stderr].map(|it| String::from_utf8(it).unwrap()).concat();
        let outputs = fs::read_to_string(at("output")).unwrap();
        let outputs = outputs.lines().map(|it| it.split_once('=').unwrap());
        let outputs = outputs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Done { worked: done.status.success(), said, outputs }
    }

    /// What runs, in the platform's words.
    #[track_caller]
    pub(crate) fn former(&self) -> String {
        self.run(Deed::Former).worked().outputs["former"].clone()
    }
}

/// A stand-in for a platform: a server that ends with its standard input, so with this test.
pub(crate) struct StandIn {
    pub(crate) _child: Child,
    pub(crate) address: String,
}

impl StandIn {
    /// Starts it; the first line that it prints is where it is.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(!address.is_empty(), "{command:?} said nothing");
        Self { _child: child, address: address.trim_end().to_owned() }
    }

    /// Posts JSON, if there is any, and reads JSON.
    #[track_caller]
    pub(crate) fn ask(&self, path: &str, body: Option<&Value>) -> Value {
        let mut command = Command::new("curl");
        // Its certificate is its own.
        let address = self.address.split(' ').next().unwrap();
        command.args(["-sSk", "--max-time", "60"]).arg(format!("{address}{path}"));
        if let Some(body) = body {
            command.args(["-H", "content-type: application/json", "--data"]).arg(body.to_string());
        }
        let answer = String::from_utf8(command.output().unwrap().stdout).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{path}: {answer}"))
    }
}

/// The path that an installer of `tests/parts` prints.
#[track_caller]
pub(crate) fn part(installer: &[&str]) -> PathBuf {
    let mut command = Command::new(repository().join("tests/parts").join(installer[0]));
    let done = command.args(&installer[1..]).stderr(Stdio::inherit()).output().unwrap();
    assert!(done.status.success(), "{installer:?}");
    Path::new(String::from_utf8(done.stdout).unwrap().trim_end()).to_path_buf()
}
