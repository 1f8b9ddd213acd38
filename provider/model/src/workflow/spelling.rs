//! One spelling of what GitHub reads alike.
//!
//! The source is GitHub's page "Workflow syntax for GitHub Actions", and for how values become texts its
//! page on expressions.

use std::sync::Arc;

use stanchion_cty::Number;
use stanchion_cty::spanned::{Data, Entry, Node, Span};

use super::scalar;
use crate::pipeline::expression::joined;

/// A workflow in one spelling of what GitHub reads alike: an event without filters is a map like any
/// other, one job in `needs` is a list, what becomes a variable or an action's input is a text, a
/// text with expressions in it is one expression, and a job has a timeout. Where what was written means something else, however
/// little, it stays.
#[must_use]
pub fn in_one_spelling(workflow: &Node) -> Node {
    with_joined(&readable(workflow))
}

fn with_joined(found: &Node) -> Node {
    match &found.data {
        Data::String(it) => joined(it).map_or_else(|| found.clone(), |it| string(&marked(&it))),
        Data::List(_) => each(found, &with_joined),
        Data::Map(_) => mapped(found, &|_, it| with_joined(it)),
        _ => found.clone(),
    }
}

/// The same with texts as they were written.
pub(crate) fn readable(workflow: &Node) -> Node {
    mapped(workflow, &|key, it| match key {
        "on" => events(it),
        "name" | "run-name" => text(it),
        "env" => texts(it),
        "concurrency" => concurrency(it),
        "jobs" => mapped(it, &|_, it| job(it)),
        _ => expressions(it),
    })
}

/// After how many minutes GitHub ends a job that says nothing of it.
const UNSAID_MINUTES: i64 = 360;

fn job(found: &Node) -> Node {
    let mut job = mapped(found, &|key, it| match key {
        "name" => text(it),
        "needs" => listed(it),
        "if" => condition(it),
        "runs-on" => match it.items() {
            [one] => expressions(one),
            _ => expressions(it),
        },
        "environment" => match it.entries() {
            [name] if &*name.key == "name" => text(&name.value),
            _ => expressions(it),
        },
        "env" | "outputs" => texts(it),
        "concurrency" => concurrency(it),
        "container" => container(it),
        "services" => mapped(it, &|_, it| container(it)),
        "steps" => each(it, &step),
        _ => expressions(it),
    });
    if let Data::Map(entries) = &mut job.data
        && found.get("timeout-minutes").is_none()
        && found.get("uses").is_none()
    {
        let number = Number::from(UNSAID_MINUTES);
        let data = Data::Number { text: number.to_string().into(), number };
        let value = Node { span: Span::default(), data };
        let key = Arc::from("timeout-minutes");
        entries.push(Entry { key, key_span: Span::default(), value });
    }
    job
}

fn step(found: &Node) -> Node {
    mapped(found, &|key, it| match key {
        "if" => condition(it),
        "env" | "with" => texts(it),
        "name" | "run" | "shell" | "uses" | "working-directory" => text(it),
        _ => expressions(it),
    })
}

fn container(found: &Node) -> Node {
    mapped(found, &|key, it| match key {
        "env" => texts(it),
        "ports" => each(it, &text),
        _ => expressions(it),
    })
}

/// `push`, `[push]` and `push:` are all `push: {}`, and a filter of one pattern is a list.
fn events(found: &Node) -> Node {
    let bare = |it: &Node| scalar(it).map(|name| (Arc::from(name), map(Vec::new())));
    match &found.data {
        Data::List(all) => match all.iter().map(bare).collect::<Option<Vec<_>>>() {
            Some(all) => map(all),
            None => found.clone(),
        },
        Data::Map(_) => mapped(found, &|_, it| match it.data {
            Data::Null => map(Vec::new()),
            _ => mapped(it, &|key, it| match key {
                "branches" | "branches-ignore" | "tags" | "tags-ignore" | "paths"
                | "paths-ignore" | "types" | "workflows" => listed(it),
                _ => expressions(it),
            }),
        }),
        _ => bare(found).map_or_else(|| found.clone(), |one| map(vec![one])),
    }
}

/// A name alone is the group.
fn concurrency(found: &Node) -> Node {
    match scalar(found) {
        Some(_) => map(vec![(Arc::from("group"), text(found))]),
        None => expressions(found),
    }
}

/// What must hold is an expression, with `${{ }}` or without.
fn condition(found: &Node) -> Node {
    match scalar(found) {
        Some(it) if !it.contains("${{") && !it.trim().is_empty() => string(&marked(&it)),
        _ => text(found),
    }
}

/// One text is a list of one.
fn listed(found: &Node) -> Node {
    match scalar(found) {
        Some(_) => Node { span: found.span, data: Data::List(vec![text(found)]) },
        None => each(found, &text),
    }
}

/// A map whose values become texts.
fn texts(found: &Node) -> Node {
    match found.data {
        Data::Map(_) => mapped(found, &|_, it| text(it)),
        _ => expressions(found),
    }
}

/// A scalar as the text that it becomes.
fn text(found: &Node) -> Node {
    match scalar(found) {
        Some(it) => expressions(&string(&it)),
        None => expressions(found),
    }
}

/// The same with one blank around each expression that is a whole text, and numbers in their shortest
/// form.
fn expressions(found: &Node) -> Node {
    match &found.data {
        Data::String(it) => {
            let inner = it.strip_prefix("${{").and_then(|it| it.strip_suffix("}}"));
            let inner = inner.filter(|it| !it.contains("${{") && !it.contains("}}"));
            inner.map_or_else(|| found.clone(), |it| string(&marked(it)))
        }
        Data::Number { number, .. } => {
            let text = number.to_string().into();
            Node { span: found.span, data: Data::Number { number: number.clone(), text } }
        }
        Data::List(_) => each(found, &expressions),
        Data::Map(_) => mapped(found, &|_, it| expressions(it)),
        Data::Null | Data::Bool(_) | Data::Tagged { .. } => found.clone(),
    }
}

fn marked(expression: &str) -> String {
    format!("${{{{ {} }}}}", expression.trim())
}

fn string(text: &str) -> Node {
    Node { span: Span::default(), data: Data::String(text.into()) }
}

fn map(entries: Vec<(Arc<str>, Node)>) -> Node {
    let entry = |(key, value)| Entry { key, key_span: Span::default(), value };
    Node { span: Span::default(), data: Data::Map(entries.into_iter().map(entry).collect()) }
}

/// A map with other values; what is none stays.
fn mapped(found: &Node, change: &dyn Fn(&str, &Node) -> Node) -> Node {
    let Data::Map(entries) = &found.data else { return expressions_of_other(found) };
    let entry = |it: &Entry| Entry { value: change(&it.key, &it.value), ..it.clone() };
    Node { span: found.span, data: Data::Map(entries.iter().map(entry).collect()) }
}

/// A list with other items; what is none stays.
fn each(found: &Node, change: &dyn Fn(&Node) -> Node) -> Node {
    let Data::List(items) = &found.data else { return expressions_of_other(found) };
    Node { span: found.span, data: Data::List(items.iter().map(change).collect()) }
}

/// What stands where something else was expected.
fn expressions_of_other(found: &Node) -> Node {
    match found.data {
        Data::String(_) | Data::Number { .. } => expressions(found),
        _ => found.clone(),
    }
}
