//! The words of a text, with strings, heredocs and templates in each other, as Terraform splits them.

use hcl_edit::Ident;

/// A word, and whether it stands where line feeds mean nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether line feeds mean nothing here: in parentheses, brackets, templates and `{ for … }`.
    pub(super) is_loose: bool,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Newline,
    Comment,
    Name,
    Number,
    /// An opening bracket or quote, `${`, `%{` or `<<E`.
    Open(Opened),
    /// What closes the last of them. Of a heredoc, its end marker.
    Close,
    /// Text of a string, a heredoc or a template.
    Text,
    Dot,
    Star,
    Comma,
    Equal,
    Colon,
    Other,
}

/// What has been opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// A block's body.
    Body,
    /// `{` of an object.
    Object,
    /// `{` of `{ for … }`.
    ForObject,
    Round,
    Square,
    /// `${` or `%{`.
    Template,
    Quote,
    Heredoc,
}

/// What a whole text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A file's body.
    Body,
    /// One expression.
    Expression,
    /// A template without quotes.
    Template,
}

/// Why a text has no further words.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) why: String,
}

/// Splits a text into words.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    frames: Vec<Frame<'a>>,
    pub(super) broken: Option<Broken>,
}

#[derive(Debug)]
struct Frame<'a> {
    opened: Opened,
    start: usize,
    /// Of a body: whether the value of an attribute is being read.
    in_value: bool,
    /// Of a heredoc: the word that ends it, and whether what follows may be that.
    marker: &'a str,
    at_line: bool,
}

impl<'a> Scanner<'a> {
    /// Of a whole text.
    pub(super) fn new(text: &'a str, what: What) -> Self {
        let mut scanner = Self { text, at: 0, frames: Vec::new(), broken: None };
        let opened = if what == What::Template { Opened::Heredoc } else { Opened::Body };
        scanner.open(opened, 0);
        if let Some(it) = scanner.frames.last_mut() {
            it.in_value = what == What::Expression;
            // What no line is, white space aside: such a text ends where it ends.
            it.marker = "\n";
        }
        scanner
    }

    /// How the marker at the beginning of a heredoc's line is written though the line goes on: what
    /// the parser takes for its end and Terraform doesn't.
    pub(super) fn false_marker(&self, token: &Token) -> Option<std::ops::Range<usize>> {
        let frame = self.frames.last().filter(|it| it.opened == Opened::Heredoc)?;
        let line = &self.text[token.start..token.end];
        let rest = line.trim_start_matches([' ', '\t']);
        let after = rest.strip_prefix(frame.marker)?;
        let start = token.end - rest.len();
        let goes_on = after.chars().next().is_some_and(continues_name);
        (!goes_on).then(|| start..start + frame.marker.len())
    }

    fn open(&mut self, opened: Opened, start: usize) {
        let frame = Frame { opened, start, in_value: false, marker: "", at_line: true };
        self.frames.push(frame);
    }

    fn top(&self) -> Opened {
        self.frames.last().map_or(Opened::Body, |it| it.opened)
    }

