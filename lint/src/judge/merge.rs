//! The parts of a report put together, in an order that does not depend on who was ready first.

use std::any::Any;
use std::collections::{HashMap, VecDeque};

use stanchion_lang::Span;

use super::{Partial, Root, Scope, Task, name_of};
use crate::finding::{Excuse, Finding, Report};
use crate::redact;
use crate::suppress::Suppressions;

pub(super) fn merge(
    task: &Task<'_>,
    suppressions: &Suppressions,
    partials: Vec<Partial>,
) -> Report {
    let mut report = Report::default();
    report.summary.files = task.workspace.files().len();
    report.summary.roots = task.roots.len();
    let files = task.roots.iter().map(|it| it.variable_files.len()).filter(|it| *it > 0);
    report.summary.variable_files = files.fold((0, 0), |(roots, all), it| (roots + 1, all + it));
    report.summary.rules = task.rules.counts();
    let mut findings = Vec::new();
    let mut excused = Vec::new();
    let mut parts = VecDeque::from(partials);
    let mut is_last = false;
    while let Some(partial) = parts.pop_front() {
        for finding in partial.findings {
            match suppressions.excuse(task.workspace, &finding) {
                Some(excuse) => excused.push((finding, excuse)),
                None => findings.push(finding),
            }
        }
        partial.unknown.iter().for_each(|it| suppressions.keep(it));
        report.unknown.extend(partial.unknown);
        report.hidden.extend(partial.hidden);
        report.summary.instances += partial.instances;
        for gap in partial.gaps {
            if !report.gaps.contains(&gap) {
                report.gaps.push(gap);
            }
        }
        for count in partial.counts {
            if let Some(of) = report.summary.rules.iter_mut().find(|it| it.rule == count.rule) {
                of.passed += count.passed;
                of.failed += count.failed;
                of.unknown += count.unknown;
            }
        }
        if parts.is_empty() && !is_last {
            is_last = true;
            parts.push_back(of_suppressions(task, suppressions));
        }
    }
    report.excused = excused_once(excused);
    report.findings = one_for_each_fault(findings);
    let excused = report.excused.iter_mut().map(|(it, _)| it);
    report.findings.iter_mut().chain(excused).for_each(|it| with_each_file(task, it));
    report.unknown.sort_by(|a, b| {
        (&a.place.start, &a.rule, &a.subject).cmp(&(&b.place.start, &b.rule, &b.subject))
    });
    let plans = task.roots.iter().filter_map(|it| it.plan);
    let secrets: Vec<&str> = plans.flat_map(|it| &it.secrets).map(String::as_str).collect();
    redact::report(task.workspace, &mut report, &secrets);
    report
}

/// What is wrong with the suppressions, which is known when everything else is.
fn of_suppressions(task: &Task<'_>, suppressions: &Suppressions) -> Partial {
    let mut out = Partial::default();
    let workspace = task.workspace;
    let is_judged = |rule: &str, file| {
        let file_of = |it: Span| it.file == file;
        let is_broken = workspace.faults().iter().any(|it| file_of(it.span));
        task.is_whole && !is_broken && task.rules.judges(rule, file)
    };
    let has_plan = task.roots.iter().any(|it| it.plan.is_some());
    let given = task.inputs;
    let is_as_ever = given.arguments.is_empty() && given.environment.is_empty() && !has_plan;
    let facts = suppressions.facts(task.rules.ids(), &is_judged, is_as_ever);
    let facts: &dyn Any = &facts;
    for (under, rules) in task.rules.under(0) {
        let scope = Scope { task, root: 0, under, variable_file: None };
        rules.iter().for_each(|rule| rule.judge.given(rule, &scope, facts, &mut out));
    }
    out
}

/// What is so with each variable file of a root module is so without naming any.
fn with_each_file(task: &Task<'_>, finding: &mut Finding) {
    let mut met: HashMap<_, usize> = HashMap::new();
    for it in finding.subjects.iter().filter(|it| it.variable_file.is_some()) {
        *met.entry((it.root.clone(), it.address.clone())).or_default() += 1;
    }
    if met.is_empty() {
        return;
    }
    for it in &mut finding.subjects {
        let all = task.roots.iter().find(|of| Some(name_of(&of.module.folder)) == it.root);
        let of = (it.root.clone(), it.address.clone());
        if all.map(Root::times) == met.get(&of).copied() {
            it.variable_file = None;
        }
    }
    finding.subjects.dedup();
}

/// Those that are excused by one comment for one fault are one.
fn excused_once(all: Vec<(Finding, Excuse)>) -> Vec<(Finding, Excuse)> {
    let (findings, excuses): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let of = |finding: &Finding| {
        let same = |it: &Finding| it.rule == finding.rule && it.place == finding.place;
        findings.iter().position(same)
    };
    let merged = one_for_each_fault(findings.clone());
    let excuse = |it: &Finding| of(it).and_then(|at| excuses.get(at)).cloned();
    merged.into_iter().filter_map(|it| excuse(&it).map(|by| (it, by))).collect()
}

/// A fault that several instances or root modules have is one finding that names them all. What
/// differs in where the value is written is another fault.
fn one_for_each_fault(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let origins: Vec<Span> = finding.origins().map(|it| it.span).collect();
        let key = (finding.rule.clone(), finding.place.span, origins, finding.message.clone());
        match known.get(&key).and_then(|at: &usize| out.get_mut(*at)) {
            Some(same) => {
                same.subjects.extend(finding.subjects);
                same.severity = same.severity.max(finding.severity);
                same.confidence = same.confidence.max(finding.confidence);
                same.is_secret |= finding.is_secret;
                // What mends it for one only is no fix.
                if same.fix != finding.fix {
                    same.fix = None;
                }
            }
            None => {
                known.insert(key, out.len());
                out.push(finding);
            }
        }
    }
    for finding in &mut out {
        finding.subjects.sort();
        finding.subjects.dedup();
    }
    out.sort_by_cached_key(|it| {
        let origins: Vec<_> = it.origins().map(|it| it.start.clone()).collect();
        (it.place.start.clone(), it.rule.clone(), it.message.clone(), origins)
    });
    out
}
