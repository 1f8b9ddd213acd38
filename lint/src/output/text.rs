//! For people: each finding with the lines that it is about, then a summary.

use std::io;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
    SourceSpan,
};

use super::words;
use crate::finding::{Finding, Location, Report, Severity};
use crate::redact;
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
        one(report, finding, &handler, terminal)?;
    }
    let open = words::left_open(report, &|it| it.to_owned());
    for line in &open {
        writeln!(terminal.out, "{line}")?;
    }
    for (place, why) in &report.gaps {
        match place {
            Some(place) => writeln!(terminal.out, "{}: not read: {why}", place.start)?,
            None => writeln!(terminal.out, "not read: {why}")?,
        }
    }
    if !open.is_empty() || !report.gaps.is_empty() {
        writeln!(terminal.out)?;
    }
    if let Some(gone) = words::gone(report) {
        writeln!(terminal.out, "{gone}")?;
    }
    writeln!(terminal.out, "{}", words::total(report))
}

/// A finding: its own file first, then one snippet for each other file on the chain.
fn one(
    report: &Report,
    finding: &Finding,
    handler: &GraphicalReportHandler,
    terminal: &mut Terminal,
) -> io::Result<()> {
    let mut sheets = vec![Sheet::new(report, finding, &finding.place, words::subjects(finding))];
    for step in &finding.chain {
        let what = Some(step.what.clone());
        match sheets.iter_mut().find(|it| it.path == step.place.start.path) {
            Some(sheet) => sheet.labels.push((span(&step.place), what)),
            None => sheets.push(Sheet::new(report, finding, &step.place, what)),
        }
    }
    // Help stands below all snippets, and the head above the first.
    let last = sheets.len() - 1;
    for (at, sheet) in sheets.iter_mut().enumerate() {
        sheet.has_help = at == last;
        let mut text = String::new();
        handler.render_report(&mut text, sheet).map_err(io::Error::other)?;
        let text = text.trim_matches('\n');
        let from = match at {
            0 => 0,
            _ => text.find('╭').and_then(|it| text[..it].rfind('\n')).map_or(0, |it| it + 1),
        };
        writeln!(terminal.out, "{}", &text[from..])?;
    }
    let subjects = &finding.subjects;
    if subjects.len() > 1 {
        writeln!(terminal.out, "  it is so in:")?;
        for it in subjects.iter().take(MOST_SUBJECTS) {
            writeln!(terminal.out, "    {}", words::subject(it, &|it| it.to_owned()))?;
        }
        if let Some(more) = subjects.len().checked_sub(MOST_SUBJECTS).filter(|it| *it > 0) {
            writeln!(terminal.out, "    and {more} more")?;
        }
    }
    writeln!(terminal.out)
}

/// So many of the instances that have a fault are named.
const MOST_SUBJECTS: usize = 10;

/// What a finding says about one file, as the snippet library wants it.
struct Sheet<'a> {
    finding: &'a Finding,
    path: Arc<str>,
    source: NamedSource<String>,
    labels: Vec<(SourceSpan, Option<String>)>,
    has_help: bool,
}

impl<'a> Sheet<'a> {
    fn new(report: &Report, finding: &'a Finding, at: &Location, label: Option<String>) -> Self {
        let text = redact::text(&at.text, at.span, &report.hidden);
        let path = at.start.path.clone();
        let source = NamedSource::new(&*path, text);
        Self { finding, path, source, labels: vec![(span(at), label)], has_help: false }
    }
}

fn span(at: &Location) -> SourceSpan {
    // A text of no length has nothing to point at.
    let end = (at.span.end as usize).min(at.text.len());
    let from = (at.span.start as usize).min(end);
    (from, end - from).into()
}

impl Diagnostic for Sheet<'_> {
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
        let help = self.finding.help.as_ref().filter(|_| self.has_help);
        help.map(|it| Box::new(it) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter();
        Some(Box::new(labels.map(|(at, what)| LabeledSpan::new_with_span(what.clone(), *at))))
    }
}

impl std::fmt::Display for Sheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.finding.message)
    }
}

impl std::fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)
    }
}

impl std::error::Error for Sheet<'_> {}
