//! A choice with data: an object with exactly one attribute set.

use crate::{Kind, Path, Problem, Problems, Value};

use super::shape::mismatch;
use super::{Attribute, AttributeKind, Object, ObjectCheck, Presence};

/// The declaration of an enum, for `#[derive(Choice)]`: an optional attribute for each variant,
/// of which `check` says that one must be set.
#[must_use]
pub fn choice_object(
    docs: &'static str,
    variants: Vec<(&'static str, &'static str, AttributeKind)>,
    check: ObjectCheck,
) -> Object {
    let attributes = variants.into_iter().map(|(name, docs, kind)| Attribute {
        docs: docs.into(),
        presence: Presence::Optional,
        takes_null: true,
        ..Attribute::new(name, kind)
    });
    Object { docs: docs.into(), attributes: attributes.collect(), checks: vec![check] }
}

/// A check of an object: that exactly one of these attributes is set. What is unknown may be set
/// or not.
#[must_use]
pub fn exactly_one(value: &Value, path: &Path, names: &[&str]) -> Problems {
    let set: Vec<&Value> =
        names.iter().filter_map(|it| value.get(it)).filter(|it| !it.is_null()).collect();
    let known = set.iter().filter(|it| it.is_known()).count();
    if known > 1 || set.is_empty() {
        let message = format!("must have exactly one of {}", names.join(", "));
        return Problem::error(path.clone(), message).into();
    }
    Problems::new()
}

/// Which of these attributes of an object is set, by its position, and its value; for
/// `#[derive(Choice)]`.
///
/// # Errors
/// The value is no known object, or has none or several of them, or it is not known yet which.
pub fn chosen<'a>(
    value: &'a Value,
    path: &Path,
    names: &[&str],
) -> Result<(usize, &'a Value), Problems> {
    if !matches!(value.kind(), Kind::Object(_)) {
        return Err(mismatch(value, path, "an object").into());
    }
    let wrong = exactly_one(value, path, names);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let given = names.iter().enumerate().filter_map(|(i, it)| Some((i, value.get(it)?)));
    let mut set = given.filter(|(_, it)| !it.is_null());
    match (set.next(), set.next()) {
        (Some(only), None) => Ok(only),
        (first, second) => {
            let unknown = [first, second].into_iter().flatten().find(|(_, it)| !it.is_known());
            let name = unknown.and_then(|(i, _)| names.get(i)).copied().unwrap_or_default();
            Err(Problem::error(path.attribute(name), "is not known yet").into())
        }
    }
}
