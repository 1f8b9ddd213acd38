//! What tells an object from all others: stored beside the state, and imported by.

use std::thread;

use serde_json::{Value, json};
use stanchion_cty::{Type, Value as Any};
use stanchion_tests::{Plan, Terraform};
use stanchion_tfplugin::tfplugin6 as tf;

use crate::client::{Client, encode, object, told};
use stanchion_tests::place::{Place, with_trial};

const K: &str = "trial_known.k";

/// The oldest and the newest Terraform that know identities, and OpenTofu.
fn knowing() -> [Terraform; 3] {
    [Terraform::version("1.12.2"), Terraform::newest(), Terraform::tofu()]
}

/// Terraform 1.12 forgets the identity of what failed; the next reading fills it in again.
fn keeps_what_failed(terraform: &Terraform) -> bool {
    terraform.is_tofu() || terraform.at_least("1.13.0")
}

fn known(attributes: &str) -> String {
    with_trial(&format!("resource \"trial_known\" \"k\" {{\n  name = \"one\"\n  {attributes}\n}}"))
}

#[test]
fn an_identity_is_in_plan_and_state_and_imports_what_was_made() {
    for terraform in knowing() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&known("aliases = [\"a\", \"b\"]"));
        let identity = json!({ "name": "one", "region": null, "aliases": ["a", "b"], "number": 7 });
        assert_eq!(step.state.identity(K), identity);
        let by = "{ name = \"one\", aliases = [\"a\", \"b\"], number = 7 }";
        let imported = place.workspace.import_by_identity(K, by, &[]);
        assert_eq!(imported.identity(K), identity);
        let imported = place.workspace.import_by_block(K, "one", &[]);
        assert_eq!(imported.identity(K), identity, "the reading fills it in");
        place.workspace.import_by_command(K, "one", &[]);

        // A change in place keeps it, a new object has another.
        let step = place.workspace.step(&known("aliases = [\"a\", \"b\"]\n  note = \"a\""));
        assert_eq!(step.plan.action(K), "update");
        assert_eq!(step.state.identity(K), identity);
        assert_eq!(step.plan.change(K)["after_identity"], identity, "although unknown in the plan");
        assert!(step.plan.is_unknown(K, "number"));
        let step = place.workspace.step(&known("region = \"north\""));
        assert_eq!(step.plan.action(K), "delete create");
        let identity = json!({ "name": "one", "region": "north", "aliases": null, "number": 7 });
        assert_eq!(step.state.identity(K), identity);
        place.workspace.destroy();
    }
}

#[test]
fn an_identity_that_changes_is_refused() {
    for terraform in knowing() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&known(""));
        let identity = step.state.identity(K);
        let told = "number is part of the object's identity and changed from 7 to 8, though it is \
                    the same object";
        let errors = place.workspace.errors(&known("note = \"another number\""));
        assert_eq!(errors[0].summary, told, "{errors:?}");
        if keeps_what_failed(&terraform) {
            assert_eq!(place.workspace.state().identity(K), identity);
        }

        let place = Place::new(&terraform);
        place.workspace.step(&known("note = \"b\""));
        place.change("trial_known", "one", "number", 8);
        let errors = place.workspace.errors(&known("note = \"b\""));
        assert_eq!(errors[0].summary, told, "{errors:?}");
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(place.workspace.state().identity(K), identity);
    }
}

#[test]
fn an_identity_that_is_not_the_states_is_refused_in_the_plan() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_known");
    let state = |note: &str, number: Any| {
        object(&ty, &[("name", "one".into()), ("note", note.into()), ("number", number)])
    };
    let config = state("b", Any::null(Type::Number));
    let parts = [
        ("name", Type::String),
        ("region", Type::String),
        ("aliases", Type::list(Type::String)),
        ("number", Type::Number),
    ];
    let identity_type = Type::object(parts);
    for (number, message) in [
        (7, ""),
        (8, "number is part of the object's identity and changed from 8 to 7, though it is"),
    ] {
        let identity =
            object(&identity_type, &[("name", "one".into()), ("number", Any::number(number))]);
        let identity =
            tf::ResourceIdentityData { identity_data: Some(encode(&identity, &identity_type)) };
        let request = tf::plan_resource_change::Request {
            type_name: "trial_known".to_owned(),
            prior_state: Some(encode(&state("b", Any::number(7)), &ty)),
            proposed_new_state: Some(encode(&config, &ty)),
            config: Some(encode(&config, &ty)),
            prior_identity: Some(identity.clone()),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.plan_resource_change(request).await).unwrap();
        let told = told(&answer.diagnostics);
        assert_eq!(told.len(), usize::from(!message.is_empty()), "{told:?}");
        assert!(told.iter().all(|it| it.0.starts_with(message)), "{told:?}");
        assert_eq!(answer.planned_identity, Some(identity));
    }
}

