//! What each format writes, held against the format's own schema; and that no secret is in any.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{folder, stanchion};

const FORMATS: &[&str] =
    &["text", "compact", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// A module that two roots call, one of them twice; a suppression, an unknown, a gap, a broken file
/// and names that each format has to escape.
const TREE: &[(&str, &str)] = &[
    ("dev & <x>/main.tf", CALLS),
    (
        "prod/main.tf",
        "module \"m\" {\n  source = \"../m\"\n  image = \"nginx:latest\"\n}\nvariable \"t\" {}\nresource \"docker_image\" \"u\" {\n  name = \"x:${var.t}\"\n}\n",
    ),
    (
        "m/main.tf",
        "variable \"image\" {}\nresource \"docker_image\" \"a\" {\n  for_each = toset([\"|\", \"]]>\"])\n  name     = var.image\n}\nresource \"docker_image\" \"b\" {\n  name = \"a:edge\" # stanchion:allow image-floating-tag: a | demo\n}\n",
    ),
    ("broken.tf", "\n  }"),
];
const CALLS: &str = "locals {\n  image = \"nginx:main\"\n}\nmodule \"m\" {\n  count  = 2\n  source = \"../m\"\n  image  = local.image\n}\nmodule \"far\" {\n  source = \"a/b/c\"\n}\n";

fn written(format: &str) -> String {
    let folder = folder(TREE);
    let run = stanchion(folder.path(), &["lint", "--format", format]);
    assert_eq!((run.status, run.err.as_str()), (1, ""), "{format}");
    run.out
}

fn document(format: &str) -> Value {
    serde_json::from_str(&written(format)).unwrap()
}

fn assert_valid(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(document).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = include_str!("../../../docs/findings.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let mut document = document("json");
    assert_valid(&schema, &document);
    let findings = document["findings"].as_array().unwrap();
    let of = |it: &Value| (it["place"]["path"].clone(), it["subjects"].as_array().unwrap().len());
    let all: Vec<_> = findings.iter().map(of).collect();
    let m = || Value::from("m/main.tf");
    assert_eq!(all, [("broken.tf".into(), 1), (m(), 2), (m(), 4)]);
    assert_eq!(findings[2]["subjects"][0]["root"], "dev & <x>");
    assert_eq!(findings[2]["subjects"][0]["address"], "module.m[0].docker_image.a[\"]]>\"]");
    let chain = findings[2]["chain"].as_array().unwrap();
    let places = chain.iter().map(|it| (&it["place"]["path"], &it["place"]["line"]));
    let places: Vec<_> = places.map(|(path, line)| format!("{path}:{line}")).collect();
    assert_eq!(places, ["\"dev & <x>/main.tf\":7", "\"dev & <x>/main.tf\":2"]);
    assert_eq!(document["unknown"][0]["cure"], "give it with --var or --var-file");
    document["findings"][0]["line"] = 1.into();
    assert!(!jsonschema::is_valid(&schema, &document), "the schema lets everything through");
}

#[test]
fn sarif_is_as_its_published_schema_says() {
    let sarif = document("sarif");
    assert_valid(&sarif_schema(), &sarif);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let print = |it: &Value| it["partialFingerprints"]["stanchion/v1"].as_str().unwrap().to_owned();
    let prints: std::collections::BTreeSet<_> = results.iter().map(print).collect();
    assert_eq!((results.len(), prints.len()), (4, 4), "each has its own fingerprint");
    let suppressed: Vec<_> = results.iter().filter(|it| it["suppressions"] != json!([])).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["justification"], "a | demo");
    let flow = &results[2]["codeFlows"][0]["threadFlows"][0]["locations"];
    let last = flow.as_array().unwrap().last().unwrap();
    assert_eq!(last["location"]["physicalLocation"]["region"]["startLine"], 4);
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("## Why"), "{rule}");
    }
}

