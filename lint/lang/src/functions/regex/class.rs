//! Classes of characters and escapes of Go's patterns.

use super::pattern::{Mistake, mistake};

/// A class in brackets, translated, and what follows it.
pub(super) fn bracketed(from: &str) -> Result<(String, &str), Mistake> {
    let mut rest = &from[1..];
    let mut out = String::from("[");
    if let Some(it) = rest.strip_prefix('^') {
        out.push('^');
        rest = it;
    }
    let mut is_first = true;
    while is_first || !rest.starts_with(']') {
        is_first = false;
        if rest.starts_with("[:")
            && let Some(end) = rest[2..].find(":]")
        {
            let name = &rest[..end + 4];
            let known = name.trim_start_matches("[:").trim_start_matches('^');
            if !POSIX.contains(&known.trim_end_matches(":]")) {
                return Err(mistake("invalid character class range", name));
            }
            out.push_str(name);
            rest = &rest[end + 4..];
            continue;
        }
        if let Some((class, after)) = named(rest)? {
            out.push('[');
            out.push_str(&class);
            out.push(']');
            rest = after;
            continue;
        }
        let (low, after) = one(rest, from)?;
        let range = rest;
        rest = after;
        let mut high = low;
        if let Some(after) = rest.strip_prefix('-')
            && !after.is_empty()
            && !after.starts_with(']')
        {
            (high, rest) = one(after, from)?;
            if high < low {
                let part = &range[..range.len() - rest.len()];
                return Err(mistake("invalid character class range", part));
            }
        }
        out.push_str(&between(low, high));
    }
    out.push(']');
    Ok((out, &rest[1..]))
}

const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// `\d`, `\pL` and the like, as what stands between brackets.
pub(super) fn named(from: &str) -> Result<Option<(String, &str)>, Mistake> {
    let mut chars = from.chars();
    let (Some('\\'), Some(letter)) = (chars.next(), chars.next()) else { return Ok(None) };
    let rest = chars.as_str();
    let perl = match letter {
        'd' => "0-9",
        'D' => "^0-9",
        's' => r"\t\n\x0C\r\x20",
        'S' => r"^\t\n\x0C\r\x20",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        'p' | 'P' => return property(from, letter == 'P', rest).map(Some),
        _ => return Ok(None),
    };
    Ok(Some((perl.to_owned(), rest)))
}

/// `\pL`, `\p{Greek}`, `\p{^Greek}` and their opposites.
fn property<'a>(from: &str, negated: bool, rest: &'a str) -> Result<(String, &'a str), Mistake> {
    let invalid = |part: &str| mistake("invalid character class range", part);
    let (name, rest) = match rest.strip_prefix('{') {
        Some(inside) => inside.split_once('}').ok_or_else(|| invalid(from))?,
        None => {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            if length == 0 {
                return Err(mistake("invalid character class range", from));
            }
            rest.split_at(length)
        }
    };
    let part = &from[..from.len() - rest.len()];
    let (negated, name) = match name.strip_prefix('^') {
        Some(name) => (!negated, name),
        None => (negated, name),
    };
    let letter = if negated { 'P' } else { 'p' };
    let canonical: String = name
        .chars()
        .filter(|it| !matches!(it, '_' | '-' | ' '))
        .map(|it| it.to_ascii_lowercase())
        .collect();
    let is_plain = canonical.bytes().all(|it| it.is_ascii_alphanumeric()) && !canonical.is_empty();
    // The other engine has many more properties, so it is told what kind of name this is.
    let candidates = if !is_plain {
        vec![]
    } else if matches!(&*canonical, "any" | "ascii" | "assigned") {
        vec![format!("\\{letter}{{{canonical}}}")]
    } else {
        let category = format!("\\{letter}{{gc={canonical}}}");
        let script = format!("\\{letter}{{sc={canonical}}}");
        // Four letters are a script's code, which Go does not know, or one of its shorter names.
        let has_name = match canonical.len() {
            4 => SHORT_SCRIPTS.contains(&&*canonical),
            _ => !LONG_SCRIPTS.iter().any(|it| canonical.starts_with(it)),
        };
        std::iter::once(category).chain(has_name.then_some(script)).collect()
    };
    let known = candidates.into_iter().find(|it| regex::Regex::new(it).is_ok());
    known.map(|it| (it, rest)).ok_or_else(|| invalid(part))
}

const SHORT_SCRIPTS: &[&str] = &["ahom", "cham", "kawi", "lisu", "modi", "newa", "thai", "toto"];

