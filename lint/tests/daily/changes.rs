//! `--staged` and `--changed-since`: what a change takes part in, and nothing else.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{Run, folder, stanchion_with};

/// Runs git as nobody in particular.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A repository with these files committed on `main`, and a branch `work` checked out.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "--quiet", "-m", "first"]);
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    folder
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn commit(folder: &TempDir) {
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "--quiet", "-m", "more"]);
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let path = std::env::var("PATH").unwrap();
    stanchion_with(folder, &[&["lint"], arguments].concat(), &[("PATH", &path)])
}

/// The places that are found, and how many root modules were judged.
fn found(folder: &Path, arguments: &[&str]) -> (Vec<String>, u64) {
    let it = run(folder, &[arguments, &["--format", "json"]].concat());
    assert_eq!(it.err, "");
    let document: Value = serde_json::from_str(&it.out).unwrap();
    let place = |it: &Value| {
        let at = &it["place"];
        format!("{}:{}", at["path"].as_str().unwrap(), at["line"])
    };
    // That the trees pin no provider is beside the point.
    let is_about_them = |it: &&serde_json::Value| it["rule"] != "drift-unpinned-provider";
    let findings = document["findings"].as_array().unwrap().iter();
    let all = findings.filter(is_about_them).map(place).collect();
    (all, document["summary"]["roots"].as_u64().unwrap())
}

fn image(name: &str, image: &str) -> String {
    format!("resource \"docker_image\" \"{name}\" {{\n  name = \"{image}\"\n}}\n")
}

const SINCE: &[&str] = &["--changed-since", "main"];

#[test]
fn only_what_a_changed_line_takes_part_in_is_shown() {
    let folder =
        repository(&[("a/main.tf", &image("a", "nginx")), ("b/main.tf", &image("b", "nginx"))]);
    assert_eq!(found(folder.path(), SINCE), (vec![], 0));
    let both = format!("{}{}", image("a", "nginx"), image("new", "nginx"));
    write(&folder, "a/main.tf", &both);
    assert_eq!(found(folder.path(), SINCE), (vec!["a/main.tf:5".into()], 1));
    commit(&folder);
    assert_eq!(found(folder.path(), SINCE), (vec!["a/main.tf:5".into()], 1), "committed");
    write(&folder, "c/main.tf", &image("c", "nginx"));
    let expected = (vec!["a/main.tf:5".into(), "c/main.tf:2".into()], 2);
    assert_eq!(found(folder.path(), SINCE), expected, "what git doesn't know yet");
    assert_eq!(run(folder.path(), &["--changed-since", "HEAD"]).status, 1);
    std::fs::remove_dir_all(folder.path().join("c")).unwrap();
    assert_eq!(run(folder.path(), &["--changed-since", "HEAD"]).status, 0);
    assert_eq!(found(&folder.path().join("a"), SINCE).0, ["a/main.tf:5"], "from a folder below");
}

#[test]
fn what_a_change_cannot_take_part_in_is_not_read() {
    let call = |to: &str| format!("module \"it\" {{\n  source = \"{to}\"\n}}\n");
    let json = "{\"module\": {\"it\": {\"source\": \"../m\"}}}";
    let folder = repository(&[
        ("a/main.tf", &call("../m")),
        ("a/envs/one.tfvars", ""),
        ("j/main.tf.json", json),
        ("m/main.tf", &call("./n")),
        ("m/n/main.tf", "locals {\n}\n"),
        ("m/o/main.tf", "locals {\n}\n"),
        ("b/main.tf", "broken ="),
        ("c/main.tf", &call("../m/o")),
    ]);
    let judged = |path: &str, text: &str| {
        write(&folder, path, text);
        git(folder.path(), &["add", "-A"]);
        let it = run(folder.path(), &["--staged", "--format", "json"]);
        git(folder.path(), &["reset", "--quiet", "--hard"]);
        let document: Value = serde_json::from_str(&it.out).unwrap();
        let of = |name: &str| document["summary"][name].as_u64().unwrap();
        (of("roots"), of("files"))
    };
    assert_eq!(judged("m/n/main.tf", &image("n", "nginx")), (2, 5), "whoever calls who calls it");
    assert_eq!(judged("m/o/main.tf", &image("o", "nginx")), (1, 2));
    assert_eq!(judged("a/main.tf", &format!("{}# more\n", call("../m"))), (1, 4), "what it calls");
    assert_eq!(judged("a/envs/one.tfvars", "x = 1"), (1, 4), "values of the one above");
    assert_eq!(judged("b/main.tf", "locals {\n}\n"), (1, 1));
    assert_eq!(judged("d/main.tf", &call("../m/n")), (1, 2), "a new one");
    write(&folder, "a/main.tf", &format!("{}# more\n", call("../m")));
    git(folder.path(), &["add", "-A"]);
    let given = run(folder.path(), &["--staged", "--var", "x=1"]);
    assert_eq!((given.status, given.err.as_str()), (0, ""), "another one may declare it");
}

