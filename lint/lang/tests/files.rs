//! Files by their names: what each says to the others.
#![expect(clippy::unwrap_used, reason = "its helpers fail the tests that call them")]

use stanchion_lang::syntax::{Content, ExprKind, Part};
use stanchion_lang::{Evaluation, Inputs, Mode, NoDataSources, NoFiles, Source, Span, Workspace};

fn read(files: &[(&str, &str)]) -> Workspace {
    Workspace::new(files.iter().map(|(name, text)| Source::new(*name, text.as_bytes().to_vec())))
}

fn value(workspace: &Workspace, root: &str, text: &str) -> String {
    let (inputs, module) = (Inputs::default(), workspace.module(root).unwrap());
    let evaluation = Evaluation::new(workspace, module, &inputs, &NoFiles, &NoDataSources);
    let it = evaluation.evaluate(text);
    let gaps: Vec<String> = evaluation.gaps().into_iter().map(|it| it.why).collect();
    match (it.value.as_str(), it.refusals.first()) {
        (_, Some(refusal)) => refusal.detail.clone(),
        (Some(text), _) => text.to_owned(),
        (None, _) => format!("unknown {gaps:?}"),
    }
}

#[test]
fn opentofus_files_stand_for_terraforms_of_the_same_name() {
    let workspace = read(&[
        ("main.tf", "locals {\n  a = \"tf\"\n}\n"),
        ("main.tofu", "locals {\n  a = \"tofu\"\n}\n"),
        ("b.tf.json", r#"{"locals": {"b": "tf"}}"#),
        ("b.tofu.json", r#"{"locals": {"b": "tofu"}}"#),
    ]);
    assert_eq!(value(&workspace, "", "\"${local.a} ${local.b}\""), "tofu tofu");
    assert_eq!(workspace.files().len(), 2);
}

#[test]
fn remote_modules_are_where_init_put_them() {
    let workspace = read(&[
        (
            "live/main.tf",
            "module \"vpc\" {\n  source = \"x/vpc/aws\"\n}\nlocals {\n  a = module.vpc.a\n}\n",
        ),
        (
            "live/.terraform/modules/modules.json",
            r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."},
                {"Key": "vpc", "Source": "registry.terraform.io/x/vpc/aws", "Version": "1.0.0", "Dir": ".terraform/modules/vpc"},
                {"Key": "vpc.subnets", "Source": "git::https://example.com/s", "Dir": ".terraform/modules/vpc.subnets/sub"},
                {"Key": "vpc.local", "Source": "./local", "Dir": ".terraform/modules/vpc/local"}]}"#,
        ),
        (
            "live/.terraform/modules/vpc/main.tf",
            "module \"subnets\" {\n  source = \"git::https://example.com/s\"\n}\nmodule \"local\" {\n  source = \"./local\"\n}\n\
             output \"a\" {\n  value = \"${module.subnets.a} ${module.local.a}\"\n}\n",
        ),
        ("live/.terraform/modules/vpc/local/main.tf", "output \"a\" {\n  value = \"local\"\n}\n"),
        (
            "live/.terraform/modules/vpc.subnets/sub/main.tf",
            "output \"a\" {\n  value = \"subnet\"\n}\n",
        ),
    ]);
    assert_eq!(workspace.faults(), []);
    assert_eq!(value(&workspace, "live", "local.a"), "subnet local");
    let roots: Vec<_> = workspace.roots().iter().map(|it| it.folder.to_string()).collect();
    assert_eq!(roots, ["live"]);
    assert!(workspace.unread_folders().is_empty());
}

