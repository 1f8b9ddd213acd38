//! Deeds that fail, panic, are interrupted or killed: what exists is in the state, and the next plan
//! goes on from there.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use stanchion_tests::{Diagnostic, Output, Running, Terraform};

use crate::features::Feature;
use stanchion_tests::place::{Place, with_trial};
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
            case("a panic while validating is an error", validate_panics),
            case("a panic while planning is an error", |it| panics(it, "plan")),
            case("a panic while creating is an error, and the others are made", create_panics),
            case("a panic while reading is an error", |it| panics(it, "read")),
            case("a panic while updating is an error", |it| panics(it, "update")),
            case("a panic while deleting is an error", |it| panics(it, "delete")),
            case("a panic while importing is an error", import_panics),
            case("a panic while upgrading a state is an error", upgrade_panics),
            case("a panic in a function is an error", function_panics),
            case("a panic while opening is an error", open_panics).needs(Feature::EPHEMERAL),
            case("Ctrl-C loses nothing that was being made", interrupted),
            case("a provider that is killed fails its calls alone", provider_killed),
            case("a provider whose Terraform is killed ends", terraform_killed),
            case("a create that takes too long is stopped, and what exists is kept", create_times_out),
            case("a duration that is none is refused at its place", wrong_duration),
        ]
    }
}

fn thing(attributes: &str) -> String {
    with_trial(&format!("resource \"trial_thing\" \"a\" {{\n  name = \"a\"\n  {attributes}\n}}\n"))
}

fn slow(name: &str, attributes: &str) -> String {
    format!("resource \"trial_slow\" \"{name}\" {{\n  name = \"{name}\"\n  {attributes}\n}}\n")
}

fn told(output: &Output) -> Vec<String> {
    let all = Diagnostic::all(&output.stdout);
    all.into_iter().filter(|it| it.severity == "error").map(|it| it.summary).collect()
}

fn apply(place: &Place, text: &str) -> Output {
    place.workspace.write("main.tf", text);
    place.workspace.run(["apply", "-auto-approve", "-json"])
}

/// The status of an object in the state file: `tainted`, or nothing for one that is whole.
fn status(place: &Place) -> Option<String> {
    let state: Value = serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
    let instance = state["resources"].get(0)?["instances"][0].clone();
    Some(instance["status"].as_str().unwrap_or_default().to_owned())
}

fn create_fails(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.order("create.a", "error");
    let output = apply(&place, &thing("")).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.workspace.state().addresses(), [""; 0]);
    place.forgive();
    place.workspace.step(&thing(""));
}

fn create_fails_late(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.order("create.a", "late");
    let output = apply(&place, &thing("")).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail when it is done"]);
    assert_eq!(status(&place).as_deref(), Some("tainted"));
    assert_eq!(place.workspace.state().value(A, "id"), "thing-a");
    place.forgive();
    assert_eq!(place.workspace.step(&thing("")).plan.action(A), "delete create");
}

fn update_fails(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.step(&thing("note = \"first\""));
    place.order("update.a", "error");
    apply(&place, &thing("note = \"second\"")).failure();
    assert_eq!(place.workspace.state().value(A, "note"), "first");
    assert_eq!(status(&place).as_deref(), Some(""));
    place.forgive();
    assert_eq!(place.workspace.step(&thing("note = \"second\"")).plan.action(A), "update");
}

fn update_fails_late(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.step(&thing("note = \"first\""));
    place.order("update.a", "late");
    apply(&place, &thing("note = \"second\"")).failure();
    assert_eq!(place.workspace.state().value(A, "note"), "second");
    assert_eq!(place.workspace.state().value(A, "revision"), 2);
    assert!(place.workspace.plan().is_empty);
}

fn delete_fails(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.step(&thing("note = \"first\""));
    place.order("delete.a", "error");
    let output = place.workspace.run(["destroy", "-auto-approve", "-json"]).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.workspace.state().value(A, "note"), "first");
    place.forgive();
    place.workspace.destroy();
    assert_eq!(place.object("trial_thing", "a"), None);
}

