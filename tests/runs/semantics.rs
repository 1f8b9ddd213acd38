//! The interpreter's jobs against what GitHub documents, with workflows that are written by hand: what a
//! condition means, which event starts a run, what a matrix comes to.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use super::event::Event;
use super::expressions::read;
use super::matrix::combinations;
use super::repository::Repository;
use super::run::Outcome;
use super::run::Outcome::{Cancelled, Failure, Skipped, Success};

/// Ends at once when it is interrupted.
pub(crate) const WAITS: &str = "trap 'exit 1' INT; echo waiting; while :; do sleep 0.1; done";

/// A workflow of jobs, each with lines after its `runs-on`.
fn workflow(jobs: &[(&str, &str)]) -> String {
    let job = |(id, lines): &(&str, &str)| format!("  {id}:\n    runs-on: ubuntu-24.04\n{lines}");
    let jobs: String = jobs.iter().map(job).collect();
    format!("name: Tested\non: push\npermissions: {{}}\njobs:\n{jobs}")
}

fn run_of(jobs: &[(&str, &str)]) -> super::run::Run {
    let repository = Repository::new(&workflow(jobs)).cancelled_once("first", "waiting");
    repository.run(&repository.push("main"))
}

/// What the condition of a job comes to, by what became of the job before the one that it needs. The
/// one between always runs, and succeeds.
const OF_JOBS: &[(&str, [Outcome; 4])] = &[
    ("", [Success, Skipped, Skipped, Skipped]),
    ("true", [Success, Skipped, Skipped, Skipped]),
    ("success()", [Success, Skipped, Skipped, Skipped]),
    ("failure()", [Skipped, Success, Skipped, Skipped]),
    ("cancelled()", [Skipped, Skipped, Skipped, Success]),
    ("always()", [Success, Success, Success, Success]),
    ("${{ !cancelled() }}", [Success, Success, Success, Skipped]),
    ("${{ !cancelled() && !failure() }}", [Success, Skipped, Success, Skipped]),
    ("failure() || cancelled()", [Skipped, Success, Skipped, Success]),
    ("always() && needs.between.result == 'success'", [Success, Success, Success, Success]),
    ("needs.between.result == 'success'", [Success, Skipped, Skipped, Skipped]),
    ("contains('always()', 'a')", [Success, Skipped, Skipped, Skipped]),
    ("false", [Skipped, Skipped, Skipped, Skipped]),
];

#[test]
fn a_condition_of_a_job_looks_at_all_jobs_before_it() {
    let firsts = [
        (Success, "    steps: [{run: 'true'}]\n".to_owned()),
        (Failure, "    steps: [{run: 'false'}]\n".to_owned()),
        (Skipped, "    if: false\n    steps: [{run: 'true'}]\n".to_owned()),
        (Cancelled, format!("    steps:\n      - run: \"{WAITS}\"\n")),
    ];
    for (i, (result, first)) in firsts.iter().enumerate() {
        let between = "    needs: first\n    if: always()\n    steps: [{run: 'true'}]\n";
        let lines: Vec<_> = OF_JOBS
            .iter()
            .enumerate()
            .map(|(row, (condition, _))| {
                let said = match *condition {
                    "" => String::new(),
                    it => format!("    if: {it}\n"),
                };
                let rest = "    needs: [between]\n    steps: [{run: 'true'}]\n";
                (format!("last{row}"), format!("{rest}{said}"))
            })
            .collect();
        let mut jobs = vec![("first", first.as_str()), ("between", between)];
        jobs.extend(lines.iter().map(|(id, it)| (id.as_str(), it.as_str())));
        let run = run_of(&jobs);
        assert_eq!(run.result("first"), *result, "{run}");
        assert_eq!(run.result("between"), Success, "{run}");
        for (row, (condition, expected)) in OF_JOBS.iter().enumerate() {
            let found = run.result(&format!("last{row}"));
            assert_eq!(found, expected[i], "{condition} after {result}");
        }
    }
}

