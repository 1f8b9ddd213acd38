//! How long something takes: `90s`, `15m`, `1h30m`.

use std::fmt;

use stanchion_cty::Value;
use stanchion_cty::schema::{Check, matches};

/// A length of time in whole seconds.
///
/// It is written as numbers with their units, the largest first: `d` is 24 hours, then `h`, `m` and
/// `s`. `15m` and `900s` are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    seconds: u64,
}

/// Why a text is no duration: a clause read after the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseDurationError {
    /// It is not made of whole numbers and units.
    Form,
    /// A unit stands there twice, or behind a smaller one.
    Order,
    /// It is longer than can be counted.
    TooLong,
}

/// The units with their seconds, the largest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Duration {
    /// A duration of that many seconds.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    /// Reads a duration.
    ///
    /// # Errors
    /// If the text is none.
    pub fn parse(text: &str) -> Result<Self, ParseDurationError> {
        let mut rest = text;
        let mut seconds: u64 = 0;
        let mut units = UNITS.as_slice();
        while !rest.is_empty() || text.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let Some(unit) = after.chars().next().filter(|_| digits > 0) else {
                return Err(ParseDurationError::Form);
            };
            if UNITS.iter().all(|(it, _)| *it != unit) {
                return Err(ParseDurationError::Form);
            }
            let at = units.iter().position(|(it, _)| *it == unit);
            let at = at.ok_or(ParseDurationError::Order)?;
            let number: u64 = number.parse().map_err(|_| ParseDurationError::TooLong)?;
            let part = number.checked_mul(units[at].1).ok_or(ParseDurationError::TooLong)?;
            seconds = seconds.checked_add(part).ok_or(ParseDurationError::TooLong)?;
            units = &units[at + 1..];
            rest = &after[1..];
        }
        Ok(Self { seconds })
    }

    /// All of it, in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.seconds
    }

    /// All of it in minutes, if these are whole.
    #[must_use]
    pub const fn whole_minutes(self) -> Option<u64> {
        if self.seconds.is_multiple_of(60) { Some(self.seconds / 60) } else { None }
    }
}

/// That a string is a duration.
#[must_use]
pub fn is_duration() -> Check {
    matches("must be a duration, such as \"90s\", \"15m\" or \"1h30m\"", |it| {
        Duration::parse(it).is_ok()
    })
}

/// That a string is a duration of whole minutes, and of one at least.
#[must_use]
pub fn is_whole_minutes() -> Check {
    matches("must be a duration of whole minutes, such as \"15m\" or \"1h30m\"", |it| {
        Duration::parse(it).is_ok_and(|it| it.whole_minutes().is_some_and(|it| it > 0))
    })
}

/// Whether two strings are the same duration.
#[must_use]
pub fn same_duration(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().and_then(|it| Duration::parse(it).ok()));
    a.is_some() && a == b
}

/// Writes it in the largest units: `1h30m`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.seconds;
        for (unit, seconds) in UNITS {
            if rest >= seconds {
                write!(f, "{}{unit}", rest / seconds)?;
                rest %= seconds;
            }
        }
        if self.seconds == 0 { f.write_str("0s") } else { Ok(()) }
    }
}

impl fmt::Display for ParseDurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "is no duration: write whole numbers with d, h, m or s, as in \"1h30m\"",
            Self::Order => "has a unit twice, or a larger one behind a smaller",
            Self::TooLong => "is too long to be counted in seconds",
        })
    }
}

impl std::error::Error for ParseDurationError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_and_written_in_its_largest_units() {
        for (text, seconds, written) in [
            ("0s", 0, "0s"),
            ("900s", 900, "15m"),
            ("15m", 900, "15m"),
            ("90m", 5_400, "1h30m"),
            ("1h30m", 5_400, "1h30m"),
            ("1d1s", 86_401, "1d1s"),
        ] {
            let read = Duration::parse(text).unwrap();
            assert_eq!((read.seconds(), read.to_string()), (seconds, written.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_why() {
        for (text, why) in [
            ("", ParseDurationError::Form),
            ("15", ParseDurationError::Form),
            ("m", ParseDurationError::Form),
            ("1.5h", ParseDurationError::Form),
            ("15 m", ParseDurationError::Form),
            ("15min", ParseDurationError::Form),
            ("5m1h", ParseDurationError::Order),
            ("5m5m", ParseDurationError::Order),
            ("999999999999999999d", ParseDurationError::TooLong),
            ("99999999999999999999s", ParseDurationError::TooLong),
        ] {
            assert_eq!(Duration::parse(text), Err(why), "{text}");
        }
    }
}
