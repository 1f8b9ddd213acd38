//! What a configuration says, and what its declaration says where it is silent.

use stanchion_cty::schema::{AttributeKind, Object};
use stanchion_cty::{Kind, Value};

use super::nested::each_object;

/// A configuration with its defaults filled in, and otherwise as it is written: its write-only
/// values are there, its computed values are null.
#[must_use]
pub fn with_defaults(object: &Object, config: &Value) -> Value {
    let Kind::Object(attributes) = config.kind() else { return config.clone() };
    let mut filled = attributes.to_map();
    for attribute in &object.attributes {
        let Some(value) = filled.get_mut(attribute.name.as_ref()) else { continue };
        match &attribute.default {
            Some(default) if value.is_null() => *value = default.clone(),
            None if value.is_null() && attribute.block => *value = attribute.absent(),
            _ => {}
        }
        if let AttributeKind::Nested(_, object) = &attribute.kind {
            *value = each_object(value, |_, it| with_defaults(object, it));
        }
    }
    Kind::Object(filled.into()).into()
}

/// A value in which no collection of blocks is null: as Terraform has them, where there is none
/// the collection is empty.
#[must_use]
pub fn with_blocks(object: &Object, value: Value) -> Value {
    let Kind::Object(attributes) = value.kind() else { return value };
    // Blocks stand in blocks alone, so that most declarations need no second look.
    if !object.attributes.iter().any(|it| it.block) {
        return value;
    }
    let mut filled = attributes.to_map();
    for attribute in object.attributes.iter().filter(|it| it.block) {
        let Some(value) = filled.get_mut(attribute.name.as_ref()) else { continue };
        if value.is_null() {
            *value = attribute.absent();
        } else if let AttributeKind::Nested(_, object) = &attribute.kind {
            *value = each_object(value, |_, it| with_blocks(object, it.clone()));
        }
    }
    Kind::Object(filled.into()).into()
}
