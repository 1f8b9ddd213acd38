//! What a tree plans: by a real Terraform, and by ours.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use stanchion_cty::{Kind, Value, json};
use stanchion_lang::{
    Argument, Evaluation, Files, Inputs, Mode, NoDataSources, Source, Unread, View,
    Workspace as Ours, is_configuration,
};
use stanchion_tests::{Terraform, Workspace, place};

use crate::tree::{Tree, manifest};

/// Values by their addresses: `output.x`, `module.a.terraform_data.b.input`.
pub(crate) type Planned = BTreeMap<String, Leaf>;

/// What a value is, without its parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Leaf {
    /// It is not known yet.
    Unknown,
    /// A text, or how many parts it has.
    Known(String),
}

/// What a real Terraform plans, or the summaries of what it refuses.
pub(crate) fn theirs(terraform: &Terraform, tree: &Tree) -> Result<Planned, Vec<String>> {
    let mut workspace = Workspace::new(terraform);
    if tree.has_trial {
        let root = workspace.path();
        workspace = workspace.with_override(&place::trial()).with_env("TRIAL_ROOT", root);
    }
    if let Some(name) = &tree.workspace {
        workspace = workspace.with_env("TF_WORKSPACE", name);
    }
    for (name, value) in &tree.environment {
        workspace = workspace.with_env(name, value);
    }
    for (path, text) in &tree.files {
        if let Some(parent) = Path::new(path).parent() {
            fs::create_dir_all(workspace.path().join(parent)).unwrap();
        }
        workspace.write(path, text);
    }
    if let Some(manifest) = manifest(tree) {
        workspace.write("../data/modules/modules.json", manifest);
    }
    let mut words = vec!["plan".to_owned(), "-json".into(), "-input=false".into(), "-out=p".into()];
    words.extend(tree.arguments.iter().map(|(kind, value)| format!("-{kind}={value}")));
    let done = workspace.run(&words);
    let errors: Vec<String> = done
        .both()
        .lines()
        .filter_map(|it| serde_json::from_str::<Json>(it).ok())
        .filter(|it| {
            let severity = &it["diagnostic"]["severity"];
            severity == "error" || it["diagnostic"]["summary"] == "Check block assertion failed"
        })
        .map(|it| it["diagnostic"]["summary"].as_str().unwrap_or_default().to_owned())
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let shown = workspace.run(["show", "-json", "p"]).success().both();
    // Both say where they run in the same words.
    let shown = shown.replace(&*workspace.path().to_string_lossy(), "/cwd");
    let plan: Json =
        serde_json::from_str(&shown).unwrap_or_else(|it| panic!("{}: {it}", tree.name));
    let mut out = Planned::new();
    for change in plan["resource_changes"].as_array().into_iter().flatten() {
        let address = change["address"].as_str().unwrap();
        let (after, unknown) = (&change["change"]["after"], &change["change"]["after_unknown"]);
        if change["mode"] != "managed" {
            continue;
        }
        if change["type"] != "terraform_data" {
            flatten(&format!("{address}{OF_PROVIDER}"), after, unknown, &mut out);
            continue;
        }
        for name in ["id", "input", "output", "triggers_replace"] {
            flatten(&format!("{address}.{name}"), &after[name], &unknown[name], &mut out);
        }
    }
    for (name, change) in plan["output_changes"].as_object().into_iter().flatten() {
        flatten(&format!("output.{name}"), &change["after"], &change["after_unknown"], &mut out);
    }
    Ok(out)
}

fn flatten(address: &str, value: &Json, unknown: &Json, out: &mut Planned) {
    if *unknown == Json::Bool(true) {
        out.insert(address.to_owned(), Leaf::Unknown);
        return;
    }
    match value {
        Json::Array(it) => {
            let parts = unknown.as_array();
            let length = it.len().max(parts.map_or(0, Vec::len));
            out.insert(address.to_owned(), Leaf::Known(format!("[{length}]")));
            for at in 0..length {
                let part = parts.and_then(|all| all.get(at)).unwrap_or(&Json::Null);
                let value = it.get(at).unwrap_or(&Json::Null);
                flatten(&format!("{address}[{at}]"), value, part, out);
            }
        }
        Json::Object(it) => {
            let parts = unknown.as_object();
            let mut names: Vec<&String> = it.keys().collect();
            names.extend(parts.into_iter().flat_map(|it| it.keys()));
            names.sort();
            names.dedup();
            out.insert(address.to_owned(), Leaf::Known(format!("{{{}}}", names.len())));
            for name in names {
                let part = parts.and_then(|all| all.get(name)).unwrap_or(&Json::Null);
                flatten(
                    &format!("{address}.{name}"),
                    &it.get(name).cloned().unwrap_or_default(),
                    part,
                    out,
                );
            }
        }
        leaf => drop(out.insert(address.to_owned(), Leaf::Known(leaf.to_string()))),
    }
}