    fn is_loose(&self) -> bool {
        matches!(self.top(), Opened::Round | Opened::Square | Opened::Template | Opened::ForObject)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn token(&mut self, kind: Kind, length: usize) -> Token {
        let start = self.at;
        self.at += length;
        Token { kind, start, end: self.at, is_loose: self.is_loose() }
    }

    fn fail(&mut self, at: usize, why: String) -> Option<Token> {
        self.broken = Some(Broken { at, why });
        self.at = self.text.len();
        None
    }

    fn code(&mut self) -> Option<Token> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '\n' => (Kind::Newline, 1),
            '\r' if rest.starts_with("\r\n") => (Kind::Newline, 2),
            '#' => (Kind::Comment, line(rest)),
            '/' if rest.starts_with("//") => (Kind::Comment, line(rest)),
            '/' if rest.starts_with("/*") => {
                let end = rest[2..].find("*/").map_or(rest.len(), |it| it + 4);
                (Kind::Comment, end)
            }
            '0'..='9' => (Kind::Number, number(rest)),
            '"' => return Some(self.opens(Opened::Quote, 1)),
            '(' => return Some(self.opens(Opened::Round, 1)),
            '[' => return Some(self.opens(Opened::Square, 1)),
            '{' => return Some(self.brace()),
            ')' => return Some(self.closes(&[Opened::Round])),
            ']' => return Some(self.closes(&[Opened::Square])),
            '}' => {
                let braces = [Opened::Body, Opened::Object, Opened::ForObject, Opened::Template];
                return Some(self.closes(&braces));
            }
            '<' if rest.starts_with("<<") => match heredoc(rest) {
                Some((marker, length)) => {
                    let token = self.opens(Opened::Heredoc, length);
                    if let Some(it) = self.frames.last_mut() {
                        it.marker = marker;
                    }
                    return Some(token);
                }
                None => (Kind::Other, 2),
            },
            '.' if rest.starts_with("...") => (Kind::Other, 3),
            '.' => (Kind::Dot, 1),
            '*' => (Kind::Star, 1),
            ',' => (Kind::Comma, 1),
            ':' if rest.starts_with("::") => (Kind::Other, 2),
            ':' => (Kind::Colon, 1),
            '=' if rest.starts_with("==") || rest.starts_with("=>") => (Kind::Other, 2),
            '=' => (Kind::Equal, 1),
            '!' | '<' | '>' if rest[1..].starts_with('=') => (Kind::Other, 2),
            it if starts_name(it) => (Kind::Name, name(rest)),
            it => (Kind::Other, it.len_utf8()),
        };
        if let Some(body) = self.frames.last_mut().filter(|it| it.opened == Opened::Body) {
            match kind {
                Kind::Equal => body.in_value = true,
                Kind::Newline => body.in_value = false,
                _ => {}
            }
        }
        Some(self.token(kind, length))
    }

    /// The token is as loose as what it stands in, not as what it opens.
    fn opens(&mut self, opened: Opened, length: usize) -> Token {
        let token = self.token(Kind::Open(opened), length);
        self.open(opened, token.start);
        token
    }

    fn closes(&mut self, opened: &[Opened]) -> Token {
        if self.frames.len() > 1 && opened.contains(&self.top()) {
            self.frames.pop();
            self.token(Kind::Close, 1)
        } else {
            self.token(Kind::Other, 1)
        }
    }

    fn brace(&mut self) -> Token {
        let is_block =
            self.frames.last().is_some_and(|it| it.opened == Opened::Body && !it.in_value);
        let opened = match is_block {
            true => Opened::Body,
            false if begins_for(&self.rest()[1..]) => Opened::ForObject,
            false => Opened::Object,
        };
        self.opens(opened, 1)
    }

    /// What stands between quotes.
    fn quoted(&mut self, start: usize) -> Option<Token> {
        let rest = self.rest();
        let mut at = 0;
        while let Some(it) = rest[at..].chars().next() {
            let here = &rest[at..];
            match it {
                '"' if at == 0 => {
                    self.frames.pop();
                    return Some(self.token(Kind::Close, 1));
                }
                '"' => break,
                '\\' => at += 1 + here[1..].chars().next().map_or(0, char::len_utf8),
                '\n' => {
                    let why = "ends a line within a string in quotes: write \\n, or a heredoc";
                    return self.fail(self.at + at, why.to_owned());
                }
                '$' | '%' if here.starts_with("$${") || here.starts_with("%%{") => at += 3,
                '$' | '%' if here[1..].starts_with('{') => {
                    if at == 0 {
                        return Some(self.opens(Opened::Template, 2));
                    }
                    break;
                }
                it => at += it.len_utf8(),
            }
        }
        if at == 0 {
            return self.fail(start, "begins a string that does not end".to_owned());
        }
        Some(self.token(Kind::Text, at))
    }

    /// A stretch of a heredoc: up to the end of its line, or up to a template.
    fn heredoc(&mut self, start: usize) -> Option<Token> {
        let rest = self.rest();
        let frame = self.frames.last_mut()?;
        let mut at = 0;
        while let Some(it) = rest[at..].chars().next() {
            let here = &rest[at..];
            match it {
                '\n' => {
                    let line = &rest[..at];
                    if frame.at_line && line.trim() == frame.marker {
                        let length = line.strip_suffix('\r').unwrap_or(line).len();
                        self.frames.pop();
                        return Some(self.token(Kind::Close, length));
                    }
                    frame.at_line = true;
                    return Some(self.token(Kind::Text, at + 1));
                }
                '$' | '%' if here.starts_with("$${") || here.starts_with("%%{") => at += 3,
                '$' | '%' if here[1..].starts_with('{') => {
                    if at == 0 {
                        return Some(self.opens(Opened::Template, 2));
                    }
                    frame.at_line = false;
                    return Some(self.token(Kind::Text, at));
                }
                it => at += it.len_utf8(),
            }
        }
        let marker = frame.marker;
        if self.frames.len() == 1 {
            return (at > 0).then(|| self.token(Kind::Text, at));
        }
        self.fail(
            start,
            format!("begins a heredoc that does not end: {marker} must stand alone in a line"),
        )
    }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if self.broken.is_some() {
            return None;
        }
        let frame = self.frames.last()?;
        let start = frame.start;
        match frame.opened {
            Opened::Quote => self.quoted(start),
            Opened::Heredoc => self.heredoc(start),
            _ => self.code(),
        }
    }
}

