//! A text that must not be seen.

use std::fmt;

use zeroize::Zeroizing;

use crate::{Path, Problems, Type, Value};

use super::Shape;

/// A secret text. It can't be printed by accident, and is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A secret of that text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Shape for Secret {
    fn ty() -> Type {
        Type::String
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        String::decode(value, path).map(Self::new)
    }

    fn encode(&self) -> Value {
        Value::string(self.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!("{:?}", Some(Secret::new("hunter2")));
        assert_eq!(shown, "Some(Secret(…))");
    }
}
