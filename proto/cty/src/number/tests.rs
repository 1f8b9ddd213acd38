//! Numbers print, parse and compute as Terraform's.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn printed(it: Result<Number, ArithmeticError>) -> String {
    it.unwrap().to_string()
}

#[test]
fn a_result_is_as_precise_as_its_wider_operand() {
    let (counted, written) = (Number::from(3), number("3"));
    let one = Number::from(1);
    assert_eq!(printed(one.div(&counted)), "0.33333333333333333334");
    let third = one.div(&written).unwrap();
    assert_eq!((third.precision(), third.to_string().len()), (512, 157));
    let float = Number::from_f64(0.1).unwrap();
    assert_eq!((float.precision(), float.to_string()), (53, "0.1".to_owned()));
    let product = float.mul(&Number::from(3)).unwrap();
    assert_eq!(
        (product.precision(), product.to_string()),
        (64, "0.30000000000000001665".to_owned())
    );
}

#[test]
fn tenths_are_not_exact_and_thirds_come_together_again() {
    let square = number("1.1").mul(&number("1.1")).unwrap();
    assert_ne!(square, number("1.21"));
    let third = number("1").div(&number("3")).unwrap();
    assert_eq!(third.mul(&number("3")).unwrap(), number("1"));
    let mut large = number("1");
    for _ in 0..600 {
        large = large.add(&large).unwrap();
    }
    assert_eq!(large.add(&number("1")).unwrap(), large, "512 bits hold no such difference");
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "", "-", ".", "e1", "1e", "1e+", " 1", "1_0", "0x1", "1,5", "NaN", "INF", "--1", "1e3.5",
        "1.2.3",
    ] {
        assert_eq!(Number::parse(text), Err(ParseNumberError::NotANumber), "{text:?}");
    }
    assert_eq!(Number::parse("1e99999999999999999999"), Err(ParseNumberError::OutOfRange));
    assert_eq!(Number::parse_integer("12", 2), Err(ParseNumberError::NotANumber));
    assert_eq!(Number::parse_integer("1", 63), Err(ParseNumberError::NotANumber));
    assert_eq!(Number::parse_integer("1_0", 10), Err(ParseNumberError::NotANumber));
}

#[test]
fn a_number_has_several_spellings() {
    let rows = [
        ("+1", "1"),
        (".5", "0.5"),
        ("1.", "1"),
        ("1E+2", "100"),
        ("1p3", "8"),
        ("00012", "12"),
        ("inf", "+Inf"),
        ("-Inf", "-Inf"),
        ("-0", "-0"),
    ];
    for (text, shown) in rows {
        assert_eq!(number(text).to_string(), shown, "{text:?}");
    }
    assert_eq!(Number::parse_integer("-Zz", 36).unwrap().to_i64(), Some(-1295));
    assert_eq!(Number::parse_integer("Zz", 62).unwrap().to_i64(), Some(61 * 62 + 35));
}

#[test]
fn zero_by_zero_and_the_like_have_no_result() {
    let (zero, infinity) = (Number::ZERO, Number::infinity(false));
    assert_eq!(zero.div(&zero), Err(ArithmeticError::Indeterminate));
    assert_eq!(infinity.div(&infinity), Err(ArithmeticError::Indeterminate));
    assert_eq!(infinity.sub(&infinity), Err(ArithmeticError::OpposedInfinities));
    assert_eq!(infinity.mul(&zero), Err(ArithmeticError::ZeroTimesInfinity));
    assert_eq!(infinity.rem(&number("3")), Err(ArithmeticError::Indeterminate));
    assert_eq!(number("-1").div(&zero).unwrap(), Number::infinity(true));
    assert_eq!(number("5").rem(&zero).unwrap(), number("5"));
}

