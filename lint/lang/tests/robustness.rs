//! No text whatever ends the program: it is read, or it is a fault.

use proptest::prelude::*;
use stanchion_lang::{Source, Workspace};

const NAMES: &[&str] = &[
    "main.tf",
    "override.tf",
    "main.tf.json",
    "x.auto.tfvars",
    "x.auto.tfvars.json",
    ".terraform.lock.hcl",
    ".terraform/modules/modules.json",
];

const WORDS: &[&str] = &[
    "a",
    "b",
    "for",
    "in",
    "if",
    "null",
    "true",
    "1",
    "1.5",
    "1e9",
    "0.0",
    "=",
    "==",
    "=>",
    ":",
    "::",
    "?",
    ",",
    ".",
    "...",
    "*",
    "+",
    "-",
    "!",
    "&&",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "${",
    "${~",
    "~}",
    "%{",
    "%{ if a }",
    "%{ else }",
    "%{ endif }",
    "%{ for a in b }",
    "%{ endfor }",
    "$${",
    "\\",
    "\\u00e9",
    "\\ud83d",
    "<<E\n",
    "<<-E\n",
    "\nE\n",
    "  E\n",
    "E E",
    "\n",
    "\r\n",
    "\t",
    " ",
    "# c\n",
    "// c",
    "/*",
    "*/",
    "é",
    "🙂",
    "\u{feff}",
    "\u{200d}",
    "\0",
    "resource \"a\" \"b\" {\n",
    "locals {",
    "variable",
    "module \"m\" {\n source = \"./m\" }\n",
    "dynamic",
    "terraform {\nbackend \"x\" {}\n}\n",
    "{\"locals\":",
    "\"resource\": {",
    "\"a\": ",
    "\"//\": ",
    "{\"a\": \"${b}\"}",
    "lifecycle {\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_the_languages_words_are_read_or_faults(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..40),
    ) {
        read_all(&words.concat());
    }

    #[test]
    fn any_text_is_read_or_a_fault(text in any::<String>()) {
        read_all(&text);
    }
}

#[test]
fn what_is_too_deep_is_a_fault() {
    let many = 50_000;
    for (name, before, deep, after) in [
        ("main.tf", "x = ", "(", ""),
        ("main.tf", "x = ", "[", ""),
        ("main.tf", "x = ", "{ a = ", ""),
        ("main.tf", "x = ", "{ for a in ", ""),
        ("main.tf", "x = ", "!", "a"),
        ("main.tf", "x = ", "-", "1"),
        ("main.tf", "x = ", "f(", ""),
        ("main.tf", "x = ", "a[", ""),
        ("main.tf", "x = ", "a ? a : ", "a"),
        ("main.tf", "x = a", "?a", ":a"),
        ("main.tf", "x = 1", " + 1", ""),
        ("main.tf", "x = a", ".b", ""),
        ("main.tf", "x = a", "[0]", ""),
        ("main.tf", "x = a", "[*]", ""),
        ("main.tf", "x = ", "\"${", ""),
        ("main.tf", "x = \"", "%{ if a }", "\""),
        ("main.tf", "x = ", "<<E\n${", ""),
        ("main.tf", "", "a {\n", ""),
        ("main.tf.json", "", "[", ""),
        ("main.tf.json", "", "{\"a\":", ""),
        ("main.tf.json", "{\"locals\": {\"a\": \"", "${[", "\"}}"),
        ("terraform.tfvars", "x = ", "[", ""),
    ] {
        let text = format!("{before}{}{after}\n", deep.repeat(many));
        let workspace = Workspace::new([Source::new(name, text.into_bytes())]);
        assert_eq!(workspace.faults().len(), 1, "{name} {before}{deep}");
    }
}

#[test]
fn what_is_as_deep_as_may_be_is_read() {
    let (open, close) = ("[".repeat(60), "]".repeat(60));
    for text in [
        format!("locals {{\n  a = {open}{close}\n}}\n"),
        format!("locals {{\n  a = b{}\n}}\n", ".c".repeat(200)),
        format!("locals {{\n  a = 1{}\n}}\n", " + 1".repeat(128)),
    ] {
        let workspace = Workspace::new([Source::new("main.tf", text.into_bytes())]);
        assert_eq!(workspace.faults(), []);
        assert!(workspace.module("").unwrap().locals.contains_key("a"));
    }
    let json = format!("{{\"locals\": {{\"a\": {}1{}}}}}", "[".repeat(200), "]".repeat(200));
    let workspace = Workspace::new([Source::new("main.tf.json", json.into_bytes())]);
    assert_eq!(workspace.faults(), []);
}

/// Reads a text as each kind of file; places are told, and lie in the text.
fn read_all(text: &str) {
    let sources = NAMES.iter().map(|name| Source::new(*name, text.as_bytes().to_vec()));
    let workspace = Workspace::new(sources);
    for fault in workspace.faults() {
        assert!(fault.span.end as usize <= text.len(), "{fault:?}");
        assert!(text.is_char_boundary(fault.span.start as usize), "{fault:?}");
        assert!(workspace.place(fault.span).is_some());
    }
}
