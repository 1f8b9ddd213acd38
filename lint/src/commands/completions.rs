//! `stanchion completions`: what a shell needs to complete our commands.

use super::{CouldNot, command_line};
use crate::Exit;
use crate::terminal::Terminal;

/// Writes a shell's completions
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  stanchion completions bash > stanchion.bash")]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    clap_complete::generate(arguments.shell, &mut command_line(), "stanchion", &mut terminal.out);
    Ok(Exit::Clean)
}
