//! Terraform's functions, as far as they are evaluated. The list stands here once.

use std::sync::Arc;

use stanchion_cty::{Kind, Mark, Type, Value, json};

use super::Evaluation;
use crate::Why;

/// What a function does with its arguments: all of them, those of a spread list among them.
pub(super) type Function = fn(&Evaluation<'_>, &Arc<str>, Vec<Value>) -> Value;

const FUNCTIONS: &[(&str, Function)] = &[
    ("jsondecode", jsondecode),
    ("jsonencode", jsonencode),
    ("nonsensitive", nonsensitive),
    ("sensitive", sensitive),
    ("tostring", tostring),
    ("toset", toset),
];

/// The function of that name; the namespace `core::` may stand before it.
pub(super) fn find(name: &str) -> Option<Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    FUNCTIONS.iter().find(|(it, _)| *it == name).map(|(_, it)| *it)
}

/// Of an argument that is not wholly known the text is unknown; but who needs the content finds
/// it by [`Evaluation::json`].
fn jsonencode(cx: &Evaluation<'_>, name: &Arc<str>, arguments: Vec<Value>) -> Value {
    let it = match one(cx, name, arguments) {
        Ok(it) => it,
        Err(it) => return it,
    };
    let (plain, all) = it.clone().unmark_deep();
    match json::encode_plain(&plain) {
        Ok(text) => cx.provenance.encoding(Value::string(text), it).mark(all),
        Err(_) => cx.unknown(Type::String, Why::Call(name.clone(), Arc::from([it]))).mark(all),
    }
}

fn jsondecode(cx: &Evaluation<'_>, name: &Arc<str>, arguments: Vec<Value>) -> Value {
    let it = match one(cx, name, arguments) {
        Ok(it) => it,
        Err(it) => return it,
    };
    match cx.json(&it) {
        Ok(value) => value.mark(it.marks()),
        Err(why) => cx.refused(format!("the argument of jsondecode {why}")),
    }
}

fn sensitive(cx: &Evaluation<'_>, name: &Arc<str>, arguments: Vec<Value>) -> Value {
    match one(cx, name, arguments) {
        Ok(it) => it.mark(Mark::Sensitive),
        Err(it) => it,
    }
}

fn nonsensitive(cx: &Evaluation<'_>, name: &Arc<str>, arguments: Vec<Value>) -> Value {
    match one(cx, name, arguments) {
        Ok(it) => {
            let kept = it.marks().without(Mark::Sensitive);
            let origin = it.origin();
            Value::from(it.into_kind()).mark(kept).with_origin(origin)
        }
        Err(it) => it,
    }
}

fn tostring(cx: &Evaluation<'_>, name: &Arc<str>, arguments: Vec<Value>) -> Value {
    let it = match one(cx, name, arguments) {
        Ok(it) if it.is_known() && !it.is_null() => it,
        Ok(it) | Err(it) => return it,
    };
    match cx.text(&it) {
        Some(text) => Value::string(text).mark(it.marks()).with_origin(it.origin()),
        None => cx.refused("tostring needs a string, a number or a bool"),
    }
}

fn toset(cx: &Evaluation<'_>, name: &Arc<str>, arguments: Vec<Value>) -> Value {
    let it = match one(cx, name, arguments) {
        Ok(it) => it,
        Err(it) => return it,
    };
    let (Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements)) = it.kind()
    else {
        return cx.depends_on("the argument of toset", it);
    };
    if let Some(unknown) = elements.iter().find(|it| !it.is_known()) {
        return cx.depends_on("an element", unknown.clone());
    }
    let texts: Option<Vec<Value>> = elements
        .iter()
        .map(|it| cx.text(it).map(|text| Value::string(text).mark(it.marks())))
        .collect();
    match texts {
        Some(texts) => Value::set(Type::String, texts).mark(it.marks()),
        None => cx.unknown(Type::Dynamic, Why::NotEvaluated("toset of such elements".into())),
    }
}

fn one(cx: &Evaluation<'_>, name: &str, arguments: Vec<Value>) -> Result<Value, Value> {
    match <[Value; 1]>::try_from(arguments) {
        Ok([it]) => Ok(it),
        Err(_) => Err(cx.refused(format!("{name} takes one argument"))),
    }
}
