//! Module trees: what our evaluator plans beside what a real Terraform plans.
//!
//! A tree is a file of `tests/oracle/trees`: its first lines say in comments what it is about, then
//! come its files, each behind a line `-- path --`. A tree that Terraform refuses says so in a line
//! `# refused: the summary of the diagnostic`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "its helpers fail the tests that call them")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use stanchion_cty::{Kind, Value, json};
use stanchion_lang::{
    Argument, Evaluation, Files, Inputs, Mode, NoDataSources, Source, Unread, Workspace as Ours,
};
use stanchion_tests::{Terraform, Workspace, repository};

/// A tree, read.
struct Tree {
    name: String,
    refused: Option<String>,
    files: BTreeMap<String, String>,
    arguments: Vec<(String, String)>,
    workspace: Option<String>,
}

#[test]
fn trees_plan_what_terraform_plans() {
    let trees = trees();
    let mut compared = 0;
    let mut differing = Vec::new();
    let mut table = Vec::new();
    let only = std::env::var("ORACLE_ONLY").unwrap_or_default();
    for tree in trees.iter().filter(|it| it.name.contains(&only)) {
        let before = compared;
        let terraform = Terraform::newest();
        let theirs = theirs(&terraform, tree);
        let ours = ours(tree);
        match (&tree.refused, &theirs, &ours) {
            (Some(cause), Err(theirs), Err(ours)) => {
                let says = |all: &[String]| all.iter().any(|it| it.starts_with(cause.as_str()));
                let both = says(theirs) && says(ours);
                compared += 1;
                if !both {
                    differing.push(format!("{}: {theirs:?} but ours {ours:?}", tree.name));
                }
            }
            (None, Ok(theirs), Ok(ours)) => {
                compared += compare(&tree.name, theirs, ours, &mut differing);
            }
            (_, theirs, ours) => {
                let short = |it: &Result<Planned, Vec<String>>| match it {
                    Ok(_) => "planned".to_owned(),
                    Err(why) => format!("refused: {why:?}"),
                };
                differing.push(format!(
                    "{}: theirs {}, ours {}, expected {:?}",
                    tree.name,
                    short(theirs),
                    short(ours),
                    tree.refused
                ));
            }
        }
        table.push(format!("{:40} {}", tree.name, compared - before));
    }
    println!("{}\n{} trees, {compared} values", table.join("\n"), trees.len());
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
    if only.is_empty() {
        assert!(trees.len() >= 60, "{} trees", trees.len());
        assert!(compared >= 3_000, "{compared} values");
    }
}

/// Values by their addresses: `output.x`, `module.a.terraform_data.b.input`.
type Planned = BTreeMap<String, Leaf>;

#[derive(Clone, Debug, PartialEq)]
enum Leaf {
    Unknown,
    Known(String),
}

fn compare(tree: &str, theirs: &Planned, ours: &Planned, differing: &mut Vec<String>) -> usize {
    for (address, leaf) in theirs {
        match ours.get(address) {
            Some(it) if it == leaf => {}
            it => differing.push(format!("{tree}: {address} is {leaf:?}, ours {it:?}")),
        }
    }
    for address in ours.keys().filter(|it| !theirs.contains_key(*it)) {
        differing.push(format!("{tree}: {address} is in ours alone: {:?}", ours[address]));
    }
    theirs.len()
}

fn trees() -> Vec<Tree> {
    let folder = repository().join("tests/oracle/trees");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|it| tree(it)).collect()
}

fn tree(path: &Path) -> Tree {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut files = BTreeMap::<String, String>::new();
    let (mut refused, mut workspace, mut arguments) = (None, None, Vec::new());
    let mut file = None;
    for line in text.split_inclusive('\n') {
        let marked = line.trim_end().strip_prefix("-- ").and_then(|it| it.strip_suffix(" --"));
        if let Some(path) = marked {
            files.insert(path.to_owned(), String::new());
            file = Some(path.to_owned());
        } else if let Some(file) = &file {
            files.get_mut(file).unwrap().push_str(line);
        } else if let Some(cause) = line.strip_prefix("# refused: ") {
            refused = Some(cause.trim().to_owned());
        } else if let Some(name) = line.strip_prefix("# workspace: ") {
            workspace = Some(name.trim().to_owned());
        } else if let Some(argument) = line.strip_prefix("# argument: ") {
            let (kind, value) = argument.trim().split_once('=').unwrap();
            arguments.push((kind.to_owned(), value.to_owned()));
        }
    }
    assert!(!files.is_empty(), "{name} has no files");
    Tree { name, refused, files, arguments, workspace }
}

