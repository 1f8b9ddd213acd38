//! Policies that allow everything: they are found in each place and however they are written, and
//! what only looks like one is none.

use crate::common::{counts_of, lint, lint_all};
use serde_json::Value;

const RULE: &str = "iam-admin";
const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);
const UNKNOWN: (u64, u64, u64) = (0, 0, 1);
const NONE: (u64, u64, u64) = (0, 0, 0);

/// What is declared beside the policy at hand.
const BESIDE: &str = r#"
variable "given" {
}
variable "on" {
  type = bool
}
variable "star" {
  default = "*"
}
variable "empty" {
  default = []
}
resource "aws_s3_bucket" "b" {
}
data "aws_partition" "p" {
}
data "aws_ssm_parameter" "p" {
}
module "elsewhere" {
  source = "example/elsewhere/aws"
}
"#;

/// Each place where a policy stands, with `POLICY` for it.
const PLACES: &[&str] = &[
    "resource \"aws_iam_policy\" \"it\" {\n  policy = POLICY\n}",
    "resource \"aws_iam_group_policy\" \"it\" {\n  policy = POLICY\n}",
    "resource \"aws_iam_role_policy\" \"it\" {\n  policy = POLICY\n}",
    "resource \"aws_iam_user_policy\" \"it\" {\n  policy = POLICY\n}",
    "resource \"aws_iam_role\" \"it\" {\n  inline_policy {\n    name = \"a\"\n    policy = POLICY\n  }\n}",
    "resource \"aws_iam_role\" \"it\" {\n  dynamic \"inline_policy\" {\n    for_each = [POLICY]\n    content {\n      policy = inline_policy.value\n    }\n  }\n}",
    "resource \"aws_ssoadmin_permission_set_inline_policy\" \"it\" {\n  inline_policy = POLICY\n}",
];

/// Each way of writing a policy with a statement in it: what stands beside, and the policy, with
/// `ACTION` for the action and `RESOURCE` for the resource.
const WAYS: &[(&str, &str)] = &[
    (
        "",
        r#"jsonencode({ Statement = [{ Effect = "Allow", Action = ACTION, Resource = RESOURCE }] })"#,
    ),
    (
        "",
        r#"jsonencode({ statement = { effect = "allow", action = [ACTION], resource = [RESOURCE] } })"#,
    ),
    (
        "",
        r#"jsonencode(merge({ Version = "2012-10-17" }, { Statement = concat([], [for it in [ACTION] : { Effect = "Allow", Action = it, Resource = RESOURCE }]) }))"#,
    ),
    (
        "",
        "<<EOT\n{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": ${jsonencode(ACTION)}, \"Resource\": ${jsonencode(RESOURCE)}}]}\nEOT\n",
    ),
    (
        "",
        "format(\"{\\\"Statement\\\": {\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": %s, \\\"Resource\\\": %s}}\", jsonencode(ACTION), jsonencode(RESOURCE))",
    ),
    ("", "templatefile(\"${path.module}/policy.tftpl\", { action = ACTION, resource = RESOURCE })"),
    (
        "locals {\n  policy = { Statement = [{ Effect = \"Allow\", Action = ACTION, Resource = RESOURCE }] }\n}",
        "jsonencode(local.policy)",
    ),
    (
        "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [ACTION]\n    resources = [RESOURCE]\n  }\n}",
        "data.aws_iam_policy_document.d.json",
    ),
    (
        "data \"aws_iam_policy_document\" \"d\" {\n  count = 2\n  statement {\n    actions = [ACTION]\n    resources = [RESOURCE]\n  }\n}",
        "data.aws_iam_policy_document.d[1].minified_json",
    ),
    (
        "data \"aws_iam_policy_document\" \"d\" {\n  dynamic \"statement\" {\n    for_each = [ACTION]\n    content {\n      actions = [statement.value]\n      resources = [RESOURCE]\n    }\n  }\n}",
        "data.aws_iam_policy_document.d.json",
    ),
    (
        "data \"aws_iam_policy_document\" \"s\" {\n  statement {\n    actions = [ACTION]\n    resources = [RESOURCE]\n  }\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = compact([data.aws_iam_policy_document.s.json, \"\"])\n}",
        "data.aws_iam_policy_document.d.json",
    ),
    (
        "data \"aws_iam_policy_document\" \"o\" {\n  statement {\n    sid = \"A\"\n    actions = [ACTION]\n    resources = [RESOURCE]\n  }\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  override_policy_documents = [data.aws_iam_policy_document.o.json]\n  statement {\n    sid = \"A\"\n    actions = [\"s3:Get*\"]\n  }\n}",
        "data.aws_iam_policy_document.d.json",
    ),
    (
        "module \"m\" {\n  source = \"./m\"\n  action = ACTION\n  resource = RESOURCE\n}",
        "module.m.json",
    ),
];

