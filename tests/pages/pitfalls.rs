//! The list of pitfalls names what is there, and each cure can be taken out.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use stanchion_tests::repository;

#[test]
fn every_pitfall_has_a_cure_and_a_test_that_are_there() {
    let rows = rows();
    let numbers: Vec<u32> = rows.iter().map(|it| it.number).collect();
    assert_eq!(numbers, (1..=36).collect::<Vec<_>>());
    for row in rows {
        for file in row.cures {
            let found = ["provider/framework/src", ""]
                .iter()
                .any(|folder| repository().join(folder).join(&file).exists());
            assert!(found, "{file} is not there");
        }
        assert!(!row.tests.is_empty(), "{} has no test", row.number);
        for test in row.tests {
            let name = test.rsplit("::").next().unwrap_or_default();
            let is_there = |file: &PathBuf| {
                let source = fs::read_to_string(file).unwrap_or_default();
                source.contains(&format!("fn {name}()"))
            };
            assert!(sources(&test).iter().any(is_there), "{test} is not there");
        }
    }
}

#[test]
fn every_cure_can_be_taken_out_and_has_a_test_that_sees_it() {
    let (rows, mutants) = (rows(), mutants());
    for mutant in &mutants {
        let Mutant { row, cure, file, find, tests } = mutant;
        let text = fs::read_to_string(repository().join(file)).unwrap_or_default();
        let times = text.matches(find.as_str()).count();
        assert_eq!(times, 1, "{row}: {cure}: how often {file} holds what is to be taken out");
        let named = rows.iter().find(|it| it.number == *row).map_or(&[][..], |it| &it.tests);
        assert!(!tests.is_empty(), "{row}: {cure}: has no test");
        for test in tests {
            assert!(named.contains(test), "{row}: {cure}: the row does not name {test}");
        }
    }
    for row in rows {
        let seen: BTreeSet<&String> =
            mutants.iter().filter(|it| it.row == row.number).flat_map(|it| &it.tests).collect();
        for test in &row.tests {
            assert!(seen.contains(test), "row {}: {test} sees no cure taken out", row.number);
        }
    }
}

/// A row of the table.
struct Row {
    number: u32,
    cures: Vec<String>,
    tests: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(repository().join("docs/pitfalls.md")).expect("the page");
    let cells = text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let row = |cells: Vec<&str>| match cells[..] {
        [_, number, _, cures, tests, _] => {
            let number = number.parse().ok()?;
            Some(Row { number, cures: quoted(cures), tests: quoted(tests) })
        }
        _ => None,
    };
    cells.filter_map(row).collect()
}

/// What stands in backquotes.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The files in which a test may stand, by its name in the table.
fn sources(test: &str) -> Vec<PathBuf> {
    let (first, rest) = test.split_once("::").unwrap_or((test, ""));
    let root = match first {
        "documents" => {
            let file = rest.split("::").next().unwrap_or_default();
            return vec![repository().join("tests/documents").join(format!("{file}.rs"))];
        }
        "provider" => "provider/src",
        _ if !test.contains("tests::") => {
            let folder = match first.strip_prefix("plugin_") {
                Some(_) => "provider/framework/tests",
                None => "tests/framework",
            };
            return vec![repository().join(folder).join(format!("{first}.rs"))];
        }
        "cty" => "proto/cty/src",
        "derive" => "proto/cty/derive/src",
        _ => "provider/framework/src",
    };
    let inside = if root == "provider/framework/src" { test } else { rest };
    let modules = inside.rsplit_once("::").map_or("", |(modules, _)| modules).replace("::", "/");
    // The tests of a file may stand in it.
    let around = modules.rsplit_once('/').map_or("lib", |(around, _)| around);
    [modules.as_str(), around].map(|it| repository().join(root).join(format!("{it}.rs"))).into()
}

/// A cure that `tests/mutants/mutants.py` takes out.
#[derive(Default)]
struct Mutant {
    row: u32,
    cure: String,
    file: String,
    find: String,
    tests: Vec<String>,
}

/// The list, in the form that its head and `tests/mutants/mutants.py` say.
fn mutants() -> Vec<Mutant> {
    let text = fs::read_to_string(repository().join("tests/mutants/list.txt")).expect("the list");
    let mut mutants: Vec<Mutant> = Vec::new();
    for line in text.lines().filter(|it| !it.starts_with(['#', '+'])) {
        let begun = line.split_once(": ").and_then(|(row, cure)| Some((row.parse().ok()?, cure)));
        if let Some((row, cure)) = begun {
            mutants.push(Mutant { row, cure: cure.to_owned(), ..Mutant::default() });
            continue;
        }
        let Some(mutant) = mutants.last_mut() else { continue };
        if let Some(file) = line.strip_prefix("in ") {
            mutant.file = file.to_owned();
        } else if let Some(test) = line.strip_prefix("by ") {
            mutant.tests.push(test.to_owned());
        } else if let Some(text) = line.strip_prefix('-') {
            if !mutant.find.is_empty() {
                mutant.find.push('\n');
            }
            mutant.find.push_str(text.strip_prefix(' ').unwrap_or_default());
        }
    }
    mutants
}
