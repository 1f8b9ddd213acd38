//! Programs of the workspace, built by cargo when a test first asks for them.

use std::collections::HashMap;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::repository;

/// The executable `name` of a package of the workspace, built as the running test was built: same
/// target folder, same profile. Once per process; cargo itself keeps several processes apart.
#[track_caller]
pub fn program(package: &str, name: &str) -> PathBuf {
    static BUILT: Mutex<Option<HashMap<String, PathBuf>>> = Mutex::new(None);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let built = built.get_or_insert_default();
    let path = built.entry(format!("{package} {name}")).or_insert_with(|| build(package, name));
    path.clone()
}

fn build(package: &str, name: &str) -> PathBuf {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(repository()).args([
        "build",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ]);
    // The whole workspace with its examples, as `cargo test --workspace` builds it: another selection
    // would choose other features of the dependencies and compile them anew.
    command.args(["--workspace", "--bins", "--examples"]).args(as_this_test());
    // Cargo tells a test what its package is, and build scripts of dependencies look at that: with it
    // they, and all that is above them, would be built anew, and by the next cargo once more.
    for (name, _) in env::vars_os() {
        let said = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|it| said.starts_with(it)) {
            command.env_remove(&name);
        }
    }
    let done = match command.stderr(Stdio::inherit()).output() {
        Ok(done) => done,
        Err(error) => panic!("cargo does not start: {error}"),
    };
    let printed = String::from_utf8_lossy(&done.stdout);
    let artifacts = printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut executables = artifacts.filter_map(|artifact| {
        let named = artifact["target"]["name"] == name && of_package(&artifact, package);
        artifact["executable"].as_str().filter(|_| named).map(PathBuf::from)
    });
    match executables.next_back() {
        Some(path) if done.status.success() => path,
        _ => panic!("cargo build of {name} of {package} failed"),
    }
}

/// Whether cargo made an artifact of that package, whose id is `path+file:///…/FOLDER#NAME@VERSION`,
/// without the name where the folder is called so.
fn of_package(artifact: &Value, package: &str) -> bool {
    let id = artifact["package_id"].as_str().unwrap_or_default();
    let (folder, rest) = id.rsplit_once('#').unwrap_or((id, ""));
    match rest.split_once('@') {
        Some((name, _)) => name == package,
        None => folder.ends_with(&format!("/{package}")),
    }
}

/// The options of cargo that lead to the target folder, triple and profile of the running program,
/// whose path is `TARGET[/TRIPLE]/PROFILE/NAME`, or that of a test, which is in `deps` there.
fn as_this_test() -> Vec<String> {
    let test = env::current_exe().unwrap_or_default();
    let mut folders = test.ancestors().skip(1).skip_while(|it| it.ends_with("deps"));
    let Some(profile) = folders.next() else { return Vec::new() };
    let named = |path: &std::path::Path| {
        path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    };
    let profile_name = match named(profile).as_str() {
        "debug" => "dev".to_owned(),
        other => other.to_owned(),
    };
    let mut options = vec!["--profile".to_owned(), profile_name];
    let Some(parent) = folders.next() else { return options };
    // A folder in between is named after a triple, such as `x86_64-unknown-linux-gnu`.
    let is_triple = named(parent).matches('-').count() >= 2;
    let target = match folders.next() {
        Some(above) if is_triple => {
            options.extend(["--target".to_owned(), named(parent)]);
            above
        }
        _ => parent,
    };
    options.extend(["--target-dir".to_owned(), target.display().to_string()]);
    options
}
