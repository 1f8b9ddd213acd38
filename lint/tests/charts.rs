//! Images inside manifests of Kubernetes and the values of Helm releases.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::{counts_of, folder, lint, stanchion};
use serde_json::Value;

const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);
const UNKNOWN: (u64, u64, u64) = (0, 0, 1);
const NONE: (u64, u64, u64) = (0, 0, 0);

/// What the rule about tags says of a resource, with `var.x` that has no value.
fn judged(ty: &str, body: &str) -> ((u64, u64, u64), Value) {
    let text = format!("variable \"x\" {{\n}}\nresource \"{ty}\" \"a\" {{\n{body}\n}}\n");
    let document = lint(&text);
    (counts_of(&document, "image-floating-tag"), document)
}

#[test]
fn a_manifest_is_looked_into_whatever_its_kind() {
    let pod = |image: &str| format!("{{ containers = [{{ image = {image} }}] }}");
    let template = |image: &str| format!("{{ template = {{ spec = {} }} }}", pod(image));
    let cron = |image: &str| format!("{{ jobTemplate = {{ spec = {} }} }}", template(image));
    for (manifest, expected) in [
        (format!("{{ kind = \"Pod\", spec = {} }}", pod("\"a\"")), FAIL),
        (format!("{{ kind = \"Pod\", spec = {} }}", pod("\"a:1\"")), PASS),
        (format!("{{ kind = \"Deployment\", spec = {} }}", template("\"a:edge\"")), FAIL),
        (format!("{{ kind = \"Rollout\", spec = {} }}", template("var.x")), UNKNOWN),
        (format!("{{ kind = \"CronJob\", spec = {} }}", cron("\"${var.x}/a\"")), FAIL),
        (format!("{{ kind = \"PodTemplate\", template = {{ spec = {} }} }}", pod("\"a\"")), FAIL),
        (
            format!(
                "{{ kind = \"List\", items = [{{ spec = {} }}, {{ spec = {} }}] }}",
                pod("\"a\""),
                template("\"a:2\"")
            ),
            (1, 1, 0),
        ),
        (
            "{ spec = { initContainers = [{ image = \"a\" }], ephemeralContainers = [{ image = \"b\" }] } }"
                .to_owned(),
            (0, 2, 0),
        ),
        ("{ kind = \"ConfigMap\", data = { image = \"a\" } }".to_owned(), NONE),
        ("var.x".to_owned(), UNKNOWN),
        ("{ spec = var.x }".to_owned(), UNKNOWN),
        ("{ metadata = var.x, spec = { containers = [] } }".to_owned(), NONE),
        (
            format!(
                "var.x ? {{ spec = {} }} : {{ spec = {} }}",
                pod("\"a\""),
                pod("\"a:main\"")
            ),
            FAIL,
        ),
        (
            format!("var.x ? {{ spec = {} }} : {{ spec = {} }}", pod("\"a\""), pod("\"a:1\"")),
            UNKNOWN,
        ),
        (
            format!("merge({{ spec = {} }}, {{ metadata = {{ name = var.x }} }})", pod("\"a\"")),
            FAIL,
        ),
        (
            "yamldecode(<<-EOT\n  spec:\n    containers:\n      - image: a:edge\n        name: ${var.x}\n  EOT\n  )"
                .to_owned(),
            FAIL,
        ),
        (
            "yamldecode(<<-EOT\n  spec:\n    containers: [{image: 'a:${var.x}'}]\n  EOT\n  )"
                .to_owned(),
            UNKNOWN,
        ),
        ("{ spec = { containers = concat([{ image = \"a\" }], var.x) } }".to_owned(), (0, 1, 1)),
    ] {
        let (counts, document) = judged("kubernetes_manifest", &format!("manifest = {manifest}"));
        assert_eq!(counts, expected, "{manifest}: {document:#}");
    }
}

#[test]
fn a_manifest_in_yaml_is_looked_into() {
    for (body, expected) in [
        ("<<EOT\nspec:\n  containers:\n  - image: a\n  - image: b:1\nEOT", (1, 1, 0)),
        (
            "yamlencode({ spec = { template = { spec = { containers = [{ image = \"a\", args = [var.x] }] } } } })",
            FAIL,
        ),
        ("<<EOT\nspec: {containers: [{image: ${var.x}/a}]}\nEOT", FAIL),
        ("jsonencode({ spec = { containers = [{ image = \"a:1\" }] } })", PASS),
        ("\"a: b: c\"", UNKNOWN),
        ("var.x", UNKNOWN),
    ] {
        let (counts, document) = judged("kubectl_manifest", &format!("yaml_body = {body}"));
        assert_eq!(counts, expected, "{body}: {document:#}");
    }
}

