//! One run of a job on a runner of its own: its steps, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::Pid;
use serde_json::{Map, Value, json};

use super::actions;
use super::expressions::{Status, evaluated, holds, text, texts};
use super::repository::Ending;
use super::run::{Outcome, Shared, only};
use super::script::{Script, assignments, kill, run};

/// The keys of a step whose meaning is known here.
const STEP_KEYS: &[&str] = &[
    "name",
    "id",
    "if",
    "uses",
    "with",
    "run",
    "shell",
    "env",
    "working-directory",
    "continue-on-error",
    "timeout-minutes",
];

/// A runner with a job.
pub(crate) struct Leg<'a> {
    pub(crate) shared: &'a Shared<'a>,
    id: &'a str,
    job: &'a Value,
    /// The contexts of the job, and then of its steps.
    contexts: Value,
    /// Whether the job's own condition holds, as it is asked again when the run is cancelled.
    holds: &'a dyn Fn() -> bool,
    folder: PathBuf,
    /// What the steps wrote for all after them, by `GITHUB_ENV` and `GITHUB_PATH`.
    pub(crate) exported: BTreeMap<String, String>,
    paths: Vec<String>,
    /// What the runner blots out: secrets, and what steps call one.
    pub(crate) masked: BTreeSet<String>,
    groups: Vec<Pid>,
    outcome: Outcome,
    finished: Finished,
}

/// What became of a job on a runner.
pub(crate) struct Finished {
    pub(crate) result: Outcome,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) log: String,
    pub(crate) summary: String,
    pub(crate) url: String,
}

/// What a step came to.
struct Done {
    outcome: Outcome,
    outputs: BTreeMap<String, String>,
}

impl<'a> Leg<'a> {
    pub(crate) fn new(
        shared: &'a Shared<'a>,
        id: &'a str,
        job: &'a Value,
        name: &str,
        mut contexts: Value,
        holds: &'a dyn Fn() -> bool,
    ) -> Self {
        let named: String = name.chars().map(|it| if it == '/' { '_' } else { it }).collect();
        let folder = shared.folder.join("jobs").join(named);
        for it in ["checkout", "temp", "home", "tools", "running"] {
            fs::create_dir_all(folder.join(it)).unwrap();
        }
        assert!(text(&evaluated(&job["runs-on"], &contexts)).starts_with("ubuntu-"), "{job:#}");
        let minutes = evaluated(&job["timeout-minutes"], &contexts);
        assert!(minutes.is_null() || minutes.as_f64().is_some_and(|it| it > 0.0), "{minutes}");
        let environment = evaluated(&without_url(&job["environment"]), &contexts);
        let mut secrets = match environment.get("name").unwrap_or(&environment) {
            Value::Null => BTreeMap::new(),
            name => shared.repository.secrets(&text(name)),
        };
        let masked = secrets.values().cloned().collect();
        secrets.insert("GITHUB_TOKEN".to_owned(), text(&contexts["github"]["token"]));
        contexts["secrets"] = json!(secrets);
        contexts["github"]["job"] = json!(id);
        contexts["github"]["workspace"] = json!(folder.join("checkout"));
        contexts["runner"] = json!({
            "os": "Linux", "arch": "X64", "name": "a runner", "environment": "github-hosted",
            "temp": folder.join("temp"), "tool_cache": folder.join("tools"),
        });
        contexts["steps"] = json!({});
        let outcome = Outcome::Success;
        let finished = Finished {
            result: outcome,
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
            url: String::new(),
        };
        let (exported, paths, groups) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self {
            shared,
            id,
            job,
            contexts,
            holds,
            folder,
            exported,
            paths,
            masked,
            groups,
            outcome,
            finished,
        }
    }

