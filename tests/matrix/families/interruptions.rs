//! Deeds that are interrupted, killed or out of time: what exists is in the state, or can be.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Diagnostic, Running, Terraform};

use crate::deeds::{apply, slow, status, told};
use crate::suite::{self, Case, case};

pub(crate) struct Family;

impl suite::Family for Family {
    const NAME: &'static str = "interruptions";
    type World = Terraform;

    fn prepare(terraform: &Terraform) -> Terraform {
        terraform.clone()
    }

    fn cases() -> Vec<Case<Terraform>> {
        vec![
            case("Ctrl-C loses nothing that was being made", interrupted),
            case("a provider that is killed fails its calls alone", provider_killed),
            case("a provider whose Terraform is killed ends", terraform_killed),
            case(
                "a create that takes too long is stopped, and what exists is kept",
                create_times_out,
            ),
            case("a duration that is none is refused at its place", wrong_duration),
        ]
    }
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
    let place = suite::place(terraform);
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
    let place = suite::place(terraform);
    let running = under_way(&place, 60);
    let killed = providers(running.id());
    assert!(!killed.is_empty(), "no provider found");
    killed.into_iter().for_each(kill);
    let output = running.finish().failure();
    // Which of the two Terraform says depends on what it was about to do with the connection.
    let (said, words) = (["did not respond", "request was cancelled"], output.words());
    let calls = said.iter().map(|it| words.matches(it).count()).sum::<usize>();
    assert!(calls >= 3, "{output}");
    let quick = ("quick".to_owned(), "whole".to_owned());
    assert!(statuses(&place).contains(&quick), "{:?}", statuses(&place));
    for name in ["a", "b", "c"] {
        place.remove("trial_slow", name);
    }
    // The next one goes on.
    let text = with_trial(&slow("quick", "seconds = 0"));
    place.workspace.make(&text);
}

fn terraform_killed(terraform: &Terraform) {
    let place = suite::place(terraform);
    let running = under_way(&place, 60);
    let left = providers(running.id());
    assert!(!left.is_empty(), "no provider found");
    kill(running.id());
    until("the providers have ended", || !left.iter().any(|it| is_provider(*it)));
    drop(running);
    for name in ["a", "b", "c", "quick"] {
        place.remove("trial_slow", name);
    }
    place.workspace.make(&with_trial(&slow("quick", "seconds = 0")));
}

fn create_times_out(terraform: &Terraform) {
    let place = suite::place(terraform);
    let limits = "seconds = 60\n  timeouts = { create = \"500ms\" }";
    let output = apply(&place, &with_trial(&slow("a", limits))).failure();
    assert_eq!(told(&output), ["trial_slow was stopped half way"]);
    assert_eq!(status(&place).as_deref(), Some("tainted"));
    assert_eq!(place.workspace.state().value("trial_slow.a", "complete"), false);
}

fn wrong_duration(terraform: &Terraform) {
    let place = suite::place(terraform);
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
