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
//! constraint is known.
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

use super::Rule;
use crate::facts::{EXAMPLES, ProviderVersion};
use crate::finding::{Confidence, Severity};
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    examples: Vec<String>,
}

impl Default for It {
    fn default() -> Self {
        Self { examples: EXAMPLES.iter().copied().map(str::to_owned).collect() }
    }
}

impl Rule for It {
    type On = ProviderVersion;

    const SEVERITY: Severity = Severity::Warning;

    fn judge(&self, it: &ProviderVersion, _: &mut Context<'_>) -> Verdict {
        let is_example = it.folder.split('/').any(|it| self.examples.iter().any(|name| name == it));
        if it.is_bounded || it.is_locked || is_example {
            return Verdict::Pass;
        }
        let name = &it.name;
        let (message, help) = if it.is_declared {
            (
                format!("no constraint bounds the provider {name} above, and no lock file pins it"),
                "give it a version such as \"~> 5.0\", or commit .terraform.lock.hcl".to_owned(),
            )
        } else {
            (
                format!("the provider {name} is used without a version, and no lock file pins it"),
                format!("declare {name} in required_providers with a source and a version"),
            )
        };
        let confidence = if it.is_unread { Confidence::Medium } else { Confidence::High };
        Verdict::Fail(Objection { message, help: Some(help), confidence, ..Objection::default() })
    }
}
