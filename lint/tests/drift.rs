//! What lets a configuration and what it made drift apart.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::{counts_of, folder, lint, lint_all, stanchion};

const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);
const NONE: (u64, u64, u64) = (0, 0, 0);

const PROVIDER: &str = "provider \"aws\" {\n  region = \"eu-central-1\"\n}\n";

#[test]
fn a_state_is_on_the_disk_or_elsewhere() {
    let rule = "drift-local-state";
    for (text, expected) in [
        ("terraform {\n  backend \"local\" {\n  }\n}", FAIL),
        ("terraform {\n  backend \"s3\" {\n  }\n}", PASS),
        ("terraform {\n  cloud {\n  }\n}", PASS),
        (PROVIDER, FAIL),
        ("provider \"azurerm\" {\n  features {\n  }\n}", FAIL),
        ("provider \"aws\" {\n  alias = \"handed_in\"\n}", NONE),
        ("resource \"aws_instance\" \"a\" {\n}", NONE),
        ("variable \"a\" {\n}", NONE),
    ] {
        let document = lint(text);
        assert_eq!(counts_of(&document, rule), expected, "{text}: {document:#}");
    }
    let json = lint_all(&[("main.tf.json", r#"{"terraform": {"backend": {"local": {}}}}"#)]);
    assert_eq!(counts_of(&json, rule), FAIL, "{json:#}");
}

#[test]
fn what_lies_beside_a_module_tells_that_it_is_applied() {
    let rule = "drift-local-state";
    for beside in ["prod.tfvars", "prod.tfvars.json", ".terraform.lock.hcl"] {
        let text = if beside.ends_with("json") { "{}" } else { "" };
        let document = lint_all(&[("main.tf", "variable \"a\" {\n}\n"), (beside, text)]);
        assert_eq!(counts_of(&document, rule), FAIL, "{beside}");
        let place = &document["findings"][0]["place"];
        assert_eq!((&place["path"], &place["line"]), (&"main.tf".into(), &1.into()), "{beside}");
    }
}

#[test]
fn a_module_that_is_called_has_no_state_and_an_example_is_not_kept() {
    let rule = "drift-local-state";
    let main = format!("{PROVIDER}module \"m\" {{\n  source = \"./m\"\n}}\n");
    let files =
        [("main.tf", &*main), ("m/main.tf", PROVIDER), ("examples/small/main.tf", PROVIDER)];
    let document = lint_all(&files);
    assert_eq!(counts_of(&document, rule), (1, 1, 0), "{document:#}");
    assert_eq!(counts_of(&document, "drift-unpinned-provider"), (1, 1, 0), "{document:#}");
    let folder = folder(&files);
    let settings = "[rules.drift-local-state]\nexamples = []\n";
    std::fs::write(folder.path().join("stanchion.toml"), settings).unwrap();
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    assert_eq!((run.status, &*run.err), (1, ""));
    let document = serde_json::from_str(&run.out).unwrap();
    assert_eq!(counts_of(&document, rule), (0, 2, 0), "{document:#}");
}

/// A root module that is applied, with such an entry for a provider.
fn required(entry: &str) -> String {
    format!("terraform {{\n  required_providers {{\n    {entry}\n  }}\n  cloud {{\n  }}\n}}\n")
}

#[test]
fn a_provider_is_bounded_above_or_not() {
    let rule = "drift-unpinned-provider";
    let used = "resource \"aws_instance\" \"a\" {\n}\n";
    for (text, expected) in [
        (required("aws = { source = \"hashicorp/aws\", version = \"~> 5.0\" }"), PASS),
        (required("aws = { source = \"hashicorp/aws\", version = \">= 5.0, < 7\" }"), PASS),
        (required("aws = { source = \"hashicorp/aws\", version = \">= 5.0\" }"), FAIL),
        (required("aws = { source = \"hashicorp/aws\" }"), FAIL),
        (required("aws = \"~> 3.0\""), PASS),
        (required("own = { source = \"hashicorp/aws\", version = \"5.1.0\" }"), (1, 1, 0)),
        (required(""), FAIL),
        (required("terraform = { source = \"terraform.io/builtin/terraform\" }"), FAIL),
        ("provider \"aws\" {\n  version = \"~> 2.0\"\n  region = \"x\"\n}\n".to_owned(), PASS),
        (PROVIDER.to_owned(), FAIL),
        (String::new(), NONE),
    ] {
        let text = format!(
            "{text}{}resource \"terraform_data\" \"d\" {{\n}}\n",
            if text.contains("own") {
                used.replace("{\n", "{\n  provider = x.y\n")
            } else {
                used.into()
            }
        );
        let document = lint(&text);
        assert_eq!(counts_of(&document, rule), expected, "{text}: {document:#}");
    }
}

#[test]
fn a_resource_says_which_provider_it_has() {
    let rule = "drift-unpinned-provider";
    let own = required("own = { source = \"hashicorp/aws\", version = \"5.1.0\" }");
    for provider in ["own", "own.west", "\"own.west\"", "own.by[\"a\"]"] {
        let text =
            format!("{own}resource \"aws_instance\" \"a\" {{\n  provider = {provider}\n}}\n");
        assert_eq!(counts_of(&lint(&text), rule), PASS, "{provider}");
    }
    let json = r#"{"terraform": {"cloud": {}, "required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5"}}}, "resource": {"aws_instance": {"a": {"provider": "aws.west"}}}}"#;
    assert_eq!(counts_of(&lint_all(&[("main.tf.json", json)]), rule), FAIL);
}

#[test]
fn a_lock_file_or_a_module_that_is_called_pins_a_provider_too() {
    let rule = "drift-unpinned-provider";
    let main = format!(
        "{}module \"m\" {{\n  source = \"./m\"\n}}\n",
        required("aws = { source = \"hashicorp/aws\", version = \">= 5.0\" }")
    );
    let module = |version: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    a = {{ source = \"hashicorp/aws\", version = \"{version}\" }}\n  }}\n}}\n"
        )
    };
    let open = module(">= 5.0");
    let lint = |module: &str, lock: &str| {
        let files = [("main.tf", &*main), ("m/main.tf", module), (".terraform.lock.hcl", lock)];
        counts_of(&lint_all(&files), rule)
    };
    let lock = |host: &str, version: &str| {
        format!("provider \"{host}/hashicorp/aws\" {{\n  {version}\n}}\n")
    };
    assert_eq!(lint(&module("< 6"), ""), PASS);
    assert_eq!(lint(&open, ""), FAIL);
    assert_eq!(lint(&open, &lock("registry.terraform.io", "version = \"5.1.0\"")), PASS);
    assert_eq!(lint(&open, &lock("registry.opentofu.org", "version = \"5.1.0\"")), PASS);
    assert_eq!(lint(&open, &lock("registry.terraform.io", "")), FAIL);
}

#[test]
fn what_modules_from_elsewhere_want_of_a_provider_is_not_known() {
    let called = "module \"m\" {\n  source = \"hashicorp/consul/aws\"\n}\n";
    let of = |text: &str| {
        let document = lint(text);
        let findings = document["findings"].as_array().unwrap().clone();
        let mut found = findings.iter().filter(|it| it["rule"] == "drift-unpinned-provider");
        found.next().unwrap()["confidence"].clone()
    };
    assert_eq!(of(PROVIDER), "high");
    assert_eq!(of(&format!("{PROVIDER}{called}")), "medium");
}

#[test]
fn what_is_ignored_is_all_security_or_something_else() {
    let rule = "drift-ignored";
    for (entries, expected) in [
        ("all", FAIL),
        ("[\"*\"]", FAIL),
        ("[ingress]", FAIL),
        ("[\"ingress\"]", FAIL),
        ("[ingress[0].cidr_blocks, tags]", (1, 1, 0)),
        ("[metadata_options[0].http_tokens]", FAIL),
        ("[metadata[0].annotations[\"policy\"]]", PASS),
        ("[password]", PASS),
        ("[desired_count, tags[\"role\"]]", (2, 0, 0)),
        ("[]", NONE),
    ] {
        let text = format!(
            "resource \"aws_x\" \"a\" {{\n  count = 2\n  lifecycle {{\n    ignore_changes = {entries}\n  }}\n}}\n"
        );
        let document = lint(&text);
        let (passed, failed, unknown) = expected;
        assert_eq!(counts_of(&document, rule), (2 * passed, 2 * failed, unknown), "{document:#}");
        let none = text.replace("count = 2", "count = 0");
        assert_eq!(counts_of(&lint(&none), rule), NONE, "{entries}");
        let subjects = if failed > 0 { 2 } else { 0 };
        let told = document["findings"][0]["subjects"].as_array().map_or(0, Vec::len);
        assert_eq!(told, subjects, "{document:#}");
    }
    let json = r#"{"resource": {"aws_x": {"a": {"lifecycle": {"ignore_changes": ["ingress[0].from_port", "tags"]}}}}}"#;
    assert_eq!(counts_of(&lint_all(&[("main.tf.json", json)]), rule), (1, 1, 0));
    let json = json.replace("[\"ingress[0].from_port\", \"tags\"]", "\"all\"");
    assert_eq!(counts_of(&lint_all(&[("main.tf.json", &json)]), rule), FAIL);
}

#[test]
fn what_is_about_security_can_be_set() {
    let folder = folder(&[
        (
            "main.tf",
            "resource \"aws_x\" \"a\" {\n  lifecycle {\n    ignore_changes = [acl, own]\n  }\n}\n",
        ),
        ("stanchion.toml", "[rules.drift-ignored]\nkept = [\"acl\"]\nsecurity = [\"own\"]\n"),
    ]);
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    assert_eq!(
        run.out,
        "main.tf:3:28: warning[drift-ignored]: changes to own, which is about security, are ignored\n"
    );
}

#[test]
fn the_page_names_each_attribute_that_is_about_security() {
    let rule = stanchion::rules::find("drift-ignored").unwrap();
    let source = include_str!("../src/rules/drift_ignored.rs");
    let list = source.split_once("&[\n").unwrap().1.split_once("];").unwrap().0;
    let names: Vec<_> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(names.len(), 43);
    for name in names {
        assert!(rule.page().contains(&format!("`{name}`")), "{name}");
    }
}
