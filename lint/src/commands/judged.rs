//! What the commands that judge have in common: what is judged, and what comes of it.

use std::cell::Cell;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use stanchion_lang::{Module, Workspace};

use super::CouldNot;
use super::given::Given;
use super::planned;
use crate::baseline::Baseline;
use crate::changed::Changed;
use crate::disk::{self, Tree};
use crate::git::Repository;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::settings::{Effective, Settings};
use crate::suppress::Suppressions;
use crate::terminal::Terminal;
use crate::{Report, judge};

/// What is judged.
#[derive(Debug, clap::Args)]
pub(super) struct Judged {
    /// Folders, or files of which the folders are read; `paths` of the settings if there is none,
    /// else the working directory
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    given: Given,

    /// Fill in what a plan knows: what terraform show -json PLANFILE writes
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,

    /// Honour no comments that suppress findings
    #[arg(long)]
    pub(super) no_suppress: bool,
}

/// Which change is judged.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Change {
    /// Judge what is staged instead of the work tree, and show what a staged line takes part in
    #[arg(long, conflicts_with = "changed_since")]
    staged: bool,

    /// Show what a line takes part in that changed since the branch left this commit
    #[arg(long, value_name = "REF")]
    changed_since: Option<String>,

    /// Whether it was said why all is shown; with --fix, all is judged again and again.
    #[arg(skip)]
    is_told: Cell<bool>,
}

impl Judged {
    /// The settings for what is judged.
    pub(super) fn settings(&self) -> Result<Settings, CouldNot> {
        disk::settings(self.paths.first().map_or(Path::new("."), PathBuf::as_path))
    }

    /// Judges, without what the baseline has.
    pub(super) fn judge(
        &self,
        settings: &Settings,
        change: &Change,
        baseline: Option<&Baseline>,
        terminal: &Terminal,
    ) -> Result<Report, CouldNot> {
        let paths = self.paths(settings);
        let (changed, tree) = change.read(&paths)?;
        let is_change = changed.is_some();
        let start = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let changed = changed.filter(|it| !change.is_of_settings(it, start));
        let tree = Arc::new(tree);
        let found = disk::read(&tree, &paths, &self.given.files, changed.as_ref())?;
        let workspace = &found.workspace;
        let seen = disk::paths(&paths);
        if let (false, Some(empty)) = (is_change, found.empty.first()) {
            return Err(match found.unread.first() {
                Some(why) => CouldNot {
                    message: why.clone(),
                    cure: Some("make it readable to who runs this".to_owned()),
                },
                None => nothing_below(empty),
            });
        }
        let changed = changed.map(|mut it| {
            it.spread(workspace, &seen);
            it
        });
        let all = workspace.roots();
        // Who declares it may be among what was not read.
        if !found.is_narrowed {
            self.given.must_be_declared(&all)?;
        }
        let number = all.len();
        let roots = match &changed {
            Some(it) => it.reached(workspace, &seen, &self.given.files),
            None => all,
        };
        let plan = self.plan.as_deref().map(planned::read).transpose()?;
        let planned = match (&self.plan, &plan) {
            (Some(file), Some(plan)) => {
                Some((planned::root(file, plan, &workspace.roots())?, plan))
            }
            _ => None,
        };
        let apart = planned.and_then(|(folder, plan)| plan.apart(workspace.module(folder)?));
        let roots: Vec<_> =
            roots.into_iter().map(|it| self.with_values(workspace, it, planned)).collect();
        let times = roots.iter().map(judge::Root::times).sum();
        let suppressions = if self.no_suppress {
            Suppressions::default()
        } else {
            Suppressions::of(workspace, terminal.today)
        };
        let (start, is_watched) = (Instant::now(), terminal.is_watched);
        let progress = Progress::new(times, io::stderr(), start);
        let task = judge::Task {
            workspace,
            is_whole: roots.len() == number && !found.is_narrowed,
            roots,
            inputs: &self.given.inputs()?,
            files_of: &|folder| Box::new(disk::Folder::new(Arc::clone(&tree), folder)),
            rules: &Effective::new(settings, workspace, &seen),
            is_wanted: &|path| found.is_wanted(path),
            progress: &|| {
                if is_watched {
                    progress.step(Instant::now());
                }
            },
        };
        let report = judge::judge(&task, &suppressions);
        progress.end();
        let mut report = Report { paths: seen, ..report };
        if let (Some(file), Some(name)) = (&self.plan, apart) {
            let file = disk::shown(file);
            let why = format!("{file} is of another configuration: only one of both has {name}");
            report.gaps.push((None, why));
        }
        report.gaps.extend(found.unread.iter().map(|it| (None, it.clone())));
        if let Some(baseline) = baseline {
            baseline.apply(&mut report);
        }
        if let Some(changed) = changed {
            changed.narrow(workspace, &mut report);
            // What was not judged is not gone.
            report.gone = None;
        }
        // The process ends soon, and the system takes all of it back at once.
        std::mem::forget(found);
        Ok(report)
    }

