//! `stanchion rules`: lists the rules.

use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Value, json};

use super::CouldNot;
use crate::custom::Custom;
use crate::rules::{Entry, RULES};
use crate::terminal::Terminal;
use crate::{Exit, disk};

/// Lists the rules, those of the settings among them
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion rules
  stanchion rules --format json
  stanchion explain image-floating-tag")]
pub(super) struct Arguments {
    /// How to write them
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let custom = disk::settings(Path::new("."))?.custom;
    if arguments.format == "json" {
        let rules: Vec<_> = RULES.iter().map(json).chain(custom.iter().map(json_of)).collect();
        let document = json!({ "version": 1, "rules": rules });
        serde_json::to_writer_pretty(&mut terminal.out, &document).map_err(io::Error::from)?;
        writeln!(terminal.out)?;
        return Ok(Exit::Clean);
    }
    let ids = RULES.iter().map(|it| it.id).chain(custom.iter().map(|it| &*it.id));
    let width = ids.map(str::len).max().unwrap_or(0);
    for rule in RULES {
        let (id, severity) = (rule.id, rule.severity.word());
        writeln!(terminal.out, "{id:width$}  {severity:7}  {}", rule.summary())?;
    }
    for rule in &custom {
        let (id, severity, from) = (&rule.id, rule.severity.word(), rule.line());
        let summary = summary(rule);
        writeln!(terminal.out, "{id:width$}  {severity:7}  {summary} (from {from})")?;
    }
    Ok(Exit::Clean)
}

/// The first line of what a rule of the settings says.
fn summary(rule: &Custom) -> &str {
    rule.message.lines().next().unwrap_or_default()
}

fn json_of(rule: &Custom) -> Value {
    json!({
        "id": &*rule.id,
        "severity": rule.severity,
        "summary": summary(rule),
        "settings": [],
        "peers": [],
        "from": rule.line(),
    })
}

fn json(rule: &Entry) -> Value {
    let defaults = rule.defaults();
    let settings = rule
        .settings()
        .into_iter()
        .map(|(name, what)| json!({ "name": name, "default": defaults.get(&name), "what": what }));
    let peers = rule.peers().into_iter().map(|(linter, id)| json!({ "linter": linter, "id": id }));
    json!({
        "id": rule.id,
        "severity": rule.severity,
        "summary": rule.summary(),
        "settings": settings.collect::<Vec<_>>(),
        "peers": peers.collect::<Vec<_>>(),
    })
}