const TEMPLATE: &str = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"${action}\", \"Resource\": \"${resource}\"}]}";
const MODULE: &str = "variable \"action\" {\n}\nvariable \"resource\" {\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [var.action]\n    resources = [var.resource]\n  }\n}\noutput \"json\" {\n  value = data.aws_iam_policy_document.d.json\n}\n";

fn lint_with_files(text: &str) -> Value {
    lint_all(&[("main.tf", text), ("policy.tftpl", TEMPLATE), ("m/main.tf", MODULE)])
}

/// What is said of a policy with one statement that allows, written in `jsonencode`.
fn allowed(statement: &str) -> Value {
    documented(&format!("{{ Effect = \"Allow\", {statement} }}"))
}

/// What is said of a policy with these statements.
fn documented(statements: &str) -> Value {
    lint(&format!(
        "{BESIDE}resource \"aws_iam_policy\" \"it\" {{\n  policy = jsonencode({{ Statement = [{statements}] }})\n}}\n"
    ))
}

/// The first finding of the rule.
fn finding(document: &Value) -> Value {
    let findings = document["findings"].as_array().unwrap();
    findings.iter().find(|it| it["rule"] == RULE).unwrap().clone()
}

#[test]
fn everything_is_found_in_each_place_however_it_is_written() {
    let cases = [
        ("\"*\"", "\"*\"", FAIL),
        ("\"*\"", "aws_s3_bucket.b.arn", PASS),
        ("var.star", "\"*\"", FAIL),
        ("\"s3:Get*\"", "\"*\"", PASS),
        ("var.given", "\"*\"", UNKNOWN),
    ];
    for (at, place) in PLACES.iter().enumerate() {
        // What is read in one place is read in the others by the same code.
        let cases = if at == 0 { &cases[..] } else { &cases[..2] };
        for (beside, policy) in WAYS {
            for &(action, resource, expected) in cases {
                let text = format!("{BESIDE}{beside}\n{}\n", place.replace("POLICY", policy));
                let text = text.replace("ACTION", action).replace("RESOURCE", resource);
                let document = lint_with_files(&text);
                assert_eq!(counts_of(&document, RULE), expected, "{text}: {document:#}");
            }
        }
    }
}

#[test]
fn what_is_no_policy_of_an_identity_is_not_judged() {
    let all = "jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"*\", Resource = \"*\" }] })";
    for text in [
        format!("resource \"aws_iam_role\" \"it\" {{\n  assume_role_policy = {all}\n}}"),
        format!("resource \"aws_s3_bucket_policy\" \"it\" {{\n  policy = {all}\n}}"),
        format!("resource \"aws_organizations_policy\" \"it\" {{\n  content = {all}\n}}"),
        format!("resource \"aws_kms_key\" \"it\" {{\n  policy = {all}\n}}"),
        format!("resource \"aws_iam_policy\" \"it\" {{\n  count = 0\n  policy = {all}\n}}"),
        "resource \"aws_iam_role\" \"it\" {\n  permissions_boundary = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}".to_owned(),
        "resource \"aws_iam_policy\" \"it\" {\n  policy = null\n}".to_owned(),
        "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"*\"]\n    resources = [\"*\"]\n  }\n}".to_owned(),
    ] {
        assert_eq!(counts_of(&lint(&text), RULE), NONE, "{text}");
    }
}

