//! Secrets that are written in a configuration: they are found on every way, and shown nowhere.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::{counts_of, folder, lint, lint_all, stanchion};

const RULE: &str = "secret-literal";
const PASS: (u64, u64, u64) = (1, 0, 0);
const FAIL: (u64, u64, u64) = (0, 1, 0);
const UNKNOWN: (u64, u64, u64) = (0, 0, 1);
const NONE: (u64, u64, u64) = (0, 0, 0);

/// What is declared beside the attribute at hand.
const BESIDE: &str = "variable \"given\" {
}
variable \"on\" {
  type = bool
}
variable \"plain\" {
  default = \"correct-horse\"
}
variable \"empty\" {
  default = \"\"
}
variable \"hidden\" {
  default   = \"correct-horse\"
  sensitive = true
}
locals {
  all  = { db = var.plain, made = random_password.a.result }
  list = [\"correct-horse\"]
}
resource \"random_password\" \"a\" {
  length = 32
}
module \"elsewhere\" {
  source = \"example/elsewhere/aws\"
}
";

#[test]
fn a_literal_is_found_on_every_way_and_a_reference_is_none() {
    for (value, expected) in [
        ("\"correct-horse\"", FAIL),
        ("12345", FAIL),
        ("var.plain", FAIL),
        ("var.hidden", FAIL),
        ("local.all.db", FAIL),
        ("local.list[0]", FAIL),
        ("\"${var.plain}-1\"", FAIL),
        ("join(\"-\", local.list)", FAIL),
        ("base64encode(var.plain)", FAIL),
        ("<<EOT\ncorrect-horse\nEOT\n", FAIL),
        ("var.on ? \"correct-horse\" : random_password.a.result", FAIL),
        ("var.on ? random_password.a.result : local.all.db", FAIL),
        ("coalesce(var.given, \"correct-horse\")", FAIL),
        ("local.all.made", PASS),
        ("random_password.a.result", PASS),
        ("jsondecode(data.aws_x.a.secret_string).password", PASS),
        ("data.aws_x.a.secret_string", PASS),
        ("base64encode(random_password.a.result)", PASS),
        ("\"${random_password.a.result}${var.given}\"", PASS),
        ("var.given", PASS),
        ("var.on ? var.given : random_password.a.result", PASS),
        ("coalesce(var.given, \"\")", PASS),
        ("file(\"main.tf\")", PASS),
        ("base64encode(file(\"main.tf\"))", PASS),
        ("\"${file(\"main.tf\")}\"", PASS),
        ("coalesce(\"correct-horse\", file(\"main.tf\"))", FAIL),
        ("\"\"", PASS),
        ("var.empty", PASS),
        ("\"changeme\"", PASS),
        ("\"CHANGE_ME\"", PASS),
        ("\"<password>\"", PASS),
        ("\"********\"", PASS),
        ("\"xxxx\"", PASS),
        ("null", NONE),
        ("\"horse-${random_password.a.result}\"", UNKNOWN),
        ("module.elsewhere.password", UNKNOWN),
        ("local.nope", UNKNOWN),
    ] {
        let text = format!(
            "{BESIDE}data \"aws_x\" \"a\" {{\n}}\nresource \"aws_db_instance\" \"a\" {{\n  password = {value}\n}}\n"
        );
        let document = lint(&text);
        assert_eq!(counts_of(&document, RULE), expected, "{value}: {document:#}");
        let none =
            text.replace("\"aws_db_instance\" \"a\" {", "\"aws_db_instance\" \"a\" {\n  count = 0");
        assert_eq!(counts_of(&lint(&none), RULE), NONE, "{value}");
    }
}

#[test]
fn why_it_is_unknown_is_said() {
    let text = format!(
        "{BESIDE}resource \"aws_db_instance\" \"a\" {{\n  password = \"horse-${{random_password.a.result}}\"\n}}\n"
    );
    let why = &lint(&text)["unknown"][0]["why"];
    assert_eq!(why, "random_password.a.result is not known before apply");
}

