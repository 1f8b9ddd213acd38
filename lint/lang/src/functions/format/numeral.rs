//! Numbers by the verbs of Go's `fmt`, with its rules for sign, prefix and padding.

use stanchion_cty::Number;

use super::verb::Verb;
use super::{Refused, limit};

/// The number as the verb wants it; `None` if it must be a whole number and is not.
pub(super) fn written(verb: &Verb<'_>, number: &Number) -> Result<Option<String>, Refused> {
    let is_whole = matches!(verb.mode, 'b' | 'd' | 'o' | 'x' | 'X');
    if is_whole && !number.is_integer() {
        return Ok(None);
    }
    if [verb.width, verb.precision].into_iter().flatten().any(is_too_large) {
        return Ok(Some(given_up(number, is_whole)));
    }
    let most = verb.width.unwrap_or(0).max(verb.precision.unwrap_or(0));
    limit(most)?;
    Ok(if is_whole { integer(verb, number) } else { Some(float(verb, number)) })
}

/// Go stops to read a width once it is above a million and another digit follows.
fn is_too_large(it: usize) -> bool {
    it / 10 > 1_000_000
}

/// What Go writes for a verb that it can't read: Terraform's result, too.
fn given_up(number: &Number, is_whole: bool) -> String {
    let (ty, text) = match number.to_radix(10).filter(|_| is_whole) {
        Some(it) => ("*big.Int", it),
        None => ("*big.Float", number.to_general()),
    };
    format!("%!(NOVERB)%!(EXTRA {ty}={text})")
}

fn integer(verb: &Verb<'_>, number: &Number) -> Option<String> {
    let (base, prefix) = match verb.mode {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let digits = number.to_radix(base)?;
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(it) => ("-", it.to_owned()),
        None => (sign(verb), digits),
    };
    let digits = if verb.mode == 'X' { digits.to_ascii_uppercase() } else { digits };
    let prefix = if verb.sharp { prefix } else { "" };
    if verb.precision == Some(0) && digits == "0" {
        return Some(String::new());
    }
    let mut zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let missing = verb.width.unwrap_or(0).saturating_sub(length);
    let (mut left, mut right) = (0, 0);
    if verb.minus {
        right = missing;
    } else if verb.zero && verb.precision.is_none() {
        zeros = missing;
    } else {
        left = missing;
    }
    let blank = |count: usize| " ".repeat(count);
    let zeros = "0".repeat(zeros);
    Some(format!("{}{sign}{prefix}{zeros}{digits}{}", blank(left), blank(right)))
}

fn float(verb: &Verb<'_>, number: &Number) -> String {
    let text = match (verb.mode.to_ascii_lowercase(), verb.precision) {
        ('e', precision) => number.to_exponential(precision.unwrap_or(6)),
        ('g', None) => number.to_general(),
        ('g', Some(digits)) => number.to_significant(digits),
        (_, precision) => number.to_fixed(precision.unwrap_or(6)),
    };
    let is_infinite = number.is_infinite();
    let text = match verb.mode {
        'E' | 'G' if !is_infinite => text.to_ascii_uppercase(),
        _ => text,
    };
    let (sign, digits) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(it), _) => ("-", it),
        (_, Some(it)) => (if verb.space { " " } else { "+" }, it),
        _ => (sign(verb), &*text),
    };
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
    let blank = " ".repeat(missing);
    if verb.zero && !is_infinite {
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else if verb.minus {
        format!("{sign}{digits}{blank}")
    } else {
        format!("{blank}{sign}{digits}")
    }
}

/// What stands before a number that is not negative.
fn sign(verb: &Verb<'_>) -> &'static str {
    match (verb.plus, verb.space) {
        (true, _) => "+",
        (false, true) => " ",
        (false, false) => "",
    }
}
