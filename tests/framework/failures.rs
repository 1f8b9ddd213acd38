//! What remains where a deed fails, is interrupted, or meets a defect of the provider.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use stanchion_cty::{Type, Value as Any, msgpack};
use stanchion_tests::{Diagnostic, Terraform};
use stanchion_tfplugin::tfplugin6 as tf;

use crate::client::{Client, encode, object, told};
use stanchion_tests::place::{Place, both, with_trial};

#[test]
fn what_was_made_is_in_the_state_whatever_became_of_the_others() {
    for terraform in both() {
        let place = Place::new(&terraform);
        for (deed, fault) in [("early", "error"), ("late", "late"), ("broken", "panic")] {
            place.order(&format!("create.{deed}"), fault);
        }
        let names = r#"["early", "late", "broken", "well", "also_well"]"#;
        let things = with_trial(&format!(
            "resource \"trial_thing\" \"all\" {{\n  for_each = toset({names})\n  name = each.key\n}}"
        ));
        place.workspace.write("main.tf", &things);
        let output = place.workspace.run(["apply", "-auto-approve", "-json"]).failure();
        let diagnostics = Diagnostic::all(&output.stdout);
        let told: Vec<&str> = diagnostics
            .iter()
            .filter(|it| it.severity == "error")
            .map(|it| it.summary.as_str())
            .collect();
        assert_eq!(told.len(), 3, "{told:?}");
        let has = |part: &str| told.iter().any(|it| it.contains(part));
        assert!(has("trial_thing is ordered to fail when it is done"), "{told:?}");
        assert!(has("panic: ordered for broken at tests/providers/trial/stored.rs:"), "{told:?}");
        let statuses = statuses(&place);
        let expected = [("also_well", "whole"), ("late", "tainted"), ("well", "whole")];
        assert_eq!(statuses, expected.map(|(name, it)| (name.to_owned(), it.to_owned())));
        assert_eq!(place.object("trial_thing", "early"), None);

        place.forgive();
        place.remove("trial_thing", "broken");
        place.order("read.well", "error");
        let output = place.workspace.run(["plan"]).failure();
        assert!(output.words().contains("trial_thing is ordered to fail"), "{output}");
        place.forgive();
        let plan = place.workspace.plan();
        assert_eq!(plan.action("trial_thing.all[\"late\"]"), "delete create");
        assert_eq!(plan.action("trial_thing.all[\"early\"]"), "create");
        assert_eq!(plan.action("trial_thing.all[\"well\"]"), "no-op");
        place.workspace.apply_plan();

        // An update that fails half way is in the state as it is; one that failed at once is as it
        // was; a failed deletion leaves the object there.
        for (deed, fault) in [("update.well", "late"), ("update.late", "error")] {
            place.order(deed, fault);
        }
        place.order("delete.also_well", "error");
        let changed = things.replace("\n  name", "\n  note = \"b\"\n  name");
        let changed = changed.replace(r#", "also_well""#, "").replace(r#""early", "#, "");
        place.workspace.write("main.tf", changed);
        place.workspace.run(["apply", "-auto-approve"]).failure();
        let state = place.workspace.state();
        let note = |name: &str| state.value(&format!("trial_thing.all[\"{name}\"]"), "note");
        assert_eq!(note("well"), "b");
        assert_eq!(note("late"), json!(null));
        assert_eq!(note("also_well"), json!(null));
        assert!(place.object("trial_thing", "also_well").is_some());
        assert_eq!(state.addresses().len(), 4, "{:?}", state.addresses());
    }
}

/// The things in the state file and whether they are tainted, by name.
fn statuses(place: &Place) -> Vec<(String, String)> {
    let state: Value = serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
    let instances = state["resources"].as_array().unwrap().iter();
    let instances = instances.flat_map(|it| it["instances"].as_array().unwrap());
    let mut statuses: Vec<_> = instances
        .map(|it| {
            let name = it["attributes"]["name"].as_str().unwrap().to_owned();
            (name, it["status"].as_str().unwrap_or("whole").to_owned())
        })
        .collect();
    statuses.sort();
    statuses
}

#[test]
fn ctrl_c_loses_nothing_that_was_made() {
    for terraform in both() {
        let place = Place::new(&terraform);
        let slow = |name: &str| {
            format!(
                "resource \"trial_slow\" \"{name}\" {{\n  name = \"{name}\"\n  seconds = 60\n}}\n"
            )
        };
        let quick = "resource \"trial_slow\" \"quick\" {\n  name = \"quick\"\n  seconds = 0\n}\n\
                     resource \"trial_slow\" \"after\" {\n  name = trial_slow.a.complete ? \"after\" : \"\"\n  seconds = 0\n}\n";
        let all = ["a", "b", "c"].map(slow).concat() + quick;
        place.workspace.write("main.tf", with_trial(&all));
        let mut running = place.workspace.start(["apply", "-auto-approve"]);
        running.wait_for("trial_slow.quick: Creation complete");
        for name in ["a", "b", "c"] {
            running.wait_for(&format!("trial_slow.{name}: Creating..."));
        }
        while ["a", "b", "c"].iter().any(|it| place.object("trial_slow", it).is_none()) {
            std::thread::sleep(Duration::from_millis(10));
        }
        running.interrupt();
        let output = running.finish().failure();
        assert!(!output.both().contains("did not respond"), "{output}");
        assert!(output.words().contains("trial_slow was stopped half way"), "{output}");
        let tainted = |it: &str| (it.to_owned(), "tainted".to_owned());
        let quick = ("quick".to_owned(), "whole".to_owned());
        assert_eq!(statuses(&place), [tainted("a"), tainted("b"), tainted("c"), quick]);
        assert_eq!(place.object("trial_slow", "after"), None);
        let stopped = place.take_log().iter().filter(|it| it.starts_with("stopped ")).count();
        assert_eq!(stopped, 3);
    }
}

#[test]
fn what_takes_longer_than_its_timeout_is_stopped_and_kept() {
    let place = Place::new(&Terraform::newest());
    let work = |more: &str| {
        with_trial(&format!(
            r#"resource "trial_slow" "honours" {{
                 name     = "honours"
                 seconds  = 60
                 timeouts = {{ create = "300ms" }}
               }}
               resource "trial_slow" "in_time" {{
                 name     = "in_time"
                 seconds  = 0.01
                 timeouts = {{ create = "20s" }}
               }}
               {more}"#
        ))
    };
    let ignores = r#"resource "trial_slow" "ignores" {
                       name     = "ignores"
                       seconds  = 60
                       honours  = false
                       timeouts = { create = "0s" }
                     }"#;
    let errors = place.workspace.errors(&work(ignores));
    let told: Vec<&str> = errors.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|it| it.contains("trial_slow was stopped half way")), "{told:?}");
    let ignored = errors.iter().find(|it| it.summary.contains("nor stop when asked to")).unwrap();
    assert!(ignored.summary.contains("did not finish within 0ns"), "{ignored}");
    assert!(ignored.detail.contains("`timeouts`"), "{ignored}");
    let expected = [("honours", "tainted"), ("in_time", "whole")];
    assert_eq!(statuses(&place), expected.map(|(name, it)| (name.to_owned(), it.to_owned())));
}

