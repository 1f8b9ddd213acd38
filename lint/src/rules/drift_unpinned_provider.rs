//! A provider whose next major version is taken without anybody's decision.
//!
//! ## Why
//!
//! Where neither a version constraint ends before some version nor a lock file names one,
//! `terraform init` takes the newest provider there is. Two machines plan the same configuration
//! with two providers, and a major version that drops attributes or changes defaults arrives on some
//! morning with a plan full of changes that nobody made.
//!
//! Judged are root modules that are applied as they stand, with the local modules that they call: a
//! constraint in any of them holds for all. For a module that others call, a lower bound alone is
//! right, and it passes. Of providers that are used without standing in `required_providers` no
//! constraint is known. A lock file that git ignores pins nothing for anybody else.
//!
//! ## Fix
//!
//! Where git ignores the lock file, `--fix` bounds a written constraint before the major version behind
//! the one that the lock file has: `"< 6.0.0"` is added where 5.31.0 is in use. Without a lock file
//! nobody knows which version that is.
//!
//! ## Fails
//!
//! ```hcl
//! terraform {
//!   required_providers {
//!     aws = {
//!       source  = "hashicorp/aws"
//!       version = ">= 5.0"
//!     }
//!   }
//!
//!   backend "s3" {
//!     bucket = "example-states"
//!     key    = "prod"
//!   }
//! }
//!
//! resource "random_pet" "name" {
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! terraform {
//!   required_providers {
//!     aws = {
//!       source  = "hashicorp/aws"
//!       version = "~> 5.0"
//!     }
//!   }
//!
//!   backend "s3" {
//!     bucket = "example-states"
//!     key    = "prod"
//!   }
//! }
//! ```
//!
//! ## Settings
//!
//! - `examples`: names of folders below which nothing is kept for long, so that it passes; by default
//!   `example`, `examples`, `fixtures`, `test`, `testdata`, `tests`
//!
//! ## Peers
//!
//! - tflint: `terraform_required_providers`

use serde::{Deserialize, Serialize};
use stanchion_lang::Span;

use super::Rule;
use crate::facts::{Examples, ProviderVersion};
use crate::finding::{Confidence, Severity};
use crate::judge::{Context, Mend, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    examples: Examples,
}

impl Rule for It {
    type On = ProviderVersion;

    const SEVERITY: Severity = Severity::Warning;

    fn judge(&self, it: &ProviderVersion, cx: &mut Context<'_>) -> Verdict {
        let is_example = self.examples.hold(&it.folder);
        if it.is_bounded || it.is_locked || is_example {
            return Verdict::Pass;
        }
        let name = &it.name;
        let lock = if it.ignored_lock.is_some() {
            "git ignores its lock file"
        } else {
            "no lock file pins it"
        };
        let (message, help) = if it.is_declared {
            (
                format!("no constraint bounds the provider {name} above, and {lock}"),
                "give it a version such as \"~> 5.0\", or commit .terraform.lock.hcl".to_owned(),
            )
        } else {
            (
                format!("the provider {name} is used without a version, and {lock}"),
                format!("declare {name} in required_providers with a source and a version"),
            )
        };
        let confidence = if it.is_unread { Confidence::Medium } else { Confidence::High };
        let (help, fix) = (Some(help), bounded(it, cx));
        Verdict::Fail(Objection { message, help, confidence, fix, ..Objection::default() })
    }
}

/// Bounds a written constraint before the major version behind the one that is in use here: what is
/// taken today goes on being taken.
fn bounded(it: &ProviderVersion, cx: &Context<'_>) -> Option<Mend> {
    let (constraint, span) = it.constraint.as_ref()?;
    let version = it.ignored_lock.as_ref()?;
    let major: u64 = version.split('.').next()?.parse().ok()?;
    let text = cx.workspace().file(*span)?.text();
    // An escape in it would make its text another than what is written.
    if text.get(span.start as usize..span.end as usize)? != format!("\"{constraint}\"") {
        return None;
    }
    let bound = format!("< {}.0.0", major.checked_add(1)?);
    let more = if constraint.trim().is_empty() { bound.clone() } else { format!(", {bound}") };
    let end = Span { start: span.end - 1, end: span.end - 1, ..*span };
    let what = format!("bounds {} by {bound}, as {version} is in use", it.name);
    Some(Mend { what, edits: vec![(end, more)] })
}