/// The schema that comes with the types of SARIF.
fn sarif_schema() -> Value {
    let schema = std::fs::read_to_string(of_crate("serde-sarif", "src/schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // A pattern that is none by today's rules; there is no such field in what is written here.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    schema
}

/// A file of a crate that the tests depend on.
fn of_crate(name: &str, path: &str) -> PathBuf {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let said = String::from_utf8(rustc.stdout).unwrap();
    // Cargo wants what other platforms need to be there too, unless it is told of one.
    let host = said.lines().find_map(|it| it.strip_prefix("host: ")).unwrap().to_owned();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--filter-platform", &host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|it| it["name"] == name).unwrap();
    Path::new(found["manifest_path"].as_str().unwrap()).with_file_name(path)
}

#[test]
fn a_fingerprint_stays_when_its_file_is_moved_renamed_or_indented() {
    let image = "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";
    let print = |path: &str, text: &str| {
        let folder = folder(&[(path, text)]);
        let run = stanchion(folder.path(), &["lint", "--format", "json"]);
        let document: Value = serde_json::from_str(&run.out).unwrap();
        document["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let first = print("main.tf", image);
    assert_eq!(print("a/other.tf", &format!("# more\n\n{}", image.replace("  ", "\t"))), first);
    assert_ne!(print("main.tf", &image.replace("latest", "edge")), first);
    assert_ne!(print("main.tf", &image.replace("\"a\"", "\"b\"")), first);
    let secret = |it: &str| image.replace("\"nginx:latest\"", &format!("sensitive(\"{it}:edge\")"));
    let [one, two] = ["one", "two"].map(|it| print("main.tf", &secret(it)));
    assert_eq!(one, two, "the text of a secret has no part in it");
}

#[test]
fn gitlab_gets_the_fields_that_it_documents() {
    // docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string" },
                "check_name": { "type": "string" },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "pattern": "^[^./]" },
                        "lines": {
                            "type": "object",
                            "additionalProperties": false,
                            "required": ["begin"],
                            "properties": {
                                "begin": { "type": "integer", "minimum": 1 },
                                "end": { "type": "integer", "minimum": 1 },
                            },
                        },
                    },
                },
            },
        },
    });
    let report = document("gitlab");
    assert_valid(&schema, &report);
    let issue = &report[2];
    assert_eq!(issue["severity"], "minor");
    assert_eq!(
        issue["location"],
        json!({ "path": "m/main.tf", "lines": { "begin": 4, "end": 4 } })
    );
    assert_eq!(
        issue["description"],
        "the image's tag main moves (module.m[0].docker_image.a[\"]]>\"] and 3 more)"
    );
}

#[test]
fn junit_has_a_suite_for_each_rule_and_a_failure_for_each_finding() {
    let xml = written("junit");
    // Each rule says how many passed; three failed, and one is skipped.
    let tests = stanchion::rules::RULES.len() + 4;
    let begin = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <testsuites name=\"stanchion\" tests=\"{tests}\" failures=\"3\" errors=\"0\">\n"
    );
    assert!(xml.starts_with(&begin), "{xml}");
    let suite = "  <testsuite name=\"image-floating-tag\" tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\">\n    \
        <testcase classname=\"image-floating-tag\" name=\"0 images passed\"/>\n    \
        <testcase classname=\"image-floating-tag\" name=\"m/main.tf:4:14\">\n      \
        <failure type=\"warning\" message=\"the image&apos;s tag latest moves\">";
    assert!(xml.contains(&suite.replace("&apos;", "'")), "{xml}");
    assert!(xml.contains("<skipped>var.t has no value</skipped>"), "{xml}");
    assert!(xml.contains("docker_image.a[&quot;]]&gt;&quot;]"), "{xml}");
}

#[test]
fn junit_is_as_its_schema_says() {
    let installer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/parts/xml-check");
    let output = Command::new(installer).output().unwrap();
    let check = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = tempfile::tempdir().unwrap();
    let check = |xml: &str| {
        let file = folder.path().join("report.xml");
        std::fs::write(&file, xml).unwrap();
        let mut command = Command::new(check.trim_end());
        command.arg(of_crate("junit-report", "tests/JUnit.xsd")).arg(file);
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let xml = written("junit");
    assert_eq!(check(&xml), (true, String::new()));
    let (is_valid, errors) =
        check(&xml.replace("<failure", "<fault").replace("</failure", "</fault"));
    assert!(!is_valid && errors.contains("fault"), "the schema lets everything through: {errors}");
}

#[test]
fn markdown_is_one_comment_that_is_found_again() {
    let text = written("markdown");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "<!-- stanchion -->");
    assert_eq!(
        lines[1],
        "### stanchion: 3 findings, 1 unknown, 1 not read, 1 suppressed in 2 roots, 4 files, 10 instances"
    );
    let rows = lines.iter().filter(|it| it.starts_with("| warning | <code>m/main.tf:4</code>"));
    assert_eq!(rows.count(), 2, "{text}");
    assert!(text.contains("docker&#95;image.a&#91;\"&#93;&#93;&gt;\"&#93;"), "{text}");
    assert!(text.contains("- image-floating-tag: 10 images"), "{text}");
}