#[test]
fn secrets_are_in_blocks_objects_and_json() {
    for (ty, body, expected) in [
        (
            "kubernetes_secret",
            "data = { user = \"app\", password = \"correct-horse\", ca = null }",
            (1, 1, 0),
        ),
        (
            "aws_secretsmanager_secret_version",
            "secret_string = jsonencode({ host = aws_x.a.host, token = \"correct-horse\" })",
            (1, 1, 0),
        ),
        (
            "aws_secretsmanager_secret_version",
            "secret_string = <<EOT\n{\"port\": 1, \"password\": \"correct-horse\"}\nEOT\n",
            (1, 1, 0),
        ),
        (
            "aws_secretsmanager_secret_version",
            "secret_string = jsonencode({ url = \"db://app:correct-horse@db\", api_url = \"https://x\" })",
            (1, 1, 0),
        ),
        ("helm_release", "set_sensitive {\n name = \"a\"\n value = \"correct-horse\"\n }", FAIL),
        ("helm_release", "set_sensitive = [{ name = \"a\", value = \"correct-horse\" }]", FAIL),
        (
            "helm_release",
            "dynamic \"set_sensitive\" {\n for_each = [\"correct-horse\", aws_x.a.y]\n content {\n value = set_sensitive.value\n }\n }",
            (1, 1, 0),
        ),
        ("aws_instance", "password = \"correct-horse\"", NONE),
    ] {
        let text =
            format!("resource \"aws_x\" \"a\" {{\n}}\nresource \"{ty}\" \"a\" {{\n {body}\n}}");
        let document = lint(&text);
        assert_eq!(counts_of(&document, RULE), expected, "{text}: {document:#}");
        let told = document["findings"].to_string();
        assert!(!told.contains("correct-horse"), "{told}");
    }
    let json = r#"{"resource": {"helm_release": {"a": {"repository_password": "correct-horse", "set_sensitive": [{"value": "battery-staple"}]}}}}"#;
    assert_eq!(counts_of(&lint_all(&[("main.tf.json", json)]), RULE), (0, 2, 0));
}

#[test]
fn secrets_are_in_the_settings_of_providers() {
    for (provider, body, expected) in [
        ("aws", "secret_key = \"correct-horse\"", FAIL),
        ("aws", "alias = \"east\"\n  token = var.plain", FAIL),
        ("aws", "secret_key = local.all.made", PASS),
        ("aws", "secret_key = \"mock_secret_key\"", PASS),
        ("aws", "secret_key = \"test\"", PASS),
        ("aws", "access_key = \"AKIA\"\n  region = \"eu-west-1\"", NONE),
        ("cloudflare", "api_token = \"correct-horse\"", FAIL),
        ("helm", "kubernetes {\n    token = \"correct-horse\"\n  }", FAIL),
        ("helm", "kubernetes = {\n    token = \"correct-horse\"\n  }", FAIL),
        ("google", "credentials = \"key.json\"", PASS),
        ("google", "credentials = file(\"main.tf\")", PASS),
        ("google", "credentials = jsonencode({ private_key = \"correct-horse\" })", FAIL),
        ("vault", "token = var.given", PASS),
        ("elsewhere", "token = \"correct-horse\"", NONE),
    ] {
        let text = format!("{BESIDE}provider \"{provider}\" {{\n  {body}\n}}\n");
        let document = lint(&text);
        assert_eq!(counts_of(&document, RULE), expected, "{text}: {document:#}");
        assert!(!document["findings"].to_string().contains("correct-horse"), "{document:#}");
    }
    let document = lint_all(&[
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n  key = \"correct-horse\"\n}\n"),
        (
            "m/main.tf",
            "terraform {\n  required_providers {\n    dns = {\n      source = \"cloudflare/cloudflare\"\n    }\n  }\n}\nvariable \"key\" {\n}\nprovider \"dns\" {\n  alias     = \"b\"\n  api_token = var.key\n}\n",
        ),
    ]);
    assert_eq!(counts_of(&document, RULE), FAIL, "{document:#}");
    let all = document["findings"].as_array().unwrap();
    let found = all.iter().find(|it| it["rule"] == RULE).unwrap();
    assert_eq!(found["subjects"][0]["address"], "module.m.provider.dns.b");
    let last = found["chain"].as_array().unwrap().last().unwrap();
    assert_eq!(last["place"]["path"], "main.tf");
    assert_eq!(last["place"]["line"], 3);
}