/// How scripts of several words begin; Go finds none of them, as it joins the words first.
const LONG_SCRIPTS: &[&str] = &[
    "anatolianh",
    "canadiana",
    "caucasiana",
    "cyprom",
    "divesa",
    "egyptianh",
    "gunjalag",
    "hanifir",
    "imperiala",
    "inscriptionalp",
    "kayahl",
    "khitans",
    "lineara",
    "linearb",
    "masaramg",
    "meeteim",
    "mendek",
    "meroitic",
    "nagm",
    "newtai",
    "nyiakeng",
    "olchiki",
    "oldhungarian",
    "olditalic",
    "oldnorth",
    "oldpermic",
    "oldpersian",
    "oldsogdian",
    "oldsouth",
    "oldturkic",
    "olduyghur",
    "olonal",
    "pahawhh",
    "paucin",
    "phagspa",
    "psalterp",
    "signwriting",
    "sorasompeng",
    "sylotin",
    "taile",
    "taitham",
    "taiviet",
    "tulut",
    "warangc",
    "zanabazars",
];

/// One character of a class.
fn one<'a>(from: &'a str, whole: &str) -> Result<(u32, &'a str), Mistake> {
    let mut chars = from.chars();
    match chars.next() {
        None => Err(mistake("missing closing ]", whole)),
        Some('\\') => escaped(from),
        Some(it) => Ok((it.into(), chars.as_str())),
    }
}

/// An escape for one character: its number, and what follows.
pub(super) fn escaped(from: &str) -> Result<(u32, &str), Mistake> {
    let mut chars = from.chars();
    chars.next();
    let Some(letter) = chars.next() else {
        return Err(mistake("trailing backslash at end of expression", ""));
    };
    let rest = chars.as_str();
    let octal = |it: &str| it.bytes().take(2).take_while(|it| matches!(it, b'0'..=b'7')).count();
    let it = match letter {
        '1'..='7' if octal(rest) > 0 => return Ok(octal_number(letter, rest, octal(rest))),
        '0' => return Ok(octal_number(letter, rest, octal(rest))),
        'x' => return hexadecimal(from, rest),
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        it if it.is_ascii() && !it.is_ascii_alphanumeric() => it.into(),
        _ => {
            let part = &from[..from.len() - rest.len()];
            return Err(mistake("invalid escape sequence", part));
        }
    };
    Ok((it, rest))
}

fn octal_number(first: char, rest: &str, digits: usize) -> (u32, &str) {
    let (digits, rest) = rest.split_at(digits);
    let value = format!("{first}{digits}");
    (u32::from_str_radix(&value, 8).unwrap_or(0), rest)
}

fn hexadecimal<'a>(from: &str, rest: &'a str) -> Result<(u32, &'a str), Mistake> {
    let invalid =
        |until: &str| Err(mistake("invalid escape sequence", &from[..from.len() - until.len()]));
    if let Some(inside) = rest.strip_prefix('{') {
        let mut value: u32 = 0;
        for (at, it) in inside.char_indices() {
            let after = &inside[at + it.len_utf8()..];
            match it.to_digit(16) {
                None if it == '}' && at > 0 => return Ok((value, after)),
                None => return invalid(after),
                Some(digit) => value = value * 16 + digit,
            }
            if value > char::MAX.into() {
                return invalid(after);
            }
        }
        return invalid("");
    }
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    let digit = |it: Option<char>| it.and_then(|it| it.to_digit(16));
    match (digit(first), digit(second)) {
        (Some(first), Some(second)) => Ok((first * 16 + second, chars.as_str())),
        _ => invalid(chars.as_str()),
    }
}

/// A character outside of classes.
pub(super) fn literal(it: char) -> String {
    rune(it.into())
}

/// A character by its number. Halves of surrogates are in no text.
pub(super) fn rune(it: u32) -> String {
    match char::from_u32(it) {
        Some(it) if it.is_ascii_alphanumeric() => it.to_string(),
        Some(it) => format!("\\x{{{:X}}}", u32::from(it)),
        None => "[^\\x00-\\x{10FFFF}]".to_owned(),
    }
}

/// A range inside of brackets, without the halves of surrogates.
fn between(low: u32, high: u32) -> String {
    const HALVES: std::ops::RangeInclusive<u32> = 0xd800..=0xdfff;
    let low = if HALVES.contains(&low) { 0xe000 } else { low };
    let high = if HALVES.contains(&high) { 0xd7ff } else { high };
    if low > high {
        return String::new();
    }
    format!("\\x{{{low:X}}}-\\x{{{high:X}}}")
}
