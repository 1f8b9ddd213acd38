//! What Terraform says in JSON, and the few questions that tests ask of it.

use std::fmt;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::child::Output;

/// A plan, as `terraform show -json` tells it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The whole document.
    pub json: Value,
    /// What the command `plan` printed.
    pub output: Output,
    /// Whether there is nothing to do, as the command's exit status says: no change to a resource
    /// or an output.
    pub is_empty: bool,
}

impl Plan {
    /// The resources with something to do, and what: `("terraform_data.one", "create")`; a
    /// replacement is `"delete create"` or `"create delete"`. In Terraform's order.
    pub fn changes(&self) -> Vec<(String, String)> {
        let changes = list(&self.json["resource_changes"]).iter();
        let named = changes.map(|it| (text(&it["address"]), actions(&it["change"])));
        named.filter(|(_, actions)| actions != "no-op" && actions != "read").collect()
    }

    /// What is to be done with one resource: `"create"`, `"no-op"`, `"delete create"`.
    #[track_caller]
    pub fn action(&self, address: &str) -> String {
        actions(self.change(address))
    }

    /// A resource's `change`: `before`, `after`, `after_unknown`, `replace_paths`, `importing`.
    #[track_caller]
    pub fn change(&self, address: &str) -> &Value {
        let changes = list(&self.json["resource_changes"]);
        match changes.iter().find(|it| it["address"] == address) {
            Some(found) => &found["change"],
            None => panic!("{address} is not in the plan: {}", self.output),
        }
    }

    /// The planned value of an attribute: `after("stanchion_pipeline.ci", "steps.0.name")`. Null
    /// where it is null, unknown or left out.
    #[track_caller]
    pub fn after(&self, address: &str, path: &str) -> Value {
        at(&self.change(address)["after"], path).cloned().unwrap_or_default()
    }

    /// Whether an attribute is planned as unknown, or part of something unknown.
    #[track_caller]
    pub fn is_unknown(&self, address: &str, path: &str) -> bool {
        let mut here = &self.change(address)["after_unknown"];
        for key in path.split('.') {
            if here == true {
                return true;
            }
            here = member(here, key).unwrap_or(&Value::Null);
        }
        here == true
    }
}

/// A state, as `terraform show -json` tells it.
#[derive(Debug, Clone)]
pub struct State {
    /// The whole document.
    pub json: Value,
}

impl State {
    /// The addresses of all resources and data sources, those of modules too.
    pub fn addresses(&self) -> Vec<String> {
        self.instances().iter().map(|it| text(&it["address"])).collect()
    }

    /// A resource's attributes.
    #[track_caller]
    pub fn values(&self, address: &str) -> Value {
        self.instance(address)["values"].clone()
    }

    /// A resource's identity; null where Terraform stores none.
    #[track_caller]
    pub fn identity(&self, address: &str) -> Value {
        self.instance(address)["identity"].clone()
    }

    #[track_caller]
    fn instance(&self, address: &str) -> &Value {
        match self.instances().into_iter().find(|it| it["address"] == address) {
            Some(found) => found,
            None => panic!("{address} is not in the state, which has {:?}", self.addresses()),
        }
    }

    /// One attribute: `value("stanchion_pipeline.ci", "steps.0.name")`.
    #[track_caller]
    pub fn value(&self, address: &str, path: &str) -> Value {
        let values = self.values(address);
        match at(&values, path) {
            Some(value) => value.clone(),
            None => panic!("{address} has no {path} in the state: {values:#}"),
        }
    }

    /// The value of an output.
    #[track_caller]
    pub fn output(&self, name: &str) -> Value {
        match self.json["values"]["outputs"].get(name) {
            Some(output) => output["value"].clone(),
            None => panic!("no output {name} in the state: {:#}", self.json["values"]["outputs"]),
        }
    }

    fn instances(&self) -> Vec<&Value> {
        let mut modules = vec![&self.json["values"]["root_module"]];
        let mut found = Vec::new();
        while let Some(module) = modules.pop() {
            found.extend(list(&module["resources"]));
            modules.extend(list(&module["child_modules"]));
        }
        found
    }
}

/// A message of Terraform's, whole: without line breaks and frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// The first line.
    pub summary: String,
    /// The rest, empty where there is none.
    pub detail: String,
    /// The resource that it is about, empty where Terraform names none.
    pub address: String,
    /// `main.tf:9:18`, empty where it has no place.
    pub place: String,
}

impl Diagnostic {
    /// The diagnostics in the lines of `plan -json` and the like, or in what `validate -json` says.
    pub fn all(stdout: &str) -> Vec<Self> {
        let whole = serde_json::from_str::<Value>(stdout).unwrap_or_default();
        let lines = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let lines = lines.filter(|line| line["type"] == "diagnostic");
        let told = lines.map(|mut line| line["diagnostic"].take());
        told.chain(list(&whole["diagnostics"]).iter().cloned()).map(|it| Self::of(&it)).collect()
    }

    fn of(value: &Value) -> Self {
        let range = &value["range"];
        let place = range.is_object().then(|| {
            let start = &range["start"];
            format!("{}:{}:{}", text(&range["filename"]), start["line"], start["column"])
        });
        let [severity, summary, detail, address] =
            ["severity", "summary", "detail", "address"].map(|key| text(&value[key]));
        Self { severity, summary, detail, address, place: place.unwrap_or_default() }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, summary, detail, address, place } = self;
        write!(f, "{severity}: {summary}: {detail} ({address} {place})")
    }
}

/// The paths of the attributes whose values differ, as deep as both sides have objects:
/// `jobs.lint.stage`.
pub(crate) fn differing(left: &Value, right: &Value) -> Vec<String> {
    let (Some(left), Some(right)) = (left.as_object(), right.as_object()) else {
        return if left == right { Vec::new() } else { vec![String::new()] };
    };
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let mut paths = Vec::new();
    for name in names {
        let [left, right] = [left, right].map(|it| it.get(name).unwrap_or(&Value::Null));
        let inner = differing(left, right).into_iter();
        paths.extend(
            inner.map(|it| if it.is_empty() { name.clone() } else { format!("{name}.{it}") }),
        );
    }
    paths
}

fn actions(change: &Value) -> String {
    list(&change["actions"]).iter().map(text).collect::<Vec<_>>().join(" ")
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, member)
}

fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
