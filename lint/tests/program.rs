//! The program from outside: exit status, formats, and what it says about odd input.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::{folder, lint, lint_all, stanchion};
use serde_json::Value;

const MOVING: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";
const FIXED: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:1.27.3\"\n}\n";
const UNKNOWN: &str =
    "variable \"tag\" {}\nresource \"docker_image\" \"a\" {\n  name = \"nginx:${var.tag}\"\n}\n";

#[test]
fn what_is_clean_ends_with_0_and_what_is_not_with_1() {
    for (text, arguments, status) in [
        (FIXED, &["lint"][..], 0),
        (MOVING, &["lint"], 1),
        (MOVING, &["lint", "--fail-on", "note"], 1),
        (MOVING, &["lint", "--fail-on", "warning"], 1),
        (MOVING, &["lint", "--fail-on", "error"], 0),
        ("resource {", &["lint", "--fail-on", "error"], 1),
        (UNKNOWN, &["lint"], 0),
        (UNKNOWN, &["lint", "--fail-on-unknown"], 1),
        (FIXED, &["lint", "--fail-on-unknown"], 0),
        ("", &["lint"], 0),
    ] {
        let folder = folder(&[("main.tf", text)]);
        for format in ["text", "compact", "json", "sarif", "github"] {
            let arguments = [arguments, &["--format", format]].concat();
            let run = stanchion(folder.path(), &arguments);
            assert_eq!(run.status, status, "{arguments:?} on {text}: {}{}", run.out, run.err);
        }
    }
}

