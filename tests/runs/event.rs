//! What starts a run: the event with its payload, and whether a workflow waits for it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::expressions::{matches, text};

/// Something that happens to a repository.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// `push`, `pull_request`, …
    pub(crate) name: &'static str,
    /// The ref on which the workflow runs: `refs/heads/main`.
    pub(crate) reference: String,
    /// What a run of the event finds in its file.
    pub(crate) payload: Value,
    /// What a person typed or chose.
    pub(crate) inputs: BTreeMap<String, String>,
}

impl Event {
    fn new(name: &'static str, reference: impl Into<String>, payload: Value) -> Self {
        Self { name, reference: reference.into(), payload, inputs: BTreeMap::new() }
    }

    /// A push to a branch that was at the commit `before`.
    pub(crate) fn push(branch: &str, before: &str) -> Self {
        Self::new("push", format!("refs/heads/{branch}"), json!({"before": before}))
    }

    /// A new tag.
    pub(crate) fn tag(tag: &str) -> Self {
        Self::new("push", format!("refs/tags/{tag}"), json!({"before": "0".repeat(40)}))
    }

    /// A pull request into a branch that is at the commit `base`.
    pub(crate) fn pull_request(branch: &str, base: &str) -> Self {
        let pull =
            json!({"number": 1, "base": {"ref": branch, "sha": base}, "head": {"ref": "topic"}});
        let payload = json!({"action": "opened", "number": 1, "pull_request": pull});
        Self::new("pull_request", "refs/pull/1/merge", payload)
    }

    /// A merge queue that tries a change of a branch that is at the commit `base`.
    pub(crate) fn merge_group(branch: &str, base: &str) -> Self {
        let queue = format!("refs/heads/gh-readonly-queue/{branch}/pr-1");
        let group = json!({"base_sha": base, "base_ref": format!("refs/heads/{branch}")});
        Self::new("merge_group", queue, json!({"action": "checks_requested", "merge_group": group}))
    }

    /// A time that has come.
    pub(crate) fn schedule(cron: &str) -> Self {
        Self::new("schedule", "refs/heads/main", json!({"schedule": cron}))
    }

    /// A person who starts the workflow on a branch.
    pub(crate) fn dispatch(branch: &str, inputs: &[(&str, &str)]) -> Self {
        let new = Self::new("workflow_dispatch", format!("refs/heads/{branch}"), json!({}));
        let inputs = inputs.iter().map(|(name, it)| (name.to_string(), it.to_string())).collect();
        Self { inputs, ..new }
    }

    /// The name of the branch or tag, as `github.ref_name` tells it.
    pub(crate) fn ref_name(&self) -> &str {
        let starts = ["refs/heads/", "refs/tags/", "refs/pull/"];
        starts.iter().find_map(|it| self.reference.strip_prefix(it)).unwrap_or(&self.reference)
    }

    /// Whether a workflow with this `on` runs at the event.
    pub(crate) fn starts(&self, on: &Value) -> bool {
        let filters = match on {
            Value::String(name) => (name == self.name).then_some(&Value::Null),
            Value::Array(names) => names.iter().any(|it| it == self.name).then_some(&Value::Null),
            on => on.get(self.name),
        };
        let Some(filters) = filters else { return false };
        match self.name {
            "schedule" => {
                let cron = &self.payload["schedule"];
                filters.as_array().into_iter().flatten().any(|it| &it["cron"] == cron)
            }
            "workflow_dispatch" => true,
            _ => self.passes(filters),
        }
    }

    /// Whether the branch or the tag passes. Where only tags are listed no branch does, and the other
    /// way round.
    fn passes(&self, filters: &Value) -> bool {
        let known = ["branches", "tags", "types"];
        let keys: Vec<_> = filters.as_object().into_iter().flatten().map(|(key, _)| key).collect();
        assert!(
            keys.iter().all(|it| known.contains(&it.as_str())),
            "a filter that is not known: {keys:?}"
        );
        if let Some(types) = filters.get("types") {
            let action = &self.payload["action"];
            let is_listed =
                types == action || types.as_array().is_some_and(|it| it.contains(action));
            if !is_listed {
                return false;
            }
        }
        let base = ["pull_request", "merge_group"].contains(&self.name);
        let (key, other, name) = match (base, self.reference.strip_prefix("refs/tags/")) {
            (true, _) => ("branches", "branches", self.base_ref()),
            (false, Some(tag)) => ("tags", "branches", tag.to_owned()),
            (false, None) => ("branches", "tags", self.ref_name().to_owned()),
        };
        match filters.get(key) {
            Some(patterns) if patterns.is_string() => matches(&json!([patterns]), &name),
            Some(patterns) => matches(patterns, &name),
            None => key == other || filters.get(other).is_none(),
        }
    }

    /// The branch into which a pull request or a merge queue goes; empty for other events.
    pub(crate) fn base_ref(&self) -> String {
        let of_pull = text(&self.payload["pull_request"]["base"]["ref"]);
        let of_group = text(&self.payload["merge_group"]["base_ref"]);
        of_pull + of_group.trim_start_matches("refs/heads/")
    }

    /// The inputs with their types, as `inputs` tells them. What GitHub's form would not let a person
    /// say fails the test.
    pub(crate) fn typed_inputs(&self, on: &Value) -> Value {
        let declared = &on["workflow_dispatch"]["inputs"];
        let declared = declared.as_object().cloned().unwrap_or_default();
        let is_declared =
            |it: &String| self.name != "workflow_dispatch" || declared.contains_key(it);
        assert!(self.inputs.keys().all(is_declared), "{:?} of {declared:?}", self.inputs);
        if self.name != "workflow_dispatch" {
            return json!({});
        }
        let typed = declared.iter().map(|(name, input)| {
            let said = self.inputs.get(name).cloned().unwrap_or_else(|| text(&input["default"]));
            assert!(input["required"] != true || !said.is_empty(), "the input {name} is required");
            let value = match input["type"].as_str().unwrap_or("string") {
                "string" | "environment" => json!(said),
                "boolean" => json!(said == "true"),
                "number" => serde_json::from_str(&said).unwrap_or(Value::Null),
                "choice" => {
                    let options = input["options"].as_array().unwrap();
                    let first = || options[0].clone();
                    let chosen = if said.is_empty() { first() } else { json!(said) };
                    assert!(options.contains(&chosen), "{name} is none of {options:?}: {said}");
                    chosen
                }
                other => panic!("an input of the type {other} is not known"),
            };
            (name.clone(), value)
        });
        Value::Object(typed.collect::<Map<_, _>>())
    }
}
