//! Between our values, schemas and problems and the messages of the wire.

use stanchion_cty::schema::{Attribute, AttributeKind, Nesting, Object, Presence};
use stanchion_cty::{Path, Problem, Problems, Severity, Step, Type, Value, json, msgpack};
use stanchion_tfplugin::tfplugin6 as tf;

use crate::function;

/// Whose declaration it is, where the wire makes a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The provider's settings: nothing in them is computed, so their defaults are ours alone.
    Settings,
    /// Anything that has a state or a result.
    Resource,
}

/// A declaration as Terraform wants it.
pub(crate) fn schema(owner: Owner, version: i64, object: &Object) -> tf::Schema {
    let block = tf::schema::Block { version, ..block(owner, object) };
    tf::Schema { version, block: Some(block) }
}

fn block(owner: Owner, object: &Object) -> tf::schema::Block {
    tf::schema::Block {
        attributes: attributes(owner, object),
        block_types: object.attributes.iter().filter_map(|it| nested_block(owner, it)).collect(),
        description: object.docs.to_string(),
        description_kind: tf::StringKind::Markdown.into(),
        ..Default::default()
    }
}

/// A nested block's declaration; `None` for an attribute's.
fn nested_block(owner: Owner, it: &Attribute) -> Option<tf::schema::NestedBlock> {
    use tf::schema::nested_block::NestingMode;
    let AttributeKind::Nested(nesting, object) = &it.kind else { return None };
    let mut block = block(owner, object);
    if !it.docs.is_empty() {
        block.description = it.docs.to_string();
    }
    block.deprecated = it.deprecated.is_some();
    block.deprecation_message = it.deprecated.as_deref().unwrap_or_default().to_owned();
    let least = i64::from(it.presence == Presence::Required);
    let (nesting, most) = match nesting {
        // Terraform wants both bounds to be the same here, and reads a bound of 0 as none.
        Nesting::Single => (NestingMode::Single, least),
        Nesting::List => (NestingMode::List, 0),
        Nesting::Set => (NestingMode::Set, 0),
        Nesting::Map => (NestingMode::Map, 0),
    };
    it.block.then(|| tf::schema::NestedBlock {
        type_name: it.name.to_string(),
        block: Some(block),
        nesting: nesting.into(),
        min_items: least,
        max_items: most,
    })
}

fn attributes(owner: Owner, object: &Object) -> Vec<tf::schema::Attribute> {
    let attributes = object.attributes.iter().filter(|it| !it.block);
    attributes.map(|it| attribute(owner, it)).collect()
}

fn attribute(owner: Owner, it: &Attribute) -> tf::schema::Attribute {
    let (ty, nested_type) = match &it.kind {
        AttributeKind::Plain(ty) => (json::type_to_json(ty).into(), None),
        AttributeKind::Nested(nesting, object) => {
            let nesting = match nesting {
                Nesting::Single => tf::schema::object::NestingMode::Single,
                Nesting::List => tf::schema::object::NestingMode::List,
                Nesting::Set => tf::schema::object::NestingMode::Set,
                Nesting::Map => tf::schema::object::NestingMode::Map,
            };
            let object = tf::schema::Object {
                attributes: attributes(owner, object),
                nesting: nesting.into(),
                ..Default::default()
            };
            (Default::default(), Some(object))
        }
    };
    tf::schema::Attribute {
        name: it.name.to_string(),
        r#type: ty,
        nested_type,
        description: it.docs.to_string(),
        description_kind: tf::StringKind::Markdown.into(),
        required: it.presence == Presence::Required,
        optional: matches!(it.presence, Presence::Optional | Presence::OptionalComputed),
        computed: it.is_computed() && owner == Owner::Resource,
        sensitive: it.sensitive,
        write_only: it.write_only,
        deprecated: it.deprecated.is_some(),
        deprecation_message: it.deprecated.as_deref().unwrap_or_default().to_owned(),
    }
}

/// A function's signature as Terraform wants it.
pub(crate) fn signature(function: &dyn function::Erased) -> tf::Function {
    let object = function.object();
    let parameter = |it: &Attribute| tf::function::Parameter {
        name: it.name.to_string(),
        r#type: json::type_to_json(&function::argument_type(it)).into(),
        allow_null_value: it.takes_null,
        allow_unknown_values: it.takes_unknown,
        description: it.docs.to_string(),
        description_kind: tf::StringKind::Markdown.into(),
    };
    let (variadic, fixed): (Vec<_>, Vec<_>) = object.attributes.iter().partition(|it| it.variadic);
    tf::Function {
        parameters: fixed.into_iter().map(parameter).collect(),
        variadic_parameter: variadic.into_iter().map(parameter).next(),
        r#return: Some(tf::function::Return {
            r#type: json::type_to_json(&function.output()).into(),
        }),
        summary: object.docs.lines().next().unwrap_or_default().to_owned(),
        description: object.docs.to_string(),
        description_kind: tf::StringKind::Markdown.into(),
        ..Default::default()
    }
}

