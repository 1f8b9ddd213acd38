//! Strings and heredocs with interpolations and directives, lowered.

use std::sync::Arc;

use hcl_edit::template::{Directive, Element, Strip};
use hcl_edit::{Span as _, Spanned};

use super::parse::Lower;
use super::{Expr, ExprKind, For, Part};
use crate::Span;

/// How the template is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In quotes.
    Quoted,
    /// `<<EOT`: each of its lines is a literal of its own, which markers beside it strip.
    Heredoc,
    /// `<<-EOT`: the white space that all lines begin with is no part of it.
    Indented,
}

/// Which ends of a template a marker beside it strips.
#[derive(Clone, Copy, Default)]
struct Ends {
    start: bool,
    end: bool,
}

/// A template without anything to evaluate is a plain string.
pub(super) fn kind(parts: Vec<Part>) -> ExprKind {
    let literals = parts.iter().map(|it| match it {
        Part::Literal(it) => Some(&**it),
        Part::Interpolation(_) | Part::If(_) | Part::For(_) => None,
    });
    match literals.collect::<Option<String>>() {
        Some(text) => ExprKind::String(text.into()),
        None => ExprKind::Template(parts),
    }
}

/// Lowers a template's elements.
pub(super) fn lower(
    cx: &Lower<'_>,
    elements: impl IntoIterator<Item = Element>,
    kind: Kind,
) -> Vec<Part> {
    let mut parts = parts(cx, elements.into_iter().collect(), kind, Ends::default());
    if kind == Kind::Indented {
        let mut indent = Indent { at_start: true, least: usize::MAX, remove: None };
        indent.walk(&mut parts);
        let remove = Some(indent.least);
        Indent { at_start: true, remove, ..indent }.walk(&mut parts);
    }
    parts
}

fn parts(cx: &Lower<'_>, elements: Vec<Element>, kind: Kind, ends: Ends) -> Vec<Part> {
    let strips: Vec<Ends> = elements.iter().map(strips_beside).collect();
    let last = elements.len().saturating_sub(1);
    let mut out = Vec::with_capacity(elements.len());
    for (i, element) in elements.into_iter().enumerate() {
        match element {
            Element::Literal(it) => {
                let start = if i == 0 { ends.start } else { strips[i - 1].end };
                let end = if i == last { ends.end } else { strips[i + 1].start };
                literal(cx, &it, kind, Ends { start, end }, &mut out);
            }
            Element::Interpolation(it) => out.push(Part::Interpolation(cx.expr(it.expr))),
            Element::Directive(it) => out.push(directive(cx, *it, kind)),
        }
    }
    out
}

fn directive(cx: &Lower<'_>, directive: Directive, kind: Kind) -> Part {
    match directive {
        Directive::If(it) => {
            let end = sides(it.endif_expr.strip);
            let middle = it.else_expr.as_ref().map(|it| sides(it.strip));
            let head = sides(it.if_expr.strip);
            let yes = Ends { start: head.end, end: middle.unwrap_or(end).start };
            let no = Ends { start: middle.unwrap_or(end).end, end: end.start };
            let no = match it.else_expr {
                Some(it) => parts(cx, it.template.into_iter().collect(), kind, no),
                None => Vec::new(),
            };
            let yes = parts(cx, it.if_expr.template.into_iter().collect(), kind, yes);
            let condition = cx.expr(it.if_expr.cond_expr);
            let (yes, no) = (text(yes, condition.span), text(no, condition.span));
            Part::If(Box::new([condition, yes, no]))
        }
        Directive::For(it) => {
            let ends = Ends {
                start: sides(it.for_expr.strip).end,
                end: sides(it.endfor_expr.strip).start,
            };
            let body = parts(cx, it.for_expr.template.into_iter().collect(), kind, ends);
            let over = cx.expr(it.for_expr.collection_expr);
            Part::For(Box::new(For {
                value: text(body, over.span),
                key_name: it.for_expr.key_var.map(|it| it.as_str().into()),
                value_name: it.for_expr.value_var.as_str().into(),
                over,
                key: None,
                group: false,
                filter: None,
            }))
        }
    }
}

