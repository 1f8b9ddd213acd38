//! Functions of every type of argument: known, null, unknown, out of range; with more arguments.

use stanchion_tests::{Plan, State, Terraform};

use crate::features::Feature;
use crate::json::assert_is;
use crate::suite::{self, Case, case};
use stanchion_tests::place::with_trial;

pub(crate) struct Family;

/// A function that gives back its one argument, an argument, and what JSON shows of it.
const GIVEN_BACK: &[(&str, &str, &str)] = &[
    ("bool", "true", "true"),
    ("int32", "-2147483648", "-2147483648"),
    ("int64", "9223372036854775807", "9223372036854775807"),
    ("float32", "0.1", "0.1"),
    ("float64", "1e300", "1e300"),
    ("number", "12345678901234567890.5", "12345678901234567890.5"),
    ("string", r#""hä\n""#, r#""hä\n""#),
    ("list", r#"["b", "a"]"#, r#"["b", "a"]"#),
    ("map", r#"{ a = "x" }"#, r#"{"a": "x"}"#),
    ("set", r#"["b", "a", "b"]"#, r#"["a", "b"]"#),
    ("object", r#"{ key = "k", value = 1 }"#, r#"{"key": "k", "value": 1}"#),
    ("any_object", r#"{ key = "k", any = [1, "b"] }"#, r#"{"key": "k", "any": [1, "b"]}"#),
    ("dynamic", r#"{ a = [true] }"#, r#"{"a": [true]}"#),
];

/// A call with a number that the argument can't hold.
const OUT_OF_RANGE: &[(&str, &str)] = &[
    ("int32", "2147483648"),
    ("int32", "1.5"),
    ("int64", "9223372036854775808"),
    ("int64", "-9223372036854775809"),
    ("float32", "3.5e38"),
    ("float64", "1e309"),
];

/// Calls with further arguments, and their results.
const VARIADIC: &[(&str, &str, &str)] = &[
    ("variadic_zero", "join(\"-\")", r#""""#),
    ("variadic_one", "join(\"-\", \"a\")", r#""a""#),
    ("variadic_many", "join(\"-\", \"a\", \"b\", \"c\")", r#""a-b-c""#),
    ("variadic_expanded", "join(\"-\", [\"a\", \"b\"]...)", r#""a-b""#),
    ("dynamic_variadic_zero", "back_all()", "[]"),
    ("dynamic_variadic_one", "back_all(true)", "[true]"),
    ("dynamic_variadic_many", "back_all(1, \"a\", [2])", r#"[1, "a", [2]]"#),
];

pub(crate) struct World {
    plan: Plan,
    state: State,
    errors: Vec<(String, String)>,
}

impl suite::Family for Family {
    const NAME: &'static str = "functions";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let mut text = String::from("resource \"terraform_data\" \"source\" {\n  input = {\n");
        for (name, argument, _) in GIVEN_BACK {
            text += &format!("    {name} = {argument}\n");
        }
        text += "  }\n}\n";
        let mut output = |name: &str, value: &str| {
            text += &format!("output \"{name}\" {{\n  value = {value}\n}}\n");
        };
        for (name, argument, _) in GIVEN_BACK {
            output(&format!("{name}_known"), &call(name, argument));
            if *name != "dynamic" {
                output(&format!("{name}_takes_null"), &format!("can({})", call(name, "null")));
            }
            output(
                &format!("{name}_later"),
                &call(name, &format!("terraform_data.source.output.{name}")),
            );
        }
        for (i, (name, argument)) in OUT_OF_RANGE.iter().enumerate() {
            output(&format!("range_{i}"), &format!("can({})", call(name, argument)));
        }
        for (name, call, _) in VARIADIC {
            output(name, &format!("provider::trial::{call}"));
        }
        if Feature::UNTYPED_NULL.is_in(terraform) {
            output("dynamic_takes_null", "can(provider::trial::back_dynamic(null))");
            output("variadic_null", "provider::trial::back_all(null)");
        }
        output("typed_null", "provider::trial::back_dynamic(tostring(null)) == null");
        output("said", r#"provider::trial::said(null, null)"#);
        let step = place.workspace.step(&with_trial(&text));
        let errors = REFUSED.iter().map(|(expression, _)| {
            let text = format!("output \"it\" {{\n  value = provider::trial::{expression}\n}}\n");
            let told = place.workspace.errors(&with_trial(&text));
            (format!("{} {}", told[0].summary, told[0].detail), told[0].place.clone())
        });
        let errors = errors.collect();
        place.workspace.write("main.tf", with_trial(&text));
        World { plan: step.plan, state: step.state, errors }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = Vec::new();
        for (name, _, expected) in GIVEN_BACK {
            cases.push(case(format!("{name}: known"), move |world: &World| {
                let planned =
                    &world.plan.json["planned_values"]["outputs"][format!("{name}_known")];
                assert_is(&planned["value"], expected);
                assert_is(&world.state.output(&format!("{name}_known")), expected);
            }));
            let takes_null = *name == "dynamic";
            let null = case(format!("{name}: null"), move |world: &World| {
                assert_eq!(world.state.output(&format!("{name}_takes_null")), takes_null);
            });
            cases.push(if takes_null { null.needs(Feature::UNTYPED_NULL) } else { null });
            cases.push(case(format!("{name}: unknown"), move |world: &World| {
                let change = &world.plan.json["output_changes"][format!("{name}_later")];
                assert_eq!(change["after_unknown"], true, "{change:#}");
                assert_is(&world.state.output(&format!("{name}_later")), expected);
            }));
        }
        for (i, (name, argument)) in OUT_OF_RANGE.iter().enumerate() {
            cases.push(case(
                format!("{name}: {argument} is out of its range"),
                move |world: &World| {
                    assert_eq!(world.state.output(&format!("range_{i}")), false);
                },
            ));
        }
        for (name, _, expected) in VARIADIC {
            cases.push(case(name.replace('_', " "), move |world: &World| {
                assert_is(&world.state.output(name), expected);
            }));
        }
        let null = case("dynamic variadic null", |world: &World| {
            assert_is(&world.state.output("variadic_null"), "[null]");
        });
        cases.push(null.needs(Feature::UNTYPED_NULL));
        cases.push(case("a null with a type is a null of any type", |world: &World| {
            assert_eq!(world.state.output("typed_null"), true);
        }));
        cases.push(case("an argument that takes null is told so", |world: &World| {
            assert_eq!(world.state.output("said"), "null null");
        }));
        for (i, (expression, words)) in REFUSED.iter().enumerate() {
            cases.push(case(format!("refused: {expression}"), move |world: &World| {
                let (told, place) = &world.errors[i];
                assert!(told.contains(words), "{told}");
                let line = with_trial("").lines().count() + 1;
                assert!(place.starts_with(&format!("main.tf:{line}:")), "{place}");
            }));
        }
        cases
    }
}

/// Calls that are refused, and the words in which.
const REFUSED: &[(&str, &str)] = &[
    ("join(\"\", \"a\")", "must not be empty"),
    ("join(\"-\", \"a\", \"b-c\")", "must not contain \"-\""),
    ("back_int32(1.5)", "must be a whole number from -2147483648 to 2147483647, and is 1.5"),
    ("back_bool(\"maybe\")", "a bool is required"),
    ("crash(\"a\", null)", "panic: a defect"),
];

fn call(name: &str, argument: &str) -> String {
    format!("provider::trial::back_{name}({argument})")
}
