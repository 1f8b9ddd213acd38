//! Deeds that fail: what exists is in the state, and the next plan goes on from there.

use stanchion_tests::Terraform;

use crate::deeds::{apply, status, thing, told};
use crate::suite::{self, Case, case};

pub(crate) struct Family;

const A: &str = "trial_thing.a";

impl suite::Family for Family {
    const NAME: &'static str = "failures";
    type World = Terraform;

    fn prepare(terraform: &Terraform) -> Terraform {
        terraform.clone()
    }

    fn cases() -> Vec<Case<Terraform>> {
        vec![
            case("what could not be made is not in the state", create_fails),
            case("what was made though it failed is there, and tainted", create_fails_late),
            case("what could not be changed is as it was", update_fails),
            case("what was changed though it failed is as it is", update_fails_late),
            case("what could not be deleted is still there", delete_fails),
            case("what could not be read is as it was", read_fails),
            case("what could not be planned changes nothing", plan_fails),
        ]
    }
}

fn create_fails(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.order("create.a", "error");
    let output = apply(&place, &thing("")).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.workspace.state().addresses(), [""; 0]);
    place.forgive();
    place.workspace.make(&thing(""));
}

fn create_fails_late(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.order("create.a", "late");
    let output = apply(&place, &thing("")).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail when it is done"]);
    assert_eq!(status(&place).as_deref(), Some("tainted"));
    assert_eq!(place.workspace.state().value(A, "id"), "thing-a");
    place.forgive();
    assert_eq!(place.workspace.step(&thing("")).plan.action(A), "delete create");
}

fn update_fails(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.order("update.a", "error");
    apply(&place, &thing("note = \"second\"")).failure();
    assert_eq!(place.workspace.state().value(A, "note"), "first");
    assert_eq!(status(&place).as_deref(), Some(""));
    place.forgive();
    assert_eq!(place.workspace.step(&thing("note = \"second\"")).plan.action(A), "update");
}

fn update_fails_late(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.order("update.a", "late");
    apply(&place, &thing("note = \"second\"")).failure();
    assert_eq!(place.workspace.state().value(A, "note"), "second");
    assert_eq!(place.workspace.state().value(A, "revision"), 2);
    assert!(place.workspace.plan().is_empty);
}

fn delete_fails(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.order("delete.a", "error");
    let output = place.workspace.run(["destroy", "-auto-approve", "-json"]).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.workspace.state().value(A, "note"), "first");
    place.forgive();
    place.workspace.destroy();
    assert_eq!(place.object("trial_thing", "a"), None);
}

fn read_fails(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    let before = place.workspace.read("terraform.tfstate");
    place.order("read.a", "error");
    let output = place.workspace.run(["plan", "-json"]).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.workspace.read("terraform.tfstate"), before);
    place.forgive();
    assert!(place.workspace.plan().is_empty);
}

fn plan_fails(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.order("plan.a", "error");
    let output = apply(&place, &thing("note = \"second\"")).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.object("trial_thing", "a").unwrap()["note"], "first");
}
