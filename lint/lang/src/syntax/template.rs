//! Strings and heredocs with interpolations and directives: their text piece by piece, then put
//! together.

use std::borrow::Cow;
use std::sync::Arc;

use super::directive::Tree;
use super::indent::flush;
use super::parse::Parser;
use super::scan::{self, Kind};
use super::{Expr, ExprKind};
use crate::source::{Fault, Span};

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotes.
    Quoted,
    /// `<<EOT`.
    Heredoc,
    /// `<<-EOT`: the white space that all lines begin with is no part of it.
    Indented,
    /// A whole text.
    Bare,
}

/// A piece of a template. A text is one up to the next template sequence, or up to the end of its
/// line in a heredoc: markers (`~`) beside it strip no more than that.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Text(Cow<'a, str>),
    Value(Expr),
    If(Expr),
    For { key: Option<Arc<str>>, value: Arc<str>, over: Expr },
    End(End),
}

/// `else`, `endif` or `endfor`.
#[derive(Debug)]
pub(super) struct End {
    pub(super) word: &'static str,
    pub(super) span: Span,
}

/// What follows a text.
enum Next {
    End,
    /// `${` or `%{`.
    Sequence,
}

impl<'a> Parser<'a, '_> {
    /// The template whose opening was taken, which began at a place; with its closing.
    pub(super) fn template(&mut self, start: usize, form: Form) -> Result<ExprKind, Fault> {
        if form == Form::Quoted
            && let Some(text) = self.plain_string()
        {
            return Ok(ExprKind::String(self.short(text)));
        }
        let marker = match form {
            Form::Heredoc | Form::Indented => {
                scan::heredoc(&self.text[start..]).map_or("", |it| it.0)
            }
            Form::Quoted | Form::Bare => "",
        };
        let mut pieces = self.pieces(start, form, marker)?;
        if form == Form::Indented {
            flush(&mut pieces);
        }
        Tree::new(self, pieces).whole()
    }

    /// What stands in quotes and is just what is written there.
    fn plain_string(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let special = |it: &u8| matches!(it, b'"' | b'\\' | b'$' | b'%' | b'\n' | b'\r');
        let length = rest.as_bytes().iter().position(special)?;
        if rest.as_bytes()[length] != b'"' {
            return None;
        }
        self.at += length + 1;
        Some(&rest[..length])
    }

    fn pieces(&mut self, start: usize, form: Form, marker: &str) -> Result<Vec<Piece<'a>>, Fault> {
        let mut pieces = Vec::new();
        let (mut strips, mut at_line) = (false, true);
        loop {
            if matches!(form, Form::Heredoc | Form::Indented)
                && at_line
                && self.heredoc_ends(marker)
            {
                return Ok(pieces);
            }
            let (text, next) = match form {
                Form::Quoted => self.quoted(start)?,
                Form::Heredoc | Form::Indented | Form::Bare => self.unquoted(form)?,
            };
            if !text.is_empty() {
                at_line = text.ends_with('\n');
                let text = match strips {
                    true => stripped(text, str::trim_start),
                    false => text,
                };
                pieces.push(Piece::Text(text));
                strips = false;
            }
            match next {
                Next::Sequence => {
                    at_line = false;
                    strips = self.sequence(&mut pieces)?;
                }
                Next::End if form == Form::Quoted => return Ok(pieces),
                Next::End if form == Form::Bare && self.at == self.text.len() => return Ok(pieces),
                Next::End if self.at == self.text.len() => {
                    let message = format!(
                        "begins a heredoc that does not end: {marker} must stand alone in a line"
                    );
                    return Err(Fault { span: self.span(start, start), message });
                }
                Next::End => {}
            }
        }
    }

    /// Takes the end of a heredoc, if this line is it.
    fn heredoc_ends(&mut self, marker: &str) -> bool {
        let rest = &self.text[self.at..];
        let Some(length) = memchr::memchr(b'\n', rest.as_bytes()) else { return false };
        let line = &rest[..length];
        let ends = line.trim() == marker;
        if ends {
            self.at += line.strip_suffix('\r').unwrap_or(line).len();
        }
        ends
    }

    /// A text in quotes, up to the closing one or a template sequence.
    fn quoted(&mut self, start: usize) -> Result<(Cow<'a, str>, Next), Fault> {
        let mut taken = Taken::new(self.text, self.at);
        let bytes = self.text.as_bytes();
        let next = loop {
            let at = taken.at;
            let Some(byte) = bytes.get(at) else {
                let message = "begins a string that does not end: its \" is missing".to_owned();
                return Err(Fault { span: self.span(start, start), message });
            };
            match byte {
                b'"' => break Next::End,
                b'\n' | b'\r' => {
                    let message =
                        "ends a line within a string in quotes: write \\n, or a heredoc".to_owned();
                    return Err(Fault { span: self.span(at, at), message });
                }
                b'\\' => {
                    let (length, it) = self.escaped(at)?;
                    taken.replace(length, it);
                }
                b'$' | b'%' => {
                    if taken.is_sequence() {
                        break Next::Sequence;
                    }
                }
                _ => taken.at += 1,
            }
        };
        self.at = taken.at + usize::from(matches!(next, Next::End));
        Ok((taken.text(), next))
    }

    /// What a backslash in quotes and what follows it stand for, and their length.
    fn escaped(&self, at: usize) -> Result<(usize, char), Fault> {
        let rest = &self.text[at..];
        let plain = match rest.as_bytes().get(1) {
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            _ => None,
        };
        if let Some(it) = plain {
            return Ok((2, it));
        }
        let length = match rest.as_bytes().get(1) {
            Some(b'u') => 6,
            Some(b'U') => 10,
            _ => 0,
        };
        let digits = rest.get(2..length).filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
        let number = digits.and_then(|it| u32::from_str_radix(it, 16).ok());
        match number.and_then(char::from_u32) {
            Some(it) => Ok((length, it)),
            None => {
                let end = rest.char_indices().nth(2).map_or(rest.len(), |it| it.0);
                let message = "can't be read: the escapes are \\n, \\r, \\t, \\\", \\\\, \\uNNNN and \\UNNNNNNNN".to_owned();
                Err(Fault { span: self.span(at, at + end), message })
            }
        }
    }

    /// A text that stands for itself: up to a template sequence, or the end of a line, which is part
    /// of it.
    fn unquoted(&mut self, form: Form) -> Result<(Cow<'a, str>, Next), Fault> {
        let bytes = self.text.as_bytes();
        let from = self.at;
        let mut taken = Taken::new(self.text, from);
        let next = loop {
            let Some(length) = memchr::memchr3(b'\n', b'$', b'%', &bytes[taken.at..]) else {
                taken.at = bytes.len();
                break Next::End;
            };
            taken.at += length;
            if bytes[taken.at] == b'\n' {
                taken.at += 1;
                break Next::End;
            }
            if taken.is_sequence() {
                break Next::Sequence;
            }
        };
        let line = &self.text[from..taken.at];
        let line = line.strip_suffix("\r\n").unwrap_or(line);
        match memchr::memchr(b'\r', line.as_bytes()).map(|it| from + it) {
            None => {}
            Some(at) if form != Form::Bare => {
                let message = "can't be read: this carriage return ends no line".to_owned();
                return Err(Fault { span: self.span(at, at + 1), message });
            }
            // Terraform gives up on splitting such a text, and takes what is left as it is.
            Some(at) if at == from => {
                self.at = self.text.len();
                return Ok((Cow::Owned(unescaped(&self.text[from..])), Next::End));
            }
            Some(at) => {
                self.at = at;
                let before = self.text[from..at].replace("$${", "${").replace("%%{", "%{");
                return Ok((Cow::Owned(before), Next::End));
            }
        }
        self.at = taken.at;
        Ok((taken.text(), next))
    }

    /// `${ … }` or `%{ … }`. Tells whether it strips the text behind it.
    fn sequence(&mut self, pieces: &mut Vec<Piece<'a>>) -> Result<bool, Fault> {
        let start = self.at;
        let is_value = self.text.as_bytes()[start] == b'$';
        self.at += 2;
        if self.text.as_bytes().get(self.at) == Some(&b'~') {
            self.at += 1;
            if let Some(Piece::Text(it)) = pieces.last_mut() {
                *it = stripped(std::mem::take(it), str::trim_end);
            }
        }
        self.with_lines(true, |it| {
            let piece = match is_value {
                true => Piece::Value(it.expression()?),
                false => it.directive()?,
            };
            pieces.push(piece);
            let close = it.peek();
            match close.kind {
                Kind::CloseBrace | Kind::StripBrace => {
                    it.take();
                    Ok(close.kind == Kind::StripBrace)
                }
                Kind::Colon if is_value => {
                    let message = "can't be read: } must end the ${ before the colon; a ${ that is no template's is written $${";
                    Err(it.fault(close, message))
                }
                _ => Err(it.unexpected(close, "} must end the template sequence here")),
            }
        })
    }

    fn directive(&mut self) -> Result<Piece<'a>, Fault> {
        let word = self.take();
        let span = self.span_of(word);
        match (word.kind, self.written(word)) {
            (Kind::Name, "if") => Ok(Piece::If(self.expression()?)),
            (Kind::Name, "else") => Ok(Piece::End(End { word: "else", span })),
            (Kind::Name, "endif") => Ok(Piece::End(End { word: "endif", span })),
            (Kind::Name, "endfor") => Ok(Piece::End(End { word: "endfor", span })),
            (Kind::Name, "for") => {
                let (key, value) = self.for_names()?;
                Ok(Piece::For { key, value, over: self.expression()? })
            }
            _ => {
                let what = "if, else, endif, for or endfor must follow %{ (a %{ that is no template's is written %%{)";
                Err(self.unexpected(word, what))
            }
        }
    }
}

