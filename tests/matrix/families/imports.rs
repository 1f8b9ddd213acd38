//! Objects that exist already: imported by command and block, and their configuration written.

use std::fs;

use serde_json::json;
use stanchion_tests::{Diagnostic, Plan, State, Terraform};

use crate::features::Feature;
use crate::suite::{self, Case, case};
use stanchion_tests::place::with_trial;

pub(crate) struct Family;

pub(crate) struct World {
    by_command: State,
    by_block: Plan,
    block_state: State,
    changed: Plan,
    written: String,
    planned: Plan,
    refused: Vec<(&'static str, Vec<Diagnostic>)>,
    log: Vec<String>,
}

/// What exists, by its type: its attributes.
const OBJECTS: &[(&str, &str)] = &[
    ("trial_thing", "note = \"it's \\\"a\\\"\"\n  weight = 3"),
    ("trial_kinds", KINDS),
    ("trial_nested", NESTED),
    ("trial_block", BLOCKS),
];

/// What can't be imported: its address, its id, and what is said of it.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    (
        "an id that is none is refused at once",
        "trial_thing.one",
        "a/b",
        "trial_thing has no import id \"a/b\": Give the name alone.",
    ),
    (
        "an object that is not there is told",
        "trial_thing.one",
        "none",
        "Cannot import non-existent remote object",
    ),
    (
        "what can't be imported is told",
        "trial_dynamic.one",
        "one",
        "trial_dynamic \"one\" can't be imported",
    ),
    (
        "a resource that imports nothing is told",
        "trial_slow.one",
        "one",
        "trial_slow can't be imported",
    ),
];

