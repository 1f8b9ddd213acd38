//! Seeds of the fuzz targets that read configurations: small texts, and what the tests beside
//! Terraform ask it about.

#[path = "seeds_daily.rs"]
pub(crate) mod daily;

use std::fs;

use stanchion_tests::repository;

/// One of so many lines of the tests beside Terraform is a seed.
const ONE_OF: usize = 24;

const CONFIGURATIONS: &[&str] = &[
    "variable \"a\" {\n  type    = list(object({ b = optional(string, \"x\"), c = set(number) }))\n  default = []\n}\n",
    "variable \"a\" {\n  type    = number\n  default = 1\n\n  validation {\n    condition     = var.a > 1\n    error_message = \"Not ${var.a}.\"\n  }\n}\n",
    "resource \"aws_s3_bucket\" \"b\" {\n  for_each = toset([\"x\", \"y\"])\n  bucket   = each.key\n\n  dynamic \"rule\" {\n    for_each = local.list\n    iterator = it\n    content {\n      id = it.value + it.key\n    }\n  }\n}\n",
    "locals {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [for it in local.list : { Sid = tostring(it), Resource = \"${r.one.arn}/*\" }]\n  })\n  again = jsondecode(local.policy).Statement[0].Resource\n}\n",
    "output \"o\" {\n  value = <<-EOT\n    %{ for key, it in local.map ~}\n      ${key}: ${upper(it)}\n    %{ endfor ~}\n    %{ if local.none == null }none%{ else }some%{ endif }\n  EOT\n}\n",
    "output \"o\" {\n  value     = [var.secret, sensitive(1), nonsensitive(var.secret)]\n  sensitive = true\n}\n",
    "locals {\n  a = local.b\n  b = local.c[0]\n  c = [local.a]\n}\n",
    "module \"m\" {\n  source   = \"./child\"\n  count    = 2\n  list     = local.list\n  nowhere  = 1\n}\noutput \"o\" { value = module.m[*].first }\n",
    "resource \"r\" \"x\" {\n  count = length(local.list)\n  name  = \"x-${count.index}\"\n\n  lifecycle {\n    postcondition {\n      condition     = self.name != \"x-1\"\n      error_message = \"no\"\n    }\n  }\n}\n",
    "output \"o\" { value = templatefile(\"template.tftpl\", { list = [\"a\", r.one.id] }) }\n",
    "output \"o\" { value = yamldecode(file(\"text.txt\")) }\n",
    "terraform {\n  required_version = \">= 1.5\"\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"~> 5.0\"\n    }\n  }\n  backend \"s3\" {}\n}\nprovider \"aws\" {\n  alias = \"x\"\n}\n",
    "check \"c\" {\n  data \"d\" \"x\" {}\n  assert {\n    condition     = data.d.x.status == 200 || can(local.nothing)\n    error_message = \"no\"\n  }\n}\nmoved {\n  from = r.a\n  to   = r.b\n}\nimport {\n  to = r.b\n  id = \"1\"\n}\n",
    "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"s3:*\"]\n    resources = [\"${r.one.arn}\", r.two[0].arn, r.each[\"a\"].arn]\n  }\n}\n",
    "output \"o\" { value = { for key, it in { a = [1], b = [] } : key => it... if length(it) > 0 } }\n",
    "output \"o\" { value = flatten([for a in local.list : [for b in keys(local.map) : \"${a}-${b}\"]]) }\n",
    "output \"o\" { value = try(r.some[0].name, local.none.x, \"none\") }\n",
    "// é\r\n/* ü\r\n */ locals { # c\r\n  \"a\" = 1\r\n}\r\n",
    "ephemeral \"e\" \"x\" {}\nresource \"r\" \"w\" {\n  password_wo = ephemeral.e.x.value\n  provisioner \"local-exec\" {\n    command = \"echo ${self.id}\"\n  }\n}\n",
    "output \"o\" { value = (local.list[*] == [1, 2, 3]) ? merge(local.map, { c = null }) : tomap({}) }\n",
];