#[test]
fn secrets_are_in_connections() {
    for (body, expected) in [
        ("connection {\n    password = \"correct-horse\"\n  }", FAIL),
        ("connection {\n    host = self.ip\n    private_key = file(\"main.tf\")\n  }", PASS),
        (
            "provisioner \"remote-exec\" {\n    inline = [\"id\"]\n    connection {\n      bastion_password = var.plain\n    }\n  }",
            FAIL,
        ),
        ("connection {\n    user = \"correct-horse\"\n  }", NONE),
    ] {
        let text = format!("{BESIDE}resource \"aws_instance\" \"a\" {{\n  {body}\n}}\n");
        let document = lint(&text);
        assert_eq!(counts_of(&document, RULE), expected, "{text}: {document:#}");
    }
}

#[test]
fn what_comes_through_a_module_or_a_variable_file_is_told_and_not_shown() {
    let module = "variable \"password\" {\n}\nresource \"aws_db_instance\" \"a\" {\n  password = var.password\n}\n";
    let files = [
        (
            "main.tf",
            "variable \"db\" {\n}\nmodule \"m\" {\n  source = \"./m\"\n  password = var.db\n}\nmodule \"n\" {\n  source = \"./m\"\n  password = \"yellow-bucket\"\n}\n",
        ),
        ("terraform.tfvars", "db = \"purple-kettle\"\n"),
        ("m/main.tf", module),
    ];
    let document = lint_all(&files);
    let findings = document["findings"].as_array().unwrap();
    let found: Vec<_> = findings.iter().filter(|it| it["rule"] == RULE).collect();
    assert_eq!(found.len(), 2, "{document:#}");
    let ends: Vec<_> = found
        .iter()
        .map(|it| it["chain"].as_array().unwrap().last().unwrap()["place"].clone())
        .map(|it| format!("{}:{}", it["path"].as_str().unwrap(), it["line"]))
        .collect();
    assert_eq!(ends, ["main.tf:9", "terraform.tfvars:1"]);
    let folder = folder(&files);
    for format in ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "compact"] {
        let run = stanchion(folder.path(), &["lint", "--format", format]);
        assert_eq!(run.status, 1, "{}", run.err);
        assert!(run.out.contains(RULE) || format == "gitlab", "{}", run.out);
        assert!(!run.out.contains("purple-kettle"), "{format}: {}", run.out);
        assert!(!run.out.contains("yellow-bucket"), "{format}: {}", run.out);
    }
}

#[test]
fn no_part_of_what_a_secret_is_made_of_is_shown() {
    for value in [
        "join(\"\", [\"purple-\", \"kettle\"])",
        "\"purple-${local.half}\"",
        "var.on ? \"kettle\" : random_password.a.result",
        "coalesce(var.given, \"kettle\")",
        "{ a = [\"purple-\", \"kettle\"] }[\"a\"][1]",
    ] {
        let text = format!(
            "{BESIDE}locals {{\n  half = \"kettle\"\n}}\nresource \"aws_db_instance\" \"a\" {{\n  password = {value}\n}}\n"
        );
        let folder = folder(&[("main.tf", &text)]);
        let run = stanchion(folder.path(), &["lint"]);
        assert!(run.out.contains("the secret in password is written"), "{value}: {}", run.out);
        assert!(!run.out.contains("kettle"), "{}", run.out);
    }
}

