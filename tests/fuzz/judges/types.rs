//! A type off the front of some bytes, so that types are mutated with what is read as them.

use std::sync::Arc;

use stanchion_cty::{ObjectType, Type};

/// The names of attributes. Some mean something to the JSON of a value of type `any`.
const NAMES: &[&str] = &["a", "value", "type", "é"];

/// Deeper types are cut off at a leaf.
const DEEPEST: usize = 5;

/// Any bytes begin with a type; gives it, and the bytes behind it. `None` ends are bools.
#[must_use]
pub fn split(bytes: &[u8]) -> (Type, &[u8]) {
    let mut rest = bytes;
    (read(&mut rest, 0), rest)
}

fn read(bytes: &mut &[u8], depth: usize) -> Type {
    let kind = usize::from(next(bytes));
    if depth == DEEPEST {
        return leaf(kind);
    }
    match kind % 10 {
        4 => Type::list(read(bytes, depth + 1)),
        5 => Type::set(read(bytes, depth + 1)),
        6 => Type::map(read(bytes, depth + 1)),
        7 => Type::tuple((0..next(bytes) % 4).map(|_| read(bytes, depth + 1))),
        8 | 9 => {
            let attributes = (0..next(bytes) % 4).map(|_| {
                let name = next(bytes);
                // An optional attribute makes a type that no value can have, which is rarely wanted.
                let optional = name >= 0xf0;
                (NAMES[usize::from(name) % NAMES.len()].into(), read(bytes, depth + 1), optional)
            });
            Type::Object(Arc::new(ObjectType::new(attributes)))
        }
        kind => leaf(kind),
    }
}

fn leaf(kind: usize) -> Type {
    [Type::Bool, Type::Number, Type::String, Type::Dynamic][kind % 4].clone()
}

fn next(bytes: &mut &[u8]) -> u8 {
    let Some((first, rest)) = bytes.split_first() else { return 0 };
    *bytes = rest;
    *first
}

/// Whether a type declares an optional attribute somewhere.
pub(crate) fn has_optional(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => false,
        Type::List(it) | Type::Set(it) | Type::Map(it) => has_optional(it),
        Type::Tuple(elements) => elements.iter().any(has_optional),
        Type::Object(object) => object.iter().any(|(_, it)| it.optional || has_optional(&it.ty)),
    }
}
