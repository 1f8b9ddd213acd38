//! What is told of a pipeline that can't be.

use super::*;

fn told(pipeline: &Pipeline) -> Vec<String> {
    let problems = pipeline.check();
    let errors = problems.iter().filter(|it| it.severity == stanchion_cty::Severity::Error);
    errors.map(ToString::to_string).collect()
}

#[test]
fn a_full_pipeline_is_good() {
    assert_eq!(told(&full()), [""; 0]);
}

#[test]
fn jobs_that_can_not_run_are_told() {
    let jobs = r#"{
        "a": {"stage": "test", "needs": ["b"], "run": "true"},
        "b": {"stage": "test", "needs": ["a", "nobody"], "run": "true"},
        "c": {"stage": "lint", "needs": ["d"], "run": "true"},
        "d": {"stage": "deploy", "run": "true"},
        "no id": {"stage": "lint", "run": "true"},
        "Gate": {"stage": "lint", "run": "true"},
        "changes": {"stage": "lint", "run": "true"},
        "A": {"stage": "lint", "run": "true"}
    }"#;
    let heads: Vec<String> =
        told(&with_jobs(jobs)).iter().map(|it| it.split(';').next().unwrap().to_owned()).collect();
    assert_eq!(
        heads,
        [
            "jobs[\"Gate\"] has the id of the job that is the gate",
            "jobs[\"a\"] is \"A\" to GitHub, which takes no notice of case",
            "jobs[\"b\"].needs names \"nobody\", and there is no such job",
            "jobs[\"c\"].needs names \"d\", whose stage \"deploy\" comes after \"lint\"",
            "jobs[\"changes\"] has the id of the job that is what looks at changed files",
            "jobs[\"no id\"] has a key that is no job's id",
            "jobs[\"a\"].needs makes jobs wait for each other: a → b → a",
        ]
    );
}

