//! Writes YAML.

use super::item::{Content, Item};
use super::quote::{block_head, flat, flat_key};
use crate::Number;

/// How long a key may be before it must be announced by `?`: readers look no further for its `:`.
const LONG_KEY: usize = 1000;

/// Writes an item as a YAML document.
///
/// The same item gives the same text. Lists and maps are written line by line, two spaces deeper
/// each, the empty ones as `[]` and `{}`. A string is written without quotes if every reader of
/// YAML 1.1 or 1.2 takes it for the same string, as a block if it has several lines that a block
/// keeps as they are, else in quotes. No line is folded.
#[must_use]
pub fn emit(item: &Item) -> String {
    let mut out = String::new();
    comments(item, 0, &mut out);
    let Some(first) = first_entry(&item.content) else {
        value(item, 0, true, &mut out);
        return out;
    };
    if let Some(comment) = &item.beside {
        comment_line(comment, 0, &mut out);
    }
    comments(first, 0, &mut out);
    entries(&item.content, 0, &mut out);
    out
}

/// Writes the entries of a list or a map, which stand at column `indent`. The first line has been
/// indented already.
fn entries(content: &Content, indent: usize, out: &mut String) {
    match content {
        Content::List(items) => {
            for (i, it) in items.iter().enumerate() {
                if i > 0 {
                    comments(it, indent, out);
                    spaces(indent, out);
                }
                out.push('-');
                list_item(it, indent, out);
            }
        }
        Content::Map(items) => {
            for (i, (key, it)) in items.iter().enumerate() {
                if i > 0 {
                    comments(it, indent, out);
                    spaces(indent, out);
                }
                let key = flat_key(key);
                if key.len() > LONG_KEY {
                    out.push_str("? ");
                    out.push_str(&key);
                    out.push('\n');
                    spaces(indent, out);
                } else {
                    out.push_str(&key);
                }
                out.push(':');
                map_value(it, indent, out);
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) => {}
    }
}

/// Writes what stands behind a dash at column `indent`.
fn list_item(item: &Item, indent: usize, out: &mut String) {
    let Some(first) = first_entry(&item.content) else {
        out.push(' ');
        return value(item, indent, false, out);
    };
    if item.beside.is_none() && first.above.is_empty() {
        out.push(' ');
    } else {
        // A comment of the list's or map's own needs the dash's line for itself.
        beside(item, out);
        out.push('\n');
        comments(first, indent + 2, out);
        spaces(indent + 2, out);
    }
    entries(&item.content, indent + 2, out);
}

/// Writes what stands behind a key at column `indent`.
fn map_value(item: &Item, indent: usize, out: &mut String) {
    let Some(first) = first_entry(&item.content) else {
        out.push(' ');
        return value(item, indent, false, out);
    };
    beside(item, out);
    out.push('\n');
    comments(first, indent + 2, out);
    spaces(indent + 2, out);
    entries(&item.content, indent + 2, out);
}

/// Writes what has no entries of its own, and ends the line.
fn value(item: &Item, indent: usize, is_root: bool, out: &mut String) {
    match &item.content {
        Content::Null => out.push_str("null"),
        Content::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Content::Number(it) => out.push_str(&number(it)),
        Content::List(_) => out.push_str("[]"),
        Content::Map(_) => out.push_str("{}"),
        Content::String(text) => {
            // Readers disagree on where the indentation of a whole document's block counts from.
            let head = block_head(text).filter(|it| !(is_root && it.contains('2')));
            let Some(head) = head else {
                out.push_str(&flat(text));
                beside(item, out);
                return out.push('\n');
            };
            out.push_str(head);
            beside(item, out);
            out.push('\n');
            let body = text.strip_suffix('\n').unwrap_or(text);
            for line in body.split('\n') {
                if !line.is_empty() {
                    spaces(indent + 2, out);
                    out.push_str(line);
                }
                out.push('\n');
            }
            return;
        }
    }
    beside(item, out);
    out.push('\n');
}

fn number(number: &Number) -> String {
    match (number.is_infinite(), number.is_negative()) {
        (true, false) => ".inf".to_owned(),
        (true, true) => "-.inf".to_owned(),
        (false, _) => number.to_string(),
    }
}

/// The first entry of a list or a map that has any.
fn first_entry(content: &Content) -> Option<&Item> {
    match content {
        Content::List(it) => it.first(),
        Content::Map(it) => it.first().map(|(_, it)| it),
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) => None,
    }
}

/// Writes the comments above an entry that stands at column `indent`.
fn comments(item: &Item, indent: usize, out: &mut String) {
    for comment in &item.above {
        if comment.is_empty() {
            out.push('\n');
        } else {
            comment_line(comment, indent, out);
        }
    }
}

/// Writes a comment; what has several lines becomes several comments.
fn comment_line(comment: &str, indent: usize, out: &mut String) {
    for line in comment.split('\n') {
        spaces(indent, out);
        out.push_str(format!("# {}", clean(line)).trim_end());
        out.push('\n');
    }
}

fn beside(item: &Item, out: &mut String) {
    if let Some(comment) = &item.beside {
        out.push_str(format!(" # {}", clean(comment)).trim_end());
    }
}

/// A comment without what would end it, or is not allowed in YAML.
fn clean(comment: &str) -> String {
    let is_bad = |it: char| {
        it.is_control()
            || matches!(it, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    comment.replace(is_bad, " ")
}

fn spaces(count: usize, out: &mut String) {
    const MANY: &str = "                                ";
    match MANY.get(..count) {
        Some(it) => out.push_str(it),
        None => out.extend(std::iter::repeat_n(' ', count)),
    }
}
