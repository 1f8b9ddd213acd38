//! What the jobs of rendered pipelines come to, from the first check to what comes after the gate.

use std::thread;

use serde_json::{Value, json};

use super::event::Event;
use super::rendering::{pipeline, rendered};
use super::repository::Repository;
use super::run::Outcome::{self, Cancelled, Failure, Skipped, Success};
use super::run::Run;
use super::semantics::WAITS;

/// A pipeline whose jobs run the files that are called as they are.
fn service() -> Value {
    json!({
        "name": "Service",
        "triggers": {
            "push": {"branches": ["main"]}, "pull_request": {}, "merge_group": true, "dispatch": {},
            "schedule": ["0 4 * * 1"],
        },
        "time_budget": "1h",
        "jobs": {
            "lint": {"stage": "lint", "run": "sh ci/lint"},
            "test": {
                "stage": "test", "needs": ["lint"], "run": "sh ci/test", "paths": ["service"],
                "matrix": {"python": ["3.12", "3.13"]}, "env_from": {"PYTHON": "matrix.python"},
                "coverage": {"command": "cat ci/coverage", "floor": 80},
            },
            "build": {"stage": "build", "needs": ["test"], "run": "sh ci/build"},
            "deploy": {
                "stage": "deploy", "run": "sh ci/deploy", "environment": "production",
                "env_from": {"WORD": "secrets.WORD"},
            },
            "smoke": {"stage": "verify", "needs": ["deploy"], "run": "sh ci/smoke"},
        },
    })
}

/// A repository with the pipeline, in which all goes well, but for what these files say, and which has
/// the last change in `service`.
fn repository(files: &[(&str, &str)]) -> Repository {
    let good = [
        ("ci/lint", "echo linted"),
        ("ci/test", "echo \"tested with $PYTHON\""),
        ("ci/coverage", "total 81.5%"),
        ("ci/build", "echo built"),
        ("ci/deploy", "echo \"deployed with <$WORD>\""),
        ("ci/smoke", "echo smoke"),
    ];
    Repository::new(&rendered(&pipeline(&service())))
        .holding("production", "WORD", "a secret")
        .committed(&[&good[..], files].concat())
        .committed(&[("service/a.txt", "a")])
}

fn results(run: &Run) -> [Outcome; 6] {
    ["lint", "test", "build", "gate", "deploy", "smoke"].map(|it| run.result(it))
}

#[test]
fn where_all_goes_well_every_job_runs_and_what_is_deployed_has_its_secret() {
    let repository = repository(&[]);
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run), [Success; 6], "{run}");
    assert!(run.log("deploy").contains("deployed with <a secret>"), "{run}");
    for python in ["3.12", "3.13"] {
        assert!(run.log("test").contains(&format!("tested with {python}")), "{run}");
    }
    assert_eq!(run.jobs["test"].legs.len(), 2);
    assert!(run.log("test").contains("coverage: 81.5 %, and 80 % at least"), "{run}");
}

#[test]
fn a_job_that_fails_stops_the_gate_and_all_behind_it() {
    for (file, expected) in [
        ("ci/lint", [Failure, Skipped, Skipped, Failure, Skipped, Skipped]),
        ("ci/test", [Success, Failure, Skipped, Failure, Skipped, Skipped]),
        ("ci/build", [Success, Success, Failure, Failure, Skipped, Skipped]),
        ("ci/deploy", [Success, Success, Success, Success, Failure, Skipped]),
    ] {
        let repository = repository(&[(file, "exit 1")]);
        let run = repository.run(&repository.push("main"));
        assert_eq!(results(&run), expected, "{file}: {run}");
        let job = file.trim_start_matches("ci/");
        assert_eq!(run.log("gate").contains(&format!("::error::{job}: failure")), job != "deploy");
    }
}

#[test]
fn coverage_below_the_floor_stops_the_gate() {
    let repository = repository(&[("ci/coverage", "total 79%")]);
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run), [Success, Failure, Skipped, Failure, Skipped, Skipped], "{run}");
    assert!(run.log("test").contains("::error::the coverage of 79 % is below 80 %"), "{run}");
}

#[test]
fn one_run_of_a_matrix_that_fails_stops_the_gate() {
    let repository = repository(&[("ci/test", "[ \"$PYTHON\" = 3.12 ]")]);
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run)[1..4], [Failure, Skipped, Failure], "{run}");
    let names: Vec<_> =
        run.jobs["test"].legs.iter().map(|(name, it)| (name.as_str(), *it)).collect();
    assert_eq!(names, [("test (3.12)", Success), ("test (3.13)", Failure)]);
}

#[test]
fn what_no_change_concerns_is_skipped_and_all_else_goes_on() {
    let repository = repository(&[]).committed(&[("docs/a.md", "a")]);
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run), [Success, Skipped, Success, Success, Success, Success], "{run}");
    assert!(run.log("gate").contains("test was skipped, as no change concerns it"), "{run}");
    // A job that fails is not hidden by one that is skipped between.
    let repository = repository.committed(&[("ci/lint", "exit 1")]);
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run), [Failure, Skipped, Skipped, Failure, Skipped, Skipped], "{run}");
    // Nor does one run where the jobs before it were skipped by a failure.
    let repository = repository.committed(&[("ci/lint", "true"), ("ci/build", "exit 1")]);
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run), [Success, Skipped, Failure, Failure, Skipped, Skipped], "{run}");
}

#[test]
fn what_is_not_accepted_yet_is_judged_and_not_deployed() {
    let repository = repository(&[]);
    let base = repository.before().to_owned();
    for event in [Event::pull_request("main", &base), Event::merge_group("main", &base)] {
        let run = repository.run(&event);
        assert_eq!(results(&run)[..4], [Success; 4], "{run}");
        assert_eq!(results(&run)[4..], [Skipped; 2], "{run}");
    }
}

#[test]
fn each_event_of_the_triggers_starts_a_run_of_all_jobs_and_no_other_does() {
    let repository = repository(&[]);
    for event in [Event::schedule("0 4 * * 1"), Event::dispatch("main", &[])] {
        assert_eq!(results(&repository.run(&event)), [Success; 6]);
    }
    let zeros = "0".repeat(40);
    for event in [Event::push("topic", &zeros), Event::tag("v1"), Event::schedule("0 5 * * 1")] {
        assert!(!repository.starts(&event), "{event:?}");
    }
}

#[test]
fn a_run_that_is_cancelled_is_no_success_and_deploys_nothing() {
    let cases = [
        ("lint", [Cancelled, Skipped, Skipped, Failure, Skipped, Skipped]),
        ("test", [Success, Cancelled, Skipped, Failure, Skipped, Skipped]),
        ("build", [Success, Success, Cancelled, Failure, Skipped, Skipped]),
        ("deploy", [Success, Success, Success, Success, Cancelled, Skipped]),
    ];
    // Each waits for as long as a runner does, until it ends a script that is busy with another one.
    thread::scope(|scope| {
        for (job, expected) in cases {
            scope.spawn(move || {
                let repository = repository(&[(&format!("ci/{job}"), WAITS)]);
                let repository = repository.cancelled_once(job, "waiting");
                let run = repository.run(&repository.push("main"));
                assert_eq!(results(&run), expected, "{job}: {run}");
            });
        }
    });
}