#[test]
fn what_could_not_run_ends_with_2_and_says_what_to_do() {
    let folder = folder(&[]);
    let run = stanchion(folder.path(), &["lint", "nowhere"]);
    assert_eq!(run.status, 2);
    assert_eq!(run.out, "");
    assert_eq!(
        run.err,
        "error: there is no file or folder nowhere\n\
         help: name a folder with .tf files, or run it there without a path\n"
    );
    for arguments in [&["lint", "--format", "yaml"][..], &["lont"], &[], &["lint", "--nope"]] {
        let run = stanchion(folder.path(), arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(!run.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_rule_is_explained_and_a_misspelt_one_suggested() {
    let folder = folder(&[]);
    let list = stanchion(folder.path(), &["rules"]);
    assert_eq!(list.status, 0);
    for rule in stanchion::rules::RULES {
        assert!(list.out.contains(&format!("{} ", rule.id)), "{}", list.out);
        let run = stanchion(folder.path(), &["explain", rule.id]);
        assert_eq!(run.status, 0);
        assert!(run.out.starts_with(rule.id), "{}", run.out);
        assert!(run.out.contains("## Why"), "{}", run.out);
    }
    let run = stanchion(folder.path(), &["explain", "image-flaoting-tag"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("'image-floating-tag'"), "{}", run.err);
}

#[test]
fn help_completions_and_the_manual_page_are_about_all_commands() {
    let folder = folder(&[]);
    for arguments in [&["--help"][..], &["man"], &["completions", "bash"]] {
        let run = stanchion(folder.path(), arguments);
        assert_eq!(run.status, 0, "{arguments:?}");
        for command in ["lint", "rules", "explain"] {
            assert!(run.out.contains(command), "{arguments:?} lacks {command}");
        }
    }
    assert!(stanchion(folder.path(), &["lint", "--help"]).out.contains("Examples:"));
}

#[test]
fn a_broken_file_is_a_finding_and_the_others_are_judged() {
    let document = lint_all(&[
        ("a/broken.tf", "resource \"x\" {\n  a = \n}"),
        ("b/latin.tf", "# \u{e4}\n"),
        ("b/main.tf", MOVING),
    ]);
    let findings: Vec<_> = findings(&document);
    assert_eq!(findings, ["a/broken.tf:2:7 unreadable-file", "b/main.tf:2:10 image-floating-tag"]);
    assert_eq!(document["summary"]["files"], 3);
}

#[test]
fn bytes_that_are_no_text_make_a_file_unreadable() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("x.tf"), b"a = 1\nb = \xff\n").unwrap();
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    assert_eq!(run.out, "x.tf:2:5: error[unreadable-file]: is not UTF-8 text\n");
}

#[test]
fn the_summary_counts_roots_files_instances_and_what_each_rule_judged() {
    let document = lint_all(&[
        ("main.tf", &format!("{UNKNOWN}module \"m\" {{\n  source = \"./m\"\n  count = 2\n}}\n")),
        ("m/main.tf", MOVING),
        ("other/main.tf", FIXED),
    ]);
    let summary = &document["summary"];
    assert_eq!(summary["roots"], 2);
    assert_eq!(summary["files"], 3);
    assert_eq!(summary["instances"], 4);
    assert_eq!(common::counts_of(&document, "image-floating-tag"), (1, 2, 1));
    assert_eq!(document["unknown"][0]["why"], "var.tag has no value");
    assert_eq!(document["version"], 1);
}

#[test]
fn what_was_not_read_is_said() {
    let document = lint_all(&[(
        "main.tf",
        "module \"a\" {\n  source = \"hashicorp/consul/aws\"\n}\nmodule \"b\" {\n  source = \"./b\"\n}",
    )]);
    let whys: Vec<_> = document["not_read"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["why"].as_str().unwrap())
        .collect();
    assert_eq!(
        whys,
        [
            "calls a module from elsewhere, which is not in .terraform/modules",
            "calls a module in b, which was not read"
        ]
    );
}

#[test]
fn what_was_not_read_is_said_in_the_formats_that_have_a_place_for_it() {
    let folder = folder(&[("main.tf", "module \"a\" {\n  source = \"hashicorp/consul/aws\"\n}\n")]);
    let why = "calls a module from elsewhere, which is not in .terraform/modules";
    for (format, line) in [
        ("text", format!("main.tf:1:1: not read: {why}")),
        ("compact", format!("main.tf:1:1: not read: {why}")),
        ("github", format!("::notice file=main.tf,line=1::not read: {why}")),
        ("markdown", why.to_owned()),
        ("json", format!("\"why\": \"{why}\"")),
        ("sarif", format!("\"text\": \"not read: {why}\"")),
    ] {
        let run = stanchion(folder.path(), &["lint", "--format", format]);
        assert!(run.out.contains(&line), "{format}: {}", run.out);
    }
    let run = stanchion(folder.path(), &["lint", "--format", "sarif"]);
    let written: Value = serde_json::from_str(&run.out).unwrap();
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&run.out).unwrap();
    assert_eq!(serde_json::to_value(&sarif).unwrap(), written, "a field is not SARIF's");
}

#[test]
fn a_configuration_in_json_is_judged_as_any_other() {
    let document = lint_all(&[
        (
            "x.tf.json",
            r#"{ "resource": { "docker_image": { "a": { "name": "nginx:${var.t}" } } } }"#,
        ),
        ("v.tf", "variable \"t\" {\n  default = \"latest\"\n}\n"),
    ]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{document:#}");
    assert_eq!(findings[0]["rule"], "image-floating-tag");
    assert_eq!(findings[0]["place"]["path"], "x.tf.json");
}

#[test]
fn a_named_file_is_judged_with_its_folder_but_reported_alone() {
    let folder = folder(&[
        ("a.tf", "resource \"docker_image\" \"a\" {\n  name = local.image\n}\n"),
        (
            "b.tf",
            "locals {\n  image = \"x:latest\"\n}\nresource \"docker_image\" \"b\" {\n  name = local.image\n}\n",
        ),
    ]);
    let run = stanchion(folder.path(), &["lint", "./a.tf", "--format", "compact"]);
    assert_eq!(run.out, "a.tf:2:10: warning[image-floating-tag]: the image's tag latest moves\n");
}

#[test]
fn text_has_no_colours_where_there_is_no_terminal() {
    let folder = folder(&[("main.tf", MOVING)]);
    let run = stanchion(folder.path(), &["lint"]);
    assert!(!run.out.contains('\u{1b}'), "{:?}", run.out);
    assert!(run.out.contains("nginx:latest"), "{}", run.out);
    assert!(run.out.ends_with("1 finding in 1 root, 1 file, 1 instance\n"), "{}", run.out);
}

#[test]
fn an_annotation_escapes_what_github_would_read_as_syntax() {
    let folder = folder(&[("a,b:c/100%.tf", MOVING)]);
    let run = stanchion(folder.path(), &["lint", "--format", "github"]);
    assert_eq!(
        run.out,
        "::warning file=a%2Cb%3Ac/100%25.tf,line=2,endLine=2,col=10,endColumn=24,\
         title=image-floating-tag::the image's tag latest moves%0Adocker_image.a%0A\
         name a digest, or a tag that is pushed once\n"
    );
}

#[test]
fn sarif_is_sarif_to_the_last_field() {
    let folder = folder(&[
        (
            "a b/main.tf",
            "variable \"i\" {\n  default = \"nginx\"\n}\nresource \"docker_image\" \"a\" {\n  name = var.i\n}\n",
        ),
        ("broken.tf", "}"),
    ]);
    let run = stanchion(folder.path(), &["lint", "--format", "sarif"]);
    let written: Value = serde_json::from_str(&run.out).unwrap();
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&run.out).unwrap();
    assert_eq!(serde_json::to_value(&sarif).unwrap(), written, "a field is not SARIF's");
    let results = written["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/main.tf");
    assert_eq!(place["region"]["startLine"], 5);
    let rules = written["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    assert_eq!(results[0]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 2);
}

#[test]
fn input_that_grows_without_bounds_is_unknown_and_soon() {
    let mut text = "locals {\n  s0 = \"aaaaaaaa\"\n  t0 = [1]\n".to_owned();
    for i in 1..80 {
        let of = i - 1;
        text.push_str(&format!("  s{i} = \"${{local.s{of}}}${{local.s{of}}}\"\n"));
        text.push_str(&format!("  t{i} = [local.t{of}, local.t{of}]\n"));
    }
    text.push_str("  c0 = \"x\"\n");
    for i in 1..3000 {
        text.push_str(&format!("  c{i} = local.c{}\n", i - 1));
    }
    text.push_str("  ring = local.ring2\n  ring2 = [local.ring]\n}\n");
    for (i, name) in ["s79", "jsonencode(local.t79)", "c2999", "ring", "self"].iter().enumerate() {
        let name = if name.contains('(') { (*name).to_owned() } else { format!("local.{name}") };
        text.push_str(&format!("resource \"docker_image\" \"r{i}\" {{\n  name = {name}\n}}\n"));
    }
    text.push_str("module \"me\" {\n  source = \"./\"\n}\n");
    let document = lint(&text);
    assert_eq!(document["unknown"].as_array().unwrap().len(), 5, "{document:#}");
    assert_eq!(document["not_read"][0]["why"], "calls a module that calls itself");
}

#[test]
fn input_that_is_nested_deeply_or_makes_no_sense_ends_the_program_in_order() {
    let deep = format!("a = {}1{}", "(".repeat(5000), ")".repeat(5000));
    for text in [
        deep.as_str(),
        "\u{feff}",
        "resource \"docker_image\" {\n}",
        "resource \"docker_image\" \"a\" \"b\" {\n}",
        "resource \"docker_image\" \"a\" {\n  count = -1\n  name = 1\n}",
        "resource \"docker_image\" \"a\" {\n  count = 1e400\n  name = [\"\"]\n}",
        "resource \"docker_image\" \"a\" {\n  for_each = null\n  name = each.key[*].x[0].*.y\n}",
        "resource \"docker_image\" \"a\" {\n  name = \"\u{f8f0}0\u{f8f1}${var.x}\"\n}",
        "resource \"aws_ecs_task_definition\" \"a\" {\n  container_definitions = \"{\"\n}",
        "variable {\n}\nlocals \"x\" {\n  a = var\n}\nmodule \"\" {\n  source = \"../../../..\"\n}",
    ] {
        let folder = folder(&[("main.tf", text)]);
        for format in ["text", "sarif"] {
            let run = stanchion(folder.path(), &["lint", "--format", format]);
            assert!(matches!(run.status, 0 | 1), "{} on {text:.80}: {}", run.status, run.err);
            assert_eq!(run.err, "", "{text:.80}");
        }
    }
}

fn findings(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|it| {
            let at = &it["place"];
            format!(
                "{}:{}:{} {}",
                at["path"].as_str().unwrap(),
                at["line"],
                at["column"],
                it["rule"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn blocks_in_json_are_no_expressions() {
    let document = lint_all(&[(
        "x.tf.json",
        r#"{
          "variable": { "ports": { "default": [80, 443] } },
          "resource": { "aws_security_group": { "a": {
            "name": "a",
            "depends_on": ["aws_security_group.b"],
            "dynamic": { "ingress": {
              "for_each": "${var.ports}",
              "content": { "from_port": "${ingress.value}", "to_port": "${ingress.value + 1}" }
            } },
            "lifecycle": {
              "ignore_changes": ["tags"],
              "postcondition": { "condition": "${self.name == \"a\"}", "error_message": "no" }
            },
            "provisioner": { "local-exec": { "command": "echo ${self.id}" } }
          }, "b": { "name": "${var.nope}" } } }
        }"#,
    )]);
    let findings = document["findings"].as_array().unwrap();
    let messages: Vec<_> = findings.iter().map(|it| it["message"].as_str().unwrap()).collect();
    let told = "Reference to undeclared input variable: An input variable with the name \"nope\" has not been declared";
    assert_eq!(messages, [told]);
}
