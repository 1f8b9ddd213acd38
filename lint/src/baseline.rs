//! Findings that are known: a file of them, so that only what is new is reported.
//!
//! A finding is recognised by its rule, its address and a keyed hash of the text at fault, never by
//! a line: files may be moved, renamed and indented anew.

use std::collections::HashMap;

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use sha2::Sha256;

use crate::finding::{Excuse, Finding, Gone, Report, Subject};
use crate::fingerprint;
use crate::module_address::without_keys;
use crate::paths::Paths;

const VERSION: u64 = 1;

/// A baseline as it stands in its file.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    version: u64,
    /// The key of the hashes, so that two baselines of one secret have nothing in common.
    salt: String,
    /// In order; what is there twice is there twice.
    findings: Vec<Known>,
}

/// A finding of one resource in one root module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// Where it was; tells apart what is alike in all else.
    file: String,
    rule: String,
    /// Without the keys of instances.
    address: Option<String>,
    root: Option<String>,
    text: String,
}

/// Why a text is no baseline: a clause.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotABaseline {
    #[error("is no baseline: {why} (line {line}, column {column})")]
    Unreadable { why: &'static str, line: usize, column: usize },
    #[error("is a baseline of version {0}, and this program knows up to {VERSION}")]
    Newer(u64),
}

/// What a decoder says names types of this program.
impl From<serde_json::Error> for NotABaseline {
    fn from(error: serde_json::Error) -> Self {
        let why = match error.classify() {
            Category::Eof => "the JSON text ends too early",
            Category::Data => "the JSON has not what a baseline has",
            Category::Syntax | Category::Io => "it is no JSON",
        };
        Self::Unreadable { why, line: error.line(), column: error.column() }
    }
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// If it is none, or one of a newer version.
    pub(crate) fn read(text: &str) -> Result<Self, NotABaseline> {
        // A newer version may have fields that are not known here.
        #[derive(Deserialize)]
        struct Head {
            version: u64,
        }
        match serde_json::from_str::<Head>(text)?.version {
            newer if newer > VERSION => Err(NotABaseline::Newer(newer)),
            _ => Ok(serde_json::from_str(text)?),
        }
    }

    /// The baseline of all that was found. `salt` is kept from the last one, if there was one.
    pub(crate) fn of(report: &Report, salt: String) -> Self {
        let mut baseline = Self { version: VERSION, salt, findings: Vec::new() };
        let all = report.findings.iter();
        let known = all.flat_map(|it| baseline.known(it, &report.paths)).map(|(it, _)| it);
        let mut known: Vec<_> = known.collect();
        known.sort();
        baseline.findings = known;
        baseline
    }

    /// How many findings it has.
    pub(crate) fn len(&self) -> usize {
        self.findings.len()
    }

    /// The key of the hashes.
    pub(crate) fn salt(&self) -> &str {
        &self.salt
    }

    /// The text of its file.
    pub(crate) fn write(&self) -> Result<String, serde_json::Error> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }

    /// Takes what is known out of the findings of a report, and notes what is gone. Of a finding of
    /// which some subjects are new, these stay.
    pub(crate) fn apply(&self, report: &mut Report) {
        let mut left = Left::new(&self.findings);
        let findings = std::mem::take(&mut report.findings);
        let known: Vec<_> = findings.iter().map(|it| self.known(it, &report.paths)).collect();
        // What is exactly the same takes its entry before what was only moved does.
        let exact: Vec<Vec<bool>> = known
            .iter()
            .map(|all| all.iter().map(|(it, _)| left.take_exact(it)).collect())
            .collect();
        for ((mut finding, known), exact) in findings.into_iter().zip(known).zip(exact) {
            let mut new = Vec::new();
            let mut old = Vec::new();
            for ((it, subjects), is_exact) in known.into_iter().zip(exact) {
                let is_known = is_exact || left.take_alike(&it);
                if is_known { old.extend(subjects) } else { new.extend(subjects) }
            }
            if !old.is_empty() {
                let mut finding = finding.clone();
                finding.subjects = old;
                report.excused.push((finding, Excuse::Baseline));
            }
            if !new.is_empty() {
                finding.subjects = new;
                report.findings.push(finding);
            }
        }
        report.gone = Some(left.gone());
    }

    /// A finding as a baseline has it, once for each resource and root module that it is about.
    fn known(&self, finding: &Finding, paths: &Paths) -> Vec<(Known, Vec<Subject>)> {
        let text = self.hash(&fingerprint::snippet(finding));
        let mut out: Vec<(Known, Vec<Subject>)> = Vec::new();
        for subject in &finding.subjects {
            let known = Known {
                file: paths.below_base(&finding.place.start.path),
                rule: finding.rule.to_string(),
                address: subject.address.as_deref().map(without_keys),
                root: subject.root.as_deref().map(|it| paths.below_base(it)),
                text: text.clone(),
            };
            match out.iter_mut().find(|(it, _)| *it == known) {
                Some((_, subjects)) => subjects.push(subject.clone()),
                None => out.push((known, vec![subject.clone()])),
            }
        }
        out
    }

    /// A keyed hash of a text, which may be a secret.
    fn hash(&self, text: &str) -> String {
        match Hmac::<Sha256>::new_from_slice(self.salt.as_bytes()) {
            Ok(mut mac) => {
                mac.update(text.as_bytes());
                fingerprint::hex(&mac.finalize().into_bytes()[..16])
            }
            // A key may have any length.
            Err(_) => String::new(),
        }
    }
}

