//! Write-only values that a provider's code returns all the same, from each call: they are told to
//! the provider, and neither a plan nor a state has them.

use std::rc::Rc;

use serde_json::{Value, json};
use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Output, Plan, State, Step, Terraform};

use crate::deeds::{apply, status, told};
use crate::features::Feature;
use crate::suite::{self, Case, case};

pub(crate) struct Family;

pub(crate) struct World {
    place: Rc<Place>,
    first: Step,
    told_first: Option<String>,
    changed: Step,
    told_then: Option<String>,
    imported: (State, String),
    upgraded: (Plan, String),
    no_secret_yet: (Plan, String),
    moved: (Step, String),
    read: Value,
    after_move: Step,
    half_made: Output,
    half_made_state: (State, Option<String>, String),
    half_changed: Output,
    half_changed_state: (State, String),
}

const IT: &str = "trial_kept.it";
const MOVED: &str = "trial_kept.moved";
const HALF: &str = "trial_kept.half";

/// Where there are write-only values.
const PATHS: [&str; 4] = ["secret", "one.token", "list.0.token", "map.k.token"];

/// A word of each write-only value.
const SESAME: &str = "sesame";

impl suite::Family for Family {
    const NAME: &'static str = "write-only values returned";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let it = |version: i64| kept("it", "it", version);
        let first = place.workspace.step(&with_trial(&it(1)));
        let told_first = place.read("told/it");
        let changed = place.workspace.step(&with_trial(&it(2)));
        let told_then = place.read("told/it");
        let imported = place.workspace.import_by_command(IT, "it", &[]);
        let imported = (imported, imported_text(&place));
        let upgraded = planned_from(&place, 0, "password");
        let no_secret_yet = planned_from(&place, 1, "secret");

        let thing = "resource \"trial_thing\" \"old\" {\n  name = \"moved\"\n}\n";
        place.workspace.make(&with_trial(&(it(2) + thing)));
        let object = r#"{"name":"moved","secret":"sesame, read","secret_version":1,
            "one":{"note":"of one","token":"sesame, read"},"list":[{"note":null,"token":"sesame, read"}],
            "map":{"k":{"note":null,"token":"sesame, read"}}}"#;
        place.put("trial_kept", "moved", object);
        let from = "moved {\n  from = trial_thing.old\n  to = trial_kept.moved\n}\n";
        let moved = |version: i64| with_trial(&(it(2) + &kept("moved", "moved", version) + from));
        let step = place.workspace.step(&moved(1));
        let moved_state = place.workspace.read("terraform.tfstate");
        let read = place.object("trial_kept", "moved").unwrap();
        let after_move = place.workspace.step(&moved(2));
        place.remove("trial_thing", "moved");
        place.workspace.destroy();

        place.order("create.half", "late");
        let half_made = apply(&place, &with_trial(&kept("half", "half", 1)));
        let half_made_state = (place.workspace.state(), status(&place), state_text(&place));
        place.forgive();
        place.workspace.make(&with_trial(&kept("half", "half", 1)));
        place.order("update.half", "late");
        let half_changed = apply(&place, &with_trial(&kept("half", "half", 2)));
        let half_changed_state = (place.workspace.state(), state_text(&place));
        place.forgive();
        World {
            place,
            first,
            told_first,
            changed,
            told_then,
            imported,
            upgraded,
            no_secret_yet,
            moved: (step, moved_state),
            read,
            after_move,
            half_made,
            half_made_state,
            half_changed,
            half_changed_state,
        }
    }

    fn cases() -> Vec<Case<World>> {
        vec![
            returned("from a plan", |it| {
                is_in_no_plan(&it.first.plan, IT);
                is_in_no_plan(&it.changed.plan, IT);
                assert_eq!(it.changed.plan.after(IT, "secret_version"), 2);
            }),
            returned("from a create", |it| {
                is_in_no_state(&it.first.state, IT);
                assert_eq!(it.told_first.as_deref(), Some(TOLD[0]));
            }),
            returned("from an update", |it| {
                is_in_no_state(&it.changed.state, IT);
                assert_eq!(it.told_then.as_deref(), Some(TOLD[1]));
            }),
            returned("from a read", |it| {
                assert_eq!(it.read["map"]["k"]["token"], "sesame, read");
                let prior = &it.after_move.plan.json["prior_state"];
                assert!(prior.to_string().contains("\"secret_version\":1"), "{prior}");
                assert!(!prior.to_string().contains(SESAME), "{prior}");
            }),
            returned("from an import", |it| {
                is_in_no_state(&it.imported.0, IT);
                assert_eq!(it.imported.0.value(IT, "one.note"), "of one");
                is_told_nowhere(&it.imported.1);
            }),
            returned("from an upgrade of a state that had it under another name", |it| {
                is_upgraded(&it.upgraded);
            }),
            returned("from a state in which it was stored before it was write-only", |it| {
                is_upgraded(&it.no_secret_yet);
            }),
            returned("from a move", |it| {
                let (step, state) = &it.moved;
                assert_eq!(step.plan.changes(), []);
                assert_eq!(step.plan.change(MOVED)["before"]["one"]["note"], "of one");
                is_in_no_plan(&step.plan, MOVED);
                is_in_no_state(&step.state, MOVED);
                is_told_nowhere(state);
            }),
            returned("after a move, another version tells it", |it| {
                assert_eq!(it.after_move.plan.action(MOVED), "update");
                is_in_no_plan(&it.after_move.plan, MOVED);
                is_in_no_state(&it.after_move.state, MOVED);
                assert_eq!(it.place.read("told/moved").as_deref(), Some(TOLD[1]));
            }),
            returned("from a create that failed when it was done", |it| {
                assert_eq!(told(&it.half_made), ["trial_kept is ordered to fail when it is done"]);
                let (state, status, text) = &it.half_made_state;
                assert_eq!(status.as_deref(), Some("tainted"));
                assert_eq!(state.value(HALF, "secret_version"), 1);
                is_in_no_state(state, HALF);
                is_told_nowhere(text);
            }),
            returned("from an update that failed when it was done", |it| {
                let failed = "trial_kept is ordered to fail when it is done";
                assert_eq!(told(&it.half_changed), [failed]);
                let (state, text) = &it.half_changed_state;
                assert_eq!(state.value(HALF, "secret_version"), 2);
                is_in_no_state(state, HALF);
                is_told_nowhere(text);
            }),
        ]
    }
}

