//! The scripts of the jobs that stand in every pipeline, run by bash as a runner runs them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::{Dialect, parse};

use super::options::{base, merged};
use super::rendering::{pipeline, rendered};

#[test]
fn a_job_runs_for_the_files_that_concern_it_and_wherever_that_can_not_be_told() {
    let workflow = workflow(
        &json!({"lint": {"paths": ["src"]}, "test": {"paths": ["a b/**/*.md", "Makefile"]}}),
    );
    let step = step(&workflow, "changes", 1);
    let folder = tempfile::tempdir().unwrap();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(words);
        let output = git.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        said(&output).trim().to_owned()
    };
    git(&["init", "-q"]);
    git(&["commit", "-qm", "first", "--allow-empty"]);
    let first = git(&["rev-parse", "HEAD"]);
    let concerned = |event: &Value| {
        let written = folder.path().join(".git/output");
        fs::write(folder.path().join(".git/event"), event.to_string()).unwrap();
        fs::write(&written, "").unwrap();
        let mut bash = bash(step, folder.path());
        bash.env("GITHUB_EVENT_PATH", ".git/event").env("GITHUB_OUTPUT", ".git/output");
        let output = bash.output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        fs::read_to_string(written).unwrap()
    };
    let pushed = json!({"before": first});
    assert_eq!(concerned(&pushed), "", "nothing was changed");
    for (file, jobs) in [
        ("other.txt", ""),
        ("src/x/y.rs", "lint=true\n"),
        ("a b/c/d.md", "test=true\n"),
        ("a b/c/d.txt", ""),
        ("Makefile", "test=true\n"),
        (".github/workflows/service.yml", "lint=true\ntest=true\n"),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
        git(&["add", "."]);
        git(&["commit", "-qm", file]);
        assert_eq!(concerned(&pushed), jobs, "{file}");
        git(&["reset", "-q", "--hard", &first]);
    }
    fs::write(folder.path().join("Makefile"), "x").unwrap();
    git(&["add", "."]);
    git(&["commit", "-qm", "second"]);
    for event in [
        json!({"pull_request": {"base": {"sha": first}}, "before": "none"}),
        json!({"merge_group": {"base_sha": first}}),
    ] {
        assert_eq!(concerned(&event), "test=true\n", "{event}");
    }
    let all = "lint=true\nlint=true\ntest=true\ntest=true\ntest=true\n";
    for event in [json!({"schedule": "0 4 * * 1"}), json!({"before": "0".repeat(40)})] {
        assert_eq!(concerned(&event), all, "{event}");
    }
}

#[test]
fn the_gate_fails_unless_all_went_well_or_was_skipped_by_its_paths() {
    let workflow = workflow(&json!({"test": {"paths": ["src"]}}));
    let step = step(&workflow, "gate", 0);
    let results = step.get("env").unwrap().get("RESULTS").unwrap().as_str().unwrap();
    for (lint, test, good) in [
        ("success", "success", true),
        ("success", "skipped", true),
        ("skipped", "success", false),
        ("failure", "skipped", false),
        ("success", "failure", false),
        ("success", "cancelled", false),
        ("cancelled", "cancelled", false),
    ] {
        let results = results
            .replace("${{ needs.changes.result }}", "success")
            .replace("${{ needs.lint.result }}", lint)
            .replace("${{ needs.test.result }}", test);
        assert!(!results.contains("${{"), "{results}");
        let folder = tempfile::tempdir().unwrap();
        let output = bash(step, folder.path()).env("RESULTS", results).output().unwrap();
        assert_eq!(output.status.success(), good, "{lint} {test}: {}", said(&output));
        let blamed = said(&output).contains(&format!("::error::lint: {lint}"));
        assert_eq!(blamed, lint != "success", "{}", said(&output));
    }
}

#[test]
fn coverage_below_the_floor_fails_the_job() {
    for (command, floor, good, told) in [
        ("echo 'total: 80.50%'", json!(80.5), true, "coverage: 80.50 %, and 80.5 % at least"),
        (
            "echo '1 of 2, 79.9 %'",
            json!(80),
            false,
            "::error::the coverage of 79.9 % is below 80 %",
        ),
        ("printf '100\\n'", json!(100), true, "coverage: 100 %"),
        ("echo none", json!(0), false, "::error::the coverage can't be told"),
        ("echo 90; false", json!(80), false, ""),
        ("echo '9'; }; echo \"' out\" 7", json!(0), false, "syntax error"),
    ] {
        let workflow =
            workflow(&json!({"test": {"coverage": {"command": command, "floor": floor}}}));
        let folder = tempfile::tempdir().unwrap();
        let output = bash(step(&workflow, "test", 2), folder.path()).output().unwrap();
        assert_eq!(output.status.success(), good, "{command}: {}", said(&output));
        assert!(said(&output).contains(told), "{command}: {}", said(&output));
    }
}

/// The workflow of the base with these patches of its jobs.
fn workflow(jobs: &Value) -> Node {
    let said = merged(&base(), &json!({"jobs": jobs}));
    parse(&rendered(&pipeline(&said)), Dialect::Core).unwrap()
}

fn step<'a>(workflow: &'a Node, job: &str, i: usize) -> &'a Node {
    &workflow.get("jobs").unwrap().get(job).unwrap().get("steps").unwrap().items()[i]
}

/// What a runner does for a step with a script under `shell: bash`, in a folder.
fn bash(step: &Node, folder: &Path) -> Command {
    let mut command = Command::new("bash");
    let script = step.get("run").unwrap().as_str().unwrap();
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(folder);
    for it in step.get("env").map(Node::entries).unwrap_or_default() {
        command.env(&*it.key, it.value.as_str().unwrap());
    }
    command
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it)).concat()
}
