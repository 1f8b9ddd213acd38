//! Which changes need a new object.

use stanchion_cty::schema::{AttributeKind, Object};
use stanchion_cty::{Kind, Path, Value};

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
            let old = match before.map(Value::kind) {
                Some(Kind::List(_, old)) => &old[..],
                _ => &[],
            };
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
        Kind::Set(..) => {
            if has_replace(object) {
                found.push(path.clone());
            }
        }
        _ => collect(object, before.filter(|it| !it.is_null()), after, path, found),
    }
}

fn has_replace(object: &Object) -> bool {
    object.attributes.iter().any(|it| {
        it.replace || matches!(&it.kind, AttributeKind::Nested(_, object) if has_replace(object))
    })
}
