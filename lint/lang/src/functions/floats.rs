//! Logarithms and powers of 64-bit floats, to the last bit as Terraform's builds for x86-64 compute
//! them. Go's own functions differ there from those of other mathematical libraries.

use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

/// The natural logarithm. The method is that of `e_log` in Sun's fdlibm, which Go took.
pub(super) fn ln(x: f64) -> f64 {
    /// ln 2 in two parts: the first has zeros at its end, so that its multiples are exact.
    const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
    /// The minimax polynomial of `ln((1+s)/(1-s)) / s - 2` in s², odd and even terms apart.
    const ODD: [u64; 4] = [
        0x3fe5_5555_5555_5593,
        0x3fd2_4924_9422_9359,
        0x3fc7_4664_96cb_03de,
        0x3fc2_f112_df3e_5244,
    ];
    const EVEN: [u64; 3] = [0x3fd9_9999_9997_fa04, 0x3fcc_71c5_1d8e_78af, 0x3fc3_9a09_d078_c69f];
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x < 0.0 {
        return f64::NAN;
    }
    if x.is_infinite() || x.is_nan() {
        return x;
    }
    let (mut fraction, mut exponent) = split(x);
    if fraction < SQRT_2 / 2.0 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let (f, k) = (fraction - 1.0, f64::from(exponent));
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2 * horner(&ODD, s4);
    let even = s4 * horner(&EVEN, s4);
    let half_square = 0.5 * f * f;
    let rest = s * (half_square + (odd + even)) + k * LN_2_LOW;
    k * LN_2_HIGH - ((half_square - rest) - f)
}

/// `x` to the power of `y`: its whole part by squaring, the rest by logarithm.
pub(super) fn pow(x: f64, y: f64) -> f64 {
    let settled = !x.is_finite() || !y.is_finite() || x == 0.0 || y == 0.0 || x == 1.0 || y == 1.0;
    if settled || y.abs() == 0.5 || y.abs() >= TWO_TO_63 || (x < 0.0 && y.fract() != 0.0) {
        return special(x, y);
    }
    let (mut whole, mut fraction) = (y.abs().trunc(), y.abs().fract());
    let (mut product, mut exponent) = (1.0, 0_i64);
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        product = exp(fraction * ln(x));
    }
    let (mut square, binary) = if x.abs() < f64::MIN_POSITIVE {
        let (square, binary) = split(x * TWO_TO_52);
        (square, binary - 52)
    } else {
        split(x)
    };
    let mut doubled = i64::from(binary);
    let mut bits = whole as u64;
    while bits != 0 {
        if doubled.abs() > 1 << 12 {
            exponent += doubled;
            break;
        }
        if bits & 1 == 1 {
            product *= square;
            exponent += doubled;
        }
        square *= square;
        doubled <<= 1;
        if square < 0.5 {
            square += square;
            doubled -= 1;
        }
        bits >>= 1;
    }
    if y < 0.0 { scaled(1.0 / product, -exponent) } else { scaled(product, exponent) }
}

const TWO_TO_52: f64 = 4_503_599_627_370_496.0;
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// What needs no computation, as IEEE 754 and C's standard settle it.
fn special(x: f64, y: f64) -> f64 {
    if y == 0.5 && x.is_finite() {
        return x.sqrt();
    }
    if y == -0.5 && x.is_finite() && x != 0.0 {
        return 1.0 / x.sqrt();
    }
    x.powf(y)
}

/// `e` to the power of `x`: a Taylor series of a sixteenth of what is left of `x` after taking off
/// multiples of ln 2, doubled four times (Shibata, Efficient evaluation methods of elementary
/// functions suitable for SIMD computation, 2010), with fused multiplications.
fn exp(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 0.693_147_180_559_662_956_511_601_805_686_950_683_593_75;
    const LN_2_LOW: f64 = 0.282_352_905_630_315_771_225_884_481_750_134_360_255_254_120_68e-12;
    /// 1/8!, 1/7!, … 1/2!, 1.
    const TERMS: [f64; 8] =
        [1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0];
    let k = (x * LOG2_E).round_ties_even();
    let mut rest = (-k).mul_add(LN_2_LOW, (-k).mul_add(LN_2_HIGH, x));
    rest *= 0.0625;
    let mut series = TERMS[0];
    for term in &TERMS[1..] {
        series = series.mul_add(rest, *term);
    }
    // That is e^rest - 1; (1 + a)² - 1 is a * (a + 2).
    let mut less_one = rest * series;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    let result = less_one.mul_add(less_one + 2.0, 1.0);
    debug_assert!(x.abs() <= 800.0 * LN_2);
    scaled(result, k as i64)
}

/// A positive normal float, or a negative one, as a fraction from ½ to 1 and a power of two.
fn split(x: f64) -> (f64, i32) {
    const FIELD: u64 = 0x7ff << 52;
    let bits = x.to_bits();
    let exponent = ((bits & FIELD) >> 52) as i32 - 1022;
    (f64::from_bits(bits & !FIELD | 1022 << 52), exponent)
}

/// `x * 2^exponent`, with one rounding.
fn scaled(x: f64, exponent: i64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let (fraction, own) = split(x);
    let exponent = exponent + i64::from(own);
    if exponent > 1024 {
        return x.signum() * f64::INFINITY;
    }
    if exponent < -1075 {
        return x.signum() * 0.0;
    }
    let power = |it: i64| f64::from_bits(u64::try_from(it + 1023).unwrap_or(0) << 52);
    // The first step is exact, the second rounds only where the result is less than a normal float.
    let step = exponent.clamp(-1021, 1023);
    let rest = exponent - step;
    fraction * power(step) * power(rest)
}

fn horner(terms: &[u64], at: f64) -> f64 {
    terms.iter().rev().map(|it| f64::from_bits(*it)).reduce(|sum, it| sum * at + it).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::{ln, pow};

    #[test]
    fn results_are_those_of_terraform_to_the_last_bit() {
        assert_eq!(ln(3.0) / ln(7.0), 0.564_575_034_053_579_6);
        assert_eq!(ln(243.0) / ln(3.0), 5.0);
        assert_eq!(pow(7.0, 33.0), 7_730_993_719_707_445e12);
        assert_eq!(pow(10.0, 300.0), 10_000_000_000_000_006e284);
        assert_eq!(pow(1.000_000_1, 1_234_567.0), 1.131_401_006_907_346_1);
    }

    #[test]
    fn no_float_panics_and_the_ends_are_right() {
        let all = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, 5e-324, 1e308, f64::MAX, f64::INFINITY];
        for x in all.into_iter().chain(all.map(|it: f64| -it)) {
            for y in all.into_iter().chain(all.map(|it: f64| -it)) {
                let (ours, exact) = (pow(x, y), x.powf(y));
                let close = (ours - exact).abs() <= exact.abs() * 1e-12;
                assert!(
                    ours == exact || close || ours.is_nan() && exact.is_nan(),
                    "{x} {y} {ours}"
                );
            }
        }
        assert_eq!((ln(0.0), ln(f64::INFINITY)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(ln(-1.0).is_nan());
    }
}
