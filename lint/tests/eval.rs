//! `stanchion eval`: one line for each expression.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{folder, stanchion};
use serde_json::Value;

const MAIN: &str = r#"
variable "region" { default = "eu" }
variable "token" {
  default   = "hunter2"
  sensitive = true
}
variable "open" {}
locals {
  tags = { region = var.region, id = aws_vpc.v.id }
}
resource "aws_vpc" "v" { name = "vpc-${var.region}" }
module "app" {
  source   = "./app"
  for_each = toset(["web"])
  region   = var.region
}
"#;

const APP: &str = r#"
variable "region" {}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Action = "s3:*", Region = var.region })
}
output "name" { value = "app-${var.region}" }
"#;

fn configuration() -> tempfile::TempDir {
    folder(&[("main.tf", MAIN), ("app/main.tf", APP)])
}

#[test]
fn each_expression_has_one_line() {
    let folder = configuration();
    let run = stanchion(
        folder.path(),
        &[
            "eval",
            "1 + 1",
            "local.tags",
            "var.token",
            "upper(var.token)",
            "[var.token, 1]",
            "var.open",
            "aws_vpc.v.name",
            "module.app[\"web\"].name",
            "module.app[\"web\"].aws_iam_policy.p.policy",
            "module.app[\"web\"].var.region",
        ],
    );
    assert_eq!(run.status, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        lines,
        [
            "2",
            "{\"id\":(known after apply),\"region\":\"eu\"}",
            "(sensitive value)",
            "(sensitive value)",
            "[(sensitive value),1]",
            "(known after apply)",
            "\"vpc-eu\"",
            "\"app-eu\"",
            "\"{\\\"Action\\\":\\\"s3:*\\\",\\\"Region\\\":\\\"eu\\\"}\"",
            "\"eu\"",
        ]
    );
    assert!(!run.out.contains("hunter2") && !run.err.contains("hunter2"));
    let shown = stanchion(folder.path(), &["eval", "--show-sensitive", "var.token"]);
    assert_eq!(shown.out, "\"hunter2\"\n");
}

#[test]
fn what_is_refused_is_told_and_the_others_go_on() {
    let folder = configuration();
    let run = stanchion(folder.path(), &["eval", "1 + \"a\"", "2", "local.nope", "nope("]);
    assert_eq!(run.status, 2);
    assert_eq!(run.out, "(error)\n2\n(error)\n(error)\n");
    for word in ["Invalid operand", "Reference to undeclared local value", "Invalid expression"] {
        assert!(run.err.contains(word), "{word}: {}", run.err);
    }
}

#[test]
fn variables_come_from_arguments_and_files() {
    let folder = folder(&[
        ("root/main.tf", "variable \"a\" {}\nvariable \"l\" { type = list(number) }\n"),
        ("root/x.tfvars", "a = \"file\"\nl = [3]\n"),
        ("root/terraform.tfvars", "a = \"automatic\"\n"),
    ]);
    let at = |arguments: &[&str]| {
        let all = ["eval", "-C", "root"].iter().chain(arguments).copied().collect::<Vec<_>>();
        let run = stanchion(folder.path(), &all);
        assert_eq!(run.status, 0, "{}", run.err);
        run.out
    };
    assert_eq!(at(&["var.a"]), "\"automatic\"\n");
    assert_eq!(
        at(&["--var", "a=argument", "--var", "l=[1, 2]", "var.a", "var.l"]),
        "\"argument\"\n[1,2]\n"
    );
    assert_eq!(at(&["--var-file", "root/x.tfvars", "var.a", "var.l"]), "\"file\"\n[3]\n");
    assert_eq!(at(&["--workspace", "prod", "terraform.workspace"]), "\"prod\"\n");
}

#[test]
fn json_tells_types_symbols_and_origins() {
    let folder = configuration();
    let run = stanchion(
        folder.path(),
        &["eval", "--format", "json", "local.tags.id", "module.app[\"web\"].name", "var.token"],
    );
    let lines: Vec<Value> = run.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!(lines[0]["symbol"], "aws_vpc.v.id");
    assert_eq!(lines[0]["known"], false);
    assert_eq!(lines[1]["value"], "\"app-eu\"");
    assert_eq!(lines[1]["type"], "string");
    assert_eq!(lines[2]["sensitive"], true);
    assert_eq!(lines[2]["value"], "(sensitive value)");
    let region =
        stanchion(folder.path(), &["eval", "--format", "json", "module.app[\"web\"].var.region"]);
    let region: Value = serde_json::from_str(region.out.trim()).unwrap();
    assert_eq!(region["origins"][0], "main.tf:2:31");
    assert_eq!(region["origins"].as_array().unwrap().last().unwrap(), "main.tf:15:14");
}

#[test]
fn expressions_come_from_standard_input() {
    let folder = configuration();
    let mut child = Command::new(env!("CARGO_BIN_EXE_stanchion"))
        .args(["eval", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"1 + 1\n\nvar.region\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "2\n\"eu\"\n");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = configuration();
    let run = stanchion(folder.path(), &["eval", "-C", "nowhere", "1"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("nowhere"), "{}", run.err);
}