#[test]
fn a_release_says_images_in_its_values() {
    let digest = format!("sha256:{}", "0f".repeat(32));
    for (values, expected) in [
        ("image: {repository: a, tag: latest}", FAIL),
        ("image: {repository: a, tag: 1.20}", PASS),
        ("image: {repository: a, tag: ''}", UNKNOWN),
        ("image: {repository: a}", UNKNOWN),
        ("image: {pullPolicy: Always}", NONE),
        ("image: {tag: edge}", FAIL),
        ("image: {name: a, tag: edge}", FAIL),
        ("image: a:edge", FAIL),
        ("image: host:5000/a", UNKNOWN),
        ("image: a\ntag: main", FAIL),
        ("image: a\nimageTag: main", FAIL),
        ("imageTag: main", FAIL),
        ("repository: a\ntag: main", FAIL),
        ("repository: https://charts.example.com\nname: x", NONE),
        ("tag: main", NONE),
        ("controller: {sidecarImage: {repository: a, tag: canary}}", FAIL),
        ("controller: {base_image: 'a:canary'}", FAIL),
        ("logoImage: https://example.com/a.png", NONE),
        (&format!("image: {{repository: a, tag: latest, digest: '{digest}'}}"), PASS),
        (&format!("image: {{repository: a, tag: latest, sha: {}}}", "0f".repeat(32)), PASS),
        ("image: {repository: a, tag: latest, digest: ''}", FAIL),
        ("image: {repository: a, tag: latest, digest: '${var.x}'}", UNKNOWN),
        ("image: {repository: '${var.x}', tag: latest}", FAIL),
        ("image: {repository: a, tag: '${var.x}'}", UNKNOWN),
        ("image: ${var.x}/a", UNKNOWN),
        ("extraContainers: [{name: x, image: a}]", FAIL),
        ("sidecars:\n- name: x\n  image: {repository: a, tag: 1}", PASS),
        ("images: ['a:main', 'b:1']", (1, 1, 0)),
        ("", NONE),
        ("# nothing", NONE),
        ("a: b: c", UNKNOWN),
        ("${var.x}", UNKNOWN),
    ] {
        let body = format!("values = [<<EOT\n{values}\nEOT\n]");
        let (counts, document) = judged("helm_release", &body);
        assert_eq!(counts, expected, "{values}: {document:#}");
    }
}

#[test]
fn the_values_of_a_release_are_merged_as_helm_merges_them() {
    let base = "values = [yamlencode({ image = { repository = \"a\", tag = \"latest\" } })";
    for (body, expected) in [
        (format!("{base}]"), FAIL),
        (format!("{base}, yamlencode({{ image = {{ tag = \"1\" }} }})]"), PASS),
        (format!("{base}, yamlencode({{ image = {{ tag = var.x }} }})]"), UNKNOWN),
        (format!("{base}, \"image: null\"]"), NONE),
        (format!("{base}, \"image: b:main\"]"), FAIL),
        (format!("{base}, var.x]"), (0, 1, 1)),
        (format!("{base}]\nset {{\n name = \"image.tag\"\n value = \"1\"\n}}"), PASS),
        (format!("{base}]\nset = [{{ name = \"image.tag\", value = \"1\" }}]"), PASS),
        (format!("{base}]\nset = [{{ name = \"image.tag\", value = var.x }}]"), UNKNOWN),
        (format!("{base}]\nset = [{{ name = \"image\\\\.tag\", value = \"1\" }}]"), FAIL),
        ("set {\n name = \"a.image.tag\"\n value = \"edge\"\n}".to_owned(), FAIL),
        (
            "dynamic \"set\" {\n for_each = { \"image.tag\" = \"edge\" }\n content {\n name = set.key\n value = set.value\n }\n}"
                .to_owned(),
            FAIL,
        ),
        (
            "dynamic \"set\" {\n for_each = var.x\n content {\n name = set.key\n value = set.value\n }\n}"
                .to_owned(),
            UNKNOWN,
        ),
        (
            "set {\n name = \"extraContainers[1].image\"\n value = \"a\"\n}".to_owned(),
            FAIL,
        ),
        ("set_list {\n name = \"images\"\n value = [\"a:edge\", \"a:1\"]\n}".to_owned(), (1, 1, 0)),
        ("set = var.x".to_owned(), UNKNOWN),
        ("values = [jsonencode({ image = { tag = \"edge\" } })]".to_owned(), FAIL),
    ] {
        let (counts, document) = judged("helm_release", &body);
        assert_eq!(counts, expected, "{body}: {document:#}");
    }
}

#[test]
fn a_finding_of_a_release_names_where_the_tag_is_written() {
    let text = "locals {\n  tag = \"edge\"\n}\nresource \"helm_release\" \"a\" {\n  values = [\n    yamlencode({ image = { repository = \"a\" } }),\n    yamlencode({ image = { tag = local.tag } }),\n  ]\n  set {\n    name  = \"proxy.image.tag\"\n    value = \"latest\"\n  }\n}\n";
    let document = lint(text);
    let findings = document["findings"].as_array().unwrap();
    let lines: Vec<u64> = findings
        .iter()
        .filter(|it| it["rule"] == "image-floating-tag")
        .map(|it| it["place"]["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [5, 11], "{document:#}");
    assert_eq!(findings[0]["chain"][0]["place"]["line"], 2, "{document:#}");
}

#[test]
fn a_value_that_is_set_as_sensitive_is_not_shown() {
    let word = "hidden-latest";
    let text = format!(
        "resource \"helm_release\" \"a\" {{\n  set_sensitive {{\n    name  = \"image.tag\"\n    value = var.tag\n  }}\n}}\nvariable \"tag\" {{\n  default = \"{word}\"\n}}\n"
    );
    let folder = folder(&[("main.tf", &text)]);
    for format in ["text", "json", "compact", "markdown"] {
        let run = stanchion(folder.path(), &["lint", "--format", format]);
        assert_eq!(run.status, 1, "{}", run.out);
        assert!(run.out.contains("image-floating-tag"), "{}", run.out);
        assert!(!run.out.contains(word), "{format}: {}", run.out);
    }
}
