//! Configuration files.

use stanchion_lang::Span;

use super::{Fact, Facts};

/// A configuration file.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    /// Its beginning, or where reading stopped.
    pub span: Span,
    /// What is wrong with it, if it can't be read: a clause.
    pub fault: Option<String>,
}

impl Fact for ConfigurationFile {
    fn find(facts: &Facts<'_>) -> Vec<Self> {
        let workspace = facts.workspace();
        workspace
            .files()
            .iter()
            .map(|file| {
                let is_here =
                    |it: &Span| workspace.file(*it).is_some_and(|it| it.id() == file.id());
                let fault = workspace.faults().iter().find(|it| is_here(&it.span));
                Self {
                    span: fault.map_or(file.beginning(), |it| it.span),
                    fault: fault.map(|it| it.message.clone()),
                }
            })
            .collect()
    }

    fn span(&self) -> Span {
        self.span
    }

    fn address(&self) -> Option<&str> {
        None
    }
}
