//! SARIF 2.1.0, the format of code scanning services.

use std::io;

use serde_json::{Value, json};

use super::words;
use crate::finding::{Excuse, Finding, Location, Report, Severity};
use crate::fingerprint;
use crate::paths::Paths;
use crate::rules;
use crate::terminal::Terminal;

pub(super) const HELP: &str = "SARIF 2.1.0, for code scanning services";

pub(super) fn write(report: &Report, terminal: &mut Terminal) -> io::Result<()> {
    let rules: Vec<Value> = report.summary.rules.iter().map(|it| rule(&it.rule)).collect();
    let excused = report.excused.iter().map(|(it, by)| (it, Some(by)));
    let all: Vec<_> = report.findings.iter().map(|it| (it, None)).chain(excused).collect();
    let prints = fingerprint::all(&all.iter().map(|(it, _)| *it).collect::<Vec<_>>());
    let results = all.iter().zip(prints).map(|((it, excuse), print)| {
        let mut result = result(report, it, print);
        result["suppressions"] = match excuse {
            None => json!([]),
            Some(Excuse::Baseline) => json!([{
                "kind": "external", "status": "accepted", "justification": "in the baseline",
            }]),
            Some(Excuse::Comment { reason, place, .. }) => json!([{
                "kind": "inSource",
                "status": "accepted",
                "justification": reason.as_deref().unwrap_or("no reason is given"),
                "location": location(place, &report.paths),
            }]),
        };
        result
    });
    let mut document = json!({
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
            "results": results.collect::<Vec<_>>(),
        }],
    });
    if !report.gaps.is_empty() {
        let notifications = report.gaps.iter().map(|(place, why)| {
            let mut it =
                json!({ "level": "note", "message": { "text": format!("not read: {why}") } });
            if let Some(place) = place {
                it["locations"] = json!([location(place, &report.paths)]);
            }
            it
        });
        let notifications: Vec<_> = notifications.collect();
        document["runs"][0]["invocations"] = json!([{
            "executionSuccessful": true, "toolExecutionNotifications": notifications,
        }]);
    }
    serde_json::to_writer_pretty(&mut terminal.out, &document)?;
    writeln!(terminal.out)
}

fn rule(id: &str) -> Value {
    let Some(rule) = rules::find(id) else { return json!({ "id": id }) };
    let page = rule.page();
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": rule.summary() },
        "help": { "text": page, "markdown": page },
        "helpUri": format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.id),
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(report: &Report, it: &Finding, fingerprint: String) -> Value {
    let paths = &report.paths;
    let mut place = location(&it.place, paths);
    let addresses = it.subjects.iter().filter_map(|it| {
        it.address.as_ref().map(|_| words::subject(it, &|it| paths.below_base(it)))
    });
    let logical: Vec<_> =
        addresses.map(|it| json!({ "fullyQualifiedName": it, "kind": "resource" })).collect();
    if !logical.is_empty() {
        place["logicalLocations"] = logical.into();
    }
    let mut message = it.message.clone();
    if let Some(help) = &it.help {
        message.push_str(&format!("; {help}"));
    }
    let mut result = json!({
        "ruleId": &*it.rule,
        "level": level(it.severity),
        "message": { "text": message },
        "locations": [place],
        "partialFingerprints": { "stanchion/v1": fingerprint },
        "properties": { "confidence": it.confidence.word() },
    });
    if let Some(index) = report.summary.rules.iter().position(|of| of.rule == it.rule) {
        result["ruleIndex"] = index.into();
    }
    if !it.chain.is_empty() {
        let steps = it.chain.iter().map(|step| {
            let mut place = location(&step.place, paths);
            place["message"] = json!({ "text": step.what });
            place
        });
        result["relatedLocations"] = steps.collect::<Vec<_>>().into();
        // A code flow runs from where the value is written to where it is at fault.
        let mut end = location(&it.place, paths);
        end["message"] = json!({ "text": it.message });
        let steps = it.chain.iter().rev().map(|step| {
            let mut place = location(&step.place, paths);
            place["message"] = json!({ "text": step.what });
            place
        });
        let flow: Vec<_> = steps.chain([end]).map(|place| json!({ "location": place })).collect();
        result["codeFlows"] = json!([{ "threadFlows": [{ "locations": flow }] }]);
    }
    if let Some(fix) = &it.fix {
        let changes = fix.edits.iter().map(|(at, text)| {
            json!({
                "artifactLocation": { "uri": uri(&paths.below_base(&at.start.path)) },
                "replacements": [{ "deletedRegion": region(at), "insertedContent": { "text": text } }],
            })
        });
        result["fixes"] = json!([{
            "description": { "text": fix.what },
            "artifactChanges": changes.collect::<Vec<_>>(),
        }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn location(at: &Location, paths: &Paths) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&paths.below_base(&at.start.path)) },
        "region": region(at),
    } })
}

fn region(at: &Location) -> Value {
    json!({
        "startLine": at.start.line,
        "startColumn": at.start.column,
        "endLine": at.end.line,
        "endColumn": at.end.column,
    })
}

/// A path as a reference: what can't stand in one is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
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
