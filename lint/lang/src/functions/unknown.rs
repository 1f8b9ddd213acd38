//! What is known of an unknown result: bounds, beginnings, and when that says all.

use std::sync::Arc;

use stanchion_cty::{Bound, Kind, Number, Refinement, Type, Unknown, Value};

/// The greatest length that Terraform reckons with, of a collection of which nothing is known.
pub(super) const ANY_LENGTH: u64 = i64::MAX as u64;

/// An unknown value, or the only value that it can still be: a number between two equal bounds, an
/// empty collection, a list of unknown elements whose number is known.
pub(crate) fn settled(unknown: Unknown) -> Value {
    if unknown.refinement.not_null
        && let Some(only) = only(&unknown)
    {
        return only;
    }
    Kind::Unknown(Arc::new(unknown)).into()
}

fn only(unknown: &Unknown) -> Option<Value> {
    /// A longer list stays unknown as a whole: its length may be anything that a provider says.
    const LONGEST: u64 = 1 << 16;
    let Refinement { min, max, min_length, max_length, .. } = &unknown.refinement;
    if unknown.ty == Type::Number {
        let (min, max) = (min.as_ref()?, max.as_ref()?);
        let is_one = min.inclusive && max.inclusive && min.number == max.number;
        return is_one.then(|| Value::from(min.number.clone()));
    }
    let length = (*max_length)?;
    if min_length.unwrap_or(0) != length {
        return None;
    }
    let element = unknown.ty.element()?.clone();
    let elements = (0..length.min(LONGEST)).map(|_| Value::unknown(element.clone()));
    match (&unknown.ty, length) {
        (Type::List(_), 0..=LONGEST) => Some(Value::list(element.clone(), elements)),
        (Type::Set(_), 0 | 1) => Some(Value::set(element.clone(), elements)),
        (Type::Map(_), 0) => Some(Value::map(element, std::iter::empty::<(&str, Value)>())),
        _ => None,
    }
}

/// An unknown string that is never null and begins like that.
pub(super) fn beginning(prefix: &str) -> Value {
    let refinement = Refinement { prefix: Some(prefix.into()), ..Refinement::not_null() };
    Value::refined(Type::String, refinement)
}

/// An unknown number that is never null and lies between two whole numbers, both included.
pub(super) fn between(min: u64, max: Option<u64>) -> Value {
    let bound = |number: u64| Some(Bound { number: Number::from(number), inclusive: true });
    let refinement =
        Refinement { min: bound(min), max: max.and_then(bound), ..Refinement::not_null() };
    settled(Unknown { refinement, ..Unknown::new(Type::Number) })
}

/// An unknown collection that is never null, with so many elements.
pub(super) fn of_length(ty: Type, min: u64, max: u64) -> Value {
    let refinement = Refinement {
        min_length: (min > 0).then_some(min),
        max_length: (max < ANY_LENGTH).then_some(max),
        ..Refinement::not_null()
    };
    settled(Unknown { refinement, ..Unknown::new(ty) })
}

/// How many elements a collection, a tuple or an object has at least and at most. The unknown
/// elements of a set may turn out to be the same as others.
pub(super) fn lengths(value: &Value) -> (u64, u64) {
    let count = match value.kind() {
        Kind::Unknown(it) => match &it.ty {
            Type::Tuple(types) => types.len(),
            Type::Object(object) => object.len(),
            _ => {
                let Refinement { min_length, max_length, .. } = &it.refinement;
                return (min_length.unwrap_or(0), max_length.unwrap_or(ANY_LENGTH));
            }
        },
        _ => value.parts().count(),
    };
    let count = count as u64;
    let may_shrink = matches!(value.kind(), Kind::Set(..)) && count > 1 && !value.is_wholly_known();
    (if may_shrink { 1 } else { count }, count)
}

/// Whether the value may be null: an unknown one may, unless it is known not to be.
pub(super) fn may_be_null(value: &Value) -> bool {
    match value.kind() {
        Kind::Null(_) => true,
        Kind::Unknown(it) => !it.refinement.not_null,
        _ => false,
    }
}
