//! That the workflows are workflows: by GitHub's published schema, and by its own parser.

use std::process::{Command, Output};

use stanchion_tests::{page_is, repository};

use super::{FOLDER, corpus};

/// What GitHub's parser, of the version that the tests install, does not know yet or no more, though the
/// schema has it; and nothing else may stand there.
const REFUSED: &str = "tests/imports/refused.txt";

#[test]
fn each_workflow_is_good_by_the_schema() {
    assert!(corpus().len() >= 60, "{}", corpus().len());
    let mut command = Command::new(program("python-program", &["check-jsonschema"]));
    command.args(["--builtin-schema", "vendor.github-workflows"]);
    command.args(corpus().iter().map(|(name, _)| format!("{FOLDER}/{name}.yml")));
    let output = command.current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
fn each_workflow_is_good_to_githubs_parser_but_for_what_it_does_not_know() {
    let checker = program("workflow-checker", &[]);
    let mut command = Command::new("node");
    command.arg(checker).arg("provider/model/data/action-pins.json").arg(FOLDER);
    let output = command.current_dir(repository()).output().unwrap();
    let said = told(&output);
    // The other lines are advice to whoever edits the file.
    let lines = said.lines().filter_map(|it| it.split_once(": parser: ")?.1.split_once(" ("));
    let lines: Vec<String> = lines
        .map(|(name, what)| {
            let what = what.split_once("): ").map_or(what, |(_, it)| it);
            format!("{name}: {what}\n")
        })
        .collect();
    page_is(REFUSED, &lines.concat());
}

/// The path that a script of `tests/parts` prints.
pub(crate) fn program(script: &str, words: &[&str]) -> String {
    let mut command = Command::new(repository().join("tests/parts").join(script));
    let output = command.args(words).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn told(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts.map(|it| String::from_utf8_lossy(it).into_owned()).concat()
}
