//! `stanchion explain`: shows a rule's page.

use std::io::Write as _;

use clap::builder::PossibleValuesParser;

use super::CouldNot;
use crate::Exit;
use crate::rules::{self, RULES};
use crate::terminal::Terminal;

/// Explains a rule: why it is there, what fails and what passes
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  stanchion explain image-floating-tag")]
pub(super) struct Arguments {
    /// The rule's id; `stanchion rules` lists them
    #[arg(value_name = "RULE", hide_possible_values = true,
          value_parser = PossibleValuesParser::new(RULES.iter().map(|it| it.id)))]
    rule: String,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    if let Some(rule) = rules::find(&arguments.rule) {
        let severity = rule.severity.word();
        write!(terminal.out, "{} ({severity})\n\n{}", rule.id, rule.page())?;
    }
    Ok(Exit::Clean)
}
