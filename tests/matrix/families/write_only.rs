//! Write-only attributes: told to the provider, and stored nowhere.

use std::rc::Rc;

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, Plan, Step, Terraform};

use crate::features::Feature;
use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

pub(crate) enum World {
    Can(Box<Can>),
    Cannot(Vec<Diagnostic>),
}

pub(crate) struct Can {
    place: Rc<Place>,
    first: Step,
    told_first: Option<String>,
    other_token: Plan,
    other_version: Step,
    told_then: Option<String>,
    without: Step,
    imported: Value,
    nested: Step,
    told_nested: Option<String>,
}

const IT: &str = "trial_thing.it";

impl suite::Family for Family {
    const NAME: &'static str = "write-only attributes";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let text = |attributes: &str| {
            with_trial(&format!(
                "resource \"trial_thing\" \"it\" {{\n  name = \"it\"\n  {attributes}\n}}\n"
            ))
        };
        if !Feature::WRITE_ONLY.is_in(terraform) {
            return World::Cannot(place.workspace.errors(&text("token = \"first\"")));
        }
        let first = place.workspace.step(&text("token = \"first\"\n  token_version = 1"));
        let told_first = place.read("told/it");
        let other_token = place.workspace.plan_of(&text("token = \"other\"\n  token_version = 1"));
        let other_version = place.workspace.step(&text("token = \"other\"\n  token_version = 2"));
        let told_then = place.read("told/it");
        let imported = place.workspace.import_by_command(IT, "it", &[]).values(IT);
        let without = place.workspace.step(&text("token_version = 3"));
        let nested = place.workspace.step(&with_trial(
            "resource \"trial_kept\" \"n\" {\n  name = \"n\"\n  one = { note = \"a\", token = \"one\" }\n\
             \x20 list = [{ note = \"b\", token = \"two\" }]\n  map = { k = { token = \"three\" } }\n}\n",
        ));
        let told_nested = place.read("told/n");
        World::Can(Box::new(Can {
            place,
            first,
            told_first,
            other_token,
            other_version,
            told_then,
            without,
            imported,
            nested,
            told_nested,
        }))
    }

    fn cases() -> Vec<Case<World>> {
        vec![
            can("told when the object is made", |it| {
                assert_eq!(it.told_first.as_deref(), Some("first"));
            }),
            can("null in the plan", |it| {
                assert_eq!(it.first.plan.after(IT, "token"), Value::Null);
                assert!(!it.first.plan.is_unknown(IT, "token"));
            }),
            can("null in the state", |it| {
                assert_eq!(it.first.state.value(IT, "token"), Value::Null);
                assert!(!it.place.workspace.read("terraform.tfstate").contains("\"first\""));
            }),
            can("another value is no change", |it| assert!(it.other_token.is_empty)),
            can("another version of it is one, and it is told again", |it| {
                assert_eq!(it.other_version.plan.action(IT), "update");
                assert_eq!(it.other_version.plan.after(IT, "token_version"), json!(2));
                assert_eq!(it.told_then.as_deref(), Some("other"));
            }),
            can("left out it is null, and nothing is told", |it| {
                assert_eq!(it.without.plan.action(IT), "update");
                assert_eq!(it.without.state.value(IT, "token"), Value::Null);
                assert_eq!(it.place.read("told/it").as_deref(), Some("other"));
            }),
            can("null after an import", |it| {
                assert_eq!(it.imported["token"], Value::Null);
                assert_eq!(it.imported["token_version"], 2);
            }),
            can("told in nested objects", |it| {
                assert_eq!(it.told_nested.as_deref(), Some("one two three"));
            }),
            can("null in the nested objects of plan and state", |it| {
                for path in ["one.token", "list.0.token", "map.k.token"] {
                    assert_eq!(it.nested.plan.after("trial_kept.n", path), Value::Null, "{path}");
                    assert_eq!(it.nested.state.value("trial_kept.n", path), Value::Null, "{path}");
                }
                assert_eq!(it.nested.state.value("trial_kept.n", "list.0.note"), "b");
            }),
            can("taken out of what a provider's code returns", |it| {
                // `trial_kept` returns its tokens from create and read alike.
                let object = it.place.object("trial_kept", "n").unwrap();
                assert_eq!(object["one"]["token"], "one");
                assert!(!it.place.workspace.read("terraform.tfstate").contains("\"three\""));
            }),
            case("refused by a Terraform that would store it", |world: &World| {
                let World::Cannot(errors) = world else { panic!("it would not store it") };
                let summary = "token is write-only, and this Terraform would store it";
                assert_eq!(errors[0].summary, summary);
                assert!(errors[0].detail.contains("1.11 or newer"), "{}", errors[0]);
            })
            .needs(Feature::NO_WRITE_ONLY),
        ]
    }
}

fn can(name: &str, check: impl Fn(&Can) + 'static) -> Case<World> {
    let case = case(name, move |world: &World| match world {
        World::Can(it) => check(it),
        World::Cannot(_) => panic!("this Terraform knows no write-only attributes"),
    });
    case.needs(Feature::WRITE_ONLY)
}
