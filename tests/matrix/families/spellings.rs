//! Texts with several spellings: what is written stays, whatever the provider makes of it.

use std::rc::Rc;

use stanchion_tests::{Diagnostic, Plan, Step, Terraform};

use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

/// An attribute: two spellings of one meaning, the provider's own, another value, and nonsense with
/// what is said of it.
struct Meaning {
    attribute: &'static str,
    spellings: [&'static str; 3],
    other: &'static str,
    wrong: (&'static str, &'static str),
}

const MEANINGS: &[Meaning] = &[
    Meaning {
        attribute: "v4",
        // There is one spelling only.
        spellings: ["10.0.0.1"; 3],
        other: "10.0.0.2",
        wrong: ("10.0.0.256", "must be an IPv4 address"),
    },
    Meaning {
        attribute: "v6",
        spellings: ["0:0:0:0:0:0:0:1", "::0001", "::1"],
        other: "::2",
        wrong: ("1::2::3", "must be an IPv6 address"),
    },
    Meaning {
        attribute: "cidr",
        spellings: ["10.1.2.3/8", "10.0.0.1/8", "10.0.0.0/8"],
        other: "10.0.0.0/9",
        wrong: ("10.0.0.0/33", "must be a network"),
    },
    Meaning {
        attribute: "json",
        spellings: [r#"{"b": 1, "a": [true]}"#, r#" {"a":[ true],"b":1}"#, r#"{"a":[true],"b":1}"#],
        other: r#"{"a":[false],"b":1}"#,
        wrong: ("{a: 1}", "must be JSON"),
    },
    Meaning {
        attribute: "time",
        spellings: [
            "2026-01-01T01:00:00+01:00",
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T00:00:00Z",
        ],
        other: "2026-01-01T00:00:01Z",
        wrong: ("2026-02-30T00:00:00Z", "must be a time"),
    },
    Meaning {
        attribute: "duration",
        spellings: ["1h30m", "90m", "1h30m0s"],
        other: "1h30m1s",
        wrong: ("1 hour", "must be a duration"),
    },
];

pub(crate) struct World {
    place: Rc<Place>,
    first: Step,
    respelled: Plan,
    other: Step,
    told: Vec<Diagnostic>,
}

const IT: &str = "trial_spelled.it";

impl suite::Family for Family {
    const NAME: &'static str = "spellings";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let wrong = configuration(|it| it.wrong.0, &[]);
        place.workspace.write("main.tf", wrong);
        let told = Diagnostic::all(&place.workspace.run(["validate", "-json"]).stdout);
        let first = place.workspace.step(&configuration(|it| it.spellings[0], &["10.1.0.0/8"]));
        let respelled = configuration(|it| it.spellings[1], &["10.2.0.0/8"]);
        let respelled = place.workspace.plan_of(&respelled);
        let other = place.workspace.step(&configuration(|it| it.other, &["10.1.0.0/8", "::/0"]));
        World { place, first, respelled, other, told }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = Vec::new();
        for it in MEANINGS {
            let name = it.attribute;
            cases.push(case(
                format!("{name}: the state has what is written"),
                move |world: &World| {
                    assert_eq!(world.first.plan.after(IT, name), it.spellings[0]);
                    assert_eq!(world.first.state.value(IT, name), it.spellings[0]);
                },
            ));
            cases.push(case(
                format!("{name}: another spelling is no change"),
                move |world: &World| {
                    let change = world.respelled.change(IT);
                    assert_eq!(change["before"][name], it.spellings[0]);
                    assert_eq!(change["after"][name], it.spellings[0]);
                },
            ));
            cases.push(case(format!("{name}: another value is a change"), move |world: &World| {
                assert_eq!(world.other.plan.action(IT), "update");
                assert_eq!(world.other.state.value(IT, name), it.other);
                let object = world.place.object("trial_spelled", "it").unwrap();
                assert_eq!(object[name], it.other);
            }));
            cases.push(case(format!("{name}: nonsense is refused"), move |world: &World| {
                let said = format!("{name} {}", it.wrong.1);
                let told = world.told.iter().filter(|it| it.summary == said).count();
                assert_eq!(told, 1, "{:?}", world.told);
            }));
        }
        cases.push(case("a spelling in a list is no change", |world: &World| {
            let change = world.respelled.change(IT);
            assert_eq!(change["after"]["networks"], change["before"]["networks"]);
            assert_eq!(world.first.state.value(IT, "networks.0"), "10.1.0.0/8");
            assert!(world.respelled.is_empty);
        }));
        cases.push(case("an element more in a list is a change", |world: &World| {
            assert_eq!(world.other.state.value(IT, "networks.1"), "::/0");
        }));
        cases
    }
}

fn configuration(of: fn(&Meaning) -> &'static str, networks: &[&str]) -> String {
    let lines: String =
        MEANINGS.iter().map(|it| format!("  {} = {:?}\n", it.attribute, of(it))).collect();
    with_trial(&format!(
        "resource \"trial_spelled\" \"it\" {{\n  name = \"it\"\n  networks = {networks:?}\n{lines}}}\n"
    ))
}
