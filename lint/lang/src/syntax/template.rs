//! Strings and heredocs with interpolations and directives, lowered.

use hcl_edit::template::{Directive, Element, Strip};

use super::parse::Lower;
use super::{ExprKind, Part};

/// How the template is written: `~` strips a quoted one's white space, but only the adjacent line
/// of a heredoc's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quoted,
    Heredoc,
}

/// Which ends of a template a marker beside it strips.
#[derive(Clone, Copy, Default)]
struct Ends {
    start: bool,
    end: bool,
}

/// A template without anything to evaluate is a plain string.
pub(super) fn kind(mut parts: Vec<Part>) -> ExprKind {
    match parts.as_slice() {
        [] => ExprKind::String("".into()),
        [Part::Literal(_)] => match parts.pop() {
            Some(Part::Literal(it)) => ExprKind::String(it),
            _ => ExprKind::Template(parts),
        },
        _ => ExprKind::Template(parts),
    }
}

/// Lowers a template's elements.
pub(super) fn lower(
    cx: &Lower<'_>,
    elements: impl IntoIterator<Item = Element>,
    kind: Kind,
) -> Vec<Part> {
    parts(cx, elements.into_iter().collect(), kind, Ends::default())
}

fn parts(cx: &Lower<'_>, elements: Vec<Element>, kind: Kind, ends: Ends) -> Vec<Part> {
    let strips: Vec<Ends> = elements.iter().map(strips_beside).collect();
    let last = elements.len().saturating_sub(1);
    let mut out = Vec::with_capacity(elements.len());
    for (i, element) in elements.into_iter().enumerate() {
        match element {
            Element::Literal(it) => {
                let before = if i == 0 { ends.start } else { strips[i - 1].end };
                let after = if i == last { ends.end } else { strips[i + 1].start };
                let text = strip(it.as_str(), kind, Ends { start: before, end: after });
                if !text.is_empty() {
                    out.push(Part::Literal(text.into()));
                }
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
            Part::If {
                condition: cx.expr(it.if_expr.cond_expr),
                yes: parts(cx, it.if_expr.template.into_iter().collect(), kind, yes),
                no: it.else_expr.map_or_else(Vec::new, |it| {
                    parts(cx, it.template.into_iter().collect(), kind, no)
                }),
            }
        }
        Directive::For(it) => {
            let ends = Ends {
                start: sides(it.for_expr.strip).end,
                end: sides(it.endfor_expr.strip).start,
            };
            Part::For {
                key_name: it.for_expr.key_var.map(|it| it.as_str().into()),
                value_name: it.for_expr.value_var.as_str().into(),
                over: cx.expr(it.for_expr.collection_expr),
                body: parts(cx, it.for_expr.template.into_iter().collect(), kind, ends),
            }
        }
    }
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

fn strip(text: &str, kind: Kind, ends: Ends) -> &str {
    let mut text = text;
    if ends.start {
        text = match (kind, text.split_once('\n')) {
            (Kind::Heredoc, Some((line, rest))) if line.trim().is_empty() => rest,
            _ => text.trim_start(),
        };
    }
    if ends.end {
        text = match (kind, text.rsplit_once('\n')) {
            (Kind::Heredoc, Some((rest, line))) if !line.is_empty() => {
                &text[..rest.len() + 1 + line.trim_end().len()]
            }
            _ => text.trim_end(),
        };
    }
    text
}
