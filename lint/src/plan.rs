//! A plan as `terraform show -json` writes it: what it knows, and which root module it is of.

use std::collections::BTreeSet;
use std::sync::Arc;

use stanchion_cty::json;
use stanchion_cty::spanned::{Data, Node, Span};
use stanchion_cty::{Mark, Type, Value};
use stanchion_lang::{Mode, Module, Planned};

/// A plan.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// What it knows.
    pub(crate) planned: Planned,
    /// When it was made, in RFC 3339.
    pub(crate) time: Option<Arc<str>>,
    /// Texts of what is sensitive in it.
    pub(crate) secrets: Vec<String>,
    /// What its root module declares: addresses, and `var.` and `module.` before names.
    names: BTreeSet<String>,
}

/// Why a text is no plan that can be read: a clause.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAPlan {
    #[error("is no JSON: {0}")]
    NotJson(String),
    #[error("is JSON, but no plan")]
    Other,
    #[error("is a state and no plan")]
    State,
    #[error(
        "is a plan of format {0}, and this program knows {KNOWN}.0 and what is compatible with it"
    )]
    Version(String),
}

/// The major version of the format. A plan of another minor version has more, and the same in what
/// both have: developer.hashicorp.com/terraform/internals/json-format.
const KNOWN: &str = "1";

impl NotAPlan {
    /// What to do about it.
    pub(crate) fn cure(&self) -> &'static str {
        match self {
            Self::Version(_) => {
                "update stanchion, or write the plan with a Terraform that writes this format"
            }
            _ => {
                "write it with terraform plan -out=FILE, then terraform show -json FILE > plan.json"
            }
        }
    }
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// If the text is none, or one of an unknown format.
    pub(crate) fn read(text: &str) -> Result<Self, NotAPlan> {
        let text = text.trim_start_matches('\u{feff}');
        let root = json::parse(text)
            .map_err(|it| NotAPlan::NotJson(format!("line {}, {}", it.place.line, it.message)))?;
        let Some(version) = root.get("format_version").and_then(Node::as_str) else {
            return Err(NotAPlan::Other);
        };
        if version.split('.').next() != Some(KNOWN) {
            return Err(NotAPlan::Version(version.to_owned()));
        }
        if root.get("planned_values").is_none() && root.get("resource_changes").is_none() {
            let is_state = root.get("values").is_some() || root.get("terraform_version").is_some();
            return Err(if is_state { NotAPlan::State } else { NotAPlan::Other });
        }
        let time = root.get("timestamp").and_then(Node::as_str).map(Into::into);
        let mut plan = Self { time, ..Self::default() };
        let configured = root.get("configuration").and_then(|it| it.get("root_module"));
        plan.variables(root.get("variables"), configured.and_then(|it| it.get("variables")));
        // What a plan says of changes is more than what it says of values, so it comes last.
        let prior = root.get("prior_state").and_then(|it| it.get("values"));
        for (values, is_prior) in [(prior, true), (root.get("planned_values"), false)] {
            if let Some(module) = values.and_then(|it| it.get("root_module")) {
                plan.module(module, is_prior);
            }
        }
        for change in root.get("resource_changes").map(Node::items).unwrap_or_default() {
            plan.change(change);
        }
        plan.names(configured);
        plan.secrets.sort();
        plan.secrets.dedup();
        Ok(plan)
    }

    /// How much of what a root module declares the plan declares too, and how much either has.
    pub(crate) fn likeness(&self, module: &Module) -> (usize, usize) {
        let all = declared(module);
        (all.intersection(&self.names).count(), all.union(&self.names).count())
    }

    /// The first name that only one of the plan and its root module has: one of them changed since.
    pub(crate) fn apart(&self, module: &Module) -> Option<String> {
        let all = declared(module);
        // The data sources of a check are in a plan, but no others can refer to them.
        let is_gone = |it: &&String| !it.starts_with("data.");
        let mut gone = self.names.difference(&all).filter(is_gone);
        all.difference(&self.names).next().or_else(|| gone.next()).cloned()
    }

    fn variables(&mut self, values: Option<&Node>, declared: Option<&Node>) {
        for entry in values.map(Node::entries).unwrap_or_default() {
            let value = combined(entry.value.get("value"), None, None);
            let said = declared.and_then(|it| it.get(&entry.key)?.get("sensitive"));
            if is_true(said) {
                texts(&value, &mut self.secrets);
            }
            self.planned.variables.insert(entry.key.clone(), value);
        }
    }

    /// The resources of a module of values and of those within it. Of a state before the plan, data
    /// sources alone are as they will be.
    fn module(&mut self, module: &Node, is_prior: bool) {
        for it in module.get("resources").map(Node::items).unwrap_or_default() {
            let is_data = it.get("mode").and_then(Node::as_str) == Some("data");
            if let Some(address) = it.get("address").and_then(Node::as_str)
                && (is_data || !is_prior)
            {
                // In the values of a plan, what is not known is left out, and adds nothing here.
                self.add(address, combined(it.get("values"), None, it.get("sensitive_values")));
            }
        }
        for it in module.get("child_modules").map(Node::items).unwrap_or_default() {
            self.module(it, is_prior);
        }
    }

    fn change(&mut self, resource: &Node) {
        let (address, change) = (resource.get("address"), resource.get("change"));
        let (Some(address), Some(change)) = (address.and_then(Node::as_str), change) else {
            return;
        };
        let is_there = change.get("after").is_some_and(|it| it.data != Data::Null)
            || is_true(change.get("after_unknown"));
        if resource.get("deposed").is_some() || !is_there {
            return;
        }
        let part = |name: &str| change.get(name);
        let value = combined(part("after"), part("after_unknown"), part("after_sensitive"));
        self.add(address, value);
    }

    fn add(&mut self, address: &str, value: Value) {
        sensitive(&value, &mut self.secrets);
        self.planned.resources.insert(address.into(), value);
    }

    fn names(&mut self, root: Option<&Node>) {
        let keys = |name: &str| {
            root.and_then(|it| it.get(name)).map(Node::entries).unwrap_or_default().iter()
        };
        self.names.extend(keys("variables").map(|it| format!("var.{}", it.key)));
        self.names.extend(keys("module_calls").map(|it| format!("module.{}", it.key)));
        let resources =
            root.and_then(|it| it.get("resources")).map(Node::items).unwrap_or_default();
        let addresses = resources.iter().filter_map(|it| it.get("address").and_then(Node::as_str));
        // What is ephemeral is in no plan's values.
        let stored = addresses.filter(|it| !it.starts_with("ephemeral."));
        self.names.extend(stored.map(str::to_owned));
    }
}