#[test]
fn actions_and_resources_are_patterns() {
    for (statement, expected) in [
        ("Action = \"*:*\", Resource = \"*\"", FAIL),
        ("Action = [\"s3:*\", \"**\"], Resource = [\"arn:aws:s3:::b\", \"*\"]", FAIL),
        ("Action = \"*\", Resource = \"arn:aws:*\"", FAIL),
        ("Action = \"*\", Resource = \"arn:${data.aws_partition.p.partition}:*:*:*:*\"", FAIL),
        ("Action = \"*\", NotResource = \"arn:aws:s3:::b\"", FAIL),
        ("Action = \"*\", NotResource = \"*\"", PASS),
        ("Action = \"*\", NotResource = aws_s3_bucket.b.arn", FAIL),
        ("NotAction = \"s3:DeleteBucket\", Resource = \"*\"", FAIL),
        ("NotAction = [\"iam:*\", \"organizations:*\"], Resource = \"*\"", FAIL),
        ("NotAction = \"*\", Resource = \"*\"", PASS),
        ("NotAction = \"s3:*\", Resource = aws_s3_bucket.b.arn", PASS),
        ("Action = \"iam:*\", Resource = \"*\"", FAIL),
        ("Action = \"IAM:*\", Resource = \"arn:aws:iam::${var.given}:*\"", FAIL),
        ("Action = \"iam:*\", Resource = \"arn:aws:iam::111111111111:role/ci\"", PASS),
        ("Action = \"iam:Get*\", Resource = \"*\"", PASS),
        ("Action = [\"s3:*\", \"ec2:*\", \"*:Get*\"], Resource = \"*\"", PASS),
        ("Action = \"*\", Resource = \"arn:aws:s3:::*\"", PASS),
        ("Action = \"*\", Resource = [\"${aws_s3_bucket.b.arn}/*\", aws_s3_bucket.b.arn]", PASS),
        ("Action = \"*\"", PASS),
        ("Resource = \"*\"", PASS),
    ] {
        let document = allowed(statement);
        assert_eq!(counts_of(&document, RULE), expected, "{statement}: {document:#}");
    }
}

#[test]
fn what_is_unknown_counts_only_where_it_decides() {
    for (statement, expected) in [
        ("Action = var.given, Resource = \"*\"", UNKNOWN),
        ("Action = [\"s3:*\", var.given], Resource = \"*\"", UNKNOWN),
        ("Action = concat([\"*\"], var.given), Resource = \"*\"", FAIL),
        ("Action = concat([\"s3:*\"], var.given), Resource = \"*\"", UNKNOWN),
        ("Action = \"s3:${var.given}\", Resource = \"*\"", PASS),
        ("Action = \"${var.given}:*\", Resource = \"*\"", UNKNOWN),
        ("Action = \"${var.given}:Get*\", Resource = \"*\"", PASS),
        ("Action = \"*\", Resource = var.given", UNKNOWN),
        ("Action = \"*\", Resource = \"${var.given}/*\"", PASS),
        ("Action = \"*\", Resource = data.aws_ssm_parameter.p.value", UNKNOWN),
        ("Action = \"*\", Resource = data.aws_ssm_parameter.p.arn", PASS),
        ("Action = \"*\", Resource = module.elsewhere.arn", UNKNOWN),
        ("Action = var.on ? \"*\" : \"s3:*\", Resource = \"*\"", UNKNOWN),
        ("Action = var.on ? \"*\" : \"*:*\", Resource = \"*\"", FAIL),
        ("Action = var.on ? [\"s3:Get*\"] : [\"s3:*\", \"ec2:*\"], Resource = \"*\"", PASS),
        ("NotAction = var.given, Resource = \"*\"", UNKNOWN),
        ("Action = \"*\", Resource = \"*\", Condition = var.given", UNKNOWN),
        ("Action = \"s3:*\", Resource = \"*\", Condition = var.given", PASS),
    ] {
        let document = allowed(statement);
        assert_eq!(counts_of(&document, RULE), expected, "{statement}: {document:#}");
    }
    let why = |statement: &str| allowed(statement)["unknown"][0]["why"].clone();
    assert_eq!(why("Action = var.given, Resource = \"*\""), "var.given has no value");
    assert_eq!(why("Action = var.on ? \"*\" : \"s3:*\", Resource = \"*\""), "var.on has no value");
}

