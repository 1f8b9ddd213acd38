//! Parts of values that are known in part.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value};
use stanchion_lang::{Evaluation, Why};

/// A list of more elements is looked into no further.
const MOST: usize = 10_000;

/// The elements of a list as far as they are known, through the functions that put lists together;
/// an unknown value stands for any number of elements. Null has none, and what is no list is one
/// of its own.
pub(crate) fn elements(cx: &Evaluation<'_>, list: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    add(cx, list, &mut out);
    out
}

fn add(cx: &Evaluation<'_>, list: &Value, out: &mut Vec<Value>) {
    match list.kind() {
        Kind::Null(_) => {}
        _ if out.len() >= MOST => out.push(list.clone()),
        _ if list.is_sequence() && list.is_known() => {
            out.extend(list.parts().map(|it| it.clone().mark(list.marks())));
        }
        Kind::Unknown(_) => match cx.why(list) {
            Some(Why::Call(name, arguments)) => {
                let name = name.strip_prefix("core::").unwrap_or(&name);
                of_call(cx, name, &arguments, list, out);
            }
            // All elements are alike, and there may be none.
            Some(Why::Each(of)) => {
                let choice = [list.clone(), of.1.clone(), Value::null(Type::Dynamic)];
                out.push(cx.unknown(Type::Dynamic, Why::Choice(Arc::new(choice))));
            }
            _ => out.push(list.clone()),
        },
        _ => out.push(list.clone()),
    }
}

fn of_call(
    cx: &Evaluation<'_>,
    name: &str,
    arguments: &[Value],
    whole: &Value,
    out: &mut Vec<Value>,
) {
    match (name, arguments) {
        ("concat" | "setunion", lists) => lists.iter().for_each(|it| add(cx, it, out)),
        ("distinct" | "reverse" | "sort" | "tolist" | "toset", [of]) => add(cx, of, out),
        ("compact", [of]) => {
            let is_left_out = |it: &Value| it.is_null() || it.as_str() == Some("");
            out.extend(elements(cx, of).into_iter().filter(|it| !is_left_out(it)));
        }
        ("flatten", [of]) => flatten(cx, of, out),
        _ => out.push(whole.clone()),
    }
}

/// The elements of a list and of the lists in it, however deep.
fn flatten(cx: &Evaluation<'_>, list: &Value, out: &mut Vec<Value>) {
    for it in elements(cx, list) {
        match it.is_known() && it.is_sequence() {
            true => flatten(cx, &it, out),
            false => out.push(it),
        }
    }
}

/// Whether a value is an object or a map.
pub(crate) fn is_object(value: &Value) -> bool {
    matches!(value.kind(), Kind::Object(_) | Kind::Map(..))
}

/// The member of that name of a JSON object, whatever its case, that is not null.
pub(crate) fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let (Kind::Object(of) | Kind::Map(_, of)) = object.kind() else { return None };
    let of_case = || of.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, it)| it);
    of.get(name).or_else(of_case).filter(|it| !it.is_null())
}
