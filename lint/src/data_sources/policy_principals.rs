//! The principals of a statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::{Kind, Value};
use stanchion_lang::View;

use super::policy_statement::{Refused, Variables, one_or_all, one_or_sorted, texts};
use super::set_order::{in_order, set};

/// The principals that blocks of a kind name.
pub(super) fn of_blocks(
    view: &View<'_, '_>,
    kind: &str,
    variables: &Variables<'_, '_>,
) -> Result<Option<Value>, Refused> {
    let mut blocks = Vec::new();
    for block in view.blocks(kind) {
        let given =
            |name: &str| block.attribute(name).map(|it| it.value).filter(|it| !it.is_null());
        let Some(ty) = given("type") else { continue };
        let Some(name) = ty.as_str().map(Arc::<str>::from) else { return Ok(Some(ty)) };
        let Some(identifiers) = given("identifiers") else { continue };
        let written = if identifiers.is_known() { set(&texts(&identifiers)) } else { None };
        let written = written.map(|it| format!("identifiers:{it}type:{name};"));
        blocks.push((written, (name, identifiers)));
    }
    let blocks = in_order(blocks);
    let number = blocks.len();
    let mut by_type: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (name, identifiers) in blocks {
        if let Some(it) = one_or_sorted(&identifiers) {
            by_type.entry(name).or_default().push(variables.in_value(it)?);
        }
    }
    Ok(written(by_type, number))
}

fn written(by_type: BTreeMap<Arc<str>, Vec<Value>>, blocks: usize) -> Option<Value> {
    if by_type.is_empty() {
        return None;
    }
    let of_all = |it: &Value| it.as_str() == Some("*");
    if let (1, Some([one])) = (blocks, by_type.get("*").map(Vec::as_slice))
        && of_all(one)
    {
        return Some(one.clone());
    }
    let joined = by_type.into_iter().map(|(ty, mut all)| {
        let one = match all.len() {
            1 => all.remove(0),
            _ => Value::tuple(all.iter().flat_map(one_or_all)),
        };
        (ty, one)
    });
    Some(Value::object(joined))
}

/// Principals out of another document. Any text means everybody, and lists are sorted.
pub(super) fn of_json(value: &Value) -> Option<Value> {
    let (Kind::Object(of) | Kind::Map(_, of)) = value.kind() else {
        return Some(value.as_str().map_or_else(|| value.clone(), |_| Value::from("*")));
    };
    let is_all = |it: &Value| one_or_all(it).iter().all(|it| it.as_str() == Some("*"));
    if let (1, Some(all)) = (of.len(), of.get("*"))
        && one_or_all(all).len() == 1
        && is_all(all)
    {
        return Some(Value::from("*"));
    }
    let sorted = of.iter().map(|(ty, it)| {
        let mut all = one_or_all(it);
        all.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
        let it = if it.is_known() && it.is_sequence() { Value::tuple(all) } else { it.clone() };
        (ty.clone(), it)
    });
    (!of.is_empty()).then(|| Value::object(sorted))
}
