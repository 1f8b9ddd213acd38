//! Files of one folder together: JSON, override files, variable files, and what is declared twice.

use stanchion_cty::json;
use stanchion_lang::{Evaluation, Inputs, NoDataSources, NoFiles, Source, Workspace as Read};
use stanchion_tests::{Terraform, Workspace};

type Files = &'static [(&'static str, &'static str)];

/// Each is a module whose outputs are compared.
const MODULES: &[(&str, Files)] = &[
    ("json", &[("main.tf.json", JSON)]),
    (
        "json_lists",
        &[(
            "main.tf.json",
            r#"[{"locals": [{"a": 1}, {"b": [2, {"c": null}]}], "//": "x"},
            {"output": [{"a": {"value": "${local.a}"}}, {"b": [{"value": "${local.b}"}]}]}]"#,
        )],
    ),
    (
        "overrides",
        &[
            (
                "main.tf",
                r#"
variable "a" {
  default   = "1"
  sensitive = true
}
variable "b" {
  default = [1]
}
locals {
  c = 1
  d = 1
}
resource "terraform_data" "e" {
  input = "e"
  count = 2
  lifecycle {
    ignore_changes = [input]
    precondition {
      condition     = var.b != null
      error_message = "b"
    }
  }
}
output "a" { value = nonsensitive(var.a) }
output "b" { value = var.b }
output "c" {
  value       = local.c
  description = "c"
}
output "d" { value = local.d }
output "e" { value = terraform_data.e[*].input }
"#,
            ),
            (
                "a_override.tf",
                r#"
variable "a" { type = number }
locals { c = 2 }
locals { d = 2 }
resource "terraform_data" "e" {
  input = "over"
  lifecycle {
    prevent_destroy = false
  }
}
"#,
            ),
            (
                "b_override.tf.json",
                r#"{"locals": {"d": "${local.c + 1}"}, "variable": {"b": {"default": {"x": "${y}"}}}}"#,
            ),
            ("override.tf", "output \"c\" { value = \"now ${local.c}\" }\n"),
        ],
    ),
    (
        "json_under_hcl",
        &[
            (
                "main.tf.json",
                r#"{"resource": {"terraform_data": {"a": {"input": {"x": 1}, "triggers_replace": [1]}}}}"#,
            ),
            ("main_override.tf", "resource \"terraform_data\" \"a\" {\n  input = [\"over\"]\n}\n"),
            (
                "outputs.tf",
                "output \"a\" { value = terraform_data.a.input }\noutput \"b\" { value = terraform_data.a.triggers_replace }\n",
            ),
        ],
    ),
];

const JSON: &str = r#"{
  "//": "a comment",
  "variable": {
    "a": {"type": "map(list(string))", "default": {"k": ["${v}", "$${w}", "%{x}"]}},
    "b": {"//": {"x": 1}, "type": "number", "default": "5"},
    "c": [{"default": null}]
  },
  "locals": {
    "s": "S",
    "t": "é \u00e9\ud83d\ude00 ${local.s} \n\t\"${local.s == \"S\" ? \"yes\" : \"no\"}\" $${x} %%{y}",
    "n": 12345678901234567890123456789,
    "f": 1.50,
    "l": ["${local.s}", {"${local.s}": "${var.b + 1}", "k-${local.s}": [true, null]}],
    "m": "a\n  ${~ local.s ~}\n\n  b\n \n${~ local.s}",
    "p": "%{ for x in [1, 2] ~}\n  ${x}\n%{ endfor ~}\n  end\r\n ${local.s ~}\r\n x",
    "w": "a\rb${local.s}\r", "y": "${local.s ~} $${z} \ra $$${b} %%{c}\n${local.s} \r\n d",
    "u": "\t a ${~ local.s ~} \t\u00a0 b $$${local.s} %%%{ c",
    "d": "%{ for x in [1, 2] ~} ${x} %{ endfor ~}",
    "o": "${{ for x in [1, 2] : x => x == 1 ?\n 2 : 3 }}",
    "v": "${var.a}"
  },
  "resource": {"terraform_data": {
    "one": {"input": "${local.l}", "lifecycle": {"ignore_changes": ["input"], "precondition": [{"condition": "${local.n > 0}", "error_message": "x"}]}},
    "two": [{"count": 2, "input": "${count.index}", "depends_on": ["terraform_data.one"]}]
  }},
  "output": {
    "a": {"value": "${var.a}"}, "b": {"value": "${var.b}"}, "c": {"value": "${var.c}"},
    "t": {"value": "${local.t}"}, "n": {"value": "${local.n}"}, "f": {"value": "${local.f}"},
    "m": {"value": "${local.m}"}, "p": {"value": "${local.p}"}, "u": {"value": "${local.u}"}, "w": {"value": "${local.w}"}, "y": {"value": "${local.y}"},
    "l": {"value": "${local.l}"}, "d": {"value": "${local.d}"}, "o": {"value": "${local.o}"},
    "r": {"value": "${terraform_data.one.input}"},
    "q": {"value": "${[for it in terraform_data.two : it.input]}"},
    "x": {"value": {"a": ["${local.s}"]}, "description": "x", "depends_on": ["terraform_data.one"]}
  }
}"#;

