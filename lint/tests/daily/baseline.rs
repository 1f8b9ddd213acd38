//! What is known is let be, wherever it went; what is new is reported, and what is gone is told.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{Run, folder, stanchion};

const NAME: &str = "stanchion-baseline.json";

fn image(name: &str, image: &str) -> String {
    format!("resource \"docker_image\" \"{name}\" {{\n  name = \"{image}\"\n}}\n")
}

/// A folder with these files and a baseline of them.
fn known(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    let run = stanchion(folder.path(), &["baseline"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    folder
}

fn lint(folder: &Path) -> Run {
    stanchion(folder, &["lint", "--baseline", NAME])
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn what_is_known_is_let_be_after_it_was_moved_indented_and_renamed() {
    let two = format!("{}{}", image("a", "nginx:latest"), image("b", "nginx"));
    let folder = known(&[("x/main.tf", &two), ("broken.tf", "resource {")]);
    let run = lint(folder.path());
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "0 findings, 3 in the baseline in 1 root, 2 files, 2 instances\n");

    write(
        &folder,
        "x/main.tf",
        &format!("# moved\n\n\n{}{}", image("b", "nginx"), image("a", "nginx:latest")),
    );
    assert_eq!(lint(folder.path()).status, 0, "moved");
    write(&folder, "x/main.tf", &two.replace("  name =", "\n\tname    =   "));
    assert_eq!(lint(folder.path()).status, 0, "indented anew");
    fs::rename(folder.path().join("x"), folder.path().join("y")).unwrap();
    assert_eq!(lint(folder.path()).status, 0, "its folder is renamed");
    fs::rename(folder.path().join("y/main.tf"), folder.path().join("y/web.tf")).unwrap();
    fs::rename(folder.path().join("broken.tf"), folder.path().join("other.tf")).unwrap();
    let run = lint(folder.path());
    assert_eq!((run.status, run.out.lines().count()), (0, 1), "its file is renamed: {}", run.out);
}

#[test]
fn what_is_new_is_reported_though_it_is_like_what_is_known() {
    let folder = known(&[("a/main.tf", &image("a", "nginx:latest"))]);
    let new = |path: &str, text: &str| {
        write(&folder, path, text);
        let run = stanchion(folder.path(), &["lint", "--baseline", NAME, "--format", "compact"]);
        fs::remove_file(folder.path().join(path)).unwrap();
        run.out.lines().map(|it| it.split(": ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(new("a/other.tf", &image("b", "nginx:latest")), ["a/other.tf:2:10"]);
    assert_eq!(new("b/main.tf", &image("a", "nginx:latest")), ["b/main.tf:2:10"]);
    let before = "A/main.tf";
    assert_eq!(new(before, &image("a", "nginx:latest")), ["A/main.tf:2:10"], "not the known one");
    assert_eq!(new("a/main.tf", &image("a", "nginx:edge")), ["a/main.tf:2:10"]);
}

#[test]
fn another_origin_of_a_value_is_another_fault_and_one_more_instance_is_none() {
    let text = |image: &str, count: u32| {
        format!(
            "variable \"i\" {{\n  default = \"{image}\"\n}}\nresource \"docker_image\" \"a\" {{\n  count = {count}\n  name = var.i\n}}\n"
        )
    };
    let folder = known(&[("main.tf", &text("x:latest", 2))]);
    write(&folder, "main.tf", &text("x:latest", 3));
    assert_eq!(lint(folder.path()).status, 0);
    write(&folder, "main.tf", &text("y:latest", 2));
    assert_eq!(lint(folder.path()).status, 1);
}

#[test]
fn of_a_fault_in_a_module_a_new_root_is_new() {
    let call = "module \"m\" {\n  source = \"../m\"\n}\n";
    let folder = known(&[("dev/main.tf", call), ("m/main.tf", &image("a", "nginx"))]);
    write(&folder, "prod/main.tf", call);
    let run = stanchion(folder.path(), &["lint", "--baseline", NAME, "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{document:#}");
    let roots = |it: &Value| {
        let all = it["subjects"].as_array().unwrap().iter();
        all.map(|it| it["root"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(roots(&findings[0]), ["prod"]);
    assert_eq!(roots(&document["excused"][0]["finding"]), ["dev"]);
    assert_eq!(document["excused"][0]["by"], "baseline");
}

#[test]
fn what_is_gone_is_told_and_taken_out() {
    let folder = known(&[("a.tf", &image("a", "nginx")), ("b.tf", &image("b", "nginx"))]);
    let salt = |folder: &TempDir| {
        let text = fs::read_to_string(folder.path().join(NAME)).unwrap();
        let it: Value = serde_json::from_str(&text).unwrap();
        (it["salt"].as_str().unwrap().to_owned(), it["findings"].as_array().unwrap().len())
    };
    let (before, count) = salt(&folder);
    assert_eq!((before.len(), count), (32, 2));
    write(&folder, "b.tf", &image("b", "nginx:1"));
    let run = lint(folder.path());
    let told = "1 entry of the baseline is gone: stanchion baseline takes what is gone out\n";
    assert!(run.out.starts_with(told), "{}", run.out);
    assert_eq!(run.status, 0);
    let run = stanchion(folder.path(), &["lint", "--baseline", NAME, "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let gone = &document["baseline"]["gone"][0];
    assert_eq!((&gone["address"], &gone["file"]), (&"docker_image.b".into(), &"b.tf".into()));
    let run = stanchion(folder.path(), &["baseline"]);
    assert_eq!(run.out, "stanchion-baseline.json has 1 finding\n");
    assert_eq!(salt(&folder), (before, 1), "the salt is kept");
    assert!(!lint(folder.path()).out.contains("gone"));
}

#[test]
fn what_is_there_twice_is_known_twice() {
    let pod = |images: &[&str]| {
        let one = |it: &&str| format!("    container {{\n      image = \"{it}\"\n    }}\n");
        let all: String = images.iter().map(one).collect();
        format!("resource \"kubernetes_pod_v1\" \"a\" {{\n  spec {{\n{all}  }}\n}}\n")
    };
    let folder = known(&[("main.tf", &pod(&["nginx", "nginx"]))]);
    assert_eq!(lint(folder.path()).status, 0);
    write(&folder, "main.tf", &pod(&["nginx", "nginx", "nginx"]));
    let run = lint(folder.path());
    assert!(run.out.contains("1 finding, 2 in the baseline in"), "{}", run.out);
}

#[test]
fn no_secret_is_in_a_baseline_and_two_baselines_of_one_differ() {
    let secret = ["hunter", "2-", "canary"].concat();
    let text = image("a", "").replace("\"\"", &format!("sensitive(\"{secret}:edge\")"));
    let [one, two] = [known(&[("main.tf", &text)]), known(&[("main.tf", &text)])];
    let read = |it: &TempDir| fs::read_to_string(it.path().join(NAME)).unwrap();
    let hash = |it: &str| {
        let it: Value = serde_json::from_str(it).unwrap();
        it["findings"][0]["text"].as_str().unwrap().to_owned()
    };
    assert!(!read(&one).contains(&secret), "{}", read(&one));
    assert_ne!(hash(&read(&one)), hash(&read(&two)));
    assert_eq!(lint(one.path()).status, 0);
}

#[test]
fn the_settings_name_the_baseline_for_both_commands() {
    let folder = known(&[
        ("a/main.tf", &image("a", "nginx")),
        ("stanchion.toml", "baseline = \"known.json\"\n"),
    ]);
    assert!(folder.path().join("known.json").is_file());
    assert_eq!(stanchion(folder.path(), &["lint"]).status, 0);
    assert_eq!(stanchion(&folder.path().join("a"), &["lint"]).status, 0, "from anywhere");
}

#[test]
fn a_baseline_that_is_none_is_refused_with_what_to_do() {
    let folder = folder(&[
        ("main.tf", &image("a", "nginx")),
        ("newer.json", "{\"version\": 2, \"what\": []}"),
        ("broken.json", "{\"version\": 1"),
        ("other.json", "{\"version\": 1, \"salt\": \"x\", \"findings\": [], \"more\": 1}"),
    ]);
    for (file, error) in [
        ("newer.json", "newer.json is a baseline of version 2, and this program knows up to 1\n"),
        (
            "broken.json",
            "broken.json is no baseline: the JSON text ends too early (line 1, column 13)",
        ),
        ("other.json", "other.json is no baseline: the JSON has not what a baseline has (line 1, "),
        ("none.json", "there is no baseline none.json\nhelp: stanchion baseline writes it\n"),
    ] {
        let run = stanchion(folder.path(), &["lint", "--baseline", file]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{file}");
        assert!(run.err.starts_with(&format!("error: {error}")), "{}", run.err);
        assert!(run.err.contains("\nhelp: "), "{}", run.err);
    }
    let run = stanchion(folder.path(), &["baseline", "--baseline", "newer.json"]);
    assert_eq!(run.status, 2, "what is newer is not overwritten");
    let run = stanchion(folder.path(), &["baseline", "--baseline", "no/such/folder.json"]);
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("error: no/such/folder.json can't be written: "), "{}", run.err);
}
