//! What a configuration says, and what its declaration says where it is silent.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::schema::{AttributeKind, Object};
use stanchion_cty::{Kind, Value};

/// A configuration with its defaults filled in, and otherwise as it is written: its write-only
/// values are there, its computed values are null.
#[must_use]
pub fn with_defaults(object: &Object, config: &Value) -> Value {
    let Kind::Object(attributes) = config.kind() else { return config.clone() };
    let mut filled = BTreeMap::clone(attributes);
    for attribute in &object.attributes {
        let Some(value) = filled.get_mut(attribute.name.as_ref()) else { continue };
        if let Some(default) = attribute.default.as_ref().filter(|_| value.is_null()) {
            *value = default.clone();
        }
        if let AttributeKind::Nested(_, object) = &attribute.kind {
            *value = nested_with_defaults(object, value);
        }
    }
    Kind::Object(Arc::new(filled)).into()
}

fn nested_with_defaults(object: &Object, config: &Value) -> Value {
    let fill = |it: &Value| with_defaults(object, it);
    match config.kind() {
        Kind::List(ty, it) => Value::list(ty.clone(), it.iter().map(fill)),
        Kind::Set(ty, it) => Value::set(ty.clone(), it.iter().map(fill)),
        Kind::Map(ty, it) => {
            Value::map(ty.clone(), it.iter().map(|(key, it)| (key.clone(), fill(it))))
        }
        _ => fill(config),
    }
}
