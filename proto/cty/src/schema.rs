//! What a configuration may say: attributes, declared once.
//!
//! A Rust struct with `#[derive(Block)]` is the declaration. From it come the [`Object`] that the
//! wire schema, validation, planning and the documentation are made of, and decoding and encoding
//! between the struct and a [`Value`].

mod check;
mod choice;
mod declared;
mod leaf;
mod page;
mod secret;
mod shape;
mod validate;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use check::{Check, at_least, at_most, length, matches, not_blank, not_empty, one_of};
pub use choice::{choice_object, chosen, exactly_one};
pub use declared::misdeclared;
pub use leaf::Leaf;
pub use page::{Page, page};
pub use secret::Secret;
pub use shape::{Set, Shape, decode_attribute, decode_object};
pub use stanchion_cty_derive::{Block, Choice};
pub use validate::validate;

use crate::{Entries, Kind, ObjectType, Path, Problems, Type, Value};

/// A Rust struct that stands for a Terraform object whose attributes it declares.
///
/// Derive it: `#[derive(Block)]`, with an `#[attr(…)]` on each field. A field's doc comment is the
/// attribute's description, the struct's is the object's.
///
/// | in `#[attr(…)]` | meaning |
/// |---|---|
/// | `required`, `optional`, `computed` | who gives the value; `optional, computed` is both; nothing said is `required` |
/// | `default = EXPR` | what an optional attribute is when nobody gives it; a Rust value of the field's kind |
/// | `env = "NAME"` | the environment variable that stands in for a provider's setting |
/// | `sensitive`, `write_only` | never shown; never stored |
/// | `replace` | a change makes a new object; computed, it stays as long as the object does |
/// | `keep` | once known it stays: its plan is its state |
/// | `follows(a, b)` | changes only when one of these attributes does |
/// | `check = EXPR` | a [`Check`]; may be said several times |
/// | `same = FUNCTION` | `fn(&Value, &Value) -> bool`: two spellings of one meaning, of which the state's stays; in a set's objects the configuration's does |
/// | `deprecated = "…"` | what to use instead |
/// | `name = "…"` | the attribute's name where it is not the field's |
/// | `flatten` | the field is a `Block` whose attributes stand beside the others |
/// | `variadic` | a function's last parameter, a `Vec` |
/// | `identity` | one of the attributes that tell the object from all others of its type, as Terraform stores them beside the state; a string, number, bool or a list of one of them, and what configuration gives needs `replace` |
/// | `block` | written as nested blocks, `name { … }`, rather than as an attribute: the field is a `Block`, or a `Vec`, [`Set`] or map of them, in an `Option` or a [`Leaf`]; with `required` there must be one |
///
/// Blocks are never computed; what is in them may be. They stand in the object itself and in other
/// blocks, never in a nested attribute. Where none is written, a collection of them is empty and
/// never null; where it is not known yet how many there are, it is unknown, for which the field
/// needs a [`Leaf`].
///
/// `#[block(check = FUNCTION)]` on the struct adds a check of the object as a whole:
/// `fn(&Value, &Path) -> Problems`.
pub trait Block: Sized {
    /// The declaration.
    fn object() -> Arc<Object>;

    /// The type of the object's values.
    fn object_type() -> Type;

    /// Reads the fields out of an object's attributes at `path`; `None` after at least one problem.
    fn decode_fields(attributes: &Entries, path: &Path, problems: &mut Problems) -> Option<Self>;

    /// Adds the fields to an object's attributes.
    fn encode_fields(&self, attributes: &mut BTreeMap<Arc<str>, Value>);

    /// The object's value.
    fn encode_value(&self) -> Value {
        let mut attributes = BTreeMap::new();
        self.encode_fields(&mut attributes);
        Kind::Object(attributes.into()).into()
    }
}

/// An object without attributes: the settings of a provider that has none.
impl Block for () {
    fn object() -> Arc<Object> {
        Arc::new(Object::default())
    }

    fn object_type() -> Type {
        Object::default().ty()
    }

    fn decode_fields(_: &Entries, _: &Path, _: &mut Problems) -> Option<Self> {
        Some(())
    }

    fn encode_fields(&self, _: &mut BTreeMap<Arc<str>, Value>) {}
}

/// A declared object: of a resource, a setting, or nested in an attribute.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// What it is, as Markdown.
    pub docs: Cow<'static, str>,
    /// Its attributes, in the order in which they were declared.
    pub attributes: Vec<Attribute>,
    /// Checks of the object as a whole; they see known objects, whose attributes may be unknown.
    pub checks: Vec<ObjectCheck>,
}

/// A check of an object as a whole, at its path.
pub type ObjectCheck = fn(&Value, &Path) -> Problems;

/// Whether two values, both known and not null, mean the same in different spellings.
pub type Same = fn(&Value, &Value) -> bool;

