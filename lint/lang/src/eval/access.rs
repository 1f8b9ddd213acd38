//! Parts of values: attributes and indexes.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value, convert};

use super::Evaluation;
use crate::Span;
use crate::why::Why;

const INVALID_INDEX: &str = "Invalid index";
const UNSUPPORTED: &str = "Unsupported attribute";

impl<'w> Evaluation<'w> {
    /// `value.name`.
    pub(super) fn attribute_of(&self, value: Value, name: &str, span: Span) -> Value {
        let marks = value.marks();
        match value.kind() {
            Kind::Null(_) => {
                let detail = "This value is null, so it does not have any attributes.";
                return self.refused(span, "Attempt to get attribute from null value", detail);
            }
            Kind::Object(of) => {
                if let Some(it) = of.get(name) {
                    return it.clone().mark(marks);
                }
            }
            Kind::Map(_, of) => {
                return match of.get(name) {
                    Some(it) => it.clone().mark(marks),
                    None => self.refused(
                        span,
                        "Missing map element",
                        format!("This map does not have an element with the key {name:?}."),
                    ),
                };
            }
            Kind::Unknown(unknown) => {
                let ty = match &unknown.ty {
                    Type::Dynamic => {
                        return self.part_of_any(&value, name).mark(marks);
                    }
                    Type::Map(element) => Some((**element).clone()),
                    Type::Object(of) => of.get(name).map(|it| it.ty.clone()),
                    _ => None,
                };
                if let Some(ty) = ty {
                    return self.part(ty, &value, &[".", name].concat()).mark(marks);
                }
            }
            _ => {}
        }
        let detail = match value.ty() {
            Type::Object(_) => format!("This object does not have an attribute named {name:?}."),
            Type::List(element) if matches!(*element, Type::Object(_)) => {
                "Can't access attributes on a list of objects. Did you mean to access an attribute \
                 for a specific element of the list, or across all elements of the list?"
                    .to_owned()
            }
            Type::Set(element) if matches!(*element, Type::Object(_)) => {
                "Can't access attributes on a set of objects. Did you mean to access an attribute \
                 across all elements of the set?"
                    .to_owned()
            }
            _ => "This value does not have any attributes.".to_owned(),
        };
        self.refused(span, UNSUPPORTED, detail)
    }

    /// `value[key]`.
    pub(super) fn index_of(&self, value: Value, key: &Value, span: Span) -> Value {
        let marks = value.marks() | key.marks();
        if value.is_null() {
            let detail = "This value is null, so it does not have any indices.";
            return self.refused(span, "Attempt to index null value", detail);
        }
        if key.is_null() {
            let detail = "Can't use a null value as an indexing key.";
            return self.refused(span, INVALID_INDEX, detail);
        }
        if value.is_untyped() {
            return self.indexed_any(&value, key).mark(marks);
        }
        if key.is_untyped() {
            return self.because(Type::Dynamic, key).mark(marks);
        }
        let (wanted, element) = match indexes(&value) {
            Indexes::Numbers(element) => (Type::Number, element),
            Indexes::Names(element) => (Type::String, element),
            Indexes::Nothing if matches!(value.ty(), Type::Set(_)) => {
                let detail = "Elements of a set are identified only by their value and don't have \
                     any separate index or key to select with, so it's only possible to perform \
                     operations across all elements of the set.";
                return self.refused(span, INVALID_INDEX, detail);
            }
            Indexes::Nothing => {
                let detail = "This value does not have any indices.";
                return self.refused(span, INVALID_INDEX, detail);
            }
        };
        let key = match convert(key, &wanted) {
            Ok(it) => it,
            Err(problem) => {
                let detail = format!(
                    "The given key does not identify an element in this collection value: {}.",
                    problem.message
                );
                return self.refused(span, INVALID_INDEX, detail);
            }
        };
        if !key.is_known() {
            return match value.is_known() {
                true => self.because(element, &key),
                false => self.part(element, &value, "[…]"),
            }
            .mark(marks);
        }
        let is_secret = !key.marks().is_empty();
        match self.indexed(&value, &key) {
            Indexed::Value(it) => it.mark(marks),
            Indexed::Unknown(ty) => self.part(ty, &value, &written_index(&key)).mark(marks),
            Indexed::None => {
                let detail = if is_secret {
                    "The given key does not identify an element in this collection value."
                        .to_owned()
                } else {
                    missing(&value, &key)
                };
                self.refused(span, INVALID_INDEX, detail)
            }
        }
    }

    fn indexed(&self, value: &Value, key: &Value) -> Indexed {
        let at = || {
            let number = key.as_number()?;
            usize::try_from(number.to_i64()?).ok()
        };
        match value.kind() {
            Kind::List(_, it) | Kind::Tuple(it) => at()
                .and_then(|at| it.get(at))
                .map_or(Indexed::None, |it| Indexed::Value(it.clone())),
            Kind::Map(_, it) | Kind::Object(it) => key
                .as_str()
                .and_then(|key| it.get(key))
                .map_or(Indexed::None, |it| Indexed::Value(it.clone())),
            Kind::Unknown(unknown) => match &unknown.ty {
                // The number of elements of a tuple and the names of an object are known by the type.
                Type::Tuple(of) => at()
                    .and_then(|at| of.get(at))
                    .map_or(Indexed::None, |ty| Indexed::Unknown(ty.clone())),
                Type::Object(_) => Indexed::Unknown(Type::Dynamic),
                Type::List(element) | Type::Map(element) => Indexed::Unknown((**element).clone()),
                _ => Indexed::None,
            },
            _ => Indexed::None,
        }
    }

