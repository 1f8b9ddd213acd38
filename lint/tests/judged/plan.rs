//! `--plan`: what a plan knows fills in what the configuration leaves unknown.

use serde_json::{Value, json};

use crate::common::{Run, folder, stanchion};

const MAIN: &str = "variable \"tag\" {}
variable \"password\" {
  sensitive = true
}
data \"aws_ssm_parameter\" \"base\" {
  name = \"/base\"
}
resource \"aws_ecr_repository\" \"a\" {
  name = \"a\"
}
resource \"docker_image\" \"tag\" {
  name = \"nginx:${var.tag}\"
}
resource \"docker_image\" \"data\" {
  name = data.aws_ssm_parameter.base.value
}
resource \"docker_image\" \"computed\" {
  name = \"${aws_ecr_repository.a.repository_url}:edge\"
}
resource \"docker_image\" \"own\" {
  name = provider::x::image()
}
resource \"docker_image\" \"later\" {
  name = aws_ecr_repository.a.later
}
module \"m\" {
  source = \"./m\"
  image  = data.aws_ssm_parameter.base.value
}
terraform {
  required_providers {
    x = { source = \"a/x\" }
  }
}
";
const MODULE: &str = "variable \"image\" {}\nresource \"docker_image\" \"i\" {\n  name = var.image\n}\ndata \"x_image\" \"i\" {}\nresource \"docker_image\" \"d\" {\n  name = data.x_image.i.images[0].name\n}\n";

/// A plan of that root module.
fn plan() -> Value {
    let change = |address: &str, after: Value, unknown: Value, sensitive: Value| {
        json!({ "address": address, "mode": "managed", "change": {
            "actions": ["create"], "before": null, "after": after,
            "after_unknown": unknown, "after_sensitive": sensitive } })
    };
    json!({
        "format_version": "1.9",
        "terraform_version": "1.99.0",
        "variables": { "tag": { "value": "nightly" }, "password": { "value": "of the plan" } },
        "planned_values": { "root_module": { "child_modules": [ { "address": "module.m", "resources": [
            { "address": "module.m.data.x_image.i", "mode": "data", "values": { "images": [{ "name": "n:main" }] } },
        ] } ] } },
        "resource_changes": [
            change("docker_image.own", json!({ "name": "own:latest" }), json!({ "id": true }), json!({})),
            change(
                "aws_ecr_repository.a",
                json!({ "name": "a", "repository_url": "example.com/a" }),
                json!({ "arn": true, "later": true }),
                json!({}),
            ),
        ],
        "prior_state": { "format_version": "1.0", "values": { "root_module": { "resources": [
            { "address": "data.aws_ssm_parameter.base", "mode": "data",
              "values": { "value": "base:dev" }, "sensitive_values": {} },
        ] } } },
        "configuration": { "root_module": {
            "resources": [{ "address": "docker_image.tag" }, { "address": "docker_image.own" }],
            "variables": { "tag": {}, "password": { "sensitive": true } },
            "module_calls": { "m": {} },
        } },
    })
}

fn lint(plan: &Value, more: &[&str]) -> (Value, Run) {
    let text = plan.to_string();
    let folder = folder(&[
        ("main.tf", MAIN),
        ("m/main.tf", MODULE),
        ("plan.json", &text),
        ("stanchion.toml", "[rules.image-floating-tag]\nmoving = [\"hidden\"]\n"),
        ("unfit.tfvars", "tag = \"1\"\n"),
        ("other/main.tf", "resource \"docker_image\" \"tag\" {\n  name = var.nope\n}\n"),
        ("other/x.tfvars", ""),
    ]);
    let json: &[&str] = if more.contains(&"--format") { &[] } else { &["--format", "json"] };
    let arguments = [&["lint", "--plan", "plan.json"], json, more].concat();
    let run = stanchion(folder.path(), &arguments);
    (serde_json::from_str(&run.out).unwrap_or_default(), run)
}

fn images(document: &Value) -> Vec<String> {
    let all = document["findings"].as_array().unwrap().iter();
    let all = all.filter(|it| it["rule"] == "image-floating-tag");
    let told = |it: &Value| {
        let (address, message) = (&it["address"], &it["message"]);
        let line = &it["place"]["line"];
        format!("{line} {}: {}", address.as_str().unwrap(), message.as_str().unwrap())
    };
    all.map(told).collect()
}

#[test]
fn what_a_plan_knows_fills_in_what_is_unknown() {
    let (document, run) = lint(&plan(), &[]);
    assert_eq!(run.err, "");
    assert_eq!(
        images(&document),
        [
            "3 module.m.docker_image.i: the image's tag dev moves",
            "7 module.m.docker_image.d: the image's tag main moves",
            "12 docker_image.tag: the image's tag nightly moves",
            "15 docker_image.data: the image's tag dev moves",
            "18 docker_image.computed: the image's tag edge moves",
            "21 docker_image.own: the image's tag latest moves",
        ],
        "{document:#}"
    );
    let unknown = document["unknown"].as_array().unwrap();
    let is_own = |it: &&Value| it["rule"] == "image-floating-tag" && it["root"] == ".";
    let of_images: Vec<_> = unknown.iter().filter(is_own).collect();
    assert_eq!(of_images.len(), 1, "{document:#}");
    assert_eq!(of_images[0]["why"], "aws_ecr_repository.a.later is not known before apply");
    let summary = &document["summary"];
    assert_eq!((&summary["roots"], &summary["variable_files"]), (&2.into(), &1.into()));
}

#[test]
fn a_plan_of_what_the_configuration_was_is_told() {
    let main = "variable \"a\" {\n  default = 1\n}\nresource \"x_y\" \"b\" {\n  c = var.a\n}\ncheck \"c\" {\n  data \"d\" \"e\" {}\n  assert {\n    condition     = data.d.e.f\n    error_message = \"no\"\n  }\n}\n";
    let told = |resources: &[&str]| {
        let resources: Vec<_> = resources.iter().map(|it| json!({ "address": it })).collect();
        let plan = json!({
            "format_version": "1.2", "planned_values": {},
            "configuration": { "root_module": { "resources": resources, "variables": { "a": {} } } },
        });
        let folder = folder(&[("main.tf", main), ("plan.json", &plan.to_string())]);
        let run = stanchion(folder.path(), &["lint", "--plan", "plan.json", "--format", "json"]);
        let document: Value = serde_json::from_str(&run.out).unwrap();
        let all = document["not_read"].as_array().unwrap().iter();
        all.map(|it| it["why"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let apart = |name: &str| {
        vec![format!("plan.json is of another configuration: only one of both has {name}")]
    };
    assert_eq!(told(&["x_y.b", "data.d.e", "ephemeral.g.h"]), [""; 0]);
    assert_eq!(told(&["data.d.e"]), apart("x_y.b"));
    assert_eq!(told(&["x_y.b", "x_y.old"]), apart("x_y.old"));
}

#[test]
fn a_value_that_is_given_holds_before_that_of_the_plan() {
    let (document, _) = lint(&plan(), &["--var", "tag=1.27.3"]);
    assert!(!images(&document).iter().any(|it| it.contains("docker_image.tag")), "{document:#}");
}

#[test]
fn what_is_sensitive_in_a_plan_is_shown_nowhere() {
    let mut plan = plan();
    plan["resource_changes"][0]["change"]["after"]["name"] = "registry/own:latest".into();
    plan["resource_changes"][0]["change"]["after_sensitive"] = json!({ "name": true });
    plan["prior_state"]["values"]["root_module"]["resources"][0]["values"]["value"] =
        "base:hidden-edge".into();
    plan["prior_state"]["values"]["root_module"]["resources"][0]["sensitive_values"] =
        json!({ "value": true });
    let (document, _) = lint(&plan, &[]);
    let told = images(&document);
    let vague = "the image is named by a tag that moves";
    assert!(told.contains(&format!("15 docker_image.data: {vague}")), "{told:?}");
    assert!(told.contains(&format!("21 docker_image.own: {vague}")), "{told:?}");
    for format in ["json", "text", "sarif", "junit", "github", "gitlab", "markdown", "compact"] {
        let (_, run) = lint(&plan, &["--format", format]);
        assert!(!run.out.is_empty(), "{}", run.err);
        for secret in ["hidden-edge", "registry/own", "of the plan"] {
            assert!(!run.out.contains(secret), "{format}: {}", run.out);
        }
    }
}

#[test]
fn a_secret_that_only_the_plan_has_is_not_written_in_the_configuration() {
    let main = "variable \"p\" {}\nresource \"aws_db_instance\" \"a\" {\n  password = var.p\n}\nresource \"aws_db_instance\" \"b\" {\n  password = aws_x.y.made\n}\nresource \"aws_x\" \"y\" {}\n";
    let plan = json!({
        "format_version": "1.2", "planned_values": {},
        "variables": { "p": { "value": "hunter2hunter2" } },
        "resource_changes": [{ "address": "aws_x.y", "change": {
            "actions": ["create"], "after": { "made": "alsosecret" }, "after_unknown": {} } }],
        "configuration": { "root_module": { "variables": { "p": {} } } },
    });
    let folder = folder(&[("main.tf", main), ("plan.json", &plan.to_string())]);
    let run = stanchion(folder.path(), &["lint", "--plan", "plan.json", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(crate::common::counts_of(&document, "secret-literal"), (2, 0, 0), "{document:#}");
}

#[test]
fn what_is_no_plan_that_can_be_read_is_refused_with_the_cure() {
    let write =
        "write it with terraform plan -out=FILE, then terraform show -json FILE > plan.json";
    let update = "update stanchion, or write the plan with a Terraform that writes this format";
    let path = "name the folder that it was made in as PATH";
    for (text, error, cure) in [
        ("{", "plan.json is no JSON: line 1, ", write),
        ("[]", "plan.json is JSON, but no plan", write),
        (
            "{\"format_version\": \"1.0\", \"values\": {}}",
            "plan.json is a state and no plan",
            write,
        ),
        (
            "{\"format_version\": \"2.0\", \"planned_values\": {}}",
            "plan.json is a plan of format 2.0, and this program knows 1.0 and what is compatible with it",
            update,
        ),
        (
            "{\"format_version\": \"1.2\", \"planned_values\": {}, \"configuration\": {\"root_module\": {\"variables\": {\"x\": {}}}}}",
            "plan.json is a plan of none of the root modules that were read",
            path,
        ),
    ] {
        let folder = folder(&[("main.tf", MAIN), ("plan.json", text)]);
        let run = stanchion(folder.path(), &["lint", "--plan", "plan.json"]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.starts_with(&format!("error: {error}")), "{}", run.err);
        assert!(run.err.ends_with(&format!("\nhelp: {cure}\n")), "{}", run.err);
    }
    let folder = folder(&[("main.tf", MAIN)]);
    let run = stanchion(folder.path(), &["lint", "--plan", "plan.json"]);
    assert_eq!(
        (run.status, run.err),
        (2, format!("error: there is no plan plan.json\nhelp: {write}\n"))
    );
    std::fs::write(folder.path().join("plan.json"), b"PK\x03\x04\xff\xfe").unwrap();
    let run = stanchion(folder.path(), &["lint", "--plan", "plan.json"]);
    assert!(run.err.starts_with("error: plan.json can't be read: "), "{}", run.err);
}

#[test]
fn a_plan_that_may_be_of_two_root_modules_is_of_neither() {
    let text = plan().to_string();
    let main = "variable \"tag\" {}\nmodule \"m\" {\n  source = \"../m\"\n}\n";
    let folder = folder(&[
        ("dev/main.tf", main),
        ("prod/main.tf", main),
        ("m/main.tf", ""),
        ("plan.json", &text),
    ]);
    let run = stanchion(folder.path(), &["lint", "--plan", "plan.json"]);
    assert_eq!(
        (run.status, run.err.as_str()),
        (
            2,
            "error: plan.json may be a plan of dev or of prod\n\
             help: name the folder of the one that it is of as PATH\n"
        )
    );
    let run = stanchion(folder.path(), &["lint", "prod", "--plan", "plan.json"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
}

#[test]
fn a_sensitive_text_of_a_plan_is_taken_out_of_messages() {
    let main = "variable \"p\" {\n  sensitive = true\n}\nresource \"docker_image\" \"a\" {\n  name = \"app:${nonsensitive(var.p)}\"\n}\n";
    let plan = json!({
        "format_version": "1.2", "planned_values": {},
        "variables": { "p": { "value": "nightly-build" } },
        "configuration": { "root_module": { "variables": { "p": { "sensitive": true } } } },
    });
    let folder = folder(&[("main.tf", main), ("plan.json", &plan.to_string())]);
    let run = stanchion(folder.path(), &["lint", "--plan", "plan.json", "--format", "compact"]);
    let told =
        "main.tf:5:10: warning[image-floating-tag]: the image's tag (sensitive value) moves\n";
    assert!(run.out.contains(told), "{}", run.out);
}

#[test]
fn a_set_that_a_plan_writes_as_a_list_makes_instances() {
    let main = "resource \"aws_x\" \"y\" {}\nresource \"docker_image\" \"a\" {\n  for_each = aws_x.y.tags\n  name = \"app:${each.value}\"\n}\n";
    let plan = json!({
        "format_version": "1.2",
        "resource_changes": [{ "address": "aws_x.y", "change": {
            "actions": ["create"], "after": { "tags": ["edge", "1.2.3"] }, "after_unknown": {} } }],
        "configuration": { "root_module": { "resources": [{ "address": "aws_x.y" }] } },
    });
    let folder = folder(&[("main.tf", main), ("plan.json", &plan.to_string())]);
    let run = stanchion(folder.path(), &["lint", "--plan", "plan.json", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(images(&document), ["4 docker_image.a[\"edge\"]: the image's tag edge moves"]);
    assert_eq!(
        crate::common::counts_of(&document, "refused-configuration"),
        (1, 0, 0),
        "{document:#}"
    );
    assert_eq!(document["summary"]["instances"], 3);
}
