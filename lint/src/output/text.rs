//! For people: each finding with the lines that it is about, then a summary.

use std::io;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
    SourceSpan,
};

use super::{counted, left_open};
use crate::finding::{Finding, Location, Report, Severity};
use crate::terminal::Terminal;

pub(super) const HELP: &str = "for people: findings with the lines that they are about";

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let theme = if terminal.colours {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(terminal.width)
        .with_context_lines(1)
        .without_cause_chain();
    for finding in &report.findings {
        let mut text = String::new();
        let shown = Shown::new(finding);
        handler.render_report(&mut text, &shown).map_err(io::Error::other)?;
        writeln!(terminal.out, "{}", text.trim_matches('\n'))?;
        // Related places may lie in other files, which a snippet can't show together.
        for (place, what) in &finding.related {
            writeln!(terminal.out, "  {what}: {}", place.start)?;
        }
        writeln!(terminal.out)?;
    }
    for unknown in &report.unknown {
        let (place, rule, why) = (&unknown.place.start, unknown.rule, &unknown.why);
        writeln!(terminal.out, "{place}: unknown[{rule}]: {why}")?;
    }
    for (place, why) in &report.gaps {
        match place {
            Some(place) => writeln!(terminal.out, "{}: not read: {why}", place.start)?,
            None => writeln!(terminal.out, "not read: {why}")?,
        }
    }
    if !report.unknown.is_empty() || !report.gaps.is_empty() {
        writeln!(terminal.out)?;
    }
    let summary = &report.summary;
    writeln!(
        terminal.out,
        "{}{} in {}, {}, {}",
        counted(report.findings.len(), "finding"),
        left_open(report),
        counted(summary.roots, "root"),
        counted(summary.files, "file"),
        counted(summary.instances, "instance"),
    )
}

/// A finding as the snippet library wants it.
struct Shown<'a> {
    finding: &'a Finding,
    source: NamedSource<std::sync::Arc<str>>,
    span: SourceSpan,
}

impl<'a> Shown<'a> {
    fn new(finding: &'a Finding) -> Self {
        let Location { start, span, text, .. } = &finding.place;
        // A text of no length has nothing to point at.
        let end = (span.end as usize).min(text.len());
        let from = (span.start as usize).min(end);
        Self {
            finding,
            source: NamedSource::new(&*start.path, text.clone()),
            span: (from, end - from).into(),
        }
    }
}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.finding.severity.word(), self.finding.rule)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Note => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.finding.help.as_ref().map(|it| Box::new(it) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = self.finding.address.clone();
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(label, self.span))))
    }
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.finding.message)
    }
}

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.finding.fmt(f)
    }
}

impl std::error::Error for Shown<'_> {}
