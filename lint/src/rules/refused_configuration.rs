//! A configuration that Terraform would refuse.
//!
//! ## Why
//!
//! References to what is not declared, calls of modules without an argument that they need, values
//! that a function or a type does not take, rings of references, and conditions of variables,
//! outputs, resources and checks that are known to be false: `terraform plan` ends with each of
//! them. They are found here without a provider, a state or a network, and before what depends on
//! them is judged by the other rules.
//!
//! ## Fails
//!
//! ```hcl
//! variable "stages" {
//!   type    = list(string)
//!   default = ["dev"]
//!
//!   validation {
//!     condition     = contains(var.stages, "prod")
//!     error_message = "There must be a stage prod."
//!   }
//! }
//!
//! output "last" {
//!   value = element(local.stage, -1)
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! variable "stages" {
//!   type    = list(string)
//!   default = ["dev", "prod"]
//!
//!   validation {
//!     condition     = contains(var.stages, "prod")
//!     error_message = "There must be a stage prod."
//!   }
//! }
//!
//! output "last" {
//!   value = element(var.stages, length(var.stages) - 1)
//! }
//! ```

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::Accepted;
use crate::finding::Severity;
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct It {}

impl Rule for It {
    type On = Accepted;

    const SEVERITY: Severity = Severity::Error;

    fn judge(&self, it: &Accepted, _: &mut Context<'_>) -> Verdict {
        match &it.refusal {
            None => Verdict::Pass,
            Some(message) => {
                Verdict::Fail(Objection { message: message.clone(), ..Objection::default() })
            }
        }
    }
}
