//! The words of a text, as Terraform splits it where it is not within a string.

use super::Binary;

/// A word, and where it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of the text.
    End,
    /// The end of a line, that of a comment too.
    Newline,
    Name,
    /// A number, with all points and exponents that Terraform takes for part of it.
    Number,
    /// `"`
    Quote,
    /// `<<EOT` or `<<-EOT`, with the end of the line.
    Heredoc,
    OpenRound,
    CloseRound,
    OpenSquare,
    CloseSquare,
    OpenBrace,
    CloseBrace,
    /// `~}`
    StripBrace,
    Comma,
    Dot,
    Ellipsis,
    Colon,
    DoubleColon,
    Question,
    /// `=`
    Assign,
    /// `=>`
    Arrow,
    Star,
    Minus,
    Bang,
    /// An operator between two operands, and nothing else.
    Operator(Binary),
    /// A comment that does not end.
    OpenComment,
    /// Nothing that the language has.
    Strange,
}

/// The word at a place or behind the white space and comments there. Line feeds are white space if
/// `is_loose`: in parentheses, brackets, templates and `for` expressions.
pub(super) fn word(text: &str, mut at: usize, is_loose: bool) -> Word {
    let bytes = text.as_bytes();
    let ended = |start, length| Word { kind: Kind::Newline, start, end: start + length };
    loop {
        let rest = &bytes[at..];
        match rest {
            [b' ' | b'\t', ..] => at += 1,
            [b'\n', ..] if is_loose => at += 1,
            [b'\n', ..] => return ended(at, 1),
            [b'\r', b'\n', ..] if is_loose => at += 2,
            [b'\r', b'\n', ..] => return ended(at, 2),
            [b'#', ..] | [b'/', b'/', ..] => match memchr::memchr(b'\n', rest) {
                Some(length) if is_loose => at += length + 1,
                Some(length) => return ended(at + length, 1),
                None => at = bytes.len(),
            },
            [b'/', b'*', inside @ ..] => match memchr::memmem::find(inside, b"*/") {
                Some(length) => at += length + 4,
                None => return Word { kind: Kind::OpenComment, start: at, end: bytes.len() },
            },
            _ => break,
        }
    }
    let (kind, length) = visible(text, at);
    Word { kind, start: at, end: at + length }
}

/// The word that begins at a place, and its length.
fn visible(text: &str, at: usize) -> (Kind, usize) {
    let rest = &text.as_bytes()[at..];
    let Some(&first) = rest.first() else { return (Kind::End, 0) };
    let second = rest.get(1).copied().unwrap_or_default();
    match (first, second) {
        (b'a'..=b'z' | b'A'..=b'Z' | b'_', _) => (Kind::Name, name(&text[at..])),
        (b'0'..=b'9', _) => (Kind::Number, number(rest)),
        (b'"', _) => (Kind::Quote, 1),
        (b'.', b'.') if rest.get(2) == Some(&b'.') => (Kind::Ellipsis, 3),
        (b'.', _) => (Kind::Dot, 1),
        (b'=', b'=') => (Kind::Operator(Binary::Equal), 2),
        (b'=', b'>') => (Kind::Arrow, 2),
        (b'=', _) => (Kind::Assign, 1),
        (b'[', _) => (Kind::OpenSquare, 1),
        (b']', _) => (Kind::CloseSquare, 1),
        (b'{', _) => (Kind::OpenBrace, 1),
        (b'}', _) => (Kind::CloseBrace, 1),
        (b'(', _) => (Kind::OpenRound, 1),
        (b')', _) => (Kind::CloseRound, 1),
        (b',', _) => (Kind::Comma, 1),
        (b'<', b'<') => match heredoc(&text[at..]) {
            Some((_, length)) => (Kind::Heredoc, length),
            None => (Kind::Operator(Binary::Less), 1),
        },
        (b'?', _) => (Kind::Question, 1),
        (b':', b':') => (Kind::DoubleColon, 2),
        (b':', _) => (Kind::Colon, 1),
        (b'*', _) => (Kind::Star, 1),
        (b'-', _) => (Kind::Minus, 1),
        (b'~', b'}') => (Kind::StripBrace, 2),
        (b'!', b'=') => (Kind::Operator(Binary::NotEqual), 2),
        (b'!', _) => (Kind::Bang, 1),
        (b'<', b'=') => (Kind::Operator(Binary::LessOrEqual), 2),
        (b'<', _) => (Kind::Operator(Binary::Less), 1),
        (b'>', b'=') => (Kind::Operator(Binary::GreaterOrEqual), 2),
        (b'>', _) => (Kind::Operator(Binary::Greater), 1),
        (b'&', b'&') => (Kind::Operator(Binary::And), 2),
        (b'|', b'|') => (Kind::Operator(Binary::Or), 2),
        (b'+', _) => (Kind::Operator(Binary::Add), 1),
        (b'/', _) => (Kind::Operator(Binary::Divide), 1),
        (b'%', _) => (Kind::Operator(Binary::Modulo), 1),
        _ => match name(&text[at..]) {
            0 => (Kind::Strange, text[at..].chars().next().map_or(0, char::len_utf8)),
            length => (Kind::Name, length),
        },
    }
}

