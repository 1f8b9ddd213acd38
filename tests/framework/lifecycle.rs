//! What happens to an object, from its plan to its end.

use serde_json::json;
use stanchion_cty::{Bound, Kind, Refinement, Type, msgpack};
use stanchion_tests::{Plan, Terraform};

use crate::generated::bytes_of;
use stanchion_tests::place::{Place, both, with_trial};

#[test]
fn a_thing_is_planned_by_what_its_attributes_say_they_depend_on() {
    for terraform in both() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&things("a", "Abc", "renamed", "colour = \"red\""));
        let one = "trial_thing.one";
        assert_eq!(step.plan.action(one), "create");
        assert_eq!(step.plan.after(one, "colour"), "red");
        assert_eq!(step.plan.after("trial_thing.same", "colour"), "blue");
        assert_eq!(unknown(&step.plan, one), ["id", "digest", "revision", "zone"]);
        assert_eq!(unknown(&step.plan, "trial_thing.zoned"), ["id", "digest", "revision"]);
        let values = step.state.values(one);
        let told = ["id", "digest", "revision", "zone"].map(|it| values[it].clone());
        assert_eq!(told, [json!("thing-one"), json!("<a>"), json!(1), json!("north")]);
        assert_eq!(place.object("trial_thing", "one").unwrap()["note"], "a");
        assert_eq!(step.plan.change(one)["after_sensitive"]["code"], true);

        let step = place.workspace.step(&things("b", "ABC", "renamed-again", ""));
        let changes = step.plan.changes();
        let changes = changes.iter().map(|(address, action)| (address.as_str(), action.as_str()));
        assert_eq!(
            changes.collect::<Vec<_>>(),
            [(one, "update"), ("trial_thing.renamed", "delete create")],
            "another spelling and an unset zone are no change"
        );
        assert_eq!(unknown(&step.plan, one), ["digest", "revision"]);
        assert_eq!(step.plan.after(one, "colour"), "blue");
        assert_eq!(step.plan.change("trial_thing.renamed")["replace_paths"], json!([["name"]]));
        assert_eq!(step.state.value(one, "revision"), 2);
        assert_eq!(step.state.value(one, "id"), "thing-one");
        assert_eq!(step.state.value("trial_thing.respelled", "spelling"), "Abc");
        assert_eq!(step.state.value("trial_thing.zoned", "zone"), "south");
        assert_eq!(place.object("trial_thing", "renamed"), None);

        // Only the colour differs, so what follows the note stays known; the object that is gone
        // is to be made again, and what is respelled outside is as it was.
        place.change("trial_thing", "one", "colour", "green");
        place.change("trial_thing", "respelled", "spelling", "aBC");
        place.remove("trial_thing", "same");
        let plan = place.workspace.plan();
        assert_eq!(plan.action(one), "update");
        assert_eq!(unknown(&plan, one), ["revision"]);
        assert_eq!(plan.action("trial_thing.same"), "create");
        assert_eq!(plan.changes().len(), 2, "{:?}", plan.changes());
        let drift = plan.json["resource_drift"].as_array().unwrap().iter();
        let drift: Vec<&str> = drift.map(|it| it["address"].as_str().unwrap()).collect();
        assert!(drift.contains(&one) && !drift.contains(&"trial_thing.respelled"), "{drift:?}");
        place.workspace.destroy();
        assert_eq!(place.object("trial_thing", "one"), None);
    }
}

fn things(note: &str, spelling: &str, name: &str, colour: &str) -> String {
    let zone = if note == "a" { "zone = \"south\"" } else { "" };
    with_trial(&format!(
        r#"resource "trial_thing" "one" {{
             name = "one"
             note = "{note}"
             code = "sesame"
             {colour}
           }}
           resource "trial_thing" "respelled" {{
             name     = "respelled"
             spelling = "{spelling}"
           }}
           resource "trial_thing" "renamed" {{ name = "{name}" }}
           resource "trial_thing" "same" {{ name = "same" }}
           resource "trial_thing" "zoned" {{
             name = "zoned"
             {zone}
           }}"#
    ))
}

/// Which of the computed values are planned as unknown.
fn unknown(plan: &Plan, address: &str) -> Vec<&'static str> {
    let computed = ["id", "digest", "revision", "zone"];
    computed.into_iter().filter(|it| plan.is_unknown(address, it)).collect()
}

