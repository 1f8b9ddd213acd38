//! All workflows imported by a real Terraform in one configuration, which Terraform writes itself.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use regex::Regex;
use serde_json::Value as Json;
use stanchion_cty::schema::{Block, decode_object, validate};
use stanchion_cty::{Kind, Path, Severity, Value};
use stanchion_model::{Document, Found, Pipeline};
use stanchion_tests::{Provider, Terraform, Workspace, page_is};

use super::{corpus, imported};

/// Of each workflow that can't be said as a configuration as it stands, the first reason.
const UNSAID: &str = "tests/imports/unsaid.txt";

/// What only who imports can tell: what a job is for, and what a permission is for.
const TOLD: [(&str, &str); 2] = [("stage", "test"), ("reason", "as it was before")];

/// The commit that stands for a tag of an action.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

const GENERATED: &str = "generated.tf";

#[test]
fn what_terraform_writes_for_all_of_them_plans_no_more_than_what_is_unmanaged() {
    let all = corpus();
    let (said, unsaid): (Vec<_>, Vec<_>) = all
        .iter()
        .map(|(name, found)| (name, found, why_not(found)))
        .partition(|it| it.2.is_none());
    let reasons =
        unsaid.iter().map(|(name, _, why)| format!("{name}: {}\n", why.as_ref().unwrap()));
    page_is(UNSAID, &reasons.collect::<String>());
    assert!(said.len() >= 20, "only {} of {} can be said", said.len(), all.len());
    let said: BTreeSet<&str> = said.iter().map(|(name, _, _)| name.as_str()).collect();
    for terraform in [Terraform::newest(), Terraform::tofu()] {
        let workspace = Workspace::requiring(&Provider::stanchion(), &terraform);
        for (_, found) in &all {
            workspace.write(&found.address, &found.text);
        }
        workspace.write("imports.tf", imports(all.iter().map(|(name, found)| (&**name, found))));
        // What is written is not yet what can be said, as nobody has told yet what jobs are for.
        workspace.run(["plan", &format!("-generate-config-out={GENERATED}")]);
        let generated = workspace.read(GENERATED);
        let blocks: Vec<&str> = generated.split("\nresource ").skip(1).collect();
        assert_eq!(blocks.len(), all.len(), "a block for each workflow");
        let kept = blocks.iter().filter(|it| said.iter().any(|name| is_of(it, name)));
        let kept: String = kept.map(|it| format!("resource {}\n", told(it))).collect();
        workspace.write(GENERATED, kept);
        let some = all.iter().filter(|(name, _)| said.contains(&**name));
        workspace.write("imports.tf", imports(some.map(|(name, found)| (&**name, found))));

        let plan = workspace.plan();
        let mut differing = BTreeSet::new();
        for name in &said {
            let change = plan.change(&address(name));
            assert!(change["importing"].is_object(), "{name}");
            differences(&change["before"], &change["after"], "", &mut differing);
        }
        let expected = ["content", "sha256", "unmanaged", "stage", "reason", "uses"];
        let others: Vec<_> = differing.iter().filter(|it| !expected.contains(&last(it))).collect();
        assert!(others.is_empty(), "planned beyond what is unmanaged: {others:?}");
        workspace.apply_plan();
        assert!(workspace.plan().is_empty, "what was applied has nothing left over");
        println!("{terraform:?}: {} of {} are said and applied", said.len(), all.len());
    }
}

/// Why what is imported can't be said as a configuration, once it is told what only its author knows;
/// the first reason.
fn why_not(found: &Found) -> Option<String> {
    let value = completed(&imported(found).encode_value(), "");
    let object = Pipeline::object();
    let said = object.attributes.iter().map(|it| {
        let part = value.get(&it.name).unwrap().clone();
        // What the provider computes nobody says.
        let part = if it.is_configurable() { part } else { Value::null(part.ty()) };
        (it.name.clone(), part)
    });
    let value = Value::object(said);
    let problems = validate(&Pipeline::object(), &value);
    let problems = match decode_object::<Pipeline>(&value, &Path::root()) {
        Ok(pipeline) if !problems.has_error() => pipeline.check(),
        Ok(_) => problems,
        Err(problems) => problems,
    };
    problems.iter().find(|it| it.severity == Severity::Error).map(ToString::to_string)
}

/// A value with what only its author knows.
fn completed(value: &Value, name: &str) -> Value {
    match value.kind() {
        Kind::Null(_) => match TOLD.iter().find(|(it, _)| *it == name) {
            Some((_, told)) => Value::from(*told),
            None => value.clone(),
        },
        Kind::String(it) if name == "uses" => Value::from(pinned(it)),
        Kind::Object(it) => {
            Value::object(it.iter().map(|(name, it)| (name.clone(), completed(it, name))))
        }
        Kind::Map(ty, it) => {
            Value::map(ty.clone(), it.iter().map(|(key, it)| (key.clone(), completed(it, ""))))
        }
        Kind::List(ty, it) => Value::list(ty.clone(), it.iter().map(|it| completed(it, ""))),
        _ => value.clone(),
    }
}

/// The text of a generated block with the same.
fn told(block: &str) -> String {
    let mut text = block.to_owned();
    for (name, told) in TOLD {
        let absent = Regex::new(&format!(r"(?m)^(\s+{name}\s+=) null$")).unwrap();
        text = absent.replace_all(&text, format!("$1 {told:?}")).into_owned();
    }
    let uses = Regex::new(r#"(?m)^(\s+uses\s+=) "(.*)"$"#).unwrap();
    let pin = |it: &regex::Captures<'_>| format!("{} {:?}", &it[1], pinned(&it[2]));
    uses.replace_all(&text, pin).into_owned()
}

/// An action at a commit, where it is at a tag.
fn pinned(uses: &str) -> String {
    match uses.split_once('@') {
        Some((action, tag)) if tag.len() < COMMIT.len() && !uses.contains(':') => {
            format!("{action}@{COMMIT}")
        }
        _ => uses.to_owned(),
    }
}

fn imports<'a>(of: impl Iterator<Item = (&'a str, &'a Found)>) -> String {
    let mut out = String::new();
    for (name, found) in of {
        let (to, id) = (address(name), &found.address);
        writeln!(out, "import {{\n  to = {to}\n  id = \"local:{id}\"\n}}").unwrap();
    }
    out
}

fn address(name: &str) -> String {
    format!("stanchion_pipeline.{}", name.replace('-', "_"))
}

fn is_of(block: &str, name: &str) -> bool {
    block.starts_with(&format!("\"stanchion_pipeline\" \"{}\"", name.replace('-', "_")))
}

/// The paths of the leaves that differ, without those that are null in one and missing in the other.
fn differences(before: &Json, after: &Json, path: &str, out: &mut BTreeSet<String>) {
    match (before, after) {
        (Json::Object(a), Json::Object(b)) if path != ".unmanaged" => {
            for key in a.keys().chain(b.keys()) {
                let at =
                    |it: &serde_json::Map<String, Json>| it.get(key).cloned().unwrap_or_default();
                differences(&at(a), &at(b), &format!("{path}.{key}"), out);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| differences(a, b, path, out));
        }
        // An expression, or half a minute: what could not be held gets the default.
        (Json::Null, Json::String(_)) if path.ends_with(".timeout") => {}
        (a, b) if a != b => drop(out.insert(path.to_owned())),
        _ => {}
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap()
}
