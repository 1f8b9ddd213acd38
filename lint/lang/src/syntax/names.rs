//! The names that an expression asks its surroundings for.

use std::sync::Arc;

use super::{Expr, ExprKind, For, Part};
use crate::Span;

/// Tells each name that is neither a `for` expression's own nor that of a function, and where it is
/// written.
pub(crate) fn free_names(expr: &Expr, tell: &mut dyn FnMut(&Arc<str>, Span)) {
    walk(expr, &mut Vec::new(), tell);
}

fn walk<'a>(expr: &'a Expr, own: &mut Vec<&'a str>, tell: &mut dyn FnMut(&Arc<str>, Span)) {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Element => {}
        ExprKind::Variable(name) => {
            if !own.contains(&&**name) {
                tell(name, expr.span);
            }
        }
        ExprKind::Template(parts) => {
            for part in parts {
                match part {
                    Part::Literal(_) => {}
                    Part::Interpolation(it) => walk(it, own, tell),
                    Part::If(of) => of.iter().for_each(|it| walk(it, own, tell)),
                    Part::For(it) => walk_for(it, own, tell),
                }
            }
        }
        ExprKind::Tuple(it) => it.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::Object(it) => {
            for (key, value) in it {
                walk(key, own, tell);
                walk(value, own, tell);
            }
        }
        ExprKind::Attribute(of, _) | ExprKind::Unary(_, of) => walk(of, own, tell),
        ExprKind::Index(of, key) => {
            walk(of, own, tell);
            walk(key, own, tell);
        }
        ExprKind::Splat { of, each } => {
            walk(of, own, tell);
            walk(each, own, tell);
        }
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::Conditional(of) => of.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::Binary(_, of) => of.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::For(it) => walk_for(it, own, tell),
    }
}

fn walk_for<'a>(it: &'a For, own: &mut Vec<&'a str>, tell: &mut dyn FnMut(&Arc<str>, Span)) {
    walk(&it.over, own, tell);
    let outer = own.len();
    own.extend(it.key_name.as_deref());
    own.push(&it.value_name);
    for inner in it.key.iter().chain(&it.filter).chain([&it.value]) {
        walk(inner, own, tell);
    }
    own.truncate(outer);
}
