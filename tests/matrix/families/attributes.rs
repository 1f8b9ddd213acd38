//! Attributes of every kind: given, changed, left out, and known only after another resource.

use serde_json::Value;
use stanchion_tests::{Step, Terraform};

use crate::json::assert_is;
use crate::suite::{self, Case, case};
use stanchion_tests::place::with_trial;

pub(crate) struct Family;

/// A kind of attribute, and two values of it: as they are written, and as JSON shows them.
struct Kind {
    attribute: &'static str,
    first: (&'static str, &'static str),
    second: (&'static str, &'static str),
}

const fn kind(
    attribute: &'static str,
    first: (&'static str, &'static str),
    second: (&'static str, &'static str),
) -> Kind {
    Kind { attribute, first, second }
}

const KINDS: &[Kind] = &[
    kind("flag", ("true", "true"), ("false", "false")),
    kind("number", ("123456789.5", "123456789.5"), ("1e30", "1e30")),
    kind(
        "whole",
        ("9007199254740993", "9007199254740993"),
        ("-9223372036854775808", "-9223372036854775808"),
    ),
    kind("whole32", ("2147483647", "2147483647"), ("-2147483648", "-2147483648")),
    kind("small", ("255", "255"), ("0", "0")),
    kind("float", ("0.1", "0.1"), ("1e300", "1e300")),
    kind("float32", ("0.1", "0.1"), ("3.4e38", "3.4e38")),
    kind("text", (r#""hä\"ß\n""#, r#""hä\"ß\n""#), (r#""""#, r#""""#)),
    kind("list", (r#"["b", "a"]"#, r#"["b", "a"]"#), ("[]", "[]")),
    kind("set", ("[3, 1, 2, 1]", "[1, 2, 3]"), ("[2]", "[2]")),
    kind("map", ("{ a = true, b = false }", r#"{"a": true, "b": false}"#), ("{}", "{}")),
    kind("deep", (r#"[{ a = ["y", "x"] }]"#, r#"[{"a": ["x", "y"]}]"#), ("[]", "[]")),
    kind("dynamic", (r#"{ a = [1, "b"] }"#, r#"{"a": [1, "b"]}"#), (r#""text""#, r#""text""#)),
    kind(
        "plain",
        (
            r#"{ text = "a", number = 1.5, list = ["b", "a"] }"#,
            r#"{"text": "a", "number": 1.5, "list": ["b", "a"]}"#,
        ),
        (r#"{ text = null, number = 2, list = [] }"#, r#"{"text": null, "number": 2, "list": []}"#),
    ),
    kind(
        "single",
        (r#"{ key = "k", value = 1 }"#, r#"{"key": "k", "value": 1}"#),
        (r#"{ key = "l" }"#, r#"{"key": "l", "value": null}"#),
    ),
    kind(
        "pairs",
        (r#"[{ key = "a" }]"#, r#"[{"key": "a", "value": null}]"#),
        (
            r#"[{ key = "a", value = 2 }, { key = "b" }]"#,
            r#"[{"key": "a", "value": 2}, {"key": "b", "value": null}]"#,
        ),
    ),
    kind(
        "pair_set",
        (
            r#"[{ key = "b", value = 1 }, { key = "b", value = 1 }]"#,
            r#"[{"key": "b", "value": 1}]"#,
        ),
        (r#"[{ key = "c" }]"#, r#"[{"key": "c", "value": null}]"#),
    ),
    kind(
        "pair_map",
        (r#"{ x = { key = "a" } }"#, r#"{"x": {"key": "a", "value": null}}"#),
        ("{}", "{}"),
    ),
    kind(
        "nest",
        (
            r#"{ x = { pairs = [{ key = "a", value = 1 }], single = { key = "s" } } }"#,
            r#"{"x": {"pairs": [{"key": "a", "value": 1}], "single": {"key": "s", "value": null}}}"#,
        ),
        ("{}", "{}"),
    ),
];

pub(crate) struct World {
    given: Step,
    changed: Step,
    left_out: Step,
}

const IT: &str = "trial_kinds.it";
const LATER: &str = "trial_kinds.later";

impl suite::Family for Family {
    const NAME: &'static str = "attributes";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let step = |of: fn(&Kind) -> String| place.workspace.step(&configuration(of));
        World {
            given: step(|it| format!("{} = {}", it.attribute, it.first.0)),
            changed: step(|it| format!("{} = {}", it.attribute, it.second.0)),
            left_out: step(|_| String::new()),
        }
    }

    fn cases() -> Vec<Case<World>> {
        KINDS
            .iter()
            .flat_map(|kind| {
                let name = kind.attribute;
                [
                    case(
                        format!("{name}: planned and stored as it is written"),
                        move |world: &World| {
                            assert_eq!(world.given.plan.action(IT), "create");
                            assert_is(&world.given.plan.after(IT, name), kind.first.1);
                            assert_is(&world.given.state.value(IT, name), kind.first.1);
                        },
                    ),
                    case(format!("{name}: changed in place"), move |world: &World| {
                        let change = world.changed.plan.change(IT);
                        assert_eq!(world.changed.plan.action(IT), "update");
                        assert_is(&change["before"][name], kind.first.1);
                        assert_is(&change["after"][name], kind.second.1);
                        assert_is(&world.changed.state.value(IT, name), kind.second.1);
                    }),
                    case(format!("{name}: null where it is left out"), move |world: &World| {
                        let change = world.left_out.plan.change(IT);
                        assert_is(&change["before"][name], kind.second.1);
                        assert_eq!(change["after"][name], Value::Null);
                        assert!(!world.left_out.plan.is_unknown(IT, name));
                        assert_eq!(world.left_out.state.value(IT, name), Value::Null);
                    }),
                    case(
                        format!("{name}: unknown in the plan and stored when it is known"),
                        move |world: &World| {
                            assert!(world.given.plan.is_unknown(LATER, name));
                            assert_is(&world.given.state.value(LATER, name), kind.first.1);
                            assert_eq!(world.changed.plan.action(LATER), "no-op");
                        },
                    ),
                ]
            })
            .collect()
    }
}

/// A resource with these attributes, and one whose attributes another resource tells.
fn configuration(of: fn(&Kind) -> String) -> String {
    let lines = |of: &dyn Fn(&Kind) -> String| -> String {
        KINDS.iter().map(|it| format!("  {}\n", of(it))).collect()
    };
    let given = lines(&|it| of(it));
    let input = lines(&|it| format!("{} = {}", it.attribute, it.first.0));
    let later = lines(&|it| format!("{0} = terraform_data.source.output.{0}", it.attribute));
    with_trial(&format!(
        "resource \"trial_kinds\" \"it\" {{\n  name = \"it\"\n{given}}}\n\
         resource \"terraform_data\" \"source\" {{\n  input = {{\n{input}  }}\n}}\n\
         resource \"trial_kinds\" \"later\" {{\n  name = \"later\"\n{later}}}\n"
    ))
}
