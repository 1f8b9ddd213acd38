//! Attributes that are objects of a plain type, without declarations of their own, and such with a
//! part of any type.

use std::rc::Rc;

use serde_json::{Value, json};
use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Diagnostic, Plan, State, Step, Terraform};

use crate::suite::{self, Case, case};

pub(crate) struct Family;

pub(crate) struct World {
    place: Rc<Place>,
    wrong: Vec<(&'static str, Vec<Diagnostic>)>,
    first: Step,
    then: Step,
    by_command: State,
    by_block: State,
    drifted: Plan,
    refreshed: State,
}

const IT: &str = "trial_kinds.it";
const PART: &str = "trial_kinds.part";
const NONE: &str = "trial_kinds.none";

/// What is no such object, and what is said of it.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "one without all its attributes is refused",
        r#"plain = { text = "a", number = 1 }"#,
        r#"attribute "list" is required"#,
    ),
    (
        "one with a part of another type is refused",
        r#"plain = { text = "a", number = "many", list = [] }"#,
        "plain\": a number is required",
    ),
    (
        "one without its part of any type is refused",
        r#"loose = { text = "a" }"#,
        r#"attribute "any" is required"#,
    ),
];

impl suite::Family for Family {
    const NAME: &'static str = "plain objects";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let wrong = WRONG.iter().map(|&(name, attribute, _)| {
            (name, place.workspace.errors(&with_trial(&kinds("wrong", attribute))))
        });
        let wrong = wrong.collect();
        let first = place.workspace.step(&configuration("a", "[1, \"b\"]", "first"));
        let then = place.workspace.step(&configuration("c", "{ d = true }", "second"));
        let by_command = place.workspace.import_by_command(IT, "it", &[]);
        let by_block = place.workspace.import_by_block(IT, "it", &[]);
        place.change("trial_kinds", "it", "plain", json!({ "text": "x", "number": 7, "list": [] }));
        let loose = json!({ "text": null, "any": { "type": "number", "value": 7 } });
        place.change("trial_kinds", "it", "loose", loose);
        let drifted = place.workspace.plan();
        place.workspace.run(["apply", "-refresh-only", "-auto-approve"]).success();
        let refreshed = place.workspace.state();
        place.workspace.apply();
        World { place, wrong, first, then, by_command, by_block, drifted, refreshed }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = vec![
            case("made as it is written", |it: &World| {
                let plain = json!({ "text": "a", "number": 1.5, "list": ["a", null] });
                assert_eq!(it.first.plan.after(IT, "plain"), plain);
                assert_eq!(it.first.state.value(IT, "plain"), plain);
                let loose = json!({ "text": "a", "any": [1, "b"] });
                assert_eq!(it.first.plan.after(IT, "loose"), loose);
                assert_eq!(it.first.state.value(IT, "loose"), loose);
            }),
            // While one with a part of any type is unknown as a whole, Terraform itself refuses the
            // plan: the wire has no place for the type that the part has.
            case("a part that is unknown is so alone", |it: &World| {
                assert!(it.first.plan.is_unknown(PART, "plain.text"));
                assert_eq!(it.first.plan.after(PART, "plain.number"), 1.5);
                assert!(!it.first.plan.is_unknown(PART, "plain.number"));
                assert!(it.first.plan.is_unknown(PART, "loose.any"));
                assert_eq!(it.first.plan.after(PART, "loose.text"), "a");
                assert_eq!(it.first.state.value(PART, "plain.text"), "first");
                assert_eq!(it.first.state.value(PART, "loose.any"), "first");
            }),
            case("null where it is left out", |it: &World| {
                for name in ["plain", "loose"] {
                    assert_eq!(it.first.plan.after(NONE, name), Value::Null, "{name}");
                    assert!(!it.first.plan.is_unknown(NONE, name), "{name}");
                    assert_eq!(it.first.state.value(NONE, name), Value::Null, "{name}");
                }
            }),
            case("changed in place, and a part of any type to another type", |it: &World| {
                let change = it.then.plan.change(IT);
                assert_eq!(it.then.plan.action(IT), "update");
                assert_eq!(change["before"]["loose"], json!({ "text": "a", "any": [1, "b"] }));
                assert_eq!(change["after"]["loose"], json!({ "text": "c", "any": { "d": true } }));
                assert_eq!(it.then.state.value(IT, "loose.any"), json!({ "d": true }));
                assert_eq!(it.then.state.value(IT, "plain.text"), "c");
                assert_eq!(it.then.state.value(PART, "loose.any"), "second");
            }),
            case("the provider has what is written", |it: &World| {
                let object = it.place.object("trial_kinds", "it").unwrap();
                let plain = json!({ "text": "c", "number": 1.5, "list": ["c", null] });
                assert_eq!(object["plain"], plain);
                assert_eq!(object["loose"]["any"]["value"], json!({ "d": true }));
            }),
            case("imported by the command as it was made", |it: &World| {
                is_imported(&it.by_command)
            }),
            case("imported by a block as it was made", |it: &World| is_imported(&it.by_block)),
            case("what was changed by hand is seen", |it: &World| {
                let change = it.drifted.change(IT);
                assert_eq!(it.drifted.action(IT), "update");
                let plain = json!({ "text": "x", "number": 7, "list": [] });
                assert_eq!(change["before"]["plain"], plain);
                assert_eq!(change["after"]["plain"]["list"], json!(["c", null]));
                assert_eq!(change["before"]["loose"], json!({ "text": null, "any": 7 }));
                assert_eq!(change["after"]["loose"]["any"], json!({ "d": true }));
            }),
            case("what was changed by hand is taken over by a refresh", |it: &World| {
                assert_eq!(it.refreshed.value(IT, "plain.number"), 7);
                assert_eq!(it.refreshed.value(IT, "loose"), json!({ "text": null, "any": 7 }));
                assert_eq!(it.refreshed.value(IT, "plain.list"), Value::Array(Vec::new()));
            }),
        ];
        for &(name, _, said) in WRONG {
            cases.push(case(name, move |it: &World| {
                let told = &it.wrong.iter().find(|(which, _)| *which == name).unwrap().1;
                assert_eq!(told.len(), 1, "{told:?}");
                assert!(told[0].to_string().contains(said), "{}", told[0]);
            }));
        }
        cases
    }
}

#[track_caller]
fn is_imported(state: &State) {
    let plain = json!({ "text": "c", "number": 1.5, "list": ["c", null] });
    assert_eq!(state.value(IT, "plain"), plain);
    assert_eq!(state.value(IT, "loose"), json!({ "text": "c", "any": { "d": true } }));
}

/// A resource with such objects, and one with objects of which another resource tells a part.
fn configuration(text: &str, any: &str, later: &str) -> String {
    let objects = |text: &str, item: &str, any: &str| {
        format!(
            "plain = {{ text = {text}, number = 1.5, list = [{item}, null] }}\n  \
             loose = {{ text = {item}, any = {any} }}"
        )
    };
    let text = format!("{text:?}");
    let output = "terraform_data.source.output";
    with_trial(&format!(
        "{}{}{}resource \"terraform_data\" \"source\" {{\n  input = \"{later}\"\n}}\n",
        kinds("none", ""),
        kinds("it", &objects(&text, &text, any)),
        kinds("part", &objects(output, "\"a\"", output)),
    ))
}

fn kinds(name: &str, attributes: &str) -> String {
    format!("resource \"trial_kinds\" \"{name}\" {{\n  name = \"{name}\"\n  {attributes}\n}}\n")
}
