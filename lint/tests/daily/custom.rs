//! Rules that users write in their settings.

use serde_json::Value;

use crate::common::{folder, stanchion};

/// A rule with this condition about buckets.
fn rule(condition: &str) -> String {
    let condition = Value::from(condition);
    format!(
        "[[rule]]\nid = \"bucket-is-private\"\ntype = \"aws_s3_bucket\"\ncondition = {condition}\n\
         message = \"everyone can read the bucket\"\nhelp = \"make it private\"\n"
    )
}

/// Passed, failed and unknown of the rule, and the first reason.
fn counts(condition: &str, body: &str) -> (u64, u64, u64, String) {
    let text = format!(
        "variable \"v\" {{}}\nvariable \"s\" {{\n  sensitive = true\n  default = \"secret\"\n}}\n\
         resource \"aws_s3_bucket\" \"b\" {{\n{body}\n}}\nresource \"other\" \"o\" {{}}\n"
    );
    let folder = folder(&[("main.tf", &text), ("stanchion.toml", &rule(condition))]);
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    assert_eq!(run.err, "", "{condition}");
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let rules = document["summary"]["rules"].as_array().unwrap();
    let count = rules.iter().find(|it| it["rule"] == "bucket-is-private").unwrap();
    let of = |name: &str| count[name].as_u64().unwrap();
    let why = document["unknown"][0]["why"].as_str().unwrap_or_default().to_owned();
    (of("passed"), of("failed"), of("unknown"), why)
}

#[test]
fn a_condition_that_is_true_passes_and_what_is_unknown_is_unknown() {
    let (pass, fail) = ((1, 0, 0, String::new()), (0, 1, 0, String::new()));
    let unknown = |why: &str| (0, 0, 1, why.to_owned());
    for (condition, body, expected) in [
        ("resource.acl != \"public\"", "acl = \"public\"", fail.clone()),
        ("resource.acl != \"public\"", "acl = \"private\"", pass.clone()),
        ("resource.acl != \"public\"", "", pass.clone()),
        ("resource.acl != null", "", fail.clone()),
        ("resource.acl != \"public\"", "acl = var.v", unknown("var.v has no value")),
        ("resource.acl == \"a\" || resource.b == 1", "acl = var.v\nb = 1", pass.clone()),
        ("startswith(resource.acl, \"x$\")", "acl = \"x$${a\"", pass.clone()),
        ("resource.acl == \"%%{a\\n\\\"\"", "acl = \"%%{a\\n\\\"\"", pass.clone()),
        (
            "lookup(resource.tags, \"owner\", \"\") != \"\"",
            "tags = { owner = \"me\" }",
            pass.clone(),
        ),
        (
            "lookup(resource.tags, \"owner\", \"\") != \"\"",
            "tags = { other = \"me\" }",
            fail.clone(),
        ),
        (
            "alltrue([for it in resource.rule : it.expire[0].days < 9])",
            "rule {\n expire {\n days = 3\n }\n}\nrule {\n expire {\n days = 8\n }\n}",
            pass.clone(),
        ),
        (
            "alltrue([for it in resource.rule : it.expire[0].days < 9])",
            "dynamic \"rule\" {\n for_each = [3, 10]\n content {\n expire {\n days = rule.value\n }\n }\n}",
            fail.clone(),
        ),
        ("resource.acl == \"secret\"", "acl = var.s", pass.clone()),
        ("resource.acl", "acl = \"word\"", unknown("the condition is neither true nor false")),
        (
            "resource.tags.owner == \"me\"",
            "tags = {}",
            unknown(
                "the condition is refused: Unsupported attribute: This object does not have an attribute named \"owner\"",
            ),
        ),
        (
            "resource.acl + 1 == 2",
            "acl = var.s",
            unknown("the condition is refused for this resource, which has what is sensitive"),
        ),
    ] {
        assert_eq!(counts(condition, body), expected, "{condition} on {body}");
    }
}

#[test]
fn a_finding_is_at_the_attribute_with_its_chain_and_the_rules_own_words() {
    let module = "variable \"acl\" {}\nresource \"aws_s3_bucket\" \"b\" {\n  acl = var.acl\n}\n";
    let call = "module \"m\" {\n  source = \"./m\"\n  acl = \"public\"\n}\n";
    let folder = folder(&[
        ("main.tf", call),
        ("m/main.tf", module),
        ("stanchion.toml", &rule("resource.acl != \"public\"")),
    ]);
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let finding = &document["findings"][0];
    assert_eq!(finding["rule"], "bucket-is-private");
    assert_eq!(finding["message"], "everyone can read the bucket");
    assert_eq!(finding["help"], "make it private");
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["address"], "module.m.aws_s3_bucket.b");
    assert_eq!((&finding["place"]["line"], &finding["place"]["column"]), (&3.into(), &9.into()));
    assert_eq!(finding["chain"][0]["place"]["line"], 3);
    for format in ["text", "compact", "sarif", "junit", "github", "gitlab", "markdown"] {
        let run = stanchion(folder.path(), &["lint", "--format", format]);
        assert_eq!(run.status, 1, "{format}: {}", run.err);
        assert!(run.out.contains("bucket-is-private"), "{format}: {}", run.out);
    }
}

