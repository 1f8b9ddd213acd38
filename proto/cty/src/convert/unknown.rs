//! What is still known of an unknown value once it is converted.

use std::sync::Arc;

use crate::unify::unified_type;
use crate::{Kind, ObjectType, Refinement, Type, Unknown, Value};

/// An unknown value converted to a type in which `any` may stand. It stays not null; its length
/// stays known as far as the conversion keeps it; where all is known, it is known itself.
pub(super) fn converted(unknown: &Unknown, to: &Type) -> Value {
    let ty = replaced(&unknown.ty, to);
    let (min_length, max_length) = lengths(unknown, &ty);
    let refinement = Refinement {
        not_null: unknown.refinement.not_null,
        min_length,
        max_length,
        ..Refinement::default()
    };
    if let (true, Some(length), true) =
        (refinement.not_null, max_length, min_length.unwrap_or(0) == max_length.unwrap_or(0))
        && let Some(value) = of_length(&ty, length)
    {
        return value;
    }
    Kind::Unknown(Arc::new(Unknown { ty, refinement, symbol: unknown.symbol })).into()
}

/// The same unknown value, of another type.
pub(super) fn retyped(unknown: &Unknown, ty: &Type) -> Value {
    Kind::Unknown(Arc::new(Unknown { ty: ty.clone(), ..unknown.clone() })).into()
}

/// `to` with each `any` in it replaced by what `from` has at that place.
pub(super) fn replaced(from: &Type, to: &Type) -> Type {
    match (from, to) {
        (Type::Dynamic, _) => to.clone(),
        (_, Type::Dynamic) => from.clone(),
        (_, Type::Bool | Type::Number | Type::String) => to.clone(),
        (Type::Map(from), Type::Map(to)) => Type::map(replaced(from, to)),
        (Type::Object(from), Type::Map(to)) => {
            let types: Vec<Type> = from.iter().map(|(_, it)| it.ty.clone()).collect();
            Type::map(replaced_by_common(&types, to))
        }
        (Type::List(from) | Type::Set(from), Type::List(to)) => Type::list(replaced(from, to)),
        (Type::List(from) | Type::Set(from), Type::Set(to)) => Type::set(replaced(from, to)),
        (Type::Tuple(from), Type::List(to)) => Type::list(replaced_by_common(from, to)),
        (Type::Tuple(from), Type::Set(to)) => Type::set(replaced_by_common(from, to)),
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            Type::tuple(from.iter().zip(to.iter()).map(|(from, to)| replaced(from, to)))
        }
        (Type::Map(from), Type::Object(to)) => object(to, |_| Some(from)),
        (Type::Object(from), Type::Object(to)) => {
            object(to, |name| from.get(name).map(|it| &it.ty))
        }
        // Between other types there is no conversion, or nothing is known to fill in.
        (_, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_)) => {
            to.clone()
        }
    }
}

fn replaced_by_common(from: &[Type], to: &Type) -> Type {
    unified_type(from, true).map_or_else(|| to.clone(), |from| replaced(&from, to))
}

fn object<'a>(to: &ObjectType, from: impl Fn(&str) -> Option<&'a Type>) -> Type {
    let attributes = to.iter().map(|(name, to)| {
        let ty = from(name).map_or_else(|| to.ty.clone(), |from| replaced(from, &to.ty));
        (name.clone(), ty, false)
    });
    Type::Object(Arc::new(ObjectType::new(attributes)))
}

/// The least and the greatest number of elements that the converted value can have.
fn lengths(unknown: &Unknown, to: &Type) -> (Option<u64>, Option<u64>) {
    let Refinement { min_length, max_length, .. } = unknown.refinement;
    match (&unknown.ty, to) {
        (Type::Object(from), Type::Map(_)) => exactly(from.len()),
        (Type::Tuple(from), Type::List(_)) => exactly(from.len()),
        (Type::Tuple(from), Type::Set(_)) => match from.len() {
            length @ (0 | 1) => exactly(length),
            // Elements may turn out to be the same.
            length => (Some(1), Some(length as u64)),
        },
        (from, Type::Set(_)) if from.is_collection() => {
            (min_length.map(|it| it.min(1)), max_length)
        }
        (from, to) if from.is_collection() && to.is_collection() => (min_length, max_length),
        _ => (None, None),
    }
}

fn exactly(length: usize) -> (Option<u64>, Option<u64>) {
    (Some(length as u64), Some(length as u64))
}

/// A collection of which only the elements are unknown, where its length says which they are.
fn of_length(ty: &Type, length: u64) -> Option<Value> {
    /// A list longer than this stays unknown as a whole: its length may be anything that a
    /// provider says.
    const LONGEST: u64 = 1 << 16;
    match (ty, length) {
        (Type::List(element), length) if length <= LONGEST => {
            let elements = (0..length).map(|_| Value::unknown((**element).clone()));
            Some(Value::list((**element).clone(), elements))
        }
        (Type::Set(element), 0 | 1) => {
            let elements = (0..length).map(|_| Value::unknown((**element).clone()));
            Some(Value::set((**element).clone(), elements))
        }
        (Type::Map(element), 0) => {
            Some(Value::map((**element).clone(), std::iter::empty::<(&str, Value)>()))
        }
        _ => None,
    }
}
