//! Where things are written: the text of a span says the same again.

use stanchion_lang::syntax::{Expr, ExprKind, For, Part};
use stanchion_lang::{Source, Span, Workspace};

use crate::cases;

#[test]
fn the_text_of_a_span_is_the_expression_again() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for case in cases() {
        let Some(expression) = case.text.strip_prefix("x = ") else { continue };
        for before in ["", "\u{feff}", "# é🙂\r\n"] {
            let text = format!("{before}locals {{\nx = {expression}\n}}\n");
            let workspace = read(&text);
            let Some(local) = workspace.module("").and_then(|it| it.locals.get("x")) else {
                continue;
            };
            assert_eq!(written(&text, local.name_span), "x");
            walk(&local.value, &mut |it| {
                count += 1;
                let alone = written(&text, it.span);
                let again = again(alone);
                if again.as_deref() != Some(&plain(it)) {
                    let (name, again) = (&case.name, again.unwrap_or_default());
                    wrong.push(format!("{name}\n    {alone:?}\n    {}\n    {again}", plain(it)));
                }
            });
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 4000, "{count}");
}

#[test]
fn heads_and_names_are_where_they_are_written() {
    let text = "\u{feff}# é\r\nresource \"a\" /* b */ c {\r\n  ünd = 1\r\n  in \"x\" {}\r\n}\r\n";
    let workspace = read(text);
    let module = workspace.module("").unwrap();
    let (_, block) = module.resource(stanchion_lang::Mode::Managed, "a", "c").unwrap();
    assert_eq!(written(text, block.head), "resource \"a\" /* b */ c");
    assert_eq!(written(text, block.body.attributes[0].name_span), "ünd");
    assert_eq!(written(text, block.body.blocks[0].head), "in \"x\"");
    let place = workspace.place(block.body.attributes[0].name_span).unwrap();
    assert_eq!(place.to_string(), "main.tf:3:3");
}

fn read(text: &str) -> Workspace {
    Workspace::new([Source::new("main.tf", text.as_bytes().to_vec())])
}

fn written(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// The expression that a text is, without places.
fn again(text: &str) -> Option<String> {
    let workspace = read(&format!("locals {{\nx = ({text}\n)\n}}\n"));
    workspace.module("")?.locals.get("x").map(|it| plain(&it.value))
}

/// What an expression is, without places.
fn plain(expr: &Expr) -> String {
    let text = format!("{:?}", expr.kind);
    let mut parts = text.split("Span { file");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, it| out + it.split_once('}').map_or("", |it| it.1))
}

/// Tells an expression and those in it, but for what is no expression by itself: a splat's element,
/// a bare word or a dotted one as a key, the text between directives.
fn walk(expr: &Expr, tell: &mut dyn FnMut(&Expr)) {
    if matches!(expr.kind, ExprKind::Element | ExprKind::DottedKey(_)) {
        return;
    }
    tell(expr);
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Variable(_)
        | ExprKind::Element => {}
        ExprKind::Template(parts) => within(parts, tell),
        ExprKind::Tuple(it) => it.iter().for_each(|it| walk(it, tell)),
        ExprKind::Object(it) => {
            for (key, value) in it {
                if !matches!(key.kind, ExprKind::String(_)) {
                    walk(key, tell);
                }
                walk(value, tell);
            }
        }
        ExprKind::Attribute(of, _) | ExprKind::Unary(_, of) | ExprKind::DottedKey(of) => {
            walk(of, tell)
        }
        ExprKind::Index(of, key) => {
            walk(of, tell);
            walk(key, tell);
        }
        ExprKind::Splat { of, .. } => walk(of, tell),
        ExprKind::Call(it) => it.arguments.iter().for_each(|it| walk(it, tell)),
        ExprKind::Conditional(of) => of.iter().for_each(|it| walk(it, tell)),
        ExprKind::Binary(_, of) => of.iter().for_each(|it| walk(it, tell)),
        ExprKind::For(it) => {
            walk_for(it, tell);
            walk(&it.value, tell);
        }
    }
}

fn walk_for(of: &For, tell: &mut dyn FnMut(&Expr)) {
    walk(&of.over, tell);
    of.key.iter().chain(&of.filter).for_each(|it| walk(it, tell));
}

fn within(parts: &[Part], tell: &mut dyn FnMut(&Expr)) {
    for part in parts {
        let texts = match part {
            Part::Literal(_) => continue,
            Part::Interpolation(it) => {
                walk(it, tell);
                continue;
            }
            Part::If(of) => {
                walk(&of[0], tell);
                &of[1..]
            }
            Part::For(it) => {
                walk_for(it, tell);
                std::slice::from_ref(&it.value)
            }
        };
        for text in texts {
            if let ExprKind::Template(parts) = &text.kind {
                within(parts, tell);
            }
        }
    }
}
