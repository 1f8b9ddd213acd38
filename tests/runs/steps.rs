//! The interpreter's steps against what GitHub documents, with workflows that are written by hand: what
//! a condition means, what one step leaves to the next, what a script sees, how it is cancelled.

use super::repository::Repository;
use super::run::Outcome::{Cancelled, Failure, Success};
use super::run::Run;
use super::semantics::WAITS;

/// A workflow of one job, with lines of its own and steps.
fn repository(lines: &str, steps: &str) -> Repository {
    let steps: String =
        steps.trim_matches('\n').lines().map(|it| format!("      {it}\n")).collect();
    Repository::new(&format!(
        "name: Tested\non: push\nenv: {{WHERE: workflow, ALL: workflow}}\njobs:\n  job:\n    \
         runs-on: ubuntu-24.04\n{lines}    steps:\n{steps}"
    ))
}

fn run_of(lines: &str, steps: &str) -> Run {
    let repository = repository(lines, steps).cancelled_once("job", "waiting");
    repository.run(&repository.push("main"))
}

/// Steps that each print a letter under a condition, and a first one.
fn after(first: &str) -> String {
    let conditions = [
        ("a", ""),
        ("b", "success()"),
        ("c", "failure()"),
        ("d", "cancelled()"),
        ("e", "always()"),
        ("f", "${{ !cancelled() }}"),
        ("g", "steps.first.outcome == 'success'"),
        ("h", "always() && steps.first.outcome == 'failure'"),
        ("i", "always() && job.status == 'cancelled'"),
    ];
    let step = |(letter, condition): (&str, &str)| {
        let said =
            if condition.is_empty() { String::new() } else { format!("  if: {condition}\n") };
        format!("- run: printf {letter}\n{said}")
    };
    format!("- id: first\n  run: \"{first}\"\n{}", conditions.map(step).concat())
}

#[test]
fn a_condition_of_a_step_looks_at_what_became_of_the_job_so_far() {
    for (first, printed, result) in [
        ("true", "a b e f g", Success),
        ("false", "c e f h", Failure),
        (WAITS, "waiting d e i", Cancelled),
    ] {
        let run = run_of("", &after(first));
        let words: Vec<_> = run.log("job").split_whitespace().collect();
        assert_eq!((words.join(" ").as_str(), run.result("job")), (printed, result), "{run}");
    }
    let forgiven = "- {id: first, run: 'false', continue-on-error: true}\n\
                    - run: echo '${{ steps.first.outcome }} ${{ steps.first.conclusion }}'\n";
    let run = run_of("", forgiven);
    assert_eq!((run.log("job"), run.result("job")), ("failure success\n", Success));
}

#[test]
fn a_step_leaves_outputs_variables_and_paths_to_those_after_it() {
    let steps = r#"
- id: first
  run: |
    echo 'word=a=b c' >> "$GITHUB_OUTPUT"
    printf 'lines<<END\none\ntwo\nEND\n' >> "$GITHUB_OUTPUT"
    echo 'KEPT=kept' >> "$GITHUB_ENV"
    mkdir -p "$RUNNER_TEMP/bin" && printf '#!/bin/sh\necho tool\n' > "$RUNNER_TEMP/bin/tool"
    chmod +x "$RUNNER_TEMP/bin/tool" && echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
    echo '# Title' >> "$GITHUB_STEP_SUMMARY"
    echo "kept: ${KEPT:-no}"
- env: {LINES: '${{ steps.first.outputs.lines }}', OWN: '${{ env.KEPT }}!'}
  run: |
    echo "${{ steps.first.outputs.word }} | $LINES | $KEPT | $OWN | ${{ env.OWN }}"
    tool
- run: echo "${OWN:-gone} ${{ steps.first.outputs.none }}."
"#;
    let run = run_of("", steps);
    let expected = "kept: no\na=b c | one\ntwo | kept | kept! | kept!\ntool\ngone .\n";
    assert_eq!((run.log("job"), run.result("job")), (expected, Success));
    assert_eq!(run.jobs["job"].summary, "# Title\n");
    let run = run_of("", "- run: echo 'no value' >> \"$GITHUB_OUTPUT\"\n- run: echo after\n");
    assert_eq!(run.result("job"), Failure, "{run}");
    assert!(run.log("job").contains("Invalid format 'no value'"), "{run}");
}

