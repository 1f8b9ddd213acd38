//! What came back from a change or a reading, brought in line with what was known before.

use stanchion_cty::schema::{Attribute, AttributeKind, Nesting, Object};
use stanchion_cty::{Kind, Path, Step, Value};

use super::defaults::with_blocks;
use super::nested::each_object;
use super::partners::{Newer, Partners, is_same};

/// Keeps the spelling of `before` wherever `after` means the same, and takes write-only values
/// out: so that a refresh does not show what nobody changed. What `before` does not know yet is
/// taken from `after`.
#[must_use]
pub fn settle(object: &Object, before: Option<&Value>, after: Value) -> Value {
    settle_object(object, before, after, Sets::Settled)
}

/// The same for a plan, that an author's code may have changed since it was worked out. The objects
/// of a set stay as they are: one that is spelled otherwise than before is planned as a new one,
/// and with the old spelling it would be so in each plan that follows.
#[must_use]
pub fn settle_plan(object: &Object, prior: Option<&Value>, planned: Value) -> Value {
    settle_object(object, prior, planned, Sets::Left)
}

/// Whether the objects of sets are brought in line, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sets {
    Settled,
    Left,
}

fn settle_object(object: &Object, before: Option<&Value>, after: Value, sets: Sets) -> Value {
    let Kind::Object(attributes) = after.kind() else { return after };
    let mut settled = attributes.to_map();
    for attribute in &object.attributes {
        let name = attribute.name.as_ref();
        if let Some(after) = settled.get_mut(name) {
            let before = before.and_then(|it| it.get(name));
            settle_attribute(attribute, before, after, sets);
        }
    }
    Kind::Object(settled.into()).into()
}

fn settle_attribute(attribute: &Attribute, before: Option<&Value>, after: &mut Value, sets: Sets) {
    if attribute.write_only {
        *after = Value::null(attribute.kind.ty());
        return;
    }
    if after.is_null() && attribute.block {
        *after = attribute.absent();
    }
    if after.is_null() || !after.is_known() {
        return;
    }
    let before = before.filter(|it| !it.is_null() && it.is_known());
    if let Some(before) = before.filter(|before| is_same(attribute, before, after)) {
        *after = before.clone();
    } else if let AttributeKind::Nested(nesting, object) = &attribute.kind {
        *after = settle_nested(*nesting, object, before, after, sets);
    }
}

fn settle_nested(
    nesting: Nesting,
    object: &Object,
    before: Option<&Value>,
    after: &Value,
    sets: Sets,
) -> Value {
    if nesting == Nesting::Set && sets == Sets::Left {
        return after.clone();
    }
    let partners = Partners::of(nesting, object, after, before, Newer::Report);
    each_object(after, |i, it| settle_object(object, partners.at(i), it.clone(), sets))
}

/// The paths of what is still unknown after a change, where nothing may be.
#[must_use]
pub fn left_unknown(state: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    collect_unknown(state, &Path::root(), &mut found);
    found
}

fn collect_unknown(value: &Value, path: &Path, found: &mut Vec<Path>) {
    match value.kind() {
        Kind::Unknown(_) => found.push(path.clone()),
        Kind::List(_, it) | Kind::Tuple(it) => {
            for (i, it) in it.iter().enumerate() {
                collect_unknown(it, &path.index(i), found);
            }
        }
        Kind::Set(_, it) => {
            for it in it.iter() {
                collect_unknown(it, &path.then(Step::Element(Box::new(it.clone()))), found);
            }
        }
        Kind::Map(_, it) => {
            for (key, it) in it.iter() {
                collect_unknown(it, &path.key(key.clone()), found);
            }
        }
        Kind::Object(it) => {
            for (name, it) in it.iter() {
                collect_unknown(it, &path.attribute(name.clone()), found);
            }
        }
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

/// The state with null in the place of what never became known, as after a change that failed
/// half way; of blocks nobody knows about, there are none.
#[must_use]
pub fn forget_unknown(object: &Object, state: Value) -> Value {
    let forget = &mut |it: Value| if it.is_known() { it } else { Value::null(it.ty()) };
    with_blocks(object, state.map_parts_up(forget))
}