#[test]
fn a_job_needs_each_of_several_and_has_their_results_and_outputs() {
    let first = "    outputs: {word: '${{ steps.a.outputs.word }}'}\n    steps:\n      \
                 - {id: a, run: 'echo word=hello >> \"$GITHUB_OUTPUT\"'}\n      - run: 'false'\n";
    let last = "    needs: [first, second]\n    if: always()\n    steps:\n      \
                - run: echo '${{ needs.first.outputs.word }} ${{ needs.first.result }} \
                ${{ needs.second.result }} ${{ needs.second.outputs.word }}.'\n";
    let second = "    if: github.ref == 'refs/heads/other'\n    steps: [{run: 'true'}]\n";
    let other = "    needs: [second, first]\n    steps: [{run: 'true'}]\n";
    let run = run_of(&[("first", first), ("second", second), ("last", last), ("other", other)]);
    assert_eq!(run.log("last").trim(), "hello failure skipped .", "{run}");
    assert_eq!(run.result("other"), Skipped, "{run}");
}

#[test]
fn a_cancelled_run_cancels_what_runs_or_waits_for_a_runner_unless_its_condition_still_holds() {
    let waits = format!("    steps:\n      - run: \"{WAITS}\"\n");
    let own = "    steps: [{run: 'true'}]\n";
    let always = "    if: always()\n    steps: [{run: 'true'}]\n";
    let after = "    needs: first\n    steps: [{run: 'true'}]\n";
    let of_all = "    needs: [first, queued]\n    if: cancelled()\n    steps: [{run: 'true'}]\n";
    let jobs = [("first", waits.as_str()), ("queued", own), ("sure", always), ("after", after)];
    let run = run_of(&[&jobs[..], &[("clean", of_all)]].concat());
    let result = |id| run.result(id);
    assert_eq!(["first", "queued", "after"].map(result), [Cancelled, Cancelled, Skipped], "{run}");
    assert_eq!(["sure", "clean"].map(result), [Success, Success], "{run}");
}

#[test]
fn a_matrix_is_what_the_documentation_makes_of_its_example() {
    // "Expanding or adding matrix configurations" in GitHub's documentation.
    let matrix = json!({
        "fruit": ["apple", "pear"], "animal": ["cat", "dog"],
        "include": [
            {"color": "green"}, {"color": "pink", "animal": "cat"},
            {"fruit": "apple", "shape": "circle"}, {"fruit": "banana"},
            {"fruit": "banana", "animal": "cat"},
        ],
    });
    let mut found: Vec<Value> = combinations(&matrix).into_iter().map(Value::Object).collect();
    let mut expected = vec![
        json!({"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"}),
        json!({"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"}),
        json!({"fruit": "pear", "animal": "cat", "color": "pink"}),
        json!({"fruit": "pear", "animal": "dog", "color": "green"}),
        json!({"fruit": "banana"}),
        json!({"fruit": "banana", "animal": "cat"}),
    ];
    found.sort_by_key(ToString::to_string);
    expected.sort_by_key(ToString::to_string);
    assert_eq!(found, expected);
    let excluded = json!({"a": [1, 2], "b": ["x", "y"], "exclude": [{"a": 1}, {"a": 2, "b": "x"}]});
    assert_eq!(Value::Object(combinations(&excluded)[0].clone()), json!({"a": 2, "b": "y"}));
    assert_eq!(combinations(&excluded).len(), 1);
    let listed = combinations(&json!({"include": [{"a": 1}, {"a": 2}]}));
    assert_eq!(
        listed.into_iter().map(Value::Object).collect::<Vec<_>>(),
        [json!({"a": 1}), json!({"a": 2})]
    );
}

#[test]
fn a_job_with_a_matrix_fails_with_one_of_its_runs_and_stops_the_others() {
    let job = |fast: &str| {
        format!(
            "    strategy:\n      {fast}matrix: {{step: [1, 2, 3]}}\n    steps:\n      \
             - run: echo 'run ${{{{ matrix.step }}}} of ${{{{ strategy.job-total }}}}'\n      \
             - run: '[ ${{{{ matrix.step }}}} != 2 ]'\n"
        )
    };
    let run = run_of(&[("fast", &job("")), ("slow", &job("fail-fast: false\n      "))]);
    let legs = |id: &str| run.jobs[id].legs.iter().map(|(_, it)| *it).collect::<Vec<_>>();
    assert_eq!(legs("fast"), [Success, Failure, Cancelled], "{run}");
    assert_eq!(legs("slow"), [Success, Failure, Success], "{run}");
    assert_eq!(["fast", "slow"].map(|it| run.result(it)), [Failure, Failure]);
    assert_eq!(run.log("slow"), "run 1 of 3\nrun 2 of 3\nrun 3 of 3\n");
    assert_eq!(run.jobs["slow"].legs[1].0, "slow (2)");
}

