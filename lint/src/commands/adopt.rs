//! `stanchion adopt`: compares with another linter, and says what that one may skip.

use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::CouldNot;
use super::judged::{Change, Judged};
use crate::adopt::{self, Comparison, DidNotRun, Named, Told, Verdict};
use crate::terminal::Terminal;
use crate::{Exit, Finding, Report, disk, output};

/// Compares with another linter, and says what that one may skip
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion adopt checkov --report checkov.json    a report that checkov --output json wrote
  stanchion adopt checkov --report checkov.json --format json infra

Without --report it runs the checkov on PATH.

Exit status: 0 compared, 2 could not run")]
pub(super) struct Arguments {
    /// The other linter
    #[arg(value_name = "LINTER", value_parser = ["checkov"])]
    linter: String,

    /// Its report, instead of running it
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// How to write the comparison
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,

    #[command(flatten)]
    judged: Judged,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let settings = arguments.judged.settings()?;
    let paths = arguments.judged.paths(&settings);
    let told = arguments.told(&paths)?;
    let ours = arguments.judged.judge(&settings, &Change::default(), None, terminal)?;
    let found = |it: &Named| place_of(it, &paths);
    let compared = adopt::compare(&arguments.linter, &told.findings, &ours, &found, &|it| real(it));
    if arguments.format == "json" {
        let document = document(&arguments.linter, &told, &compared, &ours);
        serde_json::to_writer_pretty(&mut terminal.out, &document).map_err(io::Error::from)?;
        writeln!(terminal.out)?;
    } else {
        terminal.out.write_all(text(&arguments.linter, &compared).as_bytes())?;
    }
    Ok(Exit::Clean)
}

impl Arguments {
    /// What the other linter found.
    fn told(&self, paths: &[PathBuf]) -> Result<Told, CouldNot> {
        let linter = &self.linter;
        let command = format!("{linter} --directory . --output json >{linter}.json");
        let cure = || Some(format!("write one: {command}"));
        let (name, text) = match &self.report {
            Some(path) => {
                let name = disk::shown(path);
                let text = disk::text(path).map_err(|error| CouldNot {
                    message: format!("{name} can't be read: {error}"),
                    cure: cure(),
                })?;
                let missing =
                    || CouldNot { message: format!("there is no file {name}"), cure: cure() };
                (name.clone(), text.ok_or_else(missing)?)
            }
            None => {
                let text = adopt::run(paths).map_err(|it| match it {
                    DidNotRun::NotThere => CouldNot {
                        message: format!("{linter} is not on PATH"),
                        cure: Some(format!(
                            "install it, or hand in what it wrote elsewhere with --report: {command}"
                        )),
                    },
                    DidNotRun::Failed(why) => CouldNot {
                        message: format!("{linter} failed: {why}"),
                        cure: Some(format!("run it by hand, and hand in its report: {command}")),
                    },
                })?;
                (format!("what {linter} wrote"), text)
            }
        };
        adopt::read(&text)
            .map_err(|error| CouldNot { message: format!("{name} {error}"), cure: cure() })
    }
}

/// Where a file of the report lies here: at its own path, or below what is judged if the report was
/// written on another machine.
fn place_of(it: &Named, paths: &[PathBuf]) -> PathBuf {
    let own = it.absolute.iter().map(PathBuf::from);
    let folders = paths.iter().map(PathBuf::as_path).chain([Path::new(".")]);
    let below = folders.map(|folder| folder.join(&it.below));
    // Of a file that is judged by itself, the report has the name.
    let is_same = |path: &&PathBuf| path.file_name() == Path::new(&it.below).file_name();
    let mut places = own.chain(below).chain(paths.iter().filter(is_same).cloned());
    places.find(|it| it.is_file()).map(|it| real(&it)).unwrap_or_default()
}

/// A path from the root, links resolved.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| env::current_dir().unwrap_or_default().join(path))
}

fn text(linter: &str, compared: &Comparison<'_>) -> String {
    let mut out = String::new();
    for (their, verdict) in &compared.theirs {
        let address = their.address.as_deref().unwrap_or(&their.file.below);
        let at = format!("{}:{}", their.file.below, their.lines.start());
        match verdict {
            Verdict::Agree(all) => {
                out.push_str(&format!("agree: {} {address}\n  {at}: {}\n", their.id, their.name));
                all.iter().for_each(|it| out.push_str(&finding(it)));
            }
            Verdict::OnlyTheirs(why) => out.push_str(&format!(
                "only {linter}: {} {address}\n  {at}: {}\n  {why}\n",
                their.id, their.name
            )),
        }
    }
    for it in &compared.only_ours {
        let address = it.subjects.first().and_then(|it| it.address.as_deref());
        let address = address.unwrap_or(&it.place.start.path);
        out.push_str(&format!("only stanchion: {} {address}\n{}", it.rule, finding(it)));
    }
    out.push_str(&total(linter, compared));
    out
}

/// One of ours, with the way that the value came.
fn finding(it: &Finding) -> String {
    let message = it.message.replace(['\n', '\r'], " ");
    let mut out = format!("  {}: {}: {message}\n", it.place.start, it.rule);
    for step in &it.chain {
        out.push_str(&format!("    {}: {}\n", step.place.start, step.what));
    }
    out
}

/// The numbers, and what may be skipped.
fn total(linter: &str, compared: &Comparison<'_>) -> String {
    let counts = compared.counts();
    let agreed: usize = counts.values().map(|it| it.ours).sum();
    let all = compared.theirs.len();
    let only = compared.only_ours.len();
    let mut out = format!(
        "\nof {all} findings of {linter}'s, {agreed} agree and {} {}; {only} {} stanchion's own\n",
        all - agreed,
        if all - agreed == 1 { "is its own" } else { "are its own" },
        if only == 1 { "is" } else { "are" },
    );
    for (id, count) in counts.iter().filter(|(_, it)| it.ours > 0 && it.ours < it.all) {
        out.push_str(&format!("{id} stays: {} of its {} agree\n", count.ours, count.all));
    }
    match &compared.skip()[..] {
        [] => out.push_str(&format!("{linter} has no check of which all findings agree\n")),
        ids => out.push_str(&format!("{linter} --skip-check {}\n", ids.join(","))),
    }
    out
}

fn document(linter: &str, told: &Told, compared: &Comparison<'_>, ours: &Report) -> Value {
    let paths = &ours.paths;
    let finding = |it: &&Finding| output::as_json(it, paths);
    let theirs = compared.theirs.iter().map(|(it, verdict)| {
        let (name, agreed, why) = match verdict {
            Verdict::Agree(all) => ("agree", all.iter().map(finding).collect::<Vec<_>>(), None),
            Verdict::OnlyTheirs(why) => ("only-theirs", Vec::new(), Some(why)),
        };
        let (first, last) = (it.lines.start(), it.lines.end());
        let place = json!({ "path": it.file.below, "line": first, "end_line": last });
        json!({
            "verdict": name,
            "why": why,
            "theirs": { "id": it.id, "name": it.name, "address": it.address, "place": place },
            "ours": agreed,
        })
    });
    let counts = compared.counts().into_iter();
    let counts = counts.map(|(id, it)| json!({ "id": id, "findings": it.all, "agree": it.ours }));
    json!({
        "version": 1,
        "linter": { "name": linter, "version": told.version },
        "theirs": theirs.collect::<Vec<_>>(),
        "only_ours": compared.only_ours.iter().map(finding).collect::<Vec<_>>(),
        "ids": counts.collect::<Vec<_>>(),
        "skip": compared.skip(),
    })
}
