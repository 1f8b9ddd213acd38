//! Documents of which it is not known how many there are.

use crate::common::{counts_of, lint};

const RULE: &str = "iam-admin";
const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);

#[test]
fn a_policy_of_an_unknown_number_is_judged_with_less_confidence() {
    let documents = r#"
variable "on" {
  type = bool
}
data "aws_iam_policy_document" "maybe" {
  count = var.on ? 1 : 0
  statement {
    actions   = ["*"]
    resources = [RESOURCE]
  }
}
data "aws_iam_policy_document" "merged" {
  source_policy_documents = concat(data.aws_iam_policy_document.maybe[*].json, [])
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "worse" {
  source_policy_documents = data.aws_iam_policy_document.maybe[*].json
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}
"#;
    let maybe = "data.aws_iam_policy_document.maybe";
    for (policy, confidence) in [
        (format!("one({maybe}[*].json)"), "medium"),
        (format!("one({maybe}[*].minified_json)"), "medium"),
        (format!("join(\"\", {maybe}[*].json)"), "medium"),
        (format!("join(\"\", {maybe}.*.json)"), "medium"),
        (format!("try(one({maybe}[*].json), \"\")"), "medium"),
        (format!("one([for it in {maybe} : it.json])"), "medium"),
        ("data.aws_iam_policy_document.merged.json".to_owned(), "medium"),
        (format!("try({maybe}[0].json, \"\")"), "high"),
        ("data.aws_iam_policy_document.worse.json".to_owned(), "high"),
    ] {
        let with = |resource: &str| {
            let documents = documents.replace("RESOURCE", resource);
            let policy =
                format!("resource \"aws_iam_policy\" \"it\" {{\n  policy = {policy}\n}}\n");
            lint(&format!("{documents}{policy}"))
        };
        let document = with("\"*\"");
        assert_eq!(counts_of(&document, RULE), FAIL, "{policy}: {document:#}");
        let all = document["findings"].as_array().unwrap();
        let found = all.iter().find(|it| it["rule"] == RULE).unwrap();
        assert_eq!(found["confidence"], confidence, "{policy}");
        let expected = if policy.contains("worse") { FAIL } else { PASS };
        let document = with("\"arn:aws:s3:::b/*\"");
        assert_eq!(counts_of(&document, RULE), expected, "{policy}: {document:#}");
    }
}
