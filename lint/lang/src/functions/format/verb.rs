//! The verbs of a format string: `%`, flags, width, precision, argument, letter.

use super::Refused;

/// A part of a format string.
pub(super) enum Piece<'a> {
    /// Text that stays as it is.
    Literal(&'a str),
    /// What is replaced by a value.
    Verb(Verb<'a>),
}

/// A verb and how it is modified.
pub(super) struct Verb<'a> {
    /// All of it, from `%` to the letter.
    pub(super) raw: &'a str,
    /// The byte of the format string at which it begins.
    pub(super) offset: usize,
    pub(super) mode: char,
    /// The argument that it names, counted from 1; otherwise it is the next one.
    pub(super) argument: Option<usize>,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
}

/// The parts in order; after an error comes nothing.
pub(super) fn pieces(template: &str) -> impl Iterator<Item = Result<Piece<'_>, Refused>> {
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let from = at?;
        let rest = template.get(from..).filter(|it| !it.is_empty())?;
        let piece = match rest.find('%') {
            Some(0) if rest.starts_with("%%") => Ok((Piece::Literal("%"), from + 2)),
            Some(0) => verb(template, from),
            found => {
                let length = found.unwrap_or(rest.len());
                Ok((Piece::Literal(rest.get(..length).unwrap_or_default()), from + length))
            }
        };
        let (piece, next) = match piece {
            Ok((piece, next)) => (Ok(piece), Some(next)),
            Err(why) => (Err(why), None),
        };
        at = next;
        Some(piece)
    })
}

/// The verb that begins at `offset`, and where it ends.
fn verb(template: &str, offset: usize) -> Result<(Piece<'_>, usize), Refused> {
    let mut cursor = Cursor { template, at: offset + 1 };
    let (mut sharp, mut zero, mut plus, mut minus, mut space) = (false, false, false, false, false);
    loop {
        match cursor.peek() {
            Some('0') => zero = true,
            Some('#') => sharp = true,
            Some('-') => minus = true,
            Some('+') => plus = true,
            Some(' ') => space = true,
            _ => break,
        }
        cursor.at += 1;
    }
    let width = matches!(cursor.peek(), Some('1'..='9')).then(|| cursor.digits());
    let precision = cursor.take('.').then(|| cursor.digits());
    let argument = if cursor.take('[') {
        if !matches!(cursor.peek(), Some('1'..='9')) {
            return Err(cursor.unrecognized());
        }
        let number = cursor.digits();
        if !cursor.take(']') {
            return Err(cursor.unrecognized());
        }
        Some(number)
    } else {
        None
    };
    let Some(mode) = cursor.peek().filter(char::is_ascii_alphabetic) else {
        return Err(cursor.unrecognized());
    };
    let end = cursor.at + 1;
    let raw = template.get(offset..end).unwrap_or_default();
    let verb =
        Verb { raw, offset, mode, argument, width, precision, sharp, zero, plus, minus, space };
    Ok((Piece::Verb(verb), end))
}

struct Cursor<'a> {
    template: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.template.get(self.at..)?.chars().next()
    }

    fn take(&mut self, it: char) -> bool {
        let found = self.peek() == Some(it);
        if found {
            self.at += it.len_utf8();
        }
        found
    }

    /// The number that follows; 0 if there is none. What is beyond all sense stays there.
    fn digits(&mut self) -> usize {
        let mut number: usize = 0;
        while let Some(digit) = self.peek().and_then(|it| it.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit as usize);
            self.at += 1;
        }
        number
    }

    fn unrecognized(&self) -> Refused {
        Refused::Call(match self.peek() {
            Some(it) => format!("unrecognized format character {it:?} at offset {}", self.at),
            None => format!("invalid format string starting at offset {}", self.at),
        })
    }
}
