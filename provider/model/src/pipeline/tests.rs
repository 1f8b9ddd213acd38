//! The laws of the document.

use super::*;

fn pipeline() -> Pipeline {
    let job = |stage: &str, needs: &[&str], run: &str| {
        Leaf::Known(Job {
            stage: stage.into(),
            needs: Leaf::Known(Set(needs.iter().map(|it| (*it).into()).collect())),
            run: run.into(),
        })
    };
    let branches = Leaf::Known(Branches { branches: Leaf::Known(vec!["main".into()]) });
    Pipeline {
        name: "My service: CI".into(),
        triggers: Leaf::Known(Triggers { push: branches, ..Triggers::default() }),
        jobs: Leaf::Known(BTreeMap::from([
            ("lint".to_owned(), job("lint", &[], "make lint")),
            ("test".to_owned(), job("test", &["lint"], "make test\nmake report\n")),
        ])),
        held: Held::default(),
    }
}

fn found(pipeline: &Pipeline) -> Found {
    let tree = pipeline.render();
    Found {
        address: tree.address.into_known().unwrap(),
        text: Document::render(pipeline).text().into_known().unwrap(),
    }
}

/// The document as it is after it was written.
fn applied(mut pipeline: Pipeline) -> Pipeline {
    let found = found(&pipeline);
    pipeline.held = Held {
        path: found.address.as_str().into(),
        content: found.text.as_str().into(),
        sha256: found.sha256().into(),
        unmanaged: BTreeMap::new().into(),
    };
    pipeline
}

#[test]
fn what_was_rendered_is_observed_as_it_was_said() {
    let pipeline = applied(pipeline());
    let observed = Pipeline::observe(Some(&pipeline), &found(&pipeline));
    assert_eq!(observed.document, pipeline);
    assert!(observed.only_configured.is_empty());
}

#[test]
fn comments_and_quoting_are_no_drift() {
    let pipeline = applied(pipeline());
    let mut found = found(&pipeline);
    found.text = found.text.replace("make lint", "'make lint' # faster") + "# the end\n";
    assert_eq!(Pipeline::observe(Some(&pipeline), &found).document, pipeline);
}

#[test]
fn a_hand_edit_is_seen_at_its_attribute() {
    let pipeline = applied(pipeline());
    let mut found = found(&pipeline);
    found.text = found.text.replace("make lint", "make lint || true");
    let seen = Pipeline::observe(Some(&pipeline), &found).document;
    let job = seen.jobs.known().unwrap()["lint"].known().unwrap();
    assert_eq!(job.run, "make lint || true".into());
    assert_eq!(seen.held.unmanaged, BTreeMap::new().into());
    assert_ne!(seen.held.sha256, pipeline.held.sha256);
}

#[test]
fn a_script_that_yaml_takes_for_something_else_is_a_text() {
    let pipeline = applied(pipeline());
    for script in ["true", "1.50"] {
        let mut found = found(&pipeline);
        found.text = found.text.replace("run: make lint", &format!("run: {script}"));
        let seen = Pipeline::observe(Some(&pipeline), &found).document;
        assert_eq!(seen.jobs.known().unwrap()["lint"].known().unwrap().run, script.into());
    }
}

#[test]
fn what_the_model_has_no_place_for_is_unmanaged() {
    let pipeline = applied(pipeline());
    let mut found = found(&pipeline);
    found.text = found.text.replace("permissions: {}\n", "permissions: write-all\n");
    let seen = Pipeline::observe(Some(&pipeline), &found).document;
    let unmanaged = BTreeMap::from([("permissions".to_owned(), "\"write-all\"".to_owned())]);
    assert_eq!(seen.held.unmanaged, unmanaged.into());
    assert_eq!(seen.jobs, pipeline.jobs);
}

#[test]
fn a_text_that_is_no_workflow_is_drift_to_repair() {
    let pipeline = applied(pipeline());
    for text in ["jobs: [\n", "- a\n- b\n", "", "plain\n"] {
        let found = Found { text: text.to_owned(), ..found(&pipeline) };
        let seen = Pipeline::observe(Some(&pipeline), &found).document;
        assert_eq!(seen.name, pipeline.name, "{text:?}");
        assert!(seen.jobs.is_null(), "{text:?}");
        assert_eq!(seen.held.unmanaged.known().map(BTreeMap::len), Some(1), "{text:?}");
    }
}

#[test]
fn an_import_lists_what_only_a_configuration_can_hold() {
    let pipeline = applied(pipeline());
    let observed = Pipeline::observe(None, &found(&pipeline));
    let listed: Vec<String> = observed.only_configured.iter().map(ToString::to_string).collect();
    assert_eq!(listed, ["jobs[\"lint\"].stage", "jobs[\"test\"].stage"]);
    assert_eq!(observed.document.name, pipeline.name);
    assert_eq!(observed.document.triggers, pipeline.triggers);
}

#[test]
fn what_is_unknown_makes_only_what_depends_on_it_unknown() {
    let mut some = pipeline();
    if let Leaf::Known(jobs) = &mut some.jobs {
        jobs.insert("more".into(), Leaf::unknown());
    }
    let tree = some.render();
    assert_eq!(tree.address, ".github/workflows/my-service-ci.yml".into());
    assert!(tree.content.is_unknown());
    let tree = Pipeline { name: Leaf::unknown(), ..pipeline() }.render();
    assert!(tree.address.is_unknown() && tree.content.is_unknown());
}

#[test]
fn jobs_that_can_not_run_are_told() {
    let job = |needs: &[&str], stage: &str| {
        Leaf::Known(Job {
            stage: stage.into(),
            needs: Leaf::Known(Set(needs.iter().map(|it| (*it).into()).collect())),
            run: "true".into(),
        })
    };
    let jobs = BTreeMap::from([
        ("a".to_owned(), job(&["b"], "test")),
        ("b".to_owned(), job(&["a", "nobody"], "test")),
        ("c".to_owned(), job(&["d"], "lint")),
        ("d".to_owned(), job(&[], "deploy")),
        ("no id".to_owned(), job(&[], "lint")),
    ]);
    let told: Vec<String> = Pipeline { jobs: Leaf::Known(jobs), ..pipeline() }
        .check()
        .iter()
        .map(|it| format!("{} {}", it.path, it.message))
        .collect();
    assert_eq!(
        told,
        [
            "jobs[\"b\"].needs names \"nobody\", and there is no such job",
            "jobs[\"c\"].needs names \"d\", whose stage \"deploy\" comes after \"lint\"",
            "jobs[\"no id\"] has a key that is no job's id",
            "jobs[\"a\"].needs makes jobs wait for each other: a → b → a",
        ]
    );
}

#[test]
fn a_pipeline_without_a_trigger_is_refused() {
    let pipeline = Pipeline { triggers: Leaf::Known(Triggers::default()), ..pipeline() };
    assert_eq!(
        pipeline.check()[0].to_string().split(';').next(),
        Some("triggers must hold at least one trigger")
    );
}