/// A text that is taken as it is written, but for what stands for something else.
struct Taken<'a> {
    all: &'a str,
    /// Up to where it is taken.
    at: usize,
    /// Up to where it is in `out`.
    done: usize,
    /// What anything in it made different.
    out: Option<String>,
}

impl<'a> Taken<'a> {
    fn new(all: &'a str, at: usize) -> Self {
        Self { all, at, done: at, out: None }
    }

    /// Takes so many bytes, which stand for a character.
    fn replace(&mut self, length: usize, by: char) {
        let out = self.out.get_or_insert_default();
        out.push_str(&self.all[self.done..self.at]);
        out.push(by);
        self.at += length;
        self.done = self.at;
    }

    /// Whether the `$` or `%` here begins a template sequence; if not, it is taken.
    fn is_sequence(&mut self) -> bool {
        match opening(&self.all.as_bytes()[self.at..]) {
            Opening::Sequence => return true,
            // Two of them stand for one, and the brace stays.
            Opening::Escaped => {
                let out = self.out.get_or_insert_default();
                out.push_str(&self.all[self.done..=self.at]);
                self.at += 3;
                self.done = self.at - 1;
            }
            Opening::None => self.at += 1,
        }
        false
    }

    fn text(self) -> Cow<'a, str> {
        let rest = &self.all[self.done..self.at];
        self.out.map_or(Cow::Borrowed(rest), |it| Cow::Owned(it + rest))
    }
}

