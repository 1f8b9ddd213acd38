//! JSON for programs. The shape is a promise: docs/findings.schema.json tells it, and `version`
//! changes if it does.

use std::io;
use std::sync::Arc;

use serde::Serialize;

use crate::finding::{self, Excuse, Report, Severity};
use crate::fingerprint;
use crate::output::words;
use crate::paths::Paths;
use crate::terminal::Terminal;

pub(super) const HELP: &str = "for programs: one JSON object with a version";

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: Summary<'a>,
    findings: Vec<Finding<'a>>,
    unknown: Vec<Unknown<'a>>,
    not_read: Vec<Gap<'a>>,
    excused: Vec<Excused<'a>>,
    baseline: Option<Baseline<'a>>,
}

#[derive(Serialize)]
struct Summary<'a> {
    roots: usize,
    variable_files: usize,
    files: usize,
    instances: usize,
    rules: Vec<Count<'a>>,
}

#[derive(Serialize)]
struct Count<'a> {
    rule: &'a str,
    judges: &'a str,
    passed: usize,
    failed: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    address: Option<&'a str>,
    subjects: Vec<Subject<'a>>,
    place: Place,
    chain: Vec<Step<'a>>,
    fix: Option<Fix<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Subject<'a> {
    root: Option<String>,
    address: Option<&'a str>,
    variable_file: Option<String>,
}

#[derive(Serialize)]
struct Step<'a> {
    what: &'a str,
    place: Place,
}

#[derive(Serialize)]
struct Fix<'a> {
    what: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    place: Place,
    text: &'a str,
}

#[derive(Serialize)]
struct Unknown<'a> {
    rule: &'a str,
    why: &'a str,
    cure: Option<&'a str>,
    address: Option<&'a str>,
    root: Option<String>,
    variable_file: Option<String>,
    place: Place,
}

#[derive(Serialize)]
struct Gap<'a> {
    why: &'a str,
    place: Option<Place>,
}

#[derive(Serialize)]
struct Excused<'a> {
    by: &'a str,
    reason: Option<&'a str>,
    at: Option<Place>,
    finding: Finding<'a>,
}

#[derive(Serialize)]
struct Baseline<'a> {
    gone: Vec<Gone<'a>>,
}

#[derive(Serialize)]
struct Gone<'a> {
    rule: &'a str,
    address: Option<&'a str>,
    file: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct Place {
    path: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let paths = &report.paths;
    let open = findings(report.findings.iter().collect(), paths);
    let excused = findings(report.excused.iter().map(|(it, _)| it).collect(), paths);
    let excused = excused.into_iter().zip(&report.excused).map(|(finding, (_, by))| match by {
        Excuse::Comment { by, reason, place: at } => {
            let at = Some(place(at, paths));
            Excused { by, reason: reason.as_deref(), at, finding }
        }
        Excuse::Baseline => Excused { by: "baseline", reason: None, at: None, finding },
    });
    let unknown = report.unknown.iter().map(|it| Unknown {
        rule: &it.rule,
        why: &it.why,
        cure: words::cure(&it.why),
        address: it.subject.address.as_deref(),
        root: it.subject.root.as_ref().map(|it| paths.below_base(it)),
        variable_file: it.subject.variable_file.as_ref().map(|it| paths.below_base(it)),
        place: place(&it.place, paths),
    });
    let gaps = report
        .gaps
        .iter()
        .map(|(at, why)| Gap { why, place: at.as_ref().map(|it| place(it, paths)) });
    let rules = report.summary.rules.iter().map(|it| Count {
        rule: &it.rule,
        judges: it.nouns[1],
        passed: it.passed,
        failed: it.failed,
        unknown: it.unknown,
    });
    let baseline = report.gone.as_ref().map(|all| Baseline {
        gone: all
            .iter()
            .map(|it| Gone {
                rule: &it.rule,
                address: it.address.as_deref(),
                file: &it.file,
                count: it.count,
            })
            .collect(),
    });
    let document = Document {
        version: 1,
        summary: Summary {
            roots: report.summary.roots,
            variable_files: report.summary.variable_files.1,
            files: report.summary.files,
            instances: report.summary.instances,
            rules: rules.collect(),
        },
        findings: open,
        unknown: unknown.collect(),
        not_read: gaps.collect(),
        excused: excused.collect(),
        baseline,
    };
    serde_json::to_writer_pretty(&mut terminal.out, &document)?;
    writeln!(terminal.out)
}

/// One finding; a report that has it alone gives it the same fingerprint.
pub(super) fn one(it: &finding::Finding, paths: &Paths) -> serde_json::Value {
    let all = findings(vec![it], paths);
    all.first().and_then(|it| serde_json::to_value(it).ok()).unwrap_or_default()
}

fn findings<'a>(all: Vec<&'a finding::Finding>, paths: &Paths) -> Vec<Finding<'a>> {
    let prints = fingerprint::all(&all);
    all.into_iter().zip(prints).map(|(it, print)| finding(it, print, paths)).collect()
}

fn finding<'a>(it: &'a finding::Finding, fingerprint: String, paths: &Paths) -> Finding<'a> {
    let subject = |it: &'a finding::Subject| Subject {
        root: it.root.as_ref().map(|it: &Arc<str>| paths.below_base(it)),
        address: it.address.as_deref(),
        variable_file: it.variable_file.as_ref().map(|it| paths.below_base(it)),
    };
    let edit = |(at, text): &'a (finding::Location, String)| Edit { place: place(at, paths), text };
    Finding {
        rule: &it.rule,
        severity: it.severity,
        confidence: it.confidence.word(),
        message: &it.message,
        help: it.help.as_deref(),
        address: it.subjects.first().and_then(|it| it.address.as_deref()),
        subjects: it.subjects.iter().map(subject).collect(),
        place: place(&it.place, paths),
        chain: it
            .chain
            .iter()
            .map(|it| Step { what: &it.what, place: place(&it.place, paths) })
            .collect(),
        fix: it
            .fix
            .as_ref()
            .map(|it| Fix { what: &it.what, edits: it.edits.iter().map(edit).collect() }),
        fingerprint,
    }
}

fn place(at: &finding::Location, paths: &Paths) -> Place {
    Place {
        path: paths.below_base(&at.start.path),
        line: at.start.line,
        column: at.start.column,
        end_line: at.end.line,
        end_column: at.end.column,
    }
}