/// What ours plans, or the summaries of what it refuses.
pub(crate) fn ours(tree: &Tree) -> Result<Planned, Vec<String>> {
    let sources = tree
        .files
        .iter()
        .filter(|(path, _)| is_configuration(path) || path.ends_with("/modules.json"))
        .map(|(path, text)| Source::new(path.as_str(), text.as_bytes().to_vec()));
    let workspace = Ours::new(sources);
    if !workspace.faults().is_empty() {
        return Err(workspace.faults().iter().map(|it| it.message.clone()).collect());
    }
    let root = workspace.module("").unwrap_or_else(|| panic!("{} has no root", tree.name));
    let arguments = tree.arguments.iter().map(|(kind, value)| match &**kind {
        "var-file" => Argument::File(value.clone()),
        _ => {
            let (name, text) = value.split_once('=').unwrap();
            Argument::Variable { name: name.to_owned(), text: text.to_owned() }
        }
    });
    let environment = tree.environment.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix("TF_VAR_")?.to_owned(), value.clone()))
    });
    let mut inputs = Inputs {
        arguments: arguments.collect(),
        environment: environment.collect(),
        ..Inputs::default()
    };
    if let Some(name) = &tree.workspace {
        inputs.workspace = name.as_str().into();
    }
    let files = Given(tree);
    let evaluation = Evaluation::new(&workspace, root, &inputs, &files, &NoDataSources);
    let refusals = evaluation.check();
    if !refusals.is_empty() {
        return Err(refusals.into_iter().map(|it| it.summary.into_owned()).collect());
    }
    let mut out = Planned::new();
    for resource in evaluation.all(Mode::Managed) {
        if resource.ty == "trial_block" {
            let address = format!("{}{OF_PROVIDER}", resource.address);
            written(&address, &evaluation.view(&resource), TRIAL_BLOCK, &mut out);
            continue;
        }
        let value = evaluation.value_of(&resource);
        for name in ["id", "input", "output", "triggers_replace"] {
            if let Some(part) = value.get(name) {
                flatten_ours(&format!("{}.{name}", resource.address), part, &mut out);
            }
        }
    }
    for (name, value) in evaluation.outputs() {
        flatten_ours(&format!("output.{name}"), &value, &mut out);
    }
    Ok(out)
}

/// What stands behind an address of a resource of which only the provider knows all: ours has no more
/// than what is written.
pub(crate) const OF_PROVIDER: &str = "|";

/// Attributes and nested blocks of a kind of block.
struct Declared {
    attributes: &'static [&'static str],
    /// The blocks of which there is one at most, and those in order.
    one: &'static [(&'static str, Self)],
    several: &'static [(&'static str, Self)],
}

/// As `tests/providers/trial/blocks.rs` declares it.
const TRIAL_BLOCK: &Declared = &Declared {
    attributes: &["name", "note"],
    one: &[("limit", Declared { attributes: &["most", "unit"], one: &[], several: &[] })],
    several: &[("rule", RULE)],
};

const RULE: Declared = Declared {
    attributes: &["key", "form", "count"],
    one: &[],
    several: &[("step", Declared { attributes: &["run"], one: &[], several: &[] })],
};

/// What is written of a resource, by the addresses of the plan.
fn written(address: &str, view: &View<'_, '_>, declared: &Declared, out: &mut Planned) {
    for name in declared.attributes {
        if let Some(found) = view.attribute(name) {
            flatten_ours(&format!("{address}.{name}"), &found.value, out);
        }
    }
    for (kind, inner) in declared.one {
        if let [one] = view.blocks(kind).as_slice() {
            written(&format!("{address}.{kind}"), one, inner, out);
        }
    }
    for (kind, inner) in declared.several {
        let all = view.blocks(kind);
        out.insert(format!("{address}.{kind}"), Leaf::Known(format!("[{}]", all.len())));
        for (at, it) in all.iter().enumerate() {
            written(&format!("{address}.{kind}[{at}]"), it, inner, out);
        }
    }
}

fn flatten_ours(address: &str, value: &Value, out: &mut Planned) {
    let known = |text: String| Leaf::Known(text);
    let leaf = match value.kind() {
        Kind::Unknown(_) => Leaf::Unknown,
        Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
            for (at, it) in it.iter().enumerate() {
                flatten_ours(&format!("{address}[{at}]"), it, out);
            }
            known(format!("[{}]", it.len()))
        }
        Kind::Map(_, it) | Kind::Object(it) => {
            for (name, it) in it.iter() {
                flatten_ours(&format!("{address}.{name}"), it, out);
            }
            known(format!("{{{}}}", it.len()))
        }
        _ => {
            let plain = json::encode_plain(&value.clone().unmark_deep().0).unwrap();
            let text: Json = serde_json::from_str(&plain).unwrap();
            // A plan knows no negative zero.
            known(if plain == "-0" { "0".to_owned() } else { text.to_string() })
        }
    };
    out.insert(address.to_owned(), leaf);
}

/// The tree's own files.
struct Given<'t>(&'t Tree);

impl Files for Given<'_> {
    fn read(&self, path: &str) -> Result<std::sync::Arc<[u8]>, Unread> {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.0.files.get(path).map(|it| it.as_bytes().into()).ok_or(Unread::Missing)
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Unread> {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let of = |it: &String| match folder {
            "" | "." => Some(it.clone()),
            _ => it.strip_prefix(&format!("{folder}/")).map(str::to_owned),
        };
        Ok(self.0.files.keys().filter_map(of).collect())
    }

    fn absolute(&self, path: &str) -> String {
        let folder = path.trim_start_matches("./").trim_start_matches('.');
        format!("/cwd/{folder}").trim_end_matches('/').to_owned()
    }

    fn home(&self) -> Option<String> {
        None
    }
}