#[test]
fn a_change_that_touches_nothing_is_clean_and_one_line() {
    let folder = repository(&[("a/main.tf", &image("a", "nginx")), ("notes.md", "")]);
    write(&folder, "notes.md", "more");
    git(folder.path(), &["add", "-A"]);
    for arguments in [&["--staged"][..], SINCE] {
        let it = run(folder.path(), arguments);
        let said = "0 findings in 0 roots, 0 files, 0 instances\n";
        assert_eq!((it.status, it.out.as_str(), it.err.as_str()), (0, said, ""), "{arguments:?}");
    }
    git(folder.path(), &["rm", "-q", "a/main.tf"]);
    assert_eq!(run(folder.path(), &["--staged"]).status, 0, "nothing of Terraform is left");
}

#[test]
fn a_variable_file_reaches_the_root_above_it() {
    let main =
        "variable \"tag\" {}\nresource \"docker_image\" \"a\" {\n  name = \"x:${var.tag}\"\n}\n";
    let folder = repository(&[
        ("main.tf", main),
        ("envs/dev.tfvars", "tag = \"1\"\n"),
        ("envs/prod.tfvars", "tag = \"1\"\n"),
        ("other/main.tf", &image("a", "nginx")),
    ]);
    write(&folder, "envs/prod.tfvars", "tag = \"edge\"\n");
    assert_eq!(found(folder.path(), SINCE), (vec!["main.tf:3".into()], 1));
}

#[test]
fn what_main_changed_meanwhile_is_not_the_branchs() {
    let folder = repository(&[("a.tf", &image("a", "nginx")), ("b.tf", &image("b", "nginx:1"))]);
    write(&folder, "c.tf", &image("c", "nginx"));
    commit(&folder);
    git(folder.path(), &["checkout", "--quiet", "main"]);
    write(&folder, "a.tf", &image("a", "nginx:1"));
    commit(&folder);
    git(folder.path(), &["checkout", "--quiet", "work"]);
    assert_eq!(found(folder.path(), SINCE).0, ["c.tf:2"]);
}

#[test]
fn a_change_far_away_shows_what_it_takes_part_in() {
    let module = "variable \"tag\" {\n}\n\nvariable \"other\" {\n  default = 1\n}\n\nresource \"docker_image\" \"a\" {\n  name = \"nginx:${var.tag}\"\n}\n";
    let call =
        "variable \"tag\" {}\nmodule \"m\" {\n  source = \"../../m\"\n  tag    = var.tag\n}\n";
    let files = [
        ("envs/dev/main.tf", call),
        ("envs/dev/terraform.tfvars", "tag = \"1\"\n"),
        ("envs/prod/main.tf", call),
        ("envs/prod/terraform.tfvars", "tag = \"1\"\n"),
        ("m/main.tf", module),
        ("apart/main.tf", "broken {"),
    ];
    let folder = repository(&files);
    write(&folder, "envs/dev/terraform.tfvars", "tag = \"latest\"\n");
    assert_eq!(found(folder.path(), SINCE), (vec!["m/main.tf:9".into()], 1), "tfvars");

    let folder = repository(&files);
    write(&folder, "m/main.tf", &module.replace("${var.tag}", "edge"));
    assert_eq!(found(folder.path(), SINCE), (vec!["m/main.tf:9".into()], 2), "the module");

    let folder = repository(&files);
    write(&folder, "m/main.tf", &module.replace("default = 1", "default = 2"));
    assert_eq!(found(folder.path(), SINCE), (vec![], 2), "a part of it that has none in it");

    let folder = repository(&[&files[..4], &[("m/main.tf", &image("a", "nginx"))]].concat());
    let more = "module \"n\" {\n  source = \"../../m\"\n}\n";
    write(&folder, "envs/prod/main.tf", &format!("{call}{more}"));
    assert_eq!(found(folder.path(), SINCE).0, ["m/main.tf:2"], "a new call");
}

#[test]
fn what_a_change_switches_on_is_shown() {
    let text = |count: u32| {
        format!(
            "resource \"docker_image\" \"a\" {{\n  count = {count}\n\n  name = \"nginx\"\n}}\n{}",
            image("b", "nginx")
        )
    };
    let folder = repository(&[("main.tf", &text(0))]);
    write(&folder, "main.tf", &text(1));
    assert_eq!(found(folder.path(), SINCE).0, ["main.tf:4"]);
}

