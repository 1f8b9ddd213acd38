//! Secrets are shown nowhere: neither where they are written nor in what is said.

mod named;

use std::collections::BTreeSet;
use std::ops::Range;

use stanchion_cty::Mark;
use stanchion_lang::syntax::{Expr, ExprKind, Part};
use stanchion_lang::{Evaluation, File, Span, Workspace};

use crate::finding::Report;

pub(crate) use named::is_credential;

/// What stands in the place of a secret in a message.
const STANDS_FOR: &str = "(sensitive value)";
/// Shorter texts would be found in words that have nothing to do with them.
const SHORTEST: usize = 4;

/// Adds where the values of a root module's sensitive variables are written.
pub(crate) fn of_variables(evaluation: &Evaluation<'_>, hidden: &mut Vec<Span>) {
    for (name, block) in &evaluation.root().variables {
        if block.body.flag("sensitive") != Some(true) {
            continue;
        }
        let value = evaluation.evaluate(&format!("var.{name}")).value;
        if value.has_mark_deep(Mark::Sensitive) {
            hidden.extend(evaluation.written(&value));
        }
    }
}

/// Takes secrets out of all that a report says, and completes its list of what must not be shown.
/// `more` are secrets that stand in none of the files.
pub(crate) fn report(workspace: &Workspace, report: &mut Report, more: &[&str]) {
    let excused = &report.excused;
    let is_silent = report.findings.is_empty() && excused.is_empty() && report.unknown.is_empty();
    if is_silent && report.gaps.is_empty() {
        return;
    }
    declared(workspace, &mut report.hidden);
    report.hidden.retain(|it| workspace.file(*it).is_some());
    report.hidden.sort();
    report.hidden.dedup();
    let secrets = texts(workspace, &report.hidden, more);
    // What a name alone says is hidden where it stands, and may be a common word elsewhere.
    let named = named(report);
    report.hidden.extend(named);
    report.hidden.sort();
    if secrets.is_empty() {
        return;
    }
    let excused = report.excused.iter_mut().map(|(it, _)| it);
    for finding in report.findings.iter_mut().chain(excused) {
        scrub(&mut finding.message, &secrets);
        finding.help.iter_mut().for_each(|it| scrub(it, &secrets));
        finding.chain.iter_mut().for_each(|it| scrub(&mut it.what, &secrets));
        if let Some(fix) = &mut finding.fix {
            scrub(&mut fix.what, &secrets);
            // A fix that would write a secret can neither be shown nor, without it, be made.
            if fix.edits.iter().any(|(_, it)| secrets.iter().any(|secret| it.contains(secret))) {
                finding.fix = None;
            }
        }
    }
    report.unknown.iter_mut().for_each(|it| scrub(&mut it.why, &secrets));
    report.gaps.iter_mut().for_each(|(_, it)| scrub(it, &secrets));
}

/// A stretch of a file's text with everything hidden in it written as stars, each byte one, so that
/// what is left stands where it stood. `span` is any in that file.
pub(crate) fn text(file_text: &str, stretch: Range<usize>, span: Span, hidden: &[Span]) -> String {
    let mut out = String::with_capacity(stretch.len());
    let here = hidden.iter().filter(|it| it.file == span.file).map(|it| inner(file_text, *it));
    let here: Vec<Range<usize>> =
        here.filter(|it| it.start < stretch.end && stretch.start < it.end).collect();
    for (at, it) in file_text.get(stretch.clone()).unwrap_or_default().char_indices() {
        let at = stretch.start + at;
        if matches!(it, '\n' | '\r' | '\t') || !here.iter().any(|range| range.contains(&at)) {
            out.push(it);
        } else {
            (0..it.len_utf8()).for_each(|_| out.push('*'));
        }
    }
    out
}

/// What is given to names of credentials in the files that something is said of.
fn named(report: &Report) -> Vec<Span> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for finding in &report.findings {
        let places = finding.chain.iter().map(|it| &it.place).chain([&finding.place]);
        for place in places {
            if seen.insert(place.span.file) {
                let spans = named::values(&place.text).into_iter().filter_map(|it| {
                    let (start, end) = (it.start.try_into().ok()?, it.end.try_into().ok()?);
                    Some(Span { file: place.span.file, start, end })
                });
                out.extend(spans);
            }
        }
    }
    out
}

/// What is declared to be sensitive: defaults of variables, and arguments of calls for them.
fn declared(workspace: &Workspace, hidden: &mut Vec<Span>) {
    let folders: BTreeSet<&str> = workspace.files().iter().map(File::folder).collect();
    for module in folders.into_iter().filter_map(|it| workspace.module(it)) {
        for variable in module.variables.values() {
            if variable.body.flag("sensitive") == Some(true)
                && let Some(default) = variable.body.attribute("default")
            {
                literals(&default.value, hidden);
            }
        }
        for call in module.calls.values() {
            let called = module.local_source(call).and_then(|it| workspace.module(&it));
            let sensitive = called.into_iter().flat_map(|it| &it.variables);
            for (name, _) in sensitive.filter(|(_, it)| it.body.flag("sensitive") == Some(true)) {
                if let Some(argument) = call.body.attribute(name) {
                    literals(&argument.value, hidden);
                }
            }
        }
    }
}

/// The strings that are written in an expression.
fn literals(expr: &Expr, out: &mut Vec<Span>) {
    match &expr.kind {
        ExprKind::String(_) | ExprKind::Number(_) => out.push(expr.span),
        ExprKind::Template(parts) if parts.iter().any(|it| matches!(it, Part::Literal(_))) => {
            out.push(expr.span);
        }
        ExprKind::Tuple(all) => all.iter().for_each(|it| literals(it, out)),
        ExprKind::Object(all) => all.iter().for_each(|(_, it)| literals(it, out)),
        ExprKind::Call(it) => it.arguments.iter().for_each(|it| literals(it, out)),
        ExprKind::Conditional(all) => all[1..].iter().for_each(|it| literals(it, out)),
        _ => {}
    }
}

/// The texts that are hidden, the longest first, so that none is cut in two.
fn texts(workspace: &Workspace, hidden: &[Span], more: &[&str]) -> Vec<String> {
    let of = |it: &Span| {
        let text = workspace.file(*it).map(File::text)?;
        text.get(inner(text, *it)).map(|it| it.trim().to_owned())
    };
    let more = more.iter().map(|it| it.trim().to_owned());
    let mut out: Vec<String> =
        hidden.iter().filter_map(of).chain(more).filter(|it| it.len() >= SHORTEST).collect();
    out.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    out.dedup();
    out
}

fn scrub(text: &mut String, secrets: &[String]) {
    for secret in secrets {
        if text.contains(secret) {
            *text = text.replace(secret, STANDS_FOR);
        }
    }
}

/// A stretch without the quotes around it.
fn inner(text: &str, span: Span) -> Range<usize> {
    let (start, end) = (span.start as usize, span.end as usize);
    match text.get(start..end) {
        Some(it) if it.len() >= 2 && it.starts_with('"') && it.ends_with('"') => start + 1..end - 1,
        _ => start..end,
    }
}
