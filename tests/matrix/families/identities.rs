//! Identities: what tells an object from all others, stored beside the state and imported by.

use std::fs;

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, State, Step, Terraform};

use crate::features::Feature;
use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

pub(crate) struct World {
    first: Step,
    updated: Step,
    replaced: Step,
    by_block: State,
    by_command: State,
    upgraded: Value,
    filled_in: Value,
    none_upgraded: Told,
    newer: Told,
    changed_by_update: Told,
    changed_by_read: Told,
    kept: Value,
    wrong: Vec<(&'static str, Told)>,
}

/// The errors of a command.
type Told = Vec<Diagnostic>;

const K: &str = "trial_known.k";
const TWO: &str = "trial_known.two";
const P: &str = "trial_thing.plain";

impl suite::Family for Family {
    const NAME: &'static str = "identities";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let first = place.workspace.step(&known("region = \"north\"\n  aliases = [\"a\", \"b\"]"));
        let wrong = wrong(&place);
        fs::remove_file(place.workspace.path().join("terraform.tfstate")).unwrap();
        place.workspace.write("import.tf", IMPORTS);
        let output = place.workspace.apply();
        assert!(output.words().contains("2 imported, 1 added, 0 changed"), "{output}");
        fs::remove_file(place.workspace.path().join("import.tf")).unwrap();
        let by_block = place.workspace.state();
        place.workspace.run(["state", "rm", K]).success();
        place.workspace.run(["import", K, "one"]).success();
        let by_command = place.workspace.state();
        let stored = |change: &dyn Fn(&mut Value)| {
            let file = place.workspace.path().join("terraform.tfstate");
            let before = fs::read_to_string(&file).unwrap();
            let mut state: Value = serde_json::from_str(&before).unwrap();
            change(instance(&mut state));
            place.workspace.write("terraform.tfstate", state.to_string());
            before
        };
        let refreshed = |change: &dyn Fn(&mut Value)| {
            stored(change);
            place.workspace.run(["apply", "-refresh-only", "-auto-approve"]).success();
            stored_identity(&place)
        };
        let refused = |change: &dyn Fn(&mut Value)| {
            let before = stored(change);
            let told = told(&place, &["plan", "-json"]);
            place.workspace.write("terraform.tfstate", before);
            told
        };
        let older =
            json!({ "label": "one", "region": "north", "aliases": ["a", "b"], "number": 7 });
        let upgraded = refreshed(&|it| put(it, 0, older.clone()));
        let none_upgraded = refused(&|it| put(it, 0, json!({ "number": 7 })));
        let newer = refused(&|it| put(it, 2, json!({ "name": "one" })));
        let filled_in = refreshed(&|it| {
            let it = it.as_object_mut().unwrap();
            it.remove("identity");
            it.remove("identity_schema_version");
        });
        place.change("trial_known", "one", "number", 8);
        let changed_by_read = told(&place, &["plan", "-json"]);
        place.change("trial_known", "one", "number", 7);
        let kept = stored_identity(&place);
        let updated = place
            .workspace
            .step(&known("region = \"north\"\n  aliases = [\"a\", \"b\"]\n  note = \"a\""));
        let plan = place.workspace.plan_of(&known("region = \"south\""));
        place.workspace.apply_plan();
        let replaced = Step { plan, state: place.workspace.state() };
        let moved = "region = \"south\"\n  note = \"another number\"";
        let changed_by_update = place.workspace.errors(&known(moved));
        place.change("trial_known", "one", "number", 7);
        place.workspace.write("main.tf", known("region = \"south\""));
        World {
            first,
            updated,
            replaced,
            by_block,
            by_command,
            upgraded,
            filled_in,
            none_upgraded,
            newer,
            changed_by_update,
            changed_by_read,
            kept,
            wrong,
        }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = vec![
            knowing("in the state when the object is made", |it| {
                assert_eq!(it.first.state.identity(K), identity());
            }),
            knowing("what is null in it is null in the state", |it| {
                assert_eq!(it.replaced.state.identity(K)["aliases"], Value::Null);
            }),
            knowing("a resource without one stores none", |it| {
                assert_eq!(it.first.state.identity(P), Value::Null);
            }),
            knowing("imported by it, all is as it was made", |it| {
                assert_eq!(it.by_block.identity(K), identity());
                assert_eq!(it.by_block.values(K), it.first.state.values(K));
            }),
            knowing("imported by an id in a block, it is filled in", |it| {
                let identity =
                    json!({ "name": "two", "region": null, "aliases": null, "number": 7 });
                assert_eq!(it.by_block.identity(TWO), identity);
                assert_eq!(it.by_block.values(TWO), it.first.state.values(TWO));
            }),
            knowing("imported by the command, it is filled in", |it| {
                assert_eq!(it.by_command.identity(K), identity());
            }),
            knowing("a change in place keeps it, in plan and state", |it| {
                assert_eq!(it.updated.plan.action(K), "update");
                assert_eq!(it.updated.plan.change(K)["before_identity"], identity());
                assert_eq!(it.updated.plan.change(K)["after_identity"], identity());
                assert!(it.updated.plan.is_unknown(K, "number"));
                assert_eq!(it.updated.state.identity(K), identity());
            }),
            knowing("a new object has another", |it| {
                assert_eq!(it.replaced.plan.action(K), "delete create");
                let identity =
                    json!({ "name": "one", "region": "south", "aliases": null, "number": 7 });
                assert_eq!(it.replaced.state.identity(K), identity);
            }),
            knowing("one that a change alters is refused", |it| {
                only(
                    &it.changed_by_update,
                    "number is part of the object's identity and changed from 7 to 8",
                );
            }),
            knowing("one that a reading alters is refused, and stays as it was", |it| {
                only(
                    &it.changed_by_read,
                    "number is part of the object's identity and changed from 7 to 8",
                );
                assert_eq!(it.kept, identity());
            }),
            knowing("one of an older version is upgraded", |it| {
                assert_eq!(it.upgraded, identity());
            }),
            knowing("one that can't be upgraded is told", |it| {
                only(&it.none_upgraded, "trial_known has no label");
            }),
            knowing("one of a newer version is refused", |it| {
                only(&it.newer, "newer provider version")
            }),
            knowing("a missing one is filled in by the next reading", |it| {
                assert_eq!(it.filled_in, identity());
            }),
        ];
        let wrong = WRONG.iter().map(|(name, .., said)| {
            knowing(name, move |it| {
                let told = it.wrong.iter().find(|(which, _)| which == name).unwrap();
                assert!(
                    told.1.iter().any(|it| it.to_string().contains(said)),
                    "{said}: {:?}",
                    told.1
                );
                assert!(!told.1.iter().any(|it| it.to_string().contains("panic")), "{:?}", told.1);
            })
        });
        cases.extend(wrong);
        cases
    }
}

