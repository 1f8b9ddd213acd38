//! Trees read from JSON or YAML: what was written, and where.

use std::fmt;
use std::sync::Arc;

use crate::{Number, Path, Problem};

/// How many lists and maps a value may lie in. Deeper input is refused, so that nobody's text
/// can exhaust the stack.
pub const MAX_DEPTH: usize = 256;

/// One part of a text in JSON or YAML.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it was written. In YAML: of an alias, the alias; of a block of text, its lines without
    /// the `|` above; of a value with a tag, from the tag on.
    pub span: Span,
    /// What it says.
    pub data: Data,
}

/// What a part of a text says.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number {
        /// The number.
        number: Number,
        /// The number as it was written: `1e3`, `0x1f`, `1.0`.
        text: Arc<str>,
    },
    /// A string.
    String(Arc<str>),
    /// A list, in the order of the text.
    List(Vec<Node>),
    /// A map, in the order of the text. JSON may name a key twice: the last one holds.
    Map(Vec<Entry>),
    /// Something under a tag of YAML that is not one of YAML's own, as `!reference [a, b]`.
    Tagged {
        /// The tag as it is written, `!reference`.
        tag: Arc<str>,
        /// What stands under it.
        node: Box<Node>,
    },
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Arc<str>,
    /// Where the key was written.
    pub key_span: Span,
    /// What stands under the key.
    pub value: Node,
}

/// A stretch of a text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A place in a text as an editor shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// Why a text is no JSON or no YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// Where, as an editor shows it.
    pub place: Place,
    /// What is wrong: a clause without a full stop.
    pub message: String,
    /// A second place that has to do with it, as the first of two equal keys.
    pub other: Option<(Span, Place)>,
}

impl Node {
    /// The node under a key of a map; of two equal keys the last.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|it| &it.value)
    }

    /// The entry of a map with that key; of two equal keys the last.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|it| &*it.key == key)
    }

    /// The entries of a map; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(it) => it,
            Data::Null
            | Data::Bool(_)
            | Data::Number { .. }
            | Data::String(_)
            | Data::List(_)
            | Data::Tagged { .. } => &[],
        }
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(it) => it,
            Data::Null
            | Data::Bool(_)
            | Data::Number { .. }
            | Data::String(_)
            | Data::Map(_)
            | Data::Tagged { .. } => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(it) => Some(it),
            _ => None,
        }
    }
}

impl Data {
    /// What it is, in the words of a message: `a list`.
    #[must_use]
    pub fn friendly(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number { .. } => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Tagged { .. } => "a value under a tag",
        }
    }
}

impl Span {
    /// The stretch from `start` up to, but not with, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Where the stretch begins in `text`, as an editor shows it.
    #[must_use]
    pub fn place(self, text: &str) -> Place {
        let bytes = text.as_bytes();
        let before = bytes.get(..self.start).unwrap_or(bytes);
        let line_start = before.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
        // Bytes that continue a character don't begin a column.
        let is_character = |it: &&u8| **it & 0b1100_0000 != 0b1000_0000;
        Place {
            line: before.iter().filter(|it| **it == b'\n').count() + 1,
            column: before.iter().skip(line_start).filter(is_character).count() + 1,
        }
    }
}

impl SyntaxError {
    /// An error at that stretch of `text`.
    #[must_use]
    pub fn new(text: &str, span: Span, message: impl Into<String>) -> Self {
        Self { span, place: span.place(text), message: message.into(), other: None }
    }

    /// The same error with a second place.
    #[must_use]
    pub fn and(mut self, text: &str, other: Span) -> Self {
        self.other = Some((other, other.place(text)));
        self
    }
}

/// Makes the error one of the whole value, its place in the message.
impl From<SyntaxError> for Problem {
    fn from(it: SyntaxError) -> Self {
        Self::error(Path::root(), it.to_string())
    }
}

/// Writes `line 3, column 7: message`.
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        match &self.other {
            Some((_, place)) => write!(f, " (see {place})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// Writes `line 3, column 7`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "a\nüb: c";
        let at = |start| Span::new(start, start).place(text);
        assert_eq!(at(0), Place { line: 1, column: 1 });
        assert_eq!(at(4), Place { line: 2, column: 2 });
        assert_eq!(at(text.len()), Place { line: 2, column: 6 });
        assert_eq!(at(999), Place { line: 2, column: 6 });
    }
}
