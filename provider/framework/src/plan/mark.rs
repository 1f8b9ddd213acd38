//! Which computed values a change makes unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stanchion_cty::schema::{Attribute, AttributeKind, Follows, Nesting, Object};
use stanchion_cty::{Kind, Value};

use super::partners::{Newer, Partners, given};
use super::propose::propose;

/// Marks, in a proposed state, what only the change will show: nothing if it is the prior state.
pub(super) fn mark(
    object: &Object,
    config: &Value,
    prior: Option<&Value>,
    proposed: Value,
) -> Value {
    let prior = prior.filter(|it| !it.is_null());
    if prior == Some(&proposed) {
        return proposed;
    }
    let Kind::Object(attributes) = proposed.kind() else { return proposed };
    let mut planned = attributes.to_map();
    for attribute in object.attributes.iter().filter(|it| !it.write_only) {
        let name = attribute.name.as_ref();
        let prior = prior.and_then(|it| it.get(name)).filter(|it| !it.is_null());
        let given = given(attribute, config.get(name)).filter(|it| it.is_known());
        if let (AttributeKind::Nested(nesting, object), Some(given), Some(now)) =
            (&attribute.kind, given, planned.get_mut(name))
            && Some(&*now) != prior
        {
            *now = mark_nested(*nesting, object, given, prior, now.clone());
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
    Kind::Object(planned.into()).into()
}

/// The names of those computed values that become unknown, in dependency's order: a value that
/// follows one that becomes unknown does so too.
fn changing(
    object: &Object,
    left: &[&Attribute],
    prior: Option<&Value>,
    planned: &BTreeMap<Arc<str>, Value>,
) -> BTreeSet<String> {
    let before = |name: &str| prior.and_then(|it| it.get(name));
    let differs = |name: &str| before(name).is_none() || before(name) != planned.get(name);
    let mut changing: BTreeSet<String> = BTreeSet::new();
    loop {
        let changes = |it: &Attribute| match &it.follows {
            Follows::Names(names) => names.iter().any(|name| {
                changing.contains(name.as_ref())
                    || (object.attribute(name).is_some() && differs(name))
            }),
            // What can't change without a new object stays in this one.
            Follows::Anything | Follows::Nothing if it.replace => false,
            Follows::Anything => true,
            Follows::Nothing => before(&it.name).is_none_or(Value::is_null),
        };
        let more: Vec<String> = left
            .iter()
            .filter(|it| !changing.contains(it.name.as_ref()))
            .filter(|it| prior.is_none() || changes(it))
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
    attribute.is_computed() && !attribute.write_only && given(attribute, config).is_none()
}

fn mark_nested(
    nesting: Nesting,
    object: &Object,
    config: &Value,
    prior: Option<&Value>,
    proposed: Value,
) -> Value {
    let partners = Partners::of(nesting, object, config, prior, Newer::Config);
    match (config.kind(), proposed.kind()) {
        (Kind::List(_, config), Kind::List(ty, now)) => {
            let both = config.iter().zip(now.iter()).enumerate();
            let marked =
                both.map(|(i, (config, now))| mark(object, config, partners.at(i), now.clone()));
            Value::list(ty.clone(), marked)
        }
        (Kind::Map(_, config), Kind::Map(ty, now)) => {
            let both = config.iter().zip(now.values()).enumerate();
            let marked = both.map(|(i, ((key, config), now))| {
                (key.clone(), mark(object, config, partners.at(i), now.clone()))
            });
            Value::map(ty.clone(), marked)
        }
        // A set's objects have no place by which the proposed one could be found again: each is
        // proposed anew.
        (Kind::Set(ty, config), Kind::Set(..)) => {
            let marked = config.iter().enumerate().map(|(i, config)| {
                let prior = partners.at(i);
                mark(object, config, prior, propose(object, config, prior))
            });
            Value::set(ty.clone(), marked)
        }
        (Kind::Object(_), Kind::Object(_)) => mark(object, config, prior, proposed),
        _ => proposed,
    }
}
