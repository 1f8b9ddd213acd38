//! A field that may be null or not known yet.

use crate::{Path, Problems, Refinement, Type, Value};

use super::{AttributeKind, Same, Shape};

/// A field's value as Terraform has it: known, null, or not known yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Leaf<T> {
    /// A value.
    Known(T),
    /// `null`, or nothing given.
    #[default]
    Null,
    /// Not known yet; what is known of it nevertheless.
    Unknown(Refinement),
}

impl<T> Leaf<T> {
    /// Not known yet, and nothing is known of it.
    #[must_use]
    pub fn unknown() -> Self {
        Self::Unknown(Refinement::default())
    }

    /// The known value.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(it) => Some(it),
            Self::Null | Self::Unknown(_) => None,
        }
    }

    /// The known value, taken out.
    #[must_use]
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(it) => Some(it),
            Self::Null | Self::Unknown(_) => None,
        }
    }

    /// Whether it is not known yet.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same with the known value changed; what is unknown becomes unknown without refinement.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Leaf<U> {
        match self {
            Self::Known(it) => Leaf::Known(change(it)),
            Self::Null => Leaf::Null,
            Self::Unknown(_) => Leaf::unknown(),
        }
    }

    /// The same, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> Leaf<&T> {
        match self {
            Self::Known(it) => Leaf::Known(it),
            Self::Null => Leaf::Null,
            Self::Unknown(it) => Leaf::Unknown(it.clone()),
        }
    }
}

impl<T> From<T> for Leaf<T> {
    fn from(it: T) -> Self {
        Self::Known(it)
    }
}

impl From<&str> for Leaf<String> {
    fn from(it: &str) -> Self {
        Self::Known(it.to_owned())
    }
}

impl<T: Shape> Shape for Leaf<T> {
    fn kind() -> AttributeKind {
        T::kind()
    }

    fn ty() -> Type {
        T::ty()
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        match value.kind() {
            crate::Kind::Null(_) => Ok(Self::Null),
            crate::Kind::Unknown(it) => Ok(Self::Unknown(it.refinement.clone())),
            _ => T::decode(value, path).map(Self::Known),
        }
    }

    fn encode(&self) -> Value {
        match self {
            Self::Known(it) => it.encode(),
            Self::Null => Value::null(T::ty()),
            Self::Unknown(it) => Value::refined(T::ty(), it.clone()),
        }
    }

    fn same() -> Option<Same> {
        T::same()
    }

    fn takes_null() -> bool {
        true
    }

    fn takes_unknown() -> bool {
        true
    }
}
