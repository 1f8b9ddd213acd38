//! Which jobs wait for which, and when they run.

use std::collections::BTreeMap;

use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::{Dialect, parse};

use super::*;

/// Of each job what it needs and what must hold for it to run.
fn graph(pipeline: &Pipeline) -> BTreeMap<String, (Vec<String>, String)> {
    let node = parse(&found(pipeline).text, Dialect::Core).unwrap();
    let jobs = node.get("jobs").unwrap().entries().iter();
    let one = |job: &Node| {
        let needs = job.get("needs").map(Node::items).unwrap_or_default();
        let needs = needs.iter().map(|it| it.as_str().unwrap().to_owned()).collect();
        let condition = job.get("if").and_then(Node::as_str).unwrap_or_default();
        (needs, condition.trim_start_matches("${{ ").trim_end_matches(" }}").to_owned())
    };
    jobs.map(|it| (it.key.to_string(), one(&it.value))).collect()
}

/// What must hold after a job that may be skipped. One that took too long is cancelled.
const GOOD: &str = "!cancelled() && !failure() && !contains(needs.*.result, 'cancelled')";

/// What must hold for code to be deployed.
const ACCEPTED: &str = "github.event_name != 'pull_request' && github.event_name != 'merge_group'";

#[test]
fn what_comes_after_a_job_that_may_be_skipped_runs_nevertheless() {
    let jobs = r#"{
        "lint": {"stage": "lint", "run": "x"},
        "api": {"stage": "test", "run": "x", "needs": ["lint"], "paths": ["api"]},
        "web": {"stage": "test", "run": "x", "needs": ["api"], "paths": ["web"]},
        "pack": {"stage": "build", "run": "x", "needs": ["web"]},
        "more": {"stage": "scan", "run": "x", "needs": ["pack"]},
        "ship": {"stage": "deploy", "run": "x"},
        "look": {"stage": "verify", "run": "x", "needs": ["ship"]}
    }"#;
    let graph = graph(&with_jobs(jobs));
    for (id, needs, condition) in [
        ("changes", &[][..], ""),
        ("lint", &[], ""),
        ("api", &["changes", "lint"], "needs.changes.outputs.api == 'true'"),
        ("web", &["api", "changes"], &format!("{GOOD} && needs.changes.outputs.web == 'true'")),
        ("pack", &["web"], GOOD),
        ("more", &["pack"], GOOD),
        ("gate", &["changes", "api", "lint", "more", "pack", "web"], "always()"),
        ("ship", &["gate"], &format!("{GOOD} && {ACCEPTED}")),
        ("look", &["gate", "ship"], &format!("{GOOD} && {ACCEPTED}")),
    ] {
        let needs: Vec<String> = needs.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(graph[id], (needs, condition.to_owned()), "{id}");
    }
}

#[test]
fn without_paths_nobody_looks_at_files_and_only_accepted_code_is_deployed() {
    let jobs = r#"{
        "a": {"stage": "lint", "run": "x"},
        "b": {"stage": "deploy", "run": "x", "needs": ["a"]}
    }"#;
    let graph = graph(&with_jobs(jobs));
    assert_eq!(graph.keys().collect::<Vec<_>>(), ["a", "b", "gate"]);
    assert_eq!(graph["b"], (vec!["a".to_owned(), "gate".to_owned()], ACCEPTED.to_owned()));
    assert_eq!(graph["gate"].0, ["a"]);
}

#[test]
fn a_pipeline_that_only_deploys_has_a_gate_that_waits_for_nobody() {
    let graph = graph(&with_jobs(r#"{"a": {"stage": "deploy", "run": "x"}}"#));
    assert_eq!(graph["gate"], (Vec::new(), "always()".to_owned()));
    assert_eq!(graph["a"].0, ["gate"]);
}
