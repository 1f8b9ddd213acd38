//! Comments by which a user lets something through.

use stanchion_lang::Span;

use super::Fact;

/// A comment of ours that is to suppress findings of a rule. Which of them do is known only when
/// all other rules have judged, so that the program itself finds these facts.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// Where it is written.
    pub span: Span,
    /// Why it has no effect, if it has none, and what to do about it: two clauses.
    pub fault: Option<(String, String)>,
    /// The whole comment, if it says nothing else and is to go.
    pub to_go: Option<Span>,
}

impl Fact for Suppression {
    const NOUNS: [&'static str; 2] = ["suppression", "suppressions"];

    fn span(&self) -> Span {
        self.span
    }
}
