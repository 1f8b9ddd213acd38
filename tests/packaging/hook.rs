//! The hook: the real pre-commit installs it from a repository and runs it on what is staged.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use stanchion_cty::yaml::{self, Dialect};
use stanchion_tests::repository;

use super::{VERSION, part, said, succeeds, wheels, write};

const FIXED: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:1.27.3\"\n}\n";
const MOVING: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";

/// What a hook is made of.
const PARTS: &[&str] = &[
    ".pre-commit-hooks.yaml",
    "pyproject.toml",
    "packaging/pypi/hook.py",
    "packaging/pypi/pack.py",
    "packaging/pypi/platforms.py",
    "packaging/pypi/README.md",
    "Cargo.toml",
    "lint/Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

#[test]
fn pre_commit_stops_a_commit_for_what_is_staged_and_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let ours = folder.path().join("stanchion");
    for part in PARTS {
        write(&ours.join(part), fs::read(repository().join(part)).unwrap());
    }
    commit(&ours);
    let theirs = folder.path().join("theirs");
    // A fault that was committed before is no reason to stop another commit.
    write(&theirs.join("old/main.tf"), MOVING);
    commit(&theirs);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(part("pre-commit"));
        command.args(["try-repo", "../stanchion"]).args(arguments).current_dir(&theirs);
        command.env("PRE_COMMIT_HOME", folder.path().join("cache"));
        command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", wheels());
        command.output().unwrap()
    };
    let staged = |text: &str| {
        write(&theirs.join("new/main.tf"), text);
        git(&theirs, &["add", "-A"]);
    };
    staged(MOVING);
    let stopped = run(&["stanchion"]);
    assert_eq!(stopped.status.code(), Some(1), "{}", said(&stopped));
    assert_eq!(places(&stopped), ["new/main.tf:2:10"]);
    staged(FIXED);
    let both = run(&["--all-files", "--verbose"]);
    assert_eq!(both.status.code(), Some(1), "{}", said(&both));
    let told = said(&both);
    let (passed, failed) = told.split_once("stanchion lint (everything)").unwrap();
    assert!(passed.contains("stanchion lint (what is staged)"), "{told}");
    assert!(passed.contains("0 findings in 1 root, 1 file,"), "{told}");
    assert!(passed.contains("Passed\n"), "{told}");
    assert!(failed.contains("Failed\n"), "{told}");
    assert_eq!(places(&both), ["old/main.tf:2:10"]);
}

#[test]
fn each_hook_runs_for_configurations_and_for_nothing_else() {
    let hooks = fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks = yaml::parse(&hooks, Dialect::Core).unwrap();
    assert_eq!(hooks.items().len(), 2);
    for hook in hooks.items() {
        let pattern = hook.get("files").unwrap().as_str().unwrap();
        let filter = "import re, sys; print(*filter(re.compile(sys.argv[1]).search, sys.argv[2:]))";
        let mut command = Command::new("python3");
        command.args(["-c", filter, pattern]);
        let theirs = ["main.tf", "a/b.tofu", "a.tf.json", "p.auto.tfvars", "p.tfvars.json"];
        let theirs = [&theirs[..], &["a/.terraform.lock.hcl", "stanchion.toml"]].concat();
        let others = ["a.md", "tf", "a.tf.md", "a.json", "x.stanchion.toml", "terraform.lock.hcl"];
        let found = succeeds(command.args(&theirs).args(others));
        assert_eq!(found.split_whitespace().collect::<Vec<_>>(), theirs);
    }
}

#[test]
fn what_pip_makes_of_the_repository_wants_the_linter_of_the_same_version() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "wheel", "--quiet", "--no-index", "--find-links"]).arg(wheels());
    command.arg("--wheel-dir").arg(folder.path()).arg(repository());
    succeeds(command.env("PIP_DISABLE_PIP_VERSION_CHECK", "1"));
    let made = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<_> = made.map(|it| it.to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].starts_with(&format!("stanchion-{VERSION}-py3-none-")), "{names:?}");
    assert_eq!(names[1], format!("stanchion_pre_commit-{VERSION}-py3-none-any.whl"));
}

/// The places that are shown.
fn places(output: &Output) -> Vec<String> {
    let said = said(output);
    let shown = said.lines().filter_map(|it| it.trim_start().strip_prefix("╭─["));
    shown.filter_map(|it| it.strip_suffix(']')).map(str::to_owned).collect()
}

fn commit(folder: &Path) {
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "a"]);
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    succeeds(command.args(arguments).current_dir(folder));
}