#[test]
fn objects_within_objects_are_planned_each_for_itself() {
    for terraform in both() {
        let place = Place::new(&terraform);
        let n = "trial_nested.n";
        let step = place.workspace.step(&nested("", "", "", "[{ key = \"a\" }, { key = \"b\" }]"));
        for part in ["one", "list.0", "map.x"] {
            assert_eq!(step.plan.after(n, &format!("{part}.count")), 1, "{part}");
            assert!(step.plan.is_unknown(n, &format!("{part}.made")), "{part}");
        }
        assert_eq!(step.state.value(n, "list.1.label"), "2 of b");
        assert_eq!(step.state.value(n, "set.0.label"), "1 of a");
        assert_eq!(step.state.value(n, "map.x.made"), "x");

        // One count changes, one spelling does not, and the set has one more.
        let set = r#"[{ key = "c" }, { key = "b" }, { key = "a" }]"#;
        let step = place.workspace.step(&nested("count = 3", "", "X", set));
        let plan = &step.plan;
        assert_eq!(plan.action(n), "update");
        assert!(plan.is_unknown(n, "list.0.label"));
        for known in ["list.0.made", "list.1.label", "one.label", "map.x.label", "map.x.made"] {
            assert!(!plan.is_unknown(n, known), "{known}");
        }
        assert_eq!(plan.after(n, "map.x.spelling"), "x");
        let is_new = |i: &usize| plan.is_unknown(n, &format!("set.{i}.made"));
        assert_eq!((0..3).filter(is_new).count(), 1, "{:#}", plan.change(n));
        assert_eq!(step.state.value(n, "list.0.label"), "3 of a");

        let plan = place.workspace.plan_of(&nested("count = 3", "form = \"round\"", "x", set));
        assert_eq!(plan.action(n), "delete create");
        assert_eq!(plan.change(n)["replace_paths"], json!([["list", 1, "form"]]));
    }
}

fn nested(first: &str, second: &str, spelling: &str, set: &str) -> String {
    let spelling = if spelling.is_empty() { "x" } else { spelling };
    with_trial(&format!(
        r#"resource "trial_nested" "n" {{
             name = "n"
             one  = {{ key = "o" }}
             list = [
               {{
                 key = "a"
                 {first}
               }},
               {{
                 key   = "b"
                 count = 2
                 {second}
               }}
             ]
             set = {set}
             map = {{ x = {{ key = "x", spelling = "{spelling}" }} }}
           }}"#
    ))
}

#[test]
fn attributes_of_every_kind_go_there_and_back() {
    for terraform in both() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&with_trial(KINDS));
        let full = step.state.values("trial_kinds.full");
        let expected = json!({
            "name": "full",
            "flag": true,
            "number": 0.1,
            "whole": 9_223_372_036_854_775_807_i64,
            "whole32": -7,
            "small": 255,
            "float": 0.1,
            "float32": 0.1,
            "text": "é",
            "list": ["b", "a", "b"],
            "set": [1, 2.5],
            "map": { "no": false, "yes": true },
            "deep": [{ "a": ["x", "y"] }, {}],
            "dynamic": { "a": [1, "b", null] },
            "plain": { "text": "a", "number": 0.1, "list": ["b", null] },
            "loose": { "text": null, "any": [1, "b"] },
            "single": { "key": "k", "value": null },
            "pairs": [{ "key": "a", "value": 1 }, { "key": "b", "value": null }],
            "pair_set": [{ "key": "a", "value": 1 }],
            "pair_map": { "x": { "key": "b", "value": null } },
            "nest": { "n": { "pairs": [{ "key": "k", "value": 1 }], "single": null } },
        });
        assert_eq!(full, expected);
        // No float holds it.
        let number = step.state.value("trial_kinds.empty", "number").to_string();
        assert_eq!(number, "123456789012345678901234567890.5");
        assert_eq!(step.state.values("trial_kinds.empty")["list"], json!([]));
        assert_eq!(step.state.values("trial_kinds.empty")["pair_map"], json!({}));
        assert_eq!(step.state.values("trial_kinds.nulls")["pairs"], json!(null));
        assert_eq!(step.state.values("trial_kinds.nulls")["dynamic"], json!(null));
        let later = "trial_kinds.later";
        assert!(step.plan.is_unknown(later, "pairs.0.value"));
        assert!(step.plan.is_unknown(later, "nest.a.single"));
        assert!(step.plan.is_unknown(later, "set"));
        assert!(step.plan.is_unknown(later, "dynamic.0"));
        assert_eq!(step.state.value(later, "pairs"), json!([{ "key": "k", "value": 9 }]));
        assert_eq!(step.state.value(later, "list"), json!(["later-and-known"]));
    }
}

