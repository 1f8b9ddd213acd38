//! Which cases are skipped: those that are listed, and no other.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use stanchion_tests::repository;

use crate::Run;
use crate::suite::Outcome;

/// Compares what was skipped with the list, or writes the list. Says which features were the reason.
pub(crate) fn judge(terraforms: &[String], runs: &[Run], update: bool) -> Result<String, String> {
    let found: BTreeSet<String> = runs.iter().flat_map(skipped).collect();
    let file = repository().join("tests/matrix/skips.txt");
    let text = fs::read_to_string(&file).map_err(|it| format!("{}: {it}", file.display()))?;
    let is_run = |line: &str| terraforms.iter().any(|it| line.starts_with(&format!("{it}: ")));
    let lines = text.lines().filter(|it| !it.starts_with('#')).map(str::to_owned);
    let (mut listed, of_others): (BTreeSet<String>, BTreeSet<String>) =
        lines.partition(|it| is_run(it));
    if update {
        listed.clone_from(&found);
        let all = listed.union(&of_others).map(|it| format!("{it}\n")).collect::<String>();
        fs::write(&file, format!("{HEADER}{all}"))
            .map_err(|it| format!("{}: {it}", file.display()))?;
    }
    let mut difference = String::new();
    for it in found.difference(&listed) {
        let _ = writeln!(difference, "skipped, and not listed: {it}");
    }
    for it in listed.difference(&found) {
        let _ = writeln!(difference, "listed, and not skipped: {it}");
    }
    if difference.is_empty() {
        Ok(format!("{} skipped, as tests/matrix/skips.txt lists them", found.len()))
    } else {
        Err(difference)
    }
}

const HEADER: &str = "# The cases that are skipped, each with the feature that the version lacks. Written by\n\
                      # `make matrix UPDATE=1`; any other skip fails the matrix.\n";

fn skipped(run: &Run) -> impl Iterator<Item = String> {
    run.rows.iter().filter_map(|row| match row.outcome {
        Outcome::Skipped(feature) => {
            Some(format!("{}: {}: {}: {}", run.terraform, feature.name, row.family, row.case))
        }
        Outcome::Passed | Outcome::Failed(_) => None,
    })
}
