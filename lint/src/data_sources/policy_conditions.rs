//! The conditions of a statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value};
use stanchion_lang::View;

use super::policy_statement::{Refused, Variables, either, one_or_all, texts};
use super::set_order::{in_order, list};

/// Tests, below them keys, below them values.
type Conditions = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Vec<Value>>>;

/// The conditions that blocks make. Where a block may not be there, they are one of two.
pub(super) fn of_blocks(
    view: &View<'_, '_>,
    variables: &Variables<'_, '_>,
) -> Result<Option<Value>, Refused> {
    let blocks = view.blocks("condition");
    let Some(over) = blocks.iter().find_map(|it| it.over.clone()) else {
        return together(&blocks, variables);
    };
    let certain = blocks.iter().filter(|it| it.over.is_none()).cloned().collect::<Vec<_>>();
    let null = || Value::null(Type::Dynamic);
    let [all, certain] = [together(&blocks, variables)?, together(&certain, variables)?]
        .map(|it| it.unwrap_or_else(null));
    Ok(Some(either(variables.cx, &over, all, certain)))
}

fn together(
    blocks: &[View<'_, '_>],
    variables: &Variables<'_, '_>,
) -> Result<Option<Value>, Refused> {
    let mut conditions = Vec::new();
    for block in blocks {
        let given =
            |name: &str| block.attribute(name).map(|it| it.value).filter(|it| !it.is_null());
        let (Some(test), Some(key)) = (given("test"), given("variable")) else { continue };
        let (Some(operator), Some(name)) = (test.as_str(), key.as_str()) else {
            // What is tested can't be told of any of them.
            return Ok(Some(if test.is_known() { key } else { test }));
        };
        let (values, written) = match given("values") {
            Some(it) if it.is_known() => {
                let values = texts(&it);
                let written = list(&values);
                (values, written)
            }
            it => (it.into_iter().collect(), None),
        };
        let written = written.map(|it| format!("test:{operator};values:{it}variable:{name};"));
        conditions.push((written, (Arc::from(operator), Arc::from(name), values)));
    }
    let mut all = Conditions::new();
    for (operator, key, values) in in_order(conditions) {
        let values = values.into_iter().map(|it| variables.in_value(it));
        let of = all.entry(operator).or_default().entry(key).or_default();
        of.extend(values.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(written(all))
}

fn written(all: Conditions) -> Option<Value> {
    let one_or_all = |mut values: Vec<Value>| match values.len() {
        1 => values.remove(0),
        _ => Value::tuple(values),
    };
    let tests = all.into_iter().map(|(test, keys)| {
        let keys = keys.into_iter().map(|(key, values)| (key, one_or_all(values)));
        (test, Value::object(keys))
    });
    let tests = tests.collect::<Vec<_>>();
    (!tests.is_empty()).then(|| Value::object(tests))
}

/// Conditions out of another document: of what is neither text, truth value nor list, the provider
/// keeps nothing.
pub(super) fn of_json(value: &Value) -> Option<Value> {
    let (Kind::Object(of) | Kind::Map(_, of)) = value.kind() else { return Some(value.clone()) };
    let mut all = Conditions::new();
    for (test, keys) in of.iter() {
        let (Kind::Object(keys) | Kind::Map(_, keys)) = keys.kind() else {
            return Some(value.clone());
        };
        for (key, given) in keys.iter().filter(|(_, it)| !it.is_null() && it.as_number().is_none())
        {
            let values = one_or_all(given).into_iter().map(|it| match it.as_bool() {
                Some(truth) => Value::from(if truth { "true" } else { "false" }),
                None => it,
            });
            all.entry(test.clone()).or_default().entry(key.clone()).or_default().extend(values);
        }
    }
    written(all)
}
