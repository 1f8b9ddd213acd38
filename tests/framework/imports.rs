//! Objects that exist already, and states that were stored earlier.

use serde_json::{Value, json};
use stanchion_tests::Terraform;

use stanchion_tests::place::{Place, both, with_trial};

#[test]
fn what_is_imported_is_what_was_made() {
    for terraform in both() {
        let place = Place::new(&terraform);
        place.workspace.step(&with_trial(
            r#"resource "trial_thing" "one" {
                 name = "one"
                 note = "a"
                 code = "sesame"
               }"#,
        ));
        let one = "trial_thing.one";
        let imported = place.workspace.import_by_command(one, "one", &[]);
        assert_eq!(imported.value(one, "note"), "a");
        place.workspace.import_by_block(one, "one", &[]);
        for (id, told) in [
            ("a/b", "trial_thing has no import id \"a/b\""),
            ("none", "Cannot import non-existent remote object"),
        ] {
            place.workspace.run(["state", "rm", one]);
            let output = place.workspace.run(["import", one, id]).failure();
            assert!(output.words().contains(told), "{output}");
        }
        let output = place.workspace.run(["import", "trial_dynamic.d", "d"]).failure();
        assert!(!output.words().contains("panic"), "{output}");
    }
}

#[test]
fn a_state_of_an_older_version_is_upgraded_and_one_of_a_newer_refused() {
    for terraform in both() {
        let place = Place::new(&terraform);
        let configuration = with_trial(
            r#"resource "trial_aged" "a" {
                 name   = "a"
                 number = 123456789012345678901234567890
               }"#,
        );
        place.workspace.step(&configuration);
        let state = place.workspace.read("terraform.tfstate");
        let state: Value = serde_json::from_str(&state).unwrap();
        let store = |version: i64, attributes: &str| {
            let mut state = state.clone();
            let instance = &mut state["resources"][0]["instances"][0];
            instance["schema_version"] = version.into();
            instance["attributes"] = serde_json::from_str(attributes).unwrap();
            place.workspace.write("terraform.tfstate", state.to_string());
        };
        let number = "\"number\": 123456789012345678901234567890";
        store(0, &format!(r#"{{ "label": "a", {number}, "gone": [1] }}"#));
        assert!(place.workspace.plan().is_empty);
        // At the same version, too, what is no longer declared is left out.
        store(2, &format!(r#"{{ "name": "a", {number}, "gone": [1] }}"#));
        assert!(place.workspace.plan().is_empty);
        place.workspace.run(["apply", "-refresh-only", "-auto-approve"]).success();
        assert_eq!(place.workspace.state().value("trial_aged.a", "name"), json!("a"));
        store(0, "{ \"nothing\": 1 }");
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains("trial_aged has no label"), "{output}");
        store(3, &format!(r#"{{ "name": "a", {number} }}"#));
        // Terraform itself refuses a newer state before it asks.
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains("newer provider version"), "{output}");
    }
}

#[test]
fn states_that_were_kept_from_each_older_version_need_no_change() {
    let kept = [
        ("version 0", include_str!("states/aged-0.tfstate")),
        ("version 1", include_str!("states/aged-1.tfstate")),
    ];
    let newer = include_str!("states/aged-3.tfstate");
    for terraform in both().into_iter().chain([Terraform::tofu()]) {
        for (version, state) in kept {
            let place = Place::new(&terraform);
            place.put("trial_aged", "kept", r#"{"name":"kept","number":1e30,"ports":[80,443]}"#);
            place.workspace.write("main.tf", kept_configuration());
            place.workspace.write("terraform.tfstate", of_registry(state, &terraform));
            assert!(place.workspace.plan_with(&["-refresh=false"]).is_empty, "{version}");
            let step = place.workspace.step(&kept_configuration());
            assert_eq!(step.plan.changes(), [], "{version}");
            let values = step.state.values("trial_aged.kept");
            assert_eq!(values["ports"], json!([80, 443]), "{version}");
            assert_eq!(values["number"].to_string(), "1000000000000000000000000000000");
            place.workspace.run(["apply", "-refresh-only", "-auto-approve"]).success();
            let stored = place.workspace.read("terraform.tfstate");
            let stored: Value = serde_json::from_str(&stored).unwrap();
            assert_eq!(stored["resources"][0]["instances"][0]["schema_version"], 2, "{version}");
        }
        let place = Place::new(&terraform);
        place.workspace.write("main.tf", kept_configuration());
        place.workspace.write("terraform.tfstate", of_registry(newer, &terraform));
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains("newer provider version"), "{output}");
    }
}

fn kept_configuration() -> String {
    with_trial(
        r#"resource "trial_aged" "kept" {
             name   = "kept"
             number = 1000000000000000000000000000000
             ports  = [80, 443]
           }"#,
    )
}

/// A state with the address that a Terraform gives to the provider.
fn of_registry(state: &str, terraform: &Terraform) -> String {
    state.replace("registry.terraform.io", terraform.registry())
}
