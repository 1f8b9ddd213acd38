//! How reports are written. Each format is a file here, and a word in the list below.

#[cfg(test)]
mod tests;
mod words;

use std::io;

use clap::builder::PossibleValue;

use crate::finding::{Finding, Report};
use crate::paths::Paths;
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

/// One finding, as the JSON has it.
pub(crate) fn as_json(it: &Finding, paths: &Paths) -> serde_json::Value {
    json::one(it, paths)
}

impl Format {
    /// The format as a value on the command line.
    pub(crate) fn possible_value(&self) -> PossibleValue {
        PossibleValue::new(self.name).help(self.help)
    }
}
