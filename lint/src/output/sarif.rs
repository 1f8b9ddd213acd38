//! SARIF 2.1.0, the format of code scanning services.

use std::io;

use serde_json::{Value, json};

use crate::finding::{Location, Report, Severity};
use crate::rules::RULES;
use crate::terminal::Terminal;

pub(super) const HELP: &str = "SARIF 2.1.0, for code scanning services";

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.summary() },
                "help": { "text": rule.page(), "markdown": rule.page() },
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|it| {
            let related: Vec<Value> = it
                .related
                .iter()
                .map(|(at, text)| {
                    let mut place = location(at);
                    place["message"] = json!({ "text": text });
                    place
                })
                .collect();
            let mut place = location(&it.place);
            if let Some(address) = &it.address {
                place["logicalLocations"] = json!([{ "fullyQualifiedName": address }]);
            }
            let mut result = json!({
                "ruleId": it.rule,
                "ruleIndex": RULES.iter().position(|rule| rule.id == it.rule),
                "level": level(it.severity),
                "message": { "text": it.message },
                "locations": [place],
            });
            if !related.is_empty() {
                result["relatedLocations"] = Value::from(related);
            }
            result
        })
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "stanchion",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_HOMEPAGE"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut terminal.out, &document)?;
    writeln!(terminal.out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn location(at: &Location) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&at.start.path) },
        "region": {
            "startLine": at.start.line,
            "startColumn": at.start.column,
            "endLine": at.end.line,
            "endColumn": at.end.column,
        },
    } })
}

/// A path as a relative reference: what can't stand in one is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(byte.into());
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
