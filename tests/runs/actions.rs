//! What the interpreter does in place of actions. One that is not listed fails the test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use super::job::Leg;
use super::oci::Layout;

type Inputs = BTreeMap<String, String>;
type Outputs = BTreeMap<String, String>;

/// An action: its name, the inputs that are understood, and what it does.
struct Action {
    name: &'static str,
    inputs: &'static [&'static str],
    run: fn(&Inputs, &mut Leg<'_>) -> Result<Outputs, String>,
}

/// An action that gets a program, which the test has put on the PATH where a script wants it, or that
/// only makes a run faster.
const fn without_effect(name: &'static str, inputs: &'static [&'static str]) -> Action {
    Action { name, inputs, run: |_, _| Ok(Outputs::new()) }
}

const ACTIONS: &[Action] = &[
    Action {
        name: "actions/checkout",
        inputs: &["fetch-depth", "persist-credentials", "ref", "path"],
        run: checkout,
    },
    Action {
        name: "actions/upload-artifact",
        inputs: &["name", "path", "if-no-files-found", "retention-days", "compression-level"],
        run: upload,
    },
    Action { name: "actions/download-artifact", inputs: &["name", "path"], run: download },
    Action {
        name: "anchore/sbom-action/download-syft",
        inputs: &[],
        run: |_, leg| tool("syft", leg),
    },
    Action {
        name: "anchore/scan-action/download-grype",
        inputs: &[],
        run: |_, leg| tool("grype", leg),
    },
    Action {
        name: "docker/build-push-action",
        inputs: &[
            "context",
            "file",
            "build-args",
            "platforms",
            "outputs",
            "provenance",
            "cache-from",
            "cache-to",
        ],
        run: build,
    },
    Action {
        name: "aws-actions/configure-aws-credentials",
        inputs: &["role-to-assume", "aws-region", "role-session-name", "mask-aws-account-id"],
        run: log_in_to_aws,
    },
    Action {
        name: "docker/login-action",
        inputs: &["registry", "username", "password", "logout"],
        run: log_in_to_registry,
    },
    without_effect("actions/cache", &["path", "key", "restore-keys", "lookup-only"]),
    without_effect("actions/setup-go", &["go-version", "cache"]),
    without_effect("actions/setup-node", &["node-version", "cache"]),
    without_effect("actions/setup-python", &["python-version", "cache"]),
    without_effect("docker/setup-buildx-action", &["version", "driver"]),
    without_effect("docker/setup-qemu-action", &["platforms"]),
    without_effect("sigstore/cosign-installer", &["cosign-release"]),
];

/// Does what an action does, and returns its outputs or why it failed. It must be pinned by a commit.
pub(crate) fn run(uses: &str, inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    let (name, commit) = uses.split_once('@').unwrap_or((uses, ""));
    let is_commit = commit.len() == 40 && commit.chars().all(|it| it.is_ascii_hexdigit());
    assert!(is_commit, "{uses} is not pinned");
    let action = ACTIONS.iter().find(|it| it.name == name);
    let action = action.unwrap_or_else(|| panic!("nothing emulates {name}, with {inputs:?}"));
    let unknown: Vec<_> =
        inputs.keys().filter(|it| !action.inputs.contains(&it.as_str())).collect();
    assert!(unknown.is_empty(), "nothing emulates {unknown:?} of {name}");
    leg.say(&format!("uses {name}"));
    (action.run)(inputs, leg)
}

/// The repository's commit, as for a private one: without a permission to read there is nothing.
fn checkout(inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    if !leg.may("contents", "read") {
        return Err("the token may not read the repository".to_owned());
    }
    let folder = leg.workspace().join(input(inputs, "path"));
    let _ = fs::remove_dir_all(&folder);
    let origin = format!("file://{}", leg.shared.repository.origin().display());
    let mut git = Command::new("git");
    git.args(["clone", "-q"]);
    let (depth, wanted) = (input(inputs, "fetch-depth"), input(inputs, "ref"));
    if depth != "0" && wanted.is_empty() {
        git.args(["--depth", if depth.is_empty() { "1" } else { depth }]);
    }
    tell(git.arg(origin).arg(&folder))?;
    let commit = if wanted.is_empty() { leg.shared.repository.commit() } else { wanted };
    tell(Command::new("git").args(["checkout", "-q", "--detach", commit]).current_dir(&folder))?;
    Ok(Outputs::new())
}

/// Keeps files under a name, which no other artifact of the run may have. Hidden ones are left out.
fn upload(inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    let name = named(inputs);
    let kept = leg.shared.folder.join("artifacts").join(name);
    if kept.exists() {
        return Err(format!("an artifact with the name {name} exists already"));
    }
    let lines = input(inputs, "path").lines().map(str::trim).filter(|it| !it.is_empty());
    let paths: Vec<PathBuf> = lines
        .map(|it| {
            assert!(!it.contains(['*', '?', '!', '[']), "a pattern is not emulated: {it}");
            leg.workspace().join(it)
        })
        .collect();
    let mut files = Vec::new();
    paths.iter().for_each(|it| walk(it, &mut files));
    if files.is_empty() {
        let message = format!("no files were found with the path: {}", input(inputs, "path"));
        return match input(inputs, "if-no-files-found") {
            "error" => Err(message),
            _ => {
                leg.say(&format!("::warning::{message}"));
                Ok(Outputs::new())
            }
        };
    }
    // One folder, or the one of the only file, is the root; of several paths, what they share.
    let mut root = paths[0].clone();
    if paths.len() > 1 || root.is_file() {
        root.pop();
    }
    while !paths.iter().all(|it| it.starts_with(&root)) {
        root.pop();
    }
    copy(&files, &root, &kept);
    Ok(Outputs::new())
}

fn download(inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    let kept = leg.shared.folder.join("artifacts").join(named(inputs));
    if !kept.exists() {
        return Err(format!("there is no artifact {}", named(inputs)));
    }
    let mut files = Vec::new();
    walk(&kept, &mut files);
    copy(&files, &kept, &leg.workspace().join(input(inputs, "path")));
    Ok(Outputs::new())
}

/// Tells where a program is, which the real action downloads. It is not on the PATH.
fn tool(name: &str, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    let file = leg.shared.repository.tools().join(name);
    assert!(file.is_file(), "the test has no {name}");
    Ok([("cmd".to_owned(), file.display().to_string())].into())
}

/// An archive with one image for each platform, of which each has the files of the context.
fn build(inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    let context = leg.workspace().join(input(inputs, "context"));
    let file = match input(inputs, "file") {
        "" => context.join("Dockerfile"),
        file => leg.workspace().join(file),
    };
    if !file.is_file() {
        return Err(format!("failed to read {}", file.display()));
    }
    let archive = input(inputs, "outputs").strip_prefix("type=oci,dest=");
    let archive = archive.unwrap_or_else(|| panic!("no archive is built: {inputs:?}"));
    let mut layout = Layout::new();
    for platform in input(inputs, "platforms").split(',') {
        layout = layout.with_files(platform.strip_prefix("linux/").unwrap(), &context);
    }
    if input(inputs, "platforms").contains(',') || input(inputs, "provenance") != "false" {
        layout = layout.into_one();
    }
    layout.pack(&leg.workspace().join(archive));
    leg.say(&format!("built with {}", input(inputs, "build-args")));
    Ok(Outputs::new())
}

/// Credentials for what comes after, where the job may ask for a token of its own.
fn log_in_to_aws(inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    if !leg.may("id-token", "write") {
        return Err("the job has no permission for id-token".to_owned());
    }
    let (role, region) = (input(inputs, "role-to-assume"), input(inputs, "aws-region"));
    if role.is_empty() || region.is_empty() {
        return Err("the role or the region is missing".to_owned());
    }
    leg.say(&format!("the role is {role}"));
    let key = ["ASIA", "0123456789ABCDEF"].concat();
    for (name, value) in [
        ("AWS_REGION", region.to_owned()),
        ("AWS_DEFAULT_REGION", region.to_owned()),
        ("AWS_ACCESS_KEY_ID", key),
        ("AWS_SECRET_ACCESS_KEY", "dummy/".repeat(6)),
        ("AWS_SESSION_TOKEN", "dummy".repeat(8)),
    ] {
        if name.contains("KEY") || name.contains("TOKEN") {
            leg.masked.insert(value.clone());
        }
        leg.exported.insert(name.to_owned(), value);
    }
    let account = role.split(':').nth(4).unwrap_or_default().to_owned();
    if input(inputs, "mask-aws-account-id") == "true" {
        leg.masked.insert(account.clone());
    }
    Ok([("aws-account-id".to_owned(), account)].into())
}

/// Writes what clients of registries read.
fn log_in_to_registry(inputs: &Inputs, leg: &mut Leg<'_>) -> Result<Outputs, String> {
    let [registry, user, password] =
        ["registry", "username", "password"].map(|it| input(inputs, it));
    if user.is_empty() || password.is_empty() {
        return Err("Username and password required".to_owned());
    }
    let file = leg.home().join(".docker/config.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let old = fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
    let mut config: Value = serde_json::from_str(&old).unwrap();
    let auth = BASE64_STANDARD.encode(format!("{user}:{password}"));
    config["auths"][registry] = json!({"auth": auth});
    fs::write(file, config.to_string()).unwrap();
    leg.say(&format!("logged in to {registry} as {user}"));
    Ok(Outputs::new())
}

fn input<'a>(inputs: &'a Inputs, name: &str) -> &'a str {
    inputs.get(name).map(String::as_str).unwrap_or_default()
}

/// The name of an artifact.
fn named(inputs: &Inputs) -> &str {
    match input(inputs, "name") {
        "" => "artifact",
        name => name,
    }
}

fn tell(command: &mut Command) -> Result<(), String> {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

/// The files at a path, without hidden ones below it.
fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with('.') {
            walk(&entry.path(), files);
        }
    }
}

fn copy(files: &[PathBuf], from: &Path, to: &Path) {
    for file in files {
        let copied = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(copied.parent().unwrap()).unwrap();
        fs::copy(file, copied).unwrap();
    }
}