#[test]
fn a_moved_file_is_no_change() {
    let text = format!("{}{}", image("a", "nginx"), image("b", "nginx"));
    let folder = repository(&[("a b/main.tf", &text)]);
    std::fs::rename(folder.path().join("a b"), folder.path().join("ä \"q\"")).unwrap();
    git(folder.path(), &["add", "-A"]);
    assert_eq!(found(folder.path(), SINCE).0, [""; 0]);
    write(&folder, "ä \"q\"/main.tf", &text.replace("nginx\"\n}\nres", "nginx:edge\"\n}\nres"));
    assert_eq!(found(folder.path(), SINCE).0, ["ä \"q\"/main.tf:2"]);
}

#[test]
fn staged_judges_the_index_and_not_the_work_tree() {
    let folder = repository(&[
        ("a.tf", &image("a", "nginx:1")),
        ("data.txt", "nginx:1"),
        ("gone.tf", &image("gone", "nginx:1")),
        ("sub/main.tf", &image("s", "nginx")),
    ]);
    let staged = || found(folder.path(), &["--staged"]).0;
    write(&folder, "a.tf", &image("a", "nginx"));
    assert_eq!(staged(), [""; 0], "it is not staged");
    git(folder.path(), &["add", "a.tf"]);
    write(&folder, "a.tf", &image("a", "nginx:1"));
    assert_eq!(staged(), ["a.tf:2"], "what is staged, not what is there");
    write(&folder, "new.tf", "resource {");
    assert_eq!(staged(), ["a.tf:2"], "a file that git doesn't know is not there");

    let file = "resource \"docker_image\" \"f\" {\n  name = file(\"data.txt\")\n}\n";
    write(&folder, "f.tf", file);
    write(&folder, "data.txt", "nginx:edge");
    git(folder.path(), &["add", "f.tf"]);
    assert_eq!(staged(), ["a.tf:2"], "a file that is read is as it is staged too");
    git(folder.path(), &["add", "data.txt"]);
    write(&folder, "data.txt", "nginx:1");
    assert_eq!(staged(), ["a.tf:2", "f.tf:2"]);

    write(&folder, "gone.tf", &image("gone", "nginx"));
    git(folder.path(), &["add", "gone.tf"]);
    std::fs::remove_file(folder.path().join("gone.tf")).unwrap();
    assert_eq!(staged(), ["a.tf:2", "f.tf:2", "gone.tf:2"], "staged, and gone from the work tree");
    git(folder.path(), &["commit", "--quiet", "-m", "all"]);
    assert_eq!(staged(), [""; 0], "nothing is staged any more");
}

#[test]
fn staged_works_before_the_first_commit() {
    let folder = folder(&[("main.tf", &image("a", "nginx"))]);
    git(folder.path(), &["init", "--quiet"]);
    assert_eq!(found(folder.path(), &["--staged"]).0, [""; 0]);
    git(folder.path(), &["add", "main.tf"]);
    assert_eq!(found(folder.path(), &["--staged"]).0, ["main.tf:2"]);
}

#[test]
fn an_index_in_conflict_is_refused_and_no_clean_one() {
    let folder = repository(&[("main.tf", &image("a", "nginx:1"))]);
    write(&folder, "main.tf", &image("a", "nginx:latest"));
    commit(&folder);
    git(folder.path(), &["checkout", "--quiet", "main"]);
    write(&folder, "main.tf", &image("a", "nginx:edge"));
    commit(&folder);
    let merge = Command::new("git").args(["merge", "work"]).current_dir(folder.path()).output();
    assert_eq!(merge.unwrap().status.code(), Some(1));
    let run = run(folder.path(), &["lint", "--staged"]);
    let told = "error: main.tf is in conflict\nhelp: resolve the conflict, then git add it\n";
    assert_eq!((run.status, &*run.err), (2, told), "{}", run.out);
}

