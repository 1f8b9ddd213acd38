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
    let folder = folder(&files);
    let settings = "[rules.drift-local-state]\nexamples = []\n";
    std::fs::write(folder.path().join("stanchion.toml"), settings).unwrap();
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    assert_eq!((run.status, &*run.err), (1, ""));
    let document = serde_json::from_str(&run.out).unwrap();
    assert_eq!(counts_of(&document, rule), (0, 2, 0), "{document:#}");
}
