//! Text to the compact form. This folder alone knows the parser.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use hcl_edit::expr as hcl;
use hcl_edit::expr::{BinaryOperator, Expression, TraversalOperator, UnaryOperator};
use hcl_edit::structure as outer;
use hcl_edit::{Decorated, Span as _};

use super::gate::{self, Looked};
use super::scan::{Broken, Kind as Word, Scanner, What};
use super::template::{self, Kind};
use super::{Attribute, Binary, Block, Body, Expr, ExprKind, For, Unary};
use crate::source::{Fault, FileId, Span};

/// Reads a file's text. A byte order mark at the beginning is skipped; spans count it.
pub(crate) fn parse(file: FileId, text: &str) -> Result<Body, Fault> {
    let (mark, rest) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ('\u{feff}'.len_utf8(), rest),
        None => (0, text),
    };
    if u32::try_from(text.len()).is_err() {
        let span = Span { file, start: 0, end: 0 };
        return Err(Fault { span, message: "is larger than 4 GiB".to_owned() });
    }
    let lower = Lower::new(file, mark, rest);
    read(lower, What::Body, hcl_edit::parser::parse_body, |lower, it| lower.body(it))
}

/// Whether a text can be a name: of a variable, a block, an attribute.
pub(crate) fn is_identifier(text: &str) -> bool {
    hcl_edit::Ident::try_new(text).is_ok()
}

/// Reads an expression that is no part of a file's body.
pub(crate) fn expression(file: FileId, text: &str) -> Result<Expr, Fault> {
    let lower = Lower::new(file, 0, text);
    read(lower, What::Expression, hcl_edit::parser::parse_expr, |lower, it| lower.expr(it))
}

/// Reads a text as the content of a template.
pub(crate) fn template(file: FileId, text: &str) -> Result<Expr, Fault> {
    let lower = Lower::new(file, 0, text);
    read(lower, What::Template, hcl_edit::parser::parse_template, |lower, it| {
        let span = lower.span(Some(0..text.len()));
        let kind = template::kind(template::lower(lower, it, Kind::Heredoc));
        Expr { kind, span }
    })
}

/// Parses and lowers. What the parser refuses is parsed again, written as it likes it; what it
/// takes though Terraform doesn't is refused.
fn read<T, O>(
    mut lower: Lower<'_>,
    what: What,
    parse: impl Fn(&str) -> Result<T, hcl_edit::parser::Error>,
    lowered: impl FnOnce(&Lower<'_>, T) -> O,
) -> Result<O, Fault> {
    let text = lower.text;
    let Looked { refused, is_misread } = gate::look(text, what);
    let tree = match parse(text) {
        Ok(tree) if !is_misread => Ok(tree),
        _ => {
            let again = gate::rewritten(text, what);
            lower.keys = again.keys;
            parse(&again.text)
        }
    };
    let broken = match tree {
        Ok(tree) => {
            let out = lowered(&lower, tree);
            match refused.or_else(|| lower.broken.take()) {
                None => return Ok(out),
                Some(it) => it,
            }
        }
        Err(error) => {
            let at = error.location().offset();
            let theirs = Broken { at, why: in_our_words(error.message()) };
            refused.filter(|it| it.at <= at).unwrap_or(theirs)
        }
    };
    // The parser's own place may lie within the last character.
    let at = text.floor_char_boundary(broken.at);
    Err(Fault { span: lower.span(Some(at..at)), message: broken.why })
}

/// The parser's message as a clause, on one line.
fn in_our_words(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = message.strip_prefix("invalid ").unwrap_or(&message);
    match message.split_once("; ") {
        Some((what, expected)) => format!("can't be read as {what}: {expected}"),
        None => format!("can't be read: {message}"),
    }
}

/// How many steps (`.a`, `[0]`) may follow a value: each nests what comes before, and the parser's
/// own limits don't count them.
const LONGEST_TRAVERSAL: usize = 200;

type Operators = std::iter::Peekable<std::vec::IntoIter<TraversalOperator>>;

/// Lowers what the parser built from one file.
pub(super) struct Lower<'a> {
    file: FileId,
    /// How far the text stands from the beginning of the file.
    mark: usize,
    /// The text as it is written.
    text: &'a str,
    /// What keys stand for that the parser sees under another name.
    keys: HashMap<usize, String>,
    /// What the parser took though Terraform refuses it.
    broken: Cell<Option<Broken>>,
}

impl<'a> Lower<'a> {
    fn new(file: FileId, mark: usize, text: &'a str) -> Self {
        Self { file, mark, text, keys: HashMap::new(), broken: Cell::new(None) }
    }

    fn refuse(&self, span: Span, why: &str) {
        let broken = Broken { at: span.start as usize - self.mark, why: why.to_owned() };
        self.broken.set(Some(self.broken.take().unwrap_or(broken)));
    }

    fn body(&self, body: outer::Body) -> Body {
        let mut out = Body::default();
        for structure in body {
            match structure {
                outer::Structure::Attribute(it) => out.attributes.push(Attribute {
                    name_span: self.span(it.key.span()),
                    name: it.key.as_str().into(),
                    value: self.expr(it.value),
                }),
                outer::Structure::Block(it) => out.blocks.push(self.block(it)),
            }
        }
        out
    }