#[test]
fn markdown_is_no_longer_than_a_comment_may_be() {
    let many: String = (0..2000)
        .map(|it| format!("resource \"docker_image\" \"a{it}\" {{\n  name = \"nginx\"\n}}\n"))
        .collect();
    let folder = folder(&[("main.tf", &many)]);
    let run = stanchion(folder.path(), &["lint", "--format", "markdown"]);
    assert!(run.out.len() < 61_000, "{}", run.out.len());
    assert!(run.out.contains("\n… and "), "{}", &run.out[run.out.len() - 200..]);
}

#[test]
fn what_is_unknown_is_told_with_how_many_and_why() {
    let folder = folder(&[(
        "main.tf",
        "variable \"a\" {}\nresource \"docker_image\" \"a\" {\n  count = 3\n  name = var.a\n}\nresource \"docker_image\" \"b\" {\n  name = \"x:${uuid()}\"\n}\nresource \"docker_image\" \"c\" {\n  name = \"x:1\"\n}\n",
    )]);
    let run = stanchion(folder.path(), &["lint"]);
    assert_eq!(
        run.out,
        "image-floating-tag: 5 images: 1 judged, 4 unknown\n  \
         3 of them because var.a has no value: give it with --var or --var-file (main.tf:4:10)\n  \
         1 of them because uuid() is not known before apply (main.tf:7:10)\n\n\
         0 findings, 4 unknown in 1 root, 1 file, 5 instances\n"
    );
    let run = stanchion(folder.path(), &["lint", "--var", "a=x:2"]);
    assert!(
        run.out.starts_with("image-floating-tag: 5 images: 4 judged, 1 unknown"),
        "{}",
        run.out
    );
    std::fs::create_dir(folder.path().join("values")).unwrap();
    std::fs::write(folder.path().join("values/v.tfvars"), "a = \"x:main\"\n").unwrap();
    let arguments = ["lint", "--var-file", "values/v.tfvars", "--format", "compact"];
    let run = stanchion(folder.path(), &arguments);
    assert_eq!(run.out, "main.tf:4:10: warning[image-floating-tag]: the image's tag main moves\n");
}

#[test]
fn the_bytes_are_the_same_on_any_number_of_threads() {
    let mut tree: Vec<(String, String)> =
        TREE.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for it in 0..40 {
        tree.push((format!("r{it}/main.tf"), CALLS.to_owned()));
    }
    let tree: Vec<_> = tree.iter().map(|(path, text)| (&**path, &**text)).collect();
    let folder = folder(&tree);
    for format in FORMATS {
        let run = |threads: &str| {
            let output = Command::new(env!("CARGO_BIN_EXE_stanchion"))
                .args(["lint", "--format", format])
                .current_dir(folder.path())
                .env("RAYON_NUM_THREADS", threads)
                .output();
            String::from_utf8(output.unwrap().stdout).unwrap()
        };
        let one = run("1");
        assert!(one.len() > 100, "{format}: {one}");
        assert_eq!(one, run("8"), "{format}");
    }
}

#[test]
fn programs_get_the_same_bytes_from_any_working_directory() {
    let folder = folder(TREE);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let root = folder.path().to_str().unwrap();
    for format in FORMATS.iter().filter(|it| !["text", "compact"].contains(it)) {
        let run = |at: &str, path: &str| {
            stanchion(&folder.path().join(at), &["lint", path, "--format", format]).out
        };
        let here = run("", ".");
        assert!(here.contains("m/main.tf"), "{format}: {here}");
        assert_eq!(here, run("m", ".."), "{format}");
        assert_eq!(here, run("m", root), "{format}");
    }
}

