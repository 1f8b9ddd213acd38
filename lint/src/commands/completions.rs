//! `stanchion completions`: what a shell needs to complete our commands.

use std::io::Write as _;

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
    // What is written to a stream that takes no more would end the program there.
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command_line(), "stanchion", &mut text);
    terminal.out.write_all(&text)?;
    Ok(Exit::Clean)
}
