//! The objects of a nested attribute, however many there are and however they are told apart.

use stanchion_cty::{Kind, Value};

/// The value with each of its objects changed; `change` also sees the object's position, which is 0
/// for the only one of an attribute that holds one. What is no object, as null and unknown values,
/// `change` sees as it is.
pub(super) fn each_object(value: &Value, change: impl Fn(usize, &Value) -> Value) -> Value {
    let row = |(i, it): (usize, &Value)| change(i, it);
    match value.kind() {
        Kind::List(ty, it) => Value::list(ty.clone(), it.iter().enumerate().map(row)),
        Kind::Set(ty, it) => Value::set(ty.clone(), it.iter().enumerate().map(row)),
        Kind::Map(ty, it) => {
            let values = it.values().enumerate().map(row);
            Value::map(ty.clone(), it.keys().cloned().zip(values))
        }
        _ => change(0, value),
    }
}
