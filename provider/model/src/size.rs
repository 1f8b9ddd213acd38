//! How large something is: `300MB`, `1.5 GiB`, `42`.

use std::fmt;

use stanchion_cty::Value;
use stanchion_cty::schema::{Check, matches};

/// A number of bytes.
///
/// It is written as a number and a unit: `B`, `kB`, `MB`, `GB`, `TB` are powers of 1,000, and `KiB`,
/// `MiB`, `GiB`, `TiB` of 1,024, as IEC 80000-13 has them; without a unit it is bytes. Case makes no
/// difference, and a blank may stand between. `300MB` and `300000kB` are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    bytes: u64,
}

/// Why a text is no size: a clause read after the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseSizeError {
    /// It is not a number and one of the units.
    Form,
    /// It is no whole number of bytes.
    Part,
    /// It is more than can be counted.
    TooLarge,
}

/// The units with their bytes, the largest first.
const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl Size {
    /// A size of that many bytes.
    #[must_use]
    pub const fn from_bytes(bytes: u64) -> Self {
        Self { bytes }
    }

    /// Reads a size.
    ///
    /// # Errors
    /// If the text is none.
    pub fn parse(text: &str) -> Result<Self, ParseSizeError> {
        let digits = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = unit.strip_prefix(' ').unwrap_or(unit);
        let unit = if unit.is_empty() { "B" } else { unit };
        let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        let (_, unit) = unit.ok_or(ParseSizeError::Form)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || part.is_empty() || part.contains('.') {
            return Err(ParseSizeError::Form);
        }
        let read = |it: &str| it.parse::<u128>().map_err(|_| ParseSizeError::TooLarge);
        // What stands behind the point is so many of that many parts.
        let parts = u32::try_from(part.len()).ok().and_then(|it| 10_u128.checked_pow(it));
        let parts = parts.ok_or(ParseSizeError::Part)?;
        let (whole, part, unit) = (read(whole)?, read(part)?, u128::from(*unit));
        let scaled = whole.checked_mul(parts).and_then(|it| it.checked_add(part));
        let scaled = scaled.and_then(|it| it.checked_mul(unit)).ok_or(ParseSizeError::TooLarge)?;
        if scaled % parts != 0 {
            return Err(ParseSizeError::Part);
        }
        let bytes = u64::try_from(scaled / parts).map_err(|_| ParseSizeError::TooLarge)?;
        Ok(Self { bytes })
    }

    /// All of it, in bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.bytes
    }
}

/// That a string is a size.
#[must_use]
pub fn is_size() -> Check {
    matches("must be a size, such as \"300MB\" or \"300MiB\"", |it| Size::parse(it).is_ok())
}

/// Whether two strings are the same size.
#[must_use]
pub fn same_size(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().and_then(|it| Size::parse(it).ok()));
    a.is_some() && a == b
}

/// The size in the largest unit of which it is a whole number.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |unit: &&(&str, u64)| self.bytes >= unit.1 && self.bytes.is_multiple_of(unit.1);
        // Of two that fit, the larger one is the shorter to read.
        let unit = UNITS.iter().filter(fits).max_by_key(|it| it.1);
        let (name, unit) = unit.unwrap_or(&("B", 1));
        write!(f, "{}{name}", self.bytes / unit)
    }
}

impl fmt::Display for ParseSizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => {
                "is no size: give a number and a unit, as in \"300MB\" (10⁶ bytes) or \"300MiB\" (2²⁰)"
            }
            Self::Part => "is no whole number of bytes",
            Self::TooLarge => "is more than can be counted",
        })
    }
}

impl std::error::Error for ParseSizeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_are_powers_of_a_thousand_or_of_1024() {
        for (text, bytes) in [
            ("0", 0),
            ("42", 42),
            ("42B", 42),
            ("300MB", 300_000_000),
            ("300 mb", 300_000_000),
            ("300MiB", 314_572_800),
            ("1.5GB", 1_500_000_000),
            ("0.5KiB", 512),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(Size::parse(text), Ok(Size::from_bytes(bytes)), "{text}");
        }
        for (text, error) in [
            ("", ParseSizeError::Form),
            ("MB", ParseSizeError::Form),
            ("-1MB", ParseSizeError::Form),
            ("1 MB ", ParseSizeError::Form),
            ("1.MB", ParseSizeError::Form),
            (".5MB", ParseSizeError::Form),
            ("1.2.3MB", ParseSizeError::Form),
            ("1,5MB", ParseSizeError::Form),
            ("1M", ParseSizeError::Form),
            ("0.5B", ParseSizeError::Part),
            ("1.0001kB", ParseSizeError::Part),
            ("18446744073709551616", ParseSizeError::TooLarge),
            ("99999999999999999999999999999999999999999999GB", ParseSizeError::TooLarge),
        ] {
            assert_eq!(Size::parse(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(bytes: u64) {
            let size = Size::from_bytes(bytes);
            prop_assert_eq!(Size::parse(&size.to_string()), Ok(size));
        }

        #[test]
        fn no_text_ends_the_reading_in_a_panic(text: String) {
            let _ = Size::parse(&text);
        }
    }
}
