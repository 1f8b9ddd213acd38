//! Which computed values a change makes unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stanchion_cty::schema::{Attribute, AttributeKind, Follows, Nesting, Object};
use stanchion_cty::{Kind, Value};

use super::propose::Partners;

/// Marks, in a proposed state that differs from the prior one, what only the change will show.
pub(super) fn mark(
    object: &Object,
    config: &Value,
    prior: Option<&Value>,
    proposed: Value,
) -> Value {
    let Kind::Object(proposed) = proposed.into_kind() else { return config.clone() };
    let mut planned = BTreeMap::clone(&proposed);
    for attribute in &object.attributes {
        let name = attribute.name.as_ref();
        let prior = prior.and_then(|it| it.get(name));
        let Some(config) = config.get(name).filter(|it| !it.is_null() && it.is_known()) else {
            continue;
        };
        if let (AttributeKind::Nested(nesting, object), Some(now)) =
            (&attribute.kind, planned.get_mut(name))
            && !attribute.write_only
            && Some(&*now) != prior
        {
            *now = mark_nested(*nesting, object, config, prior, now.clone());
        }
    }
    let left: Vec<&Attribute> = object
        .attributes
        .iter()
        .filter(|it| is_left_to_provider(it, config.get(it.name.as_ref())))
        .collect();
    for name in changing(object, &left, prior, &planned) {
        if let Some(attribute) = object.attribute(&name) {
            planned.insert(Arc::from(name), Value::unknown(attribute.kind.ty()));
        }
    }
    Kind::Object(Arc::new(planned)).into()
}

/// The names of those computed values that become unknown, in dependency's order: a value that
/// follows one that becomes unknown does so too.
fn changing(
    object: &Object,
    left: &[&Attribute],
    prior: Option<&Value>,
    planned: &BTreeMap<Arc<str>, Value>,
) -> BTreeSet<String> {
    let differs = |name: &str| {
        let before = prior.and_then(|it| it.get(name));
        before.is_none() || before != planned.get(name)
    };
    let is_new = |name: &str| prior.and_then(|it| it.get(name)).is_none_or(Value::is_null);
    let mut changing: BTreeSet<String> = BTreeSet::new();
    loop {
        let more: Vec<String> = left
            .iter()
            .filter(|it| !changing.contains(it.name.as_ref()))
            .filter(|it| match &it.follows {
                Follows::Anything => true,
                Follows::Nothing => is_new(&it.name),
                Follows::Names(names) => {
                    prior.is_none()
                        || names.iter().any(|name| {
                            changing.contains(name.as_ref())
                                || (object.attribute(name).is_some() && differs(name))
                        })
                }
            })
            .map(|it| it.name.to_string())
            .collect();
        if more.is_empty() {
            return changing;
        }
        changing.extend(more);
    }
}

/// Whether the provider gives the value: computed, no default, and nothing configured.
fn is_left_to_provider(attribute: &Attribute, config: Option<&Value>) -> bool {
    attribute.is_computed() && attribute.default.is_none() && config.is_none_or(Value::is_null)
}

fn mark_nested(
    nesting: Nesting,
    object: &Object,
    config: &Value,
    prior: Option<&Value>,
    proposed: Value,
) -> Value {
    let partners = Partners::of(nesting, object, config, prior);
    match (config.kind(), proposed.kind()) {
        (Kind::List(_, config), Kind::List(ty, now)) => Value::list(
            ty.clone(),
            config
                .iter()
                .zip(now.iter())
                .enumerate()
                .map(|(i, (config, now))| mark(object, config, partners.at(i), now.clone())),
        ),
        (Kind::Map(_, config), Kind::Map(ty, now)) => Value::map(
            ty.clone(),
            config.iter().zip(now.iter()).enumerate().map(|(i, ((key, config), (_, now)))| {
                (key.clone(), mark(object, config, partners.at(i), now.clone()))
            }),
        ),
        // A set's objects have no place by which the proposed one could be found again: each is
        // proposed anew.
        (Kind::Set(ty, config), Kind::Set(..)) => Value::set(
            ty.clone(),
            config.iter().enumerate().map(|(i, config)| {
                let prior = partners.at(i);
                mark(object, config, prior, super::propose::propose(object, config, prior))
            }),
        ),
        (Kind::Object(_), Kind::Object(_)) => mark(object, config, prior, proposed),
        _ => proposed,
    }
}
