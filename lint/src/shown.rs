//! Values as `stanchion eval` shows them.

use std::fmt::Write as _;

use serde_json::json;
use stanchion_cty::{Kind, Mark, Value, json as cty_json};
use stanchion_lang::{Evaluated, Evaluation, Why};

/// How values are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// Whether what is sensitive is shown too.
    pub(crate) show_sensitive: bool,
}

/// A value on one line, as `jsonencode` would print it, with `(known after apply)` for what is
/// unknown and `(sensitive value)` for what is sensitive.
pub(crate) fn text(value: &Value, shown: Shown) -> String {
    let mut out = String::new();
    write(value, shown, &mut out);
    out
}

fn write(value: &Value, shown: Shown, out: &mut String) {
    if value.marks().has(Mark::Sensitive) && !shown.show_sensitive {
        out.push_str("(sensitive value)");
        return;
    }
    match value.kind() {
        Kind::Unknown(_) => out.push_str("(known after apply)"),
        Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
            out.push('[');
            for (at, it) in it.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(it, shown, out);
            }
            out.push(']');
        }
        Kind::Map(_, it) | Kind::Object(it) => {
            out.push('{');
            for (at, (key, it)) in it.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                leaf(&Value::string(key.clone()), out);
                out.push(':');
                write(it, shown, out);
            }
            out.push('}');
        }
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => leaf(value, out),
    }
}

fn leaf(value: &Value, out: &mut String) {
    let (plain, _) = value.clone().unmark_deep();
    match cty_json::encode_plain(&plain) {
        Ok(it) => out.push_str(&it),
        // A number beyond all bounds has no JSON.
        Err(_) => match plain.as_number() {
            Some(it) => drop(write!(out, "{it}")),
            None => out.push_str("null"),
        },
    }
}

/// A value with its type, what it stands for and where it comes from, as one line of JSON.
pub(crate) fn json(
    evaluation: &Evaluation<'_>,
    expression: &str,
    evaluated: &Evaluated,
    shown: Shown,
) -> String {
    let value = &evaluated.value;
    let errors: Vec<_> = evaluated
        .refusals
        .iter()
        .map(|it| {
            json!({
                "at": evaluation.place(it.span).map(|it| it.to_string()),
                "summary": it.summary,
                "detail": it.detail,
            })
        })
        .collect();
    let type_json: serde_json::Value =
        serde_json::from_str(&cty_json::type_to_json(&value.ty())).unwrap_or_default();
    let line = json!({
        "version": 1,
        "expression": expression,
        "value": errors.is_empty().then(|| text(value, shown)),
        "known": value.is_wholly_known(),
        "type": type_json,
        "sensitive": value.has_mark_deep(Mark::Sensitive),
        "ephemeral": value.has_mark_deep(Mark::Ephemeral),
        "symbol": symbol(evaluation, value),
        "why": evaluation.reason(value),
        "origins": places(evaluation, value),
        "errors": errors,
    });
    line.to_string()
}

/// Where a value comes from, for a person: one line for each step.
pub(crate) fn origins(evaluation: &Evaluation<'_>, value: &Value) -> Vec<String> {
    let mut lines: Vec<String> =
        places(evaluation, value).into_iter().map(|it| format!("from {it}")).collect();
    if let Some(symbol) = symbol(evaluation, value) {
        lines.push(format!("stands for {symbol}"));
    }
    if let Some(why) = evaluation.reason(value) {
        lines.push(format!("unknown: {why}"));
    }
    lines
}

/// The literal first, the use last.
fn places(evaluation: &Evaluation<'_>, value: &Value) -> Vec<String> {
    let chain = evaluation.chain(value).into_iter().rev();
    let mut places: Vec<String> = chain
        .filter_map(|it| evaluation.place(it))
        .filter(|it| !it.path.starts_with('<'))
        .map(|it| it.to_string())
        .collect();
    places.dedup();
    places
}

/// What an unknown value stands for, as an expression.
fn symbol(evaluation: &Evaluation<'_>, value: &Value) -> Option<String> {
    Some(match evaluation.why(value)? {
        Why::Resource(it) => it.to_string(),
        Why::Variable(it) => format!("var.{it}"),
        Why::NotEvaluated(_) | Why::Refused(_) => return None,
        Why::Join(parts) => {
            let mut out = String::from("\"");
            for part in &*parts {
                match part.as_str() {
                    Some(it) => out.push_str(it),
                    None => drop(write!(out, "${{{}}}", operand(evaluation, part))),
                }
            }
            out + "\""
        }
        Why::Call(name, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(|it| operand(evaluation, it)).collect();
            format!("{name}({})", arguments.join(", "))
        }
        Why::Operation(sign, operands) => match &*operands {
            [one] => format!("{sign}{}", operand(evaluation, one)),
            all => {
                let all: Vec<_> = all.iter().map(|it| operand(evaluation, it)).collect();
                all.join(&format!(" {sign} "))
            }
        },
        Why::Choice(of) if matches!(evaluation.why(&of[0]), Some(Why::Each(_))) => {
            format!("one({})", operand(evaluation, &of[0]))
        }
        Why::Choice(of) => {
            let [condition, yes, no] = &*of;
            format!(
                "{} ? {} : {}",
                operand(evaluation, condition),
                operand(evaluation, yes),
                operand(evaluation, no)
            )
        }
        Why::Part(of) => format!("{}{}", operand(evaluation, &of.0), of.1),
        Why::Each(of) => {
            let of_all = format!("{}[*]", operand(evaluation, &of.0));
            symbol(evaluation, &of.1).filter(|it| it.starts_with(&of_all)).unwrap_or(of_all)
        }
    })
}

fn operand(evaluation: &Evaluation<'_>, value: &Value) -> String {
    if value.marks().has(Mark::Sensitive) {
        return "(sensitive value)".to_owned();
    }
    if let Some(it) = symbol(evaluation, value) {
        return it;
    }
    let all =
        |open: &str, parts: Vec<String>, close: &str| format!("{open}{}{close}", parts.join(", "));
    match value.kind() {
        Kind::Unknown(_) => "(unknown)".to_owned(),
        Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
            all("[", it.iter().map(|it| operand(evaluation, it)).collect(), "]")
        }
        Kind::Map(_, it) | Kind::Object(it) => {
            let parts = it.iter().map(|(key, it)| format!("{key:?} = {}", operand(evaluation, it)));
            all("{", parts.collect(), "}")
        }
        _ => text(value, Shown { show_sensitive: false }),
    }
}
