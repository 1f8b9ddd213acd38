//! Numbers as Terraform has them: binary floating point that carries its own precision.
//!
//! Terraform computes with Go's `math/big.Float`. What is written in a configuration or parsed
//! from a string has 512 bits of mantissa, what a function counted has 64, and what came from a
//! 64-bit float has 53. A result has the precision of its wider operand and is rounded half to
//! even, which is why `length(a) / 3` and `length(a) / length(b)` print so differently.

mod arithmetic;
mod finite;
mod parse;
mod text;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

pub use arithmetic::ArithmeticError;
use finite::{Finite, Format};
pub use parse::ParseNumberError;

/// A number of Terraform's language. Cheap to clone.
///
/// Numbers compare by value whatever their precisions, and `-0` equals `0`, though it prints with
/// its sign. There are infinities and no NaN. A finite number is zero or lies between 2^-1048576
/// and 2^1048576 (some 315,000 decimal digits); Terraform's own limit is 2^(2^31), which no
/// machine could print.
#[derive(Clone)]
pub struct Number {
    repr: Repr,
    precision: u32,
}

/// What an integer within 64 bits is held in costs no allocation; each value has one form only.
#[derive(Clone)]
enum Repr {
    /// Each integer that an `i64` can hold.
    Small(i64),
    NegativeZero,
    /// Every other finite number.
    Finite(Arc<Finite>),
    Infinite {
        negative: bool,
    },
}

/// The precision of what is written in a configuration or parsed from a string, in bits.
const WRITTEN: u32 = 512;
/// The precision of what was counted.
const COUNTED: u32 = 64;
/// The precision of a 64-bit float.
const FLOAT: u32 = 53;

/// How a number is made.
impl Number {
    /// 0 as Terraform counts it: of 64 bits.
    pub const ZERO: Self = Self { repr: Repr::Small(0), precision: COUNTED };

    /// The number that a literal or a string says, rounded to 512 bits.
    ///
    /// Accepted is what Terraform's `tonumber` accepts: decimal digits with a sign, a point and
    /// an exponent (`e` for powers of ten, `p` for powers of two), and `Inf` or `inf`.
    ///
    /// # Errors
    ///
    /// The text is no number, or one beyond the limits that [`Number`] names.
    pub fn parse(text: &str) -> Result<Self, ParseNumberError> {
        parse::decimal(text)
    }

    /// The whole number that `text` says in a base from 2 to 62, as Terraform's `parseint` reads
    /// it: exact, of at least 64 bits. Up to base 36 the letters' case does not matter.
    ///
    /// # Errors
    ///
    /// The text is no whole number in that base, or the base is none of these.
    pub fn parse_integer(text: &str, base: u32) -> Result<Self, ParseNumberError> {
        parse::integer(text, base)
    }

    /// A 64-bit float with its 53 bits; `None` for NaN, which Terraform does not have.
    #[must_use]
    pub fn from_f64(it: f64) -> Option<Self> {
        finite::from_f64(it)
    }

    /// Positive or negative infinity, of 512 bits.
    #[must_use]
    pub fn infinity(negative: bool) -> Self {
        Self { repr: Repr::Infinite { negative }, precision: WRITTEN }
    }
}