/// Each is refused, in the file and the line that stand beside it.
const REFUSED: &[(&str, Files)] = &[
    ("main.tf:3", &[("main.tf", "output \"a\" { value = 1 }\n\noutput \"a\" { value = 1 }\n")]),
    ("b.tf:1", &[("a.tf", "variable \"a\" {}\n"), ("b.tf", "variable \"a\" {}\n")]),
    ("main.tf:2", &[("main.tf", "locals { a = 1 }\nlocals { a = 1 }\n")]),
    (
        "main.tf:2",
        &[(
            "main.tf",
            "resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"a\" {}\n",
        )],
    ),
    (
        "main.tf:2",
        &[
            ("main.tf", "module \"a\" { source = \"./a\" }\nmodule \"a\" { source = \"./a\" }\n"),
            ("a/main.tf", ""),
        ],
    ),
    ("main.tf:2", &[("main.tf", "provider \"terraform\" {}\nprovider \"terraform\" {}\n")]),
    (
        "main.tf:5",
        &[(
            "main.tf",
            "terraform {\n  required_providers {}\n}\nterraform {\n  required_providers {}\n}\n",
        )],
    ),
    ("override.tf:1", &[("override.tf", "locals { a = 1 }\n")]),
    ("override.tf:1", &[("override.tf", "variable \"a\" {}\n")]),
    ("override.tf:1", &[("override.tf", "output \"a\" { value = 1 }\n")]),
    ("override.tf:1", &[("override.tf", "resource \"terraform_data\" \"a\" {}\n")]),
    ("override.tf:1", &[("override.tf", "provider \"terraform\" { alias = \"a\" }\n")]),
    (
        "override.tf:2",
        &[
            ("main.tf", "output \"a\" { value = 1 }\nresource \"terraform_data\" \"a\" {}\n"),
            ("override.tf", "output \"a\" {\n  depends_on = [terraform_data.a]\n}\n"),
        ],
    ),
    (
        "override.tf:2",
        &[
            ("main.tf", "variable \"a\" { default = 1 }\n"),
            (
                "override.tf",
                "variable \"a\" {\n  validation {\n    condition = var.a > 0\n    error_message = \"x\"\n  }\n}\n",
            ),
        ],
    ),
    (
        "override.tf:1",
        &[("override.tf", "moved {\n  from = terraform_data.a\n  to = terraform_data.b\n}\n")],
    ),
    ("main.tf.json:2", &[("main.tf.json", "{\n  \"locals\": 1\n}\n")]),
    ("main.tf.json:1", &[("main.tf.json", "{\"output\": {\"a\": [1]}}\n")]),
    ("main.tf.json:1", &[("main.tf.json", "{\"output\": {\"a\": {\"value\": 1,}}}\n")]),
    ("main.tf.json:1", &[("main.tf.json", "{\"locals\": {\"a\": 1, \"a\": 2}}\n")]),
    (
        "main.tf.json:1",
        &[(
            "main.tf.json",
            "{\"locals\": {\"a\": \"${\"}, \"output\": {\"a\": {\"value\": \"${local.a}\"}}}\n",
        )],
    ),
    ("main.tf.json:1", &[("main.tf.json", "[1]\n")]),
    ("main.tf.json:1", &[("main.tf.json", "{\"variable\": {\"a\": {\"type\": \"list(\"}}}\n")]),
    ("terraform.tfvars:1", &[("terraform.tfvars", "a {}\n"), ("main.tf", "variable \"a\" {}\n")]),
    (
        "terraform.tfvars.json:1",
        &[("terraform.tfvars.json", "[{\"a\": 1}]\n"), ("main.tf", "variable \"a\" {}\n")],
    ),
];

