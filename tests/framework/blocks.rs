//! Nested blocks: written as `name { … }`, planned as the objects that they are.

use serde_json::{Value, json};
use stanchion_cty::msgpack;
use stanchion_tests::{Plan, Terraform};
use stanchion_tfplugin::tfplugin6::{self as tf, RawState};

use crate::client::{Client, told};
use stanchion_tests::place::{Place, both, with_trial};

const B: &str = "trial_block.b";

/// The oldest and newest Terraform, and OpenTofu.
fn three() -> Vec<Terraform> {
    both().into_iter().chain([Terraform::tofu()]).collect()
}

#[test]
fn blocks_are_planned_applied_changed_and_imported() {
    for terraform in three() {
        let place = Place::new(&terraform);
        let step =
            place.workspace.step(&with_trial("resource \"trial_block\" \"b\" { name = \"b\" }"));
        let values = step.state.values(B);
        assert_eq!(values["limit"], Value::Null);
        assert_eq!([&values["rule"], &values["label"]], [&json!([]), &json!([])]);
        assert_eq!([&values["door"], &values["rules"]], [&json!({}), &json!(0)]);
        place.workspace.import_by_command(B, "b", &[]);

        let step = place.workspace.step(&blocks("count = 2", "", "c"));
        assert_eq!(step.plan.action(B), "update");
        assert_eq!(step.plan.after(B, "rule.0.count"), 2);
        assert_eq!(step.plan.after(B, "rule.1.count"), 1);
        assert_eq!(step.plan.after(B, "limit.most"), 10);
        for unknown in
            ["limit.unit", "rule.0.made", "rule.1.step.0.id", "rule.0.target.id", "rules"]
        {
            assert!(step.plan.is_unknown(B, unknown), "{unknown}");
        }
        let values = step.state.values(B);
        assert_eq!(values["rules"], 2);
        assert_eq!(values["rule"][0]["shown"], "2 of a");
        assert_eq!(values["rule"][0]["step"][1]["label"][0]["id"], "label x");
        assert_eq!(values["rule"][1]["step"][0]["label"], json!([]));
        assert_eq!(values["rule"][0]["target"]["value"], "none");
        assert_eq!(values["label"][1]["id"], "label d");
        assert_eq!(values["door"]["front"]["unit"], "each");
        place.workspace.import_by_command(B, "b", &["timeouts"]);
        place.workspace.import_by_block(B, "b", &["timeouts"]);

        // One count changes, and one label.
        let step = place.workspace.step(&blocks("count = 3", "", "e"));
        let plan = &step.plan;
        assert_eq!(plan.action(B), "update");
        let unknown = ["rule.0.shown", "rules"];
        assert!(unknown.iter().all(|it| plan.is_unknown(B, it)), "{:#}", plan.change(B));
        for known in
            ["rule.0.made", "rule.1.shown", "rule.0.step.0.id", "limit.unit", "rule.0.target.id"]
        {
            assert!(!plan.is_unknown(B, known), "{known}");
        }
        let is_new = |i: &usize| plan.is_unknown(B, &format!("label.{i}.id"));
        assert_eq!((0..2).filter(is_new).count(), 1, "{:#}", plan.change(B));
        assert_eq!(step.state.value(B, "rule.0.shown"), "3 of a");

        let plan = place.workspace.plan_of(&blocks("count = 3", "form = \"round\"", "e"));
        assert_eq!(plan.action(B), "delete create");
        assert_eq!(plan.change(B)["replace_paths"], json!([["rule", 1, "form"]]));
        place.workspace.step(&blocks("count = 3", "form = \"round\"", "e"));
        place.workspace.step(&with_trial("resource \"trial_block\" \"b\" { name = \"b\" }"));
        assert_eq!(place.object("trial_block", "b").unwrap()["rule"], json!([]));
        place.workspace.destroy();
    }
}

