//! Text to the compact form, as Terraform's own parser goes through it: word by word, with line
//! feeds that end something at some places and mean nothing at others.

use std::sync::Arc;

use super::scan::{self, Kind, Word};
use super::template::Form;
use super::{Attribute, Block, Body, Expr, ExprKind};
use crate::hash::HashSet;
use crate::source::{Fault, FileId, Span};

/// How deep blocks and expressions may lie in each other: whoever walks over them goes down as deep.
const DEEPEST: u32 = 200;
/// Among so few attributes, one of the same name is found fastest by looking at each.
const FEW: usize = 16;

/// Reads a file's text. A byte order mark at the beginning is skipped; spans count it.
pub(crate) fn parse(file: FileId, text: &str, names: &mut Names) -> Result<Body, Fault> {
    if u32::try_from(text.len()).is_err() {
        let span = Span { file, start: 0, end: 0 };
        return Err(Fault { span, message: "is larger than 4 GiB".to_owned() });
    }
    let mut parser = Parser::new(file, text, names);
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    let body = parser.body(None)?;
    Ok(body)
}

/// Whether a text can be a name: of a variable, a block, an attribute.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && scan::name(text) == text.len()
}

/// Reads an expression that is no part of a file's body.
pub(crate) fn expression(file: FileId, text: &str) -> Result<Expr, Fault> {
    let mut names = Names::default();
    let mut parser = Parser::new(file, text, &mut names);
    parser.is_loose = true;
    let expr = parser.expression()?;
    match parser.peek() {
        Word { kind: Kind::End, .. } => Ok(expr),
        it => Err(parser.unexpected(it, "the expression must end here")),
    }
}

/// Reads a text as the content of a template.
pub(crate) fn template(file: FileId, text: &str) -> Result<Expr, Fault> {
    let mut names = Names::default();
    let mut parser = Parser::new(file, text, &mut names);
    let kind = parser.template(0, Form::Bare)?;
    Ok(Expr { kind, span: parser.span(0, text.len()) })
}

/// Names and short texts that were met, so that each is kept once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: HashSet<Arc<str>>,
}

impl Names {
    /// A longer text is seldom written twice.
    const LONGEST: usize = 32;

    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        if text.len() > Self::LONGEST {
            return text.into();
        }
        if let Some(it) = self.known.get(text) {
            return it.clone();
        }
        let name: Arc<str> = text.into();
        self.known.insert(name.clone());
        name
    }
}

/// Where in a text the reading is.
#[derive(Debug)]
pub(super) struct Parser<'a, 'n> {
    file: FileId,
    pub(super) text: &'a str,
    names: &'n mut Names,
    /// Behind the last word that was taken.
    pub(super) at: usize,
    /// The next word, if it has been looked at.
    ahead: Option<Word>,
    /// Whether line feeds mean nothing here.
    is_loose: bool,
    depth: u32,
    pub(super) open: Open,
}

/// What belongs to blocks and expressions that are not read to their end, each behind what belongs to
/// those around it: so that a list is allocated once, and as large as it is.
#[derive(Debug, Default)]
pub(super) struct Open {
    attributes: Vec<Attribute>,
    blocks: Vec<Block>,
    pub(super) values: Vec<Expr>,
    pub(super) entries: Vec<(Expr, Expr)>,
}

/// Takes out what was added since there were so many.
pub(super) fn since<T>(list: &mut Vec<T>, so_many: usize) -> Vec<T> {
    list.drain(so_many..).collect()
}

impl<'a, 'n> Parser<'a, 'n> {
    fn new(file: FileId, text: &'a str, names: &'n mut Names) -> Self {
        let (ahead, open) = Default::default();
        Self { file, text, names, at: 0, ahead, is_loose: false, depth: 0, open }
    }

    /// What stands in a file, or behind a block's opening brace up to the closing one.
    fn body(&mut self, block: Option<Span>) -> Result<Body, Fault> {
        let (attributes, blocks) = (self.open.attributes.len(), self.open.blocks.len());
        let mut seen = HashSet::default();
        loop {
            let word = self.take();
            match (word.kind, block) {
                (Kind::Newline, _) => {}
                (Kind::End, None) | (Kind::CloseBrace, Some(_)) => break,
                (Kind::End, Some(head)) => {
                    let message = "begins a block that does not end: a } is missing".to_owned();
                    return Err(Fault { span: head, message });
                }
                (Kind::Name, _) if self.peek().kind == Kind::Assign => {
                    let attribute = self.attribute(word)?;
                    let name = &attribute.name;
                    let before = &self.open.attributes[attributes..];
                    let is_twice = if before.len() < FEW {
                        before.iter().any(|it| it.name == *name)
                    } else {
                        seen.extend(before[seen.len()..].iter().map(|it| it.name.clone()));
                        seen.contains(name)
                    };
                    if is_twice {
                        let message = format!("gives {name} a value for the second time");
                        return Err(Fault { span: attribute.name_span, message });
                    }
                    self.open.attributes.push(attribute);
                    self.end_line("an argument ends with its line")?;
                }
                (Kind::Name, _) => {
                    let block = self.block(word)?;
                    self.open.blocks.push(block);
                    self.end_line("a block ends with its line")?;
                }
                _ => {
                    let what = "an argument (name = …) or a block (name { … }) must begin here";
                    return Err(self.unexpected(word, what));
                }
            }
        }
        Ok(Body {
            attributes: since(&mut self.open.attributes, attributes),
            blocks: since(&mut self.open.blocks, blocks),
            ..Body::default()
        })
    }

    fn attribute(&mut self, name: Word) -> Result<Attribute, Fault> {
        self.take();
        let value = self.expression()?;
        Ok(Attribute { name: self.name(name), name_span: self.span_of(name), value })
    }

