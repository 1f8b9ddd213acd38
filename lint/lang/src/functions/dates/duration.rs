//! Durations as Go reads them: `1h30m`, `-1.5s`.

/// Nanoseconds.
///
/// # Errors
/// Go's own words.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        if !rest.starts_with(|it: char| it == '.' || it.is_ascii_digit()) {
            return Err(invalid());
        }
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let is_unit = |it: char| it != '.' && !it.is_ascii_digit();
        let (name, after) = after.split_at(after.find(|it| !is_unit(it)).unwrap_or(after.len()));
        if name.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let Some(unit) = unit(name) else {
            return Err(format!("time: unknown unit {name:?} in duration {text:?}"));
        };
        rest = after;
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let mut nanoseconds = whole.checked_mul(unit).filter(in_range).ok_or_else(invalid)?;
        let (fraction, scale) = fraction_of(fraction);
        if fraction > 0 {
            nanoseconds += (fraction as f64 * (unit as f64 / scale)) as u64;
        }
        sum = sum.checked_add(nanoseconds).filter(in_range).ok_or_else(invalid)?;
    }
    match (negative, i64::try_from(sum)) {
        (false, Ok(it)) => Ok(it),
        (true, Ok(it)) => Ok(-it),
        (true, Err(_)) => Ok(i64::MIN),
        (false, Err(_)) => Err(invalid()),
    }
}

fn in_range(it: &u64) -> bool {
    *it <= 1 << 63
}

fn digits(it: &str) -> (&str, &str) {
    it.split_at(it.find(|it: char| !it.is_ascii_digit()).unwrap_or(it.len()))
}

/// The digits behind a point as a number, and what it is to be divided by. Those that do not fit
/// are left out.
fn fraction_of(digits: &str) -> (u64, f64) {
    let (mut value, mut scale) = (0_u64, 1.0);
    for it in digits.bytes() {
        let next = value.checked_mul(10).and_then(|v| v.checked_add(u64::from(it - b'0')));
        match next.filter(|it| *it < 1 << 63) {
            Some(it) => (value, scale) = (it, scale * 10.0),
            None => break,
        }
    }
    (value, scale)
}

fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}
