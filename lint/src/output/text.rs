//! For people: each finding with the lines that it is about, then a summary.

use std::io;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use stanchion_lang::Span;

use super::words;
use crate::finding::{Confidence, Finding, Location, Report, Severity};
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
        .with_context_lines(AROUND)
        .without_cause_chain();
    for finding in &report.findings {
        one(report, finding, &handler, terminal)?;
    }
    let open = words::left_open(report, &|it| it.to_owned());
    for line in &open {
        writeln!(terminal.out, "{line}")?;
    }
    words::not_read(report, terminal)?;
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
    let about = words::subjects(finding, &|it| it.to_owned());
    let mut sheets = vec![Sheet::new(report, finding, &finding.place, about)];
    for step in &finding.chain {
        let what = Some(step.what.clone());
        match sheets.iter_mut().find(|it| it.path == step.place.start.path) {
            Some(sheet) => sheet.label(&step.place, what),
            None => sheets.push(Sheet::new(report, finding, &step.place, what)),
        }
    }
    // Help stands below all snippets, and the head above the first.
    let last = sheets.len() - 1;
    for (at, sheet) in sheets.iter_mut().enumerate() {
        if sheet.excerpt.is_too_long {
            if at == 0 {
                let mut head = String::new();
                handler.render_report(&mut head, sheet).map_err(io::Error::other)?;
                writeln!(terminal.out, "{}", head.trim_matches('\n'))?;
            }
            for place in &sheet.places {
                writeln!(terminal.out, "   {place}")?;
            }
            if let (true, Some(help)) = (at == last, &finding.help) {
                writeln!(terminal.out, "  help: {help}")?;
            }
            continue;
        }
        sheet.has_help = at == last;
        let mut text = String::new();
        handler.render_report(&mut text, sheet).map_err(io::Error::other)?;
        let text = text.trim_matches('\n');
        let from = match at {
            0 => 0,
            _ => text.find('╭').and_then(|it| text[..it].rfind('\n')).map_or(0, |it| it + 1),
        };
        // The library fills empty lines up with blanks.
        for line in text[from..].lines() {
            writeln!(terminal.out, "{}", line.trim_end())?;
        }
    }
    if let Some(fix) = &finding.fix {
        writeln!(terminal.out, "  fix: {}", fix.what)?;
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
    text: Arc<str>,
    hidden: &'a [Span],
    /// Each with the line that it begins on.
    labels: Vec<(SourceSpan, u32, Option<String>)>,
    /// Where they are, for lines that can't be shown.
    places: Vec<String>,
    excerpt: Excerpt,
    has_help: bool,
}

impl<'a> Sheet<'a> {
    fn new(report: &'a Report, finding: &'a Finding, at: &Location, what: Option<String>) -> Self {
        let mut sheet = Self {
            finding,
            path: at.start.path.clone(),
            text: at.text.clone(),
            hidden: &report.hidden,
            labels: Vec::new(),
            places: Vec::new(),
            excerpt: Excerpt::default(),
            has_help: false,
        };
        sheet.label(at, what);
        sheet
    }

    fn label(&mut self, at: &Location, what: Option<String>) {
        let about = what.as_deref().map(|it| format!(": {it}")).unwrap_or_default();
        self.places.push(format!("{}{about}", at.start));
        self.labels.push((span(at), at.start.line, what));
        let from = self.labels.iter().map(|(at, line, _)| (at.offset(), *line)).min();
        let to = self.labels.iter().map(|(at, ..)| at.offset() + at.len()).max();
        if let (Some((from, line)), Some(to)) = (from, to) {
            self.excerpt = Excerpt::new(self, at.span, from, to, line);
        }
    }
}

/// The lines of a file that a sheet shows: with the whole file, many findings in a large one would
/// take for ever.
#[derive(Debug, Default)]
struct Excerpt {
    path: String,
    text: String,
    /// The offset of its first byte in the file, and its first line from 0.
    start: usize,
    line: usize,
    /// Whether a line of it is too long to be shown.
    is_too_long: bool,
}

/// A longer line, in bytes, was written by a program; the snippet library can't draw the longest.
const LONGEST_LINE: usize = 2000;

/// So many lines are shown before and behind what is at fault.
const AROUND: usize = 1;

impl Excerpt {
    /// The lines from one byte to another with those around them; `line` is that of the first.
    fn new(sheet: &Sheet<'_>, file: Span, from: usize, to: usize, line: u32) -> Self {
        let text = &*sheet.text;
        let mut start = text[..from].rfind('\n').map_or(0, |it| it + 1);
        let mut line = (line as usize).saturating_sub(1);
        for _ in 0..AROUND {
            if let Some(before) = start.checked_sub(1) {
                start = text[..before].rfind('\n').map_or(0, |it| it + 1);
                line = line.saturating_sub(1);
            }
        }
        let mut end = to;
        for _ in 0..=AROUND + 1 {
            end = text[end..].find('\n').map_or(text.len(), |it| end + it + 1);
        }
        if text[start..end].lines().any(|it| it.len() > LONGEST_LINE) {
            return Self { is_too_long: true, ..Self::default() };
        }
        let text = redact::text(text, start..end, file, sheet.hidden);
        Self { path: sheet.path.to_string(), text, start, line, is_too_long: false }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = span.offset().checked_sub(self.start).ok_or(MietteError::OutOfBounds)?;
        let within = self.text.read_span(&(start, span.len()).into(), before, after)?;
        let at = (within.span().offset() + self.start, within.span().len());
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            within.data(),
            at.into(),
            within.line() + self.line,
            within.column(),
            within.line_count(),
        )))
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
        let doubt = match self.finding.confidence {
            Confidence::High => "",
            Confidence::Medium => " (medium confidence)",
            Confidence::Low => " (low confidence)",
        };
        let (severity, rule) = (self.finding.severity.word(), &self.finding.rule);
        Some(Box::new(format!("{severity}[{rule}]{doubt}")))
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
        (!self.excerpt.is_too_long).then_some(&self.excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter();
        Some(Box::new(labels.map(|(at, _, what)| LabeledSpan::new_with_span(what.clone(), *at))))
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