fn read_fails(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.step(&thing("note = \"first\""));
    let before = place.workspace.read("terraform.tfstate");
    place.order("read.a", "error");
    let output = place.workspace.run(["plan", "-json"]).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.workspace.read("terraform.tfstate"), before);
    place.forgive();
    assert!(place.workspace.plan().is_empty);
}

fn plan_fails(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.step(&thing("note = \"first\""));
    place.order("plan.a", "error");
    let output = apply(&place, &thing("note = \"second\"")).failure();
    assert_eq!(told(&output), ["trial_thing is ordered to fail"]);
    assert_eq!(place.object("trial_thing", "a").unwrap()["note"], "first");
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

fn validate_panics(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.write("main.tf", thing("note = \"panic in validate\""));
    is_panic(&place, place.workspace.run(["validate", "-json"]));
    place.workspace.step(&thing("note = \"well\""));
}

fn panics(terraform: &Terraform, deed: &str) {
    let place = Place::new(terraform);
    place.workspace.step(&thing("note = \"first\""));
    place.order(&format!("{deed}.a"), "panic");
    let output = if deed == "delete" {
        place.workspace.run(["destroy", "-auto-approve", "-json"])
    } else {
        apply(&place, &thing("note = \"second\""))
    };
    is_panic(&place, output);
    assert_eq!(place.workspace.state().value(A, "note"), "first");
    place.workspace.step(&thing("note = \"third\""));
    place.workspace.destroy();
}

fn create_panics(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.order("create.a", "panic");
    let others = "resource \"trial_thing\" \"b\" {\n  count = 5\n  name = \"b${count.index}\"\n}\n";
    let output = apply(&place, &(thing("") + others));
    is_panic(&place, output);
    assert_eq!(place.workspace.state().addresses().len(), 5);
    // What the panic left behind is not known to anyone.
    place.remove("trial_thing", "a");
    place.workspace.step(&(thing("") + others));
}

fn import_panics(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.workspace.write("main.tf", thing(""));
    place.order("import.a", "panic");
    let output = place.workspace.run(["import", A, "a"]).failure();
    assert!(output.words().contains("panic: ordered for a at"), "{output}");
    place.forgive();
    place.workspace.step(&thing(""));
}

fn upgrade_panics(terraform: &Terraform) {
    let place = Place::new(terraform);
    let text = with_trial("resource \"trial_aged\" \"a\" {\n  name = \"a\"\n}\n");
    place.workspace.step(&text);
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

fn function_panics(terraform: &Terraform) {
    let place = Place::new(terraform);
    let text = "output \"it\" {\n  value = provider::trial::crash(\"a\", null)\n}\n";
    let errors = place.workspace.errors(&with_trial(text));
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].detail.contains("panic: a defect"), "{}", errors[0]);
    place.workspace.step(&thing(""));
}

fn open_panics(terraform: &Terraform) {
    let place = Place::new(terraform);
    place.order("open.l", "panic");
    let text = with_trial("ephemeral \"trial_lease\" \"l\" {\n  name = \"l\"\n}\n");
    place.workspace.write("main.tf", text);
    is_panic(&place, place.workspace.run(["plan", "-json"]));
    place.workspace.plan();
}

/// Waits until a condition holds.
#[track_caller]
fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// An apply that has begun to make three slow objects, and has made a quick one.
fn under_way(place: &Place, seconds: u32) -> Running {
    let all = ["a", "b", "c"].map(|it| slow(it, &format!("seconds = {seconds}"))).concat();
    place.workspace.write("main.tf", with_trial(&(all + &slow("quick", "seconds = 0"))));
    let mut running = place.workspace.start(["apply", "-auto-approve"]);
    running.wait_for("trial_slow.quick: Creation complete");
    until("all are being made", || {
        ["a", "b", "c"].iter().all(|it| place.object("trial_slow", it).is_some())
    });
    running
}