const IN_JSON: &[&str] = &[
    "{}",
    "[]",
    "[{\"locals\": {\"a\": 1}}, {\"locals\": {\"b\": \"${local.a}\"}}]",
    "{\"//\": \"a comment\", \"locals\": {\"a\": \"${upper(\\\"é\\\")}\", \"b\": \"$${a}\", \"c\": \"%{if true}x%{endif}\"}}",
    "{\"variable\": {\"a\": {\"type\": \"list(string)\", \"default\": [\"x\"]}, \"b\": [{\"default\": null}]}}",
    "{\"resource\": {\"r\": {\"x\": {\"count\": 2, \"name\": \"x-${count.index}\", \"tags\": {\"a\": \"${local.map.a}\"}}}}}",
    "{\"resource\": {\"r\": {\"x\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}}}",
    "{\"resource\": {\"r\": {\"x\": {\"dynamic\": {\"rule\": {\"for_each\": \"${local.list}\", \"content\": {\"id\": \"${rule.value}\"}}}}}}}",
    "{\"resource\": {\"r\": {\"x\": {\"for_each\": {\"a\": 1}, \"name\": \"${each.key}\", \"lifecycle\": {\"ignore_changes\": [\"name\"]}}}}}",
    "{\"output\": {\"o\": {\"value\": \"${var.secret}\", \"sensitive\": true}}}",
    "{\"output\": {\"o\": {\"value\": {\"a\": [1, 2.5, -1e3, true, null, \"\\ud83d\\ude42\\n\"]}}}}",
    "{\"module\": {\"m\": {\"source\": \"./child\", \"list\": \"${local.list}\"}}}",
    "{\"terraform\": {\"required_providers\": {\"aws\": {\"source\": \"hashicorp/aws\", \"version\": \"~> 5\"}}, \"backend\": {\"s3\": {}}}}",
    "{\"provider\": {\"aws\": [{\"region\": \"a\"}, {\"alias\": \"b\", \"region\": \"c\"}]}}",
    "{\"data\": {\"aws_iam_policy_document\": {\"d\": {\"statement\": [{\"actions\": [\"s3:*\"], \"resources\": [\"${r.one.arn}\"]}]}}}}",
    "{\"check\": {\"c\": {\"assert\": {\"condition\": \"${1 > 2}\", \"error_message\": \"no\"}}}, \"moved\": [{\"from\": \"r.a\", \"to\": \"r.b\"}]}",
    "{\"locals\": {\"a\": \"${local.b}\", \"b\": \"${local.a}\"}}",
    "{\"any\": {\"b\": [false, \"x\"]}, \"secret\": \"y\"}",
    "{\"any\": \"${1}\", \"none\": 1}",
    "{\"Modules\": [{\"Key\": \"\", \"Source\": \"\", \"Dir\": \".\"}, {\"Key\": \"a\", \"Source\": \"x/y/z\", \"Version\": \"1.0.0\", \"Dir\": \".terraform/modules/a\"}]}",
    "{\"locals\": {\"a\": \"<<E\\n${[for it in local.list : it if it > 1]}\\nE\"}}",
    "{\"locals\": {\"a\": 1, \"a\": 2}}",
    "{\"locals\": {\"a\": \"${[\"",
    "\u{feff}{\"locals\": {\"\u{e9}\": \"\\u00e9${\\\"\\u00e9\\\"}\"}}",
];

/// Configurations and parts of them.
pub(crate) fn configurations() -> Vec<Vec<u8>> {
    let own = CONFIGURATIONS.iter().map(|it| (*it).to_owned());
    own.chain(lines("syntax")).map(String::into_bytes).collect()
}

/// Configurations, and expressions.
pub(crate) fn expressions() -> Vec<Vec<u8>> {
    let own = CONFIGURATIONS.iter().map(|it| (*it).to_owned());
    own.chain(lines("expressions")).map(String::into_bytes).collect()
}

/// Configurations in JSON.
pub(crate) fn in_json() -> Vec<Vec<u8>> {
    IN_JSON.iter().map(|it| it.as_bytes().to_vec()).collect()
}

/// Some of the texts that Terraform is asked about, with the ends of lines that they stand for.
fn lines(folder: &str) -> Vec<String> {
    let folder = repository().join("tests/oracle").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|it| fs::read_to_string(it).unwrap()).collect::<String>();
    let lines = texts.lines().filter(|it| !it.is_empty() && !it.starts_with("# "));
    let some = lines.step_by(ONE_OF);
    some.map(|it| it.replace('⏎', "\n").replace('␄', "")).collect()
}
