//! What the fixes of a report make of the files that they are about.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::{Location, Report};

/// A file as it is to be.
#[derive(Debug)]
pub(crate) struct MendedFile {
    /// Its path, as it was read.
    pub(crate) path: Arc<str>,
    /// The text that was read.
    pub(crate) before: Arc<str>,
    /// The text that takes its place.
    pub(crate) after: String,
}

/// A finding that is mended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mended {
    /// The rule's id.
    pub(crate) rule: Arc<str>,
    /// Where it was: `main.tf:3:5`.
    pub(crate) place: String,
    /// What was done: a clause.
    pub(crate) what: String,
}

/// The files that fixes change, in the order of their paths, and what is mended by that. Of fixes that
/// touch each other the first is taken: what the others come to is seen when the files are judged anew.
pub(crate) fn mend(report: &Report) -> (Vec<MendedFile>, Vec<Mended>) {
    let mut files: BTreeMap<Arc<str>, (Arc<str>, Vec<Edit>)> = BTreeMap::new();
    let mut done = Vec::new();
    for finding in &report.findings {
        let Some(fix) = &finding.fix else { continue };
        let edits: Vec<_> = fix.edits.iter().map(|(at, text)| (at, Edit::new(at, text))).collect();
        let is_free = |(at, edit): &(&Location, Edit)| {
            let there = files.get(&at.start.path).into_iter().flat_map(|it| &it.1);
            there.into_iter().all(|it| it == edit || !it.touches(edit))
        };
        if edits.is_empty() || !edits.iter().all(is_free) {
            continue;
        }
        for (at, edit) in edits {
            let new = || (at.text.clone(), Vec::new());
            let (_, there) = files.entry(at.start.path.clone()).or_insert_with(new);
            if !there.contains(&edit) {
                there.push(edit);
            }
        }
        let (rule, place) = (finding.rule.clone(), finding.place.start.to_string());
        done.push(Mended { rule, place, what: fix.what.clone() });
    }
    let file = |(path, (before, mut edits)): (_, (Arc<str>, Vec<Edit>))| {
        edits.sort_by_key(|it| std::cmp::Reverse((it.start, it.end)));
        let mut after = before.to_string();
        edits.iter().for_each(|it| after.replace_range(it.start..it.end, &it.text));
        MendedFile { path, before, after }
    };
    (files.into_iter().map(file).collect(), done)
}

/// A stretch of a file's text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

impl Edit {
    fn new(at: &Location, text: &str) -> Self {
        let end = (at.span.end as usize).min(at.text.len());
        Self { start: (at.span.start as usize).min(end), end, text: text.to_owned() }
    }

    fn touches(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}