#[test]
fn what_is_not_there_is_refused_with_the_cure() {
    let folder = repository(&[("main.tf", &image("a", "nginx"))]);
    let it = run(folder.path(), &["--changed-since", "origin/man"]);
    assert_eq!((it.status, it.out.as_str()), (2, ""));
    assert_eq!(
        it.err,
        "error: there is no commit origin/man in this repository\n\
         help: git fetch origin origin/man\n"
    );
    let it = run(folder.path(), &["--changed-since", "--output=x"]);
    assert_eq!(it.status, 2);
    assert!(!folder.path().join("x").exists());

    write(&folder, "b.tf", &image("b", "nginx"));
    commit(&folder);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", folder.path().display());
    git(clone.path(), &["clone", "--quiet", "--depth", "1", "--branch", "work", &from, "shallow"]);
    let it = run(&clone.path().join("shallow"), &["--changed-since", "main"]);
    assert_eq!(it.status, 2);
    assert!(it.err.contains("fetch-depth: 0"), "{}", it.err);

    let bare = crate::common::folder(&[("main.tf", "")]);
    let it = run(bare.path(), &["--staged"]);
    assert_eq!(it.status, 2);
    assert_eq!(
        it.err,
        "error: . lies in no git repository\nhelp: run it in a repository's work tree\n"
    );
    let arguments = ["lint", "--staged"];
    let it = stanchion_with(folder.path(), &arguments, &[("PATH", "/nowhere")]);
    assert_eq!(it.status, 2);
    assert!(it.err.starts_with("error: git does not start: "), "{}", it.err);
}

#[test]
fn a_users_own_settings_of_git_change_nothing() {
    let folder = repository(&[("main.tf", &image("a", "nginx:1"))]);
    for (name, value) in [
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("diff.context", "9"),
        ("diff.external", "false"),
    ] {
        git(folder.path(), &["config", name, value]);
    }
    write(&folder, "main.tf", &format!("{}{}", image("b", "nginx"), image("a", "nginx:1")));
    assert_eq!(found(folder.path(), SINCE).0, ["main.tf:2"]);
}

const ADMIN: &str = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const READER: &str =
    r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;

#[test]
fn what_a_changed_file_is_read_by_is_changed() {
    let policy = |it: &str| format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {it}\n}}\n");
    let of_each = "resource \"aws_iam_policy\" \"e\" {\n  for_each = fileset(path.module, \"p/*.json\")\n  policy = file(\"${path.module}/${each.value}\")\n}\n";
    let by_local = "locals {\n  p = file(\"${path.module}/p/a.json\")\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = local.p\n}\n";
    let folder = repository(&[
        ("named/main.tf", &policy("file(\"${path.module}/p/a.json\")")),
        ("named/p/a.json", ADMIN),
        ("template/main.tf", &policy("templatefile(\n    \"t/a.tftpl\",\n    {}\n  )")),
        ("template/t/a.tftpl", ADMIN),
        ("set/main.tf", of_each),
        ("set/p/x.json", READER),
        ("local/main.tf", by_local),
        ("local/p/a.json", ADMIN),
        ("other/main.tf", &format!("{}{}", policy("file(\"q.json\")"), image("a", "nginx"))),
        ("other/q.json", ADMIN),
        ("other/notes.md", ""),
    ]);
    let changed = |path: &str, text: &str| {
        write(&folder, path, text);
        let out = found(folder.path(), SINCE).0;
        git(folder.path(), &["add", "-A"]);
        assert_eq!(found(folder.path(), &["--staged"]).0, out, "{path}");
        git(folder.path(), &["reset", "--quiet", "--hard", "main"]);
        out
    };
    let again = format!("{ADMIN}\n");
    assert_eq!(changed("named/p/a.json", &again), ["local/main.tf:5", "named/main.tf:2"]);
    assert_eq!(changed("template/t/a.tftpl", &again), ["template/main.tf:2"]);
    assert_eq!(changed("set/p/new.json", ADMIN), ["set/main.tf:3"]);
    assert_eq!(changed("other/notes.md", "more"), [""; 0]);
}

#[test]
fn where_the_settings_changed_everything_below_is_judged_and_shown() {
    let folder = repository(&[
        ("a/main.tf", &image("a", "nginx")),
        ("b/main.tf", &image("b", "nginx")),
        ("b/stanchion.toml", "fail-on = \"note\"\n"),
        ("stanchion.toml", ""),
    ]);
    write(&folder, "stanchion.toml", "fail-on = \"error\"\n");
    git(folder.path(), &["add", "-A"]);
    for arguments in [&["--staged"][..], SINCE] {
        let it = run(folder.path(), &[arguments, &["--format", "compact"]].concat());
        assert_eq!(it.err, "stanchion.toml changed, so that everything is judged and shown\n");
        assert_eq!(it.status, 0);
        assert_eq!(it.out.lines().filter(|it| it.contains("image-floating-tag")).count(), 2);
    }
    write(&folder, "stanchion.toml", "");
    write(&folder, "b/stanchion.toml", "");
    assert_eq!(found(folder.path(), SINCE), (vec![], 1), "settings of a folder below");
    let it = run(&folder.path().join("b"), &[SINCE, &["--format", "compact"]].concat());
    assert_eq!(it.err, "stanchion.toml changed, so that everything is judged and shown\n");
    assert_eq!(it.out.lines().filter(|it| it.contains("image-floating-tag")).count(), 1);
}
