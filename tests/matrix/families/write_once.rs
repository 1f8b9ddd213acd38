//! Values that must be given when an object is made, and may be left out from then on.

use std::rc::Rc;

use serde_json::Value;
use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Diagnostic, Plan, Step, Terraform};

use crate::features::Feature;
use crate::suite::{self, Case, case};

pub(crate) struct Family;

pub(crate) struct World {
    missing: Vec<Diagnostic>,
    can: Option<Can>,
}

/// What is done by a Terraform that knows write-only attributes.
pub(crate) struct Can {
    place: Rc<Place>,
    later: Plan,
    first: Step,
    told_first: Option<String>,
    left_out: Plan,
    other: Plan,
    changed: Step,
    told_by_change: Option<String>,
    not_replaced: Vec<Diagnostic>,
    still_there: Option<Value>,
    replaced: Step,
}

const IT: &str = "trial_once.it";

impl suite::Family for Family {
    const NAME: &'static str = "write-once values";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let missing = place.workspace.errors(&once("a", ""));
        let can = Feature::WRITE_ONLY.is_in(terraform).then(|| prepare(place));
        World { missing, can }
    }

    fn cases() -> Vec<Case<World>> {
        vec![
            case("missing where the object is made, it is asked for at its place", |it: &World| {
                is_asked_for(&it.missing);
            }),
            can("unknown while planning, it is given", |it| {
                assert_eq!(it.later.action(IT), "create");
                assert!(it.later.is_unknown(IT, "id"));
                assert_eq!(it.later.after(IT, "token"), Value::Null);
            }),
            can("told when the object is made, and stored nowhere", |it| {
                assert_eq!(it.first.plan.action(IT), "create");
                assert_eq!(it.first.plan.after(IT, "token"), Value::Null);
                assert_eq!(it.first.state.value(IT, "token"), Value::Null);
                assert_eq!(it.first.state.value(IT, "id"), "once-a");
                assert_eq!(it.told_first.as_deref(), Some("first"));
            }),
            can("left out later, it is no change", |it| {
                assert!(it.left_out.is_empty);
                assert_eq!(it.left_out.action(IT), "no-op");
            }),
            can("another value later is no change", |it| {
                assert!(it.other.is_empty);
                assert_eq!(it.other.after(IT, "token"), Value::Null);
            }),
            can("a change in place needs none, and tells none", |it| {
                assert_eq!(it.changed.plan.action(IT), "update");
                assert_eq!(it.changed.state.value(IT, "note"), "changed");
                assert_eq!(it.changed.state.value(IT, "id"), "once-a");
                assert_eq!(it.told_by_change.as_deref(), Some("first"));
            }),
            can("missing where another object is made, it is asked for at its place", |it| {
                is_asked_for(&it.not_replaced);
                assert_eq!(it.still_there.as_ref().unwrap()["note"], "changed");
            }),
            can("told to the object that is made in the place of another", |it| {
                assert_eq!(it.replaced.plan.action(IT), "delete create");
                assert_eq!(it.replaced.state.value(IT, "token"), Value::Null);
                assert_eq!(it.replaced.state.value(IT, "id"), "once-b");
                assert_eq!(it.place.read("told/b").as_deref(), Some("second"));
                assert_eq!(it.place.object("trial_once", "a"), None);
            }),
        ]
    }
}

fn prepare(place: Rc<Place>) -> Can {
    let source = "resource \"terraform_data\" \"source\" {\n  input = \"later\"\n}\n";
    let later = once("a", "token = terraform_data.source.output") + source;
    let later = place.workspace.plan_of(&later);
    let first = place.workspace.step(&once("a", "token = \"first\""));
    let told_first = place.read("told/a");
    let left_out = place.workspace.plan_of(&once("a", ""));
    let other = place.workspace.plan_of(&once("a", "token = \"other\""));
    let changed = place.workspace.step(&once("a", "note = \"changed\""));
    let told_by_change = place.read("told/a");
    let not_replaced = place.workspace.errors(&once("b", ""));
    let still_there = place.object("trial_once", "a");
    let replaced = place.workspace.step(&once("b", "token = \"second\""));
    Can {
        place,
        later,
        first,
        told_first,
        left_out,
        other,
        changed,
        told_by_change,
        not_replaced,
        still_there,
        replaced,
    }
}

fn once(name: &str, attributes: &str) -> String {
    with_trial(&format!(
        "resource \"trial_once\" \"it\" {{\n  name = \"{name}\"\n  {attributes}\n}}\n"
    ))
}

#[track_caller]
fn is_asked_for(told: &[Diagnostic]) {
    let [told] = told else { panic!("{told:?}") };
    assert_eq!(told.summary, "token must be given when the object is made");
    assert_eq!(told.detail, "Give it until the object is there.");
    assert_eq!(told.address, IT);
    let line = with_trial("").lines().count();
    assert!(told.place.starts_with(&format!("main.tf:{line}:")), "{told}");
}

fn can(name: &str, check: impl Fn(&Can) + 'static) -> Case<World> {
    let check = move |it: &World| check(it.can.as_ref().unwrap());
    case(name, check).needs(Feature::WRITE_ONLY)
}
