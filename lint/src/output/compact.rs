//! One line for each finding, as compilers write them.

use std::io;

use super::words;
use crate::finding::Report;
use crate::terminal::Terminal;

pub(super) const HELP: &str =
    "one line each, as compilers write: path:line:column: severity[rule]: message";

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    for it in &report.findings {
        let (place, severity, rule) = (&it.place.start, it.severity.word(), &it.rule);
        // A message may quote what was written over several lines.
        let message = it.message.replace(['\n', '\r'], " ");
        writeln!(terminal.out, "{place}: {severity}[{rule}]: {message}")?;
    }
    words::not_read(report, terminal)
}
