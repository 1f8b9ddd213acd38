//! What Terraform would refuse about a configuration.

use stanchion_lang::{Evaluation, Span};

use super::{Fact, Facts};

/// A root module that Terraform would take as far as it is known, or one thing that it would refuse.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Where it is refused; the beginning of one of the files of a root module that is not.
    pub span: Span,
    /// What Terraform says, if it refuses: a clause.
    pub refusal: Option<String>,
}

impl Fact for Accepted {
    const NOUNS: [&'static str; 2] = ["root module", "root modules"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        of_root(facts.evaluation())
    }

    fn span(&self) -> Span {
        self.span
    }
}

fn of_root(evaluation: &Evaluation<'_>) -> Vec<Accepted> {
    let refusals = evaluation.check();
    let workspace = evaluation.workspace();
    if refusals.is_empty() {
        let folder = evaluation.root().folder.clone();
        let first = workspace.files().iter().find(|it| it.folder() == &*folder);
        let first = first.map(|it| Accepted { span: it.beginning(), refusal: None });
        return first.into_iter().collect();
    }
    refusals
        .into_iter()
        .map(|it| Accepted {
            span: it.span,
            refusal: Some(format!("{}: {}", it.summary, it.detail.trim_end_matches('.'))),
        })
        .collect()
}
