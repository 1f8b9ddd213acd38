//! `stanchion lint`: judges configurations.

use std::io::Write as _;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::judged::{Change, Judged};
use super::{CouldNot, baseline};
use crate::mend::{Mended, mend};
use crate::output::{self, FORMATS};
use crate::settings::{self, Settings};
use crate::terminal::Terminal;
use crate::{Exit, Report, Severity, disk};

/// Judges the Terraform and OpenTofu configurations below the given paths
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion lint                          everything below the working directory
  stanchion lint infra modules/web        two folders
  stanchion lint --format github          annotations on a pull request
  stanchion lint --fail-on error          warnings don't fail the build
  stanchion lint --changed-since main     what a branch changes
  stanchion lint --staged                 what is about to be committed
  stanchion lint infra --plan p.json      with what terraform show -json tells of a plan
  stanchion lint --fix                    mends what can be mended without a guess

Exit status: 0 clean, 1 findings at or above --fail-on, 2 could not run")]
pub(super) struct Arguments {
    #[command(flatten)]
    judged: Judged,

    #[command(flatten)]
    change: Change,

    /// Report only what this file of stanchion baseline lacks
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// How to write the findings
    #[arg(long, default_value = "text",
          value_parser = PossibleValuesParser::new(FORMATS.iter().map(output::Format::possible_value)))]
    format: String,

    /// The least severity that makes the exit status 1; warning if nothing is set
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<Severity>,

    /// Let what can't be judged make the exit status 1 too
    #[arg(long)]
    fail_on_unknown: bool,

    /// Mend what can be mended without a guess, and report what is left
    #[arg(long, conflicts_with_all = ["staged", "show_settings"])]
    fix: bool,

    /// Show what is set, and where, instead of judging
    #[arg(long)]
    show_settings: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let settings = arguments.judged.settings()?;
    if arguments.show_settings {
        let shown = settings::show(&settings, &arguments.set());
        terminal.out.write_all(shown.as_bytes())?;
        return Ok(Exit::Clean);
    }
    let file = baseline::file(arguments.baseline.as_deref(), &settings);
    let known = file.as_ref().map(|it| baseline::read(it)).transpose()?;
    if let (Some(file), Some(None)) = (&file, &known) {
        return Err(CouldNot {
            message: format!("there is no baseline {}", disk::shown(file)),
            cure: Some("stanchion baseline writes it".to_owned()),
        });
    }
    let known = known.flatten();
    let judge = |terminal: &Terminal| {
        arguments.judged.judge(&settings, &arguments.change, known.as_ref(), terminal)
    };
    let mut report = judge(terminal)?;
    if arguments.fix {
        let mut mended = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let (files, done) = mend(&report);
            if files.is_empty() {
                break;
            }
            disk::mend(&files)?;
            mended.extend(done);
            report = judge(terminal)?;
        }
        arguments.tell(&mended, terminal)?;
    }
    let exit = arguments.exit(&report, &settings);
    if let Some(format) = FORMATS.iter().find(|it| it.name == arguments.format) {
        (format.write)(&report, terminal)?;
    }
    Ok(exit)
}

/// Fixes that touch each other are made one after the other, at most so many.
const MOST_ROUNDS: usize = 100;

impl Arguments {
    /// Says what was mended: before the findings that are left, if people read them; programs read
    /// findings alone.
    fn tell(&self, mended: &[Mended], terminal: &mut Terminal) -> Result<(), CouldNot> {
        if mended.is_empty() {
            return Ok(());
        }
        let is_for_people = self.format == "text";
        let to = if is_for_people { &mut terminal.out } else { &mut terminal.err };
        for Mended { rule, place, what } in mended {
            writeln!(to, "mended {place}: {what} [{rule}]")?;
        }
        if is_for_people {
            writeln!(to)?;
        }
        Ok(())
    }

    fn exit(&self, report: &Report, settings: &Settings) -> Exit {
        let set = settings.fail_on.as_ref().map(|it| it.value);
        let fail_on = self.fail_on.or(set).unwrap_or(Severity::Warning);
        let is_set = settings.fail_on_unknown.as_ref().is_some_and(|it| it.value);
        let is_strict = self.fail_on_unknown || is_set;
        let is_open = !(report.unknown.is_empty() && report.gaps.is_empty());
        let fails = report.has_at_least(fail_on) || is_strict && is_open;
        if fails { Exit::Findings } else { Exit::Clean }
    }

    /// What the command line sets, by the settings' names.
    fn set(&self) -> Vec<(&'static str, Value, &'static str)> {
        let mut out = Vec::new();
        if !self.judged.paths.is_empty() {
            let paths: Vec<_> = self.judged.paths.iter().map(|it| disk::shown(it)).collect();
            out.push(("paths", paths.into(), "PATH"));
        }
        if let Some(file) = &self.baseline {
            out.push(("baseline", disk::shown(file).into(), "--baseline"));
        }
        if let Some(severity) = self.fail_on {
            out.push(("fail-on", severity.word().into(), "--fail-on"));
        }
        if self.fail_on_unknown {
            out.push(("fail-on-unknown", true.into(), "--fail-on-unknown"));
        }
        out
    }
}
