//! `aws_iam_policy_document` is computed as the provider computes it.
//!
//! The provider itself needs an account even to be configured, so no test can ask it. What is expected
//! here follows from its source (hashicorp/terraform-provider-aws, `internal/service/iam`,
//! `policy_model.go` and `policy_document_data_source.go`): the order of members is that of its
//! structs, `omitempty` leaves out what is empty, sets of texts are sorted and reversed, the texts are
//! those of Go's `json.MarshalIndent`.

use crate::common::{folder, stanchion};
use serde_json::Value;

/// What an expression comes to, and why if it is unknown.
fn eval(text: &str, expression: &str) -> Value {
    let folder = folder(&[("main.tf", text)]);
    let run = stanchion(folder.path(), &["eval", "--format", "json", expression]);
    assert_eq!(run.status, 0, "{expression}: {}{}", run.out, run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// The known text that an expression comes to.
fn known(text: &str, expression: &str) -> String {
    let evaluated = eval(text, expression);
    serde_json::from_str(evaluated["value"].as_str().unwrap()).unwrap()
}

/// The text without spaces of the document `it` among these.
fn minified(text: &str) -> String {
    known(text, "data.aws_iam_policy_document.it.minified_json")
}

fn document(name: &str, body: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{body}\n}}\n")
}

/// A document with a statement for each Sid, all for one action.
fn statements(name: &str, sids: &[&str], action: &str) -> String {
    let one = |sid: &&str| {
        format!("  statement {{\n    sid = \"{sid}\"\n    actions = [\"{action}\"]\n  }}\n")
    };
    document(name, &sids.iter().map(one).collect::<String>())
}

/// The Sids and actions of the merged document.
fn merged(text: &str) -> Vec<String> {
    let all: Value = serde_json::from_str(&minified(text)).unwrap();
    let statements = all["Statement"].as_array().unwrap().iter();
    let said = |it: &Value| it.as_str().unwrap_or("-").to_owned();
    statements.map(|it| format!("{} {}", said(&it["Sid"]), said(&it["Action"]))).collect()
}

#[test]
fn the_text_is_written_as_the_provider_writes_it() {
    let body = r#"
  policy_id = "access"
  statement {
    sid       = "Home"
    resources = ["arn:aws:s3:::b/&{aws:username}", "arn:aws:s3:::b/&{aws:username}/*"]
    actions   = ["s3:GetObject", "s3:PutObject", "s3:GetObject"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["b/", "", "a/&{aws:userid}<>"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [true]
    }
    not_principals {
      type        = "AWS"
      identifiers = ["111111111111", "222222222222"]
    }
  }
  statement {
    effect        = "Deny"
    not_actions   = ["iam:*"]
    not_resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    actions = []
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }"#;
    let expected = r#"{
  "Version": "2012-10-17",
  "Id": "access",
  "Statement": [
    {
      "Sid": "Home",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject"
      ],
      "Resource": [
        "arn:aws:s3:::b/${aws:username}/*",
        "arn:aws:s3:::b/${aws:username}"
      ],
      "NotPrincipal": {
        "AWS": [
          "222222222222",
          "111111111111"
        ]
      },
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "true"
        },
        "StringLike": {
          "s3:prefix": [
            "b/",
            "",
            "a/${aws:userid}\u003c\u003e"
          ]
        }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "iam:*",
      "NotResource": "*",
      "Principal": "*"
    },
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "*",
        "Service": "ec2.amazonaws.com"
      }
    }
  ]
}"#;
    let text = document("it", body);
    assert_eq!(known(&text, "data.aws_iam_policy_document.it.json"), expected);
    let plain = expected.lines().map(str::trim_start).collect::<String>().replace("\": ", "\":");
    assert_eq!(minified(&text), plain);
}

/// What is expected stands in the provider's own acceptance test, for two partitions.
#[test]
fn several_blocks_for_one_type_are_in_the_order_of_the_providers_sets() {
    for (partition, blocks, expected) in [
        ("aws", vec!["1, 2", "3", "4"], [3, 4, 2, 1].as_slice()),
        ("aws-us-gov", vec!["1, 2", "3", "4", "3"], &[3, 2, 1, 4]),
        ("aws", vec!["2, 3", "1"], &[1, 3, 2]),
    ] {
        let arn =
            |digit: &str| format!("\"arn:{partition}:iam::{}:root\"", digit.trim().repeat(12));
        let block = |of: &&str| {
            let identifiers = of.split(',').map(arn).collect::<Vec<_>>().join(", ");
            format!("principals {{\n type = \"AWS\"\n identifiers = [{identifiers}]\n }}\n")
        };
        let body = blocks.iter().map(block).collect::<String>();
        let text = minified(&document("it", &format!("statement {{\n {body}}}")));
        let arns = expected.iter().map(|it| arn(&it.to_string())).collect::<Vec<_>>().join(",");
        let principal = format!("\"Principal\":{{\"AWS\":[{arns}]}}");
        assert!(text.contains(&principal), "{text}: {principal}");
    }
}

