//! Findings in modules that Terraform fetched are told at the call that one owns.

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{folder, stanchion};

const LIST: &str = r#"{"Modules": [
  {"Key": "", "Source": "", "Dir": "."},
  {"Key": "wrap", "Source": "./wrap", "Dir": "wrap"},
  {"Key": "wrap.web", "Source": "registry.terraform.io/x/web/aws", "Version": "1.0.0", "Dir": ".terraform/modules/wrap.web"},
  {"Key": "wrap.web.inner", "Source": "./inner", "Dir": ".terraform/modules/wrap.web/inner"}]}"#;
const WEB: &str = "module \"inner\" {\n  source = \"./inner\"\n}\nresource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";
const INNER: &str = "variable \"tag\" {\n  default = \"edge\"\n}\nresource \"docker_image\" \"i\" {\n  name = \"nginx:${var.tag}\"\n}\nlocals {\n  x = var.nope\n}\noutput \"x\" {\n  value = local.x\n}\n";
const WRAP: &str = "\nmodule \"web\" {\n  source = \"x/web/aws\"\n}\n";

fn tree(wrap: &str, web: &str) -> TempDir {
    folder(&[
        ("main.tf", "module \"wrap\" {\n  source = \"./wrap\"\n}\n"),
        ("wrap/main.tf", wrap),
        (".terraform/modules/modules.json", LIST),
        (".terraform/modules/wrap.web/main.tf", web),
        (".terraform/modules/wrap.web/inner/main.tf", INNER),
    ])
}

fn lint(folder: &TempDir, more: &[&str]) -> Value {
    let run = stanchion(folder.path(), &[&["lint", "--format", "json"], more].concat());
    assert_eq!(run.err, "");
    serde_json::from_str(&run.out).unwrap()
}

#[test]
fn a_fault_in_a_fetched_module_is_told_at_the_call_that_one_owns() {
    let folder = tree(WRAP, WEB);
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    let mut lines: Vec<_> = run.out.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "wrap/main.tf:2:1: error[refused-configuration]: Reference to undeclared input variable: An \
             input variable with the name \"nope\" has not been declared, in the module wrap.web.inner at \
             .terraform/modules/wrap.web/inner/main.tf:8",
            "wrap/main.tf:2:1: warning[image-floating-tag]: the image's tag edge moves, in the module \
             wrap.web.inner at .terraform/modules/wrap.web/inner/main.tf:5",
            "wrap/main.tf:2:1: warning[image-floating-tag]: the image's tag latest moves, in the module \
             wrap.web at .terraform/modules/wrap.web/main.tf:5",
        ]
    );
    let document = lint(&folder, &[]);
    let finding = &document["findings"][0];
    let step = &finding["chain"][0];
    assert_eq!(
        finding["subjects"][0]["address"],
        "module.wrap.module.web.module.inner.docker_image.i"
    );
    assert_eq!(step["place"]["path"], ".terraform/modules/wrap.web/inner/main.tf");
    assert_eq!(step["place"]["line"], 5);
    assert_eq!(document["summary"]["roots"], 1);
}

#[test]
fn a_file_of_a_fetched_module_that_is_broken_is_told_at_the_call_too() {
    let folder = tree(WRAP, WEB);
    let path = folder.path().join(".terraform/modules/wrap.web/inner/broken.tf");
    std::fs::write(path, "\nresource {").unwrap();
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    let line = run.out.lines().find(|it| it.contains("unreadable-file")).unwrap();
    assert!(line.starts_with("wrap/main.tf:2:1: error[unreadable-file]: "), "{line}");
    let told = ", in the module wrap.web.inner at .terraform/modules/wrap.web/inner/broken.tf:2";
    assert!(line.ends_with(told), "{line}");
}

#[test]
fn a_named_file_tells_of_the_modules_that_it_calls_and_of_no_others() {
    let folder = tree(WRAP, WEB);
    assert_eq!(
        lint(&folder, &["wrap/main.tf", "main.tf"])["findings"].as_array().unwrap().len(),
        3
    );
    assert_eq!(lint(&folder, &["main.tf"])["findings"], Value::Array(vec![]));
}

#[test]
fn a_fault_in_a_fetched_module_is_suppressed_at_the_call() {
    let reason = "# stanchion:allow image-floating-tag: they pin it in the next version";
    let folder = tree(&WRAP.replace("\nmodule", &format!("{reason}\nmodule")), WEB);
    let document = lint(&folder, &[]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 1, "{document:#}");
    assert_eq!(document["excused"].as_array().unwrap().len(), 2);
    let skipped = WEB.replace("latest\"", "latest\" #tfsec:ignore:*");
    let document = lint(&tree(WRAP, &skipped), &[]);
    assert_eq!(document["excused"].as_array().unwrap().len(), 1, "what its authors let through");
}

#[test]
fn a_baseline_knows_faults_of_a_fetched_module_after_an_update() {
    let folder = tree(WRAP, WEB);
    assert_eq!(stanchion(folder.path(), &["baseline"]).status, 0);
    let update = |text: &str| {
        let path = folder.path().join(".terraform/modules/wrap.web/main.tf");
        std::fs::write(path, text).unwrap();
        let document = lint(&folder, &["--baseline", "stanchion-baseline.json"]);
        document["findings"].as_array().unwrap().len()
    };
    assert_eq!(update(&format!("# 1.0.1\n\n{WEB}")), 0, "what moved is known");
    assert_eq!(
        update(&WEB.replace("latest", "main")),
        1,
        "another fault at the same address is new"
    );
}

#[test]
fn the_way_of_a_value_into_a_fetched_module_is_told() {
    let web = "variable \"tag\" {}\nresource \"docker_image\" \"a\" {\n  name = \"nginx:${var.tag}\"\n}\n";
    let wrap = WRAP.replace("/aws\"\n", "/aws\"\n  tag    = \"main\"\n");
    let document = lint(&tree(&wrap, web), &[]);
    let chain = document["findings"][0]["chain"].as_array().unwrap().iter();
    let of = |it: &Value| {
        let place = &it["place"];
        let (path, line) = (place["path"].as_str().unwrap(), &place["line"]);
        format!("{path}:{line}: {}", it["what"].as_str().unwrap())
    };
    assert_eq!(
        chain.map(of).collect::<Vec<_>>(),
        [
            ".terraform/modules/wrap.web/main.tf:3: the fault is here, in the module wrap.web",
            "wrap/main.tf:4: a part of its value is written here",
        ],
        "{document:#}"
    );
}
