//! Settings: what `stanchion.toml` says, and what holds for a file in the end.

mod effective;
mod read;
mod shown;
mod spelling;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use globset::GlobSet;
use serde_json::Value;

use crate::custom::Custom;
use crate::finding::Severity;

pub(crate) use effective::{Effective, Profiles};
pub(crate) use read::{NAME, read};
pub(crate) use shown::show;
pub(crate) use spelling::nearest;

/// What a settings file says. Without one, nothing is set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// The folder of the file, absolute; paths and patterns are seen from there.
    pub(crate) folder: PathBuf,
    /// `paths`: what is judged if no path is given.
    pub(crate) paths: Option<Set<Vec<String>>>,
    /// `baseline`: the file of findings that are known.
    pub(crate) baseline: Option<Set<String>>,
    /// `fail-on`.
    pub(crate) fail_on: Option<Set<Severity>>,
    /// `fail-on-unknown`.
    pub(crate) fail_on_unknown: Option<Set<bool>>,
    /// `[[rule]]`: rules that the user wrote, in the order of their ids.
    pub(crate) custom: Vec<Custom>,
    /// `[rules]`.
    pub(crate) rules: Rules,
    /// `[profile."pattern"]`, in the order in which they are written: a later one has the last word.
    pub(crate) profiles: Vec<Profile>,
}

/// What is said about rules, by their ids.
pub(crate) type Rules = BTreeMap<String, RuleSettings>;

/// What is said about one rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleSettings {
    /// How bad its findings are.
    pub(crate) level: Option<Set<Level>>,
    /// The rule's own settings by name.
    pub(crate) values: BTreeMap<String, Set<Value>>,
}

/// How bad a rule's findings are, or that it doesn't judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Off,
    On(Severity),
}

impl Level {
    /// The level as it is written.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On(severity) => severity.word(),
        }
    }
}

/// What holds below a pattern of paths.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) pattern: String,
    pub(crate) matches: GlobSet,
    pub(crate) rules: Rules,
}

/// A setting and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Set<T> {
    pub(crate) value: T,
    /// `stanchion.toml:3:1`.
    pub(crate) at: Arc<str>,
}
