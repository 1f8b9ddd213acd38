//! Another linter's findings beside ours: what the real checkov says, and which of its checks are then
//! not needed any more.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use common::{Run, folder, stanchion, stanchion_with};
use serde_json::{Value, json};

/// A deployment of an image, with a probe and nothing else that would be good.
const MODULE: &str = "variable \"image\" {
  type = string
}

resource \"kubernetes_deployment_v1\" \"web\" {
  metadata {
    name = \"web\"
  }
  spec {
    template {
      spec {
        container {
          name  = \"web\"
          image = var.image
        }
      }
    }
  }
}
";

const ROOT: &str = "variable \"tag\" {
  default = \"latest\"
}

module \"shop\" {
  source = \"./shop\"
  image  = \"nginx:${var.tag}\"
}

resource \"docker_image\" \"tool\" {
  name = \"alpine:edge\"
}
";

#[test]
fn the_real_checkov_may_skip_what_we_have_all_findings_of() {
    let folder = folder(&[("main.tf", ROOT), ("shop/main.tf", MODULE)]);
    let report = folder.path().join("report.json");
    // The checkov on PATH is the real one, and what it wrote is kept.
    let script = format!("#!/bin/sh\n{} \"$@\" | tee {}\n", installed(), report.display());
    let (path, home) = (with_program(folder.path(), &script), folder.path().display().to_string());
    let more = [("PATH", path.as_str()), ("HOME", home.as_str())];
    let run = stanchion_with(folder.path(), &["adopt", "checkov"], &more);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    let agreed = "agree: CKV_K8S_14 module.shop.kubernetes_deployment_v1.web
  shop/main.tf:5: Image Tag should be fixed - not latest or blank
  shop/main.tf:14:19: image-floating-tag: the image's tag latest moves
    main.tf:7:12: its value comes from here
    main.tf:2:13: a part of its value is written here
";
    assert!(run.out.contains(agreed), "{}", run.out);
    let theirs = "only checkov: CKV_K8S_11 module.shop.kubernetes_deployment_v1.web
  shop/main.tf:5: CPU Limits should be set
  no rule is about it
";
    assert!(run.out.contains(theirs), "{}", run.out);
    let ours = "only stanchion: image-floating-tag docker_image.tool
  main.tf:11:10: image-floating-tag: the image's tag edge moves
";
    assert!(run.out.contains(ours), "{}", run.out);
    assert!(run.out.ends_with("\ncheckov --skip-check CKV_K8S_14,CKV_K8S_43\n"), "{}", run.out);

    // The list is exact: with it, checkov leaves out these and nothing else.
    let before: Value = serde_json::from_str(&fs::read_to_string(&report).unwrap()).unwrap();
    let mut checkov = Command::new(folder.path().join("programs/checkov"));
    checkov.args(["--directory", ".", "--framework", "terraform", "--output", "json", "--quiet"]);
    checkov.args(["--skip-download", "--skip-check", "CKV_K8S_14,CKV_K8S_43"]);
    let after = checkov.current_dir(folder.path()).env("HOME", &home).output().unwrap().stdout;
    let after: Value = serde_json::from_slice(&after).unwrap();
    let skipped = |it: &String| ["CKV_K8S_14", "CKV_K8S_43"].contains(&it.as_str());
    let (left_out, kept): (Vec<_>, Vec<_>) = ids(&before).into_iter().partition(skipped);
    assert_eq!((left_out.len(), ids(&after)), (2, kept));
    fs::write(&report, before.to_string()).unwrap();

    // A finding that we lack: its id leaves the list, the other one stays.
    let mut more: Value = serde_json::from_str(&fs::read_to_string(&report).unwrap()).unwrap();
    let failed = more["results"]["failed_checks"].as_array_mut().unwrap();
    let mut lacked = failed.iter().find(|it| it["check_id"] == "CKV_K8S_14").unwrap().clone();
    lacked["resource"] = "module.shop.kubernetes_deployment_v1.other".into();
    failed.push(lacked);
    fs::write(&report, more.to_string()).unwrap();
    let document = adopt_json(folder.path());
    assert_eq!(document["skip"], json!(["CKV_K8S_43"]));
    let counts = document["ids"].as_array().unwrap();
    let count = counts.iter().find(|it| it["id"] == "CKV_K8S_14").unwrap();
    assert_eq!(count, &json!({"id": "CKV_K8S_14", "findings": 2, "agree": 1}));
    let run = stanchion(folder.path(), &["adopt", "checkov", "--report", "report.json"]);
    assert!(run.out.contains("\nCKV_K8S_14 stays: 1 of its 2 agree\n"), "{}", run.out);
    assert!(run.out.ends_with("\ncheckov --skip-check CKV_K8S_43\n"), "{}", run.out);
}

