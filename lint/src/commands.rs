//! The command line. Each command is a file here, and a word in the list below.

mod given;
mod judged;
mod planned;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches};

use crate::Exit;
use crate::terminal::Terminal;

/// What could not be done, and what to do about it.
#[derive(Debug)]
pub(crate) struct CouldNot {
    /// What could not be done: a clause.
    pub(crate) message: String,
    /// What to do about it, if there is something to name.
    pub(crate) cure: Option<String>,
}

/// A command of the list.
struct Entry {
    name: &'static str,
    augment: fn(clap::Command) -> clap::Command,
    run: fn(&ArgMatches, &mut Terminal) -> Result<Exit, CouldNot>,
}

macro_rules! commands {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        const COMMANDS: &[Entry] = &[$(Entry {
            name: stringify!($name),
            augment: $name::Arguments::augment_args,
            run: |matches, terminal| {
                let arguments = $name::Arguments::from_arg_matches(matches).map_err(|it| {
                    CouldNot { message: it.to_string(), cure: None }
                })?;
                $name::run(&arguments, terminal)
            },
        }),*];
    };
}

commands! { lint, baseline, adopt, eval, rules, explain, completions, man }

/// Runs the program with these arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let mut terminal = Terminal::of_process();
    let exit = match command_line().try_get_matches_from(arguments) {
        Ok(matches) => dispatch(&matches, &mut terminal),
        Err(error) => {
            let wanted = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Nobody is left to tell if the terminal is gone.
            drop(error.print());
            return if wanted { Exit::Clean } else { Exit::CouldNotRun };
        }
    };
    let exit = exit.and_then(|exit| match terminal.out.flush() {
        Ok(()) => Ok(exit),
        Err(error) => Err(error.into()),
    });
    match exit {
        Ok(exit) => exit,
        Err(CouldNot { message, cure }) => {
            drop(writeln!(terminal.err, "error: {message}"));
            if let Some(cure) = cure {
                drop(writeln!(terminal.err, "help: {cure}"));
            }
            Exit::CouldNotRun
        }
    }
}

/// The whole command line, for parsing, completions and the manual page.
fn command_line() -> clap::Command {
    let commands = COMMANDS.iter().map(|it| (it.augment)(clap::Command::new(it.name)));
    clap::Command::new("stanchion")
        .about("Lints Terraform and OpenTofu configurations, reading them as Terraform does")
        .version(concat!(env!("CARGO_PKG_VERSION"), " (", env!("STANCHION_COMMIT"), ")"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .after_help("Examples:\n  stanchion lint\n  stanchion lint infra --format sarif\n  stanchion explain image-floating-tag\n\nExit status: 0 clean, 1 findings, 2 could not run")
        .subcommands(commands)
}

fn dispatch(matches: &ArgMatches, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let found = matches
        .subcommand()
        .and_then(|(name, inner)| Some((COMMANDS.iter().find(|it| it.name == name)?, inner)));
    match found {
        Some((command, inner)) => (command.run)(inner, terminal),
        None => Ok(Exit::CouldNotRun),
    }
}

/// Output that can't be written is work not done, a closed pipe among it.
impl From<io::Error> for CouldNot {
    fn from(error: io::Error) -> Self {
        Self { message: format!("the output can't be written: {error}"), cure: None }
    }
}