    /// An attribute of a value of which nothing is known, but perhaps that it is a resource.
    fn part_of_any(&self, value: &Value, name: &str) -> Value {
        if let Some(Why::Resource(address)) = self.why(value) {
            if let Some(known) = self.resource_attribute(&address, name) {
                return known;
            }
            return self
                .unknown(Type::Dynamic, Why::Resource([&*address, ".", name].concat().into()));
        }
        let structure = self.structure(value);
        let inside = structure.as_ref().and_then(|it| it.get(name));
        self.part_inside(inside, value, &[".", name].concat())
    }

    /// A part of which more is known than Terraform knows: it is unknown, but stands for the same.
    fn part_inside(&self, inside: Option<&Value>, of: &Value, written: &str) -> Value {
        match inside.map(|it| (self.why(it), it)) {
            Some((Some(why), _)) => self.unknown(Type::Dynamic, why),
            // A text is a text of one piece.
            Some((None, it)) if it.as_str().is_some() => {
                self.unknown(Type::Dynamic, Why::Join([it.clone()].into()))
            }
            _ => self.part(Type::Dynamic, of, written),
        }
    }

    fn indexed_any(&self, value: &Value, key: &Value) -> Value {
        let written = written_index(key);
        if let Some(Why::Resource(address)) = self.why(value) {
            return self.resource_instance_of(&address, &written);
        }
        if let Some(Why::Each(of)) = self.why(value) {
            return self.part_inside(Some(&of.1), value, &written);
        }
        let structure = self.structure(value);
        let inside = structure.as_ref().and_then(|it| match (it.kind(), key.kind()) {
            (Kind::List(_, it) | Kind::Tuple(it), Kind::Number(at)) => {
                it.get(usize::try_from(at.to_u64()?).ok()?)
            }
            (_, Kind::String(name)) => it.get(name),
            _ => None,
        });
        self.part_inside(inside, value, &written)
    }

    /// A part of an unknown value: as unknown, and it stands for that part.
    pub(super) fn part(&self, ty: Type, of: &Value, written: &str) -> Value {
        match self.why(of) {
            Some(Why::Resource(it)) => {
                self.unknown(ty, Why::Resource([&*it, written].concat().into()))
            }
            Some(Why::NotEvaluated(why)) => self.unknown(ty, Why::NotEvaluated(why)),
            Some(Why::Refused(why)) => self.unknown(ty, Why::Refused(why)),
            _ => self.unknown(ty, Why::Part(Arc::new((of.clone(), written.to_owned())))),
        }
    }
}

/// What a value's elements are found by, and their type if they have one in common.
enum Indexes {
    Numbers(Type),
    Names(Type),
    Nothing,
}

fn indexes(value: &Value) -> Indexes {
    match value.kind() {
        Kind::List(it, _) => Indexes::Numbers(it.clone()),
        Kind::Map(it, _) => Indexes::Names(it.clone()),
        Kind::Tuple(_) => Indexes::Numbers(Type::Dynamic),
        Kind::Object(_) => Indexes::Names(Type::Dynamic),
        Kind::Unknown(unknown) => match &unknown.ty {
            Type::List(it) => Indexes::Numbers((**it).clone()),
            Type::Map(it) => Indexes::Names((**it).clone()),
            Type::Tuple(_) => Indexes::Numbers(Type::Dynamic),
            Type::Object(_) => Indexes::Names(Type::Dynamic),
            _ => Indexes::Nothing,
        },
        _ => Indexes::Nothing,
    }
}

/// What an index finds.
enum Indexed {
    Value(Value),
    Unknown(Type),
    None,
}

/// How an index is written.
fn written_index(key: &Value) -> String {
    match key.kind() {
        Kind::Number(it) if key.marks().is_empty() => format!("[{it}]"),
        Kind::String(it) if key.marks().is_empty() => format!("[{it:?}]"),
        _ => "[…]".to_owned(),
    }
}

/// Why an index finds nothing.
fn missing(value: &Value, key: &Value) -> String {
    const BEGINNING: &str = "The given key does not identify an element in this collection value";
    let Some(number) = key.as_number() else {
        return format!("{BEGINNING}.");
    };
    let length = value.parts().count();
    if number.is_negative() {
        format!("{BEGINNING}: a negative number is not a valid index for a sequence.")
    } else if !number.is_integer() {
        format!(
            "{BEGINNING}: indexing a sequence requires a whole number, but the given index ({number}) has a fractional part."
        )
    } else if length == 0 {
        format!("{BEGINNING}: the collection has no elements.")
    } else {
        format!(
            "{BEGINNING}: the given index is greater than or equal to the length of the collection."
        )
    }
}
