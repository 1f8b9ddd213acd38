//! Objects that go on under another type by a `moved` block, and what can't.

use std::rc::Rc;

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, Step, Terraform};

use crate::features::Feature;
use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

pub(crate) struct World {
    place: Rc<Place>,
    moved: Step,
    log: Vec<String>,
    changed: Step,
    former: Option<Value>,
    foreign: Vec<Diagnostic>,
    takes_none: Vec<Diagnostic>,
}

const THING: &str = "trial_known.from_thing";
const DATA: &str = "trial_known.from_data";

impl suite::Family for Family {
    const NAME: &'static str = "moves between types";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let aged = "resource \"trial_aged\" \"old\" {\n  name = \"aged\"\n}\n";
        place.workspace.write(
            "main.tf",
            with_trial(&format!(
                "resource \"trial_thing\" \"old\" {{\n  name = \"thing\"\n  note = \"of the thing\"\n}}\n\
                 resource \"terraform_data\" \"old\" {{\n  input = \"data\"\n}}\n{aged}"
            )),
        );
        place.workspace.apply();
        for name in ["thing", "data"] {
            let object = format!(
                r#"{{"name":"{name}","region":"north","aliases":null,"number":7,"note":null}}"#
            );
            place.put("trial_known", name, &object);
        }
        let refused = |to: &str, resource: &str| {
            let moved = format!("{resource}moved {{\n  from = trial_aged.old\n  to = {to}\n}}\n");
            place.workspace.write("main.tf", with_trial(&moved));
            let output = place.workspace.run(["plan", "-json"]).failure();
            let mut told = Diagnostic::all(&output.stdout);
            told.retain(|it| it.severity == "error");
            told
        };
        let foreign =
            refused("trial_known.k", "resource \"trial_known\" \"k\" {\n  name = \"aged\"\n}\n");
        let slow = "resource \"trial_slow\" \"s\" {\n  name = \"s\"\n  seconds = 0\n}\n";
        let takes_none = refused("trial_slow.s", slow);
        place.take_log();
        let known = |note: &str| {
            let resources = [("thing", "trial_thing.old"), ("data", "terraform_data.old")].map(|(name, from)| {
                format!(
                    "resource \"trial_known\" \"from_{name}\" {{\n  name = \"{name}\"\n  region = \"north\"\n  {note}\n}}\n\
                     moved {{\n  from = {from}\n  to = trial_known.from_{name}\n}}\n"
                )
            });
            with_trial(&(resources.concat() + aged))
        };
        let moved = place.workspace.step(&known(""));
        let log = place.take_log();
        let changed = place.workspace.step(&known("note = \"now\""));
        let former = place.object("trial_thing", "thing");
        place.remove("trial_thing", "thing");
        World { place, moved, log, changed, former, foreign, takes_none }
    }

    fn cases() -> Vec<Case<World>> {
        vec![
            case("an object of another type of the provider goes on", |it: &World| {
                goes_on(it, THING, "trial_thing.old", "thing")
            }),
            case("an object of another provider goes on", |it: &World| {
                goes_on(it, DATA, "terraform_data.old", "data")
            }),
            case("nothing is made, changed or deleted", |it: &World| {
                assert_eq!(it.moved.plan.changes(), []);
                let deeds = ["create", "update", "delete"];
                let done = it.log.iter().filter(|it| deeds.iter().any(|deed| it.starts_with(deed)));
                assert_eq!(done.count(), 0, "{:?}", it.log);
            }),
            case("what the move leaves open is read", |it: &World| {
                for address in [THING, DATA] {
                    assert_eq!(it.moved.state.value(address, "number"), 7);
                    assert_eq!(it.moved.state.value(address, "region"), "north");
                    assert_eq!(it.moved.state.value(address, "note"), Value::Null);
                }
                assert!(it.log.contains(&"read thing".to_owned()), "{:?}", it.log);
            }),
            case("private data goes along, and is written where there was none", |it: &World| {
                assert!(
                    !it.moved.plan.output.words().contains("never sealed"),
                    "{}",
                    it.moved.plan.output
                );
                let state: Value =
                    serde_json::from_str(&it.place.workspace.read("terraform.tfstate")).unwrap();
                let resources = state["resources"].as_array().unwrap().iter();
                let known = resources.filter(|it| it["type"] == "trial_known");
                let sealed = known.filter(|it| it["instances"][0]["private"].is_string());
                assert_eq!(sealed.count(), 2);
            }),
            case("an identity is there after the move", |it: &World| {
                for (address, name) in [(THING, "thing"), (DATA, "data")] {
                    let identity =
                        json!({ "name": name, "region": "north", "aliases": null, "number": 7 });
                    assert_eq!(it.moved.state.identity(address), identity);
                }
            })
            .needs(Feature::IDENTITY),
            case("the state has the new addresses alone", |it: &World| {
                let mut addresses = it.moved.state.addresses();
                addresses.sort();
                assert_eq!(addresses, ["trial_aged.old", DATA, THING]);
            }),
            case("what was moved is changed as any other", |it: &World| {
                assert_eq!(it.changed.plan.action(THING), "update");
                assert_eq!(it.changed.state.value(THING, "note"), "now");
                assert_eq!(it.place.object("trial_known", "thing").unwrap()["note"], "now");
            }),
            case("the former object is left to itself", |it: &World| {
                assert_eq!(it.former.as_ref().unwrap()["note"], "of the thing");
            }),
            case("what a type can't go on from is refused with the cure", |it: &World| {
                refused(&it.foreign, "trial_known")
            }),
            case("a type that goes on from none refuses with the cure", |it: &World| {
                refused(&it.takes_none, "trial_slow")
            }),
        ]
    }
}

#[track_caller]
fn goes_on(it: &World, address: &str, from: &str, name: &str) {
    let changes = it.moved.plan.json["resource_changes"].as_array().unwrap();
    let change = changes.iter().find(|it| it["address"] == address).unwrap();
    assert_eq!(change["previous_address"], from);
    assert_eq!(change["change"]["actions"], json!(["no-op"]));
    assert_eq!(it.moved.state.value(address, "name"), name);
}

#[track_caller]
fn refused(told: &[Diagnostic], to: &str) {
    let [told] = told else { panic!("{told:?}") };
    assert!(told.summary.contains(&format!("{to} can't go on from trial_aged of")), "{told}");
    assert!(told.detail.contains("Take the `moved` block out"), "{told}");
}
