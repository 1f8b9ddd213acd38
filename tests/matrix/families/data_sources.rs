//! Data sources: read while planning, deferred while unknown, and those that find nothing.

use serde_json::json;
use stanchion_tests::{Diagnostic, Plan, Step, Terraform};

use crate::suite::{self, Case, case};
use stanchion_tests::place::with_trial;

pub(crate) struct Family;

pub(crate) struct World {
    first: Step,
    again: Plan,
    changed: Step,
    none: Vec<Diagnostic>,
    null: Vec<Diagnostic>,
}

const FOUND: &str = "data.trial_lookup.found";

impl suite::Family for Family {
    const NAME: &'static str = "data sources";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let text = |note: &str| {
            with_trial(&format!(
                "resource \"trial_thing\" \"it\" {{\n  name = \"it\"\n  note = {note}\n}}\n\
                 data \"trial_lookup\" \"found\" {{\n  name = trial_thing.it.id == \"\" ? \"\" : \"it\"\n}}\n\
                 data \"trial_lookup\" \"again\" {{\n  name = \"it\"\n  fallback = \"none\"\n  depends_on = [trial_thing.it]\n}}\n\
                 output \"note\" {{\n  value = data.trial_lookup.found.note\n}}\n"
            ))
        };
        let first = place.workspace.step(&text("null"));
        let again = place.workspace.plan();
        let changed = place.workspace.step(&text("\"b\""));
        let errors = |name: &str| {
            let text = format!("data \"trial_lookup\" \"it\" {{\n  name = {name}\n}}\n");
            suite::place(terraform).workspace.errors(&with_trial(&text))
        };
        World { first, again, changed, none: errors("\"none\""), null: errors("null") }
    }

    fn cases() -> Vec<Case<World>> {
        vec![
            case("deferred while its configuration is unknown", |world: &World| {
                assert_eq!(world.first.plan.action(FOUND), "read");
                assert!(world.first.plan.is_unknown(FOUND, "note"));
            }),
            case("deferred while what it depends on has changes", |world: &World| {
                assert_eq!(world.first.plan.action("data.trial_lookup.again"), "read");
                assert_eq!(world.first.plan.after("data.trial_lookup.again", "name"), "it");
            }),
            case("defaults fill in", |world: &World| {
                assert_eq!(world.first.state.value(FOUND, "fallback"), "nothing");
                assert_eq!(world.first.state.value(FOUND, "note"), "nothing");
            }),
            case("a configured value goes before the default", |world: &World| {
                assert_eq!(world.first.state.value("data.trial_lookup.again", "note"), "none");
            }),
            case("read while planning where all is known", |world: &World| {
                assert!(world.again.is_empty);
                let prior = &world.again.json["prior_state"]["values"]["root_module"]["resources"];
                let found = prior.as_array().unwrap().iter().find(|it| it["address"] == FOUND);
                assert_eq!(found.unwrap()["values"]["note"], "nothing");
            }),
            case("read again when what it reads has changed", |world: &World| {
                assert_eq!(world.changed.state.output("note"), json!("b"));
            }),
            case("one that finds nothing is an error at its place", |world: &World| {
                let told = &world.none[0];
                assert_eq!(told.summary, "name is \"none\", and there is none");
                assert_eq!(told.detail, "Make it first.");
                let line = with_trial("").lines().count() + 1;
                assert!(told.place.starts_with(&format!("main.tf:{line}:")), "{told}");
            }),
            case("a null in the place of a required value is refused", |world: &World| {
                let told = &world.null[0];
                assert_eq!(told.summary, "name must not be null");
                assert_eq!(told.address, "data.trial_lookup.it");
            }),
        ]
    }
}