#[test]
fn numbers_too_large_to_handle_are_refused_at_once() {
    let start = Instant::now();
    for text in ["1e999999999", "1e-999999999", "1e400000", "1p2000000", "-1e3000000000"] {
        assert_eq!(Number::parse(text), Err(ParseNumberError::OutOfRange), "{text}");
    }
    let digits = "9".repeat(2_000_000);
    assert_eq!(Number::parse(&digits), Err(ParseNumberError::OutOfRange));
    let large = number("1e300000");
    assert_eq!(large.mul(&large), Err(ArithmeticError::OutOfRange));
    assert_eq!(number("1").div(&large).unwrap().div(&large), Err(ArithmeticError::OutOfRange));
    assert_eq!(large.to_string().len(), 300_001);
    assert!(number("1e-300000").to_string().ends_with("0001"));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn what_is_written_with_many_zeros_is_read_again() {
    for text in ["1e300000", "-123e299999", ".2p445262", "1e-300000", "7p1000000"] {
        let it = number(text);
        assert_eq!(number(&it.to_string()), it, "{text}");
    }
    let zeros = format!("1{}", "0".repeat(315_000));
    assert_eq!(number(&zeros), number("1e315000"));
    assert_eq!(Number::parse(&format!("{zeros}{zeros}")), Err(ParseNumberError::OutOfRange));
}

#[test]
fn whole_parts_are_taken_downwards_upwards_and_towards_zero() {
    let rows = [("1.5", 1, 2, 1), ("-1.5", -2, -1, -1), ("2", 2, 2, 2), ("-0.1", -1, 0, 0)];
    for (text, floor, ceil, trunc) in rows {
        let it = number(text);
        let found = [it.floor(), it.ceil(), it.trunc()].map(|it| it.to_i64().unwrap());
        assert_eq!(found, [floor, ceil, trunc], "{text}");
    }
}

#[test]
fn significant_digits_have_an_exponent_where_they_must() {
    let rows = [
        ("12345678901", "1.23456789e+10"),
        ("0.00001", "1e-05"),
        ("0.0001", "0.0001"),
        ("1e9", "1000000000"),
        ("1e10", "1e+10"),
        ("-0", "-0"),
        ("1.5", "1.5"),
        ("9999999999.9", "1e+10"),
        ("inf", "+Inf"),
    ];
    for (text, shown) in rows {
        assert_eq!(number(text).to_significant(10), shown, "{text}");
    }
}

#[test]
fn numbers_out_of_the_range_of_an_integer_are_none() {
    let beyond = number("18446744073709551616");
    assert_eq!((beyond.to_i64(), beyond.to_u64()), (None, None));
    assert_eq!(number("18446744073709551615").to_u64(), Some(u64::MAX));
    assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
    assert_eq!(number("9223372036854775808").neg().to_i64(), Some(i64::MIN));
    assert_eq!((number("-1").to_u64(), number("1.5").to_i64()), (None, None));
    assert_eq!((number("0.1").to_f64(), number("0.5").to_f64()), (None, Some(0.5)));
    assert_eq!(number("1e400").to_f64_nearest(), f64::INFINITY);
    assert_eq!(number("1e-400").to_f64_nearest(), 0.0);
}

#[test]
fn the_nearest_float_is_that_of_the_text() {
    let small = ["1e-45", "7e-46", "7.1e-46", "1.1754943e-38", "3.4028235e38", "3.4028236e38"];
    let halves = ["16777217", "16777219", "0.1", "-0.3", "1e39", "1e-60"];
    for text in [small, halves].concat() {
        let nearest: f32 = text.parse().unwrap();
        assert_eq!(number(text).to_f32_nearest().to_bits(), nearest.to_bits(), "{text}");
    }
    for text in ["5e-324", "2.4e-324", "2.5e-324", "1.7976931348623159e308", "9007199254740993"] {
        let nearest: f64 = text.parse().unwrap();
        assert_eq!(number(text).to_f64_nearest().to_bits(), nearest.to_bits(), "{text}");
    }
}

#[test]
fn equal_numbers_hash_the_same_whatever_their_precision() {
    let set: HashSet<Number> =
        [number("1"), Number::from(1), Number::from_f64(1.0).unwrap(), number("0"), number("-0")]
            .into_iter()
            .collect();
    assert_eq!(set.len(), 2);
}

#[test]
fn digits_are_written_as_go_writes_them() {
    let third = number("1").div(&number("3")).unwrap();
    assert_eq!(third.to_fixed(3), "0.333");
    assert_eq!(number("99.5").to_fixed(0), "100");
    assert_eq!(number("0.5").to_fixed(0), "0");
    assert_eq!(number("-0.001").to_fixed(1), "-0.0");
    assert_eq!(number("1e-10").to_fixed(3), "0.000");
    assert_eq!(number("0").to_exponential(2), "0.00e+00");
    assert_eq!(number("9.9999999e9").to_exponential(6), "1.000000e+10");
    assert_eq!(number("1000000").to_general(), "1e+06");
    assert_eq!(number("0.0001").to_general(), "0.0001");
    assert_eq!(Number::infinity(true).to_fixed(2), "-Inf");
    assert_eq!(number("-255").to_radix(16).as_deref(), Some("-ff"));
    assert_eq!(number("1e20").to_radix(10).as_deref(), Some("100000000000000000000"));
    assert_eq!((number("0.5").to_radix(10), number("5").to_radix(1)), (None, None));
}

#[test]
fn a_float_prints_as_a_number_of_53_bits() {
    // As Go's `new(big.Float).SetFloat64(f).Text('g', -1)` writes them: subnormal ones with digits
    // that a float could spare, and a last digit that other languages round the other way.
    for (bits, digits) in [
        (1, "4940656458412465"),
        (3, "14821969375237396"),
        (2_808_489_734_071_436, "13875782943025148"),
        ((1 << 52) - 1, "2225073858507201"),
        (1 << 52, "22250738585072014"),
        (4_868_766_481_687_945_767, "312248584179845560"),
        (4_828_681_448_145_239_746, "665780903929816.2"),
    ] {
        let it = Number::from_f64(f64::from_bits(bits)).unwrap();
        assert_eq!(it.to_string().trim_start_matches(['0', '.']), digits);
        assert_eq!(it.to_f64(), Some(f64::from_bits(bits)));
    }
}

#[test]
fn small_numbers_are_fast() {
    let start = Instant::now();
    let mut sum = Number::ZERO;
    for i in 0..300_000_i64 {
        sum = sum.add(&Number::from(i).mul(&Number::from(3)).unwrap()).unwrap();
    }
    assert_eq!(sum.to_i64(), Some(134_999_550_000));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn a_number_printed_and_parsed_again_is_the_same_number(
        digits in "[0-9]{1,200}", fraction in "[0-9]{0,200}", exponent in -400..400, negative: bool
    ) {
        let sign = if negative { "-" } else { "" };
        let it = number(&format!("{sign}{digits}.{fraction}e{exponent}"));
        prop_assert_eq!(number(&it.to_string()), it);
    }

    #[test]
    fn a_float_prints_as_shortly_as_rust_prints_it(bits: u64) {
        let float = f64::from_bits(bits);
        if let Some(it) = Number::from_f64(float).filter(|it| !it.is_infinite()) {
            prop_assert_eq!(it.to_string().parse(), Ok(float));
            prop_assert_eq!(it.to_f64(), Some(float));
            // A subnormal float has fewer bits than the 53 that its number says of itself.
            if !float.is_subnormal() {
                prop_assert_eq!(it.to_string().len(), float.to_string().len());
            }
        }
    }

    #[test]
    fn integers_compute_as_integers(a: i64, b: i64) {
        let (x, y) = (Number::from(a), number(&b.to_string()));
        let (wide_a, wide_b) = (i128::from(a), i128::from(b));
        prop_assert_eq!(printed(x.add(&y)), (wide_a + wide_b).to_string());
        prop_assert_eq!(printed(x.sub(&y)), (wide_a - wide_b).to_string());
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x.neg(), number(&(-wide_a).to_string()));
        if a != 0 && b != 0 {
            prop_assert_eq!(printed(x.mul(&y)), (wide_a * wide_b).to_string());
            prop_assert_eq!(x.mul(&y).unwrap().div(&x).unwrap(), y);
        }
    }

    #[test]
    fn the_order_is_that_of_the_values(a in -1e300..1e300_f64, b in -1e-3..1e-3_f64) {
        let (x, y) = (Number::from_f64(a).unwrap(), Number::from_f64(b).unwrap());
        prop_assert_eq!(x.partial_cmp(&y), a.partial_cmp(&b));
        prop_assert_eq!(number(&x.to_string()).partial_cmp(&y), a.partial_cmp(&b));
    }
}