#[test]
fn remote_modules_are_asked_for_and_else_unknown_with_why() {
    let main = (
        "main.tf",
        "module \"a\" {\n  source = \"x/a/aws\"\n}\nmodule \"b\" {\n  source = \"x/b/aws\"\n}\nlocals {\n  a = module.a.x\n  b = module.b.x\n}\n",
    );
    let list = r#"{"Modules": [{"Key": "a", "Source": "x/a/aws", "Dir": ".terraform/modules/a"}]}"#;
    let workspace = read(&[main, (".terraform/modules/modules.json", list)]);
    assert_eq!(
        workspace.unread_folders().into_iter().collect::<Vec<_>>(),
        [".terraform/modules/a"]
    );
    assert_eq!(
        value(&workspace, "", "\"${local.b}${local.b}\""),
        "unknown [\"calls a module from elsewhere, which is not in .terraform/modules\"]"
    );
    let broken = read(&[main, (".terraform/modules/modules.json", "{}")]);
    assert_eq!(broken.faults()[0].message, "lists no modules: run terraform init again");
}

#[test]
fn a_lock_file_tells_versions_constraints_and_hashes() {
    let text = "provider \"registry.terraform.io/hashicorp/aws\" {\n  version     = \"5.1.0\"\n  constraints = \"~> 5.0\"\n  hashes = [\n    \"h1:a\",\n    \"zh:b\",\n  ]\n}\nprovider \"registry.terraform.io/x/y\" {\n  version = \"1.0.0\"\n}\n";
    let workspace = read(&[("a/.terraform.lock.hcl", text), ("a/main.tf", "")]);
    let lock = workspace.lock("a").unwrap();
    let aws = &lock.providers["registry.terraform.io/hashicorp/aws"];
    let (version, span) = aws.version.clone().unwrap();
    assert_eq!(
        (&*version, workspace.place(span).unwrap().to_string()),
        ("5.1.0", "a/.terraform.lock.hcl:2:17".to_owned())
    );
    assert_eq!(aws.constraints.as_deref(), Some("~> 5.0"));
    assert_eq!(aws.hashes.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["h1:a", "zh:b"]);
    let other = &lock.providers["registry.terraform.io/x/y"];
    assert_eq!((other.constraints.as_deref(), other.hashes.len()), (None, 0));
    assert!(workspace.lock("").is_none());
}

#[test]
fn terragrunts_files_are_said_to_be_left_out() {
    let workspace =
        read(&[("live/terragrunt.hcl", "include \"root\" {\n path = find() \n"), ("main.tf", "")]);
    let left: Vec<_> = workspace
        .left_out()
        .iter()
        .map(|it| (workspace.place(it.span).unwrap().to_string(), &*it.why))
        .collect();
    assert_eq!(
        left,
        [(
            "live/terragrunt.hcl:1:1".to_owned(),
            "is written for Terragrunt, which is not looked into"
        )]
    );
    assert_eq!(workspace.faults(), []);
    assert!(workspace.module("live").is_none());
}

#[test]
fn what_is_declared_twice_is_told_with_both_places() {
    let workspace = read(&[
        ("a.tf", "variable \"x\" {}\n\nlocals {\n  l = 1\n}\n"),
        ("b.tf", "locals {\n  l = 2\n}\nvariable \"x\" {}\n"),
    ]);
    let faults: Vec<_> = workspace
        .faults()
        .iter()
        .map(|it| format!("{}: {}", workspace.place(it.span).unwrap(), it.message))
        .collect();
    assert_eq!(
        faults,
        [
            "b.tf:2:3: declares local.l again, after a.tf:4:3",
            "b.tf:4:1: declares var.x again, after a.tf:1:1"
        ]
    );
    assert!(
        matches!(&workspace.module("").unwrap().locals["l"].value.kind, ExprKind::Number(Some(it)) if it.to_string() == "1")
    );
}

#[test]
fn places_in_json_are_those_of_its_text() {
    let text = "{\"locals\": {\"a\": \"\\u00e9\\\"${ local.b }\\n${local.c}\"}}";
    let workspace = read(&[("main.tf.json", text)]);
    let local = &workspace.module("").unwrap().locals["a"];
    let written = |it: Span| &text[it.start as usize..it.end as usize];
    assert_eq!(written(local.name_span), "\"a\"");
    assert_eq!(written(local.value.span), "\"\\u00e9\\\"${ local.b }\\n${local.c}\"");
    let ExprKind::Template(parts) = &local.value.kind else { panic!("{local:?}") };
    let spans: Vec<&str> = parts
        .iter()
        .filter_map(|it| match it {
            Part::Interpolation(it) => Some(written(it.span)),
            _ => None,
        })
        .collect();
    assert_eq!(spans, ["local.b", "local.c"]);
    let broken = read(&[("main.tf.json", "{\"locals\": {\"a\": \"\\t${1 +}\"}}")]);
    assert_eq!(broken.place(broken.faults()[0].span).unwrap().to_string(), "main.tf.json:1:26");
}

