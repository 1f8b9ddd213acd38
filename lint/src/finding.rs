//! What linting comes to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use stanchion_lang::{Place, Span, Workspace};

use crate::paths::Paths;

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
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

/// How sure a rule is that a finding is what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It looks like it.
    Low,
    /// It is likely.
    Medium,
    /// What is written leaves no doubt.
    #[default]
    High,
}

impl Confidence {
    /// The confidence in one word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Something that a rule objects to, at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// What it is about, in the order of roots and addresses: a fault in a module is one finding,
    /// however many instances and roots have it.
    pub subjects: Vec<Subject>,
    /// What is wrong: a clause.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where.
    pub place: Location,
    /// The way that the value at fault came, from the place to where it is written; and other
    /// places that have a part in it.
    pub chain: Vec<Step>,
    /// What would mend it, if it can be said exactly.
    pub fix: Option<Fix>,
    /// Whether it is about a secret, so that its text is shown nowhere.
    pub is_secret: bool,
}

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The folder of the root module in which it was met; `.` for the working directory, `None`
    /// for what was read off a file alone.
    pub root: Option<Arc<str>>,
    /// The address of a resource instance, if it is about one.
    pub address: Option<Arc<str>>,
    /// The path of the variable file with which it is so; `None` if it is so with all that the root
    /// module is judged with.
    pub variable_file: Option<Arc<str>>,
}

/// A place with a part in a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where.
    pub place: Location,
    /// What happens there: a clause.
    pub what: String,
    /// Whether the value at fault, or a part of it, is written there.
    pub is_origin: bool,
}

impl Finding {
    /// Where the value at fault is written, part by part.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &Location> {
        self.chain.iter().filter(|it| it.is_origin).map(|it| &it.place)
    }
}

/// What would mend a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What is done: a clause.
    pub what: String,
    /// Stretches and what takes their places.
    pub edits: Vec<(Location, String)>,
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

impl Location {
    /// The place of a span; `None` for one that lies in no file of the workspace.
    pub(crate) fn of(workspace: &Workspace, span: Span) -> Option<Self> {
        let file = workspace.file(span)?;
        Some(Self {
            start: file.place(span.start),
            end: file.place(span.end),
            span,
            text: file.text().clone(),
        })
    }

    /// The text of the stretch.
    pub(crate) fn snippet(&self) -> &str {
        self.text.get(self.span.start as usize..self.span.end as usize).unwrap_or_default()
    }
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
    /// What would be findings but for an excuse, in the order of their places.
    pub excused: Vec<(Finding, Excuse)>,
    /// What the baseline has and nobody found; `None` without a baseline.
    pub gone: Option<Vec<Gone>>,
    /// Stretches of files that must not be shown, in order.
    pub hidden: Vec<Span>,
    /// How paths are told to programs.
    pub paths: Paths,
}

/// Why something is no finding though a rule objects to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Excuse {
    /// A comment says so.
    Comment {
        /// Whose comment it is: `stanchion`, or another linter's name.
        by: &'static str,
        /// The reason that it gives.
        reason: Option<String>,
        /// Where it stands.
        place: Location,
    },
    /// It was there when the baseline was written.
    Baseline,
}

/// What a baseline has and nobody found any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The rule's id.
    pub rule: String,
    /// What it was about.
    pub address: Option<String>,
    /// The file that it was in.
    pub file: String,
    /// How often it was there.
    pub count: usize,
}

/// A fact that a rule could not judge.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The rule's id.
    pub rule: Arc<str>,
    /// What it is about.
    pub subject: Subject,
    /// Why it can't be judged: a clause.
    pub why: String,
    /// Where.
    pub place: Location,
}

/// How much was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Root modules.
    pub roots: usize,
    /// How many of them were judged with variable files that they don't load by themselves, once with
    /// each; and how many files these are.
    pub variable_files: (usize, usize),
    /// Files that were read.
    pub files: usize,
    /// Resource instances.
    pub instances: usize,
    /// For each rule what it judged.
    pub rules: Vec<RuleCount>,
}

/// What one rule judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's id.
    pub rule: Arc<str>,
    /// What it judges: one, and many.
    pub nouns: [&'static str; 2],
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