/// One declared attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name in Terraform's language.
    pub name: Cow<'static, str>,
    /// What it is, as Markdown.
    pub docs: Cow<'static, str>,
    /// What it holds.
    pub kind: AttributeKind,
    /// Who gives it.
    pub presence: Presence,
    /// What it is if nobody gives it. Only for optional attributes.
    pub default: Option<Value>,
    /// The environment variable that gives it if the configuration does not. Only for settings of
    /// a provider.
    pub env: Option<Cow<'static, str>>,
    /// Never shown by Terraform.
    pub sensitive: bool,
    /// Never stored by Terraform: readable from the configuration only, null everywhere else.
    pub write_only: bool,
    /// A change of it makes a new object.
    pub replace: bool,
    /// On which attributes beside it a computed value depends.
    pub follows: Follows,
    /// What a given value must fulfil.
    pub checks: Vec<Check>,
    /// When two spellings mean the same.
    pub same: Option<Same>,
    /// What to use instead.
    pub deprecated: Option<Cow<'static, str>>,
    /// Whether it tells the object from all others of its type.
    pub identity: bool,
    /// Whether it is written as nested blocks.
    pub block: bool,
    /// Whether it is a function's last parameter, that takes all further arguments.
    pub variadic: bool,
    /// Whether the Rust type has room for null. A function's argument may be null then.
    pub takes_null: bool,
    /// Whether the Rust type has room for unknown. A function's argument may be unknown then.
    pub takes_unknown: bool,
}

/// What an attribute holds.
#[derive(Clone, Debug)]
pub enum AttributeKind {
    /// A value of a type.
    Plain(Type),
    /// Objects whose attributes are declared themselves.
    Nested(Nesting, Arc<Object>),
}

/// How many objects an attribute holds, and how they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One.
    Single,
    /// Any number, by their order.
    List,
    /// Any number, by what they say.
    Set,
    /// Any number, by a key.
    Map,
}

/// Who gives an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The configuration must.
    Required,
    /// The configuration may; it is null, or its default, otherwise.
    Optional,
    /// The provider does.
    Computed,
    /// The configuration may, and the provider does otherwise.
    OptionalComputed,
}

/// On what a computed value depends: whether it is planned as unknown when something changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follows {
    /// On anything in the object that declares it, and in what is nested there: of the objects of a
    /// nested attribute, each changes by itself.
    Anything,
    /// On nothing: once known it stays.
    Nothing,
    /// On these attributes beside it.
    Names(Vec<Cow<'static, str>>),
}

impl Object {
    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|it| it.name == name)
    }

    /// The type of the object's values.
    #[must_use]
    pub fn ty(&self) -> Type {
        Type::Object(Arc::new(ObjectType::new(
            self.attributes.iter().map(|it| (it.name.as_ref().into(), it.kind.ty(), false)),
        )))
    }
}

impl Attribute {
    /// An attribute of that name and kind, required, about which nothing else is said.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, kind: AttributeKind) -> Self {
        Self {
            name: name.into(),
            docs: Cow::Borrowed(""),
            kind,
            presence: Presence::Required,
            default: None,
            env: None,
            sensitive: false,
            write_only: false,
            replace: false,
            follows: Follows::Anything,
            checks: Vec::new(),
            same: None,
            deprecated: None,
            identity: false,
            block: false,
            variadic: false,
            takes_null: false,
            takes_unknown: false,
        }
    }

    /// Whether the provider may give a value where the configuration has none: it is computed, or
    /// has a default.
    #[must_use]
    pub fn is_computed(&self) -> bool {
        self.default.is_some()
            || matches!(self.presence, Presence::Computed | Presence::OptionalComputed)
    }

    /// What it is where nobody says anything: null, but of blocks that may be many an empty
    /// collection.
    #[must_use]
    pub fn absent(&self) -> Value {
        match &self.kind {
            AttributeKind::Nested(Nesting::List, it) if self.block => Value::list(it.ty(), []),
            AttributeKind::Nested(Nesting::Set, it) if self.block => Value::set(it.ty(), []),
            AttributeKind::Nested(Nesting::Map, it) if self.block => {
                Value::map(it.ty(), Vec::<(&str, Value)>::new())
            }
            kind => Value::null(kind.ty()),
        }
    }

    /// Whether the configuration may give a value.
    #[must_use]
    pub fn is_configurable(&self) -> bool {
        self.presence != Presence::Computed
    }
}

impl AttributeKind {
    /// The type of the attribute's values.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Plain(ty) => ty.clone(),
            Self::Nested(Nesting::Single, object) => object.ty(),
            Self::Nested(Nesting::List, object) => Type::list(object.ty()),
            Self::Nested(Nesting::Set, object) => Type::set(object.ty()),
            Self::Nested(Nesting::Map, object) => Type::map(object.ty()),
        }
    }

    /// The kind of a collection whose elements are of this kind. Nested collections within
    /// collections have no declared form in Terraform's protocol, so their declarations are lost
    /// and only the type is left.
    #[must_use]
    pub fn within(self, nesting: Nesting) -> Self {
        match (self, nesting) {
            (Self::Nested(Nesting::Single, object), _) => Self::Nested(nesting, object),
            (inner, Nesting::Single) => inner,
            (inner, Nesting::List) => Self::Plain(Type::list(inner.ty())),
            (inner, Nesting::Set) => Self::Plain(Type::set(inner.ty())),
            (inner, Nesting::Map) => Self::Plain(Type::map(inner.ty())),
        }
    }
}

#[cfg(test)]
mod tests;