#[test]
fn no_secret_is_in_any_format() {
    let secret = ["hunter", "2-", "canary"].concat();
    let tree = [
        (
            "main.tf",
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  password = \"{secret}:latest\"\n}}\n\
                 variable \"p\" {{\n  sensitive = true\n  default = \"{secret}/UPPER\"\n}}\n\
                 resource \"docker_image\" \"a\" {{\n  name = \"${{var.p}}\"\n}}\n\
                 resource \"docker_image\" \"b\" {{\n  name = sensitive(\"{secret}b:edge\")\n}}\n\
                 variable \"q\" {{\n  sensitive = true\n}}\n\
                 resource \"docker_image\" \"c\" {{\n  name = var.q\n}}\n\
                 resource \"aws_ecs_task_definition\" \"d\" {{\n  container_definitions = var.p\n}}\n\
                 output \"o\" {{\n  value = length(var.p, var.p)\n}}\n"
            ),
        ),
        ("terraform.tfvars", format!("q = \"{secret}q:dev\"\n")),
        (
            "m/main.tf",
            "variable \"password\" {\n  sensitive = true\n}\nresource \"docker_image\" \"a\" {\n  name = var.password\n}\n".to_owned(),
        ),
    ];
    let tree: Vec<_> = tree.iter().map(|(path, text)| (*path, &**text)).collect();
    let folder = folder(&tree);
    for format in FORMATS {
        let run = stanchion(folder.path(), &["lint", "--format", format]);
        assert_eq!(run.status, 1, "{format}: {}", run.err);
        assert!(run.out.contains("a tag that moves"), "{format}: {}", run.out);
        assert!(!run.out.contains(&secret) && !run.err.contains(&secret), "{format}: {}", run.out);
    }
    let run = stanchion(folder.path(), &["lint"]);
    assert!(run.out.contains("****"), "{}", run.out);
    assert!(run.out.contains("terraform.tfvars:1:"), "{}", run.out);
}

#[test]
fn what_is_declared_sensitive_is_taken_out_of_messages_too() {
    let secret = ["edge-", "hunter"].concat();
    let text = format!(
        "variable \"p\" {{\n  sensitive = true\n  default = \"{secret}\"\n}}\n\
         resource \"docker_image\" \"a\" {{\n  name = \"nginx:${{nonsensitive(var.p)}}\"\n}}\n"
    );
    let folder = folder(&[("main.tf", &text)]);
    for format in FORMATS {
        let run = stanchion(folder.path(), &["lint", "--format", format]);
        assert_eq!(run.status, 1, "{format}");
        assert!(run.out.contains("tag (sensitive value) moves"), "{format}: {}", run.out);
        assert!(!run.out.contains(&secret), "{format}: {}", run.out);
    }
}

#[test]
fn a_line_that_a_program_wrote_is_told_by_its_place_and_not_shown() {
    let names: Vec<String> =
        (0..2000).map(|it| format!("\"a{it}\":{{\"name\":\"nginx:1\"}}")).collect();
    let one = "\"last\":{\"name\":\"nginx:${var.tag}\"}";
    let text = format!("{{\"resource\":{{\"docker_image\":{{{},{one}}}}}}}", names.join(","));
    let tag = "variable \"tag\" {\n  default = \"latest\"\n}\n";
    let folder = folder(&[("main.tf.json", &text), ("tag.tf", tag)]);
    let run = stanchion(folder.path(), &["lint"]);
    assert_eq!(run.status, 1, "{}", run.err);
    let place =
        format!("   main.tf.json:1:{}: docker_image.last\n", text.find("\"nginx:$").unwrap() + 1);
    assert!(run.out.contains(&place), "{}", run.out);
    assert!(run.out.contains(" 2 │   default = \"latest\"\n"), "{}", run.out);
    assert_eq!(run.out.matches("help: name a digest").count(), 1, "{}", run.out);
    assert_eq!(run.out.matches("the image's tag latest moves").count(), 1, "{}", run.out);
}
