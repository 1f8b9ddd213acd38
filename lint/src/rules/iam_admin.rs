//! A policy allows everything.
//!
//! ## Why
//!
//! Whoever has such a policy, or takes over what has it, owns the account: every secret, every
//! backup, and the means to lock everybody else out. A role for one job needs a handful of actions on
//! a handful of resources, and what it can't do can't be done to you by a leaked key.
//!
//! Allow the actions that are needed, on the resources that they are needed on.
//!
//! Three things are everything: all actions on all resources (`*`, `*:*`), all actions but some
//! (`NotAction`), and all of `iam:*`, as that is enough to allow oneself the rest. AWS's own
//! policies `AdministratorAccess`, `IAMFullAccess` and `PowerUserAccess` say just that. All resources
//! are `*`, `arn:aws:*` and the like, and all but some (`NotResource`); for `iam:*` also all of one
//! account's. Actions on a part of the resources, however many, are none of it.
//!
//! Judged are the policies of users, groups, roles and permission sets: `policy`, `inline_policy`,
//! and the ARNs that are attached. A trust policy or the policy of a bucket, a key or a queue is
//! about one thing and no policy of this kind; nor is a permissions boundary, which grants nothing,
//! and a policy that is somebody's boundary and attached to nobody.
//! A policy by its ARN that the configuration itself makes is judged where it is made.
//!
//! - A statement with a condition passes, if the condition narrows something: one that demands
//!   `aws:SecureTransport`, or that a key is like `*`, does not. One that leaves out a part
//!   (`StringNotEquals`), or that also holds where the key is missing (`…IfExists`,
//!   `ForAllValues:…`), fails with low confidence.
//! - A statement that denies takes away what it denies to everybody, always and on all resources:
//!   everything, everything but some, or all of `iam:*`. One that denies a part leaves the rest, and
//!   all but a part is still everything. What another policy denies takes nothing away here.
//! - What is unknown is judged by what could be in its place: no bucket's ARN is `*`, and no value
//!   makes `"s3:${var.action}"` into everything. Where both could be, it is counted as unknown, but
//!   for a statement from a dynamic block, which is judged as if it were there, and statements that
//!   nobody can see, which are judged as if they denied nothing: both with medium confidence.
//!
//! ## Fails
//!
//! ```hcl
//! variable "actions" {
//!   default = ["*"]
//! }
//!
//! data "aws_iam_policy_document" "deploy" {
//!   statement {
//!     actions   = var.actions
//!     resources = ["*"]
//!   }
//! }
//!
//! resource "aws_iam_role_policy" "deploy" {
//!   role   = "deploy"
//!   policy = data.aws_iam_policy_document.deploy.json
//! }
//! ```
//!
//! ```hcl
//! resource "aws_iam_user_policy_attachment" "ci" {
//!   user       = "ci"
//!   policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! resource "aws_s3_bucket" "site" {
//! }
//!
//! resource "aws_iam_role_policy" "deploy" {
//!   role = "deploy"
//!   policy = jsonencode({
//!     Version = "2012-10-17"
//!     Statement = [
//!       { Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.site.arn}/*" },
//!       { Effect = "Deny", Action = "*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } },
//!     ]
//!   })
//! }
//! ```
//!
//! ## Settings
//!
//! - `allowed`: names of AWS's own policies that may be attached: `PowerUserAccess`
//!
//! ## Peers
//!
//! - checkov: `CKV_AWS_1`, `CKV_AWS_62`, `CKV_AWS_274`, `CKV_AWS_275`, `CKV2_AWS_40`, `CKV2_AWS_56`
//! - trivy: `AWS-0057`, `AVD-AWS-0057`
//! - tfsec: `aws-iam-no-policy-wildcards`
//!
//! Those of trivy and tfsec object to every wildcard. `CKV_AWS_49` and `CKV_AWS_63` object to all
//! actions on whatever resources, and are no peers: who lets that through has not let this through.

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::facts::Policy;
use crate::finding::Severity;
use crate::judge::{Context, Link, Objection, Verdict};

mod admin;
mod power;

use admin::{Fault, Found};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    allowed: Vec<String>,
}

impl Rule for It {
    type On = Policy;

    const SEVERITY: Severity = Severity::Error;

    fn judge(&self, it: &Policy, cx: &mut Context<'_>) -> Verdict {
        match admin::judge(it, &self.allowed, cx) {
            Found::Nothing => Verdict::Pass,
            Found::Unknown(why) => Verdict::Unknown(why),
            Found::Fault(fault) => Verdict::Fail(Objection {
                message: fault.message.clone(),
                help: Some(
                    "allow the actions that are needed, on the resources that they are needed on"
                        .to_owned(),
                ),
                confidence: fault.confidence,
                chain: chain(it, &fault, cx),
                hidden: cx.hidden(&it.value),
                ..Objection::default()
            }),
        }
    }
}

/// The way of the policy, then that of the actions at fault, which are what is to be changed.
fn chain(it: &Policy, fault: &Fault, cx: &Context<'_>) -> Vec<Link> {
    let (address, place) = (Some(&*it.address), it.span);
    let mut chain = cx.chain(&it.value, place, address);
    let Some(actions) = &fault.at else { return chain };
    let written = cx.facts().and_then(|it| it.evaluation().written(actions));
    let Some(written) = written.filter(|it| !it.contains(place)) else { return chain };
    let mut of_actions = cx.chain(actions, place, address);
    if of_actions.is_empty() {
        let what = "everything is allowed here".to_owned();
        of_actions.push(Link { span: written, what, is_origin: true });
    }
    for link in &mut chain {
        link.is_origin = false;
        link.what = "its value comes from here".to_owned();
    }
    of_actions.retain(|it| !chain.iter().any(|known| known.span == it.span));
    chain.extend(of_actions);
    chain
}