fn blocks(count: &str, form: &str, label: &str) -> String {
    with_trial(&format!(
        r#"resource "trial_block" "b" {{
             name = "b"
             limit {{}}
             rule {{
               key = "a"
               {count}
               target = {{ key = "t" }}
               step {{ run = "one" }}
               step {{
                 run = "two"
                 label {{ key = "x" }}
               }}
             }}
             rule {{
               key = "b"
               {form}
               step {{ run = "three" }}
             }}
             label {{ key = "d" }}
             label {{ key = "{label}" }}
             door "front" {{ most = 3 }}
             timeouts {{ create = "5m" }}
           }}"#
    ))
}

#[test]
fn blocks_whose_number_is_not_known_yet_are_unknown_until_the_apply() {
    for terraform in three() {
        let place = Place::new(&terraform);
        let configuration = with_trial(
            r#"resource "terraform_data" "names" { input = toset(["a", "b"]) }
               resource "trial_block" "b" {
                 name = "b"
                 dynamic "limit" {
                   for_each = terraform_data.names.output
                   content {}
                 }
                 dynamic "rule" {
                   for_each = terraform_data.names.output
                   content {
                     key = rule.value
                     step { run = rule.value }
                   }
                 }
                 rule {
                   key = "last"
                   dynamic "step" {
                     for_each = terraform_data.names.output
                     content { run = step.value }
                   }
                 }
                 dynamic "label" {
                   for_each = terraform_data.names.output
                   content { key = label.value }
                 }
               }"#,
        );
        let configuration = configuration.replace(
            "dynamic \"limit\" {\n                   for_each = terraform_data.names.output",
            "dynamic \"limit\" {\n                   for_each = slice(tolist(terraform_data.names.output), 0, 1)",
        );
        let step = place.workspace.step(&configuration);
        assert!(
            unknown(&step.plan, "rule") && unknown(&step.plan, "label"),
            "{:#}",
            step.plan.change(B)
        );
        let values = step.state.values(B);
        let keys: Vec<&Value> =
            values["rule"].as_array().unwrap().iter().map(|it| &it["key"]).collect();
        assert_eq!(keys, ["a", "b", "last"]);
        assert_eq!(values["rule"][2]["step"][1]["id"], "step b");
        assert_eq!(values["label"][0]["id"], "label a");
        assert_eq!(values["limit"]["unit"], "each");
        assert_eq!(values["rules"], 3);
    }
}

fn unknown(plan: &Plan, name: &str) -> bool {
    plan.is_unknown(B, name)
}

#[test]
fn a_stored_state_without_a_block_has_none_of_them() {
    let mut client = Client::configured();
    let ty = client.resource_type("trial_block");
    let request = tf::upgrade_resource_state::Request {
        type_name: "trial_block".to_owned(),
        version: 0,
        raw_state: Some(RawState {
            json: r#"{"name":"a","rule":[{"key":"a","step":null}],"label":null}"#.into(),
            ..Default::default()
        }),
    };
    let answer = client.ask(async |it| it.upgrade_resource_state(request).await).unwrap();
    assert_eq!(told(&answer.diagnostics), []);
    let state = msgpack::decode(&answer.upgraded_state.unwrap().msgpack, &ty).unwrap();
    let count = |it: &stanchion_cty::Value| (it.is_null(), it.parts().count());
    for name in ["label", "door"] {
        assert_eq!(count(state.get(name).unwrap()), (false, 0), "{name}");
    }
    let rule = state.get("rule").unwrap().parts().next().unwrap();
    assert_eq!(count(rule.get("step").unwrap()), (false, 0));
    assert!(state.get("limit").unwrap().is_null());
}

#[test]
fn a_declaration_that_terraform_would_refuse_is_told_by_its_name() {
    for terraform in three() {
        let place = Place::new(&terraform).with_env("TRIAL_MISDECLARED", "1");
        place.workspace.write("main.tf", with_trial(""));
        place.workspace.write("b.tf", "resource \"trial_block\" \"b\" { name = \"b\" }\n");
        let output = place.workspace.run(["plan"]).failure();
        let told = "trial_misdeclared: parts.inner is declared as a block within an attribute";
        assert!(output.words().contains(told), "{output}");
        assert!(output.words().contains("Please report this to the provider's developers"));
    }
}