#[test]
fn a_condition_passes_if_it_narrows() {
    for (condition, expected) in [
        ("{ StringEquals = { \"aws:PrincipalOrgID\" = \"o-1\" } }", PASS),
        ("{ Bool = { \"aws:MultiFactorAuthPresent\" = true } }", PASS),
        ("{ StringLike = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/*\" } }", PASS),
        ("{ ArnLike = { \"aws:SourceArn\" = aws_s3_bucket.b.arn } }", PASS),
        ("{ StringEquals = { \"aws:RequestedRegion\" = var.given } }", PASS),
        ("{ IpAddress = { \"aws:SourceIp\" = [\"10.0.0.0/8\"] } }", PASS),
        ("{}", FAIL),
        ("{ Bool = { \"aws:SecureTransport\" = \"true\" } }", FAIL),
        ("{ StringLike = { \"aws:PrincipalArn\" = \"*\" } }", FAIL),
        ("{ StringLike = { \"aws:PrincipalArn\" = [\"a\", \"*\"] } }", FAIL),
        ("{ IpAddress = { \"aws:SourceIp\" = \"0.0.0.0/0\" } }", FAIL),
        ("{ StringLike = { \"aws:PrincipalArn\" = \"*\", \"aws:UserId\" = \"a\" } }", PASS),
        ("{ StringLike = { \"aws:PrincipalArn\" = var.given } }", UNKNOWN),
        ("{ BoolIfExists = { \"aws:MultiFactorAuthPresent\" = true } }", FAIL),
        ("{ StringNotEquals = { \"aws:RequestedRegion\" = \"eu-central-1\" } }", FAIL),
        ("{ NotIpAddress = { \"aws:SourceIp\" = \"10.0.0.0/8\" } }", FAIL),
        ("{ Null = { \"aws:TokenIssueTime\" = \"false\" } }", PASS),
        ("{ \"ForAllValues:StringEquals\" = { \"aws:TagKeys\" = \"a\" } }", FAIL),
    ] {
        let document =
            allowed(&format!("Action = \"*\", Resource = \"*\", Condition = {condition}"));
        assert_eq!(counts_of(&document, RULE), expected, "{condition}: {document:#}");
    }
    for weak in [
        "BoolIfExists = { \"aws:MultiFactorAuthPresent\" = true }",
        "StringNotEquals = { \"aws:RequestedRegion\" = \"eu-central-1\" }",
    ] {
        let statement = format!("Action = \"*\", Resource = \"*\", Condition = {{ {weak} }}");
        assert_eq!(finding(&allowed(&statement))["confidence"], "low", "{weak}");
    }
    // What leaves no doubt is told, whatever stands before it.
    let both = documented(
        "{ Effect = \"Allow\", Action = \"*\", Resource = \"*\", Condition = { BoolIfExists = { a = true } } }, { Effect = \"Allow\", Action = \"iam:*\", Resource = \"*\" }",
    );
    assert_eq!(finding(&both)["confidence"], "high");
    let message = "the policy allows all of iam:*, and with it everything else";
    assert_eq!(finding(&both)["message"], message);
    assert_eq!(finding(&allowed("Action = \"*\", Resource = \"*\""))["confidence"], "high");
}

#[test]
fn a_denial_takes_away_what_it_denies_always_and_everywhere() {
    let allow = "{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }";
    let permissions = "{ Effect = \"Allow\", Action = \"iam:*\", Resource = \"*\" }";
    for (allow, deny, expected) in [
        (allow, "Action = \"*\", Resource = \"*\"", PASS),
        (allow, "NotAction = \"s3:*\", Resource = \"*\"", PASS),
        (allow, "NotAction = [\"s3:*\", \"iam:*\"], Resource = \"*\"", FAIL),
        (allow, "Action = \"*\", NotResource = aws_s3_bucket.b.arn", PASS),
        (allow, "Action = \"iam:*\", Resource = \"*\"", FAIL),
        (allow, "Action = \"*\", Resource = aws_s3_bucket.b.arn", FAIL),
        (allow, "Action = var.given, Resource = \"*\"", UNKNOWN),
        (allow, "Action = var.given, Resource = aws_s3_bucket.b.arn", FAIL),
        (
            allow,
            "Action = \"*\", Resource = \"*\", Condition = { Bool = { \"aws:MultiFactorAuthPresent\" = \"false\" } }",
            FAIL,
        ),
        (permissions, "Action = \"iam:*\", Resource = \"*\"", PASS),
        (permissions, "Action = \"*\", Resource = \"*\"", PASS),
        (permissions, "Action = \"iam:Delete*\", Resource = \"*\"", FAIL),
        (permissions, "NotAction = \"s3:*\", Resource = \"*\"", PASS),
    ] {
        let document = documented(&format!("{allow}, {{ Effect = \"Deny\", {deny} }}"));
        assert_eq!(counts_of(&document, RULE), expected, "{deny}: {document:#}");
    }
    let alone = "{ Effect = \"Deny\", Action = \"*\", Resource = \"*\" }";
    assert_eq!(counts_of(&documented(alone), RULE), PASS);
    let unknown = "{ Effect = var.given, Action = \"*\", Resource = \"*\" }";
    assert_eq!(counts_of(&documented(unknown), RULE), UNKNOWN);
}
