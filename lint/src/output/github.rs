//! Annotations on a pull request: GitHub Actions' workflow commands.

use std::io;

use super::words;
use crate::finding::{Report, Severity};
use crate::terminal::Terminal;

pub(super) const HELP: &str = "annotations on a pull request, for GitHub Actions";

/// The syntax is in GitHub's page "Workflow commands for GitHub Actions".
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    for it in &report.findings {
        let command = match it.severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let (start, end) = (&it.place.start, &it.place.end);
        let mut message = it.message.clone();
        for part in [words::subjects(it, &|it| report.paths.below_base(it)), it.help.clone()]
            .into_iter()
            .flatten()
        {
            message.push('\n');
            message.push_str(&part);
        }
        for step in &it.chain {
            let path = report.paths.below_base(&step.place.start.path);
            message.push_str(&format!("\n{}: {path}:{}", step.what, step.place.start.line));
        }
        // Columns of a stretch over several lines are refused.
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        };
        writeln!(
            terminal.out,
            "::{command} file={},line={},endLine={}{columns},title={}::{}",
            property(&report.paths.below_base(&start.path)),
            start.line,
            end.line,
            property(&it.rule),
            data(&message),
        )?;
    }
    for (place, why) in &report.gaps {
        let at = place.as_ref().map(|it| {
            let file = property(&report.paths.below_base(&it.start.path));
            format!(" file={file},line={}", it.start.line)
        });
        writeln!(terminal.out, "::notice{}::not read: {}", at.unwrap_or_default(), data(why))?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
