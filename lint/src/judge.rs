//! Rules and facts brought together.

use stanchion_lang::{Evaluation, Files, Inputs, NoDataSources, Span, Workspace};

use crate::facts::{Fact, Facts};
use crate::finding::{Finding, Location, Report, RuleCount, Unknown};
use crate::rules::{Entry, RULES, Rule};

/// What a rule says about a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is as it should be.
    Pass,
    /// It is not.
    Fail(Objection),
    /// It can't be told, and why: a clause.
    Unknown(String),
}

/// What a rule objects to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objection {
    /// What is wrong: a clause.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that have a part in it, each with a clause.
    pub related: Vec<(Span, String)>,
}

/// What rules may ask for beside the fact at hand.
#[derive(Debug)]
pub struct Context<'w> {
    facts: &'w Facts<'w>,
}

impl<'w> Context<'w> {
    /// All facts, those of other kinds too.
    #[must_use]
    pub fn facts(&self) -> &'w Facts<'w> {
        self.facts
    }
}

/// Lets all rules judge what is in the workspace and in a file that `is_wanted`. Each root module
/// is evaluated by itself; `files_of` gives what a root in a folder may read.
pub(crate) fn judge(
    workspace: &Workspace,
    files_of: &dyn Fn(&str) -> Box<dyn Files>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Report {
    let inputs = Inputs::default();
    let roots: Vec<_> = workspace.roots();
    let files: Vec<_> = roots.iter().map(|it| files_of(&it.folder)).collect();
    let evaluations: Vec<_> = roots
        .into_iter()
        .zip(&files)
        .map(|(root, files)| {
            Evaluation::new(workspace, root, &inputs, files.as_ref(), &NoDataSources)
        })
        .collect();
    let facts = Facts::new(workspace, evaluations);
    let mut report = Report::default();
    for rule in RULES {
        (rule.judge)(rule, &facts, is_wanted, &mut report);
    }
    report.findings.sort_by(|a, b| (&a.place.start, a.rule).cmp(&(&b.place.start, b.rule)));
    report.findings.dedup();
    report.unknown.sort_by(|a, b| (&a.place.start, a.rule).cmp(&(&b.place.start, b.rule)));
    report.summary.files = workspace.files().len();
    for gap in workspace.left_out() {
        report.gaps.push((location(workspace, gap.span), gap.why.clone()));
    }
    for evaluation in facts.evaluations() {
        report.summary.roots += 1;
        report.summary.instances += evaluation.resources().len();
        for gap in evaluation.gaps() {
            let gap = (location(workspace, gap.span), gap.why);
            if !report.gaps.contains(&gap) {
                report.gaps.push(gap);
            }
        }
    }
    report
}

/// Lets one rule judge all facts of its kind.
pub(crate) fn judge_all<'w, R: Rule>(
    rule: &R,
    entry: &Entry,
    facts: &'w Facts<'w>,
    is_wanted: &dyn Fn(&str) -> bool,
    report: &mut Report,
) {
    let workspace = facts.workspace();
    let mut count = RuleCount { rule: entry.id, passed: 0, failed: 0, unknown: 0 };
    let mut cx = Context { facts };
    for fact in facts.all::<R::On>().iter() {
        let Some(place) = location(workspace, fact.span()) else { continue };
        if !is_wanted(&place.start.path) {
            continue;
        }
        let address = fact.address().map(str::to_owned);
        match rule.judge(fact, &mut cx) {
            Verdict::Pass => count.passed += 1,
            Verdict::Fail(objection) => {
                count.failed += 1;
                let related = objection.related.into_iter();
                report.findings.push(Finding {
                    rule: entry.id,
                    severity: R::SEVERITY,
                    address,
                    message: objection.message,
                    help: objection.help,
                    place,
                    related: related
                        .filter_map(|(span, text)| Some((location(workspace, span)?, text)))
                        .collect(),
                });
            }
            Verdict::Unknown(why) => {
                count.unknown += 1;
                report.unknown.push(Unknown { rule: entry.id, address, why, place });
            }
        }
    }
    report.summary.rules.push(count);
}

fn location(workspace: &Workspace, span: Span) -> Option<Location> {
    let file = workspace.file(span)?;
    Some(Location {
        start: file.place(span.start),
        end: file.place(span.end),
        span,
        text: file.text().clone(),
    })
}
