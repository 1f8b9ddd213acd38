//! Root modules with variable files that Terraform does not load by itself.

use serde_json::Value;

use crate::common::{folder, lint_all, stanchion};

const MAIN: &str = "variable \"tag\" {}\nresource \"docker_image\" \"a\" {\n  name = \"nginx:${var.tag}\"\n}\nresource \"docker_image\" \"b\" {\n  name = \"nginx:edge\"\n}\nresource \"docker_image\" \"c\" {\n  count = var.tag == \"1.27.3\" ? 1 : 0\n  name  = \"nginx\"\n}\n";

const TREE: &[(&str, &str)] = &[
    ("app/main.tf", MAIN),
    ("app/terraform.tfvars", "tag = \"nightly\"\n"),
    ("app/dev.tfvars", "tag = \"latest\"\n"),
    ("app/envs/prod.tfvars.json", "{\"tag\": \"1.27.3\"}"),
    ("other/main.tf", ""),
    ("other/here/main.tf", ""),
    ("other/here/x.auto.tfvars", ""),
];

/// The image findings: each with its line and its subjects as address and variable file.
fn findings(document: &Value) -> Vec<(u64, Vec<(String, Value)>)> {
    let all = document["findings"].as_array().unwrap().iter();
    let of = |it: &Value| {
        (it["address"].as_str().unwrap_or_default().to_owned(), it["variable_file"].clone())
    };
    all.filter(|it| it["rule"] == "image-floating-tag")
        .map(|it| {
            let subjects = it["subjects"].as_array().unwrap().iter().map(of).collect();
            (it["place"]["line"].as_u64().unwrap(), subjects)
        })
        .collect()
}

fn named(name: &str, file: &str) -> Vec<(String, Value)> {
    vec![(format!("docker_image.{name}"), if file.is_empty() { Value::Null } else { file.into() })]
}

#[test]
fn a_root_is_judged_once_with_each_of_its_variable_files() {
    let document = lint_all(TREE);
    assert_eq!(
        findings(&document),
        [
            (3, named("a", "app/dev.tfvars")),
            (6, named("b", "")),
            (10, named("c[0]", "app/envs/prod.tfvars.json")),
        ],
        "{document:#}"
    );
    let summary = &document["summary"];
    assert_eq!((&summary["roots"], &summary["variable_files"]), (&3.into(), &2.into()));
    assert_eq!(document["unknown"], Value::Array(vec![]));
}

#[test]
fn people_read_with_which_variable_file_it_is_so() {
    let folder = folder(TREE);
    let run = stanchion(folder.path(), &["lint", "app"]);
    assert!(run.out.contains("docker_image.a with app/dev.tfvars"), "{}", run.out);
    assert!(run.out.contains("docker_image.c[0] with app/envs/prod.tfvars.json"), "{}", run.out);
    assert!(!run.out.contains("docker_image.b with"), "{}", run.out);
    assert!(run.out.contains(" in 1 root (with 2 variable files), 4 files, "), "{}", run.out);
    let all = stanchion(folder.path(), &["lint"]);
    assert!(all.out.contains(" in 3 roots (one of them with 2 variable files), "), "{}", all.out);
}

#[test]
fn a_variable_file_that_is_given_takes_the_place_of_the_others() {
    let folder = folder(TREE);
    let run = |more: &[&str]| {
        let arguments = [&["lint", "app", "--format", "json"], more].concat();
        let run = stanchion(folder.path(), &arguments);
        assert_eq!(run.err, "");
        serde_json::from_str::<Value>(&run.out).unwrap()
    };
    let document = run(&["--var-file", "app/envs/prod.tfvars.json"]);
    assert_eq!(findings(&document), [(6, named("b", "")), (10, named("c[0]", ""))]);
    assert_eq!(document["summary"]["variable_files"], 0);
    let document = run(&["--var", "tag=main"]);
    let both = [(3, named("a", "")), (6, named("b", ""))];
    assert_eq!(findings(&document), both, "a variable that is given has the last word");
}

#[test]
fn what_terraform_refuses_with_one_variable_file_names_it() {
    let folder = folder(&[
        ("main.tf", "variable \"n\" {\n  type = number\n}\n"),
        ("good.tfvars", "n = 1\n"),
        ("bad.tfvars", "n = \"x\"\n"),
    ]);
    let run = stanchion(folder.path(), &["lint", "--format", "gitlab"]);
    assert!(run.out.contains("(with bad.tfvars)"), "{}", run.out);
    assert!(!run.out.contains("good.tfvars"), "{}", run.out);
}

#[test]
fn a_named_file_is_judged_with_the_variable_files_around_it() {
    let folder = folder(&[TREE, &[("main.tf", "")]].concat());
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for name in ["app/main.tf", "app/envs/prod.tfvars.json", "app/envs"] {
        let run = stanchion(folder.path(), &["lint", name, "--format", "json"]);
        let document: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(document["summary"]["variable_files"], 2, "{name}: {document:#}");
        assert_eq!(document["summary"]["roots"], 1, "{name}");
        assert_eq!(findings(&document).len(), 3, "{name}");
    }
}

#[test]
fn a_baseline_knows_a_finding_with_whichever_variable_file_it_is_met() {
    let folder = folder(TREE);
    assert_eq!(stanchion(folder.path(), &["baseline"]).status, 0);
    std::fs::write(folder.path().join("app/envs/test.tfvars"), "tag = \"1.0.0\"\n").unwrap();
    let arguments = ["lint", "--baseline", "stanchion-baseline.json"];
    let run = stanchion(folder.path(), &arguments);
    assert_eq!(run.status, 0, "{}", run.out);
}

#[test]
fn a_variable_file_that_is_named_may_have_any_name() {
    let files = [
        (
            "main.tf",
            "variable \"tag\" {\n}\nresource \"docker_image\" \"a\" {\n  name = \"x:${var.tag}\"\n}\n",
        ),
        ("values.txt", "tag = \"latest\"\n"),
        ("values.json", "{\"tag\": \"latest\"}"),
        ("values.tf.txt", "tag = \"1.2.3\"\n"),
        ("block.txt", "variable \"tag\" {\n}\n"),
    ];
    let folder = folder(&files);
    let run =
        |file: &str| stanchion(folder.path(), &["lint", "--format", "compact", "--var-file", file]);
    for file in ["values.txt", "./values.txt", "values.json"] {
        let it = run(file);
        assert!(it.out.contains("main.tf:4:10: warning[image-floating-tag]"), "{file}: {}", it.out);
    }
    let it = run("values.tf.txt");
    assert!(!it.out.contains("image-floating-tag]"), "{}", it.out);
    let it = run("block.txt");
    assert!(it.out.contains("block.txt:1:1: error[unreadable-file]"), "{}", it.out);
}