enum Opening {
    None,
    /// `$${` or `%%{`: the text `${` or `%{`.
    Escaped,
    /// `${` or `%{`.
    Sequence,
}

fn opening(rest: &[u8]) -> Opening {
    match rest {
        [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => Opening::Escaped,
        [_, b'{', ..] => Opening::Sequence,
        _ => Opening::None,
    }
}

/// Escapes resolved as Terraform does in what it did not split before: two dollars, or two percent
/// signs, are a pair, which escapes a brace behind it.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['$', '%']) {
        let (taken, kept) = match &rest.as_bytes()[at..] {
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => (at + 2, at + 1),
            [b'$', b'$', ..] | [b'%', b'%', ..] => (at + 2, at + 2),
            _ => (at + 1, at + 1),
        };
        out.push_str(&rest[..kept]);
        rest = &rest[taken..];
    }
    out + rest
}

fn stripped<'a>(text: Cow<'a, str>, strip: fn(&str) -> &str) -> Cow<'a, str> {
    match text {
        // What is stripped of a borrowed text is borrowed from the same.
        Cow::Borrowed(it) => {
            let left = strip(it);
            let from = left.as_ptr() as usize - it.as_ptr() as usize;
            Cow::Borrowed(&it[from..from + left.len()])
        }
        Cow::Owned(it) => Cow::Owned(strip(&it).to_owned()),
    }
}