    fn block(&self, block: outer::Block) -> Block {
        let mut head = self.span(block.ident.span());
        let mut labels = Vec::with_capacity(block.labels.len());
        for label in &block.labels {
            head.end = self.span(label.span()).end.max(head.end);
            labels.push(Arc::from(label.as_str()));
        }
        Block { kind: block.ident.as_str().into(), labels, head, body: self.body(block.body) }
    }

    pub(super) fn expr(&self, expr: Expression) -> Expr {
        let span = self.span(expr.span());
        let kind = match expr {
            Expression::String(_) if self.written(span).starts_with("<<") => {
                return self.empty_heredoc(span);
            }
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(it) => ExprKind::Bool(*it),
            Expression::Number(_) => return self.number(span),
            Expression::String(it) => ExprKind::String(it.as_str().into()),
            Expression::Array(it) => {
                let items: Vec<Expr> = it.into_iter().map(|it| self.expr(it)).collect();
                if let Some(it) = items.first()
                    && first_name(self.written(it.span)) == Some("for")
                {
                    self.refuse(it.span, "can't be read: no name follows the word for");
                }
                ExprKind::Tuple(items)
            }
            Expression::Object(it) => ExprKind::Object(
                it.into_iter()
                    .map(|(key, it)| (self.key(key), self.expr(it.into_expr())))
                    .collect(),
            ),
            Expression::StringTemplate(it) => {
                template::kind(template::lower(self, it, Kind::Quoted))
            }
            Expression::HeredocTemplate(it) => {
                let indented = self.written(span).starts_with("<<-");
                let kind = if indented { Kind::Indented } else { Kind::Heredoc };
                template::kind(template::lower(self, it.template, kind))
            }
            Expression::Parenthesis(it) => return self.expr(it.into_inner()),
            Expression::Variable(it) => ExprKind::Variable(it.as_str().into()),
            Expression::Conditional(it) => ExprKind::Conditional(Box::new([
                self.expr(it.cond_expr),
                self.expr(it.true_expr),
                self.expr(it.false_expr),
            ])),
            Expression::FuncCall(it) => self.call(*it),
            Expression::Traversal(it) => {
                let start = self.span(it.expr.span()).start;
                let of = self.expr(it.expr);
                if it.operators.len() > LONGEST_TRAVERSAL {
                    let why = format!("takes more than {LONGEST_TRAVERSAL} steps from one value");
                    self.refuse(of.span, &why);
                    return of;
                }
                let operators: Vec<_> =
                    it.operators.into_iter().map(Decorated::into_value).collect();
                return self.traversal(start, of, &mut operators.into_iter().peekable());
            }
            Expression::UnaryOp(it) => {
                let operator = match it.operator.value() {
                    UnaryOperator::Neg => Unary::Negative,
                    UnaryOperator::Not => Unary::Not,
                };
                ExprKind::Unary(operator, Box::new(self.expr(it.expr)))
            }
            Expression::BinaryOp(it) => ExprKind::Binary(
                binary(*it.operator.value()),
                Box::new([self.expr(it.lhs_expr), self.expr(it.rhs_expr)]),
            ),
            Expression::ForExpr(it) => self.for_expr(*it),
        };
        Expr { kind, span }
    }

    /// A bare word as a key is that word, a parenthesised one a reference.
    fn key(&self, key: hcl::ObjectKey) -> Expr {
        let span = self.span(key.span());
        if let Some(text) = key.span().and_then(|it| self.keys.get(&it.start))
            && let Ok(key) = hcl_edit::parser::parse_expr(text)
        {
            let start = span.start as usize - self.mark;
            let inner = Lower::new(self.file, span.start as usize, &self.text[start..]);
            return inner.key(hcl::ObjectKey::Expression(key));
        }
        match key {
            hcl::ObjectKey::Ident(it) => Expr { kind: ExprKind::String(it.as_str().into()), span },
            hcl::ObjectKey::Expression(Expression::Variable(it)) => {
                Expr { kind: ExprKind::String(it.as_str().into()), span }
            }
            hcl::ObjectKey::Expression(Expression::Null(_)) => {
                Expr { kind: ExprKind::String("null".into()), span }
            }
            hcl::ObjectKey::Expression(it) => self.expr(it),
        }
    }

