//! Whether a declaration is one that Terraform takes.

use crate::{Path, Problem, Problems, Type};

use super::{Attribute, AttributeKind, Nesting, Object, Presence};

/// What is wrong with a declaration beyond what the derive can see, each with the path of the
/// attribute: Terraform would refuse the whole provider for it, or ask for what can't be answered.
#[must_use]
pub fn misdeclared(object: &Object) -> Problems {
    let mut problems = Problems::new();
    let around =
        Around { object: false, attribute: false, computed: false, set: false, many: false };
    judge_object(object, around, &Path::root(), &mut problems);
    problems
}

/// What an object stands in.
#[derive(Clone, Copy)]
struct Around {
    /// Another object.
    object: bool,
    /// A nested attribute.
    attribute: bool,
    /// An attribute that is computed.
    computed: bool,
    /// A set.
    set: bool,
    /// A collection of blocks.
    many: bool,
}

fn judge_object(object: &Object, around: Around, path: &Path, problems: &mut Problems) {
    for attribute in &object.attributes {
        let path = path.attribute(attribute.name.as_ref());
        for (is_wrong, message) in faults(attribute, around) {
            if is_wrong {
                problems.push(Problem::error(path.clone(), message));
            }
        }
        if let AttributeKind::Nested(nesting, inner) = &attribute.kind {
            let around = Around {
                object: true,
                attribute: around.attribute || !attribute.block,
                computed: around.computed || attribute.is_computed(),
                set: around.set || *nesting == Nesting::Set,
                many: around.many || (attribute.block && *nesting != Nesting::Single),
            };
            judge_object(inner, around, &path, problems);
        }
    }
}

fn faults(attribute: &Attribute, around: Around) -> Vec<(bool, &'static str)> {
    let (nesting, is_open) = match &attribute.kind {
        AttributeKind::Nested(nesting, _) => (Some(*nesting), false),
        AttributeKind::Plain(ty) => (None, ty.has_dynamic()),
    };
    let is_block = attribute.block;
    vec![
        (
            is_block && nesting.is_none(),
            "is declared as a block, and is no object, nor a collection of objects",
        ),
        (
            is_block && around.attribute,
            "is declared as a block within an attribute; blocks stand in blocks alone",
        ),
        (
            is_block && nesting == Some(Nesting::Map) && attribute.presence == Presence::Required,
            "is declared as required blocks by name, which Terraform can't require",
        ),
        (
            around.many && is_open,
            "is declared as a value of any type within several blocks, which must have one type",
        ),
        (
            attribute.identity && around.object,
            "is declared as part of the identity within another object; an identity is flat",
        ),
        (
            attribute.identity && !may_identify(&attribute.kind),
            "is declared as part of the identity, and is no string, number or bool, nor a list of one of them",
        ),
        (
            attribute.write_only && (around.set || nesting == Some(Nesting::Set)),
            "is declared as write-only within a set, whose elements nothing tells apart then",
        ),
        (
            attribute.write_only && around.computed,
            "is declared as write-only within what is computed, which no configuration gives",
        ),
    ]
}

/// Whether Terraform takes it in an identity.
fn may_identify(kind: &AttributeKind) -> bool {
    let is_primitive = |ty: &Type| matches!(ty, Type::Bool | Type::Number | Type::String);
    match kind {
        AttributeKind::Plain(Type::List(it)) => is_primitive(it),
        AttributeKind::Plain(ty) => is_primitive(ty),
        AttributeKind::Nested(..) => false,
    }
}
