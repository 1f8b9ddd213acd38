//! The pages of the rules are made from the rules, and their examples are linted.
//!
//! `UPDATE=1` writes the pages anew.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::path::Path;

use common::{folder, stanchion};
use stanchion::rules::{Entry, RULES};

#[test]
fn each_page_is_what_its_rule_says_and_the_linter_prints() {
    for rule in RULES {
        compare(&format!("{}.md", rule.id), &page(rule));
    }
}

#[test]
fn the_index_lists_all_rules() {
    let mut index = "# Rules\n\n| rule | severity | objects to |\n|---|---|---|\n".to_owned();
    for rule in RULES {
        let (id, severity, summary) = (rule.id, rule.severity.word(), rule.summary());
        index.push_str(&format!("| [{id}]({id}.md) | {severity} | {summary} |\n"));
    }
    index.push_str("\n`stanchion explain RULE` shows a page.\n");
    compare("README.md", &index);
}

#[test]
fn there_is_no_page_without_a_rule() {
    for entry in std::fs::read_dir(pages()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_known =
            name == "README.md" || RULES.iter().any(|it| name == format!("{}.md", it.id));
        assert!(is_known, "{name} belongs to no rule");
    }
}

#[test]
fn what_a_page_says_that_passes_does() {
    for rule in RULES {
        let examples = rule.examples("Passes");
        assert!(!examples.is_empty(), "{} has no example that passes", rule.id);
        for example in examples {
            let document = common::lint(&example);
            let counts = document["summary"]["rules"].as_array().unwrap();
            let count = counts.iter().find(|it| it["rule"] == rule.id).unwrap();
            assert_eq!((&count["failed"], &count["unknown"]), (&0.into(), &0.into()), "{example}");
            assert_ne!(count["passed"], 0, "{} does not look at {example}", rule.id);
        }
    }
}

#[test]
fn a_page_tells_of_each_setting_and_of_no_other() {
    for rule in RULES {
        let told: Vec<_> = rule.settings().into_iter().map(|(name, _)| name).collect();
        let there: Vec<_> = rule.defaults().into_iter().map(|(name, _)| name).collect();
        let mut sorted = told.clone();
        sorted.sort();
        assert_eq!(sorted, there, "{}", rule.id);
        for (name, what) in rule.settings() {
            assert!(!what.is_empty(), "{}: {name}", rule.id);
        }
    }
    let moving = RULES.iter().find(|it| it.id == "image-floating-tag").unwrap();
    assert_eq!(moving.settings()[0].1, "more words that move, beside those above");
    let peers = moving.peers();
    assert_eq!(peers[0], ("checkov".to_owned(), "CKV_K8S_14".to_owned()));
    assert_eq!(peers.len(), 4);
}

#[test]
fn a_rule_that_mends_something_tells_on_its_page_when_it_does() {
    let mut count = 0;
    for rule in RULES {
        for example in rule.examples("Fails") {
            let document = common::lint(&example);
            let findings = document["findings"].as_array().unwrap().iter();
            let has_fix =
                findings.filter(|it| it["rule"] == rule.id).any(|it| it["fix"].is_object());
            assert!(!has_fix || rule.page().contains("\n## Fix\n"), "{}", rule.id);
            count += usize::from(has_fix);
        }
    }
    assert_ne!(count, 0, "no example can be mended");
}

/// The rule's page with what the linter prints behind each example that fails.
fn page(rule: &Entry) -> String {
    let examples = rule.examples("Fails");
    assert!(!examples.is_empty(), "{} has no example that fails", rule.id);
    let mut page = format!("# {}\n\nSeverity: {}\n\n", rule.id, rule.severity.word());
    let text = rule.page();
    let (before, rest) = text.split_once("## Fails\n").unwrap();
    let end = rest.find("\n## ").unwrap();
    page.push_str(before);
    page.push_str("## Fails\n");
    for example in examples {
        let folder = folder(&[("main.tf", &example)]);
        let run = stanchion(folder.path(), &["lint"]);
        assert_eq!(run.status, 1, "{example}\n{}{}", run.out, run.err);
        assert!(run.out.contains(rule.id), "{example} is no example of {}:\n{}", rule.id, run.out);
        let lines = run.out.lines().map(|it| format!("{}\n", it.trim_end()));
        page.push_str(&format!(
            "\n```hcl\n{example}```\n\n```text\n{}```\n",
            lines.collect::<String>()
        ));
    }
    page.push_str(&rest[end..]);
    page
}

fn compare(name: &str, expected: &str) {
    let path = pages().join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(pages()).unwrap();
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{} is not up to date; UPDATE=1 writes it anew", path.display());
}

fn pages() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules")
}
