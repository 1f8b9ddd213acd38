//! Finite numbers other than small integers: a mantissa and a power of two.

use std::cmp::Ordering;
use std::sync::Arc;

use num_bigint::BigUint;

use super::{COUNTED, FLOAT, Number, Repr};

/// `mantissa * 2^exponent`, not zero. The mantissa is odd, so that each value has one form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Finite {
    pub(super) negative: bool,
    pub(super) mantissa: BigUint,
    pub(super) exponent: i64,
}

/// The greatest magnitude of a finite number's exponent, counted above its first bit. It bounds
/// what one number can cost: 128 KiB to align, and 315,653 digits to print.
const MAX_TOP: i64 = 1 << 20;

/// A format of floating point, as IEEE 754 gives it.
#[derive(Clone, Copy)]
pub(super) struct Format {
    /// The bits of a normal float's mantissa.
    bits: u32,
    /// The exponent of the smallest float.
    least: i64,
    /// The exponent of the smallest power of two beyond its range.
    top: i64,
}

impl Format {
    pub(super) const DOUBLE: Self = Self { bits: FLOAT, least: -1074, top: 1024 };
    pub(super) const SINGLE: Self = Self { bits: 24, least: -149, top: 128 };
}

impl Finite {
    /// Of a mantissa that is not zero.
    pub(super) fn new(negative: bool, mantissa: BigUint, exponent: i64) -> Self {
        match mantissa.trailing_zeros() {
            None | Some(0) => Self { negative, mantissa, exponent },
            Some(zeros) => Self {
                negative,
                mantissa: mantissa >> zeros,
                exponent: exponent.saturating_add_unsigned(zeros),
            },
        }
    }

    /// The nearest number that has at most `precision` bits, half to even. `sticky` says that the
    /// exact value is a little more than `mantissa`, which must then have more bits than that.
    pub(super) fn rounded(self, precision: u32, sticky: bool) -> Self {
        let extra = self.mantissa.bits().saturating_sub(u64::from(precision));
        if extra == 0 {
            return self;
        }
        let half = self.mantissa.bit(extra - 1);
        let more = sticky || self.mantissa.trailing_zeros().is_some_and(|it| it < extra - 1);
        let mut kept = self.mantissa >> extra;
        if half && (more || kept.bit(0)) {
            kept += 1_u8;
        }
        Self::new(self.negative, kept, self.exponent.saturating_add_unsigned(extra))
    }

    /// The exponent counted above the first bit: the magnitude is in `[2^(top-1), 2^top)`.
    pub(super) fn top(&self) -> i64 {
        self.exponent.saturating_add_unsigned(self.mantissa.bits())
    }

    /// The number in its one form, or `None` where its magnitude is beyond the limits.
    pub(super) fn into_number(self, precision: u32) -> Option<Number> {
        if !(-MAX_TOP..=MAX_TOP).contains(&self.top()) {
            return None;
        }
        let repr = match self.to_i64() {
            Some(it) => Repr::Small(it),
            None => Repr::Finite(Arc::new(self)),
        };
        Some(Number { repr, precision })
    }

    /// The number without what stands behind its point; `None` if nothing is left.
    pub(super) fn truncated(&self) -> Option<Self> {
        if self.exponent >= 0 {
            return Some(self.clone());
        }
        let mantissa = &self.mantissa >> self.exponent.unsigned_abs();
        (mantissa.bits() > 0).then(|| Self::new(self.negative, mantissa, 0))
    }

    /// The digits of a whole number, with its sign.
    pub(super) fn to_radix(&self, base: u32) -> String {
        let shift = u64::try_from(self.exponent).unwrap_or(0);
        let digits = (&self.mantissa << shift).to_str_radix(base);
        if self.negative { format!("-{digits}") } else { digits }
    }

    pub(super) fn to_u64(&self) -> Option<u64> {
        if self.negative { None } else { self.magnitude() }
    }

    fn to_i64(&self) -> Option<i64> {
        let magnitude = i128::from(self.magnitude()?);
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    fn magnitude(&self) -> Option<u64> {
        if self.exponent < 0 || self.top() > 64 {
            return None;
        }
        u64::try_from(&self.mantissa).ok().map(|it| it << self.exponent)
    }

    /// The nearest float of a format, half to even; the smallest floats have fewer bits.
    pub(super) fn to_nearest(&self, format: Format) -> f64 {
        let sign = if self.negative { -1.0 } else { 1.0 };
        // Below the normal floats the last bit stays where it is, whatever the first.
        let bits = (self.top() - format.least).min(i64::from(format.bits));
        if bits < 0 || bits == 0 && self.mantissa.bits() == 1 {
            return sign * 0.0;
        }
        if bits == 0 {
            let half = format.least / 2;
            return sign * power_of_two(half) * power_of_two(format.least - half);
        }
        let it = self.clone().rounded(bits.try_into().unwrap_or(format.bits), false);
        if it.top() > format.top {
            return sign * f64::INFINITY;
        }
        // The mantissa now fits and the result is a float: each step is exact.
        let mantissa = u64::try_from(&it.mantissa).unwrap_or(0) as f64;
        let half = it.exponent / 2;
        sign * mantissa * power_of_two(half) * power_of_two(it.exponent - half)
    }
}

impl From<i64> for Finite {
    fn from(it: i64) -> Self {
        Self::new(it < 0, BigUint::from(it.unsigned_abs()), 0)
    }
}

impl PartialOrd for Finite {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Finite {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.negative != other.negative {
            return other.negative.cmp(&self.negative);
        }
        let magnitudes = self.top().cmp(&other.top()).then_with(|| {
            let shift = self.exponent.abs_diff(other.exponent);
            match self.exponent.cmp(&other.exponent) {
                Ordering::Equal => self.mantissa.cmp(&other.mantissa),
                Ordering::Greater => (&self.mantissa << shift).cmp(&other.mantissa),
                Ordering::Less => self.mantissa.cmp(&(&other.mantissa << shift)),
            }
        });
        if self.negative { magnitudes.reverse() } else { magnitudes }
    }
}

/// A number of 53 bits, `None` for NaN.
pub(super) fn from_f64(it: f64) -> Option<Number> {
    let negative = it.is_sign_negative();
    if it.is_nan() {
        return None;
    }
    if it.is_infinite() {
        return Some(Number { repr: Repr::Infinite { negative }, precision: FLOAT });
    }
    let (field, fraction) = ((it.to_bits() >> 52) & 0x7ff, it.to_bits() & ((1 << 52) - 1));
    let (mantissa, exponent) = match field {
        0 => (fraction, -1074),
        field => (fraction | 1 << 52, field as i64 - 1075),
    };
    if mantissa == 0 {
        return Some(Number::zero(negative, FLOAT));
    }
    Finite::new(negative, mantissa.into(), exponent).into_number(FLOAT)
}

/// An integer of 64 bits of precision.
pub(super) fn from_u64(it: u64) -> Number {
    match i64::try_from(it) {
        Ok(it) => Number::sized(it, COUNTED),
        Err(_) => Number {
            repr: Repr::Finite(Arc::new(Finite::new(false, it.into(), 0))),
            precision: COUNTED,
        },
    }
}

/// `2^exponent` where a normal float can hold it.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(u64::try_from(exponent + 1023).unwrap_or(0) << 52)
}
