//! What a pipeline tells of itself: its checks' names and its longest way.

use super::*;

fn texts(list: &Leaf<Vec<Leaf<String>>>) -> Vec<&str> {
    list.known().unwrap().iter().map(|it| it.known().unwrap().as_str()).collect()
}

#[test]
fn checks_have_the_names_that_github_gives_them() {
    let pipeline = applied(full());
    assert_eq!(
        texts(&pipeline.computed.check_names),
        [
            "My service: CI changes",
            "build",
            "lint",
            "look",
            "ship",
            "test (a'b, 3.12)",
            "test (3.13)",
            "My service: CI gate"
        ]
    );
    // Whoever reads the workflow is told the same.
    let mut told = texts(&pipeline.computed.check_names);
    let mut read = crate::check_names(&found(&pipeline).text).unwrap();
    told.sort_unstable();
    read.sort_unstable();
    assert_eq!(told, read);
    assert_eq!(pipeline.computed.gate_check, "My service: CI gate".into());
    let long = format!(
        r#"{{"a": {{"stage": "lint", "run": "x", "matrix": {{"b": ["{}"]}}}}}}"#,
        "c".repeat(97)
    );
    let told = with_jobs(&long).check()[0].to_string();
    assert!(
        told.starts_with("jobs[\"a\"].matrix makes a check of more than 100 characters"),
        "{told}"
    );
}

#[test]
fn the_longest_way_ends_at_the_gate() {
    let pipeline = applied(full());
    // lint says 90s, test has a timeout of an hour, build one of 10 minutes by default.
    assert_eq!(texts(&pipeline.computed.critical_path), ["lint", "test", "build"]);
    assert_eq!(pipeline.computed.critical_path_duration, "1h11m30s".into());
}

#[test]
fn a_budget_that_can_not_be_met_names_the_way() {
    let jobs = r#"{
        "lint": {"stage": "lint", "run": "x", "expected": "2m"},
        "unit": {"stage": "test", "run": "x", "expected": "1m"},
        "test": {"stage": "test", "run": "x", "needs": ["lint", "unit"], "expected": "9m"},
        "ship": {"stage": "deploy", "run": "x", "needs": ["test"], "expected": "1h"}
    }"#;
    let mut pipeline = with_jobs(jobs);
    assert_eq!(
        pipeline.check()[0].to_string(),
        "time_budget is 10m, and the way to the gate takes 11m: lint (2m) → test (9m); make these \
         jobs shorter, let them run side by side, or raise `time_budget`"
    );
    assert!(pipeline.check().has_error());
    pipeline.time_budget = "660s".into();
    assert!(pipeline.check().is_empty());
}

#[test]
fn a_budget_that_only_timeouts_bound_is_warned_of() {
    let jobs = r#"{
        "lint": {"stage": "lint", "run": "x", "timeout": "5m"},
        "test": {"stage": "test", "run": "x", "needs": ["lint"], "timeout": "6m"}
    }"#;
    let mut pipeline = with_jobs(jobs);
    let problems = pipeline.check();
    assert!(!problems.has_error());
    assert_eq!(
        problems[0].to_string(),
        "time_budget is 10m, and only timeouts bound 11m: lint → test; say in `expected` how long \
         lint and test take"
    );
    pipeline.time_budget = "11m".into();
    assert!(pipeline.check().is_empty());
}

#[test]
fn jobs_that_wait_for_each_other_have_no_longest_way() {
    let pipeline = with_jobs(
        r#"{
            "lint": {"stage": "test", "run": "x", "needs": ["test"], "timeout": "5m"},
            "test": {"stage": "test", "run": "x", "needs": ["lint"], "timeout": "6m"}
        }"#,
    );
    let told: Vec<String> = pipeline.check().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["jobs[\"lint\"].needs makes jobs wait for each other: lint → test → lint; take one of \
          these needs away"]
    );
}