    /// Runs the steps, and tells what became of them.
    pub(crate) fn run(mut self) -> Finished {
        for (i, step) in self.job["steps"].as_array().unwrap().iter().enumerate() {
            only(step, STEP_KEYS);
            let done = self.step(i, step);
            let continues = evaluated(&step["continue-on-error"], &self.contexts) == true;
            let is_forgiven = continues && done.outcome == Outcome::Failure;
            let conclusion = if is_forgiven { Outcome::Success } else { done.outcome };
            match conclusion {
                Outcome::Failure if self.outcome == Outcome::Success => self.outcome = conclusion,
                Outcome::Cancelled => self.outcome = conclusion,
                _ => {}
            }
            if let Some(id) = step["id"].as_str() {
                self.contexts["steps"][id] = json!({
                    "outputs": done.outputs,
                    "outcome": done.outcome.word(),
                    "conclusion": conclusion.word(),
                });
            }
        }
        self.groups.iter().for_each(|it| kill(*it));
        self.set_job_context();
        let outputs = texts(&evaluated(&self.job["outputs"], &self.contexts));
        for (name, value) in outputs {
            // GitHub keeps back an output that may have a secret in it.
            if self.masked.iter().any(|it| !it.is_empty() && value.contains(it)) {
                self.say(&format!("Skip output '{name}' since it may contain secret."));
            } else {
                self.finished.outputs.insert(name, value);
            }
        }
        self.finished.url = text(&evaluated(&self.job["environment"]["url"], &self.contexts));
        self.finished.result = self.outcome;
        self.finished
    }

    fn set_job_context(&mut self) {
        self.contexts["job"] = json!({"status": self.outcome.word()});
        let mut env = texts(&evaluated(&self.shared.workflow["env"], &self.contexts));
        env.extend(texts(&evaluated(&self.job["env"], &self.contexts)));
        env.extend(self.exported.clone());
        self.contexts["env"] = json!(env);
    }

    fn step(&mut self, i: usize, step: &Value) -> Done {
        self.set_job_context();
        let own = texts(&evaluated(&step["env"], &self.contexts));
        let mut env = texts(&self.contexts["env"]);
        env.extend(own);
        self.contexts["env"] = json!(env);
        let status = Status {
            success: self.outcome == Outcome::Success,
            failure: self.outcome == Outcome::Failure,
            cancelled: self.outcome == Outcome::Cancelled,
        };
        if !holds(&step["if"], &self.contexts, status) {
            return Done { outcome: Outcome::Skipped, outputs: BTreeMap::new() };
        }
        let step = evaluated(&without_condition(step), &self.contexts);
        match step["uses"].as_str() {
            Some(uses) => self.action(uses, &step),
            None => self.script(i, &step, env),
        }
    }

    fn action(&mut self, uses: &str, step: &Value) -> Done {
        let inputs = texts(&step["with"]);
        match actions::run(uses, &inputs, self) {
            Ok(outputs) => Done { outcome: Outcome::Success, outputs },
            Err(message) => {
                self.say(&format!("::error::{message}"));
                Done { outcome: Outcome::Failure, outputs: BTreeMap::new() }
            }
        }
    }

    fn script(&mut self, i: usize, step: &Value, env: BTreeMap<String, String>) -> Done {
        let temp = self.folder.join("temp").join(format!("step-{i}"));
        fs::create_dir_all(&temp).unwrap();
        let files = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
        let mut all = self.variables(&temp);
        all.extend(env);
        for name in files {
            fs::write(temp.join(name), "").unwrap();
            all.insert(name.to_owned(), temp.join(name).display().to_string());
        }
        let defaults = [&self.job["defaults"]["run"], &self.shared.workflow["defaults"]["run"]];
        defaults.iter().for_each(|it| only(it, &["shell", "working-directory"]));
        let said = |key: &str| {
            let own = step[key].as_str().map(str::to_owned);
            own.or_else(|| defaults.iter().find_map(|it| it[key].as_str().map(str::to_owned)))
        };
        let folder = self.workspace().join(said("working-directory").unwrap_or_default());
        let (script, shell) = (text(&step["run"]), said("shell"));
        let script = Script {
            text: &script,
            shell: shell.as_deref(),
            folder: &folder,
            env: &all,
            temp: &temp,
        };
        let cancellation = self.shared.repository.cancellation(self.id);
        let ended = run(&script, cancellation.map(|(_, said)| said));
        self.groups.push(ended.group);
        self.say(&ended.log);
        let commands = ended.log.lines().filter_map(|it| it.strip_prefix("::add-mask::"));
        self.masked.extend(commands.map(str::to_owned));
        let mut outcome = ended.outcome;
        let is_of_the_run = cancellation.is_some_and(|(ending, _)| ending == Ending::OfTheRun);
        if outcome == Outcome::Cancelled && is_of_the_run {
            self.shared.is_cancelled.set(true);
            // A job whose condition still holds goes on, as if nothing had happened but to this step.
            if (self.holds)() {
                outcome = Outcome::Failure;
            }
        }
        let [outputs, exported] =
            ["GITHUB_OUTPUT", "GITHUB_ENV"].map(|it| assignments(&temp.join(it)));
        let (Ok(outputs), Ok(exported)) = (&outputs, &exported) else {
            self.say(&format!("::error::{outputs:?} {exported:?}"));
            return Done { outcome: Outcome::Failure, outputs: BTreeMap::new() };
        };
        self.exported.extend(exported.iter().cloned());
        let paths = fs::read_to_string(temp.join("GITHUB_PATH")).unwrap();
        self.paths.extend(paths.lines().map(str::to_owned));
        self.finished.summary += &fs::read_to_string(temp.join("GITHUB_STEP_SUMMARY")).unwrap();
        Done { outcome, outputs: outputs.iter().cloned().collect() }
    }