#[test]
fn a_property_of_a_resource_in_json_is_an_attribute_and_blocks() {
    let text = r#"{"resource": {"aws_x": {"y": {
        "ingress": [{"port": 1}, {"port": 2, "inner": {"deep": true}}], "tags": {"a": "b"}, "names": ["c"],
        "dynamic": {"rule": {"for_each": ["d"], "iterator": "it", "content": {"name": "${it.value}"}}},
        "provisioner": [{"local-exec": {"command": "e", "when": "destroy"}}],
        "lifecycle": {"ignore_changes": "all"}}}}}"#;
    let workspace = read(&[("main.tf.json", text)]);
    assert_eq!(workspace.faults(), []);
    let module = workspace.module("").unwrap();
    let (_, block) = module.resource(Mode::Managed, "aws_x", "y").unwrap();
    let body = &block.body;
    assert!(
        body.is_json && body.attribute("ingress").is_some() && body.attribute("tags").is_some()
    );
    let blocks = |kind| body.blocks_of(kind).count();
    assert_eq!(
        [blocks("ingress"), blocks("tags"), blocks("names"), blocks("provisioner")],
        [2, 1, 0, 1]
    );
    assert!(matches!(body.blocks_of("rule").next(), Some(Content::Dynamic(_))));
    let ignored = &body.blocks.iter().find(|it| &*it.kind == "lifecycle").unwrap().body;
    assert!(
        matches!(&ignored.attribute("ignore_changes").unwrap().value.kind, ExprKind::Variable(it) if &**it == "all")
    );
    let inputs = Inputs::default();
    let evaluation = Evaluation::new(&workspace, module, &inputs, &NoFiles, &NoDataSources);
    let resources = evaluation.resources();
    let rules = evaluation.view(&resources[0]).blocks("rule");
    assert_eq!(rules[0].attribute("name").unwrap().value.as_str(), Some("d"));
}

#[test]
fn settings_and_other_blocks_are_there_for_rules() {
    let text = r#"
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    old = ">= 1"
  }
  backend "s3" {
    bucket = "b"
  }
}
provider "aws" {}
provider "aws" {
  alias = "eu"
}
moved {
  from = a.b
  to   = a.c
}
check "c" {
  data "http" "x" {}
}
list "aws_x" "y" {}
action "aws_z" "w" {}
something_new "x" {}
"#;
    let over = "terraform {\n  required_version = \">= 1.6\"\n  required_providers {\n    aws = {\n      source = \"x/aws\"\n    }\n    new = {\n      source = \"x/new\"\n    }\n  }\n  cloud {}\n}\nprovider \"aws\" {\n  alias  = \"eu\"\n  region = \"r\"\n}\n";
    let seen = |files: &[(&str, &str)]| {
        let workspace = read(files);
        assert_eq!(workspace.faults(), []);
        let module = workspace.module("").unwrap();
        let required: Vec<String> = module
            .required_providers()
            .map(|it| format!("{} {:?} {:?}", it.name, it.source, it.version.map(|it| it.0)))
            .collect();
        let providers: Vec<String> = module
            .providers()
            .map(|it| format!("{} {:?} {}", it.name, it.alias, it.block.body.attributes.len()))
            .collect();
        let versions: Vec<String> =
            module.required_versions().map(|it| format!("{:?}", it.kind)).collect();
        let kinds = ["moved", "check", "list", "action", "something_new"];
        assert!(kinds.iter().all(|it| module.others_of(it).count() == 1));
        (required, providers, versions, module.backend().unwrap().kind.to_string())
    };
    let (required, providers, versions, backend) = seen(&[("main.tf", text)]);
    assert_eq!(
        required,
        ["aws Some(\"hashicorp/aws\") Some(\"~> 5.0\")", "old None Some(\">= 1\")"]
    );
    assert_eq!(providers, ["aws None 0", "aws Some(\"eu\") 1"]);
    assert_eq!(versions, ["String(\">= 1.5\")"]);
    assert_eq!(backend, "backend");
    let (required, providers, versions, backend) =
        seen(&[("main.tf", text), ("override.tf", over)]);
    assert_eq!(
        required,
        ["aws Some(\"x/aws\") None", "old None Some(\">= 1\")", "new Some(\"x/new\") None"]
    );
    assert_eq!(providers, ["aws None 0", "aws Some(\"eu\") 2"]);
    assert_eq!(versions, ["String(\">= 1.6\")"]);
    assert_eq!(backend, "cloud");
}

