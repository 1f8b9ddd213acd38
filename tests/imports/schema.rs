//! That the workflows use every key and every alternative of GitHub's published schema.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::{Map, Value, json};
use stanchion_cty::spanned::{Data, Node};

use super::checkers::program;
use super::corpus;

#[test]
fn every_key_and_every_alternative_of_githubs_schema_is_used() {
    let schema = Schema::published();
    let mut declared = BTreeSet::new();
    schema.declare(&schema.0, "", &mut declared);
    let mut used = BTreeSet::new();
    for (name, found) in corpus() {
        let workflow = plain(&found.node().unwrap());
        assert!(schema.holds(&schema.0, &workflow), "{name}");
        schema.walk(&schema.0, "", &workflow, &mut used);
    }
    let missing: Vec<_> = declared.difference(&used).collect();
    assert!(missing.is_empty(), "no workflow of the corpus uses {missing:#?}");
    println!("all {} keys, values and alternatives are used", declared.len());
}

/// A schema of JSON, as far as that of workflows goes.
struct Schema(Value);

impl Schema {
    /// The schema of GitHub's workflows that check-jsonschema brings along.
    fn published() -> Self {
        let start = program("python-program", &["check-jsonschema"]);
        let home = Path::new(&start).ancestors().find(|it| it.join("environment").is_dir());
        let file = file(&home.unwrap().join("environment/lib"), "vendor/github-workflows.json");
        Self(serde_json::from_str(&fs::read_to_string(file.unwrap()).unwrap()).unwrap())
    }

    /// What a schema refers to, and its name.
    fn target<'a>(&'a self, schema: &'a Value) -> Option<(&'a Value, &'a str)> {
        let name = schema.get("$ref")?.as_str()?;
        Some((self.0.pointer(name.strip_prefix('#')?)?, name))
    }

    /// The names of all that can be used: keys, values out of a list, and alternatives.
    fn declare(&self, schema: &Value, at: &str, out: &mut BTreeSet<String>) {
        if let Some((target, name)) = self.target(schema) {
            // A step may be in a step.
            if out.insert(name.to_owned()) {
                self.declare(target, name, out);
            }
        }
        for value in list(schema, "enum") {
            out.insert(format!("{at}={value}"));
        }
        for (key, inner) in entries(schema, "properties") {
            let at = format!("{at}.{key}");
            self.declare(inner, &at, out);
            out.insert(at);
        }
        for (_, inner) in entries(schema, "patternProperties") {
            self.declare(inner, &format!("{at}.*"), out);
        }
        for word in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get(word) {
                self.declare(inner, &format!("{at}[]"), out);
            }
        }
        for inner in list(schema, "allOf") {
            self.declare(inner, at, out);
        }
        for (at, inner) in alternatives(schema, at) {
            self.declare(inner, &at, out);
            out.insert(at);
        }
    }

    /// Adds the names of what a value uses, which must be good by the schema.
    fn walk(&self, schema: &Value, at: &str, it: &Value, used: &mut BTreeSet<String>) {
        if let Some((target, name)) = self.target(schema) {
            used.insert(name.to_owned());
            self.walk(target, name, it, used);
        }
        if list(schema, "enum").any(|value| value == it) {
            used.insert(format!("{at}={it}"));
        }
        for (key, value) in it.as_object().into_iter().flatten() {
            if let Some((_, inner)) = entries(schema, "properties").find(|(name, _)| *name == key) {
                let at = format!("{at}.{key}");
                self.walk(inner, &at, value, used);
                used.insert(at);
            } else if let Some((_, inner)) =
                entries(schema, "patternProperties").find(|(pattern, _)| fits(pattern, key))
            {
                self.walk(inner, &format!("{at}.*"), value, used);
            } else if let Some(inner) = schema.get("additionalProperties") {
                self.walk(inner, &format!("{at}[]"), value, used);
            }
        }
        if let Some(inner) = schema.get("items") {
            for value in it.as_array().into_iter().flatten() {
                self.walk(inner, &format!("{at}[]"), value, used);
            }
        }
        for inner in list(schema, "allOf") {
            self.walk(inner, at, it, used);
        }
        for (at, inner) in alternatives(schema, at).filter(|(_, inner)| self.holds(inner, it)) {
            self.walk(inner, &at, it, used);
            used.insert(at);
        }
    }

    /// Whether a value is good by a schema.
    fn holds(&self, schema: &Value, it: &Value) -> bool {
        let any = |word| {
            list(schema, word).next().is_none()
                || list(schema, word).any(|inner| self.holds(inner, it))
        };
        let text = |word: &str| schema.get(word).and_then(Value::as_str);
        let each = |key: &str, value: &Value| {
            let mut own = entries(schema, "properties").filter(|(name, _)| *name == key).peekable();
            let mut patterns = entries(schema, "patternProperties")
                .filter(|(pattern, _)| fits(pattern, key))
                .peekable();
            if own.peek().is_none() && patterns.peek().is_none() {
                let other = schema.get("additionalProperties");
                return other.is_none_or(|it| self.holds(it, value));
            }
            own.chain(patterns).all(|(_, inner)| self.holds(inner, value))
        };
        // Beside a reference nothing else counts, though it may be said there.
        if let Some((target, _)) = self.target(schema) {
            return self.holds(target, it);
        }
        schema != &Value::Bool(false)
            && text("type").is_none_or(|name| is(name, it))
            && text("pattern").is_none_or(|pattern| it.as_str().is_none_or(|it| fits(pattern, it)))
            && schema.get("const").is_none_or(|only| only == it)
            && schema.get("enum").is_none_or(|_| list(schema, "enum").any(|value| value == it))
            && any("oneOf")
            && any("anyOf")
            && list(schema, "allOf").all(|inner| self.holds(inner, it))
            && schema.get("not").is_none_or(|inner| !self.holds(inner, it))
            && list(schema, "required")
                .all(|key| it.as_object().is_none_or(|it| it.contains_key(key.as_str().unwrap())))
            && it.as_object().into_iter().flatten().all(|(key, value)| each(key, value))
            && it
                .as_array()
                .into_iter()
                .flatten()
                .all(|value| schema.get("items").is_none_or(|inner| self.holds(inner, value)))
    }
}

