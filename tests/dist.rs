//! A release's files: what the registries want of them, what .goreleaser.yml says of them, and what
//! real Terraform makes of them.
#![expect(clippy::panic, clippy::unwrap_used, reason = "its helpers fail the tests that call them")]

use std::collections::{BTreeMap, BTreeSet};
use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::{self, Dialect};
use stanchion_tests::{Terraform, Workspace, program, repository};
use tempfile::TempDir;

const PROVIDER: &str = "terraform-provider-stanchion";
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn the_files_are_those_that_goreleaser_would_make_and_no_others() {
    let dist = Dist::of_texts();
    let made = names(&dist.path());
    let goreleaser = goreleaser();
    let mut expected = BTreeMap::new();
    for archive in goreleaser.get("archives").unwrap().items() {
        let [format] = archive.get("formats").unwrap().items() else { panic!("{archive:?}") };
        let name = format!("{}.{}", expanded(archive), format.as_str().unwrap());
        let mut inside: BTreeSet<_> = texts(archive.get("files").unwrap()).into_iter().collect();
        let [build] = &texts(archive.get("ids").unwrap())[..] else { panic!("{archive:?}") };
        inside.insert(text(build_of(&goreleaser, build), "binary"));
        expected.insert(name, Some(inside));
    }
    let checksum = goreleaser.get("checksum").unwrap();
    expected.insert(expanded(checksum), None);
    for part in [checksum, goreleaser.get("release").unwrap()] {
        let [manifest] = part.get("extra_files").unwrap().items() else { panic!("{part:?}") };
        assert_eq!(text(manifest, "glob"), "terraform-registry-manifest.json");
        expected.insert(expanded(manifest), None);
    }
    assert_eq!(made, expected.keys().cloned().collect::<Vec<_>>());
    for (name, inside) in expected {
        let Some(inside) = inside else { continue };
        let listed = dist.unpacked(&name);
        let listed: BTreeSet<_> = names(listed.path()).into_iter().collect();
        assert_eq!(listed, inside, "{name}");
    }
}

#[test]
fn goreleaser_builds_the_programs_of_our_packages_for_platforms_of_one_name_each() {
    let goreleaser = goreleaser();
    let builds = goreleaser.get("builds").unwrap().items();
    for (build, package) in builds.iter().zip([PROVIDER, "stanchion"]) {
        assert_eq!(text(build, "builder"), "rust");
        // The builder copies what cargo calls so: with a version in its name it would find nothing.
        assert_eq!(text(build, "binary"), package);
        let flags = texts(build.get("flags").unwrap());
        assert_eq!(flags, ["--release", "--locked", &format!("-p={package}")]);
        let targets = texts(build.get("targets").unwrap());
        let platforms: BTreeSet<_> = targets.iter().map(|it| platform_of(it)).collect();
        assert_eq!(platforms.len(), targets.len(), "{targets:?}");
        assert!(platforms.contains("linux_amd64"), "{platforms:?}");
    }
    assert_eq!(builds.len(), 2);
    let [sign] = goreleaser.get("signs").unwrap().items() else { panic!("one signature") };
    assert_eq!(text(sign, "artifacts"), "checksum");
    let arguments = texts(sign.get("args").unwrap());
    assert!(arguments.contains(&"--detach-sign".to_owned()), "{arguments:?}");
    // The registries read no armor.
    assert!(!arguments.contains(&"--armor".to_owned()), "{arguments:?}");
}

#[test]
fn the_sums_are_of_all_the_files_and_a_linter_is_no_provider_to_a_registry() {
    let dist = Dist::of_texts();
    let sums = format!("{PROVIDER}_{VERSION}_SHA256SUMS");
    let mut check = Command::new("sha256sum");
    check.args(["--check", "--strict", &sums]).current_dir(dist.path());
    let checked = output(check);
    let others = names(&dist.path()).into_iter().filter(|it| *it != sums);
    assert_eq!(checked, others.clone().map(|it| format!("{it}: OK\n")).collect::<String>());
    let zips: Vec<_> = others.filter(|it| it.starts_with("terraform-provider-")).collect();
    let manifest = format!("{PROVIDER}_{VERSION}_manifest.json");
    assert_eq!(zips, [format!("{PROVIDER}_{VERSION}_{}.zip", platform()), manifest]);
}

