//! Rules and facts brought together: each root module by itself, side by side.

mod chain;
mod merge;
mod objection;
mod owner;

use std::any::Any;
use std::sync::Arc;

use rayon::prelude::*;
use stanchion_lang::{Argument, Evaluation, File, Files, Inputs, Module, Span, Workspace};

use crate::data_sources::Computed;
use crate::facts::{Fact, Facts};
use crate::finding::{Finding, Fix, Location, Report, RuleCount, Step, Subject, Unknown};
use crate::plan::Plan;
use crate::redact;
use crate::rules::{Configured, Rule};
use crate::settings::{Effective, Profiles};
use crate::suppress::Suppressions;

pub use objection::{Context, Link, Mend, Objection, Verdict};

/// Expressions that lie in each other go down into the stack, as far as evaluation lets them.
const STACK: usize = 16 << 20;

/// What is to be judged, and how.
pub(crate) struct Task<'a> {
    /// All that was read.
    pub(crate) workspace: &'a Workspace,
    /// The root modules to judge.
    pub(crate) roots: Vec<Root<'a>>,
    /// What each of them is given.
    pub(crate) inputs: &'a Inputs,
    /// What a root module in a folder may read.
    pub(crate) files_of: &'a (dyn Fn(&str) -> Box<dyn Files> + Sync),
    /// The rules, with what the settings say about them.
    pub(crate) rules: &'a Effective,
    /// Called when a root module is judged.
    pub(crate) progress: &'a (dyn Fn() + Sync),
    /// Whether the root modules are all there are, so that what nobody met is met by nobody.
    pub(crate) is_whole: bool,
    /// Whether the user wants to hear about a file.
    pub(crate) is_wanted: &'a (dyn Fn(&str) -> bool + Sync),
}

/// A root module, which is judged once with each of its variable files, or once if it has none.
pub(crate) struct Root<'a> {
    /// What it says.
    pub(crate) module: &'a Module,
    /// The paths of the variable files that it does not load by itself.
    pub(crate) variable_files: Vec<Arc<str>>,
    /// The plan of it, if there is one.
    pub(crate) plan: Option<&'a Plan>,
}

impl Root<'_> {
    /// How often it is judged.
    pub(crate) fn times(&self) -> usize {
        self.variable_files.len().max(1)
    }

    fn each_time(&self) -> Vec<Option<&Arc<str>>> {
        let files: Vec<_> = self.variable_files.iter().map(Some).collect();
        if files.is_empty() { vec![None] } else { files }
    }
}

/// What one job came to.
#[derive(Debug, Default)]
pub(crate) struct Partial {
    findings: Vec<Finding>,
    unknown: Vec<Unknown>,
    counts: Vec<RuleCount>,
    gaps: Vec<(Option<Location>, String)>,
    hidden: Vec<Span>,
    instances: usize,
}

/// Lets the rules judge, but for what is suppressed. The report is the same on however many threads that happens.
pub(crate) fn judge(task: &Task<'_>, suppressions: &Suppressions) -> Report {
    let jobs = || {
        let files = || in_files(task);
        let all =
            task.roots.iter().flat_map(|it| it.each_time().into_iter().map(move |on| (it, on)));
        let all: Vec<_> = all.collect();
        let roots = || all.par_iter().map(|(it, on)| in_root(task, it, *on)).collect::<Vec<_>>();
        let (first, rest) = rayon::join(files, roots);
        std::iter::once(first).chain(rest).collect::<Vec<_>>()
    };
    let partials = match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(jobs),
        Err(_) => jobs(),
    };
    merge::merge(task, suppressions, partials)
}

fn in_files(task: &Task<'_>) -> Partial {
    let mut out = Partial::default();
    for (under, rules) in task.rules.under(0) {
        let scope = Scope { task, root: 0, under, variable_file: None };
        rules.iter().for_each(|rule| rule.judge.in_files(rule, &scope, &mut out));
    }
    let left_out = task.workspace.left_out().iter();
    out.gaps.extend(left_out.map(|gap| (Location::of(task.workspace, gap.span), gap.why.clone())));
    out
}

fn in_root(task: &Task<'_>, root: &Root<'_>, variable_file: Option<&Arc<str>>) -> Partial {
    let workspace = task.workspace;
    let mut inputs = task.inputs.clone();
    if let Some(plan) = root.plan {
        inputs.planned = Some(Arc::new(plan.planned.clone()));
        inputs.plan_time = plan.time.clone();
    }
    // What stands on the command line has the last word.
    let on_top = variable_file.map(|it| Argument::File(it.to_string()));
    inputs.arguments.splice(0..0, on_top);
    let root = root.module;
    let files = (task.files_of)(&root.folder);
    let evaluation = Evaluation::new(workspace, root, &inputs, files.as_ref(), &Computed);
    let facts = Facts::new(evaluation);
    let mut out = Partial::default();
    let of_root = task.rules.of_root(&root.folder);
    for (under, rules) in task.rules.under(of_root) {
        let scope = Scope { task, root: of_root, under, variable_file };
        rules.iter().for_each(|rule| rule.judge.in_root(rule, &scope, &facts, &mut out));
    }
    let evaluation = facts.evaluation();
    if !out.findings.is_empty() {
        redact::of_variables(evaluation, &mut out.hidden);
    }
    out.instances = evaluation.resources().len();
    let gaps = evaluation.gaps().into_iter();
    out.gaps.extend(gaps.map(|gap| (Location::of(workspace, gap.span), gap.why)));
    (task.progress)();
    out
}

/// The files in which one list of rules judges.
pub(crate) struct Scope<'a> {
    task: &'a Task<'a>,
    root: Profiles,
    under: Profiles,
    /// The variable file with which the root module is judged.
    variable_file: Option<&'a Arc<str>>,
}