#[test]
fn blocks_of_an_override_replace_those_of_their_kind() {
    let main = "resource \"aws_x\" \"y\" {\n  a = 1\n  b = 2\n  rule {\n    n = 1\n  }\n  rule {\n    n = 2\n  }\n  other {}\n  provisioner \"local-exec\" {}\n  lifecycle {\n    prevent_destroy = true\n    ignore_changes  = [a]\n    replace_triggered_by = [c]\n    precondition {}\n  }\n}\n";
    let over = "resource \"aws_x\" \"y\" {\n  b = 3\n  dynamic \"rule\" {\n    for_each = []\n    content {}\n  }\n  provisioner \"file\" {}\n  lifecycle {\n    prevent_destroy = false\n    replace_triggered_by = [d]\n  }\n}\n";
    let workspace = read(&[("main.tf", main), ("x_override.tf", over)]);
    assert_eq!(workspace.faults(), []);
    let (_, block) = workspace.module("").unwrap().resource(Mode::Managed, "aws_x", "y").unwrap();
    let kinds: Vec<_> =
        block.body.blocks.iter().map(|it| format!("{} {:?}", it.kind, it.labels)).collect();
    assert_eq!(kinds, ["other []", "lifecycle []", "dynamic [\"rule\"]", "provisioner [\"file\"]"]);
    let lifecycle = &block.body.blocks[1].body;
    assert_eq!((lifecycle.flag("prevent_destroy"), lifecycle.blocks.len()), (Some(false), 1));
    let attributes: Vec<_> = lifecycle
        .attributes
        .iter()
        .map(|it| format!("{} {}", it.name, workspace.place(it.name_span).unwrap()))
        .collect();
    assert_eq!(
        attributes,
        [
            "prevent_destroy x_override.tf:9:5",
            "ignore_changes main.tf:14:5",
            "replace_triggered_by main.tf:15:5"
        ]
    );
    let names: Vec<_> = block.body.attributes.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_variable_file_belongs_to_the_nearest_module_above_it() {
    let files = [
        "main.tf",
        "terraform.tfvars",
        "x.auto.tfvars.json",
        "dev.tfvars",
        "envs/prod/terraform.tfvars",
        "envs/test.tfvars.json",
        "app/main.tf",
        "app/own.tfvars",
        "app/envs/x.auto.tfvars",
        "../above/main.tf",
        "../above/a.tfvars",
        "../b.tfvars",
        "/abs/main.tf",
        "/abs/envs/c.tfvars",
        ".terraform/modules/m/e.tfvars",
    ];
    let workspace = read(&files.map(|it| (it, if it.ends_with(".json") { "{}" } else { "" })));
    let of = |folder: &str| workspace.variable_files(workspace.module(folder).unwrap());
    let names = |folder: &str| of(folder).iter().map(|it| it.to_string()).collect::<Vec<_>>();
    assert_eq!(names(""), ["dev.tfvars", "envs/prod/terraform.tfvars", "envs/test.tfvars.json"]);
    assert_eq!(names("app"), ["app/envs/x.auto.tfvars", "app/own.tfvars"]);
    assert_eq!(names("../above"), ["../above/a.tfvars"]);
    assert_eq!(names("/abs"), ["/abs/envs/c.tfvars"]);
}
