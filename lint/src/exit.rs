//! What the program says when it ends.

use std::process::ExitCode;

/// The exit status: the same for every command and format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: nothing was found, or nothing as bad as `--fail-on`.
    Clean,
    /// 1: there are findings at or above `--fail-on`.
    Findings,
    /// 2: the program could not do what it was asked for.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::from(0),
            Exit::Findings => Self::from(1),
            Exit::CouldNotRun => Self::from(2),
        }
    }
}