#[test]
fn an_import_by_identity_is_refused_in_clear_words() {
    let place = Place::new(&Terraform::newest());
    place.workspace.write("main.tf", known(""));
    for (to, by, told) in [
        (K, "{ name = \"lost\", number = 7 }", "name is part of the object's identity"),
        (K, "{ name = \"none\", number = 7 }", "Cannot import non-existent remote object"),
        (K, "{ name = \"one\" }", "attribute \"number\" is required"),
        ("trial_slow.s", "{ name = \"s\" }", "trial_slow can't be imported by its identity"),
    ] {
        place
            .workspace
            .write("import.tf", format!("import {{\n  to = {to}\n  identity = {by}\n}}\n"));
        let slow = "resource \"trial_slow\" \"s\" {\n  name = \"s\"\n  seconds = 0\n}\n";
        place.workspace.write("slow.tf", slow);
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains(told), "{told}: {output}");
        assert!(!output.words().contains("panic"), "{output}");
    }
}

#[test]
fn an_identity_of_an_older_version_is_upgraded_and_a_missing_one_filled_in() {
    for terraform in knowing() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&known(""));
        let identity = step.state.identity(K);
        let state: Value =
            serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
        let store = |stored: Option<(i64, Value)>| {
            let mut state = state.clone();
            let instance = state["resources"][0]["instances"][0].as_object_mut().unwrap();
            instance.remove("identity");
            instance.remove("identity_schema_version");
            if let Some((version, identity)) = stored {
                instance.insert("identity".to_owned(), identity);
                instance.insert("identity_schema_version".to_owned(), version.into());
            }
            place.workspace.write("terraform.tfstate", state.to_string());
        };
        let refreshed = || {
            assert!(place.workspace.plan().is_empty);
            assert!(place.workspace.plan_with(&["-refresh=false"]).is_empty);
            place.workspace.run(["apply", "-refresh-only", "-auto-approve"]).success();
            place.workspace.state().identity(K)
        };
        store(Some((0, json!({ "label": "one", "region": null, "number": 7 }))));
        assert_eq!(refreshed(), identity);
        store(None);
        assert_eq!(refreshed(), identity);
        store(Some((0, json!({ "number": 7 }))));
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains("trial_known has no label"), "{output}");
        store(Some((2, json!({ "name": "one" }))));
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains("newer provider version"), "{output}");
    }
}

#[test]
fn who_knows_no_identities_goes_on_without_them() {
    let old = [Terraform::oldest(), Terraform::version("1.10.5")];
    thread::scope(|scope| {
        for terraform in &old {
            scope.spawn(move || {
                let place = Place::new(terraform);
                let step = place.workspace.step(&known("note = \"a\""));
                assert_eq!(step.state.identity(K), Value::Null);
                place.workspace.import_by_command(K, "one", &[]);
                place.workspace.import_by_block(K, "one", &[]);
                let step = place.workspace.step(&known("note = \"b\""));
                assert_eq!(step.plan.action(K), "update");
                place.workspace.destroy();
            });
        }
    });
}

#[test]
fn an_object_that_could_not_be_made_has_no_identity() {
    for terraform in knowing() {
        let place = Place::new(&terraform);
        place.order("create.one", "error");
        let errors = place.workspace.errors(&known(""));
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(place.workspace.state().addresses(), [""; 0]);
        place.order("create.one", "late");
        let errors = place.workspace.errors(&known(""));
        assert_eq!(errors.len(), 1, "{errors:?}");
        if keeps_what_failed(&terraform) {
            assert_eq!(place.workspace.state().identity(K)["number"], 7);
        }
        place.forgive();
        let plan: Plan = place.workspace.plan();
        assert_eq!(plan.action(K), "delete create");
    }
}