/// What a root module declares, named as in a plan.
fn declared(module: &Module) -> BTreeSet<String> {
    let address = |mode: Mode| {
        let all = module.resources_of(mode);
        all.map(move |(_, it)| format!("{}{}", mode.prefix(), it.labels.join(".")))
    };
    let variables = module.variables.keys().map(|it| format!("var.{it}"));
    let calls = module.calls.keys().map(|it| format!("module.{it}"));
    let resources = [Mode::Managed, Mode::Data].into_iter().flat_map(address);
    resources.chain(variables).chain(calls).collect()
}

/// A value that is written in three trees: what is known of it, what is unknown and what is sensitive.
fn combined(known: Option<&Node>, unknown: Option<&Node>, sensitive: Option<&Node>) -> Value {
    let empty = Node { data: Data::Null, span: Span::default() };
    let marked = |it: Value| if is_true(sensitive) { it.mark(Mark::Sensitive) } else { it };
    if is_true(unknown) {
        return marked(Value::unknown(Type::Dynamic));
    }
    let (known, unknown) = (known.unwrap_or(&empty), unknown.unwrap_or(&empty));
    let part = |name: &str| {
        let sensitive = sensitive.and_then(|it| it.get(name));
        combined(known.get(name), unknown.get(name), sensitive)
    };
    let item = |at: usize| {
        let sensitive = sensitive.and_then(|it| it.items().get(at));
        combined(known.items().get(at), unknown.items().get(at), sensitive)
    };
    marked(match (&known.data, &unknown.data) {
        (Data::Map(_), _) | (Data::Null, Data::Map(_)) if !is_null(known, unknown) => {
            let entries = known.entries().iter().chain(unknown.entries());
            let names: BTreeSet<&Arc<str>> = entries.map(|it| &it.key).collect();
            Value::object(names.into_iter().map(|it| (it.clone(), part(it))))
        }
        (Data::List(_), _) | (Data::Null, Data::List(_)) if !is_null(known, unknown) => {
            let length = known.items().len().max(unknown.items().len());
            Value::tuple((0..length).map(item))
        }
        // A tree of JSON that Terraform wrote has no key twice.
        _ => json::implied(known).unwrap_or_else(|_| Value::null(Type::Dynamic)),
    })
}

/// Whether something is null rather than a value of which nothing is known yet.
fn is_null(known: &Node, unknown: &Node) -> bool {
    known.data == Data::Null && unknown.entries().is_empty() && unknown.items().is_empty()
}

fn is_true(node: Option<&Node>) -> bool {
    node.is_some_and(|it| it.data == Data::Bool(true))
}

