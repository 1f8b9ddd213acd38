//! Strings in YAML: without quotes only where every reader takes them for the same string.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A string on one line, in the plainest style in which it is safe.
pub(super) fn flat(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        text.into()
    } else if !text.contains(['"', '\\']) || text.chars().any(needs_escape) {
        double_quoted(text).into()
    } else {
        format!("'{}'", text.replace('\'', "''")).into()
    }
}

/// A key on one line, in the plainest style in which it is safe.
pub(super) fn flat_key(key: &str) -> Cow<'_, str> {
    // Terraform takes this for a merge even in quotes.
    if key == "<<" { "!!str \"<<\"".into() } else { flat(key) }
}

/// The head of a block in which a string of several lines can be written as it is, `|`, `|-` or
/// `|+`, with an indentation of 2 where it must be named. `None` if no block can hold the string.
pub(super) fn block_head(text: &str) -> Option<&'static str> {
    if !text.contains('\n') {
        return None;
    }
    let body = text.trim_end_matches('\n');
    let lines_fit = body.split('\n').all(|it| !it.ends_with([' ', '\t']) && !it.starts_with('\t'));
    let characters_fit = !text.chars().any(|it| it != '\n' && it != '\t' && needs_escape(it));
    if body.is_empty() || !lines_fit || !characters_fit {
        return None;
    }
    let first = body.trim_start_matches('\n');
    Some(match (first.starts_with(' '), text.len() - body.len()) {
        (false, 0) => "|-",
        (false, 1) => "|",
        (false, _) => "|+",
        (true, 0) => "|2-",
        (true, 1) => "|2",
        (true, _) => "|2+",
    })
}

/// Whether a string can be written without quotes, as a key or a value, outside of brackets.
fn is_plain(text: &str) -> bool {
    if is_simple(text) {
        return !is_word(text);
    }
    let Some(first) = text.chars().next() else { return false };
    // Some of these could begin a plain string if certain characters follow; nobody has to know.
    !"-?:,[]{}#&*!|>'\"%@`=<".contains(first)
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains('\t')
        && !text.starts_with("...")
        && !text.chars().any(needs_escape)
        && !is_word(text)
        && !looks_like_number(text)
}

/// Whether the text begins with a letter, and has only what can stand anywhere behind one: as most do,
/// which are spared the questions one by one.
fn is_simple(text: &str) -> bool {
    let is_harmless = |it: u8| matches!(it, b' '..=b'~') && it != b':' && it != b'#';
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.bytes().all(is_harmless)
}

/// Whether the text is a word that some reader takes for null, a bool or a number.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"];
    let word = text.strip_prefix('+').unwrap_or(text);
    WORDS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Whether some reader could take the text for a number, a date or a time: in decimal, in another
/// base, with `_` or `,` in it, in base 60.
fn looks_like_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    if !digits.starts_with(|it: char| it.is_ascii_digit()) {
        return false;
    }
    // Versions and addresses, as 1.2.3 and 127.0.0.1, are numbers to nobody.
    let is_version = text.split('.').count() > 2
        && text.split('.').all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    // Behind a dot, Terraform reads an exponent of two as well: .1p5 is 3.2 to it, but 720p a string.
    let is_exponent = |it: u8| text.starts_with('.') && it.eq_ignore_ascii_case(&b'p');
    let is_number = |it: u8| it.is_ascii_hexdigit() || b"_.,:+- xXoOtTzZ".contains(&it);
    !is_version && text.bytes().all(|it| is_number(it) || is_exponent(it))
}

/// Whether a character must be written as an escape: what YAML calls not printable, and what some
/// reader takes for the end of a line or drops.
fn needs_escape(it: char) -> bool {
    it.is_control() || matches!(it, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if needs_escape(it) => {
                let code = u32::from(it);
                // Writing to a string can't fail.
                let _ = if code < 0x100 {
                    write!(out, "\\x{code:02x}")
                } else {
                    write!(out, "\\u{code:04x}")
                };
            }
            _ => out.push(it),
        }
    }
    out.push('"');
    out
}