/// The alternatives of a schema, each with its name.
fn alternatives<'a>(
    schema: &'a Value,
    at: &str,
) -> impl Iterator<Item = (String, &'a Value)> + use<'a> {
    let at = at.to_owned();
    let all = ["oneOf", "anyOf"].into_iter().flat_map(|word| list(schema, word).enumerate());
    all.map(move |(i, it)| (format!("{at}|{i}"), it))
}

fn list<'a>(schema: &'a Value, word: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    schema.get(word).and_then(Value::as_array).into_iter().flatten()
}

fn entries<'a>(
    schema: &'a Value,
    word: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    schema.get(word).and_then(Value::as_object).into_iter().flatten()
}

fn fits(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).unwrap().is_match(text)
}

fn is(name: &str, it: &Value) -> bool {
    match name {
        "null" => it.is_null(),
        "boolean" => it.is_boolean(),
        "number" => it.is_number(),
        "string" => it.is_string(),
        "array" => it.is_array(),
        "object" => it.is_object(),
        name => panic!("there is no type {name}"),
    }
}

/// A workflow as the schema sees it.
fn plain(node: &Node) -> Value {
    match &node.data {
        Data::Null => Value::Null,
        Data::Bool(it) => json!(it),
        Data::Number { number, .. } => serde_json::from_str(&number.to_string()).unwrap(),
        Data::String(it) => json!(**it),
        Data::List(it) => it.iter().map(plain).collect(),
        Data::Map(it) => {
            let entries = it.iter().map(|it| (it.key.to_string(), plain(&it.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Data::Tagged { tag, .. } => panic!("{tag} is no part of a workflow"),
    }
}

/// The file below a folder whose path ends so.
fn file(folder: &Path, end: &str) -> Option<PathBuf> {
    let mut all = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    all.find_map(|it| if it.is_dir() { file(&it, end) } else { it.ends_with(end).then_some(it) })
}
