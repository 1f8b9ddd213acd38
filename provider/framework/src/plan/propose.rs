//! The first guess: the configuration, and what the state says where the configuration is silent.

use std::sync::Arc;

use stanchion_cty::schema::{Attribute, AttributeKind, Nesting, Object};
use stanchion_cty::{Kind, Value};

use super::nested::each_object;
use super::partners::{Newer, Partners, given, is_same};

pub(super) fn propose(object: &Object, config: &Value, prior: Option<&Value>) -> Value {
    let Kind::Object(attributes) = config.kind() else { return config.clone() };
    let proposed = object.attributes.iter().map(|attribute| {
        let name = attribute.name.as_ref();
        let prior = prior.and_then(|it| it.get(name));
        (Arc::from(name), propose_attribute(attribute, attributes.get(name), prior))
    });
    Kind::Object(proposed.collect()).into()
}

fn propose_attribute(
    attribute: &Attribute,
    config: Option<&Value>,
    prior: Option<&Value>,
) -> Value {
    if attribute.write_only {
        return attribute.absent();
    }
    let Some(given) = given(attribute, config) else {
        let said = if attribute.is_computed() { prior } else { config };
        let said = said.filter(|it| !(attribute.block && it.is_null()));
        return said.cloned().unwrap_or_else(|| attribute.absent());
    };
    if !given.is_known() {
        return given.clone();
    }
    let prior = prior.filter(|it| !it.is_null());
    if let Some(prior) = prior.filter(|prior| is_same(attribute, prior, given)) {
        return prior.clone();
    }
    match &attribute.kind {
        AttributeKind::Plain(_) => given.clone(),
        AttributeKind::Nested(nesting, object) => propose_nested(*nesting, object, given, prior),
    }
}

fn propose_nested(
    nesting: Nesting,
    object: &Object,
    config: &Value,
    prior: Option<&Value>,
) -> Value {
    let partners = Partners::of(nesting, object, config, prior, Newer::Config);
    each_object(config, |i, it| propose(object, it, partners.at(i)))
}
