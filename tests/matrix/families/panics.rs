//! Defects of a provider: a panic fails one call, and is told; whatever else runs goes on.

use serde_json::Value;
use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Output, Terraform};

use crate::deeds::{apply, thing, told};
use crate::features::Feature;
use crate::suite::{self, Case, case};

pub(crate) struct Family;

const A: &str = "trial_thing.a";

/// Texts that make the validation panic.
const NOTE: &str = "note = \"panic in validate\"";
const SETTINGS: &str = "provider \"trial\" {\n  root = \"panic in validate\"\n}\n";
const SOURCE: &str = "data \"trial_lookup\" \"l\" {\n  name = \"panic in validate\"\n}\n";
const EPHEMERAL: &str = "ephemeral \"trial_lease\" \"l\" {\n  name = \"panic in validate\"\n}\n";

impl suite::Family for Family {
    const NAME: &'static str = "panics";
    type World = Terraform;

    fn prepare(terraform: &Terraform) -> Terraform {
        terraform.clone()
    }

    fn cases() -> Vec<Case<Terraform>> {
        vec![
            case("while validating", |it| validate_panics(it, &thing(NOTE))),
            case("while validating the provider's settings", |it| {
                validate_panics(it, &(thing("") + SETTINGS));
            }),
            case("while validating a data source", |it| validate_panics(it, &with_trial(SOURCE))),
            case("while validating an ephemeral resource", |it| {
                validate_panics(it, &with_trial(EPHEMERAL));
            })
            .needs(Feature::EPHEMERAL),
            case("while planning", |it| panics(it, "plan")),
            case("while creating is an error, and the others are made", create_panics),
            case("while reading", |it| panics(it, "read")),
            case("while updating", |it| panics(it, "update")),
            case("while deleting", |it| panics(it, "delete")),
            case("while importing", import_panics),
            case("while upgrading a state", upgrade_panics),
            case("while upgrading an identity", identity_panics).needs(Feature::IDENTITY),
            case("in a function", function_panics),
            case("while reading a data source", lookup_panics),
            case("while configuring the provider", configure_panics),
            case("while moving from another type", move_panics),
            case("while opening", |it| ephemeral_panics(it, "open")).needs(Feature::EPHEMERAL),
            case("while renewing loses nothing", renew_panics).needs(Feature::EPHEMERAL),
            case("while closing", |it| ephemeral_panics(it, "close")).needs(Feature::EPHEMERAL),
        ]
    }
}

/// Asserts that the one error is a panic, and that the next command works.
fn is_panic(place: &Place, output: Output) {
    let told = told(&output.failure());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("met a defect of the provider: panic: ordered"), "{told:?}");
    if place.root().join("faults").exists() {
        place.forgive();
    }
}

fn validate_panics(terraform: &Terraform, text: &str) {
    let place = suite::place(terraform);
    place.workspace.write("main.tf", text);
    is_panic(&place, place.workspace.run(["validate", "-json"]));
    is_panic(&place, place.workspace.run(["plan", "-json"]));
    place.workspace.make(&thing("note = \"well\""));
}

fn panics(terraform: &Terraform, deed: &str) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.order(&format!("{deed}.a"), "panic");
    let output = if deed == "delete" {
        place.workspace.run(["destroy", "-auto-approve", "-json"])
    } else {
        apply(&place, &thing("note = \"second\""))
    };
    is_panic(&place, output);
    assert_eq!(place.workspace.state().value(A, "note"), "first");
    place.workspace.make(&thing("note = \"third\""));
    place.workspace.destroy();
}

fn create_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.order("create.a", "panic");
    let others = "resource \"trial_thing\" \"b\" {\n  count = 5\n  name = \"b${count.index}\"\n}\n";
    let output = apply(&place, &(thing("") + others));
    is_panic(&place, output);
    assert_eq!(place.workspace.state().addresses().len(), 5);
    // What the panic left behind is not known to anyone.
    place.remove("trial_thing", "a");
    place.workspace.make(&(thing("") + others));
}

fn import_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.write("main.tf", thing(""));
    place.order("import.a", "panic");
    let output = place.workspace.run(["import", A, "a"]).failure();
    assert!(output.words().contains("panic: ordered for a at"), "{output}");
    place.forgive();
    place.workspace.make(&thing(""));
}

