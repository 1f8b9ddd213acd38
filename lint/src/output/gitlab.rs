//! GitLab's code quality report, for its merge requests.

use std::io;

use serde_json::{Value, json};

use super::words;
use crate::finding::{Report, Severity};
use crate::fingerprint;
use crate::terminal::Terminal;

pub(super) const HELP: &str = "GitLab's code quality report, for merge requests";

/// The fields are in GitLab's page "Code Quality", under "Code Quality report format".
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let prints = fingerprint::all(&report.findings.iter().collect::<Vec<_>>());
    let issues = report.findings.iter().zip(prints).map(|(it, fingerprint)| {
        let about = words::subjects(it, &|it| report.paths.below_base(it))
            .map(|it| format!(" ({it})"))
            .unwrap_or_default();
        json!({
            "description": format!("{}{about}", it.message),
            "check_name": &*it.rule,
            "fingerprint": fingerprint,
            "severity": match it.severity {
                Severity::Note => "info",
                Severity::Warning => "minor",
                Severity::Error => "major",
            },
            "location": {
                "path": report.paths.below_base(&it.place.start.path),
                "lines": { "begin": it.place.start.line, "end": it.place.end.line },
            },
        })
    });
    serde_json::to_writer_pretty(&mut terminal.out, &issues.collect::<Vec<Value>>())?;
    writeln!(terminal.out)
}
