//! A module tree: a file of `tests/oracle/trees`, read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use stanchion_tests::repository;

/// A tree. Its first lines say in comments what it is about, then come its files, each behind a line
/// `-- path --`.
pub(crate) struct Tree {
    /// The name of its file.
    pub(crate) name: String,
    /// `# refused: …`: how the summary of the diagnostic begins with which it is refused.
    pub(crate) refused: Option<String>,
    /// `# ours: …`: how ours begins to say so, where it has words of its own for it.
    pub(crate) ours: Option<String>,
    /// Texts by their paths.
    pub(crate) files: BTreeMap<String, String>,
    /// `# argument: var=a=1` or `# argument: var-file=a.tfvars`.
    pub(crate) arguments: Vec<(String, String)>,
    /// `# environment: TF_VAR_a=1`.
    pub(crate) environment: Vec<(String, String)>,
    /// `# workspace: NAME`.
    pub(crate) workspace: Option<String>,
    /// `# program: tofu`: it is written for OpenTofu, and no Terraform is asked.
    pub(crate) is_tofu: bool,
    /// `# provider: trial`: it uses the tests' own provider.
    pub(crate) has_trial: bool,
}

/// All trees, by their names.
pub(crate) fn trees() -> Vec<Tree> {
    let folder = repository().join("tests/oracle/trees");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|it| tree(it)).collect()
}

fn tree(path: &Path) -> Tree {
    let text = fs::read_to_string(path).unwrap();
    let mut tree = Tree {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        refused: None,
        ours: None,
        files: BTreeMap::new(),
        arguments: Vec::new(),
        environment: Vec::new(),
        workspace: None,
        is_tofu: false,
        has_trial: false,
    };
    let mut file = None;
    for line in text.split_inclusive('\n') {
        let marked = line.trim_end().strip_prefix("-- ").and_then(|it| it.strip_suffix(" --"));
        if let Some(path) = marked {
            tree.files.insert(path.to_owned(), String::new());
            file = Some(path.to_owned());
        } else if let Some(file) = &file {
            tree.files.get_mut(file).unwrap().push_str(line);
        } else if let Some((word, value)) = line.trim_start_matches("# ").split_once(": ") {
            let value = value.trim();
            let pair = || {
                let (name, value) = value.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            };
            match word {
                "refused" => tree.refused = Some(value.to_owned()),
                "ours" => tree.ours = Some(value.to_owned()),
                "provider" => tree.has_trial = value == "trial",
                "workspace" => tree.workspace = Some(value.to_owned()),
                "argument" => tree.arguments.push(pair()),
                "environment" => tree.environment.push(pair()),
                "program" => tree.is_tofu = value == "tofu",
                _ => {}
            }
        }
    }
    assert!(!tree.files.is_empty(), "{} has no files", tree.name);
    tree
}

/// What `init` would write to list the modules: it refuses some of the trees by itself. `None` where
/// nothing is called.
pub(crate) fn manifest(tree: &Tree) -> Option<String> {
    if let Some(it) = tree.files.get(MANIFEST) {
        return Some(it.clone());
    }
    let calls = calls(tree, "", "");
    (!calls.is_empty()).then(|| serde_json::json!({ "Modules": calls }).to_string())
}

const MANIFEST: &str = ".terraform/modules/modules.json";

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
