//! Where images stand, and how what a configuration says about them is evaluated.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::{counts_of, folder, lint, lint_all, stanchion};
use serde_json::Value;

/// Passed, failed and unknown of the rule about tags.
fn counts(document: &Value) -> (u64, u64, u64) {
    counts_of(document, "image-floating-tag")
}

const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);
const UNKNOWN: (u64, u64, u64) = (0, 0, 1);

#[test]
fn a_tag_moves_stays_or_is_unknown() {
    let digest = format!("nginx:latest@sha256:{}", "0f".repeat(32));
    for (image, expected) in [
        ("nginx", FAIL),
        ("host:5000/nginx", FAIL),
        ("nginx:latest", FAIL),
        ("nginx:Stable-Slim", FAIL),
        ("nginx:alpine-latest", FAIL),
        ("nginx:1", PASS),
        ("nginx:1.27-alpine", PASS),
        ("nginx:main-20270131", PASS),
        ("nginx:main-deadbeef", PASS),
        ("nginx:mainline", PASS),
        (&digest, PASS),
        ("nginx@sha256:${var.x}", PASS),
        ("nginx:${var.x}", UNKNOWN),
        ("nginx${var.x}", UNKNOWN),
        ("${var.x}", UNKNOWN),
        ("${var.x}/nginx", FAIL),
        ("${var.x}/nginx:edge", FAIL),
        ("${var.x}/nginx:1.2", PASS),
        ("${var.x}:latest", FAIL),
        ("${var.x}:1.2", PASS),
        ("nginx:v${var.x}", PASS),
        ("nginx:1.2${var.x}", PASS),
        ("host:5000${var.x}", UNKNOWN),
        ("nginx:latest${var.x}", UNKNOWN),
        ("nginx:ma${var.x}", UNKNOWN),
        ("nginx:v${var.x}-latest", UNKNOWN),
        ("Not An Image", UNKNOWN),
        ("nginx:${var.x ? \"edge\" : \"main\"}", UNKNOWN),
    ] {
        let text = format!(
            "variable \"x\" {{\n}}\nresource \"docker_image\" \"a\" {{\n  name = \"{image}\"\n}}"
        );
        assert_eq!(counts(&lint(&text)), expected, "{image}");
    }
}

#[test]
fn expressions_are_evaluated_as_far_as_they_are_known() {
    for (expression, expected) in [
        ("var.fixed", PASS),
        ("var.moving", FAIL),
        ("local.moving", FAIL),
        ("\"nginx:${local.tags.a}\"", FAIL),
        ("\"nginx:${local.tags[\"b\"]}\"", PASS),
        ("\"nginx:${local.list[1]}\"", FAIL),
        ("\"nginx:${local.list.0}\"", PASS),
        ("local.on ? \"nginx\" : \"nginx:1\"", FAIL),
        ("!local.on ? \"nginx\" : \"nginx:1\"", PASS),
        ("local.on && local.n > 1 ? \"nginx\" : \"nginx:1\"", FAIL),
        ("var.none ? \"nginx\" : \"nginx:edge\"", FAIL),
        ("var.none ? \"nginx:1\" : \"nginx:2\"", PASS),
        ("var.none ? \"nginx\" : \"nginx:1\"", UNKNOWN),
        ("var.none == null ? \"nginx\" : \"nginx:1\"", UNKNOWN),
        ("[for it in local.list : \"nginx:${it}\" if it != \"1\"][0]", FAIL),
        ("{ for k, v in local.tags : k => \"nginx:${v}\" }[\"b\"]", PASS),
        ("[for it in [local.tags, local.tags] : it][*].a[1]", UNKNOWN),
        ("\"nginx:${([local.tags, local.tags][*].a)[1]}\"", FAIL),
        ("<<EOT\nnginx:%{ if local.on }edge%{ else }1%{ endif ~}\nEOT\n", FAIL),
        ("jsondecode(\"{\\\"a\\\": \\\"nginx:main\\\"}\").a", FAIL),
        ("jsondecode(jsonencode({ a = \"nginx:1\", b = var.none })).a", PASS),
        ("nonsensitive(sensitive(\"nginx:main\"))", FAIL),
        ("docker_registry.x.url", UNKNOWN),
        ("trimspace(\"nginx\")", FAIL),
        ("local.none", UNKNOWN),
        ("local.tags.none", UNKNOWN),
    ] {
        let text = format!(
            "variable \"none\" {{\n}}
variable \"fixed\" {{\n  default = \"nginx:1.27\"\n}}
variable \"moving\" {{\n  type = string\n  default = \"nginx:main\"\n}}
locals {{\n  moving = \"nginx:dev\"\n  tags = {{ a = \"edge\", b = 1 }}\n  list = [\"1\", \"edge\"]
  on = true\n  n = 2\n}}
resource \"docker_image\" \"a\" {{\n  name = {expression}\n}}\n"
        );
        let document = lint(&text);
        assert_eq!(counts(&document), expected, "{expression}: {document:#}");
    }
}

