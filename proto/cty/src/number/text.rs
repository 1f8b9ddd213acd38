//! Writing numbers in decimal.

use num_bigint::BigUint;

use super::{Finite, Number, Repr};

/// The leading decimal digits of a magnitude: `0.d1d2d3… * 10^point`.
struct Decimal {
    /// ASCII digits without zeros at the end.
    digits: Vec<u8>,
    point: i64,
    /// Whether the exact value has more digits than these.
    more: bool,
}

/// A power of ten that brings the digits that are wanted before the point.
struct Scale {
    ten: i64,
    /// 5 to the same power, without its sign: of a large number the costly part.
    five: BigUint,
}

/// The shortest decimal that reads back as the same number at its own precision.
pub(super) fn shortest(number: &Number) -> String {
    let mut out = sign(number);
    match number.finite() {
        Some(it) => {
            let decimal = shortest_decimal(&it, number.precision);
            let digits = decimal.digits.len() as i64;
            plain(&mut out, &decimal, digits - decimal.point);
        }
        None => out.push_str(not_finite(number)),
    }
    out
}

/// Whether an integer's own digits are its shortest form: at that precision the numbers next to
/// it are no further than 1 away.
pub(super) fn is_shortest(it: i64, precision: u32) -> bool {
    precision >= 64 || it.unsigned_abs() < 1 << precision
}

/// At most `digits` significant digits, with an exponent if it is below -4 or not below `digits`.
pub(super) fn general(number: &Number, digits: usize) -> String {
    let mut out = sign(number);
    let Some(it) = number.finite() else {
        out.push_str(not_finite(number));
        return out;
    };
    let digits = digits.max(1);
    let scale = Scale::new(it.top(), digits as u64 + 20);
    let decimal = Decimal::leading(&it.mantissa, it.exponent, &scale).rounded(digits);
    let written = decimal.digits.len() as i64;
    let limit =
        if digits as i64 > written && written >= decimal.point { written } else { digits as i64 };
    let exponent = decimal.point - 1;
    if (-4..limit).contains(&exponent) {
        plain(&mut out, &decimal, written - decimal.point);
    } else {
        scientific(&mut out, &decimal, exponent);
    }
    out
}

/// The shortest decimal, with an exponent if it is below -4 or not below 6.
pub(super) fn shortest_general(number: &Number) -> String {
    let mut out = sign(number);
    let Some(it) = number.finite() else {
        out.push_str(not_finite(number));
        return out;
    };
    let decimal = shortest_decimal(&it, number.precision);
    let exponent = decimal.point - 1;
    if (-4..6).contains(&exponent) {
        plain(&mut out, &decimal, decimal.digits.len() as i64 - decimal.point);
    } else {
        scientific(&mut out, &decimal, exponent);
    }
    out
}

/// That many digits behind the point, half to even.
pub(super) fn fixed(number: &Number, decimals: usize) -> String {
    let mut out = sign(number);
    if number.is_infinite() {
        out.push_str(not_finite(number));
        return out;
    }
    let decimal = number.finite().map_or_else(Decimal::zero, |it| {
        let exact = Decimal::exact(&it);
        match usize::try_from(exact.point.saturating_add_unsigned(decimals as u64)) {
            Ok(digits) => exact.rounded(digits),
            // All its digits are further behind than those that are wanted.
            Err(_) => exact,
        }
    });
    plain(&mut out, &decimal, decimals as i64);
    out
}

/// One digit before the point and that many behind it, half to even, and an exponent.
pub(super) fn exponential(number: &Number, decimals: usize) -> String {
    let mut out = sign(number);
    if number.is_infinite() {
        out.push_str(not_finite(number));
        return out;
    }
    let decimal = number
        .finite()
        .map_or_else(Decimal::zero, |it| Decimal::exact(&it).rounded(decimals.saturating_add(1)));
    let exponent = decimal.point - 1;
    let mut padded = decimal;
    padded.digits.resize(decimals.saturating_add(1), b'0');
    scientific(&mut out, &padded, exponent);
    out
}

impl Scale {
    /// For at least `wanted` digits of a number below `2^top`.
    fn new(top: i64, wanted: u64) -> Self {
        // 1233/4096 is a little more than the decimal logarithm of 2, close enough here.
        let ten = (wanted as i64).saturating_sub(top.saturating_mul(1233) / 4096);
        let power = u32::try_from(ten.unsigned_abs()).unwrap_or(u32::MAX);
        Self { ten, five: BigUint::from(5_u8).pow(power) }
    }
}

impl Decimal {
    /// No digits; the point stands where a zero's exponent is 0.
    fn zero() -> Self {
        Self { digits: Vec::new(), point: 1, more: false }
    }

    /// All digits: a negative power of two has as many behind the point.
    fn exact(it: &Finite) -> Self {
        let ten = it.exponent.min(0).saturating_neg();
        let power = u32::try_from(ten).unwrap_or(u32::MAX);
        let scale = Scale { ten, five: BigUint::from(5_u8).pow(power) };
        Self::leading(&it.mantissa, it.exponent, &scale)
    }

