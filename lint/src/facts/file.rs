//! Configuration files.

use stanchion_lang::{Span, Workspace};

use super::Fact;

/// A configuration file.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    /// Its beginning, or where reading stopped.
    pub span: Span,
    /// What is wrong with it, if it can't be read: a clause.
    pub fault: Option<String>,
}

impl Fact for ConfigurationFile {
    const NOUNS: [&'static str; 2] = ["file", "files"];

    fn in_files(workspace: &Workspace) -> Vec<Self> {
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
}
