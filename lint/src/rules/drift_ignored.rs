//! Changes to a resource are ignored, so that nobody sees what became of its security.
//!
//! ## Why
//!
//! `ignore_changes = all` makes Terraform plan nothing for a resource for ever: whatever is changed
//! by hand stays, and what is changed in the configuration is never applied. So does the entry of
//! one attribute for that attribute; where it says who may do something, from where, or under which
//! key, an open door looks like no change.
//!
//! Ignore what another program really keeps, and nothing else: a number of replicas, a tag.
//!
//! These attributes and blocks are about security: policies and roles (`policy`, `inline_policy`,
//! `assume_role_policy`, `policy_data`, `managed_policy_arns`, `permissions_boundary`,
//! `iam_instance_profile`, `role`, `member`, `members`, `binding`, `acl`, `access_policy`), the
//! network (`ingress`, `egress`, `security_groups`, `security_group_ids`,
//! `vpc_security_group_ids`, `security_rule`, `cidr_blocks`, `source_ranges`, `network_acls`,
//! `network_rules`, `ip_restriction`, `public_network_access_enabled`, `publicly_accessible`),
//! encryption (`encrypted`, `storage_encrypted`, `kms_key_id`, `kms_key_name`,
//! `server_side_encryption_configuration`, `encryption_configuration`, `enable_key_rotation`,
//! `min_tls_version`, `minimum_tls_version`, `ssl_policy`), and what guards the rest
//! (`metadata_options`, `deletion_protection`, `block_public_acls`, `block_public_policy`,
//! `ignore_public_acls`, `restrict_public_buckets`, `security_context`). An entry below one of them
//! counts as well. Passwords and keys are not among them: they are often replaced from elsewhere.
//!
//! ## Fails
//!
//! ```hcl
//! resource "aws_security_group" "web" {
//!   name = "web"
//!
//!   lifecycle {
//!     ignore_changes = [ingress, tags]
//!   }
//! }
//!
//! resource "aws_instance" "web" {
//!   ami           = "ami-0123456789abcdef0"
//!   instance_type = "t3.micro"
//!
//!   lifecycle {
//!     ignore_changes = all
//!   }
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! resource "aws_ecs_service" "web" {
//!   name          = "web"
//!   desired_count = 2
//!
//!   lifecycle {
//!     ignore_changes = [desired_count]
//!   }
//! }
//! ```
//!
//! ## Fix
//!
//! `--fix` takes an attribute of security out of the list, so that the next plan shows what became of
//! it. What to name in the place of `all` it leaves to you.
//!
//! ## Settings
//!
//! - `security`: more attributes and blocks that are about security, beside those above
//! - `kept`: those that another program keeps here, though they stand above

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::IgnoredChanges;
use crate::finding::Severity;
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    security: Vec<String>,
    kept: Vec<String>,
}

/// Attributes and blocks that say who may do something, from where, or under which key; from the
/// pages of hashicorp/aws, hashicorp/google, hashicorp/azurerm and hashicorp/kubernetes at
/// registry.terraform.io.
const SECURITY: &[&str] = &[
    "access_policy",
    "acl",
    "assume_role_policy",
    "binding",
    "block_public_acls",
    "block_public_policy",
    "cidr_blocks",
    "deletion_protection",
    "egress",
    "enable_key_rotation",
    "encrypted",
    "encryption_configuration",
    "iam_instance_profile",
    "ignore_public_acls",
    "ingress",
    "inline_policy",
    "ip_restriction",
    "kms_key_id",
    "kms_key_name",
    "managed_policy_arns",
    "member",
    "members",
    "metadata_options",
    "min_tls_version",
    "minimum_tls_version",
    "network_acls",
    "network_rules",
    "permissions_boundary",
    "policy",
    "policy_data",
    "public_network_access_enabled",
    "publicly_accessible",
    "restrict_public_buckets",
    "role",
    "security_context",
    "security_group_ids",
    "security_groups",
    "security_rule",
    "server_side_encryption_configuration",
    "source_ranges",
    "ssl_policy",
    "storage_encrypted",
    "vpc_security_group_ids",
];

impl Rule for It {
    type On = IgnoredChanges;

    const SEVERITY: Severity = Severity::Warning;

    fn judge(&self, it: &IgnoredChanges, cx: &mut Context<'_>) -> Verdict {
        let (message, help, fix) = match &it.way {
            None => (
                "all changes to the resource are ignored".to_owned(),
                "name the attributes that another program keeps",
                None,
            ),
            Some(way) if way.split('.').any(|it| self.is_security(it)) => (
                format!("changes to {way}, which is about security, are ignored"),
                "take it out, so that a change by hand shows in the plan",
                cx.without_entry(it.span, &it.list, || {
                    format!("takes {way} out of ignore_changes")
                }),
            ),
            Some(_) => return Verdict::Pass,
        };
        let help = Some(help.to_owned());
        Verdict::Fail(Objection { message, help, fix, ..Objection::default() })
    }
}

impl It {
    fn is_security(&self, name: &str) -> bool {
        let mut more = self.security.iter();
        let is_listed = SECURITY.contains(&name) || more.any(|it| it == name);
        is_listed && !self.kept.iter().any(|it| it == name)
    }
}
