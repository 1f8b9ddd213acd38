//! Nested blocks: single, in order, without order and by name, blocks in blocks, and what is in them.

use std::fmt::Write as _;

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, Plan, State, Step, Terraform};

use crate::features::Feature;
use crate::suite::{self, Case, case};
use stanchion_tests::place::with_trial;

pub(crate) struct Family;

pub(crate) struct World {
    first: Step,
    then: Step,
    imported: State,
    drifted: Plan,
    old: Vec<Diagnostic>,
}

const B: &str = "trial_block.b";
const NONE: &str = "trial_block.none";
const GONE: &str = "trial_block.gone";
const ROUND: &str = "trial_block.round";
const LATER: &str = "trial_block.later";
const TOKENS: &str = "trial_block.tokens";

impl suite::Family for Family {
    const NAME: &'static str = "blocks";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let knows_tokens = Feature::WRITE_ONLY.is_in(terraform);
        let tokens = |one: &str| {
            block(
                "tokens",
                &format!("limit {{ token = {one:?} }}\n  door \"d\" {{ token = {one:?} }}"),
            )
        };
        let old = match knows_tokens {
            true => Vec::new(),
            false => place.workspace.errors(&with_trial(&tokens("sesame"))),
        };
        let or_none = |it: String| if knows_tokens { it } else { String::new() };
        let first = place.workspace.step(&with_trial(&(first() + &or_none(tokens("sesame")))));
        let then = place.workspace.step(&with_trial(&(changed() + &or_none(tokens("other")))));
        let imported = place.workspace.import_by_command(B, "b", &["timeouts"]);
        let mut rules = place.object("trial_block", "b").unwrap()["rule"].take();
        rules[1]["count"] = json!(9);
        place.change("trial_block", "b", "rule", rules);
        let drifted = place.workspace.plan();
        World { first, then, imported, drifted, old }
    }

    fn cases() -> Vec<Case<World>> {
        [values(), plans()].into_iter().flatten().collect()
    }
}

fn values() -> Vec<Case<World>> {
    vec![
        case("where none is written, one is null and several are empty", |it: &World| {
            for found in [&it.first.plan.change(NONE)["after"], &it.first.state.values(NONE)] {
                let several = ["rule", "label", "door"].map(|name| found[name].clone());
                assert_eq!(found["limit"], Value::Null);
                assert_eq!(several, [json!([]), json!([]), json!({})]);
            }
            assert_eq!(it.first.state.value(NONE, "rules"), 0);
        }),
        case("an empty block is an object with its defaults", |it: &World| {
            assert_eq!(it.first.plan.after(B, "limit.most"), 10);
            let limit = json!({ "most": 10, "unit": "each", "token": null });
            assert_eq!(it.first.state.value(B, "limit"), limit);
        }),
        case("blocks of a list keep their order", |it: &World| {
            assert_eq!(all(&it.first.state, B, "rule", "key"), ["b", "a"]);
            assert_eq!(all(&it.first.state, B, "rule", "shown"), ["1 of b", "2 of a"]);
        }),
        case("blocks of a set that are alike are one", |it: &World| {
            let mut keys = all(&it.first.state, B, "label", "key");
            keys.sort();
            assert_eq!(keys, ["d", "e"]);
        }),
        case("each block of a set has its defaults and its own computed values", |it: &World| {
            let labels = it.first.state.value(B, "label");
            for label in labels.as_array().unwrap() {
                let key = label["key"].as_str().unwrap();
                assert_eq!(label["id"], format!("label {key}"));
                assert_eq!(label["value"], if key == "d" { "none" } else { "written" });
            }
        }),
        case("blocks of a map are found by their label", |it: &World| {
            let door = |most: i64, unit: &str| json!({ "most": most, "unit": unit, "token": null });
            let doors = json!({ "back": door(10, "pair"), "front": door(3, "each") });
            assert_eq!(it.first.state.value(B, "door"), doors);
        }),
        case("blocks stand within blocks within blocks", |it: &World| {
            let steps = json!([
                { "run": "one", "id": "step one", "label": [] },
                {
                    "run": "two", "id": "step two",
                    "label": [{ "key": "x", "value": "none", "id": "label x" }],
                },
            ]);
            assert_eq!(it.first.state.value(B, "rule.1.step"), steps);
        }),
        case(
            "a nested attribute within a block has its defaults and computed values",
            |it: &World| {
                assert_eq!(it.first.plan.after(B, "rule.1.target.value"), "none");
                assert!(it.first.plan.is_unknown(B, "rule.1.target.id"));
                let target = json!({ "key": "t", "value": "none", "id": "label t" });
                assert_eq!(it.first.state.value(B, "rule.1.target"), target);
                assert_eq!(it.first.state.value(B, "rule.0.target"), Value::Null);
            },
        ),
        case("a block of durations is stored as it is written", |it: &World| {
            assert_eq!(it.first.state.value(B, "timeouts.create"), "5m");
            assert_eq!(it.first.state.value(NONE, "timeouts"), Value::Null);
        }),
        case("blocks whose number was unknown are there after the apply", |it: &World| {
            assert_eq!(all(&it.first.state, LATER, "rule", "key"), ["a", "b", "last"]);
            assert_eq!(it.first.state.value(LATER, "rule.1.made"), "rule b");
            assert_eq!(it.first.state.value(LATER, "rules"), 3);
            let mut labels = all(&it.first.state, LATER, "label", "id");
            labels.sort();
            assert_eq!(labels, ["label a", "label b"]);
        }),
        case("a single block that was unknown is one after the apply", |it: &World| {
            assert_eq!(it.first.state.value(LATER, "limit.most"), 10);
            assert_eq!(it.first.state.value(LATER, "limit.unit"), "each");
        }),
        case("blocks within a block whose number was unknown are there too", |it: &World| {
            let steps = it.first.state.value(LATER, "rule.2.step");
            assert_eq!([&steps[0]["id"], &steps[1]["id"]], ["step a", "step b"]);
        }),
        case("dynamic blocks of nothing are none", |it: &World| {
            assert_eq!(it.first.plan.after(LATER, "door"), json!({}));
            assert_eq!(it.first.state.value(LATER, "door"), json!({}));
        }),
        case("blocks are imported as they were made", |it: &World| {
            assert_eq!(it.imported.value(B, "rule"), it.then.state.value(B, "rule"));
            assert_eq!(it.imported.value(B, "door.back.unit"), "pair");
        }),
        case("write-only values in blocks are null in plan and state", |it: &World| {
            for path in ["limit.token", "door.d.token"] {
                assert_eq!(it.first.plan.after(TOKENS, path), Value::Null, "{path}");
                assert_eq!(it.first.state.value(TOKENS, path), Value::Null, "{path}");
            }
            assert_eq!(it.first.state.value(TOKENS, "limit.most"), 10);
        })
        .needs(Feature::WRITE_ONLY),
        case("another write-only value in a block is no change", |it: &World| {
            assert_eq!(it.then.plan.action(TOKENS), "no-op");
        })
        .needs(Feature::WRITE_ONLY),
    ]
}

