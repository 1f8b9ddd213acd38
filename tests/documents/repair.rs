//! What is taken out of a generated value so that it becomes one that a configuration may say.
//!
//! Attributes that depend on each other seldom fit by chance: a job that needs another, a script beside
//! steps. What a problem is about is taken out, and what is left is looked at anew.

use stanchion_cty::schema::{AttributeKind, Object, Presence, decode_object, validate};
use stanchion_cty::{Kind, Path, Problems, Step, Value};
use stanchion_model::Document;

/// How often something is taken out before a value is given up.
const ROUNDS: usize = 60;

/// The document that is left of a value; `None` if nothing is.
pub(super) fn repaired<D: Document>(mut value: Value) -> Option<D> {
    let object = D::object();
    for _ in 0..ROUNDS {
        let problems = match problems::<D>(&object, &value) {
            Ok(document) => return Some(document),
            Err(problems) => problems,
        };
        let path = problems.iter().next()?.path.clone();
        value = without(value, path.steps(), Some(&object))?;
    }
    None
}

fn problems<D: Document>(object: &Object, value: &Value) -> Result<D, Problems> {
    let problems = validate(object, value);
    if problems.has_error() {
        return Err(problems);
    }
    let document = decode_object::<D>(value, &Path::root())?;
    let problems = document.check();
    if problems.is_empty() { Ok(document) } else { Err(problems) }
}

/// The value without the part that a path leads to: without an optional attribute, an element, or
/// else what that is a part of. `None` if that is all of it.
fn without(value: Value, steps: &[Step], object: Option<&Object>) -> Option<Value> {
    let (step, rest) = steps.split_first()?;
    let ty = value.ty();
    let marks = value.marks();
    let left = match (step, value.into_kind()) {
        (Step::Attribute(name), Kind::Object(it)) => {
            let attribute = object?.attributes.iter().find(|it| *it.name == **name)?;
            let inner = match &attribute.kind {
                AttributeKind::Nested(_, inner) => Some(&**inner),
                AttributeKind::Plain(_) => None,
            };
            let now = it.get(name)?;
            let part = without(now.clone(), rest, inner).or_else(|| {
                // What is missing already is the fault of what it is missing in.
                let absent = attribute.absent();
                let may_go = attribute.presence != Presence::Required && *now != absent;
                may_go.then(|| fewer(now).unwrap_or(absent))
            })?;
            let other = |(key, it): (&_, &Value)| {
                (std::sync::Arc::clone(key), if key == name { part.clone() } else { it.clone() })
            };
            Value::object(it.iter().map(other))
        }
        (Step::Key(name), Kind::Map(element, it)) => Value::map(
            element,
            it.iter().filter_map(|(key, it)| match key == name {
                true => Some((key.clone(), without(it.clone(), rest, object)?)),
                false => Some((key.clone(), it.clone())),
            }),
        ),
        (Step::Index(i), Kind::List(element, it)) => {
            let each = it.iter().enumerate();
            let each = each.filter_map(|(at, it)| match at == *i {
                true => without(it.clone(), rest, object),
                false => Some(it.clone()),
            });
            Value::list(element, each)
        }
        (Step::Element(of), Kind::Set(element, it)) => {
            let each = it.iter().filter_map(|it| match *it == **of {
                true => without(it.clone(), rest, object),
                false => Some(it.clone()),
            });
            Value::set(element, each)
        }
        (step, _) => panic!("there is no {step:?} in {}", ty.friendly()),
    };
    Some(left.mark(marks))
}

/// A set or list without its first element, if there are more.
fn fewer(value: &Value) -> Option<Value> {
    match value.kind() {
        Kind::Set(ty, it) if it.len() > 1 => Some(Value::set(ty.clone(), it[1..].to_vec())),
        Kind::List(ty, it) if it.len() > 1 => Some(Value::list(ty.clone(), it[1..].to_vec())),
        _ => None,
    }
}
