//! What each format writes about the example with a fault for each rule, to the byte. A file has the
//! ending that the programs which read it want.
//!
//! `UPDATE=1` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::stanchion;
use stanchion::rules::RULES;

/// Formats, and files of what they write.
const FILES: &[(&str, &str)] = &[
    ("text", "text.txt"),
    ("compact", "compact.txt"),
    ("json", "json.json"),
    ("sarif", "sarif.sarif"),
    ("junit", "junit.xml"),
    ("github", "github.txt"),
    ("gitlab", "gitlab.json"),
    ("markdown", "markdown.md"),
];

#[test]
fn each_format_writes_what_its_file_has() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = here.join("../examples/infra-broken");
    for (format, file) in FILES {
        let run = stanchion(&example, &["lint", "--format", format]);
        assert_eq!((run.status, run.err.as_str()), (1, ""), "{format}");
        for rule in RULES {
            assert!(run.out.contains(rule.id), "{format} says nothing of {}", rule.id);
        }
        let path = here.join("tests/golden").join(file);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &run.out).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(run.out, expected, "{file} is not up to date; UPDATE=1 writes it anew");
    }
}

#[test]
fn no_format_is_without_a_file_and_no_file_without_a_format() {
    let help = stanchion(Path::new("."), &["lint", "--help"]).out;
    let (_, formats) = help.split_once("How to write the findings").unwrap();
    let (formats, _) = formats.split_once("[default").unwrap();
    let listed: Vec<_> =
        formats.lines().filter_map(|it| it.trim().strip_prefix("- ")?.split(':').next()).collect();
    assert_eq!(listed, FILES.iter().map(|(format, _)| *format).collect::<Vec<_>>());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let there = std::fs::read_dir(folder).unwrap();
    let there: BTreeSet<String> =
        there.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, FILES.iter().map(|(_, file)| (*file).to_owned()).collect());
}
