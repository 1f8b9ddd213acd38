//! What linting comes to.

use std::sync::Arc;

use serde::Serialize;
use stanchion_lang::{Place, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be repaired.
    Warning,
    /// Must be repaired.
    Error,
}

impl Severity {
    /// The severity in the words of the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that a rule objects to, at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about: a resource's address, if it is about one.
    pub address: Option<String>,
    /// What is wrong: a clause.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where.
    pub place: Location,
    /// Other places that have a part in it, each with a clause.
    pub related: Vec<(Location, String)>,
}

/// A stretch of a file, and the file's text for showing it.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Where it begins.
    pub start: Place,
    /// Where it ends.
    pub end: Place,
    /// In bytes.
    pub span: Span,
    /// The file's text.
    pub text: Arc<str>,
}

/// All that linting came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, in the order of their places.
    pub findings: Vec<Finding>,
    /// What could not be judged, in the order of places.
    pub unknown: Vec<Unknown>,
    /// What was not looked into at all.
    pub gaps: Vec<(Option<Location>, String)>,
    /// The numbers.
    pub summary: Summary,
}

/// A fact that a rule could not judge.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The rule's id.
    pub rule: &'static str,
    /// What it is about.
    pub address: Option<String>,
    /// Why it can't be judged: a clause.
    pub why: String,
    /// Where.
    pub place: Location,
}

/// How much was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Root modules.
    pub roots: usize,
    /// Files that were read.
    pub files: usize,
    /// Resource instances.
    pub instances: usize,
    /// For each rule what it judged.
    pub rules: Vec<RuleCount>,
}

/// What one rule judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule's id.
    pub rule: &'static str,
    /// Facts that are as the rule wants them.
    pub passed: usize,
    /// Facts that are not.
    pub failed: usize,
    /// Facts that it could not judge.
    pub unknown: usize,
}

impl Report {
    /// Whether there are findings that are at least so bad.
    #[must_use]
    pub fn has_at_least(&self, severity: Severity) -> bool {
        self.findings.iter().any(|it| it.severity >= severity)
    }
}
