//! Seeds of the fuzz targets that read what stands beside configurations: settings, baselines and
//! comments.

const SETTINGS: &[&str] = &[
    "",
    "paths = [\"infra\", \"modules\"]\n",
    "baseline = \"stanchion-baseline.json\"\nfail-on = \"error\"\n",
    "fail-on-unknown = true\n",
    "fail-on = \"eror\"\n",
    "[rules]\nrefused-configuration = \"off\"\n",
    "[rules]\nimage-floting-tag = \"note\"\n",
    "[rules.image-floating-tag]\nseverity = \"error\"\nmoving = [\"beta\"]\n",
    "[rules.image-floating-tag]\nmoving = [1]\n",
    "[rules]\ndrift-local-state = { examples = [] }\n",
    "[profile.\"envs/dev/**\".rules]\nimage-floating-tag = \"note\"\n",
    "[profile.\"envs/{dev\".rules]\nimage-floating-tag = \"note\"\n",
    "[profile.\"a/**\".rules.secret-literal]\nseverity = \"warning\"\nnames = [\"é # x\"]\n",
    "[[rule]]\nid = \"bucket-is-owned\"\ntype = \"aws_s3_bucket\"\ncondition = \"lookup(resource.tags, \\\"owner\\\", \\\"\\\") != \\\"\\\"\"\nmessage = \"the bucket has no owner\"\n",
    "[[rule]]\nid = \"a\"\ntype = [\"aws_*\", \"data.*\"]\ncondition = \"true\"\nmessage = \"m\"\nhelp = \"h\"\nseverity = \"error\"\n[rules]\na = \"off\"\n",
    "[[rule]]\nid = \"a\"\ntype = \"b\"\ncondition = \"(\"\nmessage = \"m\"\n",
    "[[rule]]\nid = \"image-floating-tag\"\n",
    "paths = [\n  \"a\", # é\n  'b',\n]\n",
    "paths = \"a\"\n",
    "nothing = 1\n",
    "paths = [\"a\"",
    "a.b.c = { d = [ { e = 1 } ] }\n",
    "paths = [\"\"\"\na\"\"\"]\r\nbaseline = 'x'\r\n",
];

const BASELINES: &[&str] = &[
    "",
    "{}",
    "[]",
    "{\"version\": 1}",
    "{\"version\": 2, \"more\": []}",
    "{\"version\": 1, \"salt\": \"\", \"findings\": []}",
    "{\"version\": 0, \"salt\": \"a\", \"findings\": []}",
    "{\"version\": -1, \"salt\": \"a\", \"findings\": []}",
    "{\"version\": 18446744073709551616}",
    "{\"version\": 1, \"salt\": 1, \"findings\": []}",
    "{\"version\": 1, \"salt\": \"a\", \"findings\": [], \"more\": 1}",
    "{\"version\": 1, \"salt\": \"a\", \"findings\": [{}]}",
    "{\"version\": 1, \"salt\": \"a\", \"findings\": [{\"file\": \"main.tf\", \"rule\": \"r\", \"address\": null, \"root\": \".\", \"text\": \"00ff\"}]}",
    "{\"version\": 1, \"salt\": \"a\", \"findings\": [{\"file\": \"m.tf\", \"rule\": \"r\", \"address\": \"a.b\", \"root\": null, \"text\": \"\"}]}",
    "{\"version\": 1, \"salt\": \"\\ud83d\\ude42\", \"findings\": [{\"file\": \"\\u0000\", \"rule\": \"\", \"address\": \"\\n\", \"root\": \"\", \"text\": \"é\"}]}",
    "{\"version\": 1, \"salt\": \"\\ud83d\", \"findings\": []}",
    "{\"version\": 1, \"version\": 1, \"salt\": \"a\", \"findings\": []}",
    "{\"version\": 1.0, \"salt\": \"a\", \"findings\": []}",
    "{\"version\": 1e0, \"salt\": \"a\", \"findings\": []}",
    "{\"version\": 1, \"salt\": \"a\", \"findings\": [",
    "\u{feff}{\"version\": 1, \"salt\": \"a\", \"findings\": []}",
];

const COMMENTS: &[&str] = &[
    "# stanchion:allow image-floating-tag: it is a demonstration\n\nresource \"a\" \"b\" {\n}\n",
    "resource \"a\" \"b\" {\n  name = \"x\" # stanchion:allow secret-literal until 2027-01-31: a reason\n}\n",
    "# stanchion:allow secret-literal until 2027-02-30: a reason\n",
    "# stanchion:allow secret-literal until tomorrow\n",
    "# stanchion:allow\n",
    "/* stanchion:allow a: b */ resource \"a\" \"b\" {}\n",
    "// stanchion:allow a: b\r\nlocals {\r\n}\r\n",
    "resource \"a\" \"b\" {\n  # checkov:skip=CKV_AWS_1,CKV_K8S_14:because\n  c {\n  }\n}\n",
    "#checkov:skip=CKV_K8S_14\n",
    "resource \"a\" \"b\" { #tfsec:ignore:aws-iam-no-policy-wildcards\n}\n",
    "# tfsec:ignore:a:exp:2027-01-31 tfsec:ignore:b\n",
    "# trivy:ignore:AVD-KSV-0013:exp:2026-01-31\nresource \"a\" \"b\" {}\n",
    "# trivy:ignore:*\n",
    "# tflint-ignore: terraform_required_providers, other // why\n",
    "# tflint-ignore-file: all\n",
    "locals {\n  a = \"# stanchion:allow a: b ${\"}\"} # tflint-ignore: x\"\n}\n",
    "locals {\n  a = <<E\n# stanchion:allow a: b\n${1 /* stanchion:allow a: b */}\nE\n}\n",
    "locals {\n  a = [ # stanchion:allow a: b\n    {\n",
    "}}} # stanchion:allow a: b\n/*",
    "{\"//\": \"stanchion:allow a: b\", \"resource\": {\"a\": {\"b\": {\"//\": \"checkov:skip=CKV_AWS_1\", \"c\": 1}}}}",
    "{\"a\": \"stanchion:allow a: b\", \"//\": [\"stanchion:allow a: b\"]}",
    "# é stanchion:allow é: é é\u{2028}é\n",
];

