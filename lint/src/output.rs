//! How reports are written. Each format is a file here, and a word in the list below.

#[cfg(test)]
mod tests;
mod words;

use std::io;

use clap::builder::PossibleValue;

use crate::finding::Report;
use crate::terminal::Terminal;

/// A format of the list.
pub(crate) struct Format {
    pub(crate) name: &'static str,
    /// What it is good for: the head of its file.
    help: &'static str,
    pub(crate) write: fn(&Report, &mut Terminal) -> io::Result<()>,
}

macro_rules! formats {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        pub(crate) const FORMATS: &[Format] = &[$(Format {
            name: stringify!($name),
            help: $name::HELP,
            write: $name::write,
        }),*];
    };
}

formats! { text, compact, json, sarif, junit, github, gitlab, markdown }

impl Format {
    /// The format as a value on the command line.
    pub(crate) fn possible_value(&self) -> PossibleValue {
        PossibleValue::new(self.name).help(self.help)
    }
}
