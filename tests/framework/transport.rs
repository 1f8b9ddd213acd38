//! The process under load, and what it writes into Terraform's log.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use stanchion_tests::{Provider, Terraform};

use stanchion_tests::place::{Place, both, trial, with_trial};

#[test]
fn attributes_of_megabytes_go_there_and_back() {
    let place = Place::new(&Terraform::newest());
    // 32 bytes 160,000 times are 5 MB; eight of them are 41 MB.
    place.workspace.write("large.txt", "0123456789abcdefghijklmnopqrstu\n".repeat(160_000));
    place.workspace.write(
        "main.tf",
        with_trial(
            r#"locals {
                 five  = file("${path.module}/large.txt")
                 forty = join("", [for i in range(8) : local.five])
               }
               resource "trial_dynamic" "five" {
                 name  = "five"
                 value = sensitive(local.five)
               }
               output "five" {
                 value = nonsensitive(md5(trial_dynamic.five.stored) == md5(local.five))
               }
               output "forty" { value = md5(provider::trial::echo(local.forty)) == md5(local.forty) }"#,
        ),
    );
    let output = place.workspace.apply();
    assert!(output.both().contains("five = true"), "{output}");
    assert!(output.both().contains("forty = true"), "{output}");
    let output = place.workspace.run(["plan", "-detailed-exitcode"]).success();
    assert!(output.both().contains("No changes"), "{output}");
}

#[test]
fn each_line_of_the_log_is_whole_and_has_its_level() {
    for terraform in both() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let place =
            Place::new(&terraform).with_env("TF_LOG", "json").with_env("TF_LOG_PATH", &path);
        place
            .workspace
            .write("main.tf", with_trial("resource \"trial_thing\" \"a\" {\n  name = \"a\"\n}\n"));
        place.workspace.apply();
        let log = fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|it| panic!("{it}: {line}")))
            .collect();
        let ours: Vec<&Value> = lines
            .iter()
            .filter(|it| it["@module"].as_str().is_some_and(|it| it.starts_with("provider.trial")))
            .collect();
        let with = |level: &str, message: &str| {
            ours.iter().any(|it| it["@level"] == level && it["@message"] == message)
        };
        assert!(with("trace", "ApplyResourceChange"), "{ours:#?}");
        assert!(with("debug", "serving"), "{ours:#?}");
        let applied = ours.iter().find(|it| it["@message"] == "ApplyResourceChange").unwrap();
        assert_eq!(applied["subject"], "trial_thing", "{applied}");
        // A line that Terraform can't read, it takes for text of level debug, quotes and all.
        let torn =
            ours.iter().find(|it| it["@message"].as_str().is_some_and(|it| it.contains("@level")));
        assert_eq!(torn, None);
        for line in &ours {
            let timestamp = line["timestamp"].as_str().or(line["@timestamp"].as_str()).unwrap();
            assert!(timestamp.contains('T'), "{line}");
        }
    }
}

#[test]
fn applies_that_run_at_once_do_not_disturb_each_other() {
    let things = with_trial(
        r#"resource "trial_thing" "all" {
             count = 12
             name  = "n${count.index}"
           }
           resource "trial_slow" "all" {
             count   = 8
             name    = "n${count.index}"
             seconds = 2
           }"#,
    );
    let apply = || {
        let place = Place::new(&Terraform::newest());
        place.workspace.write("main.tf", &things);
        let started = Instant::now();
        place.workspace.apply();
        let took = started.elapsed();
        let count = |kind: &str, of: usize| {
            (0..of).filter(|i| place.object(kind, &format!("n{i}")).is_some()).count()
        };
        (count("trial_thing", 12), count("trial_slow", 8), took)
    };
    let done = thread::scope(|scope| {
        let running = [scope.spawn(apply), scope.spawn(apply)];
        running.map(|it| it.join().unwrap())
    });
    for (things, works, took) in done {
        assert_eq!((things, works), (12, 8));
        // One after the other, the works alone would take 16 seconds.
        assert!(took < Duration::from_secs(14), "{took:?}");
    }
}

#[test]
fn what_is_installed_from_a_mirror_is_the_provider() {
    let root = tempfile::tempdir().unwrap();
    let provider: Provider = trial();
    let workspace = stanchion_tests::Workspace::new(&Terraform::oldest())
        .with_mirror(&provider, "0.1.0")
        .with_env("TRIAL_ROOT", root.path());
    let thing = with_trial("resource \"trial_thing\" \"a\" {\n  name = \"a\"\n}\n");
    workspace.write("main.tf", thing).init();
    workspace.apply();
    assert_eq!(workspace.state().value("trial_thing.a", "id"), "thing-a");
}
