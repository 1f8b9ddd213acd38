//! What a function says of one of its arguments.

use stanchion_cty::Type;

/// One parameter. As a rule an argument must be neither null nor of an unknown type; an unknown one
/// makes the result unknown, and marks go from it to the result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// The name, as Terraform's messages give it.
    pub(crate) name: &'static str,
    /// What arguments are converted to.
    pub(crate) ty: Ty,
    /// Whether null may come.
    pub(crate) null: bool,
    /// Whether an unknown value of a known type may come.
    pub(crate) unknown: bool,
    /// Whether a value of an unknown type may come (to `returns`; to `run` only with `unknown`).
    pub(crate) dynamic: bool,
    /// Whether marks may come; the function then sets those of its result itself.
    pub(crate) marked: bool,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    /// Each value as it is.
    Any,
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `list(any)`.
    List,
    /// `list(string)`.
    Strings,
    /// `list(bool)`.
    Bools,
    /// `set(any)`.
    Set,
    /// `map(list(string))`.
    MapOfStrings,
}

impl Parameter {
    /// A parameter of that name and type with the usual rules.
    pub(crate) const fn new(name: &'static str, ty: Ty) -> Self {
        Self { name, ty, null: false, unknown: false, dynamic: false, marked: false }
    }

    /// Null may come.
    pub(crate) const fn null(self) -> Self {
        Self { null: true, ..self }
    }

    /// Unknown values may come.
    pub(crate) const fn unknown(self) -> Self {
        Self { unknown: true, ..self }
    }

    /// Values of an unknown type may come.
    pub(crate) const fn dynamic(self) -> Self {
        Self { dynamic: true, ..self }
    }

    /// Marked values may come.
    pub(crate) const fn marked(self) -> Self {
        Self { marked: true, ..self }
    }
}

impl Ty {
    /// The type that it names.
    pub(crate) fn ty(self) -> Type {
        match self {
            Self::Any => Type::Dynamic,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::String => Type::String,
            Self::List => Type::list(Type::Dynamic),
            Self::Strings => Type::list(Type::String),
            Self::Bools => Type::list(Type::Bool),
            Self::Set => Type::set(Type::Dynamic),
            Self::MapOfStrings => Type::map(Type::list(Type::String)),
        }
    }
}
