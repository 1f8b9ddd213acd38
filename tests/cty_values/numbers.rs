//! Expressions of numbers.

use stanchion_cty::{Number, Value};

use crate::oracle::Case;
use crate::random::Random;

/// What may or may not be a number.
const SPELLINGS: &[&str] = &[
    "1e3",
    "1E3",
    "+1",
    "-1",
    ".5",
    "1.",
    "-.5",
    ".",
    "",
    "-",
    "+",
    "e1",
    "1e",
    "1e+",
    "1e-3",
    "1E+2",
    "Inf",
    "inf",
    "-Inf",
    "+inf",
    "INF",
    "infinity",
    "NaN",
    "nan",
    "0x10",
    "0b1",
    "1_000",
    "1p3",
    "1P-1",
    "1.5p2",
    " 1",
    "1 ",
    "00012",
    "-0",
    "0",
    "-0.0",
    "0e99999",
    "1e99999999999999999999",
    "0.1e1",
    "1,5",
    "1e3.5",
    "--1",
    "+-1",
    "1e1000",
    "1e-1000",
    "123456789012345678901234567890",
    "1.2.3",
    "1e0",
    "١",
];

/// Each spelling as a string to be converted.
pub(crate) fn spellings() -> Vec<Case> {
    let case = |it: &&str| {
        let ours = Number::parse(it).ok().map(|it| Value::from(it.to_string()));
        Case::new(format!("tostring(tonumber({it:?}))"), ours)
    };
    SPELLINGS.iter().map(case).collect()
}

/// A computation, printed.
pub(crate) fn case(random: &mut Random) -> Case {
    let (text, number) = expression(random, 2);
    let ours = number.map(|it| Value::from(it.to_string()));
    Case::new(format!("tostring({text})"), ours)
}

type Expression = (String, Option<Number>);

fn expression(random: &mut Random, depth: usize) -> Expression {
    if depth == 0 || random.one_in(8) {
        return operand(random);
    }
    let (left, a) = expression(random, depth - 1);
    if random.one_in(5) {
        return one_sided(random, &left, a);
    }
    let (right, b) = expression(random, depth - 1);
    let (Some(a), Some(b)) = (a, b) else { return (format!("({left} + {right})"), None) };
    // The remainder of an infinity crashes Terraform.
    let operators = if a.is_infinite() || b.is_infinite() { 4 } else { 5 };
    let (operator, result) = match random.below(operators) {
        0 => ("+", a.add(&b)),
        1 => ("-", a.sub(&b)),
        2 => ("*", a.mul(&b)),
        3 => ("/", a.div(&b)),
        _ => ("%", a.rem(&b)),
    };
    (format!("({left} {operator} {right})"), result.ok())
}

fn one_sided(random: &mut Random, text: &str, number: Option<Number>) -> Expression {
    match random.below(6) {
        0 => (format!("floor({text})"), number.map(|it| it.floor())),
        1 => (format!("ceil({text})"), number.map(|it| it.ceil())),
        2 => (format!("abs({text})"), number.map(|it| it.abs())),
        3 => (
            format!("signum({text})"),
            number.and_then(|it| it.to_i64()).map(|it| Number::from(it.signum())),
        ),
        4 => (
            format!("tonumber(tostring({text}))"),
            number.and_then(|it| Number::parse(&it.to_string()).ok()),
        ),
        _ => (format!("(-{text})"), number.map(|it| it.neg())),
    }
}

fn operand(random: &mut Random) -> Expression {
    match random.below(12) {
        0 => {
            let length = random.below(12);
            let elements = vec!["0"; length].join(", ");
            (format!("length([{elements}])"), Some(Number::from(length)))
        }
        1 | 2 => {
            let text = decimal(random);
            let float = Number::parse(&text).map_or(f64::NAN, |it| it.to_f64_nearest());
            let number = float.is_finite().then(|| Number::from_f64(float)).flatten();
            match number {
                Some(number) => (format!("pow({text}, 1)"), Some(number)),
                None => (text.clone(), Number::parse(&text).ok()),
            }
        }
        3 => {
            let length = 1 + random.below(160);
            let base = *random.pick(&[2_u32, 8, 10, 16, 36, 62]);
            let digits =
                random.digits(length).replace(['2', '3', '4', '5', '6', '7', '8', '9'], "1");
            let number = Number::parse_integer(&digits, base).ok();
            (format!("parseint(\"{digits}\", {base})"), number)
        }
        4 => {
            let text = decimal(random);
            (format!("tonumber(\"-{text}\")"), Number::parse(&format!("-{text}")).ok())
        }
        _ => {
            let text = decimal(random);
            let number = Number::parse(&text).ok();
            (text, number)
        }
    }
}

/// A literal of Terraform's language.
fn decimal(random: &mut Random) -> String {
    let short = 1 + random.below(4);
    match random.below(10) {
        0 => "0".to_owned(),
        1..=3 => random.digits(short),
        4 => {
            let length = 15 + random.below(10);
            random.digits(length)
        }
        5 => {
            let length = 1 + random.below(200);
            random.digits(length)
        }
        6 => format!("{}.{}", random.digits(short), random.digits(2)),
        7 => {
            let length = 1 + random.below(180);
            format!("0.0{}", random.digits(length))
        }
        8 => format!("{}.{}e{}", random.digits(1), random.digits(short), random.below(400)),
        _ => format!("{}e-{}", random.digits(short), random.below(400)),
    }
}