/// What is expected was reckoned by the rules of the SDK's `SerializeResourceForHash`.
#[test]
fn several_conditions_on_one_key_are_in_the_order_of_the_providers_sets() {
    let condition = |value: &str| {
        format!(
            "condition {{\n test = \"StringEquals\"\n variable = \"k\"\n values = [{value}]\n }}\n"
        )
    };
    let body = ["\"a\"", "\"b\"", "\"c\"", "\"b\""].map(condition).concat();
    let text = minified(&document("it", &format!("statement {{\n {body}}}")));
    assert!(
        text.contains("\"Condition\":{\"StringEquals\":{\"k\":[\"c\",\"a\",\"b\"]}}"),
        "{text}"
    );
}

#[test]
fn what_is_not_written_has_its_default() {
    assert_eq!(minified(&document("it", "")), r#"{"Version":"2012-10-17"}"#);
    let body = "version = \"2008-10-17\"\npolicy_id = \"\"\nstatement {\n sid = \"\"\n }";
    let expected = r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow"}]}"#;
    assert_eq!(minified(&document("it", body)), expected);
    let version = "data.aws_iam_policy_document.it.version";
    assert_eq!(known(&document("it", ""), version), "2012-10-17");
}

#[test]
fn sources_come_first_and_overrides_take_the_places_of_their_sids() {
    let beside = [
        statements("a", &["One", "Two", ""], "s3:A"),
        statements("b", &["Three"], "s3:B"),
        statements("c", &["Three", "", "Four"], "s3:C"),
        statements("d", &["Four"], "s3:D"),
    ];
    let body = "
  source_policy_documents   = [data.aws_iam_policy_document.a.json, null, data.aws_iam_policy_document.b.json]
  override_policy_documents = [data.aws_iam_policy_document.c.json, data.aws_iam_policy_document.d.json]
  statement {
    sid     = \"Two\"
    actions = [\"s3:Own\"]
  }
  statement {
    actions = [\"s3:Own\"]
  }";
    let text = format!("{}{}", beside.concat(), document("it", body));
    let expected =
        ["One s3:A", "Two s3:Own", "- s3:A", "Three s3:C", "- s3:Own", "- s3:C", "Four s3:D"];
    assert_eq!(merged(&text), expected);
}

#[test]
fn the_old_arguments_stand_outside_of_the_lists() {
    let beside = [
        statements("a", &["One"], "s3:A"),
        statements("b", &["Two"], "s3:B"),
        statements("c", &["Two"], "s3:C"),
        statements("d", &["Two"], "s3:D"),
    ];
    let body = "
  source_json               = data.aws_iam_policy_document.a.json
  source_policy_documents   = [data.aws_iam_policy_document.b.json]
  override_policy_documents = [data.aws_iam_policy_document.c.json]
  override_json             = data.aws_iam_policy_document.d.json";
    let text = format!("{}{}", beside.concat(), document("it", body));
    assert_eq!(merged(&text), ["One s3:A", "Two s3:D"]);
}

#[test]
fn versions_rise_and_the_last_id_holds() {
    let old = document("old", "version = \"2008-10-17\"\npolicy_id = \"old\"");
    let new = document("new", "policy_id = \"new\"");
    for (body, expected) in [
        (
            "version = \"2008-10-17\"\nsource_policy_documents = [data.aws_iam_policy_document.new.json]",
            r#"{"Version":"2012-10-17","Id":"new"}"#,
        ),
        (
            "policy_id = \"own\"\nsource_policy_documents = [data.aws_iam_policy_document.old.json]",
            r#"{"Version":"2012-10-17","Id":"own"}"#,
        ),
        (
            "policy_id = \"own\"\noverride_policy_documents = [data.aws_iam_policy_document.old.json]",
            r#"{"Version":"2012-10-17","Id":"old"}"#,
        ),
    ] {
        assert_eq!(minified(&format!("{old}{new}{}", document("it", body))), expected);
    }
}

#[test]
fn what_is_merged_is_read_and_written_anew() {
    let source = r#"source_policy_documents = [<<EOT
{"statement": [{"effect": "Allow", "ACTION": ["s3:B", "s3:A"], "Resource": ["*"], "Other": 1,
  "Principal": {"AWS": ["a", "b"], "Service": "s"},
  "Condition": {"Bool": {"k": true}, "NumericLessThan": {"n": 5}, "StringLike": {"l": ["x"]}}},
  {"Effect": "Deny", "Principal": "arn:aws:iam::1:root"}]}
EOT
  ]"#;
    let expected = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:B","s3:A"],"Resource":["*"],"Principal":{"AWS":["b","a"],"Service":"s"},"Condition":{"Bool":{"k":"true"},"StringLike":{"l":"x"}}},{"Effect":"Deny","Principal":"*"}]}"#;
    assert_eq!(minified(&document("it", source)), expected);
}

#[test]
fn what_the_provider_refuses_is_unknown_and_says_why() {
    let one = statements("a", &["One"], "s3:A");
    let json = |text: &str| format!("source_policy_documents = [jsonencode({text})]");
    for (body, why) in [
        (
            "source_policy_documents = [data.aws_iam_policy_document.a.json, data.aws_iam_policy_document.a.json]".to_owned(),
            "the Sid One is in two source_policy_documents",
        ),
        (
            "statement {\n sid = \"A\"\n }\nstatement {\n sid = \"A\"\n }".to_owned(),
            "the Sid A is in two statements",
        ),
        (
            "version = \"2008-10-17\"\nstatement {\n resources = [\"&{aws:username}\"]\n }".to_owned(),
            "a policy variable stands in a document of version 2008-10-17",
        ),
        ("source_policy_documents = [\"{\"]".to_owned(), "a document to be merged is not JSON"),
        (json("[]"), "a document to be merged is not an object"),
        (json("{ Statement = {} }"), "the Statement of a document to be merged is not a list"),
        (json("{ Statement = [1] }"), "a statement of a document to be merged is not an object"),
        (json("{ Statement = [{ Sid = 1 }] }"), "the Sid of a document to be merged is not a text"),
    ] {
        let text = format!("{one}{}", document("it", &body));
        let found = eval(&text, "data.aws_iam_policy_document.it.json");
        assert_eq!(found["why"], why, "{body}");
    }
}

#[test]
fn an_unknown_part_leaves_the_rest_in_its_place() {
    let beside = "variable \"v\" {\n}\nresource \"aws_s3_bucket\" \"b\" {\n}\n";
    let body = "
  statement {
    actions   = [\"s3:Get*\", var.v, \"s3:List*\"]
    resources = [\"${aws_s3_bucket.b.arn}/&{aws:username}/*\"]
  }
  statement {
    actions   = var.v
    resources = [aws_s3_bucket.b.arn]
  }";
    let text = format!("{beside}{}", document("it", body));
    let at = |way: &str| {
        let way = format!("jsondecode(data.aws_iam_policy_document.it.json).Statement{way}");
        eval(&text, &way)["symbol"].as_str().unwrap_or("-").to_owned()
    };
    assert_eq!(at("[1].Resource"), "aws_s3_bucket.b.arn");
    assert_eq!(at("[0].Resource"), "\"${aws_s3_bucket.b.arn}/${aws:username}/*\"");
    assert_eq!(at("[1].Action"), "var.v");
    assert_eq!(at("[0].Action[2]"), "var.v");
    assert_eq!(at("[0].Action[0]"), "\"s3:List*\"");
}

#[test]
fn dynamic_blocks_are_as_many_as_there_are() {
    let body = "
  dynamic \"statement\" {
    for_each = { A = \"s3:A\", B = \"s3:B\" }
    iterator = it
    content {
      sid     = it.key
      actions = [it.value]
    }
  }";
    assert_eq!(merged(&document("it", body)), ["A s3:A", "B s3:B"]);
}

#[test]
fn a_document_may_be_one_of_two() {
    let beside = format!(
        "variable \"on\" {{\n  type = bool\n}}\n{}{}",
        statements("a", &["A"], "s3:A"),
        statements("b", &["B"], "s3:B")
    );
    let body = "source_policy_documents = [var.on ? data.aws_iam_policy_document.a.minified_json : data.aws_iam_policy_document.b.minified_json]";
    let text = format!("{beside}{}", document("it", body));
    let found = eval(&text, "data.aws_iam_policy_document.it.minified_json");
    let of = |sid: &str, action: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"{sid}","Effect":"Allow","Action":"{action}"}}]}}"#
        );
        serde_json::to_string(&text).unwrap()
    };
    let expected = format!("var.on ? {} : {}", of("A", "s3:A"), of("B", "s3:B"));
    assert_eq!(found["symbol"], expected);
}