#[test]
fn the_manifest_names_the_protocol_that_the_provider_speaks() {
    let dist = Dist::of_texts();
    let manifest = dist.path().join(format!("{PROVIDER}_{VERSION}_manifest.json"));
    let manifest: Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
    assert_eq!(manifest, json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}}));
    let mut started = Command::new(program(PROVIDER, PROVIDER));
    let cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    started.env("TF_PLUGIN_MAGIC_COOKIE", cookie).env("PLUGIN_PROTOCOL_VERSIONS", "5");
    let said = String::from_utf8(started.output().unwrap().stdout).unwrap();
    assert!(said.contains("speaks plugin protocol 6,"), "{said}");
}

#[test]
fn the_same_programs_give_the_same_bytes() {
    let [one, other] = [Dist::of_texts(), Dist::of_texts()];
    assert_eq!(names(&one.path()), names(&other.path()));
    for name in names(&one.path()) {
        let [one, other] = [&one, &other].map(|it| fs::read(it.path().join(&name)).unwrap());
        assert!(one == other, "{name}");
    }
}

#[test]
fn terraform_installs_the_very_files_and_locks_what_is_in_them() {
    let programs = tempfile::tempdir().unwrap();
    for (package, name) in [(PROVIDER, PROVIDER), ("stanchion", "stanchion")] {
        let built = program(package, name);
        fs::hard_link(&built, programs.path().join(name))
            .or_else(|_| fs::copy(&built, programs.path().join(name)).map(drop))
            .unwrap();
    }
    let dist = Dist::of(&programs);
    let zip = format!("{PROVIDER}_{VERSION}_{}.zip", platform());
    let hash = hash_of(dist.unpacked(&zip).path());
    let examples = ["provider/provider.tf", "resources/stanchion_pipeline/resource.tf"];
    let examples =
        examples.map(|it| fs::read_to_string(repository().join("examples").join(it)).unwrap());
    for terraform in Terraform::edges() {
        let mirror = dist.0.path().join(terraform.registry()).join("stanchion/stanchion");
        fs::create_dir_all(&mirror).unwrap();
        fs::copy(dist.path().join(&zip), mirror.join(&zip)).unwrap();
        let settings = dist.0.path().join("terraform.rc");
        let mirror = dist.0.path();
        let text = format!("provider_installation {{ filesystem_mirror {{ path = {mirror:?} }} }}");
        fs::write(&settings, text).unwrap();
        let workspace = Workspace::new(&terraform).with_env("TF_CLI_CONFIG_FILE", &settings);
        workspace.write("main.tf", examples.join("\n"));
        let said = workspace.init();
        assert!(said.stdout.contains(&format!("stanchion/stanchion v{VERSION}")), "{said}");
        let lock = workspace.read(".terraform.lock.hcl");
        assert!(lock.contains(&format!("\"h1:{hash}\"")), "h1:{hash} in {lock}");
        let plan = workspace.plan();
        assert_eq!(plan.action("stanchion_pipeline.service"), "create");
    }
    let unpacked = dist.unpacked(&format!("stanchion_{VERSION}_{}.tar.gz", platform()));
    let mut linter = Command::new(unpacked.path().join("stanchion"));
    linter.arg("--version");
    let said = output(linter);
    assert!(said.starts_with(&format!("stanchion {VERSION} (")), "{said}");
}

/// A folder with a release in `dist`.
struct Dist(TempDir);

