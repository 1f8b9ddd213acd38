//! What runs the linter and releases it in GitHub Actions and in GitLab: held against the published
//! schemas and by two checkers, and what a runner's shell would do of it is done.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::{self, Dialect};
use stanchion_tests::{page_is, repository, with_block};
use tempfile::TempDir;

use super::{VERSION, part, said, succeeds, wheels, write};

const ACTION: &str = "action.yml";
const CI: &str = ".github/workflows/ci.yml";
const RELEASE: &str = ".github/workflows/release.yml";
const GITHUB: &str = "examples/ci/github.yml";
const GITLAB: &str = "examples/ci/gitlab.yml";

/// One that reads a file: its name, and what it says of a text under a path that its rules go by.
type Reader = (&'static str, fn(&str) -> Output);

const READERS: [Reader; 5] = [
    ("GitHub's schema of actions", |text| {
        schema("action.yml", text, &["--builtin-schema", "vendor.github-actions"])
    }),
    ("GitHub's schema of workflows", |text| {
        schema("workflow.yml", text, &["--builtin-schema", "vendor.github-workflows"])
    }),
    ("GitLab's schema", |text| {
        let words = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"];
        schema("gitlab.yml", text, &words)
    }),
    ("actionlint", |text| {
        let folder = beside_the_action(text);
        let workflow = folder.path().join(".github/workflows/workflow.yml");
        Command::new(part("actionlint")).arg(workflow).output().unwrap()
    }),
    ("zizmor", |text| {
        let folder = beside_the_action(text);
        let mut command = Command::new(part("zizmor"));
        command.args(["--offline", "--no-progress", "--persona", "auditor"]).arg(folder.path());
        command.output().unwrap()
    }),
];

#[test]
fn action_workflows_and_snippet_are_good_to_all_that_read_them_who_see_a_fault() {
    let [of_action, of_workflow, of_gitlab, actionlint, zizmor] = READERS;
    let uses = "uses: stanchion/stanchion@v0.1.0";
    // A workflow that calls the action is checked beside it: then its inputs are known.
    let example = read(GITHUB).replace(uses, "uses: ./");
    assert!(example.contains("uses: ./"), "{example}");
    // One that names a commit does what an auditor wants.
    let pinned =
        read(GITHUB).replace(uses, &format!("{}{}", &uses[..uses.len() - 6], "0f".repeat(20)));
    let (release, unpinned) = (read(RELEASE), ["@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7"]);
    let cases = [
        (of_action, read(ACTION), ["using: composite", "using: composit"]),
        (of_workflow, example.clone(), ["runs-on:", "run-on:"]),
        (of_workflow, release.clone(), ["timeout-minutes: 60", "timeout: 60"]),
        (of_gitlab, read(GITLAB), ["codequality:", "code-quality:"]),
        (actionlint, example.clone(), ["changed-since:", "changed-sins:"]),
        (actionlint, release.clone(), ["matrix.target }}", "matrix.triple }}"]),
        (zizmor, pinned, unpinned),
        (zizmor, release, unpinned),
        (actionlint, read(CI), ["runs-on: ubuntu-24.04", "runs-on: ubuntu-24.4"]),
        (zizmor, read(CI), unpinned),
    ];
    for ((name, reader), text, [good, bad]) in cases {
        let output = reader(&text);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", said(&output));
        let broken = text.replacen(good, bad, 1);
        assert_ne!(broken, text, "there is no {good}");
        let output = reader(&broken);
        assert_ne!(output.status.code(), Some(0), "{name} takes {bad}");
    }
    let mut manifest = Command::new(part("pre-commit"));
    manifest.args(["validate-manifest", ".pre-commit-hooks.yaml"]).current_dir(repository());
    succeeds(&mut manifest);
}

#[test]
fn the_action_lints_what_it_is_asked_to_and_fails_as_the_linter_does() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(
        &folder.join("a b/main.tf"),
        "resource \"docker_image\" \"a\" {\n  name = \"nginx\"\n}\n",
    );
    write(&folder.join("good/main.tf"), "locals {\n  a = 1\n}\n");
    let run = |inputs: &[(&str, &str)]| {
        let action = parsed(ACTION);
        let steps = action.get("runs").unwrap().get("steps").unwrap().items();
        let step = steps.iter().find(|it| it.get("run").is_some()).unwrap();
        let mut command = bash(step, folder);
        for input in action.get("inputs").unwrap().entries() {
            let name = &*input.key;
            let given = inputs.iter().find(|(it, _)| *it == name).map(|(_, value)| *value);
            let default = input.value.get("default").and_then(Node::as_str).unwrap();
            let variable = format!("STANCHION_{}", name.to_uppercase().replace('-', "_"));
            if name != "working-directory" {
                let handed = step.get("env").unwrap().get(&variable).and_then(Node::as_str);
                assert_eq!(handed, Some(&*format!("${{{{ inputs.{name} }}}}")));
            }
            command.env(variable, given.unwrap_or(default));
        }
        command.output().unwrap()
    };
    let all = run(&[]);
    assert_eq!(all.status.code(), Some(1), "{}", said(&all));
    let annotation = "::warning file=a b/main.tf,line=2,";
    assert!(said(&all).contains(annotation), "{}", said(&all));
    let good = run(&[("paths", "good")]);
    assert_eq!(good.status.code(), Some(0), "{}", said(&good));
    let note = run(&[("paths", "a b\ngood\n"), ("fail-on", "error"), ("format", "compact")]);
    assert_eq!(note.status.code(), Some(0), "{}", said(&note));
    assert!(said(&note).contains("a b/main.tf:2:10: "), "{}", said(&note));
    let file = run(&[("format", "sarif"), ("output", "found.sarif"), ("args", "--no-suppress\n")]);
    assert_eq!(file.status.code(), Some(1), "{}", said(&file));
    let sarif = fs::read_to_string(folder.join("found.sarif")).unwrap();
    assert!(sarif.contains("\"version\": \"2.1.0\""), "{sarif}");
    let wrong = run(&[("changed-since", "main")]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    let option = run(&[("paths", "--fail-on=note")]);
    assert!(said(&option).contains("no file or folder --fail-on=note"), "{}", said(&option));
}

#[test]
fn gitlabs_job_writes_the_report_that_it_uploads() {
    let folder = tempfile::tempdir().unwrap();
    let moving = "resource \"docker_image\" \"a\" {\n  name = \"nginx\"\n}\n";
    write(&folder.path().join("main.tf"), moving);
    let snippet = parsed(GITLAB);
    let job = snippet.get("stanchion").unwrap();
    let lines = job.get("script").unwrap().items();
    let lines: Vec<_> = lines.iter().map(|it| it.as_str().unwrap()).collect();
    let mut command = Command::new("sh");
    command.args(["-ec", &lines.join("\n")]).current_dir(folder.path());
    let output = with_uvx(&mut command, folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let artifacts = job.get("artifacts").unwrap();
    let report = artifacts.get("reports").unwrap().get("codequality").unwrap().as_str().unwrap();
    let report = fs::read_to_string(folder.path().join(report)).unwrap();
    assert!(report.contains("\"check_name\": \"image-floating-tag\""), "{report}");
}

#[test]
fn the_release_builds_the_platforms_that_goreleaser_names() {
    let goreleaser = parsed(".goreleaser.yml");
    let build = &goreleaser.get("builds").unwrap().items()[0];
    let mut named: Vec<_> = build.get("targets").unwrap().items().iter().map(platform).collect();
    let job = parsed(RELEASE).get("jobs").unwrap().get("build").unwrap().clone();
    let matrix = job.get("strategy").unwrap().get("matrix").unwrap().get("include").unwrap();
    let mut built: Vec<_> =
        matrix.items().iter().map(|it| platform(it.get("target").unwrap())).collect();
    named.sort();
    built.sort();
    assert_eq!(built, named);
}

#[test]
fn the_release_packs_archives_and_a_wheel_of_what_it_built() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for name in ["tests", "packaging"] {
        std::os::unix::fs::symlink(repository().join(name), folder.join(name)).unwrap();
    }
    let programs = folder.join("target/any/release");
    fs::create_dir_all(&programs).unwrap();
    for name in ["stanchion", "terraform-provider-stanchion"] {
        // A small program stands for each: what is packed is not run.
        fs::copy("/bin/true", programs.join(name)).unwrap();
    }
    write(&folder.join("file"), "");
    for words in [&["init", "-q"][..], &["add", "file"], &["commit", "-qm", "a"]] {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(words);
        succeeds(git.current_dir(folder));
    }
    let release = parsed(RELEASE);
    let steps = release.get("jobs").unwrap().get("build").unwrap().get("steps").unwrap().items();
    let named = |it: &&Node| it.get("name").and_then(Node::as_str) == Some("Pack them");
    let mut command = bash(steps.iter().find(named).unwrap(), folder);
    succeeds(command.env("TARGET", "any").env("RUNNER_OS", "Linux"));
    let made = fs::read_dir(folder.join("target/dist")).unwrap();
    let mut made: Vec<_> = made.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    made.sort();
    let starts = ["stanchion-", "stanchion_", "terraform-provider-stanchion_"];
    let ends = [".whl", ".tar.gz", ".zip"];
    assert_eq!(made.len(), 3, "{made:?}");
    for ((name, start), end) in made.iter().zip(starts).zip(ends) {
        assert!(name.starts_with(&format!("{start}{VERSION}")) && name.ends_with(end), "{made:?}");
    }
}

#[test]
fn what_is_shown_names_this_version() {
    let action = parsed(ACTION);
    let version = action.get("inputs").unwrap().get("version").unwrap().get("default").unwrap();
    assert_eq!(version.as_str(), Some(VERSION));
    assert!(read(GITHUB).contains(&format!("uses: stanchion/stanchion@v{VERSION}\n")));
    assert!(read(GITLAB).contains(&format!("uvx stanchion@{VERSION} lint ")));
    let page = "docs/linter.md";
    assert!(read(page).contains(&format!("    rev: v{VERSION}\n")));
    for source in [GITHUB, GITLAB] {
        page_is(page, &with_block(page, source, &read(source)));
    }
}

/// What a runner does for a step with a script, in a folder; it fails where a line or a pipe does.
fn bash(step: &Node, folder: &Path) -> Command {
    let mut command = Command::new("bash");
    let script = step.get("run").unwrap().as_str().unwrap();
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(folder);
    with_uvx(&mut command, folder);
    command
}

/// Puts the real uvx on the path, which finds our wheel instead of PyPI; and a `python`, as runners
/// have one.
fn with_uvx<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    let programs = folder.join(".programs");
    if !programs.is_dir() {
        fs::create_dir(&programs).unwrap();
        let python =
            succeeds(Command::new("python3").args(["-c", "import sys; print(sys.executable)"]));
        std::os::unix::fs::symlink(python.trim_end(), programs.join("python")).unwrap();
    }
    let uv = part("uv");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = [programs.as_path(), uv.parent().unwrap()].map(PathBuf::from);
    let path = std::env::join_paths(first.into_iter().chain(std::env::split_paths(&path))).unwrap();
    command.env("PATH", path).env("UV_OFFLINE", "1").env("UV_FIND_LINKS", wheels());
    command.env("UV_NO_CONFIG", "1").env("UV_CACHE_DIR", folder.join(".uv"))
}

/// Holds a text against a schema, under a name.
fn schema(name: &str, text: &str, words: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    Command::new(part("check-jsonschema")).args(words).arg(file).output().unwrap()
}

/// A repository with the action and a workflow.
fn beside_the_action(workflow: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join(".github/workflows/workflow.yml"), workflow);
    write(&folder.path().join(ACTION), read(ACTION));
    succeeds(Command::new("git").args(["init", "-q"]).current_dir(folder.path()));
    folder
}

/// The system and the processor of a triple of Rust's.
fn platform(triple: &Node) -> String {
    let parts: Vec<_> = triple.as_str().unwrap().split('-').collect();
    format!("{} {}", parts[2], parts[0])
}

fn parsed(path: &str) -> Node {
    yaml::parse(&read(path), Dialect::Core).unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}
