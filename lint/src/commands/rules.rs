//! `stanchion rules`: lists the rules.

use std::io::Write as _;

use super::CouldNot;
use crate::Exit;
use crate::rules::RULES;
use crate::terminal::Terminal;

/// Lists the rules
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  stanchion rules\n  stanchion explain image-floating-tag")]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let width = RULES.iter().map(|it| it.id.len()).max().unwrap_or(0);
    for rule in RULES {
        let (id, severity) = (rule.id, rule.severity.word());
        writeln!(terminal.out, "{id:width$}  {severity:7}  {}", rule.summary())?;
    }
    Ok(Exit::Clean)
}
