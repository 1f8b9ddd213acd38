//! The list of pitfalls names what is there.

use std::fs;

use stanchion_tests::repository;

#[test]
fn every_pitfall_has_a_cure_and_a_test_that_are_there() {
    let text = fs::read_to_string(repository().join("docs/pitfalls.md")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells.len() == 6 && cells[1].parse::<u32>().is_ok())
        .collect();
    let numbers: Vec<u32> = rows.iter().filter_map(|cells| cells[1].parse().ok()).collect();
    assert_eq!(numbers, (1..=26).collect::<Vec<_>>());
    for cells in rows {
        for file in quoted(cells[3]) {
            let found = ["provider/framework/src", ""]
                .iter()
                .any(|folder| repository().join(folder).join(file).exists());
            assert!(found, "{file} is not there");
        }
        let tests = quoted(cells[4]);
        assert!(!tests.is_empty(), "{} has no test", cells[1]);
        for test in tests {
            let (file, name) = test.split_once("::").unwrap();
            let folder = match file.strip_prefix("plugin_") {
                Some(_) => "provider/framework/tests",
                None => "tests/framework",
            };
            let file = repository().join(folder).join(format!("{file}.rs"));
            let source = fs::read_to_string(&file).unwrap_or_default();
            assert!(source.contains(&format!("fn {name}()")), "{test} is not there");
        }
    }
}

/// What stands in backquotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}
