//! A suppression that suppresses nothing.
//!
//! ## Why
//!
//! A comment `stanchion:allow` that gives no reason, names no rule, is over, or stands where the rule
//! has nothing to object to has no effect. Whoever reads it believes otherwise; and it would hide the
//! next fault of its kind.
//!
//! A suppression is `# stanchion:allow RULE: reason`, or `# stanchion:allow RULE until 2027-01-31:
//! reason`, which holds to the end of that day. It stands behind what it is about or on the line
//! above. At the head of a block it holds for the whole block, and at the head of a file, with an
//! empty line behind it, for the whole file. In JSON it is the text of a property `//`.
//!
//! Where the rule is off, or could not judge, a suppression is let be.
//!
//! ## Fix
//!
//! `--fix` removes a comment that is over or has nothing to suppress, if it says nothing else. Where
//! variables are given by arguments, the environment or a plan it removes those alone that are over:
//! with other values the rule might object.
//!
//! ## Fails
//!
//! ```hcl
//! # stanchion:allow image-floating-tag: it is only a demonstration
//! resource "docker_image" "web" {
//!   name = "nginx:1.27.3"
//! }
//!
//! # stanchion:allow image-floting-tag: it is only a demonstration
//! resource "docker_image" "app" {
//!   name = "registry.example.com/app:1.4.2" # stanchion:allow image-floating-tag
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! # stanchion:allow image-floating-tag: it is only a demonstration
//! resource "docker_image" "web" {
//!   name = "nginx:latest"
//! }
//! ```

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::Suppression;
use crate::finding::Severity;
use crate::judge::{Context, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct It {}

impl Rule for It {
    type On = Suppression;

    const SEVERITY: Severity = Severity::Warning;

    fn judge(&self, it: &Suppression, cx: &mut Context<'_>) -> Verdict {
        let remove = |it| cx.without_comment(it, || "removes the comment".to_owned());
        match &it.fault {
            None => Verdict::Pass,
            Some((why, cure)) => Verdict::Fail(Objection {
                message: format!("the suppression has no effect: {why}"),
                help: Some(cure.clone()),
                fix: it.to_go.and_then(remove),
                ..Objection::default()
            }),
        }
    }
}
