//! Whether two values are equal, as `==` and the functions that compare elements say it.

use std::hash::{DefaultHasher, Hash, Hasher};

use stanchion_cty::{Bound, Kind, Refinement, Type, Unknown, Value, conforms};

use super::unknown::{lengths, may_be_null};

/// Whether the two are equal; `None` if that is not known yet. Values of different types are never
/// equal, except that null equals null. Marks play no part.
pub(crate) fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a.kind(), b.kind()) {
        (Kind::Null(_), _) if !may_be_null(b) => Some(false),
        (_, Kind::Null(_)) if !may_be_null(a) => Some(false),
        (Kind::Unknown(_), Kind::Unknown(_)) => None,
        (_, Kind::Unknown(unknown)) => equal_to_unknown(a, unknown),
        (Kind::Unknown(unknown), _) => equal_to_unknown(b, unknown),
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        _ => equal_parts(a, b),
    }
}

/// Whether the type of some part is not known; null without a type is wholly known.
fn has_open_part(value: &Value) -> bool {
    match value.kind() {
        Kind::Null(_) => false,
        Kind::Unknown(it) => it.ty == Type::Dynamic,
        _ => value.parts().any(has_open_part),
    }
}

/// Of values with parts, and of those whose types differ.
fn equal_parts(a: &Value, b: &Value) -> Option<bool> {
    let (left, right) = (a.ty(), b.ty());
    // The element type of an empty collection does not matter here.
    if has_open_part(a) || has_open_part(b) {
        return if conforms(a, &right) || conforms(b, &left) { None } else { Some(false) };
    }
    if left != right {
        return Some(false);
    }
    match (a.kind(), b.kind()) {
        (Kind::Set(_, left), Kind::Set(_, right)) => {
            let has_unknown = |it: &[Value]| it.iter().any(|it| !it.is_known());
            if has_unknown(left) || has_unknown(right) {
                return None;
            }
            let among =
                |it: &Value, all: &[Value]| all.iter().any(|other| equal(it, other) == Some(true));
            Some(left.iter().all(|it| among(it, right)) && right.iter().all(|it| among(it, left)))
        }
        (Kind::Map(_, left) | Kind::Object(left), Kind::Map(_, right) | Kind::Object(right)) => {
            if left.len() != right.len() || !left.keys().all(|it| right.contains_key(it)) {
                return Some(false);
            }
            all_equal(left.values().zip(right.values()))
        }
        _ => {
            if a.parts().count() != b.parts().count() {
                return Some(false);
            }
            all_equal(a.parts().zip(b.parts()))
        }
    }
}

/// Terraform stops at the first pair that decides, be it different or not known yet.
fn all_equal<'a>(mut pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    pairs
        .find_map(|(a, b)| match equal(a, b) {
            Some(true) => None,
            other => Some(other),
        })
        .unwrap_or(Some(true))
}

fn equal_to_unknown(known: &Value, unknown: &Unknown) -> Option<bool> {
    if known.is_null() {
        return None;
    }
    let refinement = &unknown.refinement;
    if conforms(known, &unknown.ty) {
        return if includes(refinement, known) { None } else { Some(false) };
    }
    // Null of any type would equal null, but the known value is none.
    Some(false)
}

/// Whether a known value is among those that an unknown one of its type may turn out to be.
fn includes(refinement: &Refinement, known: &Value) -> bool {
    let Refinement { prefix, min, max, min_length, max_length, .. } = refinement;
    match known.kind() {
        Kind::String(text) => prefix.as_deref().is_none_or(|it| text.starts_with(it)),
        Kind::Number(number) => {
            let above = |Bound { number: end, inclusive }: &Bound| {
                number > end || (*inclusive && number == end)
            };
            let below = |Bound { number: end, inclusive }: &Bound| {
                number < end || (*inclusive && number == end)
            };
            min.as_ref().is_none_or(above) && max.as_ref().is_none_or(below)
        }
        Kind::List(..) | Kind::Set(..) | Kind::Map(..) => {
            let (least, most) = lengths(known);
            min_length.is_none_or(|it| most >= it) && max_length.is_none_or(|it| least <= it)
        }
        _ => true,
    }
}

/// A number that equal known values share, so that only values with the same one need be compared.
pub(super) fn fingerprint(value: &Value) -> u64 {
    let mut state = DefaultHasher::new();
    write_fingerprint(value, &mut state);
    state.finish()
}

fn write_fingerprint(value: &Value, state: &mut DefaultHasher) {
    match value.kind() {
        Kind::Null(_) | Kind::Unknown(_) => {}
        Kind::Bool(it) => it.hash(state),
        Kind::Number(it) => it.hash(state),
        Kind::String(it) => it.hash(state),
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => {
            value.parts().for_each(|it| write_fingerprint(it, state));
        }
        Kind::Map(_, it) | Kind::Object(it) => {
            for (key, it) in it.iter() {
                key.hash(state);
                write_fingerprint(it, state);
            }
        }
    }
}