/// The statuses of the objects in the state file, by name.
fn statuses(place: &Place) -> Vec<(String, String)> {
    let state: Value = serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
    let resources = state["resources"].as_array().unwrap();
    let mut statuses: Vec<_> = resources
        .iter()
        .map(|it| {
            let status = it["instances"][0]["status"].as_str().unwrap_or("whole").to_owned();
            (it["name"].as_str().unwrap().to_owned(), status)
        })
        .collect();
    statuses.sort();
    statuses
}

fn interrupted(terraform: &Terraform) {
    let place = Place::new(terraform);
    let running = under_way(&place, 60);
    running.interrupt();
    let output = running.finish().failure();
    assert!(output.words().contains("trial_slow was stopped half way"), "{output}");
    let all = [("a", "tainted"), ("b", "tainted"), ("c", "tainted"), ("quick", "whole")];
    assert_eq!(statuses(&place), all.map(|(name, it)| (name.to_owned(), it.to_owned())));
    let stopped = place.take_log().iter().filter(|it| it.starts_with("stopped ")).count();
    assert_eq!(stopped, 3);
}

/// The processes of the provider for tests that a process has started.
fn providers(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let ids = processes.filter_map(|it| it.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let is_child = status.lines().any(|it| it == format!("PPid:\t{parent}"));
        is_child && is_provider(*id)
    })
    .collect()
}

fn is_provider(id: u32) -> bool {
    let words = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
    words.contains("terraform-provider-trial")
}

fn kill(id: u32) {
    let id = Pid::from_raw(id.try_into().unwrap()).unwrap();
    kill_process(id, Signal::KILL).unwrap();
}

fn provider_killed(terraform: &Terraform) {
    let place = Place::new(terraform);
    let running = under_way(&place, 60);
    let killed = providers(running.id());
    assert!(!killed.is_empty(), "no provider found");
    killed.into_iter().for_each(kill);
    let output = running.finish().failure();
    assert!(output.words().contains("Plugin did not respond"), "{output}");
    let quick = ("quick".to_owned(), "whole".to_owned());
    assert!(statuses(&place).contains(&quick), "{:?}", statuses(&place));
    // The next one goes on.
    let text = with_trial(&slow("quick", "seconds = 0"));
    place.workspace.step(&text);
}

fn terraform_killed(terraform: &Terraform) {
    let place = Place::new(terraform);
    let running = under_way(&place, 60);
    let left = providers(running.id());
    assert!(!left.is_empty(), "no provider found");
    kill(running.id());
    until("the providers have ended", || !left.iter().any(|it| is_provider(*it)));
    drop(running);
    for name in ["a", "b", "c", "quick"] {
        place.remove("trial_slow", name);
    }
    place.workspace.step(&with_trial(&slow("quick", "seconds = 0")));
}

fn create_times_out(terraform: &Terraform) {
    let place = Place::new(terraform);
    let limits = "seconds = 60\n  timeouts = { create = \"500ms\" }";
    let output = apply(&place, &with_trial(&slow("a", limits))).failure();
    assert_eq!(told(&output), ["trial_slow was stopped half way"]);
    assert_eq!(status(&place).as_deref(), Some("tainted"));
    assert_eq!(place.workspace.state().value("trial_slow.a", "complete"), false);
}

fn wrong_duration(terraform: &Terraform) {
    let place = Place::new(terraform);
    let limits = "seconds = 0\n  timeouts = { create = \"soon\" }";
    place.workspace.write("main.tf", with_trial(&slow("a", limits)));
    let told = Diagnostic::all(&place.workspace.run(["validate", "-json"]).stdout);
    let told: Vec<_> = told.iter().filter(|it| it.severity == "error").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].summary, "timeouts.create is no duration");
    // Older versions show no more than the resource for a path that leads into an object.
    let line = if terraform.at_least("1.15.0") { 9 } else { 6 };
    assert!(told[0].place.starts_with(&format!("main.tf:{line}:")), "{}", told[0]);
}