#[test]
fn a_script_sees_the_nearest_variables_and_nothing_of_the_test() {
    let steps = r#"
- run: echo "$WHERE $ALL $GITHUB_REF_NAME $GITHUB_JOB $CI $RUNNER_OS ${{ vars.PLACE }}"
- env: {WHERE: step}
  run: echo "$WHERE ${{ env.WHERE }}"
- run: env | grep -c CARGO_ || true
- run: git status
- run: mkdir -p a/b && cd a/b && pwd > there
- run: cat there
  working-directory: a/b
- run: '[ "$PWD" = "$GITHUB_WORKSPACE" ] && [ "$PWD" = "${{ github.workspace }}" ] && jq -r .before "$GITHUB_EVENT_PATH"'
"#;
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let repository = repository("    env: {WHERE: job}\n", steps).with_variable("PLACE", "here");
    let repository = repository.with_program("git", "echo \"no git: $*\"");
    let run = repository.run(&repository.push("main"));
    let log = run.log("job");
    assert!(
        log.starts_with("job workflow main job true Linux here\nstep step\n0\nno git: status\n/"),
        "{run}"
    );
    assert!(log.ends_with(&format!("/checkout/a/b\n{}\n", "0".repeat(40))), "{run}");
    assert_eq!(run.result("job"), Success);
}

#[test]
fn a_shell_that_is_named_fails_with_the_first_of_a_pipe_and_one_that_is_not_does_not() {
    let piped = "- run: false | cat\n";
    assert_eq!(run_of("", piped).result("job"), Success);
    let named = "    defaults: {run: {shell: bash}}\n";
    assert_eq!(run_of(named, piped).result("job"), Failure);
    assert_eq!(run_of("", "- run: false; true\n").result("job"), Failure);
}

#[test]
fn a_secret_is_only_there_where_the_jobs_environment_holds_it_and_leaves_no_job() {
    let steps = "- id: first\n  run: echo \"said=$WORD\" >> \"$GITHUB_OUTPUT\"; echo \"<$WORD>\"\n  \
                 env: {WORD: '${{ secrets.WORD }}'}\n- run: echo ::add-mask::hidden\n";
    let outputs =
        "    outputs: {said: 'x${{ steps.first.outputs.said }}', b: hidden word, c: open}\n";
    for (lines, said) in [
        ("", "<>\n"),
        ("    environment: staging\n", "<>\n"),
        ("    environment: production\n", "<a secret>\n"),
        ("    environment: {name: production, url: 'https://${{ github.job }}'}\n", "<a secret>\n"),
    ] {
        let repository = repository(&format!("{lines}{outputs}"), steps);
        let repository = repository.holding("production", "WORD", "a secret");
        let run = repository.run(&repository.push("main"));
        assert!(run.log("job").starts_with(said), "{lines}: {run}");
        let told = &run.jobs["job"].outputs;
        assert_eq!(told.get("said").map(String::as_str), (said == "<>\n").then_some("x"), "{run}");
        assert_eq!((told.get("b"), told["c"].as_str()), (None, "open"), "{run}");
        let url = if lines.contains("url") { "https://job" } else { "" };
        assert_eq!(run.jobs["job"].url, url);
    }
}

#[test]
fn a_script_that_is_cancelled_is_interrupted_then_terminated_and_what_it_started_is_killed() {
    let steps = r#"
- run: |
    (sleep 20; touch late) &
    trap 'echo interrupted' INT
    trap 'echo terminated; exit 0' TERM
    echo waiting
    while :; do sleep 0.1; done
- run: echo after
- if: cancelled()
  run: "[ ! -e late ] && echo cleaned"
"#;
    let run = run_of("", steps);
    assert_eq!(run.log("job"), "waiting\ninterrupted\nterminated\ncleaned\n");
    assert_eq!(run.result("job"), Cancelled);
}

#[test]
fn the_checkout_is_the_commit_and_needs_the_permission_to_read() {
    let uses = format!("actions/checkout@{}", "0".repeat(40));
    let steps = format!("- uses: {uses}\n- run: ls; git log --oneline | wc -l\n");
    let allowed = "    permissions: {contents: read}\n";
    let of = |lines: &str, steps: &str| {
        let repository = repository(lines, steps).committed(&[("a.txt", "a")]);
        repository.run(&repository.push("main"))
    };
    let run = of(allowed, &steps);
    assert_eq!(run.log("job"), "uses actions/checkout\na.txt\n1\n", "{run}");
    let deep = steps.replace("\n- run", "\n  with: {fetch-depth: 0}\n- run");
    assert!(of(allowed, &deep).log("job").ends_with("a.txt\n2\n"));
    assert_eq!(of("    permissions: {}\n", &steps).result("job"), Failure);
}