/// Parts within a directive, which are always a text: even one interpolation alone.
fn text(mut parts: Vec<Part>, beside: Span) -> Expr {
    if let [Part::Interpolation(_)] = parts.as_slice() {
        parts.push(Part::Literal("".into()));
    }
    let span = parts
        .iter()
        .find_map(|it| match it {
            Part::Interpolation(it) => Some(it.span),
            Part::If(of) => Some(of[0].span),
            Part::For(it) => Some(it.over.span),
            Part::Literal(_) => None,
        })
        .unwrap_or(beside);
    Expr { kind: self::kind(parts), span }
}

/// What an element strips of its neighbours.
fn strips_beside(element: &Element) -> Ends {
    match element {
        Element::Literal(_) => Ends::default(),
        Element::Interpolation(it) => sides(it.strip),
        Element::Directive(it) => match &**it {
            Directive::If(it) => {
                Ends { start: sides(it.if_expr.strip).start, end: sides(it.endif_expr.strip).end }
            }
            Directive::For(it) => {
                Ends { start: sides(it.for_expr.strip).start, end: sides(it.endfor_expr.strip).end }
            }
        },
    }
}

fn sides(strip: Strip) -> Ends {
    match strip {
        Strip::None => Ends { start: false, end: false },
        Strip::Start => Ends { start: true, end: false },
        Strip::End => Ends { start: false, end: true },
        Strip::Both => Ends { start: true, end: true },
    }
}

/// Adds a literal, a heredoc's line by line.
fn literal(cx: &Lower<'_>, it: &Spanned<String>, kind: Kind, ends: Ends, out: &mut Vec<Part>) {
    let written;
    let mut lines: Vec<&str> = match kind {
        Kind::Quoted => vec![it.as_str()],
        Kind::Heredoc | Kind::Indented => {
            // The parser takes indents away, though not as Terraform does; so the text is read.
            written = cx.written(cx.span(it.span())).replace("$${", "${").replace("%%{", "%{");
            written.split_inclusive('\n').collect()
        }
    };
    if ends.start
        && let Some(first) = lines.first_mut()
    {
        *first = first.trim_start();
    }
    if ends.end
        && let Some(last) = lines.last_mut()
    {
        *last = last.trim_end();
    }
    out.extend(lines.into_iter().map(|it| Part::Literal(it.into())));
}

/// Finds how far all lines of a heredoc are indented, and then takes that away. A line begins with
/// the part behind a line's end; one of white space alone does not count.
struct Indent {
    at_start: bool,
    least: usize,
    remove: Option<usize>,
}

impl Indent {
    fn walk(&mut self, parts: &mut [Part]) {
        for part in parts {
            match part {
                Part::Literal(it) => self.literal(it),
                Part::Interpolation(_) => self.marker(),
                Part::If(of) => {
                    let [_, yes, no] = &mut **of;
                    self.marker();
                    self.inside(yes);
                    if !matches!(&no.kind, ExprKind::String(it) if it.is_empty()) {
                        self.marker();
                        self.inside(no);
                    }
                    self.marker();
                }
                Part::For(it) => {
                    self.marker();
                    self.inside(&mut it.value);
                    self.marker();
                }
            }
        }
    }

    fn inside(&mut self, text: &mut Expr) {
        match &mut text.kind {
            ExprKind::Template(parts) => self.walk(parts),
            ExprKind::String(it) => self.lines(it),
            _ => {}
        }
    }

    /// The lines of a text that has nothing to evaluate.
    fn lines(&mut self, text: &mut Arc<str>) {
        let mut out = String::new();
        for line in text.split_inclusive('\n') {
            let mut line = line.into();
            self.literal(&mut line);
            out.push_str(&line);
        }
        *text = out.into();
    }

    fn literal(&mut self, text: &mut Arc<str>) {
        let ends_line = text.ends_with('\n');
        let spaces = text.chars().take_while(|it| it.is_whitespace()).count();
        let is_blank = ends_line && text.trim_start().is_empty();
        if self.at_start && !is_blank {
            match self.remove {
                None => self.least = self.least.min(spaces),
                Some(remove) => *text = text.chars().skip(remove).collect::<String>().into(),
            }
        }
        self.at_start = ends_line;
    }

    /// What begins with `${` or `%{` at the start of a line is not indented.
    fn marker(&mut self) {
        if self.at_start {
            self.least = 0;
            self.at_start = false;
        }
    }
}
