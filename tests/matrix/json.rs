//! JSON in which a number is what it means, however many digits or exponents it is written with.

use serde_json::Value;
use stanchion_cty::Number;

/// Asserts that a value is what a JSON text says.
#[track_caller]
pub(crate) fn assert_is(found: &Value, text: &str) {
    let expected = serde_json::from_str(text).unwrap();
    assert_eq!(normal(found.clone()), normal(expected));
}

fn normal(value: Value) -> Value {
    match value {
        Value::Number(it) => {
            Value::String(format!("number {}", Number::parse(it.as_str()).unwrap()))
        }
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, it)| (name, normal(it))).collect()
        }
        other => other,
    }
}