const KINDS: &str = r#"
resource "trial_kinds" "full" {
  name     = "full"
  flag     = true
  number   = 0.1
  whole    = 9223372036854775807
  whole32  = -7
  small    = 255
  float    = 0.1
  float32  = 0.1
  text     = "e\u0301"
  list     = ["b", "a", "b"]
  set      = [2.5, 1, 2.5]
  map      = { yes = true, no = false }
  deep     = [{ a = ["y", "x", "y"] }, {}]
  dynamic  = { a = [1, "b", null] }
  plain    = { text = "a", number = 0.1, list = ["b", null] }
  loose    = { text = null, any = [1, "b"] }
  single   = { key = "k" }
  pairs    = [{ key = "a", value = 1 }, { key = "b" }]
  pair_set = [{ key = "a", value = 1 }, { key = "a", value = 1 }]
  pair_map = { x = { key = "b" } }
  nest     = { n = { pairs = [{ key = "k", value = 1 }] } }
}
resource "trial_kinds" "empty" {
  name     = "empty"
  number   = 123456789012345678901234567890.5
  text     = ""
  list     = []
  set      = []
  map      = {}
  deep     = []
  dynamic  = []
  pairs    = []
  pair_set = []
  pair_map = {}
  nest     = { n = { pairs = [] } }
}
resource "trial_kinds" "nulls" {
  name    = "nulls"
  list    = [null]
  map     = { a = null }
  dynamic = null
  nest    = { n = { pairs = [{ key = "k", value = null }], single = null } }
}
resource "trial_later" "u" { name = "u" }
resource "trial_kinds" "later" {
  name    = "later"
  flag    = trial_later.u.yes
  number  = trial_later.u.number
  small   = trial_later.u.number
  text    = "a-${trial_later.u.text}"
  list    = [trial_later.u.text]
  set     = [for it in trial_later.u.list : length(it)]
  map     = { a = trial_later.u.yes }
  deep    = [{ a = trial_later.u.list }]
  dynamic = [trial_later.u.any, trial_later.u.list]
  single  = trial_later.u.yes ? { key = "k", value = 1 } : null
  pairs   = [{ key = "k", value = trial_later.u.number }]
  nest    = { a = { pairs = [], single = trial_later.u.yes ? { key = "k", value = 1 } : null } }
}
"#;

#[test]
fn what_is_known_of_the_unknown_goes_both_ways() {
    let place = Place::new(&Terraform::newest());
    // Terraform can answer these only by what the provider says of its unknown values.
    let plan = place.workspace.plan_of(&with_trial(
        r#"resource "trial_later" "u" { name = "u" }
           output "begins" { value = startswith(trial_later.u.text, "later-") }
           output "null" { value = trial_later.u.text == null }
           output "many" { value = length(trial_later.u.list) == 4 }
           output "told" {
             value = [for it in [
               "pre-${trial_later.u.text}", trial_later.u.number, trial_later.u.list, trial_later.u.yes
             ] : provider::trial::describe(it)]
           }"#,
    ));
    let outputs = &plan.json["planned_values"]["outputs"];
    for (name, value) in [("begins", true), ("null", false), ("many", false)] {
        assert_eq!(outputs[name]["value"], value, "{name}: {outputs:#}");
    }
    // And the provider is told what Terraform knows.
    let told = outputs["told"]["value"].as_array().unwrap().iter();
    let arrived = told.map(|it| msgpack::decode(&bytes_of(it.as_str().unwrap()), &Type::Dynamic));
    let known: Vec<Refinement> = arrived
        .map(|it| match it.unwrap().kind() {
            Kind::Unknown(it) => it.refinement.clone(),
            other => panic!("{other:?} is known"),
        })
        .collect();
    let bound = |number: i64, inclusive| Some(Bound { number: number.into(), inclusive });
    // A template knows of its beginning only what is written there.
    assert_eq!(known[0].prefix.as_deref(), Some("pre-"));
    assert_eq!((&known[1].min, &known[1].max), (&bound(1, false), &bound(9, true)));
    assert_eq!((known[2].min_length, known[2].max_length), (Some(1), Some(3)));
    assert!(known[..3].iter().all(|it| it.not_null) && known[3].is_empty(), "{known:?}");
}