    fn block(&mut self, kind: Word) -> Result<Block, Fault> {
        let mut labels = Vec::new();
        let mut end = kind.end;
        loop {
            let word = self.take();
            match word.kind {
                Kind::OpenBrace => break,
                Kind::Name => labels.push(self.name(word)),
                Kind::Quote => match self.template(word.start, Form::Quoted)? {
                    ExprKind::String(it) => labels.push(it),
                    _ => {
                        let message = "can't be read: a block's label has no ${ } or %{ } in it";
                        return Err(self.fault(word, message));
                    }
                },
                Kind::Assign => {
                    let message = "can't be read: = belongs to an argument, which has no labels";
                    return Err(self.fault(word, message));
                }
                _ => {
                    let what = match labels.is_empty() {
                        true => {
                            "= of an argument or { of a block must stand here, in the same line"
                        }
                        false => "{ of the block must stand here, in the same line",
                    };
                    return Err(self.unexpected(word, what));
                }
            }
            end = self.at;
        }
        let head = self.span(kind.start, end);
        let body = self.deeper(|it| match it.peek().kind {
            Kind::Newline | Kind::End | Kind::CloseBrace => it.body(Some(head)),
            _ => it.single_line(),
        })?;
        Ok(Block { kind: self.name(kind), labels, head, body })
    }

    /// The one argument of a block in one line.
    fn single_line(&mut self) -> Result<Body, Fault> {
        let name = self.take();
        if name.kind != Kind::Name || self.peek().kind != Kind::Assign {
            let what = "a block in one line holds one argument and nothing else; begin a new line";
            return Err(self.unexpected(name, what));
        }
        let attribute = self.attribute(name)?;
        let what =
            "} must follow the one argument of a block in one line; begin new lines for more";
        self.require(Kind::CloseBrace, what)?;
        Ok(Body { attributes: vec![attribute], ..Body::default() })
    }

    fn end_line(&mut self, what: &str) -> Result<(), Fault> {
        match self.peek().kind {
            Kind::End => Ok(()),
            // The brace may be missing only as far as the line goes.
            _ => self.require(Kind::Newline, what).map(drop),
        }
    }

    /// The next word, which is not taken.
    pub(super) fn peek(&mut self) -> Word {
        *self.ahead.get_or_insert_with(|| scan::word(self.text, self.at, self.is_loose))
    }

    /// The next word.
    pub(super) fn take(&mut self) -> Word {
        let word = self.peek();
        self.ahead = None;
        self.at = word.end;
        word
    }

    /// Takes the next word if it is of that kind.
    pub(super) fn take_if(&mut self, kind: Kind) -> bool {
        let is_it = self.peek().kind == kind;
        if is_it {
            self.take();
        }
        is_it
    }

    /// Takes the next word if it is this name.
    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let word = self.peek();
        let is_it = word.kind == Kind::Name && self.written(word) == keyword;
        if is_it {
            self.take();
        }
        is_it
    }

    /// Takes a word of that kind; `what` says what must stand there.
    pub(super) fn require(&mut self, kind: Kind, what: &str) -> Result<Word, Fault> {
        match self.peek() {
            it if it.kind == kind => Ok(self.take()),
            it => Err(self.unexpected(it, what)),
        }
    }

    /// Reads where line feeds mean nothing, or where they do.
    pub(super) fn with_lines<T>(
        &mut self,
        is_loose: bool,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let before = std::mem::replace(&mut self.is_loose, is_loose);
        if before != is_loose {
            self.ahead = None;
        }
        let out = read(self);
        self.is_loose = before;
        if before != is_loose {
            self.ahead = None;
        }
        out
    }

    /// Reads what lies within something.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.go_down()?;
        let out = read(self);
        self.go_up();
        out
    }

    pub(super) fn go_down(&mut self) -> Result<(), Fault> {
        if self.depth == DEEPEST {
            let word = self.peek();
            let message = format!("lies in more than {DEEPEST} blocks or expressions");
            return Err(self.fault(word, &message));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn go_up(&mut self) {
        self.depth -= 1;
    }

    /// The text of a word.
    pub(super) fn written(&self, word: Word) -> &'a str {
        &self.text[word.start..word.end]
    }

    pub(super) fn name(&mut self, word: Word) -> Arc<str> {
        self.names.get(&self.text[word.start..word.end])
    }

    pub(super) fn short(&mut self, text: &str) -> Arc<str> {
        self.names.get(text)
    }

    /// What was read from a place up to the last word that was taken.
    pub(super) fn since(&self, start: usize, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(start, self.at) }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let at = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Span { file: self.file, start: at(start), end: at(end) }
    }

    pub(super) fn span_of(&self, word: Word) -> Span {
        self.span(word.start, word.end)
    }

    pub(super) fn fault(&self, word: Word, message: &str) -> Fault {
        Fault { span: self.span_of(word), message: message.to_owned() }
    }

    /// What must stand where another word does.
    pub(super) fn unexpected(&self, found: Word, what: &str) -> Fault {
        let written = self.written(found);
        let found_text = match found.kind {
            Kind::End => "the file ends".to_owned(),
            Kind::Newline => "the line ends".to_owned(),
            Kind::OpenComment => "a comment begins that does not end".to_owned(),
            Kind::Heredoc => "a heredoc begins".to_owned(),
            Kind::Quote => "a string begins".to_owned(),
            _ => format!("{written} stands here"),
        };
        let cure = match written {
            "'" => ": strings are written in double quotes",
            ";" => ": each argument is written in a line of its own",
            "&" | "|" => ": the operators are && and ||",
            _ => "",
        };
        let message = format!("can't be read: {what}, but {found_text}{cure}");
        Fault { span: self.span_of(found), message }
    }
}
