//! All that can be said of a pipeline, each by itself.

use serde_json::{Value, json};

/// Something that can be said.
pub(crate) struct Choice {
    /// What it is called in messages.
    pub(crate) name: &'static str,
    /// What must be said for it to have a meaning.
    around: &'static str,
    /// What is said.
    said: &'static str,
    /// Whether it stands beside another that does the same, and need not be said with all others.
    is_variant: bool,
}

/// The pipeline to which options are added: two jobs, of which options change `test`.
pub(crate) fn base() -> Value {
    json!({
        "name": "Service",
        "triggers": {"push": {"branches": ["main"]}},
        "time_budget": "1h",
        "jobs": {
            "lint": {"stage": "lint", "run": "make lint"},
            "test": {"stage": "test", "needs": ["lint"], "run": "make test"}
        }
    })
}

/// A value with a patch: what is null in it is taken away, objects are merged, all else is replaced
/// (RFC 7396).
pub(crate) fn merged(value: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut all = value.as_object().cloned().unwrap_or_default();
    for (key, it) in patch {
        if it.is_null() {
            all.remove(key);
        } else {
            let merged = merged(all.get(key).unwrap_or(&Value::Null), it);
            all.insert(key.clone(), merged);
        }
    }
    Value::Object(all)
}

impl Choice {
    /// A pipeline with what is around the option, and without it.
    pub(crate) fn around(&self, pipeline: &Value) -> Value {
        merged(pipeline, &patch(self.around))
    }

    /// A pipeline with the option.
    pub(crate) fn on(&self, pipeline: &Value) -> Value {
        merged(&self.around(pipeline), &patch(self.said))
    }

    /// A pipeline with the option, which is said of that job instead of `test` where it is one of jobs.
    pub(crate) fn on_job(&self, pipeline: &Value, job: &str) -> Value {
        self.patches(job).iter().fold(pipeline.clone(), |mut pipeline, patch| {
            let is_of_job = patch.get("jobs").is_some_and(|it| it.get(job).is_some());
            if is_of_job && pipeline["jobs"].get(job).is_none() {
                pipeline["jobs"][job] = base()["jobs"]["test"].clone();
            }
            merged(&pipeline, patch)
        })
    }

    /// What the option says, of that job instead of `test`.
    pub(crate) fn patches(&self, job: &str) -> [Value; 2] {
        [self.around, self.said].map(|text| {
            let mut patch = patch(text);
            if let Some(jobs) = patch.get_mut("jobs").and_then(Value::as_object_mut)
                && let Some(said) = jobs.remove("test")
            {
                jobs.insert(job.to_owned(), said);
            }
            patch
        })
    }

    /// Whether both can be said together: neither takes back what the other says.
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        let one = self.on(&base());
        let both = other.on(&one);
        // A pipeline that tags start keeps no files.
        let says = |word: &str| [self, other].iter().any(|it| it.said.contains(word));
        let keeps_for_tags = says("\"tags\"") && says("\"cache\"");
        let are_variants = self.is_variant || other.is_variant;
        both != one
            && !are_variants
            && !keeps_for_tags
            && [self, other].iter().all(|it| it.on(&both) == both)
    }
}