    fn call(&self, call: hcl::FuncCall) -> ExprKind {
        let mut name = String::new();
        for space in &call.name.namespace {
            name.push_str(space.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let spread = call.args.expand_final();
        let arguments = call.args.into_iter().map(|it| self.expr(it)).collect();
        ExprKind::Call { name: name.into(), arguments, spread }
    }

    fn for_expr(&self, it: hcl::ForExpr) -> ExprKind {
        ExprKind::For(Box::new(For {
            key_name: it.intro.key_var.map(|it| it.as_str().into()),
            value_name: it.intro.value_var.as_str().into(),
            over: self.expr(it.intro.collection_expr),
            key: it.key_expr.map(|it| self.expr(it)),
            value: self.expr(it.value_expr),
            group: it.grouping,
            filter: it.cond.map(|it| self.expr(it.expr)),
        }))
    }

    /// `.a`, `[0]`, `[*]` and `.*` behind an expression. A full splat takes all that follows, a
    /// legacy one the attributes that follow.
    fn traversal(&self, start: u32, mut of: Expr, operators: &mut Operators) -> Expr {
        while let Some(operator) = operators.next() {
            let at = self.span(operator.span());
            let mut span = Span { start, end: at.end, ..at };
            let kind = match operator {
                TraversalOperator::GetAttr(name) => match self.number(at) {
                    key @ Expr { kind: ExprKind::Number(Some(_)), .. } => {
                        ExprKind::Index(Box::new(of), Box::new(key))
                    }
                    _ => ExprKind::Attribute(Box::new(of), name.as_str().into()),
                },
                TraversalOperator::Index(key) => {
                    span.end = self.bracket_end(at);
                    ExprKind::Index(Box::new(of), Box::new(self.expr(key)))
                }
                TraversalOperator::LegacyIndex(_) => {
                    ExprKind::Index(Box::new(of), Box::new(self.number(at)))
                }
                TraversalOperator::FullSplat(_) => {
                    let element = Expr { kind: ExprKind::Element, span: at };
                    let each = self.traversal(at.start, element, operators);
                    span.end = self.bracket_end(at).max(each.span.end);
                    ExprKind::Splat { of: Box::new(of), each: Box::new(each) }
                }
                TraversalOperator::AttrSplat(_) => {
                    let element = Expr { kind: ExprKind::Element, span: at };
                    let mut names = Vec::new();
                    while let Some(it) = operators.next_if(|it| {
                        use TraversalOperator::{GetAttr, LegacyIndex};
                        matches!(it, GetAttr(_) | LegacyIndex(_))
                    }) {
                        names.push(it);
                    }
                    if matches!(operators.peek(), Some(TraversalOperator::AttrSplat(_))) {
                        let why = "can't be read: .* can't stand behind .*; write [*] for both";
                        self.refuse(at, why);
                    }
                    let each = self.traversal(at.start, element, &mut names.into_iter().peekable());
                    span.end = span.end.max(each.span.end);
                    ExprKind::Splat { of: Box::new(of), each: Box::new(each) }
                }
            };
            of = Expr { kind, span };
        }
        of
    }

    /// A heredoc without a line, which the parser sees as a string in quotes.
    fn empty_heredoc(&self, at: Span) -> Expr {
        let from = at.start as usize - self.mark;
        let rest = self.text.get(from..).unwrap_or("");
        let close = Scanner::new(rest, What::Expression).find(|it| it.kind == Word::Close);
        let length = close.map_or(0, |it| u32::try_from(it.end).unwrap_or(0));
        Expr { kind: ExprKind::String("".into()), span: Span { end: at.start + length, ..at } }
    }

    /// Where the bracket around an index ends.
    fn bracket_end(&self, at: Span) -> u32 {
        let from = at.end as usize - self.mark;
        let mut words = Scanner::new(self.text.get(from..).unwrap_or(""), What::Expression);
        let close = words.find(|it| !matches!(it.kind, Word::Newline | Word::Comment));
        at.end + close.map_or(0, |it| u32::try_from(it.end).unwrap_or(0))
    }

    /// A number, of any length: the parser keeps 64 bits of it. A sign before it is an operator.
    fn number(&self, span: Span) -> Expr {
        let written = self.written(span);
        let Some(rest) = written.strip_prefix('-') else {
            return Expr { kind: ExprKind::Number(written.parse().ok()), span };
        };
        let mut words = Scanner::new(rest, What::Expression);
        let number = words.find(|it| it.kind == Word::Number);
        let start =
            number.map_or(span.end, |it| span.start + 1 + u32::try_from(it.start).unwrap_or(0));
        let number = self.number(Span { start, ..span });
        Expr { kind: ExprKind::Unary(Unary::Negative, Box::new(number)), span }
    }

    pub(super) fn span(&self, range: Option<std::ops::Range<usize>>) -> Span {
        let at = |it: usize| u32::try_from(it + self.mark).unwrap_or(u32::MAX);
        let range = range.unwrap_or(0..0);
        Span { file: self.file, start: at(range.start), end: at(range.end) }
    }

    pub(super) fn written(&self, span: Span) -> &str {
        self.text.get(span.start as usize - self.mark..span.end as usize - self.mark).unwrap_or("")
    }
}

/// The name with which a text begins.
fn first_name(text: &str) -> Option<&str> {
    let word = Scanner::new(text, What::Expression).next()?;
    (word.kind == Word::Name).then(|| &text[..word.end])
}

fn binary(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::NotEqual,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::Plus => Binary::Add,
        BinaryOperator::Minus => Binary::Subtract,
        BinaryOperator::Mul => Binary::Multiply,
        BinaryOperator::Div => Binary::Divide,
        BinaryOperator::Mod => Binary::Modulo,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Or => Binary::Or,
    }
}