/// The length of a line without its end.
fn line(rest: &str) -> usize {
    let line = rest.split('\n').next().unwrap_or(rest);
    line.strip_suffix('\r').unwrap_or(line).len()
}

/// The length of a number, with all the points and exponents that Terraform takes for part of it.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut at, mut end) = (1, 1);
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    loop {
        match bytes.get(at) {
            Some(b'.') => at += 1,
            Some(b'0'..=b'9') => (at, end) = (at + 1, at + 1),
            Some(b'e' | b'E') => {
                let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
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
fn heredoc(rest: &str) -> Option<(&str, usize)> {
    let marker = rest.strip_prefix("<<")?;
    let marker = marker.strip_prefix('-').unwrap_or(marker);
    let length = name(marker);
    let after = &marker[length..];
    let newline = if after.starts_with("\r\n") { 2 } else { usize::from(after.starts_with('\n')) };
    let whole = rest.len() - after.len() + newline;
    (length > 0 && newline > 0).then(|| (&marker[..length], whole))
}

/// Whether the word `for` comes next, comments and line feeds aside.
fn begins_for(mut rest: &str) -> bool {
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.starts_with('#') || rest.starts_with("//") {
            rest = &rest[line(rest)..];
        } else if rest.starts_with("/*") {
            rest = rest[2..].find("*/").map_or("", |it| &rest[it + 4..]);
        } else {
            return &rest[..name(rest)] == "for";
        }
    }
}

fn name(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    if !chars.next().is_some_and(|(_, it)| starts_name(it)) {
        return 0;
    }
    chars.find(|(_, it)| !continues_name(*it)).map_or(rest.len(), |(at, _)| at)
}

fn starts_name(it: char) -> bool {
    it == '_' || it.is_ascii_alphabetic() || !it.is_ascii() && is_name(&[it])
}

/// Whether a name may go on with it.
pub(super) fn continues_name(it: char) -> bool {
    it == '-' || it == '_' || it.is_ascii_alphanumeric() || !it.is_ascii() && is_name(&['a', it])
}

fn is_name(text: &[char]) -> bool {
    Ident::try_new(text.iter().collect::<String>()).is_ok()
}
