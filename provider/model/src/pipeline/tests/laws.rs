//! What is written is read, and what is read is what was meant.

use super::*;

#[test]
fn what_was_rendered_is_observed_as_it_was_said() {
    for some in [full(), with_jobs(r#"{"a": {"stage": "lint", "run": "x", "needs": []}}"#)] {
        let pipeline = applied(some);
        let observed = Pipeline::observe(Some(&pipeline), &found(&pipeline));
        assert_eq!(observed.document, pipeline);
        assert_eq!(observed.document.render(), pipeline.render());
    }
}

#[test]
fn an_import_says_the_same_document_and_lists_what_only_a_configuration_can_hold() {
    let pipeline = applied(full());
    let observed = Pipeline::observe(None, &found(&pipeline));
    let listed: Vec<String> = observed.only_configured.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "jobs[\"build\"].stage",
            "jobs[\"build\"].expected",
            "jobs[\"lint\"].stage",
            "jobs[\"lint\"].expected",
            "jobs[\"look\"].expected",
            "jobs[\"ship\"].expected",
            "jobs[\"test\"].stage",
            "jobs[\"test\"].permissions[\"pull-requests\"].reason",
            "jobs[\"test\"].expected",
        ]
    );
    let imported = observed.document;
    assert_eq!(imported.held.unmanaged, BTreeMap::new().into());
    assert_eq!(imported.name, pipeline.name);
    assert_eq!(imported.triggers, pipeline.triggers);
    assert_eq!(imported.concurrency, pipeline.concurrency);
    assert_eq!(job(&imported, "lint").timeout.timeout, "12m".into());
    let (ours, theirs) = (job(&pipeline, "test"), job(&imported, "test"));
    assert_eq!(theirs.setup, ours.setup);
    assert_eq!(theirs.cache, ours.cache);
    assert_eq!(theirs.coverage, ours.coverage);
    assert_eq!(theirs.matrix, ours.matrix);
    assert_eq!(
        theirs.paths.paths,
        Leaf::Known(vec!["services/api/**".into(), ".github/workflows/my-service-ci.yml".into()])
    );
    assert_eq!(theirs.variables, ours.variables);
    assert_eq!(theirs.work.steps.known().unwrap().len(), 5);
    // Without the user's own pins an action stands there with its commit.
    let uses =
        |job: &Job, i: usize| job.work.steps.known().unwrap()[i].known().unwrap().uses.clone();
    assert_eq!(uses(theirs, 1), "actions/upload-artifact".into());
    assert_eq!(uses(theirs, 2), "me/mine@0123456789abcdef0123456789abcdef01234567".into());
}

#[test]
fn comments_and_quoting_are_no_drift() {
    let pipeline = applied(full());
    let mut found = found(&pipeline);
    found.text = found.text.replace("run: make lint", "run: 'make lint' # faster") + "# the end\n";
    assert_eq!(Pipeline::observe(Some(&pipeline), &found).document, pipeline);
}

#[test]
fn a_hand_edit_is_seen_at_its_attribute() {
    let pipeline = applied(full());
    type Seen = fn(&Pipeline) -> String;
    let cases: &[(&str, &str, Seen, &str)] = &[
        (
            "run: make lint",
            "run: make lint || true",
            |it| text(&job(it, "lint").work.run),
            "make lint || true",
        ),
        (
            "timeout-minutes: 12",
            "timeout-minutes: 90",
            |it| text(&job(it, "lint").timeout.timeout),
            "1h30m",
        ),
        (
            "go-version: \"1.26\"",
            "go-version: \"1.27\"",
            |it| text(&job(it, "look").setup.setup),
            "go@1.27",
        ),
        (
            "FLOOR: \"80.5\"",
            "FLOOR: \"8\"",
            |it| {
                let floor = &job(it, "test").coverage.coverage.known().unwrap().floor;
                floor.known().unwrap().to_string()
            },
            "8",
        ),
        (
            "SHA: ${{ github.sha }}",
            "SHA: ${{ github.ref }}",
            |it| text(&job(it, "test").variables.env_from.known().unwrap()["SHA"]),
            "github.ref",
        ),
        (
            "test services/api/**",
            "test services/**",
            |it| text(&job(it, "test").paths.paths.known().unwrap()[0]),
            "services/**",
        ),
        (
            "--health-interval 60s",
            "--health-interval 7s",
            |it| {
                let service = &job(it, "test").services.services.known().unwrap()["db"];
                text(&service.known().unwrap().health.known().unwrap().interval)
            },
            "7s",
        ),
        (
            "pull-requests: write # to comment",
            "pull-requests: read",
            |it| {
                let all = job(it, "test").permissions.permissions.known().unwrap();
                let it = all["pull-requests"].known().unwrap();
                format!("{} {}", text(&it.access), text(&it.reason))
            },
            "read to comment",
        ),
        (
            "cron: 0 4 * * 1",
            "cron: 0 5 * * 1",
            |it| text(&it.triggers.known().unwrap().schedule.schedule.known().unwrap()[0]),
            "0 5 * * 1",
        ),
        (
            "group: service-",
            "group: other-",
            |it| text(&it.concurrency.known().unwrap().group),
            "other",
        ),
    ];
    for (from, to, seen, expected) in cases {
        let mut found = found(&pipeline);
        assert!(found.text.contains(from), "{from} is not in\n{}", found.text);
        found.text = found.text.replace(from, to);
        let document = Pipeline::observe(Some(&pipeline), &found).document;
        assert_eq!(seen(&document), *expected, "{to}");
        assert_eq!(document.held.unmanaged, BTreeMap::new().into(), "{to}");
        assert_ne!(document.held.sha256, pipeline.held.sha256, "{to}");
    }
}