/// The length of a number.
fn number(rest: &[u8]) -> usize {
    let (mut at, mut end) = (1, 1);
    let digit = |at: usize| rest.get(at).is_some_and(u8::is_ascii_digit);
    loop {
        match rest.get(at) {
            Some(b'.') => at += 1,
            Some(b'0'..=b'9') => (at, end) = (at + 1, at + 1),
            Some(b'e' | b'E') => {
                let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
                if !digit(at + 1 + sign) {
                    return end;
                }
                (at, end) = (at + 2 + sign, at + 2 + sign);
            }
            _ => return end,
        }
    }
}

/// The marker of a heredoc that begins here, and the length of its first line.
pub(super) fn heredoc(rest: &str) -> Option<(&str, usize)> {
    let marker = rest.strip_prefix("<<")?;
    let marker = marker.strip_prefix('-').unwrap_or(marker);
    let length = name(marker);
    let after = &marker[length..];
    let newline = if after.starts_with("\r\n") { 2 } else { usize::from(after.starts_with('\n')) };
    let whole = rest.len() - after.len() + newline;
    (length > 0 && newline > 0).then(|| (&marker[..length], whole))
}

/// The length of the name at the beginning of a text; 0 if there is none.
pub(super) fn name(rest: &str) -> usize {
    let plain = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
    let bytes = rest.as_bytes();
    if !bytes.first().is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_' || *it >= 0x80) {
        return 0;
    }
    let length = bytes.iter().position(|it| !plain(it)).unwrap_or(bytes.len());
    if bytes.get(length).is_none_or(u8::is_ascii) {
        return length;
    }
    let mut chars = rest.char_indices();
    if !chars.next().is_some_and(|(_, it)| starts_name(it)) {
        return 0;
    }
    chars.find(|(_, it)| !continues_name(*it)).map_or(rest.len(), |(at, _)| at)
}

fn starts_name(it: char) -> bool {
    it == '_' || unicode_ident::is_xid_start(it) || only_in_names(it)
}

fn continues_name(it: char) -> bool {
    // Unicode 15.1 lets these continue a name; Terraform's tables are older.
    let is_younger = matches!(it, '\u{200c}' | '\u{200d}' | '\u{30fb}' | '\u{ff65}');
    it == '-' || unicode_ident::is_xid_continue(it) && !is_younger || only_in_names(it)
}

/// Unicode's `ID_Start`, which Terraform goes by, has these; `XID_Start`, which the tables here are
/// of, has not, as they begin no name any more once they are put in normal form KC
/// (Unicode Standard Annex 31).
fn only_in_names(it: char) -> bool {
    matches!(
        it,
        '\u{37a}' | '\u{e33}' | '\u{eb3}' | '\u{fc5e}'
            ..='\u{fc63}'
                | '\u{fdfa}'
                | '\u{fdfb}'
                | '\u{fe70}'
                | '\u{fe72}'
                | '\u{fe74}'
                | '\u{fe76}'
                | '\u{fe78}'
                | '\u{fe7a}'
                | '\u{fe7c}'
                | '\u{fe7e}'
                | '\u{ff9e}'
                | '\u{ff9f}'
    )
}