#[test]
fn the_reason_for_an_unknown_is_said() {
    for (expression, why) in [
        ("\"a:${uuid()}\"", "uuid() is not known before apply"),
        (
            "\"a:${docker_registry.x.tags[0].name}\"",
            "docker_registry.x.tags[0].name is not known before apply",
        ),
        ("var.x", "var.x has no value"),
        ("var.nope", "An input variable with the name \"nope\" has not been declared."),
        ("{}.a", "This object does not have an attribute named \"a\"."),
    ] {
        let text = format!(
            "variable \"x\" {{\n}}\nresource \"docker_registry\" \"x\" {{\n}}\n\
             resource \"docker_image\" \"a\" {{\n  name = {expression}\n}}"
        );
        assert_eq!(lint(&text)["unknown"][0]["why"], why, "{expression}");
    }
}

#[test]
fn what_is_switched_off_is_not_judged_and_what_may_be_on_is() {
    for (meta, expected) in [
        ("count = 0", (0, 0, 0)),
        ("count = 2", (0, 2, 0)),
        ("count = var.n", FAIL),
        ("count = local.on ? 0 : 1", (0, 0, 0)),
        ("for_each = {}", (0, 0, 0)),
        ("for_each = toset([\"a\", \"b\", \"a\"])", (0, 2, 0)),
        ("for_each = var.n", FAIL),
    ] {
        let text = format!(
            "variable \"n\" {{\n}}\nlocals {{\n  on = true\n}}\nresource \"docker_image\" \"a\" {{\n  {meta}\n  name = \"nginx\"\n}}"
        );
        assert_eq!(counts(&lint(&text)), expected, "{meta}");
    }
}

#[test]
fn a_module_is_judged_as_it_is_called() {
    let module = "variable \"image\" {\n}\nresource \"docker_image\" \"a\" {\n  name = var.image\n}\noutput \"image\" {\n  value = var.image\n}\n";
    let document = lint_all(&[
        (
            "main.tf",
            "module \"m\" {\n  source = \"./m\"\n  for_each = { a = \"x:1\", b = \"x:edge\" }\n  image = each.value\n}
resource \"docker_image\" \"out\" {\n  name = module.m[\"b\"].image\n}\n",
        ),
        ("m/main.tf", module),
    ]);
    assert_eq!(counts(&document), (1, 2, 0));
    let inner = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["place"]["path"] == "m/main.tf");
    let inner = inner.unwrap();
    assert_eq!(inner["address"], "module.m[\"b\"].docker_image.a");
    assert_eq!(inner["chain"][0]["place"]["path"], "main.tf");
    assert_eq!(inner["chain"][0]["place"]["line"], 3);
}

#[test]
fn an_override_file_replaces_attributes() {
    let document = lint_all(&[
        ("main.tf", "resource \"docker_image\" \"a\" {\n  name = \"nginx\"\n}\n"),
        ("prod_override.tf", "resource \"docker_image\" \"a\" {\n  name = \"nginx:1\"\n}\n"),
    ]);
    assert_eq!(counts(&document), PASS);
}

#[test]
fn images_are_found_inside_json_with_unknown_parts() {
    for (definitions, expected) in [
        ("jsonencode([{ image = \"a:edge\" }, { image = \"a:1\" }])", (1, 1, 0)),
        ("jsonencode([{ image = \"a:edge\", role = aws_iam_role.x.arn }])", FAIL),
        ("jsonencode([aws_x.y.definition])", UNKNOWN),
        ("aws_x.y.json", UNKNOWN),
        ("\"not JSON\"", UNKNOWN),
        ("null", (0, 0, 0)),
        (
            "<<EOT\n[{\"image\": \"a:1\", \"cpu\": ${var.x}, \"env\": \"${var.x}\\\"\"}]\nEOT\n",
            PASS,
        ),
        ("<<EOT\n[{\"image\": \"${var.x}/a:main\"}, {\"image\": ${var.x}}]\nEOT\n", (0, 1, 1)),
        ("\"[{\\\"image\\\": \\\"a\\\"}]\"", FAIL),
        ("\"[{\\\"name\\\": \\\"a\\\"}]\"", (0, 0, 0)),
    ] {
        let text = format!(
            "variable \"x\" {{\n}}\nresource \"aws_ecs_task_definition\" \"a\" {{\n  container_definitions = {definitions}\n}}"
        );
        let document = lint(&text);
        assert_eq!(counts(&document), expected, "{definitions}: {document:#}");
    }
}