    /// A root module with what it is judged with beside what it loads by itself; `planned` is the
    /// folder of the one that has a plan.
    fn with_values<'w>(
        &self,
        workspace: &Workspace,
        module: &'w Module,
        planned: Option<(&str, &'w Plan)>,
    ) -> judge::Root<'w> {
        let plan = planned.filter(|it| *it.0 == *module.folder).map(|it| it.1);
        // A plan was made with the values that it has.
        let is_fixed = !self.given.files.is_empty() || plan.is_some();
        let variable_files = if is_fixed { Vec::new() } else { workspace.variable_files(module) };
        judge::Root { module, variable_files, plan }
    }

    /// The paths to judge, as users would write them.
    pub(super) fn paths(&self, settings: &Settings) -> Vec<PathBuf> {
        match &settings.paths {
            _ if !self.paths.is_empty() => self.paths.clone(),
            Some(set) if !set.value.is_empty() => {
                set.value.iter().map(|it| disk::from_here(&settings.folder.join(it))).collect()
            }
            // No path at all would pass for one that is clean.
            _ => vec![PathBuf::from(".")],
        }
    }
}

impl Change {
    /// Whether the settings of what is judged changed, which is said: then all of it is shown.
    fn is_of_settings(&self, changed: &Changed, start: &Path) -> bool {
        let start = start.canonicalize().unwrap_or_else(|_| start.to_owned());
        let Some(file) = changed.settings(&start) else { return false };
        if !self.is_told.replace(true) {
            let name = disk::shown(&disk::from_here(file));
            // Nobody is left to tell if the terminal is gone.
            drop(writeln!(io::stderr(), "{name} changed, so that everything is judged and shown"));
        }
        true
    }

    fn read(&self, paths: &[PathBuf]) -> Result<(Option<Changed>, Tree), CouldNot> {
        let start = paths.first().map_or(Path::new("."), PathBuf::as_path);
        if self.staged {
            let (changed, staged) = Repository::of(start)?.staged()?;
            return Ok((Some(changed), Tree::Staged(staged)));
        }
        match &self.changed_since {
            Some(it) => Ok((Some(Repository::of(start)?.changed_since(it)?), Tree::Disk)),
            None => Ok((None, Tree::Disk)),
        }
    }
}

/// A path below which nothing is judged would pass for one that is clean.
fn nothing_below(path: &Path) -> CouldNot {
    let name = disk::shown(path);
    let below = if path.is_dir() { "below" } else { "in" };
    CouldNot {
        message: format!(
            "there is nothing of Terraform {below} {name}: no .tf, .tofu, .tf.json or .tofu.json file \
             that .gitignore lets through"
        ),
        cure: Some("name a folder with .tf files, or run it there without a path".to_owned()),
    }
}

impl From<disk::NoSuchPath> for CouldNot {
    fn from(error: disk::NoSuchPath) -> Self {
        let cure = match error {
            disk::NoSuchPath::Judged(_) => {
                "name a folder with .tf files, or run it there without a path"
            }
            disk::NoSuchPath::Values(_) => {
                "name it as it is seen from the working directory, or take the --var-file out"
            }
        };
        Self { message: error.to_string(), cure: Some(cure.to_owned()) }
    }
}