    /// The variables that a runner gives each script, and nothing of the test's own.
    fn variables(&self, temp: &Path) -> BTreeMap<String, String> {
        let event = temp.join("event.json");
        fs::write(&event, self.contexts["github"]["event"].to_string()).unwrap();
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        let mut set = |name: &str, value: String| drop(all.insert(name.to_owned(), value));
        for name in [
            "event_name",
            "ref",
            "ref_name",
            "ref_type",
            "base_ref",
            "head_ref",
            "sha",
            "repository",
            "repository_owner",
            "actor",
            "triggering_actor",
            "workflow",
            "workflow_ref",
            "run_id",
            "run_number",
            "run_attempt",
            "server_url",
            "api_url",
            "graphql_url",
            "job",
            "workspace",
        ] {
            set(&format!("GITHUB_{}", name.to_uppercase()), text(&self.contexts["github"][name]));
        }
        for name in ["os", "arch", "name", "environment", "temp", "tool_cache"] {
            set(&format!("RUNNER_{}", name.to_uppercase()), text(&self.contexts["runner"][name]));
        }
        set("GITHUB_EVENT_PATH", event.display().to_string());
        set("GITHUB_ACTIONS", "true".to_owned());
        set("CI", "true".to_owned());
        set("HOME", self.home().display().to_string());
        set("XDG_RUNTIME_DIR", self.folder.join("running").display().to_string());
        let shims = self.shared.repository.shims().display().to_string();
        let after = env::var("PATH").unwrap();
        let own = self.paths.iter().rev().cloned();
        let paths: Vec<_> = std::iter::once(shims).chain(own).chain([after]).collect();
        set("PATH", paths.join(":"));
        if self.may("id-token", "write") {
            set("ACTIONS_ID_TOKEN_REQUEST_URL", "https://token.example.com/?a=b".to_owned());
            set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "a token".to_owned());
        }
        all
    }

    /// Whether the job's token has a permission: `write` includes `read`.
    pub(crate) fn may(&self, scope: &str, access: &str) -> bool {
        let of_job = &self.job["permissions"];
        let said = if of_job.is_null() { &self.shared.workflow["permissions"] } else { of_job };
        let granted = said[scope].as_str().unwrap_or_default();
        granted == access || (granted == "write" && access == "read")
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.join("checkout")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// Writes into the job's log.
    pub(crate) fn say(&mut self, text: &str) {
        self.finished.log += text;
        if !text.is_empty() && !text.ends_with('\n') {
            self.finished.log.push('\n');
        }
    }
}

/// The environment without its address, which is evaluated when the steps are done.
fn without_url(environment: &Value) -> Value {
    match environment {
        Value::Object(it) if !it.contains_key("$") => {
            only(environment, &["name", "url"]);
            it["name"].clone()
        }
        it => it.clone(),
    }
}

/// A step without what is evaluated by itself.
fn without_condition(step: &Value) -> Value {
    let keys = step.as_object().unwrap().iter();
    let keys = keys.filter(|(key, _)| !["if", "env", "continue-on-error"].contains(&key.as_str()));
    Value::Object(keys.map(|(key, it)| (key.clone(), it.clone())).collect::<Map<_, _>>())
}