/// What a number says of itself.
impl Number {
    /// The bits of mantissa that the number may use, and that results computed from it may use.
    #[must_use]
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// Whether it is 0 or -0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(self.repr, Repr::Small(0) | Repr::NegativeZero)
    }

    /// Whether it has a minus sign; -0 has one.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.repr {
            Repr::Small(it) => *it < 0,
            Repr::NegativeZero => true,
            Repr::Finite(it) => it.negative,
            Repr::Infinite { negative } => *negative,
        }
    }

    /// -1, 0 or 1 for a negative number, either zero, or a positive one.
    #[must_use]
    pub fn sign(&self) -> i32 {
        match (self.is_zero(), self.is_negative()) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// Whether it is an infinity.
    #[must_use]
    pub fn is_infinite(&self) -> bool {
        matches!(self.repr, Repr::Infinite { .. })
    }

    /// Whether it is a whole number; infinities are not.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.repr {
            Repr::Small(_) | Repr::NegativeZero => true,
            Repr::Finite(it) => it.exponent >= 0,
            Repr::Infinite { .. } => false,
        }
    }

    /// The number as an `i64`, if it is one exactly.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.repr {
            Repr::Small(it) => Some(*it),
            Repr::NegativeZero => Some(0),
            Repr::Finite(_) | Repr::Infinite { .. } => None,
        }
    }

    /// The number as a `u64`, if it is one exactly.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        match &self.repr {
            Repr::Small(it) => u64::try_from(*it).ok(),
            Repr::NegativeZero => Some(0),
            Repr::Finite(it) => it.to_u64(),
            Repr::Infinite { .. } => None,
        }
    }

    /// The number as a 64-bit float, if it is one exactly; infinities are.
    #[must_use]
    pub fn to_f64(&self) -> Option<f64> {
        let nearest = self.to_f64_nearest();
        (Self::from_f64(nearest)? == *self).then_some(nearest)
    }

    /// The nearest 64-bit float, half to even; infinite where the number is beyond its range.
    #[must_use]
    pub fn to_f64_nearest(&self) -> f64 {
        self.to_nearest(Format::DOUBLE)
    }

    /// The nearest 32-bit float, half to even; infinite where the number is beyond its range.
    #[must_use]
    pub fn to_f32_nearest(&self) -> f32 {
        // It is a 32-bit float already.
        self.to_nearest(Format::SINGLE) as f32
    }

    fn to_nearest(&self, format: Format) -> f64 {
        match &self.repr {
            Repr::NegativeZero => -0.0,
            Repr::Infinite { negative: true } => f64::NEG_INFINITY,
            Repr::Infinite { negative: false } => f64::INFINITY,
            Repr::Small(it) => Finite::from(*it).to_nearest(format),
            Repr::Finite(it) => it.to_nearest(format),
        }
    }

    /// At most that many significant digits, as Go's `Text('g', digits)` writes them: with an
    /// exponent where it is below -4 or not below `digits`. Set hashes are made of it.
    #[must_use]
    pub fn to_significant(&self, digits: usize) -> String {
        text::general(self, digits)
    }

    /// As Go's `Text('g', -1)` writes it: the shortest decimal that reads back as the same number,
    /// with an exponent where it is below -4 or above 5. What `format("%v", n)` gives.
    #[must_use]
    pub fn to_general(&self) -> String {
        text::shortest_general(self)
    }

    /// With that many digits behind the point, as Go's `Text('f', decimals)` writes it.
    #[must_use]
    pub fn to_fixed(&self, decimals: usize) -> String {
        text::fixed(self, decimals)
    }

    /// With one digit before the point, that many behind it, and an exponent, as Go's
    /// `Text('e', decimals)` writes it.
    #[must_use]
    pub fn to_exponential(&self, decimals: usize) -> String {
        text::exponential(self, decimals)
    }

    /// The digits of a whole number in a base from 2 to 36, in small letters and with the sign of
    /// a negative one; `None` if it is no whole number, or the base is none of these.
    #[must_use]
    pub fn to_radix(&self, base: u32) -> Option<String> {
        if !(2..=36).contains(&base) || !self.is_integer() {
            return None;
        }
        Some(self.finite().map_or_else(|| "0".to_owned(), |it| it.to_radix(base)))
    }

    fn sized(it: i64, precision: u32) -> Self {
        Self { repr: Repr::Small(it), precision }
    }

    fn zero(negative: bool, precision: u32) -> Self {
        let repr = if negative { Repr::NegativeZero } else { Repr::Small(0) };
        Self { repr, precision }
    }

    /// The number as mantissa and exponent; `None` for zeros and infinities.
    fn finite(&self) -> Option<Arc<Finite>> {
        match &self.repr {
            Repr::Small(0) | Repr::NegativeZero | Repr::Infinite { .. } => None,
            Repr::Small(it) => Some(Arc::new(Finite::from(*it))),
            Repr::Finite(it) => Some(it.clone()),
        }
    }
}

/// 64 bits of precision, as what Terraform counts has.
impl From<i64> for Number {
    fn from(it: i64) -> Self {
        Self::sized(it, COUNTED)
    }
}

/// 64 bits of precision.
impl From<i32> for Number {
    fn from(it: i32) -> Self {
        i64::from(it).into()
    }
}

/// 64 bits of precision.
impl From<u32> for Number {
    fn from(it: u32) -> Self {
        i64::from(it).into()
    }
}

/// 64 bits of precision.
impl From<u64> for Number {
    fn from(it: u64) -> Self {
        match i64::try_from(it) {
            Ok(it) => it.into(),
            Err(_) => finite::from_u64(it),
        }
    }
}

/// 64 bits of precision.
impl From<usize> for Number {
    fn from(it: usize) -> Self {
        (it as u64).into()
    }
}

impl FromStr for Number {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        Self::parse(text)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.repr, &other.repr) {
            (Repr::Small(a), Repr::Small(b)) => return a.cmp(b),
            (Repr::Finite(a), Repr::Finite(b)) => return a.cmp(b),
            _ => {}
        }
        // Of two different forms, that of the greater magnitude decides: an infinity is beyond
        // all, and a sign is enough to tell any two others but a small and a finite one apart.
        let (left, right) = (self.sign(), other.sign());
        if left != right {
            return left.cmp(&right);
        }
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) => Ordering::Equal,
            (true, false) => left.cmp(&0),
            (false, true) => 0.cmp(&left),
            (false, false) => match (self.finite(), other.finite()) {
                (Some(a), Some(b)) => a.cmp(&b),
                (None, Some(_)) | (Some(_), None) | (None, None) => Ordering::Equal,
            },
        }
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.repr {
            Repr::Small(it) => it.hash(state),
            Repr::NegativeZero => 0_i64.hash(state),
            Repr::Finite(it) => it.hash(state),
            Repr::Infinite { negative } => negative.hash(state),
        }
    }
}

/// Writes the shortest decimal that reads back as the same number at its own precision, without
/// an exponent: what Terraform's `tostring` gives. An infinity is `+Inf` or `-Inf`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repr {
            Repr::Small(it) if text::is_shortest(*it, self.precision) => fmt::Display::fmt(it, f),
            _ => f.pad(&text::shortest(self)),
        }
    }
}

/// The same as its `Display`.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
