//! Suppressions: comments by which a user says that something is to be let through.
//!
//! Ours is `# stanchion:allow RULE: reason` or `# stanchion:allow RULE until 2027-01-31: reason`, on
//! the line, at the head of a block or at the head of a file. Those of checkov, tfsec, trivy and
//! tflint are honoured where a rule's page lists their ids.

mod comments;
mod marker;

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use rayon::prelude::*;
use stanchion_lang::{File, FileId, Span, Workspace};

use crate::facts::Suppression;
use crate::finding::{Excuse, Finding, Location, Unknown};
use crate::settings::nearest;

use marker::{Marker, Until, Whose};

/// All suppressions of a workspace, and which of them suppressed something so far.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    all: HashMap<FileId, Vec<Comment>>,
}

/// A comment that suppresses something.
#[derive(Debug)]
struct Comment {
    marker: Marker,
    /// Where it is written.
    span: Span,
    /// The whole comment, if it says nothing else and can be taken out.
    alone: Option<Span>,
    /// The bytes of the file for which it holds.
    scope: Range<usize>,
    is_used: Cell<bool>,
}

/// What is to be done about a suppression of which nothing is left to say.
const REMOVE: &str = "remove it";

impl Suppressions {
    /// Those that hold on a day.
    pub(crate) fn of(workspace: &Workspace, today: Date) -> Self {
        let read = |file: &File| (file.id(), of_file(file, today));
        let all: Vec<_> = workspace.files().par_iter().map(read).collect();
        Self { all: all.into_iter().filter(|(_, it)| !it.is_empty()).collect() }
    }

    /// The comment that excuses a finding: at its place, or at one on the chain that led there.
    pub(crate) fn excuse(&self, workspace: &Workspace, finding: &Finding) -> Option<Excuse> {
        if self.all.is_empty() {
            return None;
        }
        let places =
            std::iter::once(&finding.place).chain(finding.chain.iter().map(|it| &it.place));
        let mut holding: Vec<_> =
            places.flat_map(|it| self.holding(&finding.rule, it.span)).collect();
        holding.iter().for_each(|it| it.is_used.set(true));
        holding.sort_by_key(|it| it.marker.whose != Whose::Ours);
        let found = holding.first()?;
        Some(Excuse::Comment {
            by: found.marker.whose.name(),
            reason: found.marker.reason.clone(),
            place: Location::of(workspace, found.span)?,
        })
    }

    /// Notes that a rule could not judge something: what suppresses it may be needed one day.
    pub(crate) fn keep(&self, unknown: &Unknown) {
        self.holding(&unknown.rule, unknown.place.span).for_each(|it| it.is_used.set(true));
    }

    /// Ours as facts, in the order of their places. `ids` are those of all rules; `is_judged` tells
    /// whether a rule judged all that is in a file; `is_as_ever` whether no values were given that may
    /// be others the next time.
    pub(crate) fn facts(
        &self,
        ids: &[String],
        is_judged: &dyn Fn(&str, FileId) -> bool,
        is_as_ever: bool,
    ) -> Vec<Suppression> {
        let ours = self.all.values().flatten().filter(|it| it.marker.whose == Whose::Ours);
        let fact = |it: &Comment| {
            let fault = it.fault(ids, is_judged);
            let is_over = matches!(it.marker.until, Until::Over(_));
            let is_to_go = fault.as_ref().is_some_and(|it| it.1 == REMOVE);
            let to_go = it.alone.filter(|_| is_to_go && (is_over || is_as_ever));
            Suppression { span: it.span, fault, to_go }
        };
        let mut facts: Vec<_> = ours.map(fact).collect();
        facts.sort_by_key(|it| it.span);
        facts
    }