#[test]
fn a_timeout_that_is_none_is_refused_at_its_place() {
    let place = Place::new(&Terraform::newest());
    let errors = place.workspace.errors(&with_trial(
        r#"resource "trial_slow" "a" {
             name     = "a"
             seconds  = 0
             timeouts = { create = "soon" }
           }"#,
    ));
    assert!(errors[0].summary.contains("timeouts.create"), "{}", errors[0]);
    assert!(errors[0].place.starts_with("main.tf:"), "{}", errors[0]);
}

#[test]
fn warnings_are_shown_and_stop_nothing() {
    let place = Place::new(&Terraform::newest());
    let things = with_trial(
        r#"resource "trial_thing" "one" {
             name   = "one"
             note   = "warn"
             remark = "old"
           }"#,
    );
    place.workspace.write("main.tf", things);
    let told: Vec<String> = Diagnostic::all(&place.workspace.run(["validate", "-json"]).stdout)
        .iter()
        .map(|it| format!("{} {}: {}", it.severity, it.summary, it.detail))
        .collect();
    assert!(told.contains(&"warning note warns: Say something else.".to_owned()), "{told:?}");
    assert!(told.contains(&"warning remark is deprecated: Use `note`.".to_owned()), "{told:?}");
    let output = place.workspace.apply();
    assert!(output.words().contains("Warning: note warns"), "{output}");
    // Without its private data, an object says so when it is read.
    let state = place.workspace.read("terraform.tfstate");
    let mut state: Value = serde_json::from_str(&state).unwrap();
    let instance = &mut state["resources"][0]["instances"][0];
    assert!(instance["private"].is_string(), "{instance}");
    instance.as_object_mut().unwrap().remove("private");
    fs::write(place.workspace.path().join("terraform.tfstate"), state.to_string()).unwrap();
    let output = place.workspace.run(["plan"]).success();
    assert!(output.words().contains("trial_thing was never sealed"), "{output}");
}

#[test]
fn what_is_unknown_after_a_change_is_told_and_stored_as_null() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_slow");
    // The provider's own code takes over from the plan what it is to make known.
    let work = |complete: Any| {
        let said = [("name", "a".into()), ("seconds", Any::number(0)), ("honours", true.into())];
        object(&ty, &[&said[..], &[("complete", complete)]].concat())
    };
    let planned = encode(&work(Any::unknown(Type::Bool)), &ty);
    let request = tf::apply_resource_change::Request {
        type_name: "trial_slow".to_owned(),
        prior_state: Some(encode(&work(true.into()), &ty)),
        planned_state: Some(planned.clone()),
        config: Some(planned),
        ..Default::default()
    };
    let answer = client.ask(async |it| it.apply_resource_change(request).await).unwrap();
    let told = told(&answer.diagnostics);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.starts_with("complete is still unknown after the change"), "{told:?}");
    let state = msgpack::decode(&answer.new_state.unwrap().msgpack, &ty).unwrap();
    assert_eq!(state, work(Any::null(Type::Bool)));
}

#[test]
fn what_was_there_before_a_change_that_failed_is_in_the_answer() {
    let mut client = Client::configured();
    let folder = client.objects().join("faults");
    fs::create_dir_all(&folder).unwrap();
    for deed in ["update", "delete"] {
        fs::write(folder.join(format!("{deed}.a")), "error").unwrap();
    }
    let ty = client.resource_type("trial_thing");
    let thing =
        |note: &str| encode(&object(&ty, &[("name", "a".into()), ("note", note.into())]), &ty);
    // Terraform would keep its state, too; but that is nowhere promised.
    for planned in [thing("b"), encode(&Any::null(ty.clone()), &ty)] {
        let request = tf::apply_resource_change::Request {
            type_name: "trial_thing".to_owned(),
            prior_state: Some(thing("a")),
            planned_state: Some(planned.clone()),
            config: Some(planned),
            ..Default::default()
        };
        let answer = client.ask(async |it| it.apply_resource_change(request).await).unwrap();
        let told = told(&answer.diagnostics);
        assert!(told[0].0.starts_with("trial_thing is ordered to fail"), "{told:?}");
        assert_eq!(answer.new_state, Some(thing("a")));
    }
}
