//! States that were stored earlier, by this version of the provider and by others.

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, Output, Terraform};

use crate::json::assert_is;
use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

pub(crate) struct World {
    upgraded: Vec<Upgraded>,
    refused: Vec<(&'static str, Vec<Diagnostic>)>,
    before: String,
    after: String,
}

/// A stored form, by its name.
struct Upgraded {
    name: &'static str,
    plan: Output,
    stored: Value,
    deeds: Vec<String>,
}

/// Stored forms that are read, each with its version and attributes; `NUMBER` has thirty digits.
const READ: &[(&str, i64, &str)] = &[
    ("version 0", 0, r#"{ "label": "a", "number": NUMBER, "gone": [1], "ports": "80,443" }"#),
    ("version 1", 1, r#"{ "name": "a", "number": NUMBER, "ports": "80,443" }"#),
    ("the current version", 2, r#"{ "name": "a", "number": NUMBER, "ports": [80, 443] }"#),
    (
        "what is no longer declared",
        2,
        r#"{ "name": "a", "number": NUMBER, "ports": [80, 443], "gone": { "b": [1] } }"#,
    ),
    (
        "a number with an exponent",
        2,
        r#"{ "name": "a", "number": 1234567890123456789012345678.9e2, "ports": [80, 443] }"#,
    ),
    ("an attribute that was not there yet", 2, r#"{ "name": "a", "ports": [80, 443] }"#),
];

/// Stored forms that can't be read, and what is said of them.
const REFUSED: &[(&str, i64, &str, &str)] = &[
    ("one that can't be upgraded", 0, r#"{ "nothing": 1 }"#, "trial_aged has no label"),
    (
        "one whose upgrade panics",
        0,
        r#"{ "label": "panic" }"#,
        "met a defect of the provider: panic: ordered",
    ),
    ("one of a newer version", 3, r#"{ "name": "a" }"#, "newer provider version"),
    (
        "one whose value is of another type",
        2,
        r#"{ "name": "a", "ports": ["eighty"] }"#,
        "ports[0]",
    ),
    (
        "one whose number is too large for its attribute",
        2,
        r#"{ "name": "a", "ports": [70000] }"#,
        "ports[0]",
    ),
];

const NUMBER: &str = "123456789012345678901234567890";
const A: &str = "trial_aged.a";

impl suite::Family for Family {
    const NAME: &'static str = "stored states";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        place.workspace.write("main.tf", with_trial(&format!(
            "resource \"trial_aged\" \"a\" {{\n  name = \"a\"\n  number = {NUMBER}\n  ports = [80, 443]\n}}\n"
        )));
        place.workspace.apply();
        let state = stored(&place);
        let store = |version: i64, attributes: &str| {
            // The digits are put in as text, so that no reader of JSON rounds them.
            let mut state = state.clone();
            let instance = &mut state["resources"][0]["instances"][0];
            instance["schema_version"] = version.into();
            instance["attributes"] = "ATTRIBUTES".into();
            let attributes = attributes.replace("NUMBER", NUMBER);
            place.workspace.write(
                "terraform.tfstate",
                state.to_string().replace("\"ATTRIBUTES\"", &attributes),
            );
        };
        let upgraded = READ.iter().map(|&(name, version, attributes)| {
            store(version, attributes);
            let plan = place.workspace.run(["plan", "-refresh=false", "-detailed-exitcode"]);
            place.take_log();
            let output = place.workspace.run(["apply", "-auto-approve"]).success();
            assert!(output.words().contains("Apply complete"), "{output}");
            Upgraded { name, plan, stored: stored(&place), deeds: place.take_log() }
        });
        let upgraded = upgraded.collect();
        store(2, READ[2].2);
        let before = place.workspace.read("terraform.tfstate");
        let refused = REFUSED.iter().map(|&(name, version, attributes, _)| {
            store(version, attributes);
            let output = place.workspace.run(["plan", "-json"]).failure();
            (name, Diagnostic::all(&output.stdout))
        });
        let refused = refused.collect();
        store(0, REFUSED[0].2);
        let unread = place.workspace.read("terraform.tfstate");
        place.workspace.run(["apply", "-auto-approve"]).failure();
        assert_ne!(unread, before);
        let after = place.workspace.read("terraform.tfstate");
        place.workspace.write("terraform.tfstate", before);
        World { upgraded, refused, before: unread, after }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = Vec::new();
        for &(name, ..) in &READ[..5] {
            cases.push(case(format!("{name} needs no change"), move |it: &World| {
                // Terraform 1.8 and OpenTofu round all numbers beside what is no longer declared,
                // until the object is read.
                if name != "what is no longer declared" {
                    let plan = &it.upgraded(name).plan;
                    assert_eq!(plan.status, 0, "{plan}");
                }
                assert_eq!(
                    it.upgraded(name).deeds.iter().filter(|it| it.starts_with("update")).count(),
                    0
                );
            }));
        }
        for &(name, ..) in READ {
            cases.push(case(
                format!("{name} is stored anew in the current version"),
                move |it: &World| {
                    let instance = &it.upgraded(name).stored["resources"][0]["instances"][0];
                    assert_eq!(instance["schema_version"], 2);
                    let attributes = &instance["attributes"];
                    assert_is(&attributes["number"], NUMBER);
                    assert_eq!(attributes["ports"], json!([80, 443]));
                    let names: Vec<&String> = attributes.as_object().unwrap().keys().collect();
                    assert_eq!(names, ["name", "number", "ports"]);
                },
            ));
        }
        cases.push(case(
            "an attribute that was not there yet is null until the reading",
            |it: &World| {
                let plan = &it.upgraded("an attribute that was not there yet").plan;
                assert_eq!(plan.status, 2, "{plan}");
                assert!(
                    plan.words().contains("~ update in-place") && plan.words().contains(A),
                    "{plan}"
                );
            },
        ));
        for &(name, .., said) in REFUSED {
            cases.push(case(format!("{name} is told"), move |it: &World| {
                let told = &it.refused.iter().find(|(which, _)| *which == name).unwrap().1;
                let mut errors = told.iter().filter(|it| it.severity == "error");
                assert!(errors.any(|it| it.to_string().contains(said)), "{told:?}");
            }));
        }
        cases.push(case("one that can't be read stays as it is", |it: &World| {
            assert_eq!(it.after, it.before);
        }));
        cases
    }
}

impl World {
    fn upgraded(&self, name: &str) -> &Upgraded {
        self.upgraded.iter().find(|it| it.name == name).unwrap()
    }
}

fn stored(place: &Place) -> Value {
    serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap()
}
