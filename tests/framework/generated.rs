//! Generated values pass through a real Terraform, to the provider and back.

use std::fmt::Write as _;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use stanchion_cty::{Entries, Kind, Type, Value, msgpack};
use stanchion_tests::Terraform;
use stanchion_tests::arbitrary::{Known, closed_types, values_of};

use stanchion_tests::place::{Place, with_trial};

/// How many values, and how many of them stand in one resource.
const COUNT: usize = 500;
const BATCH: usize = 50;

#[test]
fn whatever_a_value_is_the_provider_gets_it_and_terraform_gets_it_back() {
    // The same values each time.
    let mut runner = TestRunner::deterministic();
    let strategy = closed_types().prop_flat_map(|ty| values_of(&ty, Known::Partly));
    let mut values: Vec<Value> = hard();
    while values.len() < COUNT {
        values.push(strategy.new_tree(&mut runner).unwrap().current());
    }
    let with_unknown = values.iter().filter(|it| !it.is_wholly_known()).count();
    assert!((50..450).contains(&with_unknown), "{with_unknown} have unknown parts");

    let mut text = "resource \"trial_later\" \"u\" {\n  name = \"u\"\n}\n".to_owned();
    let mut descriptions = String::new();
    for (batch, values) in values.chunks(BATCH).enumerate() {
        let written: Vec<String> = values.iter().map(written).collect();
        let _infallible = writeln!(
            text,
            "locals {{\n  v{batch} = [\n    {}\n  ]\n}}\n\
             resource \"trial_dynamic\" \"v{batch}\" {{\n  name = \"v{batch}\"\n  value = local.v{batch}\n}}\n\
             output \"e{batch}\" {{\n  value = [for i, it in local.v{batch} : i if !try(provider::trial::echo(it) == it, false)]\n}}",
            written.join(",\n    ")
        );
        let _infallible = writeln!(
            descriptions,
            "output \"d{batch}\" {{\n  value = [for it in local.v{batch} : provider::trial::describe(it)]\n}}"
        );
    }
    let place = Place::new(&Terraform::newest());
    let plan = place.workspace.plan_of(&with_trial(&format!("{text}{descriptions}")));
    let outputs = &plan.json["planned_values"]["outputs"];
    for (batch, values) in values.chunks(BATCH).enumerate() {
        for (i, value) in values.iter().enumerate() {
            let bytes = outputs[format!("d{batch}")]["value"][i].as_str().unwrap_or_default();
            let arrived = msgpack::decode(&bytes_of(bytes), &Type::Dynamic);
            let arrived = arrived.unwrap_or_else(|it| panic!("{it}: {}", written(value)));
            assert_eq!(
                without_refinements(&arrived),
                without_refinements(value),
                "{}",
                written(value)
            );
        }
    }
    place.workspace.apply_plan();
    // The descriptions tell what was unknown then, and have done their part: without them nothing is
    // left to do, with a refresh and without one.
    let after = place.workspace.step(&with_trial(&text)).plan.json;
    for change in after["resource_changes"].as_array().unwrap() {
        assert_eq!(change["change"]["actions"], serde_json::json!(["no-op"]), "{change:#}");
    }
    for batch in 0..COUNT / BATCH {
        let unequal = &after["planned_values"]["outputs"][format!("e{batch}")]["value"];
        let unequal: Vec<usize> = serde_json::from_value(unequal.clone()).unwrap();
        let told: Vec<String> =
            unequal.iter().map(|i| written(&values[batch * BATCH + i])).collect();
        assert_eq!(told, [""; 0], "came back as another");
    }
}

/// Values that have been wrong somewhere before.
fn hard() -> Vec<Value> {
    let number = |text: &str| Value::from(stanchion_cty::Number::parse(text).unwrap());
    let text = |text: &str| Value::from(text);
    let mut hard: Vec<Value> = [
        "123456789012345678901234567890",
        "1e300",
        "-1e300",
        "0.1",
        "1e-7",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "0",
        "123456789012345678901234567890.123456789",
    ]
    .map(number)
    .into();
    // Both normal forms, and what a template would take for its own.
    hard.extend(
        ["e\u{301}", "\u{e9}", "\u{212b}", "${a}", "%{if}", "$${a}", "", "\0", "\u{10ffff}"]
            .map(text),
    );
    let pair = Type::object([("a", Type::Number), ("b", Type::list(Type::String))]);
    hard.extend([
        Value::null(Type::Dynamic),
        Value::null(pair.clone()),
        Value::unknown(pair.clone()),
        Value::list(pair.clone(), []),
        Value::set(pair.clone(), []),
        Value::map(pair.clone(), [] as [(&str, Value); 0]),
        Value::set(Type::Number, [number("1"), Value::unknown(Type::Number)]),
        Value::tuple([]),
        Value::object([] as [(&str, Value); 0]),
    ]);
    hard
}

