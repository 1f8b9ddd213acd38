//! JSON for programs. The shape is a promise: `version` changes if it does.

use std::io;

use serde::Serialize;

use crate::finding::{Location, Report, Severity, Summary};
use crate::terminal::Terminal;

pub(super) const HELP: &str = "for programs: one JSON object with a version";

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: &'a Summary,
    findings: Vec<Finding<'a>>,
    unknown: Vec<Unknown<'a>>,
    not_read: Vec<Gap<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    address: Option<&'a str>,
    place: Place<'a>,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Unknown<'a> {
    rule: &'a str,
    why: &'a str,
    address: Option<&'a str>,
    place: Place<'a>,
}

#[derive(Serialize)]
struct Gap<'a> {
    why: &'a str,
    place: Option<Place<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    place: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let findings = report.findings.iter().map(|it| Finding {
        rule: it.rule,
        severity: it.severity,
        message: &it.message,
        help: it.help.as_deref(),
        address: it.address.as_deref(),
        place: place(&it.place),
        related: it
            .related
            .iter()
            .map(|(at, message)| Related { message, place: place(at) })
            .collect(),
    });
    let unknown = report.unknown.iter().map(|it| Unknown {
        rule: it.rule,
        why: &it.why,
        address: it.address.as_deref(),
        place: place(&it.place),
    });
    let gaps = report.gaps.iter().map(|(at, why)| Gap { why, place: at.as_ref().map(place) });
    let document = Document {
        version: 1,
        summary: &report.summary,
        findings: findings.collect(),
        unknown: unknown.collect(),
        not_read: gaps.collect(),
    };
    serde_json::to_writer_pretty(&mut terminal.out, &document)?;
    writeln!(terminal.out)
}

fn place(at: &Location) -> Place<'_> {
    Place {
        path: &at.start.path,
        line: at.start.line,
        column: at.start.column,
        end_line: at.end.line,
        end_column: at.end.column,
    }
}
