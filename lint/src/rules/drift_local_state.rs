//! The state of a root module is a file on somebody's disk.
//!
//! ## Why
//!
//! Without a `backend` or `cloud` block, and with `backend "local"`, Terraform writes what it made
//! into `terraform.tfstate` beside the configuration. Nobody else can go on from there, two people
//! who apply at once are not stopped, the next clean checkout plans everything anew, and the
//! secrets that a state holds lie there as plain text.
//!
//! Judged are root modules that are applied as they stand: those that configure a provider, or have
//! a backend, a `.tfvars` file or a lock file. Anything else may be a module for others to call. A
//! folder is an example, and passes, if one of the names in its path is among the setting
//! `examples`.
//!
//! ## Fails
//!
//! ```hcl
//! terraform {
//!   backend "local" {
//!     path = "prod.tfstate"
//!   }
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! terraform {
//!   backend "s3" {
//!     bucket       = "example-states"
//!     key          = "prod"
//!     region       = "eu-central-1"
//!     use_lockfile = true
//!   }
//! }
//! ```
//!
//! ## Settings
//!
//! - `examples`: names of folders below which nothing is kept for long; by default `example`,
//!   `examples`, `fixtures`, `test`, `testdata`, `tests`

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::{Examples, State};
use crate::finding::Severity;
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    examples: Examples,
}

impl Rule for It {
    type On = State;

    const SEVERITY: Severity = Severity::Warning;

    fn judge(&self, it: &State, _: &mut Context<'_>) -> Verdict {
        let is_example = self.examples.hold(&it.folder);
        let message = match it.backend.as_deref() {
            _ if is_example => return Verdict::Pass,
            None => "nothing says where the state is kept, so that it is a file on the disk",
            Some("local") => "the state is kept in a file on the disk",
            Some(_) => return Verdict::Pass,
        };
        Verdict::Fail(Objection {
            message: message.to_owned(),
            help: Some("give it a backend that others can reach and that locks".to_owned()),
            ..Objection::default()
        })
    }
}