fn upgrade_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = with_trial("resource \"trial_aged\" \"a\" {\n  name = \"a\"\n}\n");
    place.workspace.make(&text);
    let state: Value = serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
    let mut older = state.clone();
    let instance = &mut older["resources"][0]["instances"][0];
    instance["schema_version"] = 0.into();
    instance["attributes"] = serde_json::json!({ "label": "panic" });
    place.workspace.write("terraform.tfstate", older.to_string());
    is_panic(&place, place.workspace.run(["plan", "-json"]));
    place.workspace.write("terraform.tfstate", state.to_string());
    assert!(place.workspace.plan().is_empty);
}

fn identity_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = with_trial("resource \"trial_known\" \"k\" {\n  name = \"k\"\n}\n");
    place.workspace.make(&text);
    let stored = place.workspace.read("terraform.tfstate");
    let mut older: Value = serde_json::from_str(&stored).unwrap();
    let instance = &mut older["resources"][0]["instances"][0];
    assert_eq!(instance["identity_schema_version"], 1);
    instance["identity_schema_version"] = 0.into();
    instance["identity"] = serde_json::json!({ "label": "panic", "number": 7 });
    place.workspace.write("terraform.tfstate", older.to_string());
    is_panic(&place, place.workspace.run(["plan", "-json"]));
    place.workspace.write("terraform.tfstate", stored);
    assert!(place.workspace.plan().is_empty);
}

fn function_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = "output \"it\" {\n  value = provider::trial::crash(\"a\", null)\n}\n";
    let errors = place.workspace.errors(&with_trial(text));
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].detail.contains("panic: a defect"), "{}", errors[0]);
    place.workspace.make(&thing(""));
}

fn lookup_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.order("lookup.it", "panic");
    place
        .workspace
        .write("main.tf", with_trial("data \"trial_lookup\" \"l\" {\n  name = \"it\"\n}\n"));
    is_panic(&place, place.workspace.run(["plan", "-json"]));
    place.workspace.make(&thing(""));
}

fn configure_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.order("configure.it", "panic");
    place.workspace.write("main.tf", thing(""));
    let told = told(&place.workspace.run(["plan", "-json"]).failure());
    // Terraform adds that the configuration may be wrong, as settings may come from elsewhere.
    let words = "the provider met a defect of the provider: panic: ordered for it at";
    assert!(told[0].contains(words), "{told:?}");
    place.forgive();
    place.workspace.make(&thing(""));
}

fn move_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    let before = with_trial("resource \"terraform_data\" \"old\" {\n  input = \"panic\"\n}\n");
    place.workspace.make(&before);
    let text = "resource \"trial_known\" \"k\" {\n  name = \"panic\"\n}\n\
                moved {\n  from = terraform_data.old\n  to = trial_known.k\n}\n";
    place.workspace.write("main.tf", with_trial(text));
    is_panic(&place, place.workspace.run(["plan", "-json"]));
    assert_eq!(place.workspace.state().addresses(), ["terraform_data.old"]);
    place.workspace.write("main.tf", before);
}

/// OpenTofu fails then, and Terraform says it in its log only.
fn renew_panics(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.order("renew.l", "panic");
    let output = apply(&place, &lease_held_for_long());
    let words = "panic: ordered for l";
    assert_eq!(output.status == 0, !output.both().contains(words), "{output}");
    let log = place.take_log();
    // What is to be closed is known all the same.
    assert_eq!(log.last().map(String::as_str), Some("close l"), "{log:?}");
    assert!(log.contains(&"renew l".to_owned()), "{log:?}");
    assert!(place.object("trial_slow", "s").is_some());
    place.forgive();
    place.workspace.run(["apply", "-auto-approve"]).success();
    assert_eq!(place.object("trial_thing", "a").unwrap()["note"], "true");
}

/// Something that needs a lease before and after something that takes longer than the lease.
fn lease_held_for_long() -> String {
    with_trial(
        "ephemeral \"trial_lease\" \"l\" {\n  name = \"l\"\n}\n\
         resource \"trial_slow\" \"s\" {\n  name = \"s\"\n  seconds = 1.6\n}\n\
         provider \"trial\" {\n  alias = \"held\"\n  root = ephemeral.trial_lease.l.token == \"\" ? \"\" : null\n}\n\
         resource \"trial_thing\" \"a\" {\n  provider = trial.held\n  name = \"a\"\n  note = trial_slow.s.complete\n}\n",
    )
}

fn ephemeral_panics(terraform: &Terraform, deed: &str) {
    let place = suite::place(terraform);
    place.order(&format!("{deed}.l"), "panic");
    let told = told(&apply(&place, &lease_held_for_long()).failure());
    let words = "trial_lease met a defect of the provider: panic: ordered for l";
    assert!(told.iter().any(|it| it.contains(words)), "{told:?}");
    place.forgive();
    place.workspace.run(["apply", "-auto-approve"]).success();
}
