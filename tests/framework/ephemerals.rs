//! Data sources, ephemeral resources and functions.

use stanchion_tests::Terraform;

use stanchion_tests::place::{Place, both, with_trial};

#[test]
fn a_lease_is_opened_renewed_and_closed_and_the_token_is_told_once() {
    let oldest = Terraform::version("1.12.2");
    for terraform in [oldest, Terraform::newest(), Terraform::tofu()] {
        let place = Place::new(&terraform);
        let configuration = |seconds: &str, version: i64| {
            with_trial(&format!(
                r#"ephemeral "trial_lease" "l" {{ name = "l" }}
                   resource "trial_thing" "t" {{
                     name          = "t"
                     token         = ephemeral.trial_lease.l.token
                     token_version = {version}
                   }}
                   resource "trial_slow" "s" {{
                     name    = "s"
                     seconds = {seconds}
                   }}
                   ephemeral "trial_lease" "unknown" {{ name = "u-${{trial_thing.t.digest}}" }}
                   resource "trial_thing" "after" {{
                     name  = "after"
                     token = ephemeral.trial_lease.l.token
                     note  = trial_slow.s.complete
                   }}"#
            ))
        };
        place.workspace.write("main.tf", configuration("1.6", 1));
        place.workspace.plan();
        let log = place.take_log();
        let count = |log: &[String], line: &str| log.iter().filter(|it| *it == line).count();
        assert_eq!((count(&log, "open l"), count(&log, "close l")), (1, 1), "{log:?}");
        assert_eq!(count(&log, "open u-<>"), 0, "not while it is unknown: {log:?}");
        place.workspace.apply_plan();
        let log = place.take_log();
        assert_eq!((count(&log, "open l"), count(&log, "close l")), (1, 1), "{log:?}");
        assert!(count(&log, "renew l") >= 1, "{log:?}");
        assert_eq!(place.read("told/t").as_deref(), Some("made up"));

        // A new token is no change; a new version of it is.
        std::fs::remove_file(place.root().join("told/t")).unwrap();
        assert!(place.workspace.plan().is_empty);
        place.workspace.write("main.tf", configuration("1.6", 2));
        let plan = place.workspace.plan();
        assert_eq!(plan.action("trial_thing.t"), "update");
        place.workspace.apply_plan();
        assert_eq!(place.read("told/t").as_deref(), Some("made up"));
        assert_eq!(
            place.workspace.state().value("trial_thing.t", "token"),
            serde_json::json!(null)
        );
    }
}

#[test]
fn what_is_not_found_or_not_opened_is_told_at_its_place() {
    let place = Place::new(&Terraform::newest());
    place.order("open.l", "error");
    let errors = place.workspace.errors(&with_trial(
        r#"ephemeral "trial_lease" "l" { name = "l" }
           data "trial_lookup" "none" { name = "none" }"#,
    ));
    let has = |summary: &str, detail: &str, place: &str| {
        let found = errors
            .iter()
            .any(|it| it.summary == summary && it.detail == detail && it.place.starts_with(place));
        assert!(found, "{summary}: {errors:#?}");
    };
    has("trial_lease is ordered to fail", "Take the order back.", "main.tf:6");
    has("name is \"none\", and there is none", "Make it first.", "main.tf:7:");
}

#[test]
fn functions_and_data_sources_answer_and_refuse_at_their_place() {
    for terraform in [&both()[..], &[Terraform::tofu()]].concat() {
        let place = Place::new(&terraform);
        let step = place.workspace.step(&with_trial(
            r#"resource "trial_thing" "one" {
                 name = "one"
                 note = "found"
               }
               resource "trial_thing" "two" { name = "two" }
               data "trial_lookup" "one" { name = trial_thing.one.name }
               data "trial_lookup" "two" {
                 name     = "two"
                 fallback = "silence"
                 depends_on = [trial_thing.two]
               }
               output "notes" {
                 value = [data.trial_lookup.one.note, data.trial_lookup.two.note]
               }
               output "joined" {
                 value = [provider::trial::join("-"), provider::trial::join("-", "a", "b")]
               }
               output "nulls" { value = provider::trial::said(null, null) }
               output "echo" {
                 value = provider::trial::echo({ a = [1, null], b = "x" }) == { a = [1, null], b = "x" }
               }
               output "not_asked" { value = provider::trial::join("-", trial_thing.one.digest) }"#,
        ));
        assert_eq!(step.state.output("notes"), serde_json::json!(["found", "silence"]));
        assert_eq!(step.state.output("joined"), serde_json::json!(["", "a-b"]));
        assert_eq!(step.state.output("nulls"), "null null");
        assert_eq!(step.state.output("echo"), true);
        let not_asked = &step.plan.json["planned_values"]["outputs"]["not_asked"];
        assert!(not_asked["value"].is_null(), "{not_asked}");
        assert_eq!(step.state.output("not_asked"), "<found>");

        let plan = place.workspace.plan_of(&with_trial(
            r#"resource "trial_later" "u" { name = "u" }
               output "told" { value = provider::trial::said(trial_later.u.text, "a") }"#,
        ));
        assert_eq!(plan.json["planned_values"]["outputs"]["told"]["value"], "unknown a");

        let errors = place.workspace.errors(&with_trial(
            r#"output "a" { value = provider::trial::join("", "a") }
               output "b" { value = provider::trial::join("-", "a", "b-c") }
               output "c" { value = provider::trial::crash("secret", null) }
               output "d" { value = provider::trial::narrow(1, 2, 256) }
               output "e" { value = provider::trial::join(null) }"#,
        ));
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let has = |parts: &[&str]| {
            let found = all.iter().any(|it| parts.iter().all(|part| it.contains(part)));
            assert!(found, "{parts:?} in {all:#?}");
        };
        has(&["\"separator\"", "must not be empty", "main.tf:6"]);
        has(&["\"parts\"", "must not contain \"-\"", "main.tf:7"]);
        has(&["a defect that false brought out", "functions.rs", "main.tf:8"]);
        has(&["\"more\"", "from 0 to 255, and is 256", "main.tf:9"]);
        has(&["must not be null", "main.tf:10"]);
    }
}
