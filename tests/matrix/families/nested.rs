//! Nested attributes: one object, objects in order, without order and by name, each planned for itself.

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, Plan, State, Step, Terraform};

use crate::suite::{self, Case, case};
use stanchion_tests::place::with_trial;

pub(crate) struct Family;

pub(crate) struct World {
    first: Step,
    reordered: Plan,
    then: Step,
    imported: State,
    wrong: Vec<Diagnostic>,
}

const N: &str = "trial_nested.n";
const NULLS: &str = "trial_nested.nulls";
const EMPTY: &str = "trial_nested.empty";
const SPELLED: &str = "trial_nested.spelled";
const SAID: &str = "trial_nested.said";
const ROUND: [(&str, &str); 3] = [("list", "0"), ("map", "x"), ("one", "")];
const SHRINKS: &str = "trial_nested.shrinks";

impl suite::Family for Family {
    const NAME: &'static str = "nested attributes";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let wrong = with_trial(
            &["list = [{ count = 1 }]", "map = { x = { key = \"k\", count = \"many\" } }"]
                .iter()
                .enumerate()
                .map(|(i, it)| nested(&format!("wrong_{i}"), it))
                .collect::<String>(),
        );
        place.workspace.write("main.tf", wrong);
        let wrong = Diagnostic::all(&place.workspace.run(["validate", "-json"]).stdout);
        let first = place.workspace.step(&configuration("b, a", false));
        let reordered = place.workspace.plan_of(&configuration("a, b, a", false));
        let then = place.workspace.step(&configuration("c, b, a", true));
        let imported = place.workspace.import_by_command(N, "n", &[]);
        World { first, reordered, then, imported, wrong }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = values();
        cases.extend(changes());
        for nesting in ["list", "map"] {
            cases.push(case(
                format!("another spelling in a {nesting} is no change"),
                move |it: &World| {
                    let change = it.then.plan.change(SPELLED);
                    assert_eq!(change["after"][nesting], change["before"][nesting]);
                    assert_eq!(parts(&it.then.state, SPELLED, nesting)[0]["spelling"], "Abc");
                },
            ));
        }
        // Its objects have no place by which the former one is found.
        cases.push(case("another spelling in a set is stored as it is written", |it: &World| {
            assert!(it.then.plan.is_unknown(SPELLED, "set.0.made"));
            assert_eq!(it.then.plan.after(SPELLED, "set.0.spelling"), "aBC");
            assert_eq!(parts(&it.then.state, SPELLED, "set")[0]["spelling"], "aBC");
        }));
        for (nesting, key) in ROUND {
            cases.push(case(
                format!("a value in a {nesting} asks for a new object by its path"),
                move |it: &World| {
                    let address = format!("trial_nested.round_{nesting}");
                    assert_eq!(it.then.plan.action(&address), "delete create");
                    let key = match nesting {
                        "one" => None,
                        "list" => Some(json!(0)),
                        _ => Some(json!(key)),
                    };
                    let path: Vec<Value> = [Some(json!(nesting)), key, Some(json!("form"))]
                        .into_iter()
                        .flatten()
                        .collect();
                    assert_eq!(it.then.plan.change(&address)["replace_paths"], json!([path]));
                },
            ));
        }
        cases
    }
}

fn values() -> Vec<Case<World>> {
    vec![
        case("left out, each is null", |it: &World| {
            for name in ["one", "list", "set", "map"] {
                assert_eq!(it.first.plan.after(NULLS, name), Value::Null, "{name}");
                assert!(!it.first.plan.is_unknown(NULLS, name), "{name}");
                assert_eq!(it.first.state.value(NULLS, name), Value::Null, "{name}");
            }
        }),
        case("empty is not null", |it: &World| {
            let empty = ["list", "set", "map"].map(|name| it.first.state.value(EMPTY, name));
            assert_eq!(empty, [json!([]), json!([]), json!({})]);
        }),
        case("null after empty, and empty after null, are changes", |it: &World| {
            assert_eq!(it.then.plan.action(EMPTY), "update");
            assert_eq!(it.then.state.value(EMPTY, "list"), Value::Null);
            assert_eq!(it.then.plan.action(NULLS), "update");
            assert_eq!(it.then.state.value(NULLS, "list"), json!([]));
        }),
        case("defaults fill in each object", |it: &World| {
            for path in ["one.count", "list.0.count", "map.x.count"] {
                assert_eq!(it.first.plan.after(N, path), 1, "{path}");
            }
            let counts = parts(&it.first.state, N, "set")
                .iter()
                .map(|it| it["count"].clone())
                .collect::<Vec<_>>();
            assert_eq!(counts, [1, 1]);
        }),
        case("computed values in new objects are unknown", |it: &World| {
            for path in ["one.made", "list.0.made", "set.0.made", "map.x.label"] {
                assert!(it.first.plan.is_unknown(N, path), "{path}");
            }
        }),
        case("each object has its own computed values", |it: &World| {
            assert_eq!(it.first.state.value(N, "one.label"), "1 of o");
            assert_eq!(it.first.state.value(N, "list.1.label"), "2 of b");
            assert_eq!(it.first.state.value(N, "map.x.made"), "x");
            for part in parts(&it.first.state, N, "set") {
                assert_eq!(part["label"], format!("1 of {}", part["key"].as_str().unwrap()));
            }
        }),
        case("nested attributes are imported as they were made", |it: &World| {
            for name in ["one", "list", "set", "map"] {
                assert_eq!(it.imported.value(N, name), it.then.state.value(N, name), "{name}");
            }
        }),
        case("a missing attribute in an object is refused", |it: &World| {
            assert!(it.said("attribute \"key\" is required"), "{:?}", it.wrong);
        }),
        case("a value of another type in an object is refused", |it: &World| {
            assert!(
                it.said("Inappropriate value for attribute \"map\"")
                    && it.said("a number is required"),
                "{:?}",
                it.wrong
            );
        }),
    ]
}

