//! The layouts of `formatdate`.

use super::timestamp::{Clock, Timestamp};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The time, written as the layout says.
///
/// # Errors
/// A verb that does not exist, or text in quotes without an end.
pub(super) fn written(layout: &str, time: &Timestamp) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => quoted(rest),
            it if it.is_ascii_alphabetic() => rest.find(|other| other != it).unwrap_or(rest.len()),
            _ => rest.find(|it: char| it == '\'' || it.is_ascii_alphabetic()).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match first {
            '\'' => out.push_str(&unquoted(token)?),
            it if it.is_ascii_alphabetic() => out.push_str(&verb(it, token, time)?),
            _ => out.push_str(token),
        }
    }
    Ok(out)
}

/// The bytes from a quote to the one that ends it; two quotes in a row are one in the text.
fn quoted(it: &str) -> usize {
    if it.starts_with("''") {
        return 2;
    }
    let mut at = 1;
    while let Some(found) = it.get(at..).and_then(|rest| rest.find('\'')) {
        at += found + 1;
        if !it[at..].starts_with('\'') {
            return at;
        }
        at += 1;
    }
    it.len()
}

fn unquoted(token: &str) -> Result<String, String> {
    if token == "''" {
        return Ok("'".to_owned());
    }
    let inside = token.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    let inside = inside.ok_or("unterminated literal '")?;
    Ok(match inside.strip_suffix('\'') {
        // The text ends within a pair of quotes, of which the second was taken for its end.
        Some(it) if it.matches('\'').count() % 2 == 0 => it.replace("''", "'") + "'",
        _ => inside.replace("''", "'"),
    })
}

fn verb(letter: char, token: &str, time: &Timestamp) -> Result<String, String> {
    let Clock { year, month, day, weekday, hour, minute, second } = time.clock();
    let name = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
    };
    let short = |it: &str| it.chars().take(3).collect::<String>();
    let plain = |it: i64| it.to_string();
    let two = |it: i64| format!("{it:02}");
    let half = if hour % 12 == 0 { 12 } else { hour % 12 };
    let wrong = |cure: &str| Err(format!("invalid date format verb {token:?}{cure}"));
    Ok(match (letter, token.len()) {
        ('Y', 2) => two(year % 100),
        ('Y', 4) => format!("{year:04}"),
        ('Y', _) => return wrong(": year must either be \"YY\" or \"YYYY\""),
        ('M', 1) => plain(month),
        ('M', 2) => two(month),
        ('M', 3) => short(name(&MONTHS, month - 1)),
        ('M', 4) => name(&MONTHS, month - 1).to_owned(),
        ('M', _) => return wrong(": month must be \"M\", \"MM\", \"MMM\", or \"MMMM\""),
        ('D', 1) => plain(day),
        ('D', 2) => two(day),
        ('D', _) => return wrong(": day of month must either be \"D\" or \"DD\""),
        ('E', 3) => short(name(&DAYS, weekday)),
        ('E', 4) => name(&DAYS, weekday).to_owned(),
        ('E', _) => return wrong(": day of week must either be \"EEE\" or \"EEEE\""),
        ('h', 1) => plain(hour),
        ('h', 2) => two(hour),
        ('h', _) => return wrong(": 24-hour must either be \"h\" or \"hh\""),
        ('H', 1) => plain(half),
        ('H', 2) => two(half),
        ('H', _) => return wrong(": 12-hour must either be \"H\" or \"HH\""),
        ('A', 2) => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        ('a', 2) => if hour < 12 { "am" } else { "pm" }.to_owned(),
        ('A' | 'a', _) => return wrong(&format!(": must be \"{letter}{letter}\"")),
        ('m', 1) => plain(minute),
        ('m', 2) => two(minute),
        ('m', _) => return wrong(": minute must either be \"m\" or \"mm\""),
        ('s', 1) => plain(second),
        ('s', 2) => two(second),
        ('s', _) => return wrong(": second must either be \"s\" or \"ss\""),
        ('Z', 1) if time.offset == 0 => "Z".to_owned(),
        ('Z', 3) if time.offset == 0 => "UTC".to_owned(),
        ('Z', 1 | 5) => time.offset(":"),
        ('Z', 3 | 4) => time.offset(""),
        ('Z', _) => return wrong(": timezone must be Z, ZZZZ, or ZZZZZ"),
        _ => return wrong(""),
    })
}
