//! Text to the compact form. This folder alone knows the parser.

use std::sync::Arc;

use hcl_edit::expr as hcl;
use hcl_edit::expr::{BinaryOperator, Expression, TraversalOperator, UnaryOperator};
use hcl_edit::structure as outer;
use hcl_edit::{Decorated, Span as _};

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
    let lower = Lower { file, mark, text: rest };
    match hcl_edit::parser::parse_body(rest) {
        Ok(body) => Ok(lower.body(body)),
        Err(error) => {
            let at = error.location().offset();
            let span = lower.span(Some(at..at));
            Err(Fault { span, message: in_our_words(error.message()) })
        }
    }
}

/// Reads an expression that is no part of a file's body.
pub(crate) fn expression(file: FileId, text: &str) -> Result<Expr, Fault> {
    let lower = Lower { file, mark: 0, text };
    match hcl_edit::parser::parse_expr(text) {
        Ok(it) => Ok(lower.expr(it)),
        Err(error) => {
            let at = error.location().offset();
            Err(Fault { span: lower.span(Some(at..at)), message: in_our_words(error.message()) })
        }
    }
}

/// Reads a text as the content of a template.
pub(crate) fn template(file: FileId, text: &str) -> Result<Expr, Fault> {
    let lower = Lower { file, mark: 0, text };
    match hcl_edit::parser::parse_template(text) {
        Ok(it) => {
            let span = lower.span(Some(0..text.len()));
            let kind = template::kind(template::lower(&lower, it, Kind::Heredoc));
            Ok(Expr { kind, span })
        }
        Err(error) => {
            let at = error.location().offset();
            Err(Fault { span: lower.span(Some(at..at)), message: in_our_words(error.message()) })
        }
    }
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

type Operators = std::iter::Peekable<std::vec::IntoIter<TraversalOperator>>;

/// Lowers what the parser built from one file.
pub(super) struct Lower<'a> {
    file: FileId,
    mark: usize,
    text: &'a str,
}

impl Lower<'_> {
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
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(it) => ExprKind::Bool(*it),
            // The parser keeps numbers in 64 bits; Terraform's are longer, so the text is read.
            Expression::Number(_) => ExprKind::Number(self.written(span).parse().ok()),
            Expression::String(it) => ExprKind::String(it.as_str().into()),
            Expression::Array(it) => {
                ExprKind::Tuple(it.into_iter().map(|it| self.expr(it)).collect())
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
                let of = self.expr(it.expr);
                let operators: Vec<_> =
                    it.operators.into_iter().map(Decorated::into_value).collect();
                return self.traversal(of, &mut operators.into_iter().peekable());
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
    fn traversal(&self, mut of: Expr, operators: &mut Operators) -> Expr {
        while let Some(operator) = operators.next() {
            let at = self.span(operator.span());
            let span = Span { end: at.end.max(of.span.end), ..of.span };
            let kind = match operator {
                TraversalOperator::GetAttr(name) => {
                    ExprKind::Attribute(Box::new(of), name.as_str().into())
                }
                TraversalOperator::Index(key) => {
                    ExprKind::Index(Box::new(of), Box::new(self.expr(key)))
                }
                TraversalOperator::LegacyIndex(index) => {
                    let number = index.to_string().parse().ok();
                    let key = Expr { kind: ExprKind::Number(number), span: at };
                    ExprKind::Index(Box::new(of), Box::new(key))
                }
                TraversalOperator::FullSplat(_) => {
                    let element = Expr { kind: ExprKind::Element, span: at };
                    let each = self.traversal(element, operators);
                    ExprKind::Splat { of: Box::new(of), each: Box::new(each) }
                }
                TraversalOperator::AttrSplat(_) => {
                    let element = Expr { kind: ExprKind::Element, span: at };
                    let mut names = Vec::new();
                    while let Some(it) =
                        operators.next_if(|it| matches!(it, TraversalOperator::GetAttr(_)))
                    {
                        names.push(it);
                    }
                    let each = self.traversal(element, &mut names.into_iter().peekable());
                    ExprKind::Splat { of: Box::new(of), each: Box::new(each) }
                }
            };
            of = Expr { kind, span };
        }
        of
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