/// The texts of the parts that are marked sensitive.
fn sensitive(value: &Value, out: &mut Vec<String>) {
    if value.marks().has(Mark::Sensitive) {
        texts(value, out);
    } else if value.has_mark_deep(Mark::Sensitive) {
        value.parts().for_each(|it| sensitive(it, out));
    }
}

/// All texts in a value.
fn texts(value: &Value, out: &mut Vec<String>) {
    out.extend(value.as_str().map(str::to_owned));
    value.parts().for_each(|it| texts(it, out));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn plan() -> Json {
        json!({
            "format_version": "1.2",
            "timestamp": "2026-01-31T00:00:00Z",
            "variables": { "a": { "value": [1, { "b": null }] } },
            "planned_values": { "root_module": { "child_modules": [ { "resources": [
                { "address": "module.m.x.y", "mode": "managed", "values": { "z": "only here" } },
            ] } ] } },
            "resource_changes": [
                { "address": "x.new", "change": {
                    "after": { "known": "k", "list": [{ "in": "k" }, {}], "none": null, "empty": [] },
                    "after_unknown": { "id": true, "list": [{}, { "in": true }], "empty": [] },
                    "after_sensitive": { "known": true, "list": [{ "in": true }] } } },
                { "address": "x.gone", "change": { "after": null, "after_unknown": {} } },
                { "address": "x.new", "deposed": "1", "change": { "after": { "known": "old" } } },
                { "address": "x.later", "change": { "after": null, "after_unknown": true } },
            ],
            "prior_state": { "values": { "root_module": { "resources": [
                { "address": "data.d.e", "mode": "data", "values": { "f": 1.25 } },
                { "address": "x.new", "mode": "managed", "values": { "known": "before" } },
                { "address": "x.gone", "mode": "managed", "values": { "known": "before" } },
            ] } } },
            "configuration": { "root_module": { "resources": [{ "address": "x.new" }] } },
        })
    }

    #[test]
    fn values_are_put_together_of_what_is_known_unknown_and_sensitive() {
        let plan = Plan::read(&plan().to_string()).expect("a plan");
        let resources = &plan.planned.resources;
        let names: Vec<&str> = resources.keys().map(|it| &**it).collect();
        assert_eq!(names, ["data.d.e", "module.m.x.y", "x.later", "x.new"]);
        let new = &resources["x.new"];
        let of = |name: &str| new.get(name).expect(name);
        assert_eq!(of("known"), &Value::string("k").mark(Mark::Sensitive));
        assert_eq!(of("id"), &Value::unknown(Type::Dynamic));
        assert_eq!(of("none"), &Value::null(Type::Dynamic));
        assert_eq!(of("empty"), &Value::tuple([]));
        let inside = |it: Value| Value::object([("in", it)]);
        let list = [
            inside(Value::string("k").mark(Mark::Sensitive)),
            inside(Value::unknown(Type::Dynamic)),
        ];
        assert_eq!(of("list"), &Value::tuple(list));
        assert_eq!(resources["x.later"], Value::unknown(Type::Dynamic));
        assert_eq!(plan.secrets, ["k"]);
        assert_eq!(plan.time.as_deref(), Some("2026-01-31T00:00:00Z"));
        assert_eq!(plan.names.iter().collect::<Vec<_>>(), ["x.new"]);
    }

    /// All texts that come of a document when one of its parts is another.
    fn altered(document: &Json, part: &mut Json, at: &str, out: &mut Vec<String>) {
        for other in
            [json!(null), json!(true), json!(1), json!("x"), json!([{}]), json!({ "a": [] })]
        {
            let mut whole = document.clone();
            if let Some(it) = whole.pointer_mut(at) {
                *it = other;
            }
            out.push(whole.to_string());
        }
        match part {
            Json::Array(all) => {
                let each = all.iter_mut().enumerate();
                each.for_each(|(i, it)| altered(document, it, &format!("{at}/{i}"), out));
            }
            Json::Object(all) => {
                all.iter_mut().for_each(|(name, it)| {
                    altered(document, it, &format!("{at}/{name}"), out);
                });
            }
            _ => {}
        }
    }

    #[test]
    fn whatever_stands_in_a_plan_it_is_read_or_refused() {
        let document = plan();
        let mut texts = Vec::new();
        altered(&document, &mut document.clone(), "", &mut texts);
        let whole = document.to_string();
        texts.extend((0..whole.len()).filter_map(|it| whole.get(..it)).map(str::to_owned));
        let read = texts.iter().filter(|it| Plan::read(it).is_ok()).count();
        assert!(texts.len() > 1000, "{}", texts.len());
        assert!(read > 300 && read < texts.len() - 500, "{read} of {}", texts.len());
    }
}