#[test]
fn a_pinned_tag_is_checkovs_alone_which_wants_a_digest() {
    let root = ROOT.replace("latest", "1.27.3");
    let folder = folder(&[("main.tf", &root), ("shop/main.tf", MODULE)]);
    let address = "module.shop.kubernetes_deployment_v1.web";
    let their = finding("CKV_K8S_43", "shop/main.tf", [5, 19], address, Some("main.tf"));
    write(folder.path(), vec![their]);
    let document = adopt_json(folder.path());
    assert_eq!(document["theirs"][0]["verdict"], "only-theirs");
    assert_eq!(document["theirs"][0]["why"], "image-floating-tag has nothing to object to");
    assert_eq!(document["skip"], json!([]));
    assert_eq!(document["only_ours"][0]["address"], "docker_image.tool");
}

#[test]
fn what_we_can_not_judge_is_no_agreement() {
    let root = ROOT.replace("  default = \"latest\"\n", "");
    let folder = folder(&[("main.tf", &root), ("shop/main.tf", MODULE)]);
    let address = "module.shop.kubernetes_deployment_v1.web";
    let their = finding("CKV_K8S_14", "shop/main.tf", [5, 19], address, Some("main.tf"));
    write(folder.path(), vec![their]);
    let document = adopt_json(folder.path());
    let why = "image-floating-tag can't judge it, because var.tag has no value";
    assert_eq!(document["theirs"][0]["why"], why);
    assert_eq!(document["skip"], json!([]));
}

#[test]
fn a_module_is_judged_under_each_root_by_itself() {
    let root = ROOT.replace("./shop", "../shop");
    let pinned = root.replace("latest", "1.27.3").replace("edge", "3.22.1");
    let files = [("a/main.tf", &*root), ("b/main.tf", &pinned), ("shop/main.tf", MODULE)];
    let folder = folder(&files);
    let address = "module.shop.kubernetes_deployment_v1.web";
    let under = |root| finding("CKV_K8S_14", "shop/main.tf", [5, 19], address, root);
    for (theirs, skip) in [
        (vec![under(Some("a/main.tf"))], json!(["CKV_K8S_14"])),
        (vec![under(Some("b/main.tf"))], json!([])),
        (vec![under(Some("a/main.tf")), under(Some("b/main.tf"))], json!([])),
        // Under which root is not told, and there are two.
        (vec![under(None)], json!([])),
    ] {
        write(folder.path(), theirs.clone());
        assert_eq!(adopt_json(folder.path())["skip"], skip, "{theirs:?}");
    }
}

#[test]
fn an_instance_without_a_key_is_ours_with_one_and_another_file_or_rule_is_not() {
    let image = "resource \"kubernetes_pod_v1\" \"a\" {\n  count = 2\n  spec {\n    container {\n      image = \"nginx\"\n    }\n  }\n}\n";
    let excused = format!("# stanchion:allow image-floating-tag: a demonstration\n{image}")
        .replace("\"a\"", "\"b\"");
    let folder = folder(&[("main.tf", image), ("b.tf", &excused), ("c/main.tf", image)]);
    for (id, file, address, agrees) in [
        ("CKV_K8S_14", "main.tf", "kubernetes_pod_v1.a", true),
        ("CKV_K8S_14", "main.tf", "kubernetes_pod_v1.a[1]", true),
        ("CKV_K8S_14", "main.tf", "kubernetes_pod_v1.a[2]", false),
        ("CKV_K8S_14", "main.tf", "kubernetes_pod_v1.z", false),
        ("CKV_K8S_14", "c/main.tf", "kubernetes_pod_v1.a", true),
        ("CKV_K8S_14", "d/main.tf", "kubernetes_pod_v1.a", false),
        ("CKV_K8S_11", "main.tf", "kubernetes_pod_v1.a", false),
        // What a comment excuses, we know of.
        ("CKV_K8S_14", "b.tf", "kubernetes_pod_v1.b", true),
    ] {
        write(folder.path(), vec![finding(id, file, [1, 8], address, None)]);
        let document = adopt_json(folder.path());
        let verdict = if agrees { "agree" } else { "only-theirs" };
        assert_eq!(document["theirs"][0]["verdict"], verdict, "{id} {file} {address}");
    }
}

