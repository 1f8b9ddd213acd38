//! What Terraform would refuse, and in which words.

use std::borrow::Cow;

use crate::Span;

/// Something that Terraform would refuse while it evaluates a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it is written.
    pub span: Span,
    /// What is wrong in the short words of Terraform's own diagnostics: `Invalid index`.
    pub summary: Cow<'static, str>,
    /// What is wrong, as a sentence.
    pub detail: String,
    /// Whether Terraform refuses it before it evaluates anything, so that neither `try` nor `can`
    /// makes up for it.
    pub(crate) is_static: bool,
}

impl Refusal {
    /// Whether Terraform refuses it before it evaluates anything.
    #[must_use]
    pub fn is_early(&self) -> bool {
        self.is_static
    }

    /// A refusal that comes up while evaluating.
    pub(crate) fn new(
        span: Span,
        summary: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self { span, summary: summary.into(), detail: detail.into(), is_static: false }
    }

    /// A refusal that `try` and `can` don't catch.
    pub(crate) fn before_evaluation(self) -> Self {
        Self { is_static: true, ..self }
    }
}
