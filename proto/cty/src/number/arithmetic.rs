//! Arithmetic, with the precisions and roundings of Terraform's operators.

use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};

use super::{Finite, Number, Repr, WRITTEN};

/// Why two numbers have no sum, difference, product, quotient or remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticError {
    /// Infinity less infinity.
    OpposedInfinities,
    /// Zero times infinity.
    ZeroTimesInfinity,
    /// Zero by zero, or infinity by infinity.
    Indeterminate,
    /// The result is beyond the limits that [`Number`] names.
    OutOfRange,
}

impl Number {
    /// The sum, with the greater of the two precisions.
    ///
    /// # Errors
    ///
    /// Infinities of opposite signs; a result beyond the limits.
    pub fn add(&self, other: &Self) -> Result<Self, ArithmeticError> {
        let precision = self.precision.max(other.precision);
        if let (Repr::Small(a), Repr::Small(b)) = (&self.repr, &other.repr)
            && let Some(sum) = a.checked_add(*b)
            && fits(sum, precision)
        {
            return Ok(Self::sized(sum, precision));
        }
        match (self.finite(), other.finite()) {
            (Some(a), Some(b)) => sum(&a, &b, precision),
            _ if self.is_infinite() && other.is_infinite() => {
                if self.is_negative() == other.is_negative() {
                    Ok(self.with_precision(precision))
                } else {
                    Err(ArithmeticError::OpposedInfinities)
                }
            }
            _ if self.is_zero() && other.is_zero() => {
                Ok(Self::zero(self.is_negative() && other.is_negative(), precision))
            }
            _ if self.is_infinite() || other.is_zero() => Ok(self.with_precision(precision)),
            _ => Ok(other.with_precision(precision)),
        }
    }

    /// The difference, with the greater of the two precisions.
    ///
    /// # Errors
    ///
    /// Infinities of the same sign; a result beyond the limits.
    pub fn sub(&self, other: &Self) -> Result<Self, ArithmeticError> {
        self.add(&other.neg())
    }

    /// The product: computed to 512 bits, with the greater of the two precisions or as many more
    /// bits as the product needs.
    ///
    /// # Errors
    ///
    /// Zero times infinity; a result beyond the limits.
    pub fn mul(&self, other: &Self) -> Result<Self, ArithmeticError> {
        let precision = self.precision.max(other.precision);
        let negative = self.is_negative() != other.is_negative();
        if let (Repr::Small(a), Repr::Small(b)) = (&self.repr, &other.repr)
            && let Some(product) = a.checked_mul(*b)
            && product != 0
        {
            return Ok(Self::sized(product, precision.max(needed_bits(product))));
        }
        if let (Some(a), Some(b)) = (self.finite(), other.finite()) {
            let product = Finite::new(negative, &a.mantissa * &b.mantissa, a.exponent + b.exponent)
                .rounded(WRITTEN, false);
            let needed = u32::try_from(product.mantissa.bits()).unwrap_or(WRITTEN);
            return in_range(product.into_number(precision.max(needed)));
        }
        match (self.is_infinite() || other.is_infinite(), self.is_zero() || other.is_zero()) {
            (true, true) => Err(ArithmeticError::ZeroTimesInfinity),
            (true, false) => Ok(Self { repr: Repr::Infinite { negative }, precision }),
            (false, _) => Ok(Self::zero(negative, precision)),
        }
    }

    /// The quotient, with the greater of the two precisions. By zero it is infinite, as in
    /// Terraform.
    ///
    /// # Errors
    ///
    /// Zero by zero, infinity by infinity; a result beyond the limits.
    pub fn div(&self, other: &Self) -> Result<Self, ArithmeticError> {
        let precision = self.precision.max(other.precision);
        let negative = self.is_negative() != other.is_negative();
        if let (Repr::Small(a), Repr::Small(b)) = (&self.repr, &other.repr)
            && a.checked_rem(*b) == Some(0)
            && let Some(quotient) = a.checked_div(*b)
            && quotient != 0
        {
            return Ok(Self::sized(quotient, precision));
        }
        if let (Some(a), Some(b)) = (self.finite(), other.finite()) {
            let quotient = quotient(&a, &b, precision);
            return in_range(quotient.into_number(precision));
        }
        let both_zero = self.is_zero() && other.is_zero();
        if both_zero || self.is_infinite() && other.is_infinite() {
            Err(ArithmeticError::Indeterminate)
        } else if self.is_zero() || other.is_infinite() {
            Ok(Self::zero(negative, precision))
        } else {
            Ok(Self { repr: Repr::Infinite { negative }, precision })
        }
    }

    /// What is left of `self` after taking away `other` as often as its quotient, without
    /// fraction, says; it has the sign of `self`. By zero it is `self`, as in Terraform.
    ///
    /// # Errors
    ///
    /// An infinity on either side, but for infinity by zero; a result beyond the limits.
    pub fn rem(&self, other: &Self) -> Result<Self, ArithmeticError> {
        if other.is_zero() {
            return Ok(self.clone());
        }
        if self.is_infinite() || other.is_infinite() {
            return Err(ArithmeticError::Indeterminate);
        }
        if let (Repr::Small(a), Repr::Small(b)) = (&self.repr, &other.repr)
            && let Some(rest) = a.checked_rem(*b)
            && a.unsigned_abs() < 1 << 53
            && b.unsigned_abs() < 1 << 53
            && self.precision >= 53
        {
            return Ok(Self::sized(rest, self.precision));
        }
        // The steps below are rounded to the precision of the left side each, as Terraform's are;
        // a remainder of numbers that are far apart is therefore not exact.
        let times = self.div(other)?.trunc().rounded(self.precision);
        let product = match (other.finite(), times.finite()) {
            (Some(a), Some(b)) => {
                let product = Finite::new(
                    a.negative != b.negative,
                    &a.mantissa * &b.mantissa,
                    a.exponent + b.exponent,
                );
                in_range(product.rounded(self.precision, false).into_number(self.precision))?
            }
            _ => Self::zero(other.is_negative() != times.is_negative(), self.precision),
        };
        let rest = self.sub(&product)?;
        Ok(rest.rounded(self.precision))
    }

