//! What the oldest Terraform makes otherwise than the newest: each such thing is listed in
//! `differences.txt`, once, with the reason.

use std::cell::Cell;

use stanchion_tests::repository;

/// The lines of the list for one kind of case.
pub(crate) struct Differences {
    lines: Vec<Line>,
}

struct Line {
    /// What stands in each case that differs.
    word: String,
    /// How the oldest refuses it, or `value`.
    oldest: String,
    is_shown: Cell<bool>,
}

impl Differences {
    /// The lines of a kind: `expression` or `tree`.
    pub(crate) fn of(kind: &str) -> Self {
        let file = repository().join("tests/oracle/differences.txt");
        let text = std::fs::read_to_string(file).unwrap();
        let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
        let lines = lines.filter_map(|line| {
            let columns: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let [of, word, oldest, _why] = columns[..] else { panic!("{line:?} has no reason") };
            let is_shown = Cell::new(false);
            (of == kind).then(|| Line { word: word.into(), oldest: oldest.into(), is_shown })
        });
        Self { lines: lines.collect() }
    }

    /// Whether a case that differs is listed, and with it that the oldest refuses it in these short
    /// words, or in none.
    pub(crate) fn explain(&self, case: &str, oldest: Option<&[String]>) -> bool {
        let is_so = |line: &&Line| match oldest {
            Some(causes) => causes.iter().any(|it| it.starts_with(&line.oldest)),
            None => line.oldest == "value",
        };
        let found = self.lines.iter().filter(|it| case.contains(&it.word)).find(is_so);
        found.inspect(|it| it.is_shown.set(true)).is_some()
    }

    /// The lines that no case has shown.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let unseen = self.lines.iter().filter(|it| !it.is_shown.get());
        unseen
            .map(|it| format!("{} ({}) is listed, and no case shows it", it.word, it.oldest))
            .collect()
    }
}
