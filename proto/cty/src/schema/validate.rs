//! Whether a configuration fulfils what its declaration says.

use crate::{Kind, Path, Problem, Problems, Step, Value};

use super::{Attribute, AttributeKind, Object, Presence};

/// The problems of a configuration of that declaration, and warnings of what is deprecated. Parts
/// that are unknown are not judged.
#[must_use]
pub fn validate(object: &Object, config: &Value) -> Problems {
    let mut problems = Problems::new();
    validate_object(object, config, &Path::root(), &mut problems);
    problems
}

fn validate_object(object: &Object, value: &Value, path: &Path, problems: &mut Problems) {
    let Kind::Object(attributes) = value.kind() else { return };
    for attribute in &object.attributes {
        if let Some(value) = attributes.get(attribute.name.as_ref()) {
            let path = path.attribute(attribute.name.as_ref());
            validate_attribute(attribute, value, &path, problems);
        }
    }
    problems.extend(object.checks.iter().flat_map(|it| it(value, path)));
}

fn validate_attribute(attribute: &Attribute, value: &Value, path: &Path, problems: &mut Problems) {
    if value.is_null() {
        // Terraform itself sees to the outermost object only. Where the Rust type has no room for
        // null, reading it tells.
        let is_within = path.steps().len() > 1;
        if is_within && attribute.presence == Presence::Required && attribute.takes_null {
            problems.push(Problem::error(path.clone(), "must not be null"));
        }
        return;
    }
    if !value.is_known() {
        return;
    }
    let is_said = !attribute.block || *value != attribute.absent();
    // Terraform itself takes such a value, and plans it.
    if attribute.presence == Presence::Computed && is_said {
        let problem = Problem::error(path.clone(), "is the provider's to say");
        problems.push(problem.cure("leave it out"));
        return;
    }
    if let Some(instead) = attribute.deprecated.as_ref().filter(|_| is_said) {
        problems.push(Problem::warning(path.clone(), "is deprecated").cure(instead.as_ref()));
    }
    for check in &attribute.checks {
        if !check.holds(value) {
            problems.push(Problem::error(path.clone(), check.says()));
        }
    }
    let AttributeKind::Nested(_, object) = &attribute.kind else { return };
    match value.kind() {
        Kind::List(_, elements) => {
            for (i, it) in elements.iter().enumerate() {
                validate_object(object, it, &path.index(i), problems);
            }
        }
        Kind::Set(_, elements) => {
            for it in elements.iter() {
                let path = path.then(Step::Element(Box::new(it.clone())));
                validate_object(object, it, &path, problems);
            }
        }
        Kind::Map(_, elements) => {
            for (key, it) in elements.iter() {
                validate_object(object, it, &path.key(key.clone()), problems);
            }
        }
        _ => validate_object(object, value, path, problems),
    }
}
