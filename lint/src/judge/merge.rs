//! The parts of a report put together, in an order that does not depend on who was ready first.

use std::collections::HashMap;

use super::{Partial, Task};
use crate::finding::{Finding, Report, RuleCount};
use crate::redact;

pub(super) fn merge(task: &Task<'_>, partials: Vec<Partial>) -> Report {
    let mut report = Report::default();
    report.summary.files = task.workspace.files().len();
    report.summary.roots = task.roots.len();
    report.summary.rules = task.rules.iter().map(RuleCount::of).collect();
    let mut findings = Vec::new();
    for partial in partials {
        findings.extend(partial.findings);
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
    }
    report.findings = one_for_each_fault(findings);
    report.unknown.sort_by(|a, b| {
        (&a.place.start, &a.rule, &a.subject).cmp(&(&b.place.start, &b.rule, &b.subject))
    });
    redact::report(task.workspace, &mut report);
    report
}

/// A fault that several instances or root modules have is one finding that names them all. What
/// differs in where the value is written is another fault.
fn one_for_each_fault(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let origin = finding.chain.last().map(|it| it.place.span);
        let key = (finding.rule.clone(), finding.place.span, origin, finding.message.clone());
        match known.get(&key).and_then(|at: &usize| out.get_mut(*at)) {
            Some(same) => {
                same.subjects.extend(finding.subjects);
                same.severity = same.severity.max(finding.severity);
                same.confidence = same.confidence.max(finding.confidence);
                same.is_secret |= finding.is_secret;
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
    out.sort_by(|a, b| {
        let origin = |it: &Finding| it.chain.last().map(|it| it.place.start.clone());
        (&a.place.start, &a.rule, &a.message, origin(a)).cmp(&(
            &b.place.start,
            &b.rule,
            &b.message,
            origin(b),
        ))
    });
    out
}
