//! What the linter reads beside configurations, as functions of texts: for programs that hold these
//! readers against a law, as fuzzers do.

use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Date;
use stanchion_lang::{Planned, Source, Workspace};

use crate::baseline::Baseline;
use crate::plan::Plan;
use crate::settings;
use crate::suppress::Suppressions;

/// Reads settings, and gives all of them as a settings file would have them, each with a comment that
/// says where it is from.
///
/// # Errors
/// What is wrong, behind where it is: `stanchion.toml:3:1: …`.
pub fn settings(text: &str) -> Result<String, String> {
    let settings = settings::read(text, settings::NAME, PathBuf::from("/"));
    settings.map(|it| settings::show(&it, &[])).map_err(|it| it.to_string())
}

/// Reads a baseline, and gives the text that it is written as.
///
/// # Errors
/// Why it is none: the end of a sentence that begins with its name.
pub fn baseline(text: &str) -> Result<String, String> {
    let baseline = Baseline::read(text).map_err(|it| it.to_string())?;
    baseline.write().map_err(|it| it.to_string())
}

/// Reads a plan as `terraform show -json` writes it, and gives what evaluation is to take from it.
///
/// # Errors
/// Why it is none: the end of a sentence that begins with its name.
pub fn plan(text: &str) -> Result<Planned, String> {
    Plan::read(text).map(|it| it.planned).map_err(|it| it.to_string())
}

/// The comments of a file that suppress findings, in the order of their places: where each is
/// written, and the stretch for which it holds, in bytes.
#[must_use]
pub fn suppressions(path: &str, text: &str) -> Vec<[Range<usize>; 2]> {
    let workspace = Workspace::new([Source::new(path, text.as_bytes().to_vec())]);
    Suppressions::of(&workspace, Date::constant(2027, 1, 31)).stretches()
}
