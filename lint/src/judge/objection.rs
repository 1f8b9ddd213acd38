//! What rules say, and what they may ask for.

use std::ops::Range;

use stanchion_cty::{Mark, Value};
use stanchion_lang::{Span, Workspace};

use super::chain;
use crate::facts::Facts;
use crate::finding::Confidence;
use crate::removal;

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
    pub chain: Vec<Link>,
    /// Stretches whose text is a secret, which is shown nowhere: [`Context::hidden`] has those of a
    /// value that is marked sensitive. If there are any, the finding is about a secret.
    pub hidden: Vec<Span>,
    /// What would mend it, if it can be said exactly.
    pub fix: Option<Mend>,
}

/// A place with a part in an objection.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where.
    pub span: Span,
    /// What happens there: a clause.
    pub what: String,
    /// Whether the value at fault, or a part of it, is written there: faults with other origins are
    /// other faults.
    pub is_origin: bool,
}

/// What would mend something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What is done: a clause.
    pub what: String,
    /// Stretches and what takes their places.
    pub edits: Vec<(Span, String)>,
}

/// A stretch of the file that a span lies in.
fn within(of: Span, range: Range<usize>) -> Span {
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Span { file: of.file, start: at(range.start), end: at(range.end) }
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

    /// The way that a value came to a place, from there to where it is written, and where the parts
    /// are that it is put together of. What lies within the place is left out. `address` is that of
    /// the resource that the place is in.
    #[must_use]
    pub fn chain(&self, value: &Value, place: Span, address: Option<&str>) -> Vec<Link> {
        match self.facts {
            Some(facts) => chain::of(facts.evaluation(), value, place, address.unwrap_or_default()),
            None => Vec::new(),
        }
    }

    /// What takes an entry out of a list, the rest of which stays as it is written; `list` are all of
    /// its entries in order. `None` where that can't be done without touching a comment.
    #[must_use]
    pub fn without_entry(
        &self,
        entry: Span,
        list: &[Span],
        what: impl FnOnce() -> String,
    ) -> Option<Mend> {
        let text = self.workspace.file(entry)?.text();
        let ranges: Vec<_> = list.iter().map(|it| it.start as usize..it.end as usize).collect();
        let at = list.iter().position(|it| *it == entry)?;
        let cut = within(entry, removal::of_entry(text, &ranges, at)?);
        Some(Mend { what: what(), edits: vec![(cut, String::new())] })
    }

    /// What takes a whole comment out.
    #[must_use]
    pub fn without_comment(&self, comment: Span, what: impl FnOnce() -> String) -> Option<Mend> {
        let text = self.workspace.file(comment)?.text();
        let range = comment.start as usize..comment.end as usize;
        let cut = within(comment, removal::of_comment(text, range));
        Some(Mend { what: what(), edits: vec![(cut, String::new())] })
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