/// What a real Terraform plans, or the summaries of what it refuses.
fn theirs(terraform: &Terraform, tree: &Tree) -> Result<Planned, Vec<String>> {
    let mut workspace = Workspace::new(terraform);
    if let Some(name) = &tree.workspace {
        workspace = workspace.with_env("TF_WORKSPACE", name);
    }
    for (path, text) in &tree.files {
        if let Some(parent) = Path::new(path).parent() {
            fs::create_dir_all(workspace.path().join(parent)).unwrap();
        }
        workspace.write(path, text);
    }
    // What init would write: it refuses some of the trees by itself.
    let calls = calls(tree, "", "");
    if !calls.is_empty() {
        let manifest = serde_json::json!({ "Modules": calls });
        workspace.write("../data/modules/modules.json", manifest.to_string());
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
    let plan: Json =
        serde_json::from_str(&shown).unwrap_or_else(|it| panic!("{}: {it}", tree.name));
    let mut out = Planned::new();
    for change in plan["resource_changes"].as_array().into_iter().flatten() {
        let address = change["address"].as_str().unwrap();
        for name in ["id", "input", "output", "triggers_replace"] {
            let (after, unknown) = (&change["change"]["after"], &change["change"]["after_unknown"]);
            flatten(&format!("{address}.{name}"), &after[name], &unknown[name], &mut out);
        }
    }
    for (name, change) in plan["output_changes"].as_object().into_iter().flatten() {
        flatten(&format!("output.{name}"), &change["after"], &change["after_unknown"], &mut out);
    }
    Ok(out)
}

/// The module calls below a folder as Terraform lists them.
fn calls(tree: &Tree, folder: &str, key: &str) -> Vec<Json> {
    let mut out = vec![
        serde_json::json!({ "Key": key, "Source": "", "Dir": if folder.is_empty() { "." } else { folder } }),
    ];
    if key.matches('.').count() > 3 {
        return out;
    }
    for (path, text) in &tree.files {
        let (of, file) = path.rsplit_once('/').unwrap_or(("", path));
        if of != folder || !file.ends_with(".tf") {
            continue;
        }
        for call in text.split("module \"").skip(1) {
            let Some((name, rest)) = call.split_once('"') else { continue };
            let source = rest.split("source").nth(1).and_then(|it| it.split('"').nth(1));
            let Some(source) = source.filter(|it| it.starts_with('.')) else { continue };
            let key = if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
            let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
            for part in source.split('/') {
                match part {
                    "." | "" => {}
                    ".." => drop(parts.pop()),
                    part => parts.push(part),
                }
            }
            let inner = calls(tree, &parts.join("/"), &key);
            for (at, mut it) in inner.into_iter().enumerate() {
                if at == 0 {
                    it["Source"] = source.into();
                }
                out.push(it);
            }
        }
    }
    if out.len() == 1 && key.is_empty() { Vec::new() } else { out }
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
fn ours(tree: &Tree) -> Result<Planned, Vec<String>> {
    let sources = tree
        .files
        .iter()
        .filter(|(path, _)| is_configuration(path))
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
    let mut inputs = Inputs { arguments: arguments.collect(), ..Inputs::default() };
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
        let value = evaluation.value_of(&resource);
        for name in ["id", "input", "output", "triggers_replace"] {
            let part = value.get(name).unwrap();
            flatten_ours(&format!("{}.{name}", resource.address), part, &mut out);
        }
    }
    for (name, value) in evaluation.outputs() {
        flatten_ours(&format!("output.{name}"), &value, &mut out);
    }
    Ok(out)
}

fn is_configuration(path: &str) -> bool {
    [".tf", ".tofu", ".tf.json", ".tfvars", ".tfvars.json"].iter().any(|it| path.ends_with(it))
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
        format!("/{path}")
    }

    fn home(&self) -> Option<String> {
        None
    }
}