    /// The leading digits of `mantissa * 2^exponent`, as far as the scale brings them before the
    /// point.
    fn leading(mantissa: &BigUint, exponent: i64, scale: &Scale) -> Self {
        // What is left to do by powers of two once the power of five is applied.
        let shift = exponent.saturating_add(scale.ten);
        let (mut over, mut under) = (mantissa.clone(), BigUint::from(1_u8));
        if scale.ten >= 0 {
            over *= &scale.five;
        } else {
            under *= &scale.five;
        }
        if shift >= 0 {
            over <<= shift;
        } else {
            under <<= shift.unsigned_abs();
        }
        let whole = &over / &under;
        let more = &whole * &under != over;
        let mut digits = whole.to_str_radix(10).into_bytes();
        let point = digits.len() as i64 - scale.ten;
        trim(&mut digits);
        Self { digits, point, more }
    }

    /// The digit at a place, counted from the first that is not zero.
    fn at(&self, place: usize) -> u8 {
        self.digits.get(place).copied().unwrap_or(b'0')
    }

    /// Whether that place has the last digit of the exact value.
    fn ends_at(&self, place: usize) -> bool {
        !self.more && place + 1 == self.digits.len()
    }

    /// That many digits, those behind cut off.
    fn cut(mut self, digits: usize) -> Self {
        self.digits.truncate(digits);
        trim(&mut self.digits);
        self.more = false;
        self
    }

    /// That many digits, the last one counted up.
    fn up(mut self, digits: usize) -> Self {
        self.digits.truncate(digits);
        self.more = false;
        while let Some(last) = self.digits.pop() {
            if last < b'9' {
                self.digits.push(last + 1);
                return self;
            }
        }
        self.digits.push(b'1');
        self.point += 1;
        self
    }

    /// That many digits, half to even.
    fn rounded(self, digits: usize) -> Self {
        if digits >= self.digits.len() {
            return self;
        }
        let up = if self.at(digits) == b'5' && self.ends_at(digits) {
            digits > 0 && (self.at(digits - 1) - b'0') % 2 == 1
        } else {
            self.at(digits) >= b'5'
        };
        if up { self.up(digits) } else { self.cut(digits) }
    }
}

/// The fewest digits that lie closer to the number than half a bit of its precision.
fn shortest_decimal(it: &Finite, precision: u32) -> Decimal {
    // The mantissa of exactly one bit more than the precision: its last bit is the half.
    let bits = u64::from(precision) + 1;
    let mantissa = &it.mantissa << bits.saturating_sub(it.mantissa.bits());
    let exponent = it.top().saturating_sub_unsigned(mantissa.bits());
    let one = BigUint::from(1_u8);
    // A decimal digit is worth 3.3 bits; some more digits than that tell neighbours apart.
    let scale = Scale::new(it.top(), u64::from(precision) * 1234 / 4096 + 20);
    let exact = Decimal::leading(&mantissa, exponent, &scale);
    let lower = Decimal::leading(&(&mantissa - &one), exponent, &scale);
    let upper = Decimal::leading(&(&mantissa + &one), exponent, &scale);
    // Half to even: halfway to a neighbour still reads back as a number that is even.
    let even = !mantissa.bit(1);
    for place in 0..exact.digits.len() {
        let (below, digit, above) = (lower.at(place), exact.at(place), upper.at(place));
        let down = below != digit || even && lower.ends_at(place);
        let up = digit != above
            && (even || digit + 1 < above || upper.more || place + 1 < upper.digits.len());
        match (down, up) {
            (true, true) => return exact.rounded(place + 1),
            (true, false) => return exact.cut(place + 1),
            (false, true) => return exact.up(place + 1),
            (false, false) => {}
        }
    }
    exact
}

fn sign(number: &Number) -> String {
    let sign = match (&number.repr, number.is_negative()) {
        (_, true) => "-",
        (Repr::Infinite { .. }, false) => "+",
        (_, false) => "",
    };
    sign.to_owned()
}

fn not_finite(number: &Number) -> &'static str {
    if number.is_infinite() { "Inf" } else { "0" }
}

/// Writes the digits with `decimals` of them behind the point, and zeros where there are none.
fn plain(out: &mut String, decimal: &Decimal, decimals: i64) {
    if decimal.point <= 0 {
        out.push('0');
    }
    out.extend((0..decimal.point).map(|it| char::from(decimal.at(it as usize))));
    if decimals > 0 {
        out.push('.');
        out.extend(
            (decimal.point..decimal.point + decimals)
                .map(|it| usize::try_from(it).map_or('0', |it| char::from(decimal.at(it)))),
        );
    }
}

/// Writes one digit before the point, and an exponent of at least two digits.
fn scientific(out: &mut String, decimal: &Decimal, exponent: i64) {
    let mut digits = decimal.digits.iter().map(|it| char::from(*it));
    out.extend(digits.next());
    let rest: String = digits.collect();
    if !rest.is_empty() {
        out.push('.');
        out.push_str(&rest);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
}

fn trim(digits: &mut Vec<u8>) {
    let kept = digits.iter().rposition(|it| *it != b'0').map_or(0, |it| it + 1);
    digits.truncate(kept);
}
