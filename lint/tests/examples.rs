//! The two examples that the demonstration lints: one that is as the rules want it, and one with a
//! fault for each rule.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::path::Path;

use common::{counts_of, stanchion};
use serde_json::Value;
use stanchion::rules::RULES;

/// Rules whose faults have no way on which a value came, and why.
const WITHOUT_CHAIN: &[(&str, &str)] = &[
    ("drift-ignored", "what is ignored is named by literal words"),
    ("drift-local-state", "it is about what is not written"),
    ("drift-unpinned-provider", "a version constraint is a literal"),
    ("refused-configuration", "Terraform tells one place"),
    ("suppression-without-effect", "it is about a comment"),
    ("unreadable-file", "it is about a file's text"),
];

#[test]
fn the_clean_example_has_no_finding_and_one_image_that_only_the_pipeline_knows() {
    let document = lint("infra", 0, &[]);
    assert_eq!(document["findings"], Value::Array(Vec::new()), "{document:#}");
    assert_eq!(document["excused"], Value::Array(Vec::new()));
    assert_eq!(document["not_read"], Value::Array(Vec::new()));
    let unknown = document["unknown"].as_array().unwrap();
    assert_eq!(unknown.len(), 1, "{document:#}");
    assert_eq!(unknown[0]["rule"], "image-floating-tag");
    assert_eq!(unknown[0]["address"], "module.catalog.aws_ecs_task_definition.this");
    assert_eq!(unknown[0]["why"], "var.catalog_release has no value");
    let summary = &document["summary"];
    assert_eq!((&summary["roots"], &summary["instances"]), (&2.into(), &21.into()));
    assert_eq!(counts_of(&document, "image-floating-tag"), (7, 0, 1));
    assert_eq!(counts_of(&document, "secret-literal"), (4, 0, 0));
    let document = lint("infra", 0, &["--var", "catalog_release=1.4.2", "--fail-on-unknown"]);
    assert_eq!(counts_of(&document, "image-floating-tag"), (8, 0, 0));
}

#[test]
fn the_broken_example_has_one_fault_for_each_rule_and_shows_how_it_came_there() {
    let document = lint("infra-broken", 1, &[]);
    let findings = document["findings"].as_array().unwrap();
    for rule in RULES {
        let of_rule: Vec<_> = findings.iter().filter(|it| it["rule"] == rule.id).collect();
        let [finding] = of_rule[..] else {
            panic!("examples/infra-broken has {} faults for {}, not one", of_rule.len(), rule.id)
        };
        let steps = finding["chain"].as_array().unwrap();
        let has_none = WITHOUT_CHAIN.iter().any(|(id, _)| *id == rule.id);
        assert_eq!(steps.is_empty(), has_none, "{finding:#}");
        if let Some(origin) = steps.last() {
            assert_ne!(origin["place"]["path"], finding["place"]["path"], "{finding:#}");
        }
    }
    assert_eq!(findings.len(), RULES.len(), "a finding of no rule");
    assert_eq!(document["unknown"], Value::Array(Vec::new()), "{document:#}");
}

/// What `lint --format json` says about an example, after which it must have ended so.
fn lint(example: &str, status: i32, more: &[&str]) -> Value {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = format!("examples/{example}");
    let run = stanchion(&repository, &[&["lint", &path, "--format", "json"], more].concat());
    assert_eq!((run.status, run.err.as_str()), (status, ""), "{}", run.out);
    serde_json::from_str(&run.out).unwrap()
}
