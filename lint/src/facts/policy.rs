//! Where configurations grant permissions of AWS.

mod boundary;
mod glob;
mod member;
mod statement;
mod text;
mod truth;

use std::sync::Arc;

use stanchion_cty::Value;
use stanchion_lang::{Evaluation, Found, Resource, Span};

use super::image::attributes;
use super::{Fact, Facts};
use crate::parts::elements;

pub use glob::glob;
pub use member::Member;
pub use statement::{Condition, Effect, Scope, Statement};
pub use text::{Piece, Text};
pub use truth::Truth;

/// A policy that somebody is given, or that is there to be given: of one resource instance. What is
/// only somebody's permissions boundary is none.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The resource's address.
    pub address: Arc<str>,
    /// Where the attribute's value is written.
    pub span: Span,
    /// The document, or the policy's ARN.
    pub value: Value,
    /// What it says.
    pub grant: Grant,
}

/// How a policy is written.
#[derive(Clone, Debug)]
pub enum Grant {
    /// As a document in IAM's language: its statements.
    Document(Vec<Member<Statement>>),
    /// By the ARN of a managed policy.
    Managed(Vec<Member<Text>>),
}

/// What stands in an attribute.
#[derive(Clone, Copy, Debug)]
enum Holds {
    Document,
    Arns,
}

/// Resource types, and where policies of identities stand in them: nested blocks, then an
/// attribute. The source is hashicorp/aws's pages at registry.terraform.io. A boundary grants
/// nothing, and the names of inline policies in `aws_iam_role_policies_exclusive` say nothing of
/// what is in them.
const PLACES: &[(&str, &[(&str, Holds)])] = &[
    ("aws_iam_policy", &[("policy", Holds::Document)]),
    ("aws_iam_group_policy", &[("policy", Holds::Document)]),
    ("aws_iam_role_policy", &[("policy", Holds::Document)]),
    ("aws_iam_user_policy", &[("policy", Holds::Document)]),
    (
        "aws_iam_role",
        &[("inline_policy.policy", Holds::Document), ("managed_policy_arns", Holds::Arns)],
    ),
    ("aws_iam_policy_attachment", &[("policy_arn", Holds::Arns)]),
    ("aws_iam_group_policy_attachment", &[("policy_arn", Holds::Arns)]),
    ("aws_iam_role_policy_attachment", &[("policy_arn", Holds::Arns)]),
    ("aws_iam_user_policy_attachment", &[("policy_arn", Holds::Arns)]),
    ("aws_iam_group_policy_attachments_exclusive", &[("policy_arns", Holds::Arns)]),
    ("aws_iam_role_policy_attachments_exclusive", &[("policy_arns", Holds::Arns)]),
    ("aws_iam_user_policy_attachments_exclusive", &[("policy_arns", Holds::Arns)]),
    ("aws_ssoadmin_permission_set_inline_policy", &[("inline_policy", Holds::Document)]),
    ("aws_ssoadmin_managed_policy_attachment", &[("managed_policy_arn", Holds::Arns)]),
    ("aws_ssoadmin_managed_policy_attachments_exclusive", &[("managed_policy_arns", Holds::Arns)]),
];

impl Fact for Policy {
    const NOUNS: [&'static str; 2] = ["policy", "policies"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        let evaluation = facts.evaluation();
        let resources = evaluation.resources();
        let policies = resources.iter().flat_map(|it| of_resource(evaluation, it)).collect();
        boundary::leave_out(evaluation, &resources, policies)
    }

    fn span(&self) -> Span {
        self.span
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }
}

fn of_resource<'w>(cx: &Evaluation<'w>, resource: &Resource<'w>) -> Vec<Policy> {
    let Some((_, places)) = PLACES.iter().find(|(ty, _)| *ty == resource.ty) else {
        return Vec::new();
    };
    let view = cx.view(resource);
    let one = |found: &Found, value: Value, grant: Grant| Policy {
        address: resource.address.clone(),
        span: cx.written(&value).filter(|it| found.span.contains(*it)).unwrap_or(found.span),
        value,
        grant,
    };
    let mut out = Vec::new();
    for (way, holds) in *places {
        let found = attributes(&view, way).into_iter();
        for found in found.filter(|it| !it.value.is_null()) {
            match holds {
                Holds::Document => {
                    let statements = statement::of_document(cx, &found.value);
                    out.push(one(&found, found.value.clone(), Grant::Document(statements)));
                }
                Holds::Arns => {
                    let arns = elements(cx, &found.value).into_iter().filter(|it| !it.is_null());
                    out.extend(arns.map(|it| {
                        let texts = text::of(cx, &it);
                        one(&found, it, Grant::Managed(texts))
                    }));
                }
            }
        }
    }
    out
}
