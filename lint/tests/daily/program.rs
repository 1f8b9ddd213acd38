//! The program beside what it judges: help, pages, colours, pipes, broken input.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::{folder, stanchion, stanchion_with};

const MOVING: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";
const PROGRAM: &str = env!("CARGO_BIN_EXE_stanchion");

/// The commands that the program's help lists.
fn commands() -> Vec<String> {
    let help = stanchion(Path::new("."), &["--help"]).out;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|it| !it.is_empty());
    lines.filter_map(|it| it.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn each_help_has_examples_and_they_run() {
    let image =
        "variable \"region\" {\n  default = \"x\"\n}\nlocals {\n  tags = { r = var.region }\n}\n";
    let module = "module \"app\" {\n  for_each = toset([\"web\"])\n  source = \"../../app\"\n}\nvariable \"users\" {\n  default = {}\n}\n";
    let root = format!("{image}{module}");
    let plan = r#"{"format_version": "1.2", "planned_values": {},
        "configuration": {"root_module": {"variables": {"region": {}}}}}"#;
    let folder = folder(&[
        ("infra/main.tf", image),
        ("p.json", plan),
        ("modules/web/main.tf", MOVING),
        ("checkov.json", "{\"checkov_version\": \"3.3.30\"}"),
        ("envs/prod/main.tf", &root),
        ("app/main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = \"{}\"\n}\n"),
    ]);
    let path = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let path = format!("{path}:{}", std::env::var("PATH").unwrap());
    let git = "git init -q -b main && git add -A && git -c user.name=a -c user.email=a@example.com commit -q -m a";
    let shell = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(folder.path()).env("PATH", &path);
        command.stdin(Stdio::null()).output().unwrap()
    };
    assert!(shell(git).status.success());
    let mut commands = commands();
    commands.retain(|it| it != "help");
    for known in ["lint", "baseline", "adopt", "eval", "rules", "explain", "completions", "man"] {
        assert!(commands.iter().any(|it| it == known), "{commands:?} lack {known}");
    }
    let of = |it: &String| stanchion(folder.path(), &[it, "--help"]).out;
    let helps = commands.iter().map(of).chain([stanchion(folder.path(), &["--help"]).out]);
    for help in helps {
        let (_, examples) = help.split_once("Examples:\n").expect(&help);
        let lines = examples.lines().map(str::trim).filter(|it| it.contains("stanchion "));
        let mut count = 0;
        for line in lines.take_while(|it| !it.starts_with("Name ")) {
            let command = line.split("   ").next().unwrap();
            let output = shell(command);
            let status = output.status.code().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(status < 2, "{command}: {status} {said}");
            assert_eq!(said, "", "{command}");
            count += 1;
        }
        assert!(count > 0, "{help}");
    }
    for made in ["stanchion.bash", "stanchion.1", "stanchion-lint.1", "stanchion-baseline.json"] {
        assert!(fs::metadata(folder.path().join(made)).unwrap().len() > 100, "{made}");
    }
}

#[test]
fn the_version_tells_the_commit_of_a_release() {
    let run = stanchion(Path::new("."), &["--version"]);
    let expected =
        format!("stanchion {} ({})\n", env!("CARGO_PKG_VERSION"), env!("STANCHION_COMMIT"));
    assert_eq!((run.status, run.out), (0, expected));
}

