//! Conversion of values to types, as Terraform does it.
//!
//! Whether a conversion exists is a question to the two types alone, as Terraform asks it before
//! it has values; the answer is a [`Plan`], which then runs over a value. What is decided follows
//! go-cty's package `convert`, in the mode that it calls unsafe: one that may fail for a value.

mod mismatch;
mod plan;
mod run;
mod unknown;

use crate::{Kind, ObjectType, Path, Problem, Type, Value};

use mismatch::mismatch;
pub(crate) use plan::plan;
pub(crate) use run::run;

/// The value converted to a type, as an argument, a `variable` or `tolist` converts it.
///
/// What is null or unknown stays so with the new type; `any` takes each value as it is; a missing
/// optional attribute is null, and attributes that the type does not name are left out. Marks,
/// origins and symbols stay where they were, but those inside a set go to the whole set. In one
/// thing this is not Terraform's conversion: that loses the mark of a null element.
///
/// # Errors
///
/// The first thing in the way, with its path from `value`.
pub fn convert(value: &Value, to: &Type) -> Result<Value, Problem> {
    if has_already(value, to) {
        return Ok(value.clone());
    }
    let from = value.ty();
    match plan(&from, to, true) {
        Some(plan) => run(&plan, value, &Path::root()),
        None => Err(mismatch(&from, to, &Path::root())),
    }
}

/// Whether values of type `from` can be converted to `to`. With `may_fail` a conversion counts
/// that fails for some values, such as that of a string to a number.
#[must_use]
pub fn conversion_exists(from: &Type, to: &Type, may_fail: bool) -> bool {
    is_already(from, to) || plan(from, to, may_fail).is_some()
}

/// Whether the value is of that type already, where `any` in the type stands for each type. That
/// an attribute is optional changes nothing: a value has it.
#[must_use]
pub fn conforms(value: &Value, ty: &Type) -> bool {
    match (value.kind(), ty) {
        (_, Type::Dynamic)
        | (Kind::Bool(_), Type::Bool)
        | (Kind::Number(_), Type::Number)
        | (Kind::String(_), Type::String) => true,
        (Kind::Null(it), ty) => type_conforms(it, ty),
        (Kind::Unknown(it), ty) => type_conforms(&it.ty, ty),
        // An empty collection has no element to tell its type.
        (Kind::List(element, _), Type::List(ty))
        | (Kind::Set(element, _), Type::Set(ty))
        | (Kind::Map(element, _), Type::Map(ty)) => type_conforms(element, ty),
        (Kind::Tuple(it), Type::Tuple(types)) => {
            it.len() == types.len() && it.iter().zip(types.iter()).all(|(it, ty)| conforms(it, ty))
        }
        (Kind::Object(it), Type::Object(ty)) => {
            it.len() == ty.len()
                && it.iter().all(|(name, it)| ty.get(name).is_some_and(|ty| conforms(it, &ty.ty)))
        }
        _ => false,
    }
}

/// Whether a value needs no conversion, by its own type.
fn has_already(value: &Value, to: &Type) -> bool {
    match (value.kind(), to) {
        (Kind::Null(ty), _) => is_already(ty, to),
        (Kind::Unknown(it), _) => is_already(&it.ty, to),
        (Kind::Bool(_), Type::Bool)
        | (Kind::Number(_), Type::Number)
        | (Kind::String(_), Type::String) => true,
        (Kind::List(element, _), Type::List(to))
        | (Kind::Set(element, _), Type::Set(to))
        | (Kind::Map(element, _), Type::Map(to)) => is_already(element, to),
        (Kind::Tuple(it), Type::Tuple(to)) => {
            it.len() == to.len() && it.iter().zip(to.iter()).all(|(it, to)| has_already(it, to))
        }
        (Kind::Object(it), Type::Object(to)) => {
            let same = |(name, it): (&std::sync::Arc<str>, &Value)| {
                to.get(name).is_some_and(|to| has_already(it, &to.ty))
            };
            it.len() == to.len() && it.iter().all(same)
        }
        _ => false,
    }
}

/// Whether values of type `from` need no conversion: they have all the optional attributes.
fn is_already(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::List(from), Type::List(to))
        | (Type::Set(from), Type::Set(to))
        | (Type::Map(from), Type::Map(to)) => is_already(from, to),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(a, b)| is_already(a, b))
        }
        (Type::Object(from), Type::Object(to)) => {
            let same = |name: &str, from| to.get(name).is_some_and(|to| is_already(from, &to.ty));
            from.len() == to.len() && from.iter().all(|(name, it)| same(name, &it.ty))
        }
        (from, to) => from == to,
    }
}

fn type_conforms(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (_, Type::Dynamic) => true,
        (Type::List(from), Type::List(to))
        | (Type::Set(from), Type::Set(to))
        | (Type::Map(from), Type::Map(to)) => type_conforms(from, to),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(a, b)| type_conforms(a, b))
        }
        (Type::Object(from), Type::Object(to)) => object_conforms(from, to),
        (from, to) => from == to,
    }
}

fn object_conforms(from: &ObjectType, to: &ObjectType) -> bool {
    from.len() == to.len()
        && from
            .iter()
            .all(|(name, it)| to.get(name).is_some_and(|to| type_conforms(&it.ty, &to.ty)))
}

#[cfg(test)]
mod tests;
