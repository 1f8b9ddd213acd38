//! Which changes need a new object.

use stanchion_cty::schema::{AttributeKind, Object};
use stanchion_cty::{Kind, Path, Value};

/// The paths of the changed attributes that need a new object, in the declaration's order.
///
/// A list's objects are compared by their position and a map's by key. What is gone with the
/// object around it needs no new resource; what came with one does, unless it is null.
pub(super) fn paths(object: &Object, prior: &Value, planned: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    collect(object, Some(prior), planned, &Path::root(), &mut found);
    found
}

fn collect(
    object: &Object,
    prior: Option<&Value>,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    // An object that is not known yet may be anything, as an attribute may.
    if !planned.is_known() && prior != Some(planned) && has_replace(object) {
        found.push(path.clone());
    }
    for attribute in &object.attributes {
        let name = attribute.name.as_ref();
        let before = prior.and_then(|it| it.get(name));
        let Some(after) = planned.get(name) else { continue };
        let is_as_before = match before {
            Some(before) => before == after,
            // In an object that is new within the resource, a value that nobody gives is no change.
            None => after.is_null(),
        };
        if is_as_before {
            continue;
        }
        let path = path.attribute(name);
        if attribute.replace {
            found.push(path);
        } else if let AttributeKind::Nested(_, object) = &attribute.kind {
            collect_nested(object, before, after, &path, found);
        }
    }
}

fn collect_nested(
    object: &Object,
    before: Option<&Value>,
    after: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    match after.kind() {
        Kind::List(_, now) => {
            let old = row(before);
            for (i, it) in now.iter().enumerate() {
                collect(object, old.get(i), it, &path.index(i), found);
            }
        }
        Kind::Map(_, now) => {
            for (key, it) in now.iter() {
                let old = before.and_then(|it| it.get(key));
                collect(object, old, it, &path.key(key.clone()), found);
            }
        }
        // The wire has no step into a set, so the set as a whole is named.
        Kind::Set(_, now) => {
            if set_needs_new(object, row(before), now) {
                found.push(path.clone());
            }
        }
        _ => collect(object, before.filter(|it| !it.is_null()), after, path, found),
    }
}

/// Whether one of a set's changed objects can't be one of the old ones with only such changes as
/// need no new resource.
fn set_needs_new(object: &Object, before: &[Value], now: &[Value]) -> bool {
    if !has_replace(object) {
        return false;
    }
    let needs_new = |old: Option<&Value>, it: &Value| {
        let mut found = Vec::new();
        collect(object, old, it, &Path::root(), &mut found);
        !found.is_empty()
    };
    let mut old: Vec<&Value> = before.iter().filter(|it| !now.contains(it)).collect();
    now.iter().filter(|it| !before.contains(it)).any(|it| {
        if !needs_new(None, it) {
            return false;
        }
        match old.iter().position(|old| !needs_new(Some(old), it)) {
            Some(i) => {
                old.remove(i);
                false
            }
            None => true,
        }
    })
}

fn row(value: Option<&Value>) -> &[Value] {
    match value.map(Value::kind) {
        Some(Kind::List(_, it) | Kind::Set(_, it)) => it,
        _ => &[],
    }
}

fn has_replace(object: &Object) -> bool {
    object.attributes.iter().any(|it| {
        it.replace || matches!(&it.kind, AttributeKind::Nested(_, object) if has_replace(object))
    })
}