fn plans() -> Vec<Case<World>> {
    vec![
        case(
            "write-only values in blocks are refused by a Terraform that would store them",
            |it: &World| {
                let told: Vec<&str> = it.old.iter().map(|it| it.summary.as_str()).collect();
                let said =
                    |path: &str| format!("{path} is write-only, and this Terraform would store it");
                assert!(told.contains(&&*said("limit.token")), "{told:?}");
            },
        )
        .needs(Feature::NO_WRITE_ONLY),
        case("computed values in new blocks are unknown", |it: &World| {
            for path in
                ["limit.unit", "rule.0.made", "rule.1.step.0.id", "door.front.unit", "rules"]
            {
                assert!(it.first.plan.is_unknown(B, path), "{path}");
            }
            assert!(!it.first.plan.is_unknown(B, "door.back.unit"), "it is written");
        }),
        case("blocks whose number is unknown are unknown", |it: &World| {
            for path in ["limit.unit", "rule", "label", "rules"] {
                assert!(it.first.plan.is_unknown(LATER, path), "{path}");
            }
            assert!(!it.first.plan.is_unknown(LATER, "door"));
        }),
        case("what follows a value in a block is unknown with it, and no other", |it: &World| {
            assert_eq!(it.then.plan.action(B), "update");
            assert!(it.then.plan.is_unknown(B, "rule.1.shown"));
            assert_eq!(it.then.plan.after(B, "rule.0.shown"), "1 of b");
            assert_eq!(it.then.state.value(B, "rule.1.shown"), "3 of a");
        }),
        case("what is kept in blocks stays known", |it: &World| {
            for (path, value) in [
                ("rule.1.made", "rule a"),
                ("rule.1.step.0.id", "step one"),
                ("rule.1.target.id", "label t"),
                ("limit.unit", "each"),
            ] {
                assert_eq!(it.then.plan.after(B, path), value, "{path}");
            }
        }),
        case("what follows all blocks is unknown when one changes", |it: &World| {
            assert!(it.then.plan.is_unknown(B, "rules"));
            assert_eq!(it.then.state.value(B, "rules"), 3);
        }),
        case("a block that is added has new values, and the others keep theirs", |it: &World| {
            assert!(it.then.plan.is_unknown(B, "rule.2.made"));
            assert_eq!(it.then.plan.after(B, "rule.2.count"), 1);
            assert_eq!(it.then.state.value(B, "rule.2.made"), "rule c");
        }),
        case("only the block of a set that is new has new values", |it: &World| {
            let is_new = |i: &usize| it.then.plan.is_unknown(B, &format!("label.{i}.id"));
            assert_eq!((0..2).filter(is_new).count(), 1, "{:#}", it.then.plan.change(B));
        }),
        case("what the configuration no longer says is kept", |it: &World| {
            assert_eq!(it.then.plan.after(B, "door.back.unit"), "pair");
        }),
        case("blocks that are no longer written are gone", |it: &World| {
            assert_eq!(it.then.plan.action(GONE), "update");
            assert_eq!(it.then.state.value(GONE, "limit"), Value::Null);
            assert_eq!(it.then.state.value(GONE, "rule"), json!([]));
            assert_eq!(it.then.state.value(GONE, "door"), json!({}));
            assert_eq!(it.then.state.value(GONE, "rules"), 0);
        }),
        case("a value in a block asks for a new object by its path", |it: &World| {
            assert_eq!(it.then.plan.action(ROUND), "delete create");
            let paths = &it.then.plan.change(ROUND)["replace_paths"];
            assert_eq!(*paths, json!([["rule", 1, "form"]]));
        }),
        case("what has changed in a block behind its back is changed back", |it: &World| {
            let change = it.drifted.change(B);
            assert_eq!(it.drifted.action(B), "update");
            assert_eq!(change["before"]["rule"][1]["count"], 9);
            assert_eq!(change["after"]["rule"][1]["count"], 3);
            assert_eq!(change["after"]["rule"][0], change["before"]["rule"][0]);
        }),
    ]
}