#[test]
fn a_release_finds_its_commit_wherever_it_is_built() {
    let folder = folder(&[
        ("package/lint/.cargo_vcs_info.json", "{\"git\": {\"sha1\": \"0123456789abcdef\"}}"),
        ("bare/lint/x", ""),
        ("repository/lint/x", ""),
    ]);
    let at = |path: &str| folder.path().join(path);
    let build = at("build");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-name=build", "-o"]).arg(&build).arg(source);
    assert!(rustc.status().unwrap().success());
    let commit = |path: &str, profile: &str| {
        let mut command = Command::new(&build);
        command.env_clear().env("CARGO_MANIFEST_DIR", at(path)).env("PROFILE", profile);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let found =
            said.lines().find_map(|it| it.strip_prefix("cargo:rustc-env=STANCHION_COMMIT="));
        found.unwrap().to_owned()
    };
    let git = |arguments: &str| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
        command.args(arguments.split(' ')).current_dir(at("repository"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(commit("package/lint", "release"), "0123456789ab");
    assert_eq!(commit("bare/lint", "release"), "development");
    git("init -q -b main");
    git("add -A");
    git("commit -q -m first");
    let head = git("rev-parse HEAD")[..12].to_owned();
    assert_eq!(commit("repository/lint", "release"), head, "a branch");
    assert_eq!(commit("repository/lint", "debug"), "development");
    git("worktree add -q ../tree");
    assert_eq!(commit("tree/lint", "release"), head, "a work tree of its own");
    git("pack-refs --all");
    assert_eq!(commit("repository/lint", "release"), head, "a packed branch");
    git("checkout -q --detach");
    assert_eq!(commit("repository/lint", "release"), head, "no branch");
}

#[test]
fn the_rules_are_listed_for_programs_with_settings_and_peers() {
    let run = stanchion(Path::new("."), &["rules", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["version"], 1);
    let rules = document["rules"].as_array().unwrap();
    let ids: Vec<_> = rules.iter().map(|it| it["id"].as_str().unwrap()).collect();
    let all: Vec<_> = stanchion::rules::RULES.iter().map(|it| it.id).collect();
    assert_eq!(ids, all);
    let rule = rules.iter().find(|it| it["id"] == "image-floating-tag").unwrap();
    assert_eq!(rule["severity"], "warning");
    assert_eq!(rule["settings"][0]["name"], "moving");
    assert_eq!(rule["settings"][0]["default"], Value::Array(Vec::new()));
    assert_eq!(rule["peers"][0]["id"], "CKV_K8S_14");
}

#[test]
fn a_page_of_the_manual_is_about_its_command() {
    let run = stanchion(Path::new("."), &["man", "lint"]);
    assert!(
        run.out.contains("stanchion\\-lint") || run.out.contains("stanchion-lint"),
        "{}",
        run.out
    );
    assert!(run.out.contains("changed\\-since"), "{}", run.out);
    assert_eq!(stanchion(Path::new("."), &["man", "lnt"]).status, 2);
}

/// One file with so many findings.
fn many(count: u32) -> String {
    (0..count).map(|it| MOVING.replace("\"a\"", &format!("\"a{it}\""))).collect()
}

#[test]
fn many_findings_in_one_file_are_written_soon() {
    let folder = folder(&[("main.tf", &many(3000))]);
    let start = Instant::now();
    let run = stanchion(folder.path(), &["lint"]);
    assert!(run.out.ends_with("3000 findings in 1 root, 1 file, 3000 instances\n"));
    assert!(run.out.contains("[main.tf:8999:10]"), "lines are those of the whole file");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let folder = folder(&[("main.tf", &many(2000))]);
    for format in ["text", "compact", "json", "sarif", "junit", "github", "gitlab"] {
        let line = format!("{{ {PROGRAM} lint --format {format}; echo $? >status; }} | head -n 1");
        let mut command = Command::new("sh");
        let output = command.args(["-c", &line]).current_dir(folder.path()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert_eq!(output.stdout.iter().filter(|it| **it == b'\n').count(), 1, "{format}");
        let status = fs::read_to_string(folder.path().join("status")).unwrap();
        assert_eq!(status, "1\n", "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_by_every_command() {
    let folder = folder(&[("main.tf", MOVING)]);
    for arguments in [
        &["lint"][..],
        &["rules"],
        &["explain", "iam-admin"],
        &["completions", "bash"],
        &["man"],
        &["eval", "1"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(PROGRAM);
        let output = command.args(arguments).current_dir(folder.path()).stdout(full).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.starts_with("error: the output can't be written: "), "{arguments:?}: {said}");
    }
}

#[test]
fn colours_are_for_a_terminal_that_wants_them() {
    let folder = folder(&[("main.tf", MOVING)]);
    let on_terminal = |name: &str, value: &str| {
        let script = "import pty, sys; pty.spawn(sys.argv[1:])";
        let output = Command::new("python3")
            .args(["-c", script, PROGRAM, "lint"])
            .current_dir(folder.path())
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .env(name, value)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(out.contains("latest moves"), "{out}");
        out.contains('\u{1b}')
    };
    assert!(on_terminal("X", "1"), "a terminal has colours");
    assert!(!on_terminal("NO_COLOR", "1"));
    assert!(on_terminal("NO_COLOR", ""), "what is empty is not set");
    assert!(!on_terminal("TERM", "dumb"));
    assert!(!stanchion(folder.path(), &["lint"]).out.contains('\u{1b}'));
}

#[test]
fn what_can_not_be_read_is_told() {
    let folder = folder(&[("main.tf", MOVING), ("values/v.tfvars", "a = 1\n")]);
    for (arguments, error) in [
        (&["lint", "none"][..], "there is no file or folder none"),
        (&["lint", "--var-file", "none.tfvars"], "there is no variable file none.tfvars"),
        (&["lint", "--var", "x"], "--var x has no value"),
        (&["lint", "--var", "x=1"], "no root module declares the variable x"),
    ] {
        let run = stanchion(folder.path(), arguments);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.starts_with(&format!("error: {error}\nhelp: ")), "{}", run.err);
    }
    std::os::unix::fs::symlink("nowhere", folder.path().join("gone.tf")).unwrap();
    std::os::unix::fs::symlink("loop.tf", folder.path().join("loop.tf")).unwrap();
    fs::create_dir(folder.path().join("folder.tf")).unwrap();
    let run = stanchion_with(folder.path(), &["lint", "--format", "compact"], &[]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    // As Terraform does, which passes over the folder.
    assert_eq!(
        run.out,
        "gone.tf:1:1: error[unreadable-file]: is a link that leads nowhere\n\
         loop.tf:1:1: error[unreadable-file]: is a link that leads nowhere\n\
         main.tf:2:10: warning[image-floating-tag]: the image's tag latest moves\n"
    );
}
