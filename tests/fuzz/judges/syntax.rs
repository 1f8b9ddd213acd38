//! The language itself: a text as a whole file, as an expression and in a heredoc.

use stanchion_lang::syntax::{Body, Expr, ExprKind, For, Part};
use stanchion_lang::{Module, Span, Workspace};

use super::configuration::{MODES, alone, faults_lie_in, said, written};

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    file(text);
    file(&format!("locals {{\n  x = (\n{text}\n)\n}}\n"));
    file(&format!("locals {{\n  x = <<E\n{text}\nE\n}}\n"));
    file(&format!("locals {{\n  x = \"{text}\"\n}}\n"));
    let values = alone("terraform.tfvars", text);
    faults_lie_in(&values);
}

fn file(text: &str) {
    let workspace = alone("main.tf", text);
    faults_lie_in(&workspace);
    let Some(module) = workspace.module("") else {
        return assert!(!workspace.faults().is_empty(), "{text:?} is no module");
    };
    lies_in(&workspace, module);
    if workspace.faults().is_empty() {
        let more = alone("main.tf", &format!("{text}\n# é"));
        assert_eq!(more.faults(), [], "{text:?}");
        let same = more.module("").map(said);
        assert_eq!(same.as_deref(), Some(&*said(module)), "{text:?}");
    }
}

/// Each part of a module stands in the text, within what it is a part of.
fn lies_in(workspace: &Workspace, module: &Module) {
    let named = [&module.variables, &module.outputs, &module.calls];
    let blocks = named.into_iter().flat_map(|it| it.values()).chain(&module.others);
    let resources = MODES.into_iter().flat_map(|it| module.resources_of(it));
    for block in blocks.chain(resources.map(|(_, it)| it)) {
        written(workspace, block.head);
        body(workspace, &block.body, block.head);
    }
    for it in module.locals.values() {
        attribute(workspace, it);
    }
}

/// What stands in a body stands behind the head of its block, each part behind the one before.
fn body(workspace: &Workspace, of: &Body, head: Span) {
    let mut end = head.end;
    for it in &of.attributes {
        assert!(end <= it.name_span.start, "{:?}: {:?}", it.name_span, written(workspace, head));
        attribute(workspace, it);
        end = it.value.span.end;
    }
    let mut end = head.end;
    for it in &of.blocks {
        assert!(end <= it.head.start, "{:?}: {:?}", it.head, written(workspace, head));
        assert!(!written(workspace, it.head).is_empty());
        body(workspace, &it.body, it.head);
        end = it.head.end;
    }
}

fn attribute(workspace: &Workspace, it: &stanchion_lang::syntax::Attribute) {
    assert!(!written(workspace, it.name_span).is_empty());
    assert!(it.name_span.end < it.value.span.start, "{:?}", it.value.span);
    expr(workspace, &it.value, it.value.span);
}

/// An expression lies within what it is a part of, and so do its own parts.
fn expr(workspace: &Workspace, it: &Expr, outer: Span) {
    let (text, outside) = (written(workspace, it.span), written(workspace, outer));
    assert!(outer.contains(it.span), "{text:?} in {outside:?}: {:?}", it.kind);
    let one = |inner: &Expr| expr(workspace, inner, it.span);
    match &it.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Variable(_)
        | ExprKind::Element => {}
        ExprKind::Template(parts) => parts.iter().for_each(|part| within(workspace, part, it.span)),
        ExprKind::Tuple(elements) => elements.iter().for_each(one),
        ExprKind::Object(items) => items.iter().for_each(|(key, value)| {
            one(key);
            one(value);
        }),
        ExprKind::Attribute(of, _) | ExprKind::Unary(_, of) | ExprKind::DottedKey(of) => one(of),
        ExprKind::Index(of, key) => {
            one(of);
            one(key);
        }
        ExprKind::Splat { of, each } => {
            one(of);
            one(each);
        }
        ExprKind::Call(it) => it.arguments.iter().for_each(one),
        ExprKind::Conditional(of) => of.iter().for_each(one),
        ExprKind::Binary(_, of) => of.iter().for_each(one),
        ExprKind::For(of) => parts_of(of).for_each(one),
    }
}

fn within(workspace: &Workspace, part: &Part, outer: Span) {
    match part {
        Part::Literal(_) => {}
        Part::Interpolation(it) => expr(workspace, it, outer),
        Part::If(of) => {
            let [condition, yes, no] = &**of;
            expr(workspace, condition, outer);
            expr(workspace, yes, outer);
            expr(workspace, no, outer);
        }
        Part::For(of) => {
            let heads = [&of.over].into_iter().chain(&of.key).chain(&of.filter);
            heads.for_each(|it| expr(workspace, it, outer));
            expr(workspace, &of.value, outer);
        }
    }
}

fn parts_of(of: &For) -> impl Iterator<Item = &Expr> {
    [&of.over, &of.value].into_iter().chain(&of.key).chain(&of.filter)
}
