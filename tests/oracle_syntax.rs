//! Which texts are Terraform's language: ours and real Terraforms accept and refuse the same.
#![expect(clippy::unwrap_used, reason = "its helpers fail the tests that call them")]

#[path = "oracle_syntax/folders.rs"]
mod folders;
#[path = "oracle_syntax/spans.rs"]
mod spans;
#[path = "oracle_syntax/values.rs"]
mod values;

use std::collections::BTreeSet;
use std::fs;

use stanchion_lang::{Fault, Source, Workspace as Read};
use stanchion_tests::{Terraform, Workspace, repository};

/// A text, and what it is named after.
struct Case {
    name: String,
    text: String,
}

#[test]
fn terraform_and_we_accept_and_refuse_the_same_texts() {
    let cases = cases();
    assert!(cases.len() > 900, "{} cases", cases.len());
    let ours: Vec<Option<String>> = cases.iter().map(|it| fault(&it.text)).collect();
    for terraform in [Terraform::oldest(), Terraform::newest()] {
        let refused = refused(&terraform, &cases);
        let number = terraform.number();
        assert!(refused.len() > 200 && cases.len() - refused.len() > 400, "{}", refused.len());
        let differing: Vec<String> = (0..cases.len())
            .filter(|at| refused.contains(at) != ours[*at].is_some())
            .map(|at| match &ours[at] {
                Some(why) => format!("{}\n    accepted by {number}, ours: {why}", cases[at].name),
                None => format!("{}\n    refused by {number}", cases[at].name),
            })
            .collect();
        let all = cases.len();
        assert!(differing.is_empty(), "{} of {all}:\n{}", differing.len(), differing.join("\n"));
    }
}

/// What is wrong with a text. That an argument stands outside of any block is no matter of syntax.
fn fault(text: &str) -> Option<String> {
    let workspace = Read::new([Source::new("main.tf", text.as_bytes().to_vec())]);
    let is_syntax = |it: &&Fault| !it.message.contains("outside of any block");
    let fault = workspace.faults().iter().find(is_syntax)?;
    let place = workspace.place(fault.span).unwrap();
    Some(format!("{place}: {}", fault.message))
}

/// The cases that `terraform fmt` can't read, by their numbers.
fn refused(terraform: &Terraform, cases: &[Case]) -> BTreeSet<usize> {
    let workspace = Workspace::new(terraform);
    for (at, case) in cases.iter().enumerate() {
        workspace.write(format!("c{at}.tf"), &case.text);
    }
    let printed = workspace.run(["fmt", "-check", "-list=false"]).both();
    let files = printed.split("on c").skip(1).filter_map(|it| it.split_once(".tf line "));
    files.filter_map(|(number, _)| number.parse().ok()).collect()
}

/// One case for each line of the lists. ⏎ stands for a line feed, ␍ for a carriage return, ␉ for a
/// tab, ␋ and ␌ for the other white space, ␠ for a space, ␀ for a null, ␂ for a byte order mark; ␄
/// at the end for a file without a last line feed.
fn cases() -> Vec<Case> {
    let mut files: Vec<_> = fs::read_dir(repository().join("tests/oracle/syntax"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "txt"))
        .collect();
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let list = file.file_stem().unwrap().to_string_lossy().into_owned();
        for line in fs::read_to_string(&file).unwrap().lines() {
            if line.is_empty() || line.starts_with("# Each line") {
                continue;
            }
            let mut text = if list == "bodies" { String::new() } else { "x = ".to_owned() };
            text.extend(line.chars().map(|it| match it {
                '⏎' => '\n',
                '␍' => '\r',
                '␉' => '\t',
                '␋' => '\u{b}',
                '␌' => '\u{c}',
                '␠' => ' ',
                '␀' => '\0',
                '␂' => '\u{feff}',
                it => it,
            }));
            match text.strip_suffix('␄') {
                Some(it) => text = it.to_owned(),
                None => text.push('\n'),
            }
            out.push(Case { name: format!("{list}: {line}"), text });
        }
    }
    out
}
