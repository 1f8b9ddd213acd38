//! The values of Terraform's language.

mod debug;

use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::set::in_order;
use crate::{Entries, Mark, Marks, Number, ObjectType, Refinement, Symbol, Type, Unknown};

/// A value of Terraform's language: what it holds, its marks and its origin. Cheap to clone.
///
/// Equality is Terraform's own notion of *the same value*: type, content, what is known of an
/// unknown, and marks; origins and symbols are left out.
#[derive(Clone)]
pub struct Value {
    kind: Kind,
    marks: Marks,
    origin: Origin,
}

/// What a value holds.
#[derive(Clone, PartialEq)]
pub enum Kind {
    /// `null` of a type.
    Null(Type),
    /// Not known yet.
    Unknown(Arc<Unknown>),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string in Unicode's normal form C.
    String(Arc<str>),
    /// A list: its element type, and its elements.
    List(Type, Arc<[Value]>),
    /// A set: its element type, and its elements in Terraform's order, each once.
    Set(Type, Arc<[Value]>),
    /// A map: its element type, and its elements in the order of their keys.
    Map(Type, Entries),
    /// A tuple.
    Tuple(Arc<[Value]>),
    /// An object, its attributes in the order of their names.
    Object(Entries),
}

/// An opaque number by which an evaluator finds where a value was written. Zero is nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin(pub u32);

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.marks == other.marks && self.kind == other.kind
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { kind, marks: Marks::NONE, origin: Origin::default() }
    }
}

/// How a value is made.
impl Value {
    /// `null` of that type.
    #[must_use]
    pub fn null(ty: Type) -> Self {
        Kind::Null(ty).into()
    }

    /// An unknown value of that type.
    #[must_use]
    pub fn unknown(ty: Type) -> Self {
        Kind::Unknown(Arc::new(Unknown::new(ty))).into()
    }

    /// An unknown value of which something is known.
    #[must_use]
    pub fn refined(ty: Type, refinement: Refinement) -> Self {
        let symbol = Symbol::default();
        Kind::Unknown(Arc::new(Unknown { ty, refinement, symbol })).into()
    }

    /// A number.
    #[must_use]
    pub fn number(number: impl Into<Number>) -> Self {
        Kind::Number(number.into()).into()
    }

    /// A string; it is brought into normal form C, as Terraform does.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Kind::String(normal_form(text.into())).into()
    }

    /// A list. The elements are of type `element`.
    #[must_use]
    pub fn list(element: Type, elements: impl IntoIterator<Item = Self>) -> Self {
        Kind::List(element, elements.into_iter().collect()).into()
    }

    /// A set: the elements are put in Terraform's order, and equal ones become one. Marks of an
    /// element go to the set as a whole.
    #[must_use]
    pub fn set(element: Type, elements: impl IntoIterator<Item = Self>) -> Self {
        let mut marks = Marks::NONE;
        let elements = elements.into_iter().map(|it| {
            let (it, inner) = it.unmark_deep();
            marks = marks | inner;
            it
        });
        let elements = in_order(elements.collect());
        Self::from(Kind::Set(element, elements.into())).mark(marks)
    }

    /// A map. The elements are of type `element`; keys are brought into normal form C.
    #[must_use]
    pub fn map<K: Into<Arc<str>>>(
        element: Type,
        elements: impl IntoIterator<Item = (K, Self)>,
    ) -> Self {
        let elements = elements.into_iter().map(|(key, it)| (normal_form(key.into()), it));
        Kind::Map(element, elements.collect()).into()
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Kind::Tuple(elements.into_iter().collect()).into()
    }

    /// An object.
    #[must_use]
    pub fn object<K: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (K, Self)>) -> Self {
        let attributes = attributes.into_iter().map(|(name, it)| (normal_form(name.into()), it));
        Kind::Object(attributes.collect()).into()
    }

    /// The same value with these marks too.
    #[must_use]
    pub fn mark(mut self, marks: impl Into<Marks>) -> Self {
        self.marks = self.marks | marks.into();
        self
    }

    /// The same value, said to come from there.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }
}

/// What a value says of itself.
impl Value {
    /// What it holds.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What it holds, taken out; marks and origin are dropped.
    #[must_use]
    pub fn into_kind(self) -> Kind {
        self.kind
    }

    /// The marks of the value itself, not those of its parts.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Where the value was written.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The value's type. That of a tuple or an object is put together from its parts.
    #[must_use]
    pub fn ty(&self) -> Type {
        match &self.kind {
            Kind::Null(ty) => ty.clone(),
            Kind::Unknown(unknown) => unknown.ty.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(element, _) => Type::list(element.clone()),
            Kind::Set(element, _) => Type::set(element.clone()),
            Kind::Map(element, _) => Type::map(element.clone()),
            Kind::Tuple(elements) => Type::tuple(elements.iter().map(Self::ty)),
            Kind::Object(attributes) => Type::Object(Arc::new(ObjectType::new(
                attributes.iter().map(|(name, it)| (name.clone(), it.ty(), false)),
            ))),
        }
    }