/// The last of them is a whole plan of what the judge evaluates.
const PLANS: &[&str] = &[
    "{}",
    "[",
    "{\"format_version\": \"2.0\"}",
    "{\"format_version\": \"1.2\", \"values\": {}}",
    "{\"format_version\": \"1.2\", \"planned_values\": {}}",
    "{\"format_version\": \"1.2\", \"resource_changes\": [{}, 1, {\"address\": 1, \"change\": []}]}",
    "{\"format_version\": \"1.0\", \"planned_values\": {\"root_module\": {\"resources\": [{\"address\": \"r.one\", \"values\": {\"count\": 2}, \"sensitive_values\": true}]}}}",
    "{\"format_version\": \"1.2\", \"variables\": {\"any\": {\"value\": [1e999999999, null]}, \"secret\": {}}, \"planned_values\": {}}",
    "{\"format_version\": \"1.2\", \"terraform_version\": \"1.15.5\", \"timestamp\": \"2027-01-31T00:00:00Z\", \"variables\": {\"any\": {\"value\": {\"a\": \"é\"}}, \"secret\": {\"value\": \"s3cret\"}}, \"configuration\": {\"root_module\": {\"variables\": {\"secret\": {\"sensitive\": true}}, \"resources\": [{\"address\": \"r.one\"}], \"module_calls\": {\"child\": {\"module\": {}}}}}, \"prior_state\": {\"values\": {\"root_module\": {\"resources\": [{\"address\": \"data.d.one\", \"mode\": \"data\", \"values\": {\"x\": [1, {\"y\": true}]}}]}}}, \"planned_values\": {\"root_module\": {\"resources\": [{\"address\": \"r.one\", \"mode\": \"managed\", \"type\": \"r\", \"name\": \"one\", \"values\": {\"name\": \"n\", \"tags\": {\"a\": \"x\"}}}, {\"address\": \"r.two[1]\", \"index\": 1, \"values\": {}}, {\"address\": \"r.each[\\\"a\\\"]\", \"index\": \"a\", \"values\": {\"id\": null}}], \"child_modules\": [{\"address\": \"module.child\", \"resources\": [{\"address\": \"module.child.r.in[0]\", \"values\": {\"s\": [\"b\", \"a\"]}}]}]}}, \"resource_changes\": [{\"address\": \"r.one\", \"mode\": \"managed\", \"change\": {\"actions\": [\"create\"], \"after\": {\"name\": \"n\", \"count\": 3}, \"after_unknown\": {\"id\": true, \"tags\": {\"b\": true}}, \"after_sensitive\": {\"name\": true}}}, {\"address\": \"r.two[0]\", \"change\": {\"actions\": [\"delete\"], \"after\": null}}]}",
];

/// Settings files, good and bad.
pub(crate) fn settings() -> Vec<Vec<u8>> {
    bytes(SETTINGS)
}

/// Baselines, good and bad.
pub(crate) fn baselines() -> Vec<Vec<u8>> {
    bytes(BASELINES)
}

/// What stands in the whole plan, and what may stand there in its place.
const OTHERWISE: &[(&str, &str)] = &[
    ("\"1.2\"", "\"1.99\""),
    ("\"1.2\"", "1.2"),
    ("\"value\": \"s3cret\"", "\"value\": null"),
    ("\"r.one\"", "\"r.two\""),
    ("r.two[1]", "r.two[7]"),
    ("[\"b\", \"a\"]", "[[[[]]]]"),
    ("\"id\": true", "\"id\": [true, {\"a\": true}]"),
    ("{\"name\": true}", "true"),
    ("\"after\": null", "\"after\": [1]"),
    ("\"module.child\"", "\"module.child[\\\"x\\\"]\""),
    ("\"x\": [1, {\"y\": true}]", "\"x\": 1e999999999"),
    ("\"prior_state\"", "\"prior\""),
    ("2027-01-31T00:00:00Z", "yesterday"),
    ("\"é\"", "\"\\ud800\""),
];

/// Plans, whole and broken.
pub(crate) fn plans() -> Vec<Vec<u8>> {
    let whole = PLANS.last().copied().unwrap_or_default();
    let others = OTHERWISE.iter().map(|(from, to)| whole.replace(from, to).into_bytes());
    bytes(PLANS).into_iter().chain(others).collect()
}

/// Files with comments of every linter.
pub(crate) fn suppressions() -> Vec<Vec<u8>> {
    bytes(COMMENTS)
}

fn bytes(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|it| it.as_bytes().to_vec()).collect()
}