/// The entries that no finding took yet.
struct Left<'a> {
    all: Vec<Option<&'a Known>>,
    exact: HashMap<&'a Known, Vec<usize>>,
    alike: HashMap<(&'a str, Option<&'a str>, &'a str), Vec<usize>>,
}

impl<'a> Left<'a> {
    fn new(known: &'a [Known]) -> Self {
        let mut left = Self { all: Vec::new(), exact: HashMap::new(), alike: HashMap::new() };
        for (at, it) in known.iter().enumerate() {
            left.all.push(Some(it));
            left.exact.entry(it).or_default().push(at);
            left.alike.entry(alike(it)).or_default().push(at);
        }
        left
    }

    fn take_exact(&mut self, known: &Known) -> bool {
        let all = self.exact.get(known).cloned().unwrap_or_default();
        self.take(&all)
    }

    /// Takes an entry that differs in the file or the root module.
    fn take_alike(&mut self, known: &Known) -> bool {
        let all = self.alike.get(&alike(known)).cloned().unwrap_or_default();
        self.take(&all)
    }

    /// Takes the first of these that is left.
    fn take(&mut self, of: &[usize]) -> bool {
        of.iter().any(|at| self.all.get_mut(*at).is_some_and(|it| it.take().is_some()))
    }

    fn gone(self) -> Vec<Gone> {
        let mut out: Vec<Gone> = Vec::new();
        for it in self.all.into_iter().flatten() {
            let same = |gone: &&mut Gone| {
                (&gone.rule, &gone.address, &gone.file) == (&it.rule, &it.address, &it.file)
            };
            match out.iter_mut().find(same) {
                Some(gone) => gone.count += 1,
                None => out.push(Gone {
                    rule: it.rule.clone(),
                    address: it.address.clone(),
                    file: it.file.clone(),
                    count: 1,
                }),
            }
        }
        out
    }
}

fn alike(it: &Known) -> (&str, Option<&str>, &str) {
    (&it.rule, it.address.as_deref(), &it.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_version_is_refused_before_its_fields_are_looked_at() {
        let read = |text: &str| Baseline::read(text).map_err(|it| it.to_string());
        let newer = read("{\"version\": 2, \"more\": 1}");
        let told = "is a baseline of version 2, and this program knows up to 1";
        assert_eq!(newer, Err(told.to_owned()));
        for (text, why) in [
            ("{\"version\": 1}", "the JSON has not what a baseline has (line 1, column 14)"),
            ("[]", "the JSON has not what a baseline has (line 1, column 2)"),
            ("{\"version\": \"1\"}", "the JSON has not what a baseline has (line 1, column 15)"),
            ("[", "the JSON text ends too early (line 1, column 1)"),
            ("\u{feff}{}", "it is no JSON (line 1, column 1)"),
        ] {
            assert_eq!(read(text), Err(format!("is no baseline: {why}")), "{text}");
        }
    }
}
