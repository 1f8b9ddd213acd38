//! A template's pieces put together: directives with what stands between them.

use std::sync::Arc;

use super::parse::Parser;
use super::template::{End, Piece};
use super::{Expr, ExprKind, For, Part};
use crate::source::{Fault, Span};

/// The pieces that are left.
pub(super) struct Tree<'p, 'a, 'n> {
    parser: &'p mut Parser<'a, 'n>,
    pieces: std::vec::IntoIter<Piece<'a>>,
}

impl<'p, 'a, 'n> Tree<'p, 'a, 'n> {
    pub(super) fn new(parser: &'p mut Parser<'a, 'n>, pieces: Vec<Piece<'a>>) -> Self {
        Self { parser, pieces: pieces.into_iter() }
    }

    /// The whole template. One without anything to evaluate is a plain string.
    pub(super) fn whole(mut self) -> Result<ExprKind, Fault> {
        let (parts, end) = self.parts()?;
        match end {
            None => Ok(self.kind(parts)),
            Some(it) => Err(unbalanced(&it, "belongs to no directive before it")),
        }
    }

    /// The parts up to the end of the directive that they are in, and that.
    fn parts(&mut self) -> Result<(Vec<Part>, Option<End>), Fault> {
        let mut parts: Vec<Part> = Vec::new();
        let mut open: Option<String> = None;
        let mut first: Option<Arc<str>> = None;
        let end = loop {
            let piece = self.pieces.next();
            if let Some(Piece::Text(it)) = &piece {
                match (&mut open, first.take()) {
                    (Some(open), _) => open.push_str(it),
                    (None, Some(before)) => open = Some(format!("{before}{it}")),
                    (None, None) => first = Some(self.parser.short(it)),
                }
                continue;
            }
            let text = open.take().map(Arc::from).or(first.take());
            parts.extend(text.map(Part::Literal));
            match piece {
                None => break None,
                Some(Piece::Text(_)) => {}
                Some(Piece::Value(it)) => parts.push(Part::Interpolation(it)),
                Some(Piece::If(condition)) => {
                    let part = self.nested(|it| it.condition(condition))?;
                    parts.push(part);
                }
                Some(Piece::For { key, value, over }) => {
                    let part = self.nested(|it| it.repeated(key, value, over))?;
                    parts.push(part);
                }
                Some(Piece::End(it)) => break Some(it),
            }
        };
        parts.shrink_to_fit();
        Ok((parts, end))
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.parser.go_down()?;
        let out = read(self);
        self.parser.go_up();
        out
    }

    fn condition(&mut self, condition: Expr) -> Result<Part, Fault> {
        let (yes, mut end) = self.parts()?;
        let mut no = Vec::new();
        if end.as_ref().is_some_and(|it| it.word == "else") {
            (no, end) = self.parts()?;
        }
        closed("if", "endif", &condition, end)?;
        let (yes, no) = (self.text(yes, condition.span), self.text(no, condition.span));
        Ok(Part::If(Box::new([condition, yes, no])))
    }

    fn repeated(
        &mut self,
        key_name: Option<Arc<str>>,
        value_name: Arc<str>,
        over: Expr,
    ) -> Result<Part, Fault> {
        let (content, end) = self.parts()?;
        closed("for", "endfor", &over, end)?;
        let value = self.text(content, over.span);
        let (key, group, filter) = (None, false, None);
        Ok(Part::For(Box::new(For { key_name, value_name, over, key, value, group, filter })))
    }

    /// Parts within a directive, which are always a text: even one interpolation alone.
    fn text(&mut self, mut parts: Vec<Part>, beside: Span) -> Expr {
        if let [Part::Interpolation(_)] = parts.as_slice() {
            parts.push(Part::Literal(self.parser.short("")));
        }
        let spans = parts.iter().filter_map(|it| match it {
            Part::Interpolation(it) => Some(it.span),
            Part::If(of) => of.iter().map(|it| it.span).reduce(both),
            Part::For(it) => Some(both(it.over.span, it.value.span)),
            Part::Literal(_) => None,
        });
        let span = spans.reduce(both).unwrap_or(beside);
        Expr { kind: self.kind(parts), span }
    }

    fn kind(&mut self, mut parts: Vec<Part>) -> ExprKind {
        match parts.as_mut_slice() {
            [] => ExprKind::String(self.parser.short("")),
            [Part::Literal(it)] => ExprKind::String(it.clone()),
            _ => ExprKind::Template(parts),
        }
    }
}

/// From where the first of two begins to where the last ends.
fn both(a: Span, b: Span) -> Span {
    Span { start: a.start.min(b.start), end: a.end.max(b.end), ..a }
}

/// Whether a directive ends as it must.
fn closed(begin: &str, word: &str, head: &Expr, end: Option<End>) -> Result<(), Fault> {
    match end {
        Some(it) if it.word == word => Ok(()),
        Some(it) => Err(unbalanced(&it, &format!("can't end the %{{ {begin} }} before it"))),
        None => {
            let message = format!("can't be read: the %{{ {begin} }} of this has no %{{ {word} }}");
            Err(Fault { span: head.span, message })
        }
    }
}

fn unbalanced(end: &End, why: &str) -> Fault {
    Fault { span: end.span, message: format!("can't be read: %{{ {} }} {why}", end.word) }
}
