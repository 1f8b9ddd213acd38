//! A file that can't be read as Terraform's language.
//!
//! ## Why
//!
//! What stands in such a file is judged by no rule, and Terraform refuses the whole folder. The
//! other files are judged nevertheless.
//!
//! ## Fails
//!
//! ```hcl
//! resource "docker_image" "app" {
//!   name = "registry.example.com/app:1.4.2"
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! resource "docker_image" "app" {
//!   name = "registry.example.com/app:1.4.2"
//! }
//! ```

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::ConfigurationFile;
use crate::finding::Severity;
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct It {}

impl Rule for It {
    type On = ConfigurationFile;

    const SEVERITY: Severity = Severity::Error;

    fn judge(&self, it: &ConfigurationFile, _: &mut Context<'_>) -> Verdict {
        match &it.fault {
            None => Verdict::Pass,
            Some(message) => {
                Verdict::Fail(Objection { message: message.clone(), ..Objection::default() })
            }
        }
    }
}