fn text(leaf: &Leaf<String>) -> String {
    leaf.known().unwrap().clone()
}

#[test]
fn a_script_that_yaml_takes_for_something_else_is_a_text() {
    let pipeline = applied(full());
    // GitHub's parser makes a text of a number in its shortest form.
    for (script, text) in [("true", "true"), ("1.50", "1.5")] {
        let mut found = found(&pipeline);
        found.text = found.text.replace("run: make lint", &format!("run: {script}"));
        let seen = Pipeline::observe(Some(&pipeline), &found).document;
        assert_eq!(job(&seen, "lint").work.run, text.into());
        assert_eq!(seen.held.unmanaged, BTreeMap::new().into());
    }
}

#[test]
fn what_the_model_has_no_place_for_is_unmanaged() {
    let pipeline = applied(full());
    for (from, to, path, line) in [
        (
            "permissions: {}\nconcurrency",
            "permissions: write-all\nconcurrency",
            "permissions",
            "\"write-all\"",
        ),
        ("name: My service: CI gate", "name: x", "jobs.gate.name", "\"x\""),
        ("shell: bash", "shell: sh", "defaults.run.shell", "\"sh\""),
        (
            "    runs-on: ubuntu-24.04\n    permissions:\n      contents: read # to check the repository out\n    timeout-minutes: 12",
            "    runs-on: macos-15\n    permissions:\n      contents: read\n    timeout-minutes: 12",
            "jobs.lint.runs-on",
            "\"macos-15\"",
        ),
        (
            "PYTHON: ${{ matrix.python }}",
            "PYTHON: v${{ matrix.python }}",
            "jobs.test.env.PYTHON",
            "\"v${{ matrix.python }}\"",
        ),
    ] {
        let mut found = found(&pipeline);
        let quoted = from.replace("name: My service: CI gate", "name: \"My service: CI gate\"");
        assert!(found.text.contains(&quoted), "{from} is not in\n{}", found.text);
        found.text = found.text.replacen(&quoted, to, 1);
        let seen = Pipeline::observe(Some(&pipeline), &found).document;
        let unmanaged = BTreeMap::from([(path.to_owned(), line.to_owned())]);
        if path.contains("PYTHON") {
            assert_eq!(
                text(&job(&seen, "test").variables.env_from.known().unwrap()["PYTHON"]),
                "format('v{0}', matrix.python)"
            );
        } else {
            assert_eq!(seen.held.unmanaged, unmanaged.into(), "{to}");
            assert_eq!(seen.jobs, pipeline.jobs, "{to}");
        }
    }
}

#[test]
fn a_text_that_is_no_workflow_is_drift_to_repair() {
    let pipeline = applied(full());
    for text in
        ["jobs: [\n", "- a\n- b\n", "", "plain\n", "jobs: 1\non: {push: 1}\nconcurrency: x\n"]
    {
        let found = Found { text: text.to_owned(), ..found(&pipeline) };
        let seen = Pipeline::observe(Some(&pipeline), &found).document;
        assert_eq!(seen.name, pipeline.name, "{text:?}");
        assert_ne!(seen.jobs, pipeline.jobs, "{text:?}");
        assert_ne!(seen.held.unmanaged, BTreeMap::new().into(), "{text:?}");
    }
}

#[test]
fn what_is_unknown_makes_only_what_depends_on_it_unknown() {
    let mut some = applied(full());
    if let Leaf::Known(jobs) = &mut some.jobs
        && let Some(Leaf::Known(job)) = jobs.get_mut("lint")
    {
        job.work.run = Leaf::unknown();
        job.permissions.permissions = Leaf::unknown();
    }
    some.complete();
    let tree = some.render();
    assert_eq!(tree.address, ".github/workflows/my-service-ci.yml".into());
    assert!(tree.content.is_unknown());
    assert_eq!(some.computed, applied(full()).computed, "names and ways don't depend on a script");
    let mut nameless = Pipeline { name: Leaf::unknown(), ..full() };
    nameless.complete();
    let tree = nameless.render();
    assert!(tree.address.is_unknown() && tree.content.is_unknown());
    assert!(
        nameless.computed.check_names.is_unknown() && nameless.computed.gate_check.is_unknown()
    );
    assert_eq!(nameless.computed.critical_path, applied(full()).computed.critical_path);
    let mut jobless = Pipeline { jobs: Leaf::unknown(), ..full() };
    jobless.complete();
    assert!(jobless.check().is_empty());
    assert_eq!(jobless.computed.gate_check, "My service: CI gate".into());
    assert!(jobless.computed.critical_path.is_unknown());
}
