//! `stanchion baseline`: notes what is found today, so that only what is new is reported.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::CouldNot;
use super::judged::{Change, Judged};
use crate::baseline::Baseline;
use crate::settings::Settings;
use crate::terminal::Terminal;
use crate::{Exit, disk};

/// Notes all findings in a file, after which lint reports what is new
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion baseline                           writes stanchion-baseline.json
  stanchion lint --baseline stanchion-baseline.json

Name the file in stanchion.toml instead: baseline = \"stanchion-baseline.json\"")]
pub(super) struct Arguments {
    #[command(flatten)]
    judged: Judged,

    /// The file; `baseline` of the settings if it is not given, else stanchion-baseline.json
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

/// The file where nothing else is said.
const NAME: &str = "stanchion-baseline.json";

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let settings = arguments.judged.settings()?;
    let named = file(arguments.baseline.as_deref(), &settings);
    let path = named.unwrap_or_else(|| PathBuf::from(NAME));
    let name = disk::shown(&path);
    // A baseline keeps its salt, so that what is written anew differs in what is new. One that can't
    // be read may be somebody else's file.
    let salt = match read(&path)? {
        Some(old) => old.salt().to_owned(),
        None => terminal.salt(),
    };
    let report = arguments.judged.judge(&settings, &Change::default(), None, terminal)?;
    let baseline = Baseline::of(&report, salt);
    let could_not = |why: String| CouldNot {
        message: format!("{name} can't be written: {why}"),
        cure: Some("name a file in a folder that can be written to with --baseline".to_owned()),
    };
    let text = baseline.write().map_err(|it| could_not(it.to_string()))?;
    disk::write(&path, &text).map_err(|it| could_not(it.to_string()))?;
    let findings = if baseline.len() == 1 { "finding" } else { "findings" };
    writeln!(terminal.out, "{name} has {} {findings}", baseline.len())?;
    Ok(Exit::Clean)
}

/// The file that is named on the command line or in the settings.
pub(super) fn file(given: Option<&Path>, settings: &Settings) -> Option<PathBuf> {
    let set = settings.baseline.as_ref().filter(|it| !it.value.is_empty());
    let set = set.map(|it| disk::from_here(&settings.folder.join(&it.value)));
    given.map(Path::to_owned).or(set)
}

/// The baseline of a file; `None` if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Baseline>, CouldNot> {
    let name = disk::shown(path);
    let text = disk::text(path).map_err(|error| CouldNot {
        message: format!("{name} can't be read: {error}"),
        cure: None,
    })?;
    let Some(text) = text else { return Ok(None) };
    let baseline = Baseline::read(&text).map_err(|error| CouldNot {
        message: format!("{name} {error}"),
        cure: Some(
            "update stanchion, or remove the file and let stanchion baseline write it anew"
                .to_owned(),
        ),
    })?;
    Ok(Some(baseline))
}
