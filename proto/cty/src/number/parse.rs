//! Reading numbers from text.

use std::fmt;

use num_bigint::BigUint;

use super::arithmetic::quotient;
use super::{COUNTED, Finite, Number, WRITTEN};

/// Why a text says no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseNumberError {
    /// It is not written as one.
    NotANumber,
    /// Its digits or its magnitude are beyond the limits.
    OutOfRange,
}

/// Reading a mantissa costs the square of its length; this many digits cost some milliseconds.
const MAX_DIGITS: usize = 100_000;

/// So many digits fit into 64 bits.
const SHORT: usize = 18;

/// Go gives powers of five this many bits more than the number has that they scale.
const GUARD: u32 = 64;

/// A decimal number of 512 bits.
pub(super) fn decimal(text: &str) -> Result<Number, ParseNumberError> {
    // Most numbers are small whole ones.
    if !text.is_empty()
        && text.len() <= SHORT
        && all_digits(text)
        && let Ok(it) = text.parse::<i64>()
    {
        return Ok(Number::sized(it, WRITTEN));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    if unsigned == "Inf" || unsigned == "inf" {
        return Ok(Number::infinity(negative));
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E', 'p', 'P']) {
        Some(at) => (&unsigned[..at], Some((&unsigned[at..=at], &unsigned[at + 1..]))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(ParseNumberError::NotANumber);
    }
    let (mut two, mut five) = (0, 0);
    if let Some((letter, digits)) = exponent {
        two = power(digits)?;
        five = if letter.eq_ignore_ascii_case("e") { two } else { 0 };
    }
    let mut scale = fraction.len() as i64;
    let digits = format!("{whole}{fraction}");
    let mut digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(Number::zero(negative, WRITTEN));
    }
    if digits.len() > MAX_DIGITS {
        // A large number is written with all its zeros, and must be read again.
        let short = digits.trim_end_matches('0');
        scale -= (digits.len() - short.len()) as i64;
        digits = short;
    }
    if digits.len() > MAX_DIGITS || two.unsigned_abs() > 1 << 31 {
        return Err(ParseNumberError::OutOfRange);
    }
    if (two, five, scale) == (0, 0, 0)
        && let Ok(it) = digits.parse::<i64>()
    {
        return Ok(Number::sized(if negative { -it } else { it }, WRITTEN));
    }
    let mantissa = BigUint::parse_bytes(digits.as_bytes(), 10).unwrap_or_default();
    let scaled = Finite::new(negative, mantissa, two - scale);
    let scaled = match five - scale {
        0 => scaled.rounded(WRITTEN, false),
        five if five < 0 => quotient(&scaled, &power_of_five(five.unsigned_abs()), WRITTEN),
        five => product(&scaled, &power_of_five(five.unsigned_abs()), WRITTEN),
    };
    scaled.into_number(WRITTEN).ok_or(ParseNumberError::OutOfRange)
}

/// A whole number in that base, with as many bits as it needs and no fewer than 64.
pub(super) fn integer(text: &str, base: u32) -> Result<Number, ParseNumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !(2..=62).contains(&base) || digits.is_empty() {
        return Err(ParseNumberError::NotANumber);
    }
    let values = digits
        .bytes()
        .map(|it| digit(it, base).ok_or(ParseNumberError::NotANumber))
        .collect::<Result<Vec<u8>, _>>()?;
    if values.len() > MAX_DIGITS {
        return Err(ParseNumberError::OutOfRange);
    }
    let magnitude = BigUint::from_radix_be(&values, base).unwrap_or_default();
    if magnitude.bits() == 0 {
        return Ok(Number::zero(false, COUNTED));
    }
    let precision = u32::try_from(magnitude.bits()).unwrap_or(u32::MAX).max(COUNTED);
    let number = Finite::new(text.starts_with('-'), magnitude, 0).into_number(precision);
    number.ok_or(ParseNumberError::OutOfRange)
}

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "is not a number",
            Self::OutOfRange => "is too large a number or too close to zero",
        })
    }
}

impl std::error::Error for ParseNumberError {}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit())
}

/// What stands behind the exponent's letter: an optional sign and digits.
fn power(text: &str) -> Result<i64, ParseNumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !all_digits(digits) {
        return Err(ParseNumberError::NotANumber);
    }
    text.parse().map_err(|_| ParseNumberError::OutOfRange)
}

/// The value of a digit: 0-9, a-z, A-Z; up to base 36 capitals are as small letters.
fn digit(it: u8, base: u32) -> Option<u8> {
    let value = match it {
        b'0'..=b'9' => it - b'0',
        b'a'..=b'z' => it - b'a' + 10,
        b'A'..=b'Z' if base <= 36 => it - b'A' + 10,
        b'A'..=b'Z' => it - b'A' + 36,
        _ => return None,
    };
    (u32::from(value) < base).then_some(value)
}

/// 5 to a power, as Go approximates it: the result has 64 bits more than the number has that it
/// scales, and the squares that it is made of 64 more again. The last bits of a number with a
/// large exponent depend on it.
fn power_of_five(mut power: u64) -> Finite {
    /// The greatest power of five that fits in 64 bits.
    const FIRST: u64 = 27;
    let first = power.min(FIRST);
    let mut out = Finite::new(false, BigUint::from(5_u8).pow(first as u32), 0);
    power -= first;
    let mut square = Finite::new(false, 5_u8.into(), 0);
    while power > 0 {
        if power & 1 == 1 {
            out = product(&out, &square, WRITTEN + GUARD);
        }
        square = product(&square, &square, WRITTEN + 2 * GUARD);
        power >>= 1;
    }
    out
}

/// `a * b` rounded to `precision` bits, whatever its magnitude.
fn product(a: &Finite, b: &Finite, precision: u32) -> Finite {
    let exact =
        Finite::new(a.negative != b.negative, &a.mantissa * &b.mantissa, a.exponent + b.exponent);
    exact.rounded(precision, false)
}
