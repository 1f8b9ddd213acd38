//! The first guess: the configuration, and what the state says where the configuration is silent.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::schema::{Attribute, AttributeKind, Nesting, Object};
use stanchion_cty::{Kind, Value};

pub(super) fn propose(object: &Object, config: &Value, prior: Option<&Value>) -> Value {
    let Kind::Object(attributes) = config.kind() else { return config.clone() };
    let proposed = object.attributes.iter().map(|attribute| {
        let name = attribute.name.as_ref();
        let config = attributes.get(name).cloned();
        let config = config.unwrap_or_else(|| Value::null(attribute.kind.ty()));
        let prior = prior.and_then(|it| it.get(name));
        (Arc::from(name), propose_attribute(attribute, config, prior))
    });
    Kind::Object(Arc::new(proposed.collect::<BTreeMap<Arc<str>, Value>>())).into()
}

fn propose_attribute(attribute: &Attribute, config: Value, prior: Option<&Value>) -> Value {
    if attribute.write_only {
        return Value::null(attribute.kind.ty());
    }
    if config.is_null() {
        return match &attribute.default {
            Some(default) => default.clone(),
            None if attribute.is_computed() => prior.cloned().unwrap_or(config),
            None => config,
        };
    }
    if !config.is_known() {
        return config;
    }
    let prior = prior.filter(|it| !it.is_null() && it.is_known());
    if let (Some(prior), Some(same)) = (prior, attribute.same)
        && config.is_wholly_known()
        && prior.is_wholly_known()
        && same(prior, &config)
    {
        return prior.clone();
    }
    match &attribute.kind {
        AttributeKind::Plain(_) => config,
        AttributeKind::Nested(nesting, object) => propose_nested(*nesting, object, config, prior),
    }
}

fn propose_nested(
    nesting: Nesting,
    object: &Object,
    config: Value,
    prior: Option<&Value>,
) -> Value {
    let partners = Partners::of(nesting, object, &config, prior);
    match config.kind() {
        Kind::List(ty, elements) => Value::list(
            ty.clone(),
            elements.iter().enumerate().map(|(i, it)| propose(object, it, partners.at(i))),
        ),
        Kind::Set(ty, elements) => Value::set(
            ty.clone(),
            elements.iter().enumerate().map(|(i, it)| propose(object, it, partners.at(i))),
        ),
        Kind::Map(ty, elements) => Value::map(
            ty.clone(),
            elements
                .iter()
                .enumerate()
                .map(|(i, (key, it))| (key.clone(), propose(object, it, partners.at(i)))),
        ),
        _ => propose(object, &config, prior),
    }
}

/// For each object of a configured attribute the object of the state that it goes on from.
pub(super) struct Partners<'a>(Vec<Option<&'a Value>>);

impl<'a> Partners<'a> {
    /// Lists go by position and maps by key. Of a set's objects, one goes on from an object of the
    /// state that says the same in all that the configuration says.
    pub(super) fn of(
        nesting: Nesting,
        object: &Object,
        config: &Value,
        prior: Option<&'a Value>,
    ) -> Self {
        let prior = prior.map(Value::kind);
        Self(match (nesting, config.kind(), prior) {
            (Nesting::List, Kind::List(_, now), Some(Kind::List(_, before))) => {
                (0..now.len()).map(|i| before.get(i)).collect()
            }
            (Nesting::Map, Kind::Map(_, now), Some(Kind::Map(_, before))) => {
                now.keys().map(|key| before.get(key)).collect()
            }
            (Nesting::Set, Kind::Set(_, now), Some(Kind::Set(_, before))) => {
                let mut free: Vec<&Value> = before.iter().collect();
                now.iter()
                    .map(|now| {
                        let i = free.iter().position(|it| goes_on(object, now, it))?;
                        Some(free.swap_remove(i))
                    })
                    .collect()
            }
            _ => Vec::new(),
        })
    }

    /// The partner of the object at that position.
    pub(super) fn at(&self, i: usize) -> Option<&'a Value> {
        self.0.get(i).copied().flatten()
    }
}

/// Whether an object of the state says the same as one of the configuration: in each attribute,
/// but for those that the configuration leaves to the provider.
fn goes_on(object: &Object, config: &Value, prior: &Value) -> bool {
    object.attributes.iter().all(|attribute| {
        let name = attribute.name.as_ref();
        let (Some(config), Some(prior)) = (config.get(name), prior.get(name)) else { return false };
        if attribute.write_only || (config.is_null() && attribute.is_computed()) {
            return true;
        }
        match &attribute.kind {
            AttributeKind::Plain(_) => same_or_equal(attribute, config, prior),
            AttributeKind::Nested(nesting, inner) => nested_goes_on(*nesting, inner, config, prior),
        }
    })
}

fn nested_goes_on(nesting: Nesting, object: &Object, config: &Value, prior: &Value) -> bool {
    if config.is_null() || !config.is_known() || prior.is_null() {
        return config == prior;
    }
    match nesting {
        Nesting::Single => goes_on(object, config, prior),
        Nesting::List | Nesting::Set | Nesting::Map => {
            let partners = Partners::of(nesting, object, config, Some(prior));
            let count = config.parts().count();
            count == prior.parts().count()
                && config
                    .parts()
                    .enumerate()
                    .all(|(i, it)| partners.at(i).is_some_and(|prior| goes_on(object, it, prior)))
        }
    }
}

fn same_or_equal(attribute: &Attribute, config: &Value, prior: &Value) -> bool {
    let comparable = [config, prior].iter().all(|it| !it.is_null() && it.is_wholly_known());
    config == prior || (comparable && attribute.same.is_some_and(|same| same(prior, config)))
}
