//! Policies by their ARNs, policies of which a part can't be seen, and what is told of a finding.

use crate::common::{counts_of, folder, lint, lint_all, stanchion};
use serde_json::Value;

const RULE: &str = "iam-admin";
const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);
const UNKNOWN: (u64, u64, u64) = (0, 0, 1);

/// What is declared beside the policy at hand.
const BESIDE: &str = r#"
variable "given" {
}
variable "on" {
  type = bool
}
data "aws_partition" "p" {
}
data "aws_iam_policy" "admin" {
  name = "AdministratorAccess"
}
data "aws_iam_policy" "by_arn" {
  arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
data "aws_iam_policy" "read" {
  name = "ReadOnlyAccess"
}
data "aws_iam_policy_document" "all" {
  statement {
    sid       = "All"
    actions   = ["*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "some" {
  statement {
    sid       = "Some"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}
resource "aws_iam_policy" "own" {
  policy = data.aws_iam_policy_document.some.json
}
"#;

/// The findings of the rule.
fn findings(document: &Value) -> Vec<Value> {
    let all = document["findings"].as_array().unwrap().iter();
    all.filter(|it| it["rule"] == RULE).cloned().collect()
}

/// Places in a finding's chain, each with its line.
fn chain(finding: &Value) -> Vec<String> {
    let links = finding["chain"].as_array().unwrap().iter().map(|it| &it["place"]);
    links.map(|it| format!("{}:{}", it["path"].as_str().unwrap(), it["line"])).collect()
}

/// How many policies pass, fail and are unknown, without the one that stands beside.
fn counts(text: &str) -> (u64, u64, u64) {
    let (passed, failed, unknown) = counts_of(&lint(&format!("{BESIDE}{text}")), RULE);
    (passed - 1, failed, unknown)
}

#[test]
fn a_policy_of_aws_is_found_wherever_it_is_attached() {
    const ADMIN: &str = "\"arn:aws:iam::aws:policy/AdministratorAccess\"";
    for (ty, argument) in [
        ("aws_iam_policy_attachment", "policy_arn = ARN"),
        ("aws_iam_group_policy_attachment", "policy_arn = ARN"),
        ("aws_iam_role_policy_attachment", "policy_arn = ARN"),
        ("aws_iam_user_policy_attachment", "policy_arn = ARN"),
        ("aws_iam_group_policy_attachments_exclusive", "policy_arns = [ARN]"),
        ("aws_iam_role_policy_attachments_exclusive", "policy_arns = [ARN]"),
        ("aws_iam_user_policy_attachments_exclusive", "policy_arns = [ARN]"),
        ("aws_iam_role", "managed_policy_arns = [ARN]"),
        ("aws_ssoadmin_managed_policy_attachment", "managed_policy_arn = ARN"),
        ("aws_ssoadmin_managed_policy_attachments_exclusive", "managed_policy_arns = [ARN]"),
    ] {
        let with = |arn: &str| {
            format!("resource \"{ty}\" \"it\" {{\n  {}\n}}\n", argument.replace("ARN", arn))
        };
        assert_eq!(counts(&with(ADMIN)), FAIL, "{ty}");
        assert_eq!(counts(&with("aws_iam_policy.own.arn")), PASS, "{ty}");
        assert_eq!(counts(&with("var.given")), UNKNOWN, "{ty}");
    }
}

#[test]
fn which_policy_an_arn_names_is_told_in_every_partition() {
    for (arn, expected) in [
        ("\"arn:aws-cn:iam::aws:policy/AdministratorAccess\"", FAIL),
        ("\"arn:aws-us-gov:iam::aws:policy/IAMFullAccess\"", FAIL),
        ("\"arn:aws:iam::aws:policy/PowerUserAccess\"", FAIL),
        ("\"arn:${data.aws_partition.p.partition}:iam::aws:policy/AdministratorAccess\"", FAIL),
        ("\"arn:${var.given}:iam::aws:policy/AdministratorAccess\"", FAIL),
        ("data.aws_iam_policy.admin.arn", FAIL),
        ("data.aws_iam_policy.by_arn.arn", FAIL),
        (
            "var.on ? data.aws_iam_policy.admin.arn : \"arn:aws:iam::aws:policy/IAMFullAccess\"",
            FAIL,
        ),
        ("\"arn:aws:iam::aws:policy/${var.given}\"", UNKNOWN),
        ("\"${var.given}/AdministratorAccess\"", UNKNOWN),
        ("var.on ? data.aws_iam_policy.admin.arn : data.aws_iam_policy.read.arn", UNKNOWN),
        ("data.aws_iam_policy.read.arn", PASS),
        ("\"arn:aws:iam::aws:policy/ReadOnlyAccess\"", PASS),
        ("\"arn:aws:iam::aws:policy/AdministratorAccess-Amplify\"", PASS),
        ("\"arn:aws:iam::111111111111:policy/AdministratorAccess\"", PASS),
        ("\"arn:aws:iam::aws:policy/service-role/${var.given}\"", PASS),
    ] {
        let text = format!(
            "resource \"aws_iam_role_policy_attachment\" \"it\" {{\n  policy_arn = {arn}\n}}\n"
        );
        assert_eq!(counts(&text), expected, "{arn}");
    }
}

#[test]
fn a_policy_that_a_module_looks_up_by_its_name_is_found() {
    let module = "data \"aws_iam_policy\" \"p\" {\n  name = \"AdministratorAccess\"\n}\nresource \"aws_iam_role_policy_attachment\" \"it\" {\n  policy_arn = data.aws_iam_policy.p.arn\n}\noutput \"arn\" {\n  value = data.aws_iam_policy.p.arn\n}\n";
    let main = "module \"m\" {\n  source   = \"./m\"\n  for_each = toset([\"a.b\"])\n}\nresource \"aws_iam_group_policy_attachment\" \"it\" {\n  policy_arn = module.m[\"a.b\"].arn\n}\n";
    let document = lint_all(&[("main.tf", main), ("m/main.tf", module)]);
    assert_eq!(counts_of(&document, RULE), (0, 2, 0), "{document:#}");
}

#[test]
fn each_arn_of_a_list_is_a_policy_of_its_own() {
    let text = "resource \"aws_iam_role\" \"it\" {\n  managed_policy_arns = concat([\"arn:aws:iam::aws:policy/ReadOnlyAccess\", \"arn:aws:iam::aws:policy/AdministratorAccess\"], var.given)\n}\n";
    assert_eq!(counts(text), (1, 1, 1));
}

#[test]
fn what_only_bounds_others_grants_nothing() {
    let policy = "resource \"aws_iam_policy\" \"it\" {\n  name = \"bounds\"\n  policy = data.aws_iam_policy_document.all.json\n}\n";
    let bounded = |arn: &str| {
        format!("{policy}resource \"aws_iam_role\" \"r\" {{\n  permissions_boundary = {arn}\n}}\n")
    };
    let attached = |arn: &str| {
        format!("resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  policy_arn = {arn}\n}}\n")
    };
    assert_eq!(counts(policy), FAIL);
    assert_eq!(counts(&bounded("aws_iam_policy.it.arn")), (0, 0, 0));
    assert_eq!(counts(&bounded("\"arn:aws:iam::${var.given}:policy/bounds\"")), (0, 0, 0));
    let other = lint(&format!("{BESIDE}{}", bounded("aws_iam_policy.own.arn")));
    assert_eq!(counts_of(&other, RULE), FAIL);
    let both = bounded("aws_iam_policy.it.arn") + &attached("aws_iam_policy.it.arn");
    assert_eq!(counts(&both), (1, 1, 0));
}

#[test]
fn a_policy_may_be_one_of_two() {
    for (yes, no, expected) in [
        (
            "data.aws_iam_policy_document.all.json",
            "data.aws_iam_policy_document.some.json",
            UNKNOWN,
        ),
        ("data.aws_iam_policy_document.all.json", "null", UNKNOWN),
        ("data.aws_iam_policy_document.some.json", "null", PASS),
        (
            "data.aws_iam_policy_document.some.json",
            "data.aws_iam_policy_document.some.minified_json",
            PASS,
        ),
        (
            "data.aws_iam_policy_document.all.json",
            "jsonencode({ Statement = { Effect = \"Allow\", Action = \"iam:*\", Resource = \"*\" } })",
            FAIL,
        ),
    ] {
        let text = format!(
            "resource \"aws_iam_user_policy\" \"it\" {{\n  policy = var.on ? {yes} : {no}\n}}\n"
        );
        assert_eq!(counts(&text), expected, "{yes} {no}");
    }
}

#[test]
fn documents_that_are_merged_are_judged_as_what_they_come_to() {
    for (body, expected) in [
        ("source_policy_documents = [data.aws_iam_policy_document.all.json]", FAIL),
        (
            "override_policy_documents = [data.aws_iam_policy_document.some.json, data.aws_iam_policy_document.all.json]",
            FAIL,
        ),
        (
            "source_policy_documents = [data.aws_iam_policy_document.all.json]\n  statement {\n    sid = \"All\"\n    actions = [\"s3:*\"]\n    resources = [\"*\"]\n  }",
            PASS,
        ),
        (
            "override_policy_documents = [jsonencode({ Statement = [{ Sid = \"Mine\" }] })]\n  statement {\n    sid = \"Mine\"\n    actions = [\"*\"]\n    resources = [\"*\"]\n  }",
            // A statement that neither allows nor denies is refused by AWS.
            PASS,
        ),
        (
            "source_policy_documents = [var.on ? data.aws_iam_policy_document.all.json : data.aws_iam_policy_document.some.json]",
            UNKNOWN,
        ),
        (
            "source_policy_documents = var.on ? [data.aws_iam_policy_document.all.json] : []",
            UNKNOWN,
        ),
        (
            "override_policy_documents = var.on ? [] : [data.aws_iam_policy_document.some.json]",
            PASS,
        ),
        (
            "source_policy_documents = concat([data.aws_iam_policy_document.all.json], var.on ? [data.aws_iam_policy_document.some.json] : [])",
            FAIL,
        ),
        ("source_policy_documents = [data.aws_iam_policy_document.some.json, var.given]", UNKNOWN),
        // Whatever the other document says, this statement is there.
        ("source_policy_documents = [data.aws_iam_policy_document.all.json, var.given]", FAIL),
        // What is known may not be there any more.
        (
            "override_policy_documents = [var.given]\n  statement {\n    sid = \"Mine\"\n    actions = [\"*\"]\n    resources = [\"*\"]\n  }",
            UNKNOWN,
        ),
        (
            "source_policy_documents = [data.aws_iam_policy_document.all.json, data.aws_iam_policy_document.all.json]",
            UNKNOWN,
        ),
    ] {
        let text = format!(
            "data \"aws_iam_policy_document\" \"it\" {{\n  {body}\n}}\nresource \"aws_iam_user_policy\" \"it\" {{\n  policy = data.aws_iam_policy_document.it.json\n}}\n"
        );
        assert_eq!(counts(&text), expected, "{body}");
    }
}

#[test]
fn a_statement_that_may_not_be_there_fails_with_less_confidence() {
    let policy = "resource \"aws_iam_user_policy\" \"it\" {\n  policy = data.aws_iam_policy_document.it.json\n}\n";
    let of = |body: &str| {
        let text =
            format!("{BESIDE}data \"aws_iam_policy_document\" \"it\" {{\n  {body}\n}}\n{policy}");
        findings(&lint(&text))
    };
    let dynamic = "dynamic \"statement\" {\n    for_each = var.given\n    content {\n      actions = [\"*\"]\n      resources = [\"*\"]\n    }\n  }";
    assert_eq!(of(dynamic)[0]["confidence"], "medium");
    let unseen = "source_policy_documents = [data.aws_iam_policy_document.all.json, var.given]";
    assert_eq!(of(unseen)[0]["confidence"], "medium");
    assert_eq!(
        of("source_policy_documents = [data.aws_iam_policy_document.all.json]")[0]["confidence"],
        "high"
    );
    let narrowed = dynamic.replace("[\"*\"]\n    }", "[\"*\"]\n      condition {\n        test = \"StringEquals\"\n        variable = \"aws:PrincipalOrgID\"\n        values = [var.given]\n      }\n    }");
    assert_eq!(of(&narrowed), Vec::<Value>::new());
}

#[test]
fn one_bad_instance_is_told_by_its_address() {
    let text = "resource \"aws_iam_user_policy\" \"it\" {\n  for_each = { ci = \"*\", web = \"s3:Get*\" }\n  policy = jsonencode({ Statement = { Effect = \"Allow\", Action = each.value, Resource = \"*\" } })\n}\n";
    let document = lint(text);
    assert_eq!(counts_of(&document, RULE), (1, 1, 0));
    let found = findings(&document);
    assert_eq!(found[0]["subjects"][0]["address"], "aws_iam_user_policy.it[\"ci\"]");
}

#[test]
fn configurations_in_json_are_judged_too() {
    let text = r#"{
  "data": {"aws_iam_policy_document": {"d": {"statement": [{"actions": ["*"], "resources": ["*"]}]}}},
  "resource": {
    "aws_iam_role": {"r": {
      "inline_policy": [{"policy": "${data.aws_iam_policy_document.d.json}"}],
      "managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"]
    }},
    "aws_iam_policy": {"p": {"policy": "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}"}}
  }
}"#;
    let found = lint_all(&[("main.tf.json", text)]);
    assert_eq!(counts_of(&found, RULE), (1, 2, 0));
    let lines = findings(&found).iter().map(|it| it["place"]["line"].clone()).collect::<Vec<_>>();
    assert_eq!(lines, [5, 6]);
}

#[test]
fn the_way_leads_from_the_attribute_to_the_action() {
    let files = [
        (
            "main.tf",
            "variable \"actions\" {\n  default = [\"*\"]\n}\nlocals {\n  actions = var.actions\n}\nmodule \"m\" {\n  source  = \"./m\"\n  actions = local.actions\n}\nresource \"aws_iam_user_policy\" \"it\" {\n  policy = module.m.json\n}\n",
        ),
        (
            "m/main.tf",
            "variable \"actions\" {\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = var.actions\n    resources = [\"*\"]\n  }\n}\noutput \"json\" {\n  value = data.aws_iam_policy_document.d.json\n}\n",
        ),
    ];
    let document = lint_all(&files);
    let found = findings(&document);
    assert_eq!(found.len(), 1, "{document:#}");
    assert_eq!(found[0]["place"]["line"], 12);
    assert_eq!(found[0]["message"], "the policy allows everything");
    assert_eq!(chain(&found[0]), ["m/main.tf:10", "m/main.tf:3", "main.tf:2"]);
}

#[test]
fn one_document_that_two_resources_have_is_told_at_both() {
    let text = format!(
        "{BESIDE}resource \"aws_iam_user_policy\" \"a\" {{\n  policy = data.aws_iam_policy_document.all.json\n}}\nresource \"aws_iam_role_policy\" \"b\" {{\n  policy = data.aws_iam_policy_document.all.json\n}}\n"
    );
    let found = findings(&lint(&text));
    assert_eq!(found.len(), 2);
    assert_eq!(chain(&found[0]), chain(&found[1]));
}

#[test]
fn what_is_said_tells_the_kinds_apart() {
    let of = |statement: &str| {
        let text = format!(
            "resource \"aws_iam_policy\" \"it\" {{\n  policy = jsonencode({{ Statement = {{ Effect = \"Allow\", {statement}, Resource = \"*\" }} }})\n}}\n"
        );
        findings(&lint(&text))[0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(of("Action = \"*\""), "the policy allows everything");
    assert_eq!(of("NotAction = \"iam:*\""), "the policy allows everything but some actions");
    assert_eq!(
        of("Action = \"iam:*\""),
        "the policy allows all of iam:*, and with it everything else"
    );
}

#[test]
fn it_is_let_through_at_the_statement_by_a_peers_comment_and_by_a_setting() {
    let with = |comment: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  {comment}\n  statement {{\n    actions   = [\"*\"]\n    resources = [\"*\"]\n  }}\n}}\nresource \"aws_iam_user_policy\" \"it\" {{\n  policy = data.aws_iam_policy_document.d.json\n}}\n"
        )
    };
    assert_eq!(findings(&lint(&with(""))).len(), 1);
    for comment in [
        "# stanchion:allow iam-admin: breaks the glass",
        "# checkov:skip=CKV_AWS_1:breaks the glass",
        "# trivy:ignore:AWS-0057",
        "# tfsec:ignore:aws-iam-no-policy-wildcards",
    ] {
        assert_eq!(findings(&lint(&with(comment))), Vec::<Value>::new(), "{comment}");
    }
    let files = folder(&[
        (
            "main.tf",
            "resource \"aws_iam_role\" \"it\" {\n  managed_policy_arns = [\"arn:aws:iam::aws:policy/PowerUserAccess\", \"arn:aws:iam::aws:policy/IAMFullAccess\"]\n}\n",
        ),
        ("stanchion.toml", "[rules.iam-admin]\nallowed = [\"PowerUserAccess\"]\n"),
    ]);
    let run = stanchion(files.path(), &["lint", "--format", "compact"]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.out,
        "main.tf:2:69: error[iam-admin]: the policy IAMFullAccess allows all of iam:*, and with it everything else\n"
    );
}
