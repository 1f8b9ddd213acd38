//! What several formats say in the same words.

use std::collections::BTreeMap;
use std::io;

use crate::finding::{Excuse, Finding, Report, RuleCount, Subject};
use crate::terminal::Terminal;

/// How a path is told.
pub(super) type Named<'a> = dyn Fn(&str) -> String + 'a;

/// `1 finding`, `2 findings`.
pub(super) fn counted(count: usize, nouns: [&str; 2]) -> String {
    format!("{count} {}", nouns[usize::from(count != 1)])
}

/// A line for each part of the configuration that was not read, and why.
pub(super) fn not_read(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    for (place, why) in &report.gaps {
        match place {
            Some(place) => writeln!(terminal.out, "{}: not read: {why}", place.start)?,
            None => writeln!(terminal.out, "not read: {why}")?,
        }
    }
    Ok(())
}

/// The whole report in one line: what was found, and in how much.
pub(super) fn total(report: &Report) -> String {
    let summary = &report.summary;
    let mut out = counted(report.findings.len(), ["finding", "findings"]);
    if !report.unknown.is_empty() {
        out.push_str(&format!(", {} unknown", report.unknown.len()));
    }
    if !report.gaps.is_empty() {
        out.push_str(&format!(", {} not read", report.gaps.len()));
    }
    let of = |is: fn(&Excuse) -> bool| report.excused.iter().filter(|(_, by)| is(by)).count();
    let suppressed = of(|it| matches!(it, Excuse::Comment { .. }));
    if suppressed > 0 {
        out.push_str(&format!(", {suppressed} suppressed"));
    }
    let known = of(|it| matches!(it, Excuse::Baseline));
    if known > 0 {
        out.push_str(&format!(", {known} in the baseline"));
    }
    let mut roots = counted(summary.roots, ["root", "roots"]);
    let (with, files) = summary.variable_files;
    if with > 0 {
        let files = counted(files, ["variable file", "variable files"]);
        roots.push_str(&match (with, summary.roots) {
            (1, 1) => format!(" (with {files})"),
            (1, _) => format!(" (one of them with {files})"),
            _ => format!(" ({with} of them with {files})"),
        });
    }
    let files = counted(summary.files, ["file", "files"]);
    let instances = counted(summary.instances, ["instance", "instances"]);
    format!("{out} in {roots}, {files}, {instances}")
}

/// For each rule that left something open how much that is, and why: `209 policies: 182 judged, 27
/// unknown, 18 of them because var.x has no value: give it with --var or --var-file`.
pub(super) fn left_open(report: &Report, named: &Named<'_>) -> Vec<String> {
    let counts = report.summary.rules.iter().filter(|it| it.unknown > 0);
    counts.map(|it| of_rule(report, it, named)).collect()
}

/// What is said of a baseline of which something is gone.
pub(super) fn gone(report: &Report) -> Option<String> {
    let count: usize = report.gone.iter().flatten().map(|it| it.count).sum();
    let entries = counted(count, ["entry", "entries"]);
    let them = if count == 1 { "is" } else { "are" };
    (count > 0).then(|| {
        format!("{entries} of the baseline {them} gone: stanchion baseline takes what is gone out")
    })
}

fn of_rule(report: &Report, count: &RuleCount, named: &Named<'_>) -> String {
    let mut whys: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for it in report.unknown.iter().filter(|it| it.rule == count.rule) {
        let first = || {
            let at = &it.place.start;
            (0, format!("{}:{}:{}", named(&at.path), at.line, at.column))
        };
        whys.entry(&it.why).or_insert_with(first).0 += 1;
    }
    let mut whys: Vec<_> = whys.into_iter().collect();
    whys.sort_by_key(|(why, (number, _))| (std::cmp::Reverse(*number), *why));
    let judged = count.passed + count.failed;
    let all = counted(judged + count.unknown, count.nouns);
    let mut out = format!("{}: {all}: {judged} judged, {} unknown", count.rule, count.unknown);
    for (at, (why, (number, place))) in whys.iter().enumerate() {
        if at == MOST_REASONS {
            let more = counted(whys.len() - at, ["other reason", "other reasons"]);
            out.push_str(&format!("\n  and for {more}"));
            break;
        }
        let of_them = if *number == count.unknown && whys.len() == 1 {
            if *number == 1 { "because".to_owned() } else { "all of them because".to_owned() }
        } else {
            format!("{number} of them because")
        };
        let cure = cure(why).map(|it| format!(": {it}")).unwrap_or_default();
        out.push_str(&format!("\n  {of_them} {why}{cure} ({place})"));
    }
    out
}

/// So many reasons are told of each rule.
const MOST_REASONS: usize = 5;

/// What a user can do about something that is unknown for that reason.
pub(super) fn cure(why: &str) -> Option<&'static str> {
    let is_variable = why.starts_with("var.") && why.ends_with(" has no value");
    is_variable.then_some("give it with --var or --var-file")
}

/// What a finding is about, in a few words; `None` if it is about a file alone.
pub(super) fn subjects(finding: &Finding, named: &Named<'_>) -> Option<String> {
    let of_resource = finding.subjects.iter().find(|it| it.address.is_some());
    let with_file = || finding.subjects.iter().find(|it| it.variable_file.is_some());
    let first = of_resource.or_else(with_file)?;
    let with = first.variable_file.as_ref().map(|it| format!("with {}", named(it)));
    let words: Vec<&str> = first.address.as_deref().into_iter().chain(with.as_deref()).collect();
    let mut out = words.join(" ");
    match finding.subjects.len() - 1 {
        0 => {}
        more => out.push_str(&format!(" and {more} more")),
    }
    Some(out)
}

/// A subject with its root module.
pub(super) fn subject(it: &Subject, named: &Named<'_>) -> String {
    let root = it.root.as_deref().map(named);
    let mut out = match (&it.address, root) {
        (Some(address), Some(root)) if root != "." => format!("{address} in {root}"),
        (Some(address), _) => address.to_string(),
        (None, root) => root.unwrap_or_default(),
    };
    if let Some(file) = &it.variable_file {
        out.push_str(&format!(" with {}", named(file)));
    }
    out
}
