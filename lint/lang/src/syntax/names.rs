//! What an expression asks its surroundings for.

use std::sync::Arc;

use smallvec::SmallVec;

use super::{Expr, ExprKind, For, Part};
use crate::Span;

/// A name that stands for something outside of the expression, and the way from there.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    /// The name.
    pub(crate) root: &'a Arc<str>,
    /// The attributes right behind it, as far as no index stands between.
    pub(crate) steps: SmallVec<[&'a Arc<str>; 6]>,
    /// Where the whole of it is written.
    pub(crate) span: Span,
    /// The whole of it.
    pub(crate) expr: &'a Expr,
}

/// Tells each name that is neither a `for` expression's own nor that of a function, and where it is
/// written.
pub(crate) fn free_names(expr: &Expr, tell: &mut dyn FnMut(&Arc<str>, Span)) {
    references(expr, &mut |it| tell(it.root, it.span));
}

/// Tells each reference whose name is not a `for` expression's own.
pub(crate) fn references<'a>(expr: &'a Expr, tell: &mut dyn FnMut(&Reference<'a>)) {
    walk(expr, &mut Vec::new(), tell);
}

type Tell<'t, 'a> = &'t mut dyn FnMut(&Reference<'a>);

fn walk<'a>(expr: &'a Expr, own: &mut Vec<&'a str>, tell: Tell<'_, 'a>) {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Element => {}
        ExprKind::Variable(_) | ExprKind::Attribute(..) | ExprKind::Index(..) => {
            reference(expr, own, tell);
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
        ExprKind::Unary(_, of) | ExprKind::DottedKey(of) => walk(of, own, tell),
        ExprKind::Splat { of, each } => {
            walk(of, own, tell);
            walk(each, own, tell);
        }
        ExprKind::Call(it) => it.arguments.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::Conditional(of) => of.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::Binary(_, of) => of.iter().for_each(|it| walk(it, own, tell)),
        ExprKind::For(it) => walk_for(it, own, tell),
    }
}

/// A chain of attributes and indexes down to a name, or to something else.
fn reference<'a>(expr: &'a Expr, own: &mut Vec<&'a str>, tell: Tell<'_, 'a>) {
    // From the right to the left: `None` is an index.
    let mut steps = SmallVec::<[Option<&'a Arc<str>>; 6]>::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Attribute(of, name) => {
                steps.push(Some(name));
                at = of;
            }
            ExprKind::Index(of, key) => {
                walk(key, own, tell);
                steps.push(None);
                at = of;
            }
            ExprKind::Variable(root) => {
                if !own.contains(&&**root) {
                    steps.reverse();
                    let names = steps.iter().map_while(|it| *it).collect();
                    tell(&Reference { root, steps: names, span: expr.span, expr });
                }
                return;
            }
            _ => return walk(at, own, tell),
        }
    }
}

fn walk_for<'a>(it: &'a For, own: &mut Vec<&'a str>, tell: Tell<'_, 'a>) {
    walk(&it.over, own, tell);
    let outer = own.len();
    own.extend(it.key_name.as_deref());
    own.push(&it.value_name);
    for inner in it.key.iter().chain(&it.filter).chain([&it.value]) {
        walk(inner, own, tell);
    }
    own.truncate(outer);
}
