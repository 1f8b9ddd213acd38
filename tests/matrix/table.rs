//! How many cases passed and were skipped, by family and version.

use std::fmt::Write as _;
use std::time::Duration;

use crate::Run;
use crate::suite::Outcome;

/// The table as Markdown: a row for each family, in the order of the list, and one for the sums and
/// the processor's time.
pub(crate) fn table(terraforms: &[String], runs: &[Run]) -> String {
    let mut families: Vec<&str> = Vec::new();
    for family in runs.iter().filter_map(|it| it.rows.first()).map(|it| it.family) {
        if !families.contains(&family) {
            families.push(family);
        }
    }
    families.sort_unstable();
    let mut out = format!("| family | cases | {} |\n", terraforms.join(" | "));
    let _ = writeln!(out, "|---|---|{}", "---|".repeat(terraforms.len()));
    for family in &families {
        let of_family = |it: &&Run| it.rows.first().is_some_and(|row| row.family == *family);
        let cases = runs.iter().find(of_family).map_or(0, |it| it.rows.len());
        let cells = terraforms.iter().map(|name| {
            Count::of(runs.iter().filter(of_family).filter(|it| it.terraform == *name)).to_string()
        });
        let _ = writeln!(out, "| {family} | {cases} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    let all = |name: &String| {
        runs.iter().filter(|it| it.terraform == *name).collect::<Vec<_>>().into_iter()
    };
    let cases: usize = terraforms.first().map_or(0, |name| all(name).map(|it| it.rows.len()).sum());
    let sums = terraforms.iter().map(|name| Count::of(all(name)).to_string());
    let _ = writeln!(out, "| all | {cases} | {} |", sums.collect::<Vec<_>>().join(" | "));
    let times = terraforms.iter().map(|name| {
        format!("{:.0} s", all(name).map(|it| it.took).sum::<Duration>().as_secs_f64())
    });
    let _ = write!(out, "| time | | {} |", times.collect::<Vec<_>>().join(" | "));
    out
}

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Count {
    fn of<'a>(runs: impl Iterator<Item = &'a Run>) -> Self {
        let mut count = Self::default();
        for row in runs.flat_map(|it| &it.rows) {
            match row.outcome {
                Outcome::Passed => count.passed += 1,
                Outcome::Failed(_) => count.failed += 1,
                Outcome::Skipped(_) => count.skipped += 1,
            }
        }
        count
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.passed)?;
        if self.failed > 0 {
            write!(f, ", {} FAILED", self.failed)?;
        }
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}