#[test]
fn what_a_job_says_wrongly_is_told_at_its_place_with_the_cure() {
    for (job, expected) in [
        (
            r#""steps": null"#,
            "jobs[\"a\"].run is missing, and there are no `steps`; say what the job runs",
        ),
        (
            r#""run": "x", "steps": [{"run": "y"}]"#,
            "jobs[\"a\"].run stands beside `steps`; make it one of the steps: `{ run = … }`",
        ),
        (
            r#""steps": [{"name": "x"}]"#,
            "jobs[\"a\"].steps[0] does nothing; say `run` for a script or `uses` for an action",
        ),
        (
            r#""steps": [{"run": "x", "uses": "./a"}]"#,
            "jobs[\"a\"].steps[0].uses stands beside `run`; say `run` for a script or `uses` for an action",
        ),
        (
            r#""steps": [{"run": "x", "with": {"a": "b"}}]"#,
            "jobs[\"a\"].steps[0].with is for actions, and this step is a script; give a script its values by `env`",
        ),
        (
            r#""steps": [{"uses": "./a", "working_directory": "b"}]"#,
            "jobs[\"a\"].steps[0].working_directory is for scripts, and this step is an action; take it away; many actions have an input for it",
        ),
        (
            r#""steps": [{"uses": "./a", "shell": "bash"}]"#,
            "jobs[\"a\"].steps[0].shell is for scripts, and this step is an action; take it away; many actions have an input for it",
        ),
        (
            r#""steps": [{"id": "b", "run": "x"}, {"run": "x"}, {"id": "B", "run": "x"}]"#,
            "jobs[\"a\"].steps[2].id is \"B\", as that of a step before is to GitHub; give one of them another",
        ),
        (
            r#""run": "x", "outputs": {"c": "steps.b.outputs.c"}"#,
            "jobs[\"a\"].outputs[\"c\"] refers to steps.b, which no step before has as its `id`; give a step before the `id`",
        ),
        (
            r#""run": "x", "outputs": {"c": "hashFiles('b')"}"#,
            "jobs[\"a\"].outputs[\"c\"] calls hashfiles(), which GitHub does not know here; say it in a step",
        ),
        (
            r#""run": "x", "setup": "python""#,
            "jobs[\"a\"].setup is \"python\", whose version moves by itself; name a version, as in \"python@3.12\"",
        ),
        (
            r#""run": "x", "setup": "python@latest""#,
            "jobs[\"a\"].setup is \"python@latest\", whose version moves by itself; name a version, as in \"python@3.12\"",
        ),
        (
            r#""run": "x", "setup": "rust@stable""#,
            "jobs[\"a\"].setup is \"rust@stable\", whose version moves by itself; name a version, as in \"rust@1.95\"",
        ),
        (
            r#""run": "x", "setup": "go@1""#,
            "jobs[\"a\"].setup is \"go@1\", whose version moves by itself; name a version, as in \"go@1.26\"",
        ),
        (
            r#""run": "x", "setup": "pyhton@3.12""#,
            "jobs[\"a\"].setup names \"pyhton\", which is none of python, node, go, rust, java; did you mean \"python\"?",
        ),
        (
            r#""run": "x", "setup": "go@matrix.go""#,
            "jobs[\"a\"].setup takes its version from matrix.go, which the job's matrix does not have; add \"go\" to `matrix`",
        ),
        (
            r#""run": "x", "env": {"A": "1"}, "env_from": {"A": "github.sha"}"#,
            "jobs[\"a\"].env_from[\"A\"] stands in `env` too; say it once",
        ),
        (
            r#""run": "x", "matrix": {"b": ["1"]}, "env_from": {"A": "matrix.c"}"#,
            "jobs[\"a\"].env_from[\"A\"] refers to matrix.c, which the job's matrix does not have; name one of b",
        ),
        (
            r#""run": "x", "matrix": {"python": ["1"]}, "env_from": {"A": "matrix.pyhton"}"#,
            "jobs[\"a\"].env_from[\"A\"] refers to matrix.pyhton, which the job's matrix does not have; did you mean \"python\"?",
        ),
        (
            r#""run": "x", "env_from": {"A": "needs.b.result"}"#,
            "jobs[\"a\"].env_from[\"A\"] refers to needs.b, which the job's `needs` does not have; add it to `needs`",
        ),
        (
            r#""run": "x", "env_from": {"A": "inputs.b"}"#,
            "jobs[\"a\"].env_from[\"A\"] refers to inputs.b, which `dispatch` does not have; add it to `triggers.dispatch.inputs`",
        ),
        (
            r#""run": "x", "env_from": {"A": "runner.temp"}"#,
            "jobs[\"a\"].env_from[\"A\"] refers to runner, which GitHub does not know here; name one of github, needs, strategy, matrix, vars, secrets, inputs",
        ),
        (
            r#""run": "x", "env_from": {"A": "hashFiles('a')"}"#,
            "jobs[\"a\"].env_from[\"A\"] calls hashfiles(), which GitHub does not know here; say it in a step",
        ),
        (
            r#""steps": [{"run": "x", "if": "secrets.A == 'b'"}]"#,
            "jobs[\"a\"].steps[0].if refers to secrets, which GitHub does not know here; name one of github, needs, strategy, matrix, vars, inputs, job, runner, env, steps",
        ),
        (
            r#""steps": [{"run": "x", "env_from": {"A": "always()"}}]"#,
            "jobs[\"a\"].steps[0].env_from[\"A\"] calls always(), which GitHub does not know here; say it in the `if` of a step",
        ),
        (
            r#""run": "x", "env_from": {"A": "secrets.B"}"#,
            "jobs[\"a\"].env_from[\"A\"] uses the secret B, and the job runs in no environment; say in `environment` which one holds it, so that other jobs can't read it",
        ),
        (
            r#""run": "x", "timeout": "361m""#,
            "jobs[\"a\"].timeout is 6h1m, and GitHub ends each job after 6h; say \"6h\" at most, or split the job",
        ),
        (
            r#""steps": [{"uses": "actions/checkout", "with": {"path": "b"}}]"#,
            "jobs[\"a\"].steps[0].uses leaves the token of the checkout in the folder; say `with = { persist-credentials = \"false\" }`",
        ),
        (
            r#""run": "x", "permissions": {"contents": {"access": "none", "reason": "x"}}"#,
            "jobs[\"a\"].permissions[\"contents\"].access is \"none\", with which the repository can't be checked out; take the permission away: the job reads the repository without it",
        ),
        (
            r#""run": "x", "permissions": {"id-token": {"access": "read", "reason": "x"}}"#,
            "jobs[\"a\"].permissions[\"id-token\"].access is \"read\", which there is not for id-token; say \"write\" or \"none\"",
        ),
        (
            r#""steps": [{"uses": "actions/cache@v5", "with": {"path": "a", "key": "b"}}]"#,
            "jobs[\"a\"].steps[0].uses is \"actions/cache@v5\", and \"v5\" can be moved to other code; say \"actions/cache\", which is pinned to v5.0.5, or name a commit",
        ),
        (
            r#""steps": [{"uses": "actions/cache", "with": {"paths": "a", "path": "a", "key": "b"}}]"#,
            "jobs[\"a\"].steps[0].with[\"paths\"] is no input of actions/cache v5.0.5; did you mean \"path\"?",
        ),
        (
            r#""steps": [{"uses": "actions/cache", "with": {"path": "a"}}]"#,
            "jobs[\"a\"].steps[0] lacks the input \"key\", which actions/cache requires; say `with = { key = \"…\" }`",
        ),
    ] {
        let jobs = format!(r#"{{"a": {{"stage": "lint", {job}}}}}"#);
        assert_eq!(told(&with_jobs(&jobs)), [expected], "{job}");
    }
}

#[test]
fn a_matrix_that_is_not_what_it_says_is_told() {
    let long = "x".repeat(99);
    let many: Vec<String> = (0..250).map(|it| format!("\"{it}\"")).collect();
    let more: Vec<String> = (0..7).map(|it| format!(r#"{{"b": "more {it}"}}"#)).collect();
    for (matrix, expected) in [
        (
            r#""matrix": {"os": ["a"]}, "matrix_include": [{"os": "b"}, {}]"#.to_owned(),
            "matrix_include[1] adds nothing, as it is empty; say the values that it has, or take it out",
        ),
        (
            r#""matrix": {"python": ["3.11"]}, "matrix_exclude": [{"pyhton": "3.11"}]"#.to_owned(),
            "matrix_exclude[0][\"pyhton\"] leaves out by \"pyhton\", which `matrix` does not have; did you mean \"python\"?",
        ),
        (
            r#""matrix": {"python": ["3.11", "3.12"]}, "matrix_exclude": [{"python": "3.13"}]"#
                .to_owned(),
            "matrix_exclude[0][\"python\"] is \"3.13\", which python never is; did you mean \"3.11\"?",
        ),
        (
            r#""matrix_exclude": [{"python": "3.13"}], "matrix_include": [{"a": "b"}]"#.to_owned(),
            "matrix_exclude[0][\"python\"] leaves out by \"python\", which `matrix` does not have; give the job a `matrix`",
        ),
        (
            r#""matrix": {"os": ["Linux"]}, "matrix_exclude": [{"os": "linux"}]"#.to_owned(),
            "matrix_exclude leaves no combination; leave out fewer",
        ),
        (
            format!(
                r#""matrix": {{"b": [{}]}}, "matrix_include": [{}]"#,
                many.join(", "),
                more.join(", ")
            ),
            "matrix_include makes more than 256 combinations; include fewer",
        ),
        (
            format!(r#""matrix_include": [{{"b": "{long}"}}]"#),
            &format!(
                "matrix makes a check of more than 100 characters, \"a ({long})\"; shorten the values, or give them names by a script"
            ),
        ),
    ] {
        let jobs = format!(r#"{{"a": {{"stage": "lint", "run": "x", {matrix}}}}}"#);
        assert_eq!(told(&with_jobs(&jobs)), [format!("jobs[\"a\"].{expected}")], "{matrix}");
    }
}

#[test]
fn an_output_and_a_step_that_there_is_not_are_told_where_they_are_asked_for() {
    for (asks, expected) in [
        ("needs.a.outputs.digest", None),
        ("needs.A.outputs.DIGEST || needs.a.result", None),
        ("needs.*.outputs.digest", None),
        (
            "needs.a.outputs.digst",
            Some(
                "refers to needs.a.outputs.digst, which the job \"a\" does not have; did you mean \"digest\"?",
            ),
        ),
        (
            "needs.c.outputs.digest",
            Some(
                "refers to needs.c.outputs.digest, which the job \"c\" does not have; add it to `jobs.c.outputs`",
            ),
        ),
        (
            "needs.a.output.digest",
            Some("refers to needs.a.output, which GitHub does not have; did you mean \"outputs\"?"),
        ),
        ("steps.first.outputs.any && steps.first.outcome == 'success'", None),
        (
            "steps.second.outputs.x",
            Some("refers to steps.second, which no step before has as its `id`; name one of first"),
        ),
        (
            "steps.frist.outputs.x",
            Some(
                "refers to steps.frist, which no step before has as its `id`; did you mean \"first\"?",
            ),
        ),
        (
            "steps.first.output.x",
            Some(
                "refers to steps.first.output, which GitHub does not have; did you mean \"outputs\"?",
            ),
        ),
    ] {
        let jobs = r#"{
            "a": {"stage": "lint", "outputs": {"digest": "steps.x.outputs.y"}, "steps": [{"id": "x", "run": "y"}]},
            "b": {"stage": "test", "needs": ["a", "c"], "steps": [
                {"id": "first", "run": "x"},
                {"id": "second", "run": "x", "env_from": {"IT": "ASKS"}}
            ]},
            "c": {"stage": "lint", "run": "x"}
        }"#;
        let expected = expected.map(|it| format!("jobs[\"b\"].steps[1].env_from[\"IT\"] {it}"));
        let expected: Vec<String> = expected.into_iter().collect();
        assert_eq!(told(&with_jobs(&jobs.replace("ASKS", asks))), expected, "{asks}");
    }
}

#[test]
fn a_release_is_built_of_nothing_that_another_run_left() {
    let text = r#"{"name": "CI", "triggers": {"push": {"tags": ["v*"]}}, "jobs": {
        "a": {"stage": "build", "run": "x", "setup": "go@1.26", "cache": {"paths": ["b"]}}
    }}"#;
    let pipeline = pipeline(text);
    assert_eq!(
        told(&pipeline),
        ["jobs[\"a\"].cache keeps files, and a pipeline that tags start keeps none: a release is \
          built of nothing that another run left; take it away, or give the tags a pipeline of their \
          own"]
    );
    assert!(!found(&pipeline).text.contains("go-build"));
}

#[test]
fn what_a_trigger_says_wrongly_is_told() {
    for (triggers, expected) in [
        (
            r#"{}"#,
            "triggers must hold at least one trigger; say `push = {}` to run it at every push",
        ),
        (
            r#"{"merge_group": false}"#,
            "triggers must hold at least one trigger; say `push = {}` to run it at every push",
        ),
        (
            r#"{"dispatch": {"inputs": {"a": {"description": "b", "type": "choice"}}}}"#,
            "triggers.dispatch.inputs[\"a\"].options is missing for the type \"choice\"; name the answers",
        ),
        (
            r#"{"dispatch": {"inputs": {"a": {"description": "b", "options": ["c"]}}}}"#,
            "triggers.dispatch.inputs[\"a\"].options has no meaning for the type \"string\"; say `type = \"choice\"`",
        ),
        (
            r#"{"dispatch": {"inputs": {"a": {"description": "b", "type": "boolean", "default": "yes"}}}}"#,
            "triggers.dispatch.inputs[\"a\"].default is \"yes\", which is no answer of the type \"boolean\"; give one",
        ),
    ] {
        let text =
            r#"{"name": "CI", "triggers": TRIGGERS, "jobs": {"a": {"stage": "lint", "run": "x"}}}"#;
        assert_eq!(told(&pipeline(&text.replace("TRIGGERS", triggers))), [expected], "{triggers}");
    }
}
