//! What rules say, and what they may ask for.

use stanchion_cty::{Mark, Value};
use stanchion_lang::{Span, Workspace};

use crate::facts::Facts;
use crate::finding::Confidence;

/// What a rule says about a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is as it should be.
    Pass,
    /// It is not.
    Fail(Objection),
    /// It can't be told, and why: a clause.
    Unknown(String),
}

/// What a rule objects to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objection {
    /// What is wrong: a clause. No secret stands in it.
    pub message: String,
    /// What to do about it: a clause.
    pub help: Option<String>,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// The way that the value at fault came, as [`Context::chain`] tells it, and other places that
    /// have a part in it, each with a clause.
    pub chain: Vec<(Span, String)>,
    /// Stretches whose text is a secret, which is shown nowhere: [`Context::hidden`] has those of a
    /// value that is marked sensitive. If there are any, the finding is about a secret.
    pub hidden: Vec<Span>,
    /// What would mend it, if it can be said exactly.
    pub fix: Option<Mend>,
}

/// What would mend something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What is done: a clause.
    pub what: String,
    /// Stretches and what takes their places.
    pub edits: Vec<(Span, String)>,
}

/// What rules may ask for beside the fact at hand.
#[derive(Debug)]
pub struct Context<'a> {
    workspace: &'a Workspace,
    facts: Option<&'a Facts<'a>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(workspace: &'a Workspace, facts: Option<&'a Facts<'a>>) -> Self {
        Self { workspace, facts }
    }

    /// All that was read.
    #[must_use]
    pub fn workspace(&self) -> &'a Workspace {
        self.workspace
    }

    /// All facts of the root module, those of other kinds too; `None` where facts are read off the
    /// files.
    #[must_use]
    pub fn facts(&self) -> Option<&'a Facts<'a>> {
        self.facts
    }

    /// The way that a value came to a place, from there to where it is written. What lies within
    /// the place is left out.
    #[must_use]
    pub fn chain(&self, value: &Value, place: Span) -> Vec<(Span, String)> {
        let Some(facts) = self.facts else { return Vec::new() };
        let mut spans = facts.evaluation().chain(value);
        spans.retain(|it| !place.contains(*it) && !it.contains(place));
        spans.dedup_by(|next, one| one.contains(*next) || next.contains(*one));
        let last = spans.len().saturating_sub(1);
        let what = |at: usize| {
            if at == last { "its value is written here" } else { "its value comes from here" }
        };
        spans.into_iter().enumerate().map(|(at, it)| (it, what(at).to_owned())).collect()
    }

    /// Where the text of a value that is marked sensitive is written; empty for one that is not.
    #[must_use]
    pub fn hidden(&self, value: &Value) -> Vec<Span> {
        match self.facts {
            Some(facts) if value.has_mark_deep(Mark::Sensitive) => {
                facts.evaluation().written(value).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}
