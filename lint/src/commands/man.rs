//! `stanchion man`: the manual page.

use clap::builder::PossibleValuesParser;

use super::{COMMANDS, CouldNot, command_line};
use crate::Exit;
use crate::terminal::Terminal;

/// Writes the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion man > stanchion.1
  stanchion man lint > stanchion-lint.1")]
pub(super) struct Arguments {
    /// The command that the page is about; all of them if it is not given
    #[arg(value_name = "COMMAND",
          value_parser = PossibleValuesParser::new(COMMANDS.iter().map(|it| it.name)))]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let mut whole = command_line();
    whole.build();
    let named = arguments.command.as_ref().and_then(|it| whole.find_subcommand(it)).cloned();
    let title = match &named {
        Some(command) => format!("stanchion-{}", command.get_name()),
        None => "stanchion".to_owned(),
    };
    clap_mangen::Man::new(named.unwrap_or(whole)).title(title).render(&mut terminal.out)?;
    Ok(Exit::Clean)
}