/// Reads a value of that type; nothing sent is null.
pub(crate) fn decode(value: Option<&tf::DynamicValue>, ty: &Type) -> Result<Value, Problem> {
    match value {
        Some(it) if !it.msgpack.is_empty() => msgpack::decode(&it.msgpack, ty),
        Some(it) if !it.json.is_empty() => match std::str::from_utf8(&it.json) {
            Ok(text) => json::decode(text, ty),
            Err(_) => Err(Problem::error(Path::root(), "is not UTF-8")),
        },
        _ => Ok(Value::null(ty.clone())),
    }
}

/// Writes a value of that type.
pub(crate) fn encode(value: &Value, ty: &Type) -> Result<tf::DynamicValue, Problem> {
    let msgpack = msgpack::encode(value, ty)?.into();
    Ok(tf::DynamicValue { msgpack, ..Default::default() })
}

/// Writes a state of that type. One that can't be written must not take with it what exists: another
/// stands in for it, and if that can't be written either, null; the problem tells.
pub(crate) fn encode_or(
    state: &Value,
    instead: &Value,
    ty: &Type,
) -> (tf::DynamicValue, Option<Problem>) {
    let refused = match encode(state, ty) {
        Ok(state) => return (state, None),
        Err(refused) => refused.cure("please report this to the provider's developers"),
    };
    (encode(instead, ty).unwrap_or_default(), Some(refused))
}

/// Problems as Terraform shows them. `subject` stands where a problem names no attribute.
pub(crate) fn diagnostics(subject: &str, problems: Problems) -> Vec<tf::Diagnostic> {
    problems.into_iter().map(|it| diagnostic(subject, it)).collect()
}

pub(crate) fn diagnostic(subject: &str, problem: Problem) -> tf::Diagnostic {
    let severity = match problem.severity {
        Severity::Warning => tf::diagnostic::Severity::Warning,
        Severity::Error => tf::diagnostic::Severity::Error,
    };
    let summary = if problem.path.is_empty() {
        format!("{subject} {}", problem.message)
    } else {
        format!("{} {}", problem.path, problem.message)
    };
    tf::Diagnostic {
        severity: severity.into(),
        summary,
        detail: problem.cure.as_deref().map(sentence).unwrap_or_default(),
        attribute: attribute_path(&problem.path),
    }
}

/// A problem of a declaration as Terraform shows it: there is no configuration yet to point into.
pub(crate) fn misdeclared(subject: &str, problem: Problem) -> tf::Diagnostic {
    let message = format!("{} {}", problem.path, problem.message);
    let cure = "please report this to the provider's developers";
    diagnostic(&format!("{subject}:"), Problem::error(Path::root(), message).cure(cure))
}

/// A path as Terraform knows it. It has no step into a set, so a path ends there.
pub(crate) fn attribute_path(path: &Path) -> Option<tf::AttributePath> {
    use tf::attribute_path::step::Selector;
    let steps: Vec<_> = path
        .steps()
        .iter()
        .map_while(|step| {
            Some(match step {
                Step::Attribute(name) => Selector::AttributeName(name.to_string()),
                Step::Key(key) => Selector::ElementKeyString(key.to_string()),
                Step::Index(i) => Selector::ElementKeyInt(i64::try_from(*i).ok()?),
                Step::Element(_) => return None,
            })
        })
        .map(|it| tf::attribute_path::Step { selector: Some(it) })
        .collect();
    (!steps.is_empty()).then_some(tf::AttributePath { steps })
}

/// A clause as a sentence; a question has its mark already.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    let end = if clause.ends_with('?') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_attribute_and_the_cure_is_a_sentence() {
        let problem = Problem::error(Path::root().attribute("jobs").key("a"), "has no run")
            .cure("say what it runs");
        let shown = diagnostic("stanchion_pipeline", problem);
        assert_eq!(shown.summary, "jobs[\"a\"] has no run");
        assert_eq!(shown.detail, "Say what it runs.");
        assert_eq!(shown.attribute.map(|it| it.steps.len()), Some(2));
        assert_eq!(sentence("did you mean \"app\"?"), "Did you mean \"app\"?");
    }

    #[test]
    fn a_path_ends_at_a_set() {
        let path = Path::root().attribute("tags").then(Step::Element(Box::new("a".into())));
        let path = attribute_path(&path.attribute("name"));
        assert_eq!(path.map(|it| it.steps.len()), Some(1));
    }

    #[test]
    fn a_state_that_can_not_be_written_does_not_take_the_object_with_it() {
        let ty = Type::object([("any", Type::list(Type::Dynamic))]);
        let of =
            |elements: [Value; 2]| Value::object([("any", Value::list(Type::Dynamic, elements))]);
        let (bad, planned) = (of([true.into(), "a".into()]), of(["a".into(), "b".into()]));
        let (state, refused) = encode_or(&bad, &planned, &ty);
        assert_eq!(Some(state), encode(&planned, &ty).ok());
        assert!(refused.is_some_and(|it| it.path.to_string().starts_with("any")));
        assert_eq!(encode_or(&planned, &bad, &ty).1, None);
    }

    #[test]
    fn settings_are_not_computed_on_the_wire() {
        let mut root = Attribute::new("root", AttributeKind::Plain(Type::String));
        root.presence = Presence::Optional;
        root.default = Some(".".into());
        assert!(attribute(Owner::Resource, &root).computed);
        assert!(!attribute(Owner::Settings, &root).computed);
    }
}
