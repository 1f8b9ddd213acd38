//! A secret is written in the configuration.
//!
//! ## Why
//!
//! Whoever can read the repository, a copy of it or its history has the secret, and it is the same in
//! every environment until somebody changes the code. What was committed once is to be replaced,
//! not only taken out.
//!
//! Let it be made (`random_password`), be read where it is kept (an `ephemeral` resource), or come
//! by a variable without a default from the environment.
//!
//! Judged are the attributes that the schemas of 34 providers mark as sensitive or write-only, and
//! more of which it is known that they hold a credential: of resources, of data sources and of the
//! providers' own settings. So are the passwords and keys in `connection` blocks. The literal may
//! stand there, or come through variables' defaults, `.tfvars` files, locals, arguments of modules
//! and conditionals; and inside JSON. References to resources, variables without a value and files
//! that are read are none; nor are empty strings, names of files with a key, placeholders such as
//! `changeme`, `<password>` or `xxxx`, certificates and public keys, and references to where a secret
//! is kept: `op://…`, `ref+…`, `vault:…`. In objects and JSON, what names or locates something is none
//! either: `username`, `host`, `port`; nor, in the settings of a provider, what stand-ins of a cloud
//! are given: `test`, `mock`. A parameter of the `type` `String` or `StringList` (`aws_ssm_parameter`)
//! is kept as plain text for all to read, and judged only where its `name` says that it is a
//! credential.
//!
//! The literal is shown nowhere.
//!
//! ## Fails
//!
//! ```hcl
//! variable "password" {
//!   default = "correct-horse"
//! }
//!
//! resource "aws_db_instance" "main" {
//!   username = "app"
//!   password = var.password
//! }
//!
//! resource "aws_secretsmanager_secret_version" "api" {
//!   secret_id     = "api"
//!   secret_string = jsonencode({ user = "api", token = "battery-staple" })
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! resource "random_password" "main" {
//!   length = 32
//! }
//!
//! resource "aws_db_instance" "main" {
//!   username = "app"
//!   password = random_password.main.result
//! }
//! ```
//!
//! ## Settings
//!
//! - `placeholders`: more texts that are no secrets
//! - `names`: more last words of names in objects and JSON that hold no secrets
//!
//! ## Peers
//!
//! - checkov: `CKV_AWS_41`, `CKV_LIN_1`, `CKV_OCI_1`
//! - tfsec: `general-secrets-sensitive-in-attribute`

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::{Secret, SecretSource};
use crate::finding::Severity;
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    placeholders: Vec<String>,
    names: Vec<String>,
}

/// Texts that stand where a secret is to be, without what is neither letter nor digit.
const PLACEHOLDERS: &[&str] = &[
    "changeit",
    "changeme",
    "dummy",
    "none",
    "notset",
    "null",
    "placeholder",
    "redacted",
    "replaceme",
    "tbd",
    "tobereplaced",
    "tobeset",
    "todo",
    "unset",
];

/// How references begin that another program follows to where the secret is kept: of 1Password's, of
/// vals and of bank-vaults.
const STORES: &[&str] = &["op://", "ref+", "vault:"];

/// How texts begin that everybody may know.
const PUBLIC: &[&str] =
    &["-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-ed25519 ", "ssh-rsa "];

/// What stand-ins of a cloud, such as LocalStack, are given in the settings of a provider.
const STAND_INS: &[&str] = &["fake", "localstack", "mock", "mocksecretkey", "test"];
/// The ends of names of files that hold a key.
const FILES: &[&str] = &[".json", ".key", ".p12", ".pem", ".pfx"];

/// The last words of names under which something is told from others, located or described.
const NAMES: &[&str] = &[
    "account",
    "arn",
    "database",
    "db",
    "dbname",
    "email",
    "enabled",
    "endpoint",
    "engine",
    "host",
    "hostname",
    "id",
    "login",
    "name",
    "namespace",
    "path",
    "port",
    "protocol",
    "region",
    "schema",
    "tenant",
    "type",
    "uri",
    "url",
    "user",
    "username",
    "version",
];

impl Rule for It {
    type On = Secret;

    const SEVERITY: Severity = Severity::Error;

    fn judge(&self, it: &Secret, cx: &mut Context<'_>) -> Verdict {
        let (text, written) = match &it.source {
            SecretSource::Elsewhere => return Verdict::Pass,
            SecretSource::Unknown(_) if self.tells_apart(it, "") => return Verdict::Pass,
            SecretSource::Unknown(why) => return Verdict::Unknown(why.clone()),
            SecretSource::Literal(text, written) => (text.trim(), written),
        };
        if text.is_empty() || self.is_placeholder(text) || self.tells_apart(it, text) {
            return Verdict::Pass;
        }
        if is_file(text) || is_for_stand_in(it, text) {
            return Verdict::Pass;
        }
        let chain = cx.chain(&it.value, it.span, Some(&it.address));
        // A text that is put together shows its parts where they are written.
        let parts = chain.iter().filter(|it| it.is_origin).map(|it| it.span);
        Verdict::Fail(Objection {
            message: format!("the secret in {} is written in the configuration", it.way),
            help: Some(
                "let it be made, read or handed in, and replace it if it was ever committed"
                    .to_owned(),
            ),
            hidden: written.iter().copied().chain(parts).collect(),
            chain,
            ..Objection::default()
        })
    }
}

/// Whether a text is the name of a file: some settings take the name or what is in it.
fn is_file(text: &str) -> bool {
    FILES.iter().any(|it| text.ends_with(it)) && !text.contains(char::is_whitespace)
}

fn is_for_stand_in(it: &Secret, text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let plain: String = lower.chars().filter(|it| it.is_alphanumeric()).collect();
    it.is_of_provider && STAND_INS.contains(&&*plain)
}

impl It {
    fn is_placeholder(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        let plain: String = lower.chars().filter(|it| it.is_alphanumeric()).collect();
        let mut letters = plain.chars();
        let first = letters.next();
        let between = |start: &str, end: &str| text.starts_with(start) && text.ends_with(end);
        // Only signs, or one letter again and again.
        letters.all(|it| Some(it) == first && it.is_alphabetic())
            || [("<", ">"), ("{{", "}}"), ("${", "}")].iter().any(|it| between(it.0, it.1))
            || STORES.iter().any(|it| text.starts_with(it))
            || PUBLIC.iter().any(|it| text.starts_with(it)) && !text.contains("PRIVATE KEY")
            || PLACEHOLDERS.contains(&&*plain)
            || self.placeholders.iter().any(|it| it == text)
    }

    /// Whether something in an object or JSON is of those that are no secrets. An address with a
    /// password in it is one.
    fn tells_apart(&self, it: &Secret, text: &str) -> bool {
        let name = it.way.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let last = name.rsplit(['_', '-']).next().unwrap_or_default();
        let mut more = self.names.iter();
        let is_named = NAMES.contains(&last) || more.any(|it| it == last);
        let with_user = text.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
        it.below > 0 && is_named && !with_user.is_some_and(|(user, _)| user.contains(':'))
    }
}
