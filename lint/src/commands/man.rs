//! `stanchion man`: the manual page.

use super::{CouldNot, command_line};
use crate::Exit;
use crate::terminal::Terminal;

/// Writes the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  stanchion man | man -l -")]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    clap_mangen::Man::new(command_line()).render(&mut terminal.out)?;
    Ok(Exit::Clean)
}
