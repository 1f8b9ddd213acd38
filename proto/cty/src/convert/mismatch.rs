//! Why a type cannot be converted to another, in the user's words.

use super::conversion_exists;
use crate::{ObjectType, Path, Problem, Type};

/// What stands in the way of a conversion that does not exist. The path leads to the innermost
/// part that two types disagree on, the value being at `path`.
pub(crate) fn mismatch(from: &Type, to: &Type, path: &Path) -> Problem {
    match (from, to) {
        (Type::Object(from), Type::Object(to)) => objects(from, to, path),
        (Type::Tuple(from), Type::List(to) | Type::Set(to)) if **to != Type::Dynamic => {
            let wrong = from.iter().enumerate().find(|(_, it)| !conversion_exists(it, to, true));
            match wrong {
                Some((i, it)) => mismatch(it, to, &path.index(i)),
                None => Problem::error(path.clone(), format!("must be {}", with_article(to))),
            }
        }
        (Type::Object(from), Type::Map(to)) if **to != Type::Dynamic => {
            let wrong = from.iter().find(|(_, it)| !conversion_exists(&it.ty, to, true));
            match wrong {
                Some((name, it)) => mismatch(&it.ty, to, &path.attribute(name.clone())),
                None => Problem::error(path.clone(), format!("must be {}", with_article(to))),
            }
        }
        (Type::Tuple(_), Type::List(_) | Type::Set(_)) | (Type::Object(_), Type::Map(_)) => {
            Problem::error(path.clone(), "must have elements of which all fit one type")
        }
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to))
        | (Type::Map(from), Type::Map(to)) => {
            let inner = mismatch(from, to, path);
            Problem::error(path.clone(), format!("has elements of which each {}", inner.message))
        }
        (from, to) => Problem::error(
            path.clone(),
            format!("must be {}, not {}", with_article(to), with_article(from)),
        ),
    }
}

fn objects(from: &ObjectType, to: &ObjectType, path: &Path) -> Problem {
    let missing: Vec<String> = to
        .iter()
        .filter(|(name, it)| !it.optional && from.get(name).is_none())
        .map(|(name, _)| format!("{name:?}"))
        .collect();
    if let Some((last, others)) = missing.split_last() {
        let message = if others.is_empty() {
            format!("must have the attribute {last}")
        } else {
            format!("must have the attributes {} and {last}", others.join(", "))
        };
        return Problem::error(path.clone(), message);
    }
    for (name, to) in to.iter() {
        if let Some(it) = from.get(name)
            && !conversion_exists(&it.ty, &to.ty, true)
        {
            return mismatch(&it.ty, &to.ty, &path.attribute(name.clone()));
        }
    }
    Problem::error(path.clone(), "must have other attributes")
}

fn with_article(ty: &Type) -> String {
    let article = match ty {
        Type::Object(_) => "an ",
        Type::Dynamic => "",
        Type::Bool
        | Type::Number
        | Type::String
        | Type::List(_)
        | Type::Set(_)
        | Type::Map(_)
        | Type::Tuple(_) => "a ",
    };
    format!("{article}{}", ty.friendly())
}