/// What can't be imported, its address and identity, and what is said of it.
const WRONG: &[(&str, &str, &str, &str)] = &[
    (
        "an import that finds another object is refused",
        K,
        "{ name = \"lost\", number = 7 }",
        "name is part of the object's identity",
    ),
    (
        "an import of what is not there is told",
        K,
        "{ name = \"none\", number = 7 }",
        "Cannot import non-existent remote object",
    ),
    ("an import by a part of it is told what is missing", K, "{ name = \"one\" }", "number"),
    ("a resource without one can't be imported so", P, "{ name = \"plain\" }", "dentity"),
];

const IMPORTS: &str = r#"
import {
  to = trial_known.k
  identity = { name = "one", region = "north", aliases = ["a", "b"], number = 7 }
}
import {
  to = trial_known.two
  id = "two"
}
"#;

fn wrong(place: &Place) -> Vec<(&'static str, Told)> {
    let before = place.workspace.read("terraform.tfstate");
    fs::remove_file(place.workspace.path().join("terraform.tfstate")).unwrap();
    let each = WRONG.iter().map(|(name, to, by, _)| {
        place
            .workspace
            .write("import.tf", format!("import {{\n  to = {to}\n  identity = {by}\n}}\n"));
        (*name, told(place, &["plan", "-json"]))
    });
    let each = each.collect();
    fs::remove_file(place.workspace.path().join("import.tf")).unwrap();
    place.workspace.write("terraform.tfstate", before);
    each
}

fn told(place: &Place, arguments: &[&str]) -> Told {
    let output = place.workspace.run(arguments).failure();
    let mut told = Diagnostic::all(&output.stdout);
    told.retain(|it| it.severity == "error");
    told
}

#[track_caller]
fn only(told: &[Diagnostic], words: &str) {
    let [one] = told else { panic!("{told:?}") };
    assert!(one.to_string().contains(words), "{one}");
}

fn instance(state: &mut Value) -> &mut Value {
    let resources = state["resources"].as_array_mut().unwrap();
    let known =
        resources.iter_mut().find(|it| it["type"] == "trial_known" && it["name"] == "k").unwrap();
    &mut known["instances"][0]
}

fn stored_identity(place: &Place) -> Value {
    let mut state: Value =
        serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
    instance(&mut state)["identity"].take()
}

fn put(instance: &mut Value, version: i64, identity: Value) {
    instance["identity"] = identity;
    instance["identity_schema_version"] = version.into();
}

fn identity() -> Value {
    json!({ "name": "one", "region": "north", "aliases": ["a", "b"], "number": 7 })
}

fn known(attributes: &str) -> String {
    with_trial(&format!(
        "resource \"trial_known\" \"k\" {{\n  name = \"one\"\n  {attributes}\n}}\n\
         resource \"trial_known\" \"two\" {{\n  name = \"two\"\n}}\n\
         resource \"trial_thing\" \"plain\" {{\n  name = \"plain\"\n}}\n"
    ))
}

fn knowing(name: &str, check: impl Fn(&World) + 'static) -> Case<World> {
    case(name, check).needs(Feature::IDENTITY)
}