/// One attribute of all blocks of a name.
fn all(state: &State, address: &str, blocks: &str, attribute: &str) -> Vec<String> {
    let blocks = state.value(address, blocks);
    let blocks = blocks.as_array().unwrap().iter();
    blocks.map(|it| it[attribute].as_str().unwrap().to_owned()).collect()
}

fn block(name: &str, inner: &str) -> String {
    format!("resource \"trial_block\" \"{name}\" {{\n  name = \"{name}\"\n  {inner}\n}}\n")
}

fn first() -> String {
    let gone =
        "limit {}\n  rule {\n    key = \"k\"\n    step { run = \"r\" }\n  }\n  door \"d\" {}";
    let unit = "unit = \"pair\"";
    let b = full("count = 2", "written", unit, "");
    [block("b", &b), block("none", ""), block("gone", gone), rounded(""), later()].concat()
}

fn changed() -> String {
    let more = "rule {\n    key = \"c\"\n    step { run = \"four\" }\n  }";
    let b = full("count = 3", "rewritten", "", more);
    let round = rounded("form = \"round\"");
    [block("b", &b), block("none", ""), block("gone", ""), round, later()].concat()
}

fn full(count: &str, label: &str, unit: &str, more: &str) -> String {
    format!(
        r#"limit {{}}
  rule {{
    key = "b"
    step {{ run = "three" }}
  }}
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
  {more}
  label {{ key = "d" }}
  label {{
    key   = "e"
    value = "{label}"
  }}
  label {{ key = "d" }}
  door "front" {{ most = 3 }}
  door "back" {{ {unit} }}
  timeouts {{ create = "5m" }}"#
    )
}

fn rounded(form: &str) -> String {
    let rule = |form| {
        format!("rule {{\n    key = \"k\"\n    {form}\n    step {{ run = \"r\" }}\n  }}\n  ")
    };
    block("round", &(rule("") + &rule(form)))
}

fn later() -> String {
    let each = "for_each = terraform_data.names.output";
    let dynamic = |name: &str, content: &str| {
        format!(
            "dynamic \"{name}\" {{\n    {each}\n    content {{\n      {content}\n    }}\n  }}\n  "
        )
    };
    let mut inner = dynamic("rule", "key = rule.value\n      step { run = rule.value }");
    let steps = dynamic("step", "run = step.value");
    let _ = write!(inner, "rule {{\n    key = \"last\"\n    {steps}\n  }}\n  ");
    inner += &dynamic("label", "key = label.value");
    inner += &dynamic("limit", "")
        .replace(each, "for_each = slice(tolist(terraform_data.names.output), 0, 1)");
    inner += &dynamic("door", "").replace(each, "for_each = {}\n    labels = [door.key]");
    let names = "resource \"terraform_data\" \"names\" {\n  input = toset([\"a\", \"b\"])\n}\n";
    names.to_owned() + &block("later", &inner)
}