    /// Where each is written, and the bytes of its file for which it holds, in the order of places.
    pub(crate) fn stretches(&self) -> Vec<[Range<usize>; 2]> {
        let mut all: Vec<_> = self.all.values().flatten().map(|it| (it.span, &it.scope)).collect();
        all.sort_by_key(|(span, _)| *span);
        let stretch = |(span, scope): (Span, &Range<usize>)| {
            [span.start as usize..span.end as usize, scope.clone()]
        };
        all.into_iter().map(stretch).collect()
    }

    /// The comments that have an effect on a rule at a place.
    fn holding(&self, rule: &str, at: Span) -> impl Iterator<Item = &Comment> {
        let here = self.all.get(&at.file).into_iter().flatten();
        let start = at.start as usize;
        here.filter(move |it| {
            it.scope.contains(&start) && it.marker.has_effect() && it.marker.names(rule)
        })
    }
}

impl Comment {
    /// Why it has no effect: a clause, and what to do about it.
    fn fault(
        &self,
        ids: &[String],
        is_judged: &dyn Fn(&str, FileId) -> bool,
    ) -> Option<(String, String)> {
        let rule = self.marker.rules.first().map_or("", String::as_str);
        let remove = || REMOVE.to_owned();
        if !ids.iter().any(|it| it == rule) {
            let near = nearest(rule, ids.iter().map(String::as_str));
            let cure = near.map_or_else(
                || "write stanchion:allow RULE: reason".to_owned(),
                |it| format!("write {it}"),
            );
            return Some((format!("there is no rule {rule}"), cure));
        }
        match &self.marker.until {
            Until::Unreadable(text) => {
                let cure = "write until YYYY-MM-DD: reason".to_owned();
                return Some((format!("{text} is no date"), cure));
            }
            Until::Over(date) => return Some((format!("it held until {date}"), remove())),
            Until::Ever | Until::Open(_) => {}
        }
        if self.marker.reason.is_none() {
            let cure = format!("write stanchion:allow {rule}: why this is as it should be");
            return Some(("it gives no reason, so it suppresses nothing".to_owned(), cure));
        }
        let is_idle = !self.is_used.get() && is_judged(rule, self.span.file);
        is_idle.then(|| (format!("{rule} has nothing to object to here"), remove()))
    }
}

/// The lines, from 1, that decide whether what stands at a byte is there at all: the heads of the
/// blocks around it, and how many instances the outermost one has. All of a block where the byte is
/// in the head of it.
pub(crate) fn heads(text: &str, at: usize, is_json: bool) -> Vec<RangeInclusive<u32>> {
    let read = if is_json { comments::read_json(text) } else { comments::read(text) };
    read.heads(text, at)
}

/// The suppressions of a file.
fn of_file(file: &File, today: Date) -> Vec<Comment> {
    let text: &str = file.text();
    if !marker::WORDS.iter().any(|it| text.contains(it)) {
        return Vec::new();
    }
    let is_json = file.path().ends_with(".json");
    let read = if is_json { comments::read_json(text) } else { comments::read(text) };
    let mut out = Vec::new();
    for comment in &read.comments {
        let at = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        for (marker, within) in marker::read(&text[comment.span.clone()], today) {
            let (start, end) = (comment.span.start + within.start, comment.span.start + within.end);
            let span = Span { file: file.id(), start: at(start), end: at(end) };
            let scope = match marker.extent {
                marker::Extent::Place => read.scope(text, comment),
                marker::Extent::Enclosing => read.enclosing(text, comment),
                marker::Extent::File => 0..text.len() + 1,
            };
            let whole = &text[comment.span.clone()];
            let is_sign = |it: char| it.is_whitespace() || "#/*".contains(it);
            let says = whole.trim_matches(is_sign);
            let is_alone = !is_json && says == text[start..end].trim_matches(is_sign);
            let alone = Span { start: at(comment.span.start), end: at(comment.span.end), ..span };
            let alone = is_alone.then_some(alone);
            out.push(Comment { marker, span, alone, scope, is_used: Cell::new(false) });
        }
    }
    out
}
