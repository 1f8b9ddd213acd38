//! Reads JSON into a tree with places, as RFC 8259 has it.

use std::sync::Arc;

use crate::spanned::{Data, Entry, MAX_DEPTH, Node, Span, SyntaxError};

/// Reads one JSON text.
///
/// Strict: no comments, no trailing commas, no byte order mark, nothing behind the value. Numbers
/// keep all their digits. As in Go, half of a surrogate pair becomes U+FFFD. A key that is named
/// twice stays twice in the tree.
///
/// # Errors
///
/// At the first place which is no JSON, or which nests deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut parser = Parser { text, at: 0 };
    parser.skip_space();
    let node = parser.node(0)?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.error_here("there is text behind the end of the JSON value")),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// The offset of the next byte; always between two characters.
    at: usize,
}

impl Parser<'_> {
    fn node(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        let start = self.at;
        if depth > MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} deep");
            return Err(self.error_here(message));
        }
        let data = match self.peek() {
            Some(b'{') => Data::Map(self.entries(depth)?),
            Some(b'[') => Data::List(self.items(depth)?),
            Some(b'"') => Data::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Data::Bool(true))?,
            Some(b'f') => self.word("false", Data::Bool(false))?,
            Some(b'n') => self.word("null", Data::Null)?,
            Some(_) => return Err(self.error_here("a JSON value must stand here")),
            None => return Err(self.error_here("the JSON text ends where a value must stand")),
        };
        Ok(Node { span: Span::new(start, self.at), data })
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<Entry>, SyntaxError> {
        let mut entries = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(entries);
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error_here("a key in double quotes must stand here"));
            }
            let key = self.string()?;
            let key_span = Span::new(start, self.at);
            self.skip_space();
            if !self.take(b':') {
                return Err(self.error_here("a `:` must follow the key"));
            }
            self.skip_space();
            entries.push(Entry { key, key_span, value: self.node(depth + 1)? });
            self.skip_space();
            if self.take(b'}') {
                return Ok(entries);
            }
            if !self.take(b',') {
                return Err(self.error_here("a `,` or `}` must follow the entry"));
            }
            self.skip_space();
        }
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, SyntaxError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.node(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(items);
            }
            if !self.take(b',') {
                return Err(self.error_here("a `,` or `]` must follow the item"));
            }
            self.skip_space();
        }
    }

    fn string(&mut self) -> Result<Arc<str>, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | ..0x20)) {
                self.at += 1;
            }
            out.push_str(self.text.get(plain..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out.into());
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => {
                    return Err(self.error_here(
                        "a control character in a string must be written as `\\u` and its number",
                    ));
                }
                None => {
                    let span = Span::new(start, self.at);
                    return Err(SyntaxError::new(self.text, span, "the string has no end"));
                }
            }
        }
    }

    /// Reads an escape; the place is at its backslash.
    fn escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let escaped = match self.peek() {
            Some(it @ (b'"' | b'\\' | b'/')) => char::from(it),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_unit(start).map(|first| self.code_point(first));
            }
            _ => {
                self.at = start;
                return Err(self.error_here("there is no such escape in JSON"));
            }
        };
        self.at += 1;
        Ok(escaped)
    }

    fn code_unit(&mut self, start: usize) -> Result<u16, SyntaxError> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
        match digits.map(|it| u16::from_str_radix(it, 16)) {
            Some(Ok(unit)) => {
                self.at += 4;
                Ok(unit)
            }
            _ => {
                let span = Span::new(start, self.at);
                Err(SyntaxError::new(self.text, span, "four hexadecimal digits must follow `\\u`"))
            }
        }
    }

    /// The character of a code unit, with the second half of a pair if it follows.
    fn code_point(&mut self, first: u16) -> char {
        const HALF: char = char::REPLACEMENT_CHARACTER;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first.into()).unwrap_or(HALF);
        }
        let back = self.at;
        if self.take(b'\\')
            && self.take(b'u')
            && let Ok(second @ 0xdc00..0xe000) = self.code_unit(back)
        {
            let high = u32::from(first - 0xd800) << 10;
            let low = u32::from(second - 0xdc00);
            return char::from_u32(0x1_0000 + high + low).unwrap_or(HALF);
        }
        // What follows is no second half: it is read again, for itself.
        self.at = back;
        HALF
    }

    fn number(&mut self) -> Result<Data, SyntaxError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits(start)?;
        } else if matches!(self.peek(), Some(b'0'..=b'9')) {
            let message = "a number must not begin with a zero that has digits behind it";
            return Err(SyntaxError::new(self.text, Span::new(start, self.at), message));
        }
        if self.take(b'.') {
            self.digits(start)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(start)?;
        }
        let span = Span::new(start, self.at);
        let text = self.text.get(start..self.at).unwrap_or_default();
        match text.parse() {
            Ok(number) => Ok(Data::Number { number, text: text.into() }),
            Err(_) => Err(SyntaxError::new(self.text, span, "the number is out of range")),
        }
    }

    fn digits(&mut self, start: usize) -> Result<(), SyntaxError> {
        let first = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > first {
            return Ok(());
        }
        let span = Span::new(start, self.at);
        Err(SyntaxError::new(self.text, span, "the number lacks a digit at its end"))
    }

    fn word(&mut self, word: &str, data: Data) -> Result<Data, SyntaxError> {
        if self.text.get(self.at..).is_some_and(|it| it.starts_with(word)) {
            self.at += word.len();
            return Ok(data);
        }
        Err(self.error_here("a JSON value must stand here"))
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn error_here(&self, message: impl Into<String>) -> SyntaxError {
        let length = self.text.get(self.at..).and_then(|it| it.chars().next());
        let end = self.at + length.map_or(0, char::len_utf8);
        SyntaxError::new(self.text, Span::new(self.at, end), message)
    }
}