/// What the provider is told of the first and of the second version.
const TOLD: [&str; 2] =
    ["sesame-1 sesame-1a sesame-1b sesame-1c", "sesame-2 sesame-2a sesame-2b sesame-2c"];

/// A resource with a write-only value at each of the [`PATHS`].
fn kept(address: &str, name: &str, version: i64) -> String {
    format!(
        "resource \"trial_kept\" \"{address}\" {{\n  name = \"{name}\"\n  secret = \"sesame-{version}\"\n  \
         secret_version = {version}\n  one = {{ note = \"of one\", token = \"sesame-{version}a\" }}\n  \
         list = [{{ token = \"sesame-{version}b\" }}]\n  map = {{ k = {{ token = \"sesame-{version}c\" }} }}\n}}\n"
    )
}

/// The plan without a reading, and the state after an apply, of a stored state of that version which
/// has the secret under that name, and in each object.
fn planned_from(place: &Place, version: i64, secret: &str) -> (Plan, String) {
    let mut state: Value = serde_json::from_str(&state_text(place)).unwrap();
    let instance = &mut state["resources"][0]["instances"][0];
    instance["schema_version"] = version.into();
    let attributes = &mut instance["attributes"];
    attributes.as_object_mut().unwrap().remove("secret");
    attributes[secret] = json!("sesame, stored");
    attributes["one"]["token"] = json!("sesame, stored");
    attributes["list"][0]["token"] = json!("sesame, stored");
    attributes["map"]["k"]["token"] = json!("sesame, stored");
    place.workspace.write("terraform.tfstate", state.to_string());
    let plan = place.workspace.plan_with(&["-refresh=false"]);
    place.workspace.apply();
    (plan, state_text(place))
}

/// The state file after an import by the command, before anything else is done.
fn imported_text(place: &Place) -> String {
    let before = state_text(place);
    place.workspace.run(["state", "rm", IT]).success();
    place.workspace.run(["import", IT, "it"]).success();
    let text = state_text(place);
    place.workspace.write("terraform.tfstate", before);
    text
}

fn state_text(place: &Place) -> String {
    place.workspace.read("terraform.tfstate")
}

#[track_caller]
fn is_upgraded((plan, state): &(Plan, String)) {
    assert!(plan.is_empty, "{}", plan.output);
    is_in_no_plan(plan, IT);
    assert_eq!(plan.change(IT)["before"]["one"], json!({ "note": "of one", "token": null }));
    is_told_nowhere(state);
    let state: Value = serde_json::from_str(state).unwrap();
    let instance = &state["resources"][0]["instances"][0];
    assert_eq!(instance["schema_version"], 1);
    assert_eq!(instance["attributes"]["secret"], Value::Null);
    assert_eq!(instance["attributes"]["secret_version"], 2);
}

/// Asserts that nothing but the configuration has it.
#[track_caller]
fn is_in_no_plan(plan: &Plan, address: &str) {
    for path in PATHS {
        assert_eq!(plan.after(address, path), Value::Null, "{path}");
        assert!(!plan.is_unknown(address, path), "{path}");
    }
    let mut json = plan.json.clone();
    json.as_object_mut().unwrap().remove("configuration").unwrap();
    is_told_nowhere(&json.to_string());
}

#[track_caller]
fn is_in_no_state(state: &State, address: &str) {
    for path in PATHS {
        assert_eq!(state.value(address, path), Value::Null, "{path}");
    }
    assert_eq!(state.value(address, "one.note"), "of one");
    is_told_nowhere(&state.json.to_string());
}

#[track_caller]
fn is_told_nowhere(text: &str) {
    assert!(text.contains("secret_version") && !text.contains(SESAME), "{text}");
}

fn returned(name: &str, check: impl Fn(&World) + 'static) -> Case<World> {
    case(name, check).needs(Feature::WRITE_ONLY)
}