#[test]
fn what_the_command_line_says_is_written_nowhere() {
    let text =
        "variable \"db\" {\n}\nresource \"aws_db_instance\" \"a\" {\n  password = var.db\n}\n";
    let folder = folder(&[("main.tf", text)]);
    let run = stanchion(folder.path(), &["lint", "--format", "json", "--var", "db=correct-horse"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert_eq!(counts_of(&serde_json::from_str(&run.out).unwrap(), RULE), PASS);
}

#[test]
fn placeholders_and_names_can_be_set() {
    let folder = folder(&[
        (
            "main.tf",
            "resource \"kubernetes_secret\" \"a\" {\n  data = { word = \"a-b\", other = \"to-come\", token = \"c-d\" }\n}\n",
        ),
        (
            "stanchion.toml",
            "[rules.secret-literal]\nplaceholders = [\"to-come\"]\nnames = [\"word\"]\n",
        ),
    ]);
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    assert_eq!(
        run.out,
        "main.tf:2:53: error[secret-literal]: the secret in data.token is written in the configuration\n"
    );
}

#[test]
fn a_parameter_that_says_it_is_plain_holds_no_secret() {
    for (ty, expected) in [
        ("\"SecureString\"", FAIL),
        ("\"String\"", NONE),
        ("\"StringList\"", NONE),
        ("var.given", FAIL),
        ("var.on ? \"String\" : \"SecureString\"", FAIL),
    ] {
        let parameter = format!(
            "resource \"aws_ssm_parameter\" \"a\" {{\n  name = \"a\"\n  type = {ty}\n  value = var.plain\n}}\n"
        );
        let document = lint(&format!("{BESIDE}{parameter}"));
        assert_eq!(counts_of(&document, RULE), expected, "{ty}");
    }
}

#[test]
fn what_a_name_alone_says_to_be_secret_is_not_shown_beside_a_finding() {
    let conflict = "resource \"aws_db_instance\" \"a\" {\n<<<<<<< HEAD\n  password = \"correct-horse\"\n=======\n                      password = \"battery-staple\"\n>>>>>>> other\n}\n";
    let stray = "resource \"aws_db_instance\" \"a\" {\n  password \"correct-horse\"\n}\n";
    let provider = "terraform {\n  backend \"local\" {\n    path = \"a.tfstate\"\n  }\n}\nprovider \"postgresql\" {\n                      password = \"correct-horse\"\n}\n";
    for text in [conflict, stray, provider] {
        let folder = folder(&[("main.tf", text)]);
        for format in ["text", "compact", "json", "sarif", "junit", "github", "gitlab", "markdown"]
        {
            let run = stanchion(folder.path(), &["lint", "--format", format]);
            assert_eq!(run.status, 1, "{}", run.out);
            // The page of a rule, which SARIF carries, has an example of its own.
            let told = run.out.replace("default = \\\"correct-horse", "");
            assert!(!told.contains("correct-horse"), "{told}");
            if format == "text" {
                assert!(told.contains("\"*************\""), "{told}");
            }
        }
    }
}

#[test]
fn what_everybody_may_know_is_no_secret() {
    let parameter = |ty: &str, name: &str| {
        format!(
            "resource \"aws_ssm_parameter\" \"a\" {{\n  type = \"{ty}\"\n  name = \"{name}\"\n  value = \"eu-central-1\"\n}}\n"
        )
    };
    let password = |text: &str| {
        format!(
            "resource \"kubernetes_secret\" \"a\" {{\n  data = {{ \"tls.word\" = \"{text}\" }}\n}}\n"
        )
    };
    let pem = |what: &str| format!("-----BEGIN {what}-----\\nMIIB\\n-----END {what}-----");
    let both = pem("CERTIFICATE") + "\\n" + &pem("PRIVATE KEY");
    for (text, failed) in [
        (parameter("String", "/app/region"), 0),
        (parameter("StringList", "/app/regions"), 0),
        (parameter("SecureString", "/app/region"), 1),
        (parameter("String", "/app/db_password"), 1),
        (password(&pem("CERTIFICATE")), 0),
        (password(&pem("PUBLIC KEY")), 0),
        (password(&both), 1),
        (password("op://vault/db/word"), 0),
        (password("ref+vault://secret/db#/word"), 0),
        (password("correct-horse"), 1),
    ] {
        assert_eq!(counts_of(&lint(&text), RULE).1, failed, "{text}");
    }
}