#[test]
fn such_a_rule_is_set_and_suppressed_as_any_other() {
    let bucket = "resource \"aws_s3_bucket\" \"b\" {\n  acl = \"public\"\n}\n";
    let lint = |text: &str, more: &str| {
        let settings = format!("{}{more}", rule("resource.acl != \"public\""));
        let folder = folder(&[("dev/main.tf", text), ("stanchion.toml", &settings)]);
        stanchion(folder.path(), &["lint", "--format", "compact"]).out
    };
    let found = "dev/main.tf:2:9: warning[bucket-is-private]: everyone can read the bucket\n";
    assert_eq!(lint(bucket, ""), found);
    assert_eq!(lint(bucket, "[rules]\nbucket-is-private = \"off\"\n"), "");
    let profile = "[profile.\"dev/**\".rules]\nbucket-is-private = \"note\"\n";
    assert_eq!(lint(bucket, profile), found.replace("warning", "note"));
    let allow = format!("# stanchion:allow bucket-is-private: a website\n{bucket}");
    assert_eq!(lint(&allow, ""), "");
}

#[test]
fn a_rule_that_is_none_is_refused_with_its_place() {
    let whole = rule("resource.acl != 1");
    for (settings, error) in [
        (rule("resource.acl != "), "4:13: the condition is no expression of Terraform's language"),
        (rule("var.x"), "4:13: the condition names nothing of the resource, as resource.name does"),
        (whole.replace("type = \"aws_s3_bucket\"\n", ""), "1:1: the rule has no type"),
        (whole.replace("message", "mesage"), "5:1: there is no setting of a rule mesage"),
        (whole.replace("bucket-is", "Bucket is"), "2:6: is no id: words of small letters"),
        (
            whole.replace("bucket-is-private", "unreadable-file"),
            "2:6: unreadable-file is a rule of stanchion's own",
        ),
        (format!("{whole}{whole}"), "7:1: there is a rule bucket-is-private already"),
        ("rule = 1\n".to_owned(), "1:8: is not a list of tables: write [[rule]]"),
        (format!("{whole}severity = \"off\"\n"), "7:12: is not note, warning or error"),
    ] {
        let folder = folder(&[("stanchion.toml", &settings)]);
        let run = stanchion(folder.path(), &["lint"]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{settings}");
        let expected = format!("error: stanchion.toml:{error}");
        assert!(run.err.starts_with(&expected), "{settings}: {}", run.err);
    }
    let settings = format!("{whole}[rules]\nbucket-is-privat = \"off\"\n");
    let folder = folder(&[("stanchion.toml", &settings)]);
    assert!(stanchion(folder.path(), &["lint"]).err.contains("help: write bucket-is-private\n"));
}

#[test]
fn it_is_listed_and_explained_with_its_place() {
    let folder = folder(&[
        (
            "stanchion.toml",
            "fail-on = \"error\"\n\n[[rule]]\nid = \"bucket-is-owned\"\ntype = [\"aws_s3_bucket\", \"data.aws_*\"]\ncondition = \"resource.owner != null\"\nmessage = \"the bucket has no owner\"\nhelp = \"give it one\"\nseverity = \"error\"\n",
        ),
        ("below/main.tf", ""),
    ]);
    let page = |at: &str| {
        format!(
            "bucket-is-owned (error)\n\nthe bucket has no owner\n\nIt is written in {at}.\n\n## Help\n\n\
             give it one\n\n## Passes\n\n`aws_s3_bucket`, `data.aws_*` where this is true:\n\n\
             ```hcl\nresource.owner != null\n```\n"
        )
    };
    for (from, at) in [("", "stanchion.toml:3"), ("below", "../stanchion.toml:3")] {
        let from = folder.path().join(from);
        let list = stanchion(&from, &["rules"]);
        let line = list.out.lines().last().unwrap();
        let words: Vec<_> = line.split("  ").filter(|it| !it.is_empty()).map(str::trim).collect();
        let said = format!("the bucket has no owner (from {at})");
        assert_eq!(words, ["bucket-is-owned", "error", &said]);
        let explained = stanchion(&from, &["explain", "bucket-is-owned"]);
        assert_eq!((explained.status, explained.out), (0, page(at)));
        let json = stanchion(&from, &["rules", "--format", "json"]);
        let document: Value = serde_json::from_str(&json.out).unwrap();
        let last = document["rules"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["id"], &last["from"]), (&"bucket-is-owned".into(), &at.into()));
    }
    let misspelt = stanchion(folder.path(), &["explain", "bucket-is-onwed"]);
    let said = "error: there is no rule 'bucket-is-onwed'\nhelp: did you mean 'bucket-is-owned'? stanchion rules lists them\n";
    assert_eq!((misspelt.status, misspelt.err.as_str()), (2, said));
    let completions = stanchion(folder.path(), &["completions", "bash"]);
    assert!(completions.out.contains("image-floating-tag"), "shells know our own");
}