#[test]
fn what_can_not_be_compared_is_told_with_the_cure() {
    let folder = folder(&[("main.tf", ROOT), ("shop/main.tf", MODULE), ("broken.json", "{")]);
    fs::write(folder.path().join("other.json"), "{\"findings\": []}").unwrap();
    let write_one = "help: write one: checkov --directory . --output json >checkov.json\n";
    for (file, error) in [
        ("broken.json", "broken.json is no JSON: EOF while parsing"),
        ("other.json", "other.json is no report of checkov's: it has neither `results` nor"),
        ("none.json", "there is no file none.json"),
    ] {
        let run = stanchion(folder.path(), &["adopt", "checkov", "--report", file]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{file}");
        assert!(run.err.starts_with(&format!("error: {error}")), "{}", run.err);
        assert!(run.err.ends_with(write_one), "{}", run.err);
    }
    let without = |script: &str| -> Run {
        let path = with_program(folder.path(), script);
        stanchion_with(folder.path(), &["adopt", "checkov"], &[("PATH", &path)])
    };
    let run = without("#!/bin/sh\necho a line >&2\necho 'no such option' >&2\nexit 3\n");
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("error: checkov failed: no such option\nhelp: run it by hand"));
    let run = without("#!/bin/sh\necho something\n");
    assert!(run.err.starts_with("error: what checkov wrote is no JSON: "), "{}", run.err);
    let run = stanchion_with(folder.path(), &["adopt", "checkov"], &[("PATH", "")]);
    assert_eq!(run.status, 2);
    let missing = "error: checkov is not on PATH\nhelp: install it, or hand in what it wrote";
    assert!(run.err.starts_with(missing), "{}", run.err);
    let run = stanchion(folder.path(), &["adopt", "another"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("[possible values: checkov]"), "{}", run.err);
}

/// What `adopt checkov --report report.json --format json` says.
fn adopt_json(folder: &Path) -> Value {
    let arguments = ["adopt", "checkov", "--report", "report.json", "--format", "json"];
    let run = stanchion(folder, &arguments);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    serde_json::from_str(&run.out).unwrap()
}

/// A finding as checkov writes one, on a machine where the files lie elsewhere.
fn finding(id: &str, file: &str, lines: [u32; 2], address: &str, root: Option<&str>) -> Value {
    let calls: Vec<_> = root.iter().map(|it| json!({"path": format!("/ci/{it}")})).collect();
    json!({
        "check_id": id, "check_name": "a name", "file_path": format!("/{file}"),
        "file_abs_path": format!("/ci/{file}"), "file_line_range": lines, "resource": address,
        "breadcrumbs": {"source_module_": calls},
    })
}

/// Writes a report with these findings.
fn write(folder: &Path, findings: Vec<Value>) {
    let report = json!({"check_type": "terraform", "results": {"failed_checks": findings}});
    fs::write(folder.join("report.json"), report.to_string()).unwrap();
}

fn ids(report: &Value) -> Vec<String> {
    let failed = report["results"]["failed_checks"].as_array().unwrap();
    failed.iter().map(|it| it["check_id"].as_str().unwrap().to_owned()).collect()
}

/// A PATH on which `checkov` is a script.
fn with_program(folder: &Path, script: &str) -> String {
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).unwrap();
    let program = programs.join("checkov");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:/usr/bin:/bin", programs.display())
}

/// The path of the real checkov.
fn installed() -> String {
    let installer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/parts/checkov");
    let output = Command::new(installer).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
