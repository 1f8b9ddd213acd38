//! How findings are written. Each format is a file here, and a word in the list below.

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

formats! { text, compact, json, sarif, github }

impl Format {
    /// The format as a value on the command line.
    pub(crate) fn possible_value(&self) -> PossibleValue {
        PossibleValue::new(self.name).help(self.help)
    }
}

/// `1 finding`, `2 findings`.
fn counted(count: usize, singular: &str) -> String {
    match count {
        1 => format!("1 {singular}"),
        _ => format!("{count} {singular}s"),
    }
}

/// The number of facts that could not be judged, and how much was not looked into, in words;
/// empty if there is neither.
fn left_open(report: &Report) -> String {
    let mut out = String::new();
    if !report.unknown.is_empty() {
        out.push_str(&format!(", {} unknown", report.unknown.len()));
    }
    if !report.gaps.is_empty() {
        out.push_str(&format!(", {} not read", report.gaps.len()));
    }
    out
}
