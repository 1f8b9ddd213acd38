//! Which root modules there are, and which files are read for them.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::common::{folder, lint_all, stanchion};

const MOVING: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";
const CALL: &str = "module \"m\" {\n  source = \"./m\"\n}\n";

/// The findings of a run as `path:line`, those about versions and states aside.
fn found(folder: &tempfile::TempDir, arguments: &[&str]) -> Vec<String> {
    let run = stanchion(folder.path(), &[&["lint", "--format", "compact"], arguments].concat());
    assert_eq!(run.err, "");
    let is_told = |it: &&str| !it.contains("[drift-") && !it.contains(": not read: ");
    let lines = run.out.lines().filter(is_told);
    lines.map(|it| it.split(':').take(2).collect::<Vec<_>>().join(":")).collect()
}

#[test]
fn a_called_module_is_a_root_only_if_it_is_applied_itself() {
    let roots = |more: (&str, &str)| {
        lint_all(&[("main.tf", CALL), ("m/main.tf", MOVING), more])["summary"]["roots"].clone()
    };
    assert_eq!(roots(("m/more.tf", "")), 1, "it is judged as it is called");
    assert_eq!(roots(("other/main.tf", "")), 2, "nobody calls it");
    for more in [
        ("m/backend.tf", "terraform {\n  backend \"s3\" {}\n}\n"),
        ("m/terraform.tfvars", ""),
        ("m/.terraform.lock.hcl", ""),
    ] {
        assert_eq!(roots(more), 2, "{}", more.0);
    }
    let of_old = ("m/provider.tf", "provider \"aws\" {\n  region = \"x\"\n}\n");
    assert_eq!(roots(of_old), 1, "old modules configure providers and are called");
}

#[test]
fn git_ignores_roots_and_not_what_terraform_would_load_for_them() {
    let folder = folder(&[
        (".gitignore", "*.tfvars\nlocal.tf\nscratch/\ngenerated/\n"),
        (
            "main.tf",
            "variable \"tag\" {}\nmodule \"m\" {\n  source = \"./generated\"\n  tag = var.tag\n}\n",
        ),
        ("terraform.tfvars", "tag = \"latest\"\n"),
        ("other.tfvars", "tag = \"edge\"\n"),
        ("local.tf", MOVING),
        (
            "generated/main.tf",
            "variable \"tag\" {}\nresource \"docker_image\" \"a\" {\n  name = \"x:${var.tag}\"\n}\n",
        ),
        ("scratch/main.tf", MOVING),
    ]);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(found(&folder, &[]), ["generated/main.tf:3", "local.tf:2"]);
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["summary"]["variable_files"], 0, "git ignores other.tfvars");
    assert_eq!(document["summary"]["roots"], 1);
}

#[test]
fn a_link_is_followed_as_far_as_it_stays_within() {
    let outside = folder(&[("main.tf", MOVING), ("m/main.tf", MOVING)]);
    let inside = folder(&[("common/main.tf", MOVING), ("a/x.tf", ""), ("b/x.tf", "")]);
    std::fs::create_dir(inside.path().join(".git")).unwrap();
    symlink("../common/main.tf", inside.path().join("a/main.tf")).unwrap();
    symlink(outside.path().join("main.tf"), inside.path().join("b/out.tf")).unwrap();
    symlink(outside.path().join("m"), inside.path().join("c")).unwrap();
    symlink("nowhere.tf", inside.path().join("b/gone.tf")).unwrap();
    assert_eq!(found(&inside, &[]), ["a/main.tf:2", "b/gone.tf:1", "common/main.tf:2"]);
    let run = stanchion(inside.path(), &["lint"]);
    let told = "b/out.tf:1:1: not read: is a link that leads out of what is looked at\n";
    assert!(run.out.contains(told), "{}", run.out);
    assert!(run.out.contains(", 1 not read in 3 roots"), "{}", run.out);
}

