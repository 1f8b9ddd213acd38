//! The framework on every Terraform: families of cases, run and counted by version.
//!
//! `matrix [all | ends | VERSION …] [--family=WORDS] [--update]`: on every Terraform of `tests/parts/versions`, on the
//! oldest, the newest and OpenTofu, or on those that are named (`tofu` is OpenTofu's name). Prints
//! how many cases of each family passed and were skipped. Ends with status 1 if a case fails, or is
//! skipped that `tests/matrix/skips` does not name, or is named there and was not skipped;
//! `--update` writes that file anew. `--family` takes the families whose name has these words.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a case that can't go on has failed")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program for the terminal")]

mod deeds;
mod families;
mod features;
mod json;
mod skips;
mod suite;
mod table;

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use stanchion_tests::Terraform;

use families::FAMILIES;
use suite::{Outcome, Row};

/// A family on a Terraform.
pub(crate) struct Run {
    pub(crate) terraform: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) took: Duration,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (options, words): (Vec<&str>, Vec<&str>) =
        words.iter().map(String::as_str).partition(|it| it.starts_with("--"));
    let update = options.contains(&"--update");
    let family = options.iter().find_map(|it| it.strip_prefix("--family=")).unwrap_or_default();
    if let Some(wrong) = wrong_option(&options, family).or_else(|| wrong_version(&words)) {
        eprintln!("{wrong}");
        return ExitCode::FAILURE;
    }
    let terraforms = chosen(&words);
    suite::keep_panics();
    let began = Instant::now();
    let runs = run_all(&terraforms, family);
    let names: Vec<String> = terraforms.iter().map(shown).collect();
    println!("{}", table::table(&names, &runs));
    println!("{:.0} s in all", began.elapsed().as_secs_f64());
    let failed = report_failures(&runs);
    if !family.is_empty() {
        return if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let unexpected = match skips::judge(&names, &runs, update) {
        Ok(said) => {
            println!("{said}");
            false
        }
        Err(difference) => {
            eprintln!("{difference}");
            true
        }
    };
    if failed || unexpected { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What is wrong with the options: a misspelt one would run everything, or nothing.
fn wrong_option(options: &[&str], family: &str) -> Option<String> {
    let is_known = |it: &&&str| **it == "--update" || it.starts_with("--family=");
    if let Some(strange) = options.iter().find(|it| !is_known(it)) {
        return Some(format!("{strange} is no option: say --family=WORDS or --update"));
    }
    let names: Vec<&str> = FAMILIES.iter().map(|(name, _)| *name).collect();
    let is_any = names.iter().any(|name| name.contains(family));
    (!is_any).then(|| format!("no family is called {family:?}: there are {}", names.join(", ")))
}

fn wrong_version(words: &[&str]) -> Option<String> {
    let numbers = Terraform::numbers();
    let is_group = |it: &str| words.len() == 1 && ["all", "ends"].contains(&it);
    let is_known = |it: &str| it == "tofu" || is_group(it) || numbers.iter().any(|n| n == it);
    let strange = words.iter().find(|it| !is_known(it))?;
    let listed = numbers.join(", ");
    Some(format!("{strange} is no version of tests/parts/versions: there are {listed} and tofu"))
}

fn chosen(words: &[&str]) -> Vec<Terraform> {
    match words {
        [] | ["all"] => [Terraform::all(), vec![Terraform::tofu()]].concat(),
        ["ends"] => Terraform::edges().into(),
        versions => versions
            .iter()
            .map(|it| if *it == "tofu" { Terraform::tofu() } else { Terraform::version(it) })
            .collect(),
    }
}

/// What the table calls a Terraform.
fn shown(terraform: &Terraform) -> String {
    let name = if terraform.is_tofu() { "OpenTofu " } else { "" };
    format!("{name}{}", terraform.number())
}

/// Runs every family with these words in its name on every Terraform, as many at a time as there
/// are processors.
fn run_all(terraforms: &[Terraform], words: &str) -> Vec<Run> {
    // Built before the first needs it, so that no family's time has it.
    stanchion_tests::place::trial();
    let families = FAMILIES.iter().filter(|(name, _)| name.contains(words));
    let all = families.flat_map(|(name, run)| terraforms.iter().map(move |it| (name, run, it)));
    let queue: Mutex<VecDeque<_>> = Mutex::new(all.collect());
    let done = Mutex::new(Vec::new());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((name, run, terraform)) = next() {
                    let (rows, took) = run(terraform);
                    eprintln!("{:6.1} s  {name} on {}", took.as_secs_f64(), shown(terraform));
                    let run = Run { terraform: shown(terraform), rows, took };
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(run);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn report_failures(runs: &[Run]) -> bool {
    let mut failed = false;
    for run in runs {
        for row in &run.rows {
            if let Outcome::Failed(why) = &row.outcome {
                eprintln!("FAILED on {}: {}: {}\n{why}\n", run.terraform, row.family, row.case);
                failed = true;
            }
        }
    }
    failed
}
