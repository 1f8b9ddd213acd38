//! A document's normal form: what it says, without how it is written.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, parse};

/// The digest of what a node says, in hexadecimal.
pub(crate) fn digest(node: &Node) -> String {
    let mut text = String::new();
    write_node(node, &mut text);
    hex(&Sha256::digest(text.as_bytes()))
}

/// The digest of what a text in YAML says; of another text, the digest of its bytes.
pub(crate) fn digest_of_text(text: &str) -> String {
    match parse(text, Dialect::Core) {
        Ok(node) => digest(&node),
        Err(_) => hex(&Sha256::digest(text.as_bytes())),
    }
}

/// What a node says as one line that is YAML too.
pub(crate) fn one_line(node: &Node) -> String {
    let mut text = String::new();
    write_node(node, &mut text);
    text
}

/// Writes a node in the flow style, its keys in order, all strings in quotes.
fn write_node(node: &Node, out: &mut String) {
    match &node.data {
        Data::Null => out.push_str("null"),
        Data::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Data::Number { number, .. } => {
            let _ = write!(out, "{number}");
        }
        Data::String(it) => quoted(it, out),
        Data::List(items) => {
            out.push('[');
            for (i, it) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                write_node(it, out);
            }
            out.push(']');
        }
        Data::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            out.push('{');
            for (i, it) in entries.into_iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                quoted(&it.key, out);
                out.push_str(": ");
                write_node(&it.value, out);
            }
            out.push('}');
        }
        Data::Tagged { tag, node } => {
            out.push_str(tag);
            out.push(' ');
            write_node(node, out);
        }
    }
}

/// Writes a string as JSON does, which YAML reads too.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    loop {
        // What needs no escape, as nearly everything, is taken as a whole.
        let is_plain = |it: u8| matches!(it, b' '..=b'~') && it != b'"' && it != b'\\';
        let (plain, behind) =
            rest.split_at(rest.bytes().position(|it| !is_plain(it)).unwrap_or(rest.len()));
        out.push_str(plain);
        let mut behind = behind.chars();
        match behind.next() {
            None => break,
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some(it) if it.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            Some(it) => out.push(it),
        }
        rest = behind.as_str();
    }
    out.push('"');
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut out, it| {
        let _ = write!(out, "{it:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_order_and_quoting_are_not_part_of_what_is_said() {
        let one = "a: 'x' # why\nb: [1, 2]\n";
        let other = "# above\nb:\n  - 1\n  - 2\na: x\n";
        assert_eq!(digest_of_text(one), digest_of_text(other));
        assert_ne!(digest_of_text(one), digest_of_text("a: y\nb: [1, 2]\n"));
        assert_ne!(digest_of_text("a: '1'\n"), digest_of_text("a: 1\n"));
    }

    #[test]
    fn a_string_is_written_as_json_writes_it() {
        let mut out = String::new();
        quoted("é \"a\\b\"\r\n\té\u{85}😀", &mut out);
        assert_eq!(out, r#""é \"a\\b\"\u000d\n\té\u0085😀""#);
    }

    #[test]
    fn a_text_that_is_no_yaml_has_a_digest_too() {
        assert_ne!(digest_of_text("a: [\n"), digest_of_text("a: [ \n"));
    }
}