impl Dist {
    /// A release of two texts in place of the programs.
    fn of_texts() -> Self {
        let programs = tempfile::tempdir().unwrap();
        for name in [PROVIDER, "stanchion"] {
            fs::write(programs.path().join(name), name).unwrap();
        }
        Self::of(&programs)
    }

    fn of(programs: &TempDir) -> Self {
        let dist = Self(tempfile::tempdir().unwrap());
        let mut command = Command::new(repository().join("tests/dist/dist.py"));
        command.arg("--programs").arg(programs.path()).arg("--folder").arg(dist.path());
        output(command);
        dist
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("dist")
    }

    /// What lies in an archive, which other programs unpack than the one that packed it.
    fn unpacked(&self, archive: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let file = self.path().join(archive);
        let command = if archive.ends_with(".zip") {
            let mut command = Command::new("python3");
            command.args(["-m", "zipfile", "-e"]).arg(file).arg(folder.path());
            command
        } else {
            let mut command = Command::new("tar");
            command.arg("-xzf").arg(file).arg("-C").arg(folder.path());
            command
        };
        output(command);
        folder
    }
}

fn goreleaser() -> Node {
    let text = fs::read_to_string(repository().join(".goreleaser.yml")).unwrap();
    yaml::parse(&text, Dialect::Core).unwrap()
}

fn build_of<'a>(goreleaser: &'a Node, id: &str) -> &'a Node {
    let mut builds = goreleaser.get("builds").unwrap().items().iter();
    builds.find(|it| text(it, "id") == id).unwrap()
}

/// A name template as it is for this machine.
fn expanded(node: &Node) -> String {
    let (system, processor) =
        platform().split_once('_').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let name = [
        ("{{ .ProjectName }}", text(&goreleaser(), "project_name")),
        ("{{ .Version }}", VERSION.to_owned()),
        ("{{ .Os }}", system),
        ("{{ .Arch }}", processor),
    ]
    .into_iter()
    .fold(text(node, "name_template"), |name, (from, to)| name.replace(from, &to));
    assert!(!name.contains("{{"), "{name}");
    name
}

fn text(node: &Node, key: &str) -> String {
    node.get(key).and_then(Node::as_str).unwrap_or_else(|| panic!("no text `{key}`")).to_owned()
}

fn texts(node: &Node) -> Vec<String> {
    node.items().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// This machine in Go's words.
fn platform() -> String {
    platform_of(&format!("{}-any-{}", consts::ARCH, consts::OS))
}

/// A triple of Rust's in Go's words, as GoReleaser takes them: its first and third part.
fn platform_of(triple: &str) -> String {
    let parts: Vec<_> = triple.split('-').collect();
    let processor = match parts[0] {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => panic!("{other} has no name of Go's"),
    };
    let system = if parts[2] == "macos" { "darwin" } else { parts[2] };
    format!("{system}_{processor}")
}

/// The hash of a folder in Go's first notation, as lock files have it: that of the list of the
/// files' sums, by their names.
fn hash_of(folder: &Path) -> String {
    let mut sums = Command::new("sha256sum");
    sums.args(names(folder)).current_dir(folder);
    let list = output(sums);
    let file = folder.with_extension("sums");
    fs::write(&file, list).unwrap();
    let mut sum = Command::new("sha256sum");
    sum.arg(&file);
    let hex = output(sum);
    fs::remove_file(&file).unwrap();
    let digits = hex.split_whitespace().next().unwrap().as_bytes();
    let byte = |it: &[u8]| u8::from_str_radix(std::str::from_utf8(it).unwrap(), 16).unwrap();
    STANDARD.encode(digits.chunks(2).map(byte).collect::<Vec<_>>())
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        files.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn output(mut command: Command) -> String {
    match command.output() {
        Ok(done) if done.status.success() => String::from_utf8(done.stdout).unwrap(),
        Ok(done) => panic!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)),
        Err(error) => panic!("{command:?}: {error}"),
    }
}