/// A patch. Words in capitals stand for longer texts, and brackets at the end may be missing.
fn patch(text: &str) -> Value {
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let commit = "b7c566a772e6b6bfb58ed0dc250532a479d7789f";
    let text = text.replace("DIGEST", digest).replace("COMMIT", commit);
    let text = text.replace("JOB:", "\"jobs\": {\"test\":");
    let text = text.replace("IMAGE:", "\"images\": {\"app\":");
    let text = text.replace("DEPLOY:", "\"deployments\": {\"app\":");
    let missing = text.matches('{').count() - text.matches('}').count();
    serde_json::from_str(&format!("{text}{}", "}".repeat(missing)))
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

const STEPS: &str = r#"{JOB: {"run": null, "steps": [{"run": "make"}]}}"#;

pub(crate) const fn option(name: &'static str, said: &'static str) -> Choice {
    Choice { name, around: "{}", said, is_variant: false }
}

pub(crate) const fn within(name: &'static str, around: &'static str, said: &'static str) -> Choice {
    Choice { name, around, said, is_variant: false }
}

pub(crate) const fn variant(
    name: &'static str,
    around: &'static str,
    said: &'static str,
) -> Choice {
    Choice { name, around, said, is_variant: true }
}

pub(crate) const OPTIONS: &[Choice] = &[
    option("name", r#"{"name": "Other: service"}"#),
    option("push of tags", r#"{"triggers": {"push": {"tags": ["v*"]}}}"#),
    option("any push", r#"{"triggers": {"push": {"branches": null}}}"#),
    option("pull requests", r#"{"triggers": {"pull_request": {}}}"#),
    within(
        "pull requests into",
        r#"{"triggers": {"pull_request": {}}}"#,
        r#"{"triggers": {"pull_request": {"branches": ["main", "release/**"]}}}"#,
    ),
    option("merge queue", r#"{"triggers": {"merge_group": true}}"#),
    option("schedule", r#"{"triggers": {"schedule": ["0 4 * * 1", "*/15 0-6 1,15 JAN SUN"]}}"#),
    option("dispatch", r#"{"triggers": {"dispatch": {}}}"#),
    within(
        "dispatch with text",
        r#"{"triggers": {"dispatch": {}}}"#,
        r#"{"triggers": {"dispatch": {"inputs": {"a": {"description": "What?"}}}}}"#,
    ),
    variant(
        "dispatch with a choice",
        r#"{"triggers": {"dispatch": {}}}"#,
        r#"{"triggers": {"dispatch": {"inputs": {"b": {"description": "Which?", "type": "choice", "options": ["x", "y"], "default": "y", "required": true}}}}}"#,
    ),
    variant(
        "dispatch with a switch",
        r#"{"triggers": {"dispatch": {}}}"#,
        r#"{"triggers": {"dispatch": {"inputs": {"c": {"description": "Really?", "type": "boolean", "default": "true"}}}}}"#,
    ),
    variant(
        "dispatch with a number",
        r#"{"triggers": {"dispatch": {}}}"#,
        r#"{"triggers": {"dispatch": {"inputs": {"d": {"description": "Much?", "type": "number", "default": "1.5"}}}}}"#,
    ),
    option("concurrency never", r#"{"concurrency": {"cancel": "never"}}"#),
    option("concurrency group", r#"{"concurrency": {"group": "deploys"}}"#),
    option("budget", r#"{"time_budget": "15m"}"#),
    within(
        "own pin",
        r#"{JOB: {"run": null, "steps": [{"uses": "actions/upload-artifact", "with": {"path": "a"}}]}}"#,
        r#"{"action_pins": {"actions/upload-artifact": "COMMIT # v6.0.0"}}"#,
    ),
    option("stage deploy", r#"{JOB: {"stage": "deploy"}}"#),
    option("no needs", r#"{JOB: {"needs": []}}"#),
    option("paths", r#"{JOB: {"paths": ["services/api/**", "Makefile"]}}"#),
    variant(
        "step with another checkout",
        STEPS,
        r#"{JOB: {"steps": [{"uses": "actions/checkout", "with": {"repository": "me/mine", "path": "a", "persist-credentials": "false"}}]}}"#,
    ),
    variant(
        "paths of a job with a dash",
        "{}",
        r#"{"jobs": {"a-b_C": {"stage": "test", "run": "x", "paths": ["x"], "matrix": {"d-e": ["1"]}}}}"#,
    ),
    option("paths of what is needed", r#"{"jobs": {"lint": {"paths": ["src"]}}}"#),
    option("matrix", r#"{JOB: {"matrix": {"python": ["3.11", "3.12"], "os": ["a b"]}}}"#),
    variant(
        "matrix with more",
        r#"{JOB: {"matrix": {"python": ["3.11", "3.12"], "os": ["a b"]}}}"#,
        r#"{JOB: {"matrix_include": [{"python": "3.12", "extra": "x"}, {"python": "3.13"}]}}"#,
    ),
    variant(
        "matrix with less",
        r#"{JOB: {"matrix": {"python": ["3.11", "3.12"], "os": ["a", "b"]}}}"#,
        r#"{JOB: {"matrix_exclude": [{"python": "3.11", "os": "B"}]}}"#,
    ),
    variant(
        "matrix of what is included",
        "{}",
        r#"{JOB: {"matrix_include": [{"a": "1", "b": "2"}, {"a": "3"}], "env_from": {"A": "matrix.b"}}}"#,
    ),
    option(
        "permissions",
        r#"{JOB: {"permissions": {"pull-requests": {"access": "write", "reason": "to comment"}, "id-token": {"access": "write", "reason": "to log in"}}}}"#,
    ),
    option("timeout", r#"{JOB: {"timeout": "40m"}}"#),
    option("expected", r#"{JOB: {"expected": "90s"}}"#),
    option("env", r#"{JOB: {"env": {"A": "true", "B": "two\nlines\n"}}}"#),
    option("env_from", r#"{JOB: {"env_from": {"SHA": "github.sha", "ACTOR": "github.actor"}}}"#),
    option(
        "secrets and settings",
        r#"{JOB: {"needs": ["lint"], "environment": "production: eu", "env_from": {"TOKEN": "secrets.TOKEN", "LEVEL": "vars.LEVEL || 'low'", "LINT": "needs.lint.result"}}}"#,
    ),
    within(
        "answer",
        r#"{"triggers": {"dispatch": {"inputs": {"a": {"description": "What?"}}}}}"#,
        r#"{JOB: {"env_from": {"ANSWER": "inputs.a"}}}"#,
    ),
    within(
        "step with files and status",
        STEPS,
        r#"{JOB: {"steps": [{"env_from": {"X": "hashFiles('a', 'b/**')", "Y": "job.status"}, "if": "always() && runner.os == 'Linux'", "run": "make"}]}}"#,
    ),
    option("environment", r#"{JOB: {"environment": "staging"}}"#),
    option("service", r#"{JOB: {"services": {"db": {"image": "postgres:16@DIGEST"}}}}"#),
    variant(
        "service with ports",
        r#"{JOB: {"services": {"db": {"image": "postgres:16@DIGEST"}}}}"#,
        r#"{JOB: {"services": {"db": {"ports": ["5432:5432", "80"]}}}}"#,
    ),
    variant(
        "service with env",
        r#"{JOB: {"services": {"db": {"image": "postgres:16@DIGEST"}}}}"#,
        r#"{JOB: {"services": {"db": {"env": {"POSTGRES_DB": "a"}}}}}"#,
    ),
    within(
        "service with health",
        r#"{JOB: {"services": {"db": {"image": "postgres:16@DIGEST"}}}}"#,
        r#"{JOB: {"services": {"db": {"health": {"command": "pg_isready -U \"me\"", "interval": "1m", "timeout": "2s", "retries": 3}}}}}"#,
    ),
    option("python", r#"{JOB: {"setup": "python@3.12"}}"#),
    variant("node", "{}", r#"{JOB: {"setup": "node@22"}}"#),
    variant("go", "{}", r#"{JOB: {"setup": "go@1.26"}}"#),
    variant("rust", "{}", r#"{JOB: {"setup": "rust@1.95"}}"#),
    variant("java", "{}", r#"{JOB: {"setup": "java@21"}}"#),
    within(
        "python of the matrix",
        r#"{JOB: {"matrix": {"python": ["3.11", "3.12"]}}}"#,
        r#"{JOB: {"setup": "python@matrix.python"}}"#,
    ),
    option("cache", r#"{JOB: {"cache": {"paths": ["build", "a b"]}}}"#),
    within(
        "cache by files",
        r#"{JOB: {"cache": {"paths": ["build", "a b"]}}}"#,
        r#"{JOB: {"cache": {"key_files": ["it's/*.lock", "b"]}}}"#,
    ),
    option(
        "coverage",
        r#"{JOB: {"coverage": {"command": "coverage report --format=total", "floor": 80.5}}}"#,
    ),
    option("run of lines", r#"{JOB: {"run": "make a\n  make b # c\n"}}"#),
    within("steps", "{}", STEPS),
    variant("named step", STEPS, r#"{JOB: {"steps": [{"name": "Make: it", "run": "make"}]}}"#),
    within(
        "step with if",
        STEPS,
        r#"{JOB: {"steps": [{"if": "failure() && github.ref == 'refs/heads/main'", "run": "make"}]}}"#,
    ),
    within(
        "outputs",
        r#"{JOB: {"run": null, "steps": [{"id": "make", "run": "echo digest=1 >> \"$GITHUB_OUTPUT\""}]}}"#,
        r#"{JOB: {"outputs": {"digest": "steps.make.outputs.digest", "SHA": "github.sha"}}}"#,
    ),
    variant(
        "output of another job",
        r#"{"jobs": {"lint": {"outputs": {"sha": "github.sha"}}, "test": {"needs": ["lint"]}}}"#,
        r#"{JOB: {"env_from": {"SHA": "needs.lint.outputs.sha"}}}"#,
    ),
    variant(
        "step of a step",
        STEPS,
        r#"{JOB: {"steps": [{"id": "a", "continue_on_error": true, "run": "make"}, {"if": "steps.a.outcome == 'failure'", "run": "make"}]}}"#,
    ),
    variant("step in sh", STEPS, r#"{JOB: {"steps": [{"shell": "sh", "run": "make"}]}}"#),
    variant("step of 5 minutes", STEPS, r#"{JOB: {"steps": [{"timeout": "5m", "run": "make"}]}}"#),
    variant(
        "step in a folder",
        STEPS,
        r#"{JOB: {"steps": [{"working_directory": "a b", "run": "make"}]}}"#,
    ),
    variant("step with env", STEPS, r#"{JOB: {"steps": [{"env": {"X": "y"}, "run": "make"}]}}"#),
    variant(
        "step with env_from",
        STEPS,
        r#"{JOB: {"steps": [{"env_from": {"X": "runner.temp"}, "run": "make"}]}}"#,
    ),
    within(
        "step with an action",
        STEPS,
        r#"{JOB: {"steps": [{"uses": "actions/upload-artifact", "with": {"path": "a"}}]}}"#,
    ),
    within(
        "step with an action and expressions",
        STEPS,
        r#"{JOB: {"steps": [{"uses": "actions/upload-artifact", "with": {"path": "a"}, "with_from": {"name": "github.run_id"}}]}}"#,
    ),
    within(
        "step with a commit",
        STEPS,
        r#"{JOB: {"steps": [{"uses": "actions/upload-artifact@COMMIT", "with": {"path": "a"}}]}}"#,
    ),
];
