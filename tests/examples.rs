//! The pipelines of `examples/pipelines`: applied by real Terraforms, and shown with what they write.
//!
//! `UPDATE=1` writes the page anew.

#![expect(clippy::expect_used, reason = "a test that can't go on has failed")]

use std::fs;

use serde_json::Value;
use stanchion_tests::{Provider, Terraform, Workspace, page_is, repository};

/// The examples, each with the files that it writes.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("fastapi-railway", &["api"]),
    ("nextjs-vercel", &["web"]),
    ("rust-ecs", &["orders"]),
    ("monorepo", &["api", "orders", "web"]),
];

fn text(name: &str) -> String {
    let path = repository().join("examples/pipelines").join(name).join("main.tf");
    fs::read_to_string(path).expect("an example")
}

fn path(file: &str) -> String {
    format!(".github/workflows/{file}.yml")
}

#[test]
fn every_example_is_in_the_list() {
    let folder = fs::read_dir(repository().join("examples/pipelines")).expect("a folder");
    let mut there: Vec<_> =
        folder.map(|it| it.expect("an entry").file_name().into_string().expect("a name")).collect();
    there.sort();
    let mut listed: Vec<_> = EXAMPLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    listed.sort();
    assert_eq!(listed, there);
}

#[test]
fn each_example_is_applied_and_found_again_and_its_page_shows_what_it_writes() {
    let provider = Provider::stanchion();
    let mut page = HEAD.to_owned();
    for (name, files) in EXAMPLES {
        let mut written = Vec::new();
        for terraform in Terraform::edges() {
            let workspace = Workspace::requiring(&provider, &terraform);
            let state = workspace.step(&text(name)).state;
            let now: Vec<String> = files.iter().map(|it| workspace.read(path(it))).collect();
            assert!(written.is_empty() || written == now, "{name} by {}", terraform.number());
            for (file, content) in files.iter().zip(&now) {
                let address = format!("stanchion_pipeline.{file}");
                assert_eq!(state.value(&address, "content"), content.as_str(), "{name}");
                let gate = state.value(&address, "gate_check");
                let checks = state.value(&address, "check_names");
                assert_eq!(checks.as_array().and_then(|it| it.last()), Some(&gate), "{name}");
            }
            written = now;
            workspace.destroy();
            assert!(!workspace.path().join(".github").exists(), "{name} leaves something behind");
        }
        let about = text(name);
        page.push_str(&format!("\n## {name}\n\n```terraform\n{about}```\n"));
        for (file, content) in files.iter().zip(&written) {
            page.push_str(&format!("\nIt writes `{}`:\n\n```yaml\n{content}```\n", path(file)));
        }
    }
    page_is("docs/guides/pipelines.md", &page);
}

const HEAD: &str = r#"---
page_title: "Pipelines for services"
subcategory: ""
description: |-
  Whole pipelines of services, from a commit to production and back.
---

# Pipelines for services

Each of these is a folder below `examples/pipelines`, which the tests apply with the oldest and the newest
Terraform and with OpenTofu; what each one writes is shown as it was written then.
"#;

#[test]
fn what_somebody_changes_in_a_canary_by_hand_is_found_at_its_attribute() {
    let workspace = Workspace::requiring(&Provider::stanchion(), &Terraform::newest());
    workspace.step(&text("rust-ecs"));
    let file = path("orders");
    let written = workspace.read(&file);
    let address = "stanchion_pipeline.orders";
    for (from, to, pointer, seen) in [
        (
            "WEIGHT: \"50\"",
            "WEIGHT: \"90\"",
            "/deployments/orders/strategy/canary/steps/1",
            Value::from(90),
        ),
        (
            "MAX_SIZE: \"100000000\"",
            "MAX_SIZE: \"9000000000\"",
            "/images/orders/max_size",
            "9GB".into(),
        ),
        (
            "MAX_CRITICAL: \"0\"",
            "MAX_CRITICAL: \"99\"",
            "/images/orders/max_critical_cves",
            99.into(),
        ),
        (
            "role/orders-deploy-",
            "role/administrator-",
            "/oidc/aws/role",
            "arn:aws:iam::123456789012:role/administrator-{environment}".into(),
        ),
        (
            "environment: production-rollback",
            "environment: production",
            "/environments/1/rollback_environment",
            Value::Null,
        ),
    ] {
        assert!(written.contains(from), "there is no {from}");
        workspace.write(&file, written.replace(from, to));
        let plan = workspace.plan();
        let before = &plan.change(address)["before"];
        assert_eq!(before.pointer(pointer), Some(&seen), "{to}");
        workspace.apply_plan();
        assert_eq!(workspace.read(&file), written, "{to}");
    }
    workspace.destroy();
}