    /// Whether nothing is known of its type: it is null or unknown, and of no type yet. Whoever
    /// needs only this is spared the type of a value with many parts.
    #[must_use]
    pub fn is_untyped(&self) -> bool {
        match &self.kind {
            Kind::Null(ty) => *ty == Type::Dynamic,
            Kind::Unknown(unknown) => unknown.ty == Type::Dynamic,
            _ => false,
        }
    }

    /// Whether it is of a type without parts: bool, number or string.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        match &self.kind {
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
            Kind::Null(ty) => ty.is_primitive(),
            Kind::Unknown(unknown) => unknown.ty.is_primitive(),
            _ => false,
        }
    }

    /// Whether it is of the type of a list, a set or a tuple.
    #[must_use]
    pub fn is_sequence(&self) -> bool {
        let is_one = |ty: &Type| matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_));
        match &self.kind {
            Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => true,
            Kind::Null(ty) => is_one(ty),
            Kind::Unknown(unknown) => is_one(&unknown.ty),
            _ => false,
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// Whether the value itself is known; its parts may be unknown.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self.kind, Kind::Unknown(_))
    }

    /// Whether the value and all its parts are known.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        self.is_known() && self.parts().all(Self::is_wholly_known)
    }

    /// The text of a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// A known bool.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(it) => Some(*it),
            _ => None,
        }
    }

    /// A known number.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(it) => Some(it),
            _ => None,
        }
    }

    /// The attribute of a known object, or the element of a known map.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Object(it) | Kind::Map(_, it) => it.get(name),
            _ => None,
        }
    }

    /// The values directly inside a known collection, tuple or object, in order.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        let (row, named) = match &self.kind {
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => (Some(it), None),
            Kind::Map(_, it) | Kind::Object(it) => (None, Some(it)),
            Kind::Null(_)
            | Kind::Unknown(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_) => (None, None),
        };
        row.into_iter().flat_map(|it| it.iter()).chain(named.into_iter().flat_map(|it| it.values()))
    }

    /// Whether the value or one of its parts has that mark.
    #[must_use]
    pub fn has_mark_deep(&self, mark: Mark) -> bool {
        self.marks.has(mark) || self.parts().any(|it| it.has_mark_deep(mark))
    }

    /// Whether the value or one of its parts has a mark.
    #[must_use]
    pub fn is_marked_deep(&self) -> bool {
        !self.marks.is_empty() || self.parts().any(Self::is_marked_deep)
    }

    /// The same value without marks, and all the marks that it and its parts had.
    #[must_use]
    pub fn unmark_deep(self) -> (Self, Marks) {
        if !self.is_marked_deep() {
            return (self, Marks::NONE);
        }
        let mut marks = Marks::NONE;
        let value = self.map_parts_up(&mut |mut value| {
            marks = marks | value.marks;
            value.marks = Marks::NONE;
            value
        });
        (value, marks)
    }

    /// The value rebuilt from within: `change` sees each part after the parts inside it. It must
    /// keep the types of a collection's elements the same as each other.
    #[must_use]
    pub fn map_parts_up(self, change: &mut impl FnMut(Self) -> Self) -> Self {
        let Self { kind, marks, origin } = self;
        let kind = match kind {
            Kind::List(ty, it) => {
                let it: Arc<[Self]> = it.iter().map(|it| it.clone().map_parts_up(change)).collect();
                Kind::List(it.first().map_or(ty, Self::ty), it)
            }
            Kind::Set(ty, it) => {
                let it: Vec<Self> = it.iter().map(|it| it.clone().map_parts_up(change)).collect();
                Kind::Set(it.first().map_or(ty, Self::ty), in_order(it).into())
            }
            Kind::Map(ty, it) => {
                let it: Entries = it
                    .iter()
                    .map(|(key, it)| (key.clone(), it.clone().map_parts_up(change)))
                    .collect();
                let element = it.values().next().map_or(ty, Self::ty);
                Kind::Map(element, it)
            }
            Kind::Tuple(it) => {
                Kind::Tuple(it.iter().map(|it| it.clone().map_parts_up(change)).collect())
            }
            Kind::Object(it) => Kind::Object(
                it.iter()
                    .map(|(name, it)| (name.clone(), it.clone().map_parts_up(change)))
                    .collect(),
            ),
            leaf @ (Kind::Null(_)
            | Kind::Unknown(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)) => leaf,
        };
        change(Self { kind, marks, origin })
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Self {
        Kind::Bool(it).into()
    }
}

impl From<&str> for Value {
    fn from(it: &str) -> Self {
        Self::string(it)
    }
}

impl From<String> for Value {
    fn from(it: String) -> Self {
        Self::string(it)
    }
}

impl From<Number> for Value {
    fn from(it: Number) -> Self {
        Kind::Number(it).into()
    }
}

/// Brings text into normal form C; most text already is, and is not copied.
pub(crate) fn normal_form(text: Arc<str>) -> Arc<str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    text.nfc().collect::<String>().into()
}