#[test]
fn files_of_a_folder_are_put_together_as_terraform_does() {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut root = String::new();
    for (name, parts) in MODULES {
        for (file, text) in *parts {
            files.push((format!("{name}/{file}"), (*text).to_owned()));
        }
        root.push_str(&format!("module \"{name}\" {{\n  source = \"./{name}\"\n}}\n"));
        root.push_str(&format!("output \"{name}\" {{\n  value = jsonencode(module.{name})\n}}\n"));
    }
    root.push_str("variable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}\nvariable \"d\" {}\n");
    root.push_str("output \"v\" {\n  value = jsonencode([var.a, var.b, var.c, var.d])\n}\n");
    files.push(("main.tf".to_owned(), root));
    for (file, text) in [
        ("terraform.tfvars", "\u{feff}a = 1\r\nb = 1\r\nc = 1\r\nd = 1\r\n"),
        ("terraform.tfvars.json", r#"{"b": "${x} $${y}", "c": 2}"#),
        ("x.auto.tfvars", "c = [{ a = -1, a = -2 }]\n"),
        ("a.auto.tfvars.json", r#"{"c": 4, "d": {"k": [1.5, null, "${1}"]}}"#),
    ] {
        files.push((file.to_owned(), text.to_owned()));
    }
    let read = read(&files);
    let faults: Vec<String> = faults(&read);
    assert_eq!(faults, [""; 0]);
    let (inputs, module) = (Inputs::default(), read.module("").unwrap());
    let evaluation = Evaluation::new(&read, module, &inputs, &NoFiles, &NoDataSources);
    let terraform = Workspace::new(&Terraform::newest());
    for (file, text) in &files {
        terraform.write(file, text);
    }
    terraform.init();
    let plan = terraform.plan().json;
    let all = MODULES.iter().map(|(name, _)| (*name, format!("module.{name}")));
    for (name, expression) in all.chain([("v", "[var.a, var.b, var.c, var.d]".to_owned())]) {
        let ours = evaluation.evaluate(&expression);
        assert_eq!(ours.refusals, [], "{name}");
        let ours = json::encode_plain(&ours.value).unwrap();
        let theirs = plan["planned_values"]["outputs"][name]["value"].as_str().unwrap();
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn what_terraform_refuses_of_a_folder_is_a_fault_at_the_same_line() {
    let mut wrong = Vec::new();
    for (at, files) in REFUSED {
        let files: Vec<(String, String)> =
            files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        let terraform = Workspace::new(&Terraform::newest());
        for (file, text) in &files {
            terraform.write(file, text);
        }
        let init = terraform.run(["init"]).both();
        let said = if init.contains("Error") { init } else { terraform.run(["plan"]).both() };
        let (file, line) = at.split_once(':').unwrap();
        if !said.contains(&format!("on {file} line {line}")) {
            wrong.push(format!("{files:?}: Terraform says {said}"));
        }
        let faults = faults(&read(&files));
        if !faults.first().is_some_and(|it| it.starts_with(&format!("{at}:"))) {
            wrong.push(format!("{files:?}: we say {faults:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read(files: &[(String, String)]) -> Read {
    Read::new(files.iter().map(|(file, text)| Source::new(file.clone(), text.clone().into_bytes())))
}

fn faults(read: &Read) -> Vec<String> {
    let all = read.faults().iter();
    all.map(|it| format!("{}: {}", read.place(it.span).unwrap(), it.message)).collect()
}
