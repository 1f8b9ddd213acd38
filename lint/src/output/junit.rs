//! JUnit's XML, which most continuous integration shows as a table of tests.

use std::io;

use super::words;
use crate::finding::{Finding, Report, RuleCount, Unknown};
use crate::terminal::Terminal;

pub(super) const HELP: &str = "JUnit's XML: a suite for each rule, a failure for each finding";

/// A suite for each rule, in which one case stands for all that passes.
pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    writeln!(terminal.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for count in &report.summary.rules {
        let findings: Vec<_> = report.findings.iter().filter(|it| it.rule == count.rule).collect();
        let unknown: Vec<_> = report.unknown.iter().filter(|it| it.rule == count.rule).collect();
        tests += findings.len() + unknown.len() + 1;
        failures += findings.len();
        suite(&mut suites, report, count, &findings, &unknown);
    }
    writeln!(
        terminal.out,
        "<testsuites name=\"stanchion\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )?;
    write!(terminal.out, "{suites}")?;
    writeln!(terminal.out, "</testsuites>")
}

fn suite(
    out: &mut String,
    report: &Report,
    count: &RuleCount,
    findings: &[&Finding],
    unknown: &[&Unknown],
) {
    let rule = escaped(&count.rule);
    out.push_str(&format!(
        "  <testsuite name=\"{rule}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
        findings.len() + unknown.len() + 1,
        findings.len(),
        unknown.len()
    ));
    let passed = words::counted(count.passed, count.nouns);
    out.push_str(&format!("    <testcase classname=\"{rule}\" name=\"{passed} passed\"/>\n"));
    for it in findings {
        let place = &it.place.start;
        let at =
            format!("{}:{}:{}", report.paths.below_base(&place.path), place.line, place.column);
        let mut text = format!("{at}: {}", it.message);
        for part in [words::subjects(it, &|it| report.paths.below_base(it)), it.help.clone()]
            .into_iter()
            .flatten()
        {
            text.push_str(&format!("\n{part}"));
        }
        out.push_str(&format!(
            "    <testcase classname=\"{rule}\" name=\"{}\">\n      \
             <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
            escaped(&at),
            it.severity.word(),
            escaped(&it.message),
            escaped(&text)
        ));
    }
    for it in unknown {
        let place = &it.place.start;
        let at =
            format!("{}:{}:{}", report.paths.below_base(&place.path), place.line, place.column);
        out.push_str(&format!(
            "    <testcase classname=\"{rule}\" name=\"{}\">\n      \
             <skipped>{}</skipped>\n    </testcase>\n",
            escaped(&at),
            escaped(&it.why)
        ));
    }
    out.push_str("  </testsuite>\n");
}

/// Text that can stand in XML. What no XML can hold, as most control characters, is replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            it => out.push(it),
        }
    }
    out
}