/// A value in Terraform's language. What is unknown is one of two values, of which the plan does
/// not know which.
fn written(value: &Value) -> String {
    let ty = value.ty();
    match value.kind() {
        Kind::Null(Type::Dynamic) => "null".to_owned(),
        Kind::Null(ty) => format!("(true ? null : {})", example(ty)),
        Kind::Unknown(_) => {
            format!("(trial_later.u.yes ? {} : (true ? null : {0}))", example(&ty))
        }
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => it.to_string(),
        Kind::String(it) => quoted(it),
        Kind::List(element, it) if it.is_empty() => {
            format!("slice(tolist([{}]), 0, 0)", example(element))
        }
        Kind::Set(element, it) if it.is_empty() => {
            format!("toset(slice(tolist([{}]), 0, 0))", example(element))
        }
        Kind::Map(element, it) if it.is_empty() => {
            let values = format!("slice(tolist([{}]), 0, 0)", example(element));
            format!("zipmap(slice(tolist([\"\"]), 0, 0), {values})")
        }
        Kind::List(_, it) => format!("tolist([{}])", row(it)),
        Kind::Set(_, it) => format!("toset([{}])", row(it)),
        Kind::Tuple(it) => format!("[{}]", row(it)),
        Kind::Map(_, it) => format!("tomap({{{}}})", entries(it)),
        Kind::Object(it) => format!("{{{}}}", entries(it)),
    }
}

fn row(elements: &[Value]) -> String {
    elements.iter().map(written).collect::<Vec<_>>().join(", ")
}

fn entries(entries: &Entries) -> String {
    let entries = entries.iter();
    let entries = entries.map(|(key, it)| format!("{} = {}", quoted(key), written(it)));
    entries.collect::<Vec<_>>().join(", ")
}

/// A known value of that type.
fn example(ty: &Type) -> String {
    match ty {
        Type::Bool => "true".to_owned(),
        Type::Number => "7".to_owned(),
        Type::String | Type::Dynamic => "\"example\"".to_owned(),
        Type::List(it) => format!("tolist([{}])", example(it)),
        Type::Set(it) => format!("toset([{}])", example(it)),
        Type::Map(it) => format!("tomap({{ a = {} }})", example(it)),
        Type::Tuple(it) => format!("[{}]", it.iter().map(example).collect::<Vec<_>>().join(", ")),
        Type::Object(it) => {
            let attributes =
                it.iter().map(|(name, it)| format!("{} = {}", quoted(name), example(&it.ty)));
            format!("{{{}}}", attributes.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text in quotes, all but letters and digits by their number.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        let _infallible = match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => write!(quoted, "{c}"),
            // Half of what is outside of ASCII stands there as it is.
            '\u{a0}'.. if u32::from(c) % 2 == 0 && !('\u{2000}'..'\u{2070}').contains(&c) => {
                write!(quoted, "{c}")
            }
            c => match u32::from(c) {
                it @ ..0x1_0000 => write!(quoted, "\\u{it:04x}"),
                it => write!(quoted, "\\U{it:08x}"),
            },
        };
    }
    quoted + "\""
}

/// A value as it must arrive: Terraform knows of what is unknown in our text little but its type.
fn without_refinements(value: &Value) -> Value {
    let forget = |it: Value| if it.is_known() { it } else { Value::unknown(it.ty()) };
    value.clone().map_parts_up(&mut { forget })
}

/// The bytes that the function `describe` tells.
pub(crate) fn bytes_of(digits: &str) -> Vec<u8> {
    let byte = |it: &[u8]| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok();
    digits.as_bytes().chunks(2).filter_map(byte).collect()
}