impl suite::Family for Family {
    const NAME: &'static str = "imports";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        // Terraform 1.8 can't write what its own code for nested attributes fails at.
        let nested = Feature::GENERATES_NESTED.is_in(terraform);
        let objects: Vec<_> = OBJECTS
            .iter()
            .filter(|(kind, _)| nested || !["trial_nested", "trial_block"].contains(kind))
            .collect();
        let all: String = OBJECTS.iter().map(|(kind, inner)| resource(kind, inner)).collect();
        place.workspace.write("main.tf", with_trial(&all));
        place.workspace.apply();
        let by_command = place.workspace.import_by_command("trial_thing.one", "one", &[]);
        let state = place.workspace.read("terraform.tfstate");
        let forget = || fs::remove_file(place.workspace.path().join("terraform.tfstate")).unwrap();
        forget();
        place.workspace.write("import.tf", import_blocks(OBJECTS.iter()));
        let changed =
            place.workspace.plan_of(&with_trial(&all.replace("weight = 3", "weight = 4")));
        let by_block = place.workspace.plan_of(&with_trial(&all));
        place.take_log();
        place.workspace.apply_plan();
        let log = place.take_log();
        let block_state = place.workspace.state();
        forget();
        place
            .workspace
            .write("main.tf", with_trial(""))
            .write("import.tf", import_blocks(objects.into_iter()));
        place.workspace.run(["plan", "-generate-config-out=generated.tf"]).success();
        let planned = place.workspace.plan();
        let written = place.workspace.read("generated.tf");
        fs::remove_file(place.workspace.path().join("generated.tf")).unwrap();
        let slow = "resource \"trial_slow\" \"one\" {\n  name = \"one\"\n  seconds = 0\n}\n";
        let others = [resource("trial_thing", ""), resource("trial_dynamic", ""), slow.to_owned()];
        place.workspace.write("main.tf", with_trial(&others.concat()));
        let refused = REFUSED.iter().map(|(name, to, id, _)| {
            place.workspace.write("import.tf", import_block(to, id));
            let output = place.workspace.run(["plan", "-json"]).failure();
            (*name, Diagnostic::all(&output.stdout))
        });
        let refused = refused.collect();
        place.workspace.write("terraform.tfstate", state);
        // Terraform 1.8 imports before it destroys.
        fs::remove_file(place.workspace.path().join("import.tf")).unwrap();
        World { by_command, by_block, block_state, changed, written, planned, refused, log }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = vec![
            case("the command imports what was made", |it: &World| {
                let values = it.by_command.values("trial_thing.one");
                let values =
                    ["id", "note", "digest", "revision", "zone"].map(|name| values[name].clone());
                let note = "it's \"a\"";
                assert_eq!(
                    values,
                    [
                        json!("thing-one"),
                        json!(note),
                        json!(format!("<{note}>")),
                        json!(1),
                        json!("north")
                    ]
                );
            }),
            case("blocks import all at once, and change nothing", |it: &World| {
                assert_eq!(it.by_block.changes(), []);
                let importing =
                    |kind: &str| it.by_block.change(&format!("{kind}.one"))["importing"].clone();
                for (kind, _) in OBJECTS {
                    assert_eq!(importing(kind)["id"], "one", "{kind}");
                }
            }),
            case("an import that is also a change says what changes", |it: &World| {
                let change = it.changed.change("trial_thing.one");
                assert_eq!(
                    it.changed.changes(),
                    [("trial_thing.one".to_owned(), "update".to_owned())]
                );
                assert_eq!([&change["before"]["weight"], &change["after"]["weight"]], [3, 4]);
                assert_eq!(change["importing"]["id"], "one");
            }),
            case("an import changes no object", |it: &World| {
                let deeds = ["create", "update", "delete"];
                let done = it.log.iter().filter(|it| deeds.iter().any(|deed| it.starts_with(deed)));
                assert_eq!(done.count(), 0, "{:?}", it.log);
            }),
            case("values of every kind are imported", |it: &World| {
                let values = it.block_state.values("trial_kinds.one");
                assert_eq!(values["number"], 0.1);
                assert_eq!(values["dynamic"], json!({ "a": [1, "b", null] }));
                let plain = json!({ "text": "t", "number": 2, "list": ["l", null] });
                assert_eq!(values["plain"], plain);
                assert_eq!(values["loose"], json!({ "text": null, "any": [1, { "a": "b" }] }));
                assert_eq!(values["nest"]["n"]["pairs"], json!([{ "key": "k", "value": 1 }]));
            }),
            case("computed values in nested objects are imported", |it: &World| {
                assert_eq!(it.block_state.value("trial_nested.one", "list.1.label"), "1 of b");
                assert_eq!(it.block_state.value("trial_nested.one", "map.x.made"), "x");
            }),
            case("computed values in blocks are imported", |it: &World| {
                assert_eq!(it.block_state.value("trial_block.one", "rule.0.step.1.id"), "step two");
                assert_eq!(it.block_state.value("trial_block.one", "door.front.unit"), "each");
            }),
            case("a written configuration leaves out what is computed", |it: &World| {
                assert!(
                    it.written.contains("resource \"trial_thing\" \"one\" {"),
                    "{}",
                    it.written
                );
                for computed in ["digest", "revision", "shown", "made ", "label "] {
                    let lines = it.written.lines().map(str::trim_start);
                    let found: Vec<&str> = lines
                        .filter(|line| line.starts_with(computed))
                        .filter(|line| line.contains('='))
                        .collect();
                    assert_eq!(found, [""; 0], "{}", it.written);
                }
            }),
            case("a written configuration quotes what must be", |it: &World| {
                assert!(it.written.contains(r#"= "it's \"a\"""#), "{}", it.written);
                assert!(it.written.contains(r"$${b}"), "{}", it.written);
            }),
            case("blocks are written as blocks", |it: &World| {
                for words in [
                    "\n  limit {\n",
                    "\n  door \"front\" {\n",
                    "\n    step {\n      run = \"two\"\n",
                ] {
                    assert!(it.written.contains(words), "{words}: {}", it.written);
                }
            })
            .needs(Feature::GENERATES_NESTED),
        ];
        for &(kind, _) in OBJECTS {
            let it =
                case(format!("what is written of a {kind} plans no change"), move |it: &World| {
                    let address = format!("{kind}.one");
                    assert_eq!(it.planned.action(&address), "no-op", "{}", it.written);
                    assert_eq!(it.planned.change(&address)["importing"]["id"], "one");
                });
            let nested = ["trial_nested", "trial_block"].contains(&kind);
            cases.push(if nested { it.needs(Feature::GENERATES_NESTED) } else { it });
        }
        for &(name, _, _, said) in REFUSED {
            cases.push(case(name, move |it: &World| {
                let told = &it.refused.iter().find(|(which, _)| *which == name).unwrap().1;
                let told: Vec<String> = told
                    .iter()
                    .filter(|it| it.severity == "error")
                    .map(|it| format!("{}: {}", it.summary, it.detail))
                    .collect();
                assert_eq!(told.len(), 1, "{told:?}");
                assert!(told[0].contains(said) && !told[0].contains("panic"), "{told:?}");
            }));
        }
        cases
    }
}

fn resource(kind: &str, inner: &str) -> String {
    format!("resource \"{kind}\" \"one\" {{\n  name = \"one\"\n  {inner}\n}}\n")
}

fn import_block(to: &str, id: &str) -> String {
    format!("import {{\n  to = {to}\n  id = {id:?}\n}}\n")
}

fn import_blocks<'a>(objects: impl Iterator<Item = &'a (&'a str, &'a str)>) -> String {
    objects.map(|(kind, _)| import_block(&format!("{kind}.one"), "one")).collect()
}

const KINDS: &str = r#"flag     = true
  number   = 0.1
  text     = "a\n$${b}"
  list     = ["b", "a"]
  set      = [2.5, 1]
  map      = { yes = true }
  deep     = [{ a = ["y", "x"] }, {}]
  dynamic  = { a = [1, "b", null] }
  plain    = { text = "t", number = 2, list = ["l", null] }
  loose    = { text = null, any = [1, { a = "b" }] }
  single   = { key = "k" }
  pairs    = [{ key = "a", value = 1 }, { key = "b" }]
  pair_set = [{ key = "a", value = 1 }]
  pair_map = { x = { key = "b" } }
  nest     = { n = { pairs = [{ key = "k", value = 1 }] } }"#;

const NESTED: &str = r#"one  = { key = "a" }
  list = [{ key = "a", count = 2 }, { key = "b", form = "round" }]
  set  = [{ key = "a" }, { key = "b" }]
  map  = { x = { key = "x" } }"#;

const BLOCKS: &str = r#"limit {}
  rule {
    key    = "a"
    target = { key = "t" }
    step { run = "one" }
    step {
      run = "two"
      label { key = "x" }
    }
  }
  label { key = "d" }
  door "front" { most = 3 }"#;
