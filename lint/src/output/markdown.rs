//! Markdown for a comment on a pull request.

use std::io;

use super::words;
use crate::finding::Report;
use crate::terminal::Terminal;

pub(super) const HELP: &str = "Markdown, for a comment on a pull request";

/// By this first line whoever posts the comment finds the one of the last run and replaces it.
const MARKER: &str = "<!-- stanchion -->";
/// GitHub refuses comments of more than 65 536 characters.
const LONGEST: usize = 60_000;

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let mut out = format!("{MARKER}\n### stanchion: {}\n", words::total(report));
    if !report.findings.is_empty() {
        out.push_str("\n| | where | what |\n|---|---|---|\n");
    }
    for (at, it) in report.findings.iter().enumerate() {
        let place = &it.place.start;
        let path = report.paths.below_base(&place.path);
        let about = words::subjects(it, &|it| report.paths.below_base(it));
        let about = about.map(|it| format!("<br>{}", code(&it))).unwrap_or_default();
        let help = it.help.as_deref().map(|it| format!("<br>{}", escaped(it))).unwrap_or_default();
        let chain = it.chain.iter().map(|it| {
            let path = report.paths.below_base(&it.place.start.path);
            format!(
                "<br>{}: {}",
                escaped(&it.what),
                code(&format!("{path}:{}", it.place.start.line))
            )
        });
        let row = format!(
            "| {} | {}{about} | **{}**: {}{help}{} |\n",
            it.severity.word(),
            code(&format!("{path}:{}", place.line)),
            it.rule,
            escaped(&it.message).replace('\n', " "),
            chain.collect::<String>()
        );
        if out.len() + row.len() > LONGEST {
            let more = report.findings.len() - at;
            out.push_str(&format!("\n… and {}.\n", words::counted(more, ["other", "others"])));
            break;
        }
        out.push_str(&row);
    }
    if let Some(gone) = words::gone(report) {
        out.push_str(&format!("\n{gone}\n"));
    }
    let open = words::left_open(report, &|it| report.paths.below_base(it));
    if !open.is_empty() || !report.gaps.is_empty() {
        let mut more = "\n<details><summary>What could not be judged</summary>\n\n".to_owned();
        for it in open {
            more.push_str(&format!("- {}\n", escaped(&it).replace('\n', "<br>")));
        }
        for (place, why) in &report.gaps {
            let at = place.as_ref().map(|it| {
                let path = report.paths.below_base(&it.start.path);
                format!("{} ", code(&format!("{path}:{}", it.start.line)))
            });
            more.push_str(&format!("- {}{}\n", at.unwrap_or_default(), escaped(why)));
        }
        more.push_str("\n</details>\n");
        if out.len() + more.len() <= LONGEST {
            out.push_str(&more);
        }
    }
    write!(terminal.out, "{out}")
}

/// Text that stands in a table as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '@' => {
                out.push_str(&format!("&#{};", it as u32));
            }
            '\r' => {}
            it => out.push(it),
        }
    }
    out
}

/// Text as code in a table. A backquote in it would end it.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text).replace('\n', " "))
}
