//! Expressions that were read out of a text within a text, put where they stand.

use super::{Expr, ExprKind, For, Part};
use crate::Span;

/// Moves all places in an expression.
pub(super) fn respan(expr: &mut Expr, moved: &dyn Fn(Span) -> Span) {
    expr.span = moved(expr.span);
    let all = |it: &mut [Expr]| it.iter_mut().for_each(|it| respan(it, moved));
    match &mut expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Variable(_)
        | ExprKind::Element => {}
        ExprKind::Template(parts) => {
            for part in parts {
                match part {
                    Part::Literal(_) => {}
                    Part::Interpolation(it) => respan(it, moved),
                    Part::If(of) => all(&mut **of),
                    Part::For(it) => respan_for(it, moved),
                }
            }
        }
        ExprKind::Tuple(it) => all(it),
        ExprKind::Object(it) => {
            for (key, value) in it {
                respan(key, moved);
                respan(value, moved);
            }
        }
        ExprKind::Attribute(of, _) | ExprKind::Unary(_, of) | ExprKind::DottedKey(of) => {
            respan(of, moved);
        }
        ExprKind::Index(of, key) => {
            respan(of, moved);
            respan(key, moved);
        }
        ExprKind::Splat { of, each } => {
            respan(of, moved);
            respan(each, moved);
        }
        ExprKind::Call(it) => all(&mut it.arguments),
        ExprKind::Conditional(of) => all(&mut **of),
        ExprKind::Binary(_, of) => all(&mut **of),
        ExprKind::For(it) => respan_for(it, moved),
    }
}

fn respan_for(of: &mut For, moved: &dyn Fn(Span) -> Span) {
    respan(&mut of.over, moved);
    respan(&mut of.value, moved);
    of.key.iter_mut().chain(&mut of.filter).for_each(|it| respan(it, moved));
}