impl Scope<'_> {
    /// Whether these rules judge what is in a file and reported in another.
    fn has(&self, file: &File, reported: &File) -> bool {
        let of_file = self.task.rules.of_file(file.id());
        of_file | self.root == self.under && (self.task.is_wanted)(reported.path())
    }
}

/// A rule with its settings, whatever kind of facts it judges.
pub(crate) trait Judge: Send + Sync {
    /// What it judges is called.
    fn nouns(&self) -> [&'static str; 2];
    /// Judges what is read off the files.
    fn in_files(&self, of: &Configured, scope: &Scope<'_>, out: &mut Partial);
    /// Judges facts that are given, if they are of its kind: a `Vec` of them.
    fn given(&self, of: &Configured, scope: &Scope<'_>, facts: &dyn Any, out: &mut Partial);
    /// Judges what is in a root module.
    fn in_root<'w>(
        &self,
        of: &Configured,
        scope: &Scope<'w>,
        facts: &'w Facts<'w>,
        out: &mut Partial,
    );
}

impl<R: Rule> Judge for R {
    fn nouns(&self) -> [&'static str; 2] {
        R::On::NOUNS
    }

    fn in_files(&self, of: &Configured, scope: &Scope<'_>, out: &mut Partial) {
        let workspace = scope.task.workspace;
        let mut cx = Context::new(workspace, None);
        let facts = R::On::in_files(workspace);
        each(of, scope, &facts, None, |it| self.judge(it, &mut cx), out);
    }

    fn given(&self, of: &Configured, scope: &Scope<'_>, facts: &dyn Any, out: &mut Partial) {
        if let Some(facts) = facts.downcast_ref::<Vec<R::On>>() {
            let mut cx = Context::new(scope.task.workspace, None);
            each(of, scope, facts, None, |it| self.judge(it, &mut cx), out);
        }
    }

    fn in_root<'w>(
        &self,
        of: &Configured,
        scope: &Scope<'w>,
        facts: &'w Facts<'w>,
        out: &mut Partial,
    ) {
        let mut cx = Context::new(scope.task.workspace, Some(facts));
        let all = facts.all::<R::On>();
        each(of, scope, &all, Some(facts), |it| self.judge(it, &mut cx), out);
    }
}

/// Lets one rule judge facts of its kind; `facts_of` are those of the root module that they are in.
pub(crate) fn each<F: Fact>(
    of: &Configured,
    scope: &Scope<'_>,
    facts: &[F],
    facts_of: Option<&Facts<'_>>,
    mut judge: impl FnMut(&F) -> Verdict,
    out: &mut Partial,
) {
    if facts.is_empty() {
        return;
    }
    let root = facts_of.map(|it| name_of(&it.evaluation().root().folder));
    let workspace = scope.task.workspace;
    let mut count = RuleCount::of(of);
    for fact in facts {
        let span = fact.span();
        let Some(file) = workspace.file(span) else { continue };
        let of_root = facts_of.map(|it| it.evaluation().root());
        let owner = owner::of(workspace, &scope.task.roots, of_root, fact.address(), file);
        let reported = owner.as_ref().and_then(|it| workspace.file(it.call));
        if !scope.has(file, reported.unwrap_or(file)) {
            continue;
        }
        match judge(fact) {
            Verdict::Pass => count.passed += 1,
            Verdict::Fail(objection) => {
                count.failed += 1;
                let subject = subject(root.as_ref(), scope.variable_file, fact.address());
                out.hidden.extend(&objection.hidden);
                let finding = finding(of, workspace, subject, span, objection);
                let finding = finding.map(|it| owner::reported(workspace, it, owner.as_ref()));
                out.findings.extend(finding);
            }
            Verdict::Unknown(why) => {
                count.unknown += 1;
                let span = owner.as_ref().map_or(span, |it| it.call);
                let Some(place) = Location::of(workspace, span) else { continue };
                let subject = subject(root.as_ref(), scope.variable_file, fact.address());
                out.unknown.push(Unknown { rule: of.id.clone(), subject, why, place });
            }
        }
    }
    out.counts.push(count);
}

/// A root module's folder as users read it.
fn name_of(folder: &Arc<str>) -> Arc<str> {
    if folder.is_empty() { ".".into() } else { folder.clone() }
}

fn subject(
    root: Option<&Arc<str>>,
    variable_file: Option<&Arc<str>>,
    address: Option<&str>,
) -> Subject {
    let variable_file = variable_file.cloned();
    Subject { root: root.cloned(), address: address.map(Into::into), variable_file }
}

fn finding(
    of: &Configured,
    workspace: &Workspace,
    subject: Subject,
    span: Span,
    objection: Objection,
) -> Option<Finding> {
    let at = |it: Span| Location::of(workspace, it);
    let steps = objection.chain.into_iter();
    let step =
        |it: Link| Some(Step { place: at(it.span)?, what: it.what, is_origin: it.is_origin });
    let fix = objection.fix.map(|Mend { what, edits }| Fix {
        what,
        edits: edits.into_iter().filter_map(|(it, text)| Some((at(it)?, text))).collect(),
    });
    Some(Finding {
        rule: of.id.clone(),
        severity: of.severity,
        confidence: objection.confidence,
        subjects: vec![subject],
        message: objection.message,
        help: objection.help,
        place: at(span)?,
        chain: steps.filter_map(step).collect(),
        fix,
        is_secret: !objection.hidden.is_empty(),
    })
}

impl RuleCount {
    /// Nothing counted yet.
    pub(crate) fn of(rule: &Configured) -> Self {
        let nouns = rule.judge.nouns();
        Self { rule: rule.id.clone(), nouns, passed: 0, failed: 0, unknown: 0 }
    }
}
