//! What Terraform asserts of a provider's plans and states, written from what its core checks
//! (`internal/plans/objchange`: `AssertPlanValid` and `AssertObjectCompatible`). Stricter in one
//! thing: what is unknown in the configuration must be unknown in the plan.

use stanchion_cty::{Kind, conforms};

use super::*;

/// What Terraform would refuse in the plan of an object.
pub(super) fn invalid(
    object: &Object,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<Path> {
    let mut found = Vec::new();
    judge_object(object, prior, config, planned, &Path::root(), &mut found);
    found
}

fn judge_object(
    object: &Object,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    if !matches!(config.kind(), Kind::Object(_)) {
        // An element of a list or a map that is null or unknown.
        if planned != config {
            found.push(path.clone());
        }
        return;
    }
    for attribute in &object.attributes {
        let name = attribute.name.as_ref();
        let null = Value::null(attribute.kind.ty());
        let part = |it: &Value| it.get(name).cloned().unwrap_or_else(|| null.clone());
        let path = path.attribute(name);
        if attribute.block {
            judge_blocks(attribute, &part(prior), &part(config), &part(planned), &path, found);
            continue;
        }
        judge(attribute, &part(prior), &part(config), &part(planned), &path, found);
    }
}

fn judge(
    attribute: &Attribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    let is_kept = planned == prior && !prior.is_null() && !config.is_null() && config.is_known();
    let may_invent =
        attribute.presence == Presence::Computed || (config.is_null() && attribute.is_computed());
    if attribute.write_only {
        if !planned.is_null() {
            found.push(path.clone());
        }
    } else if !(planned == config || is_kept || may_invent) {
        match &attribute.kind {
            AttributeKind::Nested(nesting, object)
                if [config, planned].iter().all(|it| !it.is_null() && it.is_known()) =>
            {
                judge_nested(*nesting, object, prior, config, planned, path, found);
            }
            _ => found.push(path.clone()),
        }
    }
}

/// Blocks: never null where they may be many, unknown only where the configuration is, and as many
/// as it has. In a set each is judged without what was there before.
fn judge_blocks(
    attribute: &Attribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    let AttributeKind::Nested(nesting, object) = &attribute.kind else { return };
    let is_valid = |config: &Value, planned: &Value| {
        let mut found = Vec::new();
        let null = Value::null(object.ty());
        judge_object(object, &null, config, planned, &Path::root(), &mut found);
        found.is_empty()
    };
    match (config.kind(), planned.kind()) {
        _ if planned == config => {}
        (Kind::Set(_, config), Kind::Set(_, planned)) if config.len() == planned.len() => {
            let has_partner = planned.iter().all(|it| config.iter().any(|of| is_valid(of, it)))
                && config.iter().all(|of| planned.iter().any(|it| is_valid(of, it)));
            if !has_partner {
                found.push(path.clone());
            }
        }
        _ if planned.is_known() && !planned.is_null() && config.is_known() && !config.is_null() => {
            judge_nested(*nesting, object, prior, config, planned, path, found);
        }
        _ => found.push(path.clone()),
    }
}

fn judge_nested(
    nesting: Nesting,
    object: &Object,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    let null = Value::null(object.ty());
    let counts_agree = config.parts().count() == planned.parts().count();
    match (nesting, config.kind(), planned.kind()) {
        (Nesting::Single, ..) => judge_object(object, prior, config, planned, path, found),
        (_, Kind::List(_, config), Kind::List(_, planned)) if counts_agree => {
            for (i, (config, planned)) in config.iter().zip(planned.iter()).enumerate() {
                let prior = prior.parts().nth(i).unwrap_or(&null);
                judge_object(object, prior, config, planned, &path.index(i), found);
            }
        }
        (_, Kind::Map(_, config), Kind::Map(_, planned)) if config.keys().eq(planned.keys()) => {
            for ((key, config), planned) in config.iter().zip(planned.values()) {
                let prior = prior.get(key).unwrap_or(&null);
                judge_object(object, prior, config, planned, &path.key(&**key), found);
            }
        }
        (_, Kind::Set(..), Kind::Set(..)) if counts_agree => {}
        _ => found.push(path.clone()),
    }
}

/// Whether a value is one that the planned one may turn into: what was known is as it was.
pub(super) fn is_completion(planned: &Value, actual: &Value) -> bool {
    let row = |planned: &[Value], actual: &[Value]| {
        planned.len() == actual.len()
            && planned.iter().zip(actual).all(|(planned, actual)| is_completion(planned, actual))
    };
    match (planned.kind(), actual.kind()) {
        (Kind::Unknown(it), _) => conforms(actual, &it.ty),
        (Kind::Null(Type::Dynamic), _) => true,
        (Kind::List(_, planned), Kind::List(_, actual))
        | (Kind::Tuple(planned), Kind::Tuple(actual)) => row(planned, actual),
        (Kind::Map(_, planned), Kind::Map(_, actual))
        | (Kind::Object(planned), Kind::Object(actual)) => {
            planned.keys().eq(actual.keys())
                && planned.values().zip(actual.values()).all(|(a, b)| is_completion(a, b))
        }
        (Kind::Set(_, planned), Kind::Set(_, actual)) => {
            planned.len() >= actual.len()
                && planned.iter().all(|it| actual.iter().any(|other| is_completion(it, other)))
                && actual.iter().all(|it| planned.iter().any(|other| is_completion(other, it)))
        }
        _ => planned == actual,
    }
}
