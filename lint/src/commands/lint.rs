//! `stanchion lint`: judges configurations.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;

use super::CouldNot;
use super::given::Given;
use crate::output::{self, FORMATS};
use crate::terminal::Terminal;
use crate::{Exit, Report, Severity, disk, judge, rules};

/// Judges the Terraform and OpenTofu configurations below the given paths
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion lint                          everything below the working directory
  stanchion lint infra modules/web        two folders
  stanchion lint --format github          annotations on a pull request
  stanchion lint --fail-on error          warnings don't fail the build

Exit status: 0 clean, 1 findings at or above --fail-on, 2 could not run")]
pub(super) struct Arguments {
    /// Folders, or files of which the folders are read
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    given: Given,

    /// How to write the findings
    #[arg(long, default_value = "text",
          value_parser = PossibleValuesParser::new(FORMATS.iter().map(output::Format::possible_value)))]
    format: String,

    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t = Severity::Warning, value_name = "SEVERITY")]
    fail_on: Severity,

    /// Let what can't be judged make the exit status 1 too
    #[arg(long)]
    fail_on_unknown: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let found = disk::read(&arguments.paths, &arguments.given.files).map_err(|error| CouldNot {
        message: error.to_string(),
        cure: Some("name a folder with .tf files, or run it there without a path".to_owned()),
    })?;
    let report = judge::judge(&judge::Task {
        workspace: &found.workspace,
        roots: found.workspace.roots(),
        inputs: &arguments.given.inputs()?,
        files_of: &|folder| Box::new(disk::Folder::new(folder)),
        rules: &rules::defaults(),
        is_wanted: &|path| found.is_wanted(path),
    });
    let report = Report { paths: disk::paths(&arguments.paths), ..report };
    if let Some(format) = FORMATS.iter().find(|it| it.name == arguments.format) {
        (format.write)(&report, terminal)?;
    }
    let unknown =
        arguments.fail_on_unknown && !(report.unknown.is_empty() && report.gaps.is_empty());
    Ok(if report.has_at_least(arguments.fail_on) || unknown { Exit::Findings } else { Exit::Clean })
}