    /// The number with the other sign; 0 becomes -0.
    #[must_use]
    pub fn neg(&self) -> Self {
        let precision = self.precision;
        match &self.repr {
            Repr::Small(0) => Self::zero(true, precision),
            Repr::NegativeZero => Self::zero(false, precision),
            Repr::Infinite { negative } => {
                Self { repr: Repr::Infinite { negative: !negative }, precision }
            }
            Repr::Small(it) if *it != i64::MIN => Self::sized(-it, precision),
            Repr::Small(_) | Repr::Finite(_) => self.finite().map_or_else(
                || self.clone(),
                |it| {
                    let other = Finite { negative: !it.negative, ..(*it).clone() };
                    other.into_number(precision).unwrap_or_else(|| self.clone())
                },
            ),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// The number without what stands behind its point. An infinity stays what it is.
    #[must_use]
    pub fn trunc(&self) -> Self {
        match &self.repr {
            Repr::NegativeZero => Self::zero(false, self.precision),
            Repr::Small(_) | Repr::Infinite { .. } => self.clone(),
            Repr::Finite(it) => it
                .truncated()
                .and_then(|it| it.into_number(self.precision))
                .unwrap_or_else(|| Self::zero(false, self.precision)),
        }
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.whole(true)
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.whole(false)
    }

    /// The nearest number of at most `precision` bits, half to even, and with that precision.
    #[must_use]
    pub fn rounded(&self, precision: u32) -> Self {
        match self.finite() {
            Some(it) if it.mantissa.bits() > u64::from(precision) => {
                let rounded = (*it).clone().rounded(precision, false);
                rounded.into_number(precision).unwrap_or_else(|| self.clone())
            }
            _ => self.with_precision(precision),
        }
    }

    fn whole(&self, down: bool) -> Self {
        let whole = self.trunc();
        if self.is_integer() || self.is_infinite() || self.is_negative() != down {
            return whole;
        }
        let step = Self::sized(if down { -1 } else { 1 }, self.precision);
        whole.add(&step).unwrap_or(whole)
    }

    /// The same value, said to have that precision.
    fn with_precision(&self, precision: u32) -> Self {
        Self { repr: self.repr.clone(), precision }
    }
}

impl ArithmeticError {
    fn message(self) -> &'static str {
        match self {
            Self::OpposedInfinities => "can't subtract infinity from itself",
            Self::ZeroTimesInfinity => "can't multiply zero by infinity",
            Self::Indeterminate => "can't divide zero by zero or infinity by infinity",
            Self::OutOfRange => "the result is too large or too close to zero",
        }
    }
}

impl fmt::Display for ArithmeticError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for ArithmeticError {}

/// `a / b` rounded to `precision` bits, whatever its magnitude.
pub(super) fn quotient(a: &Finite, b: &Finite, precision: u32) -> Finite {
    // Two bits more than the precision leave one for the half, and the rest is sticky.
    let wanted = u64::from(precision) + 2 + b.mantissa.bits();
    let shift = wanted.saturating_sub(a.mantissa.bits());
    let dividend = &a.mantissa << shift;
    let whole = &dividend / &b.mantissa;
    let sticky = &whole * &b.mantissa != dividend;
    let exponent = (a.exponent - b.exponent).saturating_sub_unsigned(shift);
    let negative = a.negative != b.negative;
    // The mantissa is kept as it is here: taking its zeros off would misplace the sticky bit.
    Finite { negative, mantissa: whole, exponent }.rounded(precision, sticky)
}

/// The sum rounded to `precision` bits.
fn sum(a: &Finite, b: &Finite, precision: u32) -> Result<Number, ArithmeticError> {
    let exponent = a.exponent.min(b.exponent);
    let aligned = |it: &Finite| {
        let mantissa: BigUint = &it.mantissa << it.exponent.abs_diff(exponent);
        BigInt::from_biguint(if it.negative { Sign::Minus } else { Sign::Plus }, mantissa)
    };
    let (sign, mantissa) = (aligned(a) + aligned(b)).into_parts();
    if sign == Sign::NoSign {
        return Ok(Number::zero(false, precision));
    }
    let exact = Finite::new(sign == Sign::Minus, mantissa, exponent);
    in_range(exact.rounded(precision, false).into_number(precision))
}

fn in_range(number: Option<Number>) -> Result<Number, ArithmeticError> {
    number.ok_or(ArithmeticError::OutOfRange)
}

/// Whether the integer needs no rounding.
fn fits(it: i64, precision: u32) -> bool {
    precision >= 64 || needed_bits(it) <= precision
}

/// The bits from the first that is set to the last.
fn needed_bits(it: i64) -> u32 {
    let magnitude = it.unsigned_abs();
    if magnitude == 0 { 0 } else { 64 - magnitude.leading_zeros() - magnitude.trailing_zeros() }
}
