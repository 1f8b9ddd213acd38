//! Nested blocks: written as `name { … }`, planned as the objects that they are.

use serde_json::{Value, json};
use stanchion_cty::msgpack;
use stanchion_tests::Terraform;
use stanchion_tfplugin::tfplugin6::{self as tf, RawState};

use crate::client::{Client, told};
use stanchion_tests::place::{Place, with_trial};

const B: &str = "trial_block.b";

/// The newest Terraform, and OpenTofu; conformance asks the others.
fn newest() -> [Terraform; 2] {
    [Terraform::newest(), Terraform::tofu()]
}

#[test]
fn blocks_are_planned_applied_changed_and_imported() {
    for terraform in newest() {
        let place = Place::new(&terraform);
        let none = place.workspace.step(&block("")).state.values(B);
        let empty = ["limit", "rule", "label", "door"].map(|it| none[it].clone());
        assert_eq!(empty, [Value::Null, json!([]), json!([]), json!({})]);
        place.workspace.import_by_command(B, "b", &[]);

        let one = r#"limit {}
                     rule {
                       key = "a"
                       step { run = "one" }
                     }"#;
        let step = place.workspace.step(&block(one));
        assert_eq!(step.plan.action(B), "update");
        assert_eq!(step.plan.after(B, "limit.most"), 10);
        assert_eq!(step.plan.after(B, "rule.0.step.0.label"), json!([]));
        for unknown in ["limit.unit", "rule.0.made", "rule.0.step.0.id", "rules"] {
            assert!(step.plan.is_unknown(B, unknown), "{unknown}");
        }
        assert_eq!(step.state.value(B, "rule.0.step.0.id"), "step one");
        place.workspace.import_by_command(B, "b", &[]);
        place.workspace.step(&block(""));
        assert_eq!(place.object("trial_block", "b").unwrap()["rule"], json!([]));
        place.workspace.destroy();
    }
}

#[test]
fn blocks_whose_number_is_not_known_yet_are_unknown_until_the_apply() {
    for terraform in newest() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&format!(
            "{}resource \"terraform_data\" \"names\" {{ input = toset([\"a\", \"b\"]) }}\n",
            block(
                r#"dynamic "rule" {
                     for_each = terraform_data.names.output
                     content {
                       key = rule.value
                       step { run = rule.value }
                     }
                   }
                   dynamic "door" {
                     for_each = { front = 3 }
                     labels   = [door.key]
                     content { most = door.value }
                   }"#,
            )
        ));
        assert!(step.plan.is_unknown(B, "rule"), "{:#}", step.plan.change(B));
        assert_eq!(step.plan.after(B, "door.front.most"), 3);
        let rules = step.state.value(B, "rule");
        assert_eq!([&rules[0]["made"], &rules[1]["made"]], ["rule a", "rule b"]);
        assert_eq!(step.state.value(B, "rules"), 2);
    }
}

fn block(inner: &str) -> String {
    with_trial(&format!("resource \"trial_block\" \"b\" {{\n  name = \"b\"\n  {inner}\n}}"))
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
    for terraform in newest() {
        let place = Place::new(&terraform).with_env("TRIAL_MISDECLARED", "1");
        place.workspace.write("main.tf", with_trial(""));
        place.workspace.write("b.tf", "resource \"trial_block\" \"b\" { name = \"b\" }\n");
        let output = place.workspace.run(["plan"]).failure();
        let told = "trial_misdeclared: parts.inner is declared as a block within an attribute";
        assert!(output.words().contains(told), "{output}");
        assert!(output.words().contains("Please report this to the provider's developers"));
    }
}
