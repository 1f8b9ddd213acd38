//! The types of Terraform's language.

use std::fmt;
use std::sync::Arc;

use crate::entries::in_order;

/// A type of Terraform's language. Cheap to clone.
///
/// Two types are equal if they are the same type constraint: an object type with an optional
/// attribute differs from the same one without.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `any`: a type that is not known yet. Only null and unknown values have it.
    Dynamic,
    /// `list(T)`.
    List(Arc<Type>),
    /// `set(T)`.
    Set(Arc<Type>),
    /// `map(T)`, with string keys.
    Map(Arc<Type>),
    /// `tuple([T, …])`.
    Tuple(Arc<[Type]>),
    /// `object({name = T, …})`.
    Object(Arc<ObjectType>),
}

/// The attributes of an object type, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectType {
    attributes: Box<[(Arc<str>, ObjectAttribute)]>,
}

/// One attribute of an object type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectAttribute {
    /// The attribute's type.
    pub ty: Type,
    /// Whether a value may leave it out when it is converted to this type; it is null then.
    pub optional: bool,
}

impl Type {
    /// `list(element)`.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`.
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`.
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([elements…])`.
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// `object({…})` without optional attributes.
    #[must_use]
    pub fn object<N: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(Arc::new(ObjectType::new(
            attributes.into_iter().map(|(name, ty)| (name.into(), ty, false)),
        )))
    }

    /// Whether this is `bool`, `number` or `string`.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether this is a list, a set or a map.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        matches!(self, Self::List(_) | Self::Set(_) | Self::Map(_))
    }

    /// The element type of a list, a set or a map.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(it) | Self::Set(it) | Self::Map(it) => Some(it),
            Self::Bool
            | Self::Number
            | Self::String
            | Self::Dynamic
            | Self::Tuple(_)
            | Self::Object(_) => None,
        }
    }

    /// Whether `any` stands anywhere in this type.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(it) | Self::Set(it) | Self::Map(it) => it.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
            Self::Object(object) => object.iter().any(|(_, it)| it.ty.has_dynamic()),
        }
    }

    /// The same type with every optional attribute made an ordinary one: the type that values
    /// have after a conversion to `self`.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        match self {
            Self::Bool | Self::Number | Self::String | Self::Dynamic => self.clone(),
            Self::List(it) => Self::list(it.without_optional()),
            Self::Set(it) => Self::set(it.without_optional()),
            Self::Map(it) => Self::map(it.without_optional()),
            Self::Tuple(elements) => Self::tuple(elements.iter().map(Self::without_optional)),
            Self::Object(object) => Self::Object(Arc::new(ObjectType::new(
                object.iter().map(|(name, it)| (name.clone(), it.ty.without_optional(), false)),
            ))),
        }
    }

    /// The type in the words of Terraform's own messages: `list of string`, `object`.
    #[must_use]
    pub fn friendly(&self) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::Dynamic => "any type".to_owned(),
            Self::List(it) => format!("list of {}", it.friendly()),
            Self::Set(it) => format!("set of {}", it.friendly()),
            Self::Map(it) => format!("map of {}", it.friendly()),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }
}

impl ObjectType {
    /// An object type of `(name, type, optional)`; of two attributes with one name the later holds.
    #[must_use]
    pub fn new(attributes: impl IntoIterator<Item = (Arc<str>, Type, bool)>) -> Self {
        let attributes = attributes.into_iter();
        let attributes =
            attributes.map(|(name, ty, optional)| (name, ObjectAttribute { ty, optional }));
        Self { attributes: in_order(attributes).into() }
    }

    /// The attributes in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &ObjectAttribute)> {
        self.attributes.iter().map(|(name, it)| (name, it))
    }

    /// The attribute of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ObjectAttribute> {
        Some(self.at(self.place(name)?)?.1)
    }

    /// Where in the order of the names an attribute is.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.attributes.binary_search_by(|(it, _)| (**it).cmp(name)).ok()
    }

    /// The attribute at a place in the order of the names.
    pub(crate) fn at(&self, place: usize) -> Option<(&Arc<str>, &ObjectAttribute)> {
        self.attributes.get(place).map(|(name, it)| (name, it))
    }

    /// The number of attributes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.attributes.len()
    }

    /// Whether the object has no attribute.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }
}

/// Writes the type as Terraform's type constraints are written.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Dynamic => f.write_str("any"),
            Self::List(it) => write!(f, "list({it})"),
            Self::Set(it) => write!(f, "set({it})"),
            Self::Map(it) => write!(f, "map({it})"),
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (i, it) in elements.iter().enumerate() {
                    write!(f, "{}{it}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(object) => {
                f.write_str("object({")?;
                for (i, (name, it)) in object.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    if it.optional {
                        write!(f, "{comma}{name} = optional({})", it.ty)?;
                    } else {
                        write!(f, "{comma}{name} = {}", it.ty)?;
                    }
                }
                f.write_str("})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_a_constraint() {
        let object = ObjectType::new([
            ("b".into(), Type::list(Type::Dynamic), true),
            ("a".into(), Type::tuple([Type::Bool, Type::Number]), false),
        ]);
        assert_eq!(
            Type::Object(Arc::new(object)).to_string(),
            "object({a = tuple([bool, number]), b = optional(list(any))})"
        );
    }

    #[test]
    fn optional_attributes_are_part_of_a_constraint_and_not_of_a_value() {
        let optional = Type::Object(Arc::new(ObjectType::new([("a".into(), Type::Bool, true)])));
        let plain = Type::object([("a", Type::Bool)]);
        assert_ne!(optional, plain);
        assert_eq!(Type::set(optional).without_optional(), Type::set(plain));
    }
}