#[test]
fn an_event_starts_the_workflows_that_wait_for_it() {
    let zeros = "0".repeat(40);
    let push = |branch: &str| Event::push(branch, &zeros);
    let pull = |branch: &str| Event::pull_request(branch, &zeros);
    for (on, event, expected) in [
        (json!("push"), push("a/b"), true),
        (json!("push"), Event::tag("v1"), true),
        (json!(["pull_request"]), push("main"), false),
        (json!({"push": null}), push("main"), true),
        (json!({"push": {"branches": ["main"]}}), push("main"), true),
        (json!({"push": {"branches": ["main"]}}), push("mains"), false),
        (json!({"push": {"branches": ["main"]}}), Event::tag("main"), false),
        (json!({"push": {"tags": ["v*"]}}), Event::tag("v1.2"), true),
        (json!({"push": {"tags": ["v*"]}}), Event::tag("v1/2"), false),
        (json!({"push": {"tags": ["v*"]}}), push("v1"), false),
        (json!({"push": {"branches": ["release/**", "!release/x"]}}), push("release/a/b"), true),
        (json!({"push": {"branches": ["release/**", "!release/x"]}}), push("release/x"), false),
        (json!({"push": {"branches": ["v[12].[0-9]+"]}}), push("v1.10"), true),
        (json!({"pull_request": {"branches": ["main"]}}), pull("main"), true),
        (json!({"pull_request": {"branches": ["main"]}}), pull("next"), false),
        (json!({"pull_request": {"types": ["closed"]}}), pull("main"), false),
        (json!({"merge_group": {"branches": ["main"]}}), Event::merge_group("main", &zeros), true),
        (json!({"schedule": [{"cron": "0 4 * * 1"}]}), Event::schedule("0 4 * * 1"), true),
        (json!({"schedule": [{"cron": "0 4 * * 1"}]}), Event::schedule("0 5 * * 1"), false),
        (json!({"workflow_dispatch": null}), Event::dispatch("main", &[]), true),
    ] {
        assert_eq!(event.starts(&on), expected, "{on} and {event:?}");
    }
    let never =
        workflow(&[("a", "    steps: [{run: 'true'}]\n")]).replace("on: push", "on: release");
    let never = Repository::new(&never);
    assert!(!never.starts(&never.push("main")));
}

#[test]
fn what_a_person_typed_has_the_type_that_the_workflow_says() {
    let on = json!({"workflow_dispatch": {"inputs": {
        "sure": {"type": "boolean", "default": "true"}, "many": {"type": "number"},
        "which": {"type": "choice", "options": ["a", "b"]}, "text": {"required": true},
    }}});
    let typed = Event::dispatch("main", &[("many", "3"), ("text", "x")]).typed_inputs(&on);
    assert_eq!(typed, json!({"sure": true, "many": 3, "which": "a", "text": "x"}));
    for wrong in [&[][..], &[("text", "x"), ("which", "c")], &[("text", "x"), ("other", "y")]] {
        let event = Event::dispatch("main", wrong);
        assert!(fails(|| drop(event.typed_inputs(&on))), "{wrong:?}");
    }
}

#[test]
fn what_the_interpreter_does_not_know_fails_the_test() {
    let runs = |lines: &str| drop(run_of(&[("first", lines)]));
    let steps = "    steps: [{run: 'true'}]\n";
    assert!(!fails(|| runs(steps)));
    let commit = "0".repeat(40);
    for lines in [
        format!("    steps: [{{uses: 'some/action@{commit}'}}]\n"),
        "    steps: [{uses: 'actions/checkout@v7'}]\n".to_owned(),
        format!("    steps: [{{uses: 'actions/checkout@{commit}', with: {{lfs: true}}}}]\n"),
        format!("    services: {{db: {{image: postgres}}}}\n{steps}"),
        format!("    container: debian\n{steps}"),
        format!("    if: secrets.a == 'x'\n{steps}"),
        format!("    if: unknown.a == 'x'\n{steps}"),
        "    steps: [{run: 'true', shell: pwsh}]\n".to_owned(),
    ] {
        assert!(fails(|| runs(&lines)), "{lines}");
    }
    assert!(fails(|| drop(read("name: X\non: push\njobs: {a: {runs-on: x, stepz: []}}\n"))));
}

/// Whether a test would fail by this.
fn fails(deed: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(deed)).is_err()
}
