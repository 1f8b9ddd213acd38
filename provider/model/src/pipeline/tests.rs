//! The laws of the document, and what is told of a pipeline that can't be.

mod checks;
mod delivery;
mod graph;
mod laws;
mod told;

use stanchion_cty::json;
use stanchion_cty::schema::{Block, decode_object};

use super::*;

/// The pipeline that a text in JSON says, as Terraform gives it: what is left out is null.
fn pipeline(text: &str) -> Pipeline {
    let value = json::decode(text, &Pipeline::object_type()).unwrap();
    decode_object(&value, &stanchion_cty::Path::root()).unwrap()
}

/// A pipeline of these jobs.
fn with_jobs(jobs: &str) -> Pipeline {
    let text = r#"{"name": "CI", "triggers": {"push": {"branches": ["main"]}}, "jobs": JOBS}"#;
    pipeline(&text.replace("JOBS", jobs))
}

/// The job of that id.
fn job<'a>(pipeline: &'a Pipeline, id: &str) -> &'a Job {
    pipeline.jobs.known().unwrap()[id].known().unwrap()
}

fn found(pipeline: &Pipeline) -> Found {
    let tree = pipeline.render();
    Found {
        address: tree.address.clone().into_known().unwrap(),
        text: tree.text().into_known().unwrap(),
    }
}

/// The document as it is after it was written.
fn applied(mut pipeline: Pipeline) -> Pipeline {
    let found = found(&pipeline);
    pipeline.complete();
    pipeline.held = Held {
        path: found.address.as_str().into(),
        content: found.text.as_str().into(),
        sha256: found.sha256().into(),
        unmanaged: BTreeMap::new().into(),
    };
    pipeline
}

const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A pipeline that says all that can be said.
fn full() -> Pipeline {
    let text = r##"{
        "name": "My service: CI",
        "triggers": {
            "push": {"branches": ["main", "release/**"]},
            "pull_request": {"branches": ["main"]},
            "merge_group": true,
            "schedule": ["0 4 * * 1"],
            "dispatch": {"inputs": {"level": {
                "description": "How much?", "type": "choice", "options": ["a", "b"],
                "default": "a", "required": true
            }}}
        },
        "concurrency": {"cancel": "never", "group": "service"},
        "time_budget": "1200s",
        "action_pins": {"me/mine": "0123456789abcdef0123456789abcdef01234567 # v1"},
        "jobs": {
            "lint": {"stage": "lint", "run": "make lint", "timeout": "720s", "expected": "90s"},
            "test": {
                "stage": "test",
                "needs": ["lint"],
                "paths": ["services/api/**", ".github/workflows/my-service-ci.yml"],
                "matrix": {"python": ["3.11", "3.12"], "os": ["a'b"]},
                "matrix_include": [{"python": "3.12", "more": "x"}, {"python": "3.13"}],
                "matrix_exclude": [{"python": "3.11"}],
                "outputs": {"digest": "steps.one.outputs.digest", "ref": "github.ref"},
                "setup": "python@matrix.python",
                "cache": {"paths": ["build", "a b"], "key_files": ["it's/*.lock", "b"]},
                "coverage": {"command": "coverage report\n", "floor": 80.5},
                "permissions": {
                    "pull-requests": {"access": "write", "reason": "to comment"},
                    "contents": {"access": "read", "reason": "to look"}
                },
                "env": {"A": "true", "B": "# no comment"},
                "env_from": {"SHA": "github.sha", "PYTHON": "matrix.python", "MORE": "matrix.more"},
                "services": {"db": {
                    "image": "postgres:16@DIGEST", "ports": ["5432:5432", "1"], "env": {"P": "x"},
                    "health": {"command": "pg_isready -U \"me\"", "interval": "60s", "retries": 3}
                }},
                "steps": [
                    {"name": "One", "id": "one", "shell": "sh", "timeout": "300s",
                     "continue_on_error": true, "run": "make test\nmake report\n", "working_directory": "a",
                     "if": "always()", "env": {"X": "y"}, "env_from": {"Y": "github.ref"}},
                    {"uses": "actions/upload-artifact", "with": {"name": "a", "path": "b"},
                     "with_from": {"retention-days": "vars.DAYS"}},
                    {"uses": "me/mine"},
                    {"uses": "me/other@0123456789abcdef0123456789abcdef01234567"},
                    {"uses": "./action"}
                ],
                "timeout": "1h"
            },
            "build": {"stage": "build", "needs": ["test", "lint"], "steps": [{"run": "make"}]},
            "ship": {"stage": "deploy", "needs": ["build"], "run": "make ship"},
            "look": {"stage": "verify", "needs": ["ship"], "setup": "go@1.26", "run": "true"}
        }
    }"##;
    pipeline(&text.replace("DIGEST", DIGEST))
}