#[test]
fn each_kind_of_resource_is_looked_into() {
    let pod = "spec {\n container {\n image = \"a\"\n }\n init_container {\n image = \"a\"\n }\n }";
    let template = format!("spec {{\n template {{\n {pod}\n }}\n }}");
    let cron = format!("spec {{\n job_template {{\n {template}\n }}\n }}");
    let app = "template {\n container {\n image = \"a\"\n }\n }".to_owned();
    let run = "template {\n containers {\n image = \"a\"\n }\n }".to_owned();
    for (ty, body, found) in [
        ("kubernetes_pod", pod.to_owned(), 2),
        ("kubernetes_deployment", template.clone(), 2),
        ("kubernetes_stateful_set_v1", template.clone(), 2),
        ("kubernetes_daemonset", template.clone(), 2),
        ("kubernetes_job_v1", template, 2),
        ("kubernetes_cron_job_v1", cron, 2),
        (
            "google_cloud_run_service",
            format!("template {{\n {} \n}}", "spec {\n containers {\n image = \"a\"\n }\n }"),
            1,
        ),
        ("google_cloud_run_v2_service", run.clone(), 1),
        ("google_cloud_run_v2_job", format!("template {{\n {run}\n }}"), 1),
        ("azurerm_container_app", app, 1),
        ("azurerm_container_group", "container {\n image = \"a\"\n }".to_owned(), 1),
        ("aws_lambda_function", "image_uri = \"a\"".to_owned(), 1),
        ("aws_lambda_function", "filename = \"a\"".to_owned(), 0),
        (
            "aws_apprunner_service",
            "source_configuration {\n image_repository {\n image_identifier = \"a\"\n }\n }"
                .to_owned(),
            1,
        ),
        (
            "aws_batch_job_definition",
            "container_properties = jsonencode({ image = \"a\" })".to_owned(),
            1,
        ),
        ("docker_container", "image = \"a\"".to_owned(), 1),
        ("docker_service", "task_spec {\n container_spec {\n image = \"a\"\n }\n }".to_owned(), 1),
        ("aws_instance", "image = \"a\"".to_owned(), 0),
    ] {
        let text = format!("resource \"{ty}\" \"a\" {{\n {body}\n}}");
        assert_eq!(counts(&lint(&text)), (0, found, 0), "{text}");
    }
}

#[test]
fn dynamic_blocks_are_expanded() {
    let dynamic = |over: &str| {
        let text = format!(
            "resource \"azurerm_container_group\" \"a\" {{\n  dynamic \"container\" {{\n    for_each = {over}\n    iterator = it\n    content {{\n      image = it.value\n    }}\n  }}\n}}"
        );
        counts(&lint(&text))
    };
    assert_eq!(dynamic("[\"a:1\", \"a:main\"]"), (1, 1, 0));
    assert_eq!(dynamic("[]"), (0, 0, 0));
    assert_eq!(dynamic("var.none"), (0, 0, 1));
}

#[test]
fn a_sensitive_image_is_judged_but_not_shown() {
    let text = "variable \"i\" {\n  sensitive = true\n  default = \"secret.example.com/hidden:edge\"\n}\nresource \"docker_image\" \"a\" {\n  name = \"${var.i}\"\n}";
    let folder = folder(&[("main.tf", text)]);
    let run = stanchion(folder.path(), &["lint"]);
    assert_eq!(run.status, 1);
    assert!(!run.out.contains("hidden"), "{}", run.out);
    let odd = text.replace("hidden:edge", "HIDDEN");
    std::fs::write(folder.path().join("main.tf"), odd).unwrap();
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    assert!(run.out.contains("is no image name"), "{}", run.out);
    assert!(!run.out.contains("HIDDEN"), "{}", run.out);
}

#[test]
fn what_is_built_here_comes_from_no_registry() {
    let image =
        |more: &str| format!("resource \"docker_image\" \"a\" {{\n  name = \"app\"\n{more}}}\n");
    let (plain, built) = (image(""), image("  build {\n    context = \".\"\n  }\n"));
    assert_eq!(counts_of(&lint(&plain), "image-floating-tag").1, 1);
    assert_eq!(counts_of(&lint(&built), "image-floating-tag"), (0, 0, 0));
}