#[test]
fn what_is_binary_or_huge_is_not_looked_into_and_said_so() {
    let folder = folder(&[("main.tf", MOVING)]);
    std::fs::write(folder.path().join("binary.tf"), b"\x7fELF\0\0\0\xff\xfe").unwrap();
    std::fs::write(folder.path().join("zeros.tf"), [0; 64]).unwrap();
    let huge = std::fs::File::create(folder.path().join("huge.tf")).unwrap();
    huge.set_len((16 << 20) + 1).unwrap();
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", run.out);
    assert_eq!(lines[0], "binary.tf:1:8: error[unreadable-file]: is not UTF-8 text");
    assert_eq!(lines[1], "huge.tf:1:1: error[unreadable-file]: is larger than 16 MiB");
    assert!(lines[2].starts_with("main.tf:2:10: warning[image-floating-tag]"), "{}", run.out);
    assert!(lines[3].starts_with("zeros.tf:1:1: error[unreadable-file]"), "{}", run.out);
}

#[test]
fn nothing_of_terraform_below_a_path_is_no_clean_run() {
    let folder = folder(&[
        ("infra/main.tf", ""),
        ("docs/a.md", ""),
        ("docs/values/v.tfvars", "a = 1\n"),
        (".gitignore", "hidden/\n"),
        ("hidden/main.tf", ""),
    ]);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (arguments, named) in [
        (&["docs"][..], "below docs"),
        (&["docs/values/v.tfvars"], "in docs/values/v.tfvars"),
        (&["infra", "docs"], "below docs"),
        (&["hidden", "docs"], "below docs"),
        (&["docs/a.md"], "in docs/a.md"),
    ] {
        let run = stanchion(folder.path(), &[&["lint"], arguments].concat());
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(
            run.err,
            format!(
                "error: there is nothing of Terraform {named}: no .tf, .tofu, .tf.json or .tofu.json file \
                 that .gitignore lets through\n\
                 help: name a folder with .tf files, or run it there without a path\n"
            )
        );
    }
    assert_eq!(stanchion(folder.path(), &["baseline", "docs"]).status, 2);
}

#[test]
fn one_fault_in_several_instances_is_one_finding_that_names_them() {
    let twice = "module \"m\" {\n  count  = 2\n  source = \"./m\"\n}\nmodule \"n\" {\n  source = \"./m\"\n}\n";
    let document = lint_all(&[("main.tf", twice), ("m/main.tf", MOVING)]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{document:#}");
    let subjects = findings[0]["subjects"].as_array().unwrap().iter();
    let addresses: Vec<_> = subjects.map(|it| it["address"].as_str().unwrap()).collect();
    assert_eq!(
        addresses,
        ["module.m[0].docker_image.a", "module.m[1].docker_image.a", "module.n.docker_image.a"]
    );
}

#[test]
fn a_folder_that_cannot_be_looked_into_is_told_and_not_passed_over() {
    let folder = folder(&[("a/main.tf", MOVING), ("hidden/main.tf", MOVING)]);
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("", 0o755);
    mode("a", 0o755);
    mode("hidden", 0);
    let program = folder.path().join("stanchion");
    fs::copy(env!("CARGO_BIN_EXE_stanchion"), &program).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.arg("lint").args(arguments).current_dir(folder.path());
        // Nothing is hidden from root.
        if folder.path().metadata().unwrap().uid() == 0 {
            command.uid(65534);
        }
        let it = command.env_clear().output().unwrap();
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        (it.status.code(), text(&it.stdout), text(&it.stderr))
    };
    let (status, out, _) = run(&[]);
    assert_eq!(status, Some(1));
    assert!(out.contains("a/main.tf:2:10"), "{out}");
    assert!(out.contains("hidden can't be read: permission denied"), "{out}");
    let (status, out, told) = run(&["hidden"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(told.contains("hidden can't be read: permission denied"), "{told}");
    mode("hidden", 0o755);
    assert_eq!(run(&["hidden"]).0, Some(1), "it can be looked into again");
}