fn changes() -> Vec<Case<World>> {
    vec![
        case("a set in another order is no change", |it: &World| {
            assert!(it.reordered.is_empty, "{}", it.reordered.output);
            assert_eq!(parts(&it.first.state, N, "set").len(), 2);
        }),
        case("an object more in a set leaves the others as they are", |it: &World| {
            let is_new = |i: &usize| it.then.plan.is_unknown(N, &format!("set.{i}.made"));
            assert_eq!((0..3).filter(is_new).count(), 1, "{:#}", it.then.plan.change(N));
            let known = it.then.plan.after(N, "set");
            let labels = known.as_array().unwrap().iter().filter_map(|it| it["label"].as_str());
            let mut labels: Vec<&str> = labels.collect();
            labels.sort_unstable();
            assert_eq!(labels, ["1 of a", "1 of b"]);
        }),
        case("an object less in a set leaves the others as they are", |it: &World| {
            assert_eq!(it.then.plan.action(SHRINKS), "update");
            let left = json!([{
                "key": "b", "count": 1, "form": null, "spelling": null, "made": "b", "label": "1 of b",
            }]);
            assert_eq!(it.then.plan.after(SHRINKS, "set"), left);
        }),
        case("an object less in a map leaves the others as they are", |it: &World| {
            assert_eq!(it.then.plan.after(SHRINKS, "map.y.made"), "y");
            assert_eq!(it.then.plan.after(SHRINKS, "map.x"), Value::Null);
        }),
        case("the default that is written is no change", |it: &World| {
            assert_eq!(it.then.plan.action(SAID), "no-op");
            assert_eq!(it.then.state.value(SAID, "list.0.count"), 1);
            assert_eq!(parts(&it.then.state, SAID, "set")[0]["made"], "s");
        }),
        case("what is kept stays, what follows changes with its own object", |it: &World| {
            let plan = &it.then.plan;
            assert_eq!(plan.action(N), "update");
            assert!(plan.is_unknown(N, "list.0.label"));
            assert_eq!(plan.after(N, "list.0.made"), "a");
            assert_eq!(plan.after(N, "list.1.label"), "2 of b");
            assert_eq!(plan.after(N, "one.label"), "1 of o");
            assert_eq!(it.then.state.value(N, "list.0.label"), "3 of a");
        }),
    ]
}

impl World {
    fn said(&self, words: &str) -> bool {
        self.wrong.iter().any(|it| it.severity == "error" && it.to_string().contains(words))
    }
}

/// The objects of a collection.
fn parts(state: &State, address: &str, name: &str) -> Vec<Value> {
    match state.value(address, name) {
        Value::Array(items) => items,
        Value::Object(members) => members.into_iter().map(|(_, it)| it).collect(),
        other => panic!("{name} is {other}"),
    }
}

fn nested(name: &str, inner: &str) -> String {
    format!("resource \"trial_nested\" \"{name}\" {{\n  name = \"{name}\"\n  {inner}\n}}\n")
}

fn configuration(set: &str, changed: bool) -> String {
    let or = |then: &'static str, first: &'static str| if changed { then } else { first };
    let set: Vec<String> = set.split(", ").map(|it| format!("{{ key = {it:?} }}")).collect();
    let n = format!(
        "one = {{ key = \"o\" }}\n  \
         list = [{{ key = \"a\"{} }}, {{ key = \"b\", count = 2 }}]\n  \
         set = [{}]\n  map = {{ x = {{ key = \"x\" }} }}",
        or(", count = 3", ""),
        set.join(", "),
    );
    let part = format!("{{ key = \"s\", spelling = {:?} }}", or("aBC", "Abc"));
    let spelled = format!("list = [{part}]\n  set = [{part}]\n  map = {{ x = {part} }}");
    let part = format!("{{ key = \"s\"{} }}", or(", count = 1", ""));
    let said = format!("list = [{part}]\n  set = [{part}]");
    let round = ROUND.map(|(nesting, _)| {
        let part = format!("{{ key = \"r\"{} }}", or(", form = \"round\"", ""));
        let inner = match nesting {
            "list" => format!("list = [{part}]"),
            "map" => format!("map = {{ x = {part} }}"),
            _ => format!("one = {part}"),
        };
        nested(&format!("round_{nesting}"), &inner)
    });
    let shrinks = or(
        "set = [{ key = \"b\" }]\n  map = { y = { key = \"y\" } }",
        "set = [{ key = \"a\" }, { key = \"b\" }]\n  map = { x = { key = \"x\" }, y = { key = \"y\" } }",
    );
    let text = [
        nested("n", &n),
        nested("nulls", or("list = []\n  one = null", "list = null")),
        nested("empty", or("", "list = []\n  set = []\n  map = {}")),
        nested("spelled", &spelled),
        nested("said", &said),
        nested("shrinks", shrinks),
        round.concat(),
    ];
    with_trial(&text.concat())
}
