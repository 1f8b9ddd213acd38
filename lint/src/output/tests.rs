//! What no rule says yet: doubt, and how to mend something.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;
use stanchion_lang::{Source, Span, Workspace};

use super::FORMATS;
use crate::finding::{Confidence, Finding, Fix, Location, Report, Severity, Step, Subject};
use crate::terminal::Terminal;

/// What was written.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A finding in one file of a value in another, about which there is doubt and which can be mended.
fn report() -> Report {
    let texts = [("a.tf", "x = var.y\n"), ("b.tf", "one\n\n\n\ndefault = \"z\"\n")];
    let sources = texts.map(|(path, text)| Source::new(path, text.into()));
    let workspace = Workspace::new(sources);
    let at = |file: usize, start, end| {
        let file = workspace.files()[file].id();
        Location::of(&workspace, Span { file, start, end }).unwrap()
    };
    let finding = Finding {
        rule: "some-rule".into(),
        severity: Severity::Error,
        confidence: Confidence::Low,
        subjects: vec![Subject {
            root: Some(Arc::from(".")),
            address: Some(Arc::from("a.b")),
            variable_file: None,
        }],
        message: "is z".to_owned(),
        help: None,
        place: at(0, 4, 9),
        chain: vec![Step {
            place: at(1, 17, 20),
            what: "its value is written here".to_owned(),
            is_origin: true,
        }],
        fix: Some(Fix {
            what: "writes w".to_owned(),
            edits: vec![(at(1, 17, 20), "\"w\"".to_owned())],
        }),
        is_secret: false,
    };
    Report { findings: vec![finding], ..Report::default() }
}

fn written(format: &str) -> String {
    let paper = Paper::default();
    let mut terminal = Terminal { out: Box::new(paper.clone()), ..Terminal::of_process() };
    terminal.colours = false;
    terminal.width = 80;
    let format = FORMATS.iter().find(|it| it.name == format).unwrap();
    (format.write)(&report(), &mut terminal).unwrap();
    let bytes = paper.0.borrow().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn doubt_and_a_fix_are_told_to_people() {
    let text = written("text");
    assert!(text.starts_with("error[some-rule] (low confidence)\n"), "{text}");
    assert!(text.contains("\n  fix: writes w\n"), "{text}");
    let places: Vec<_> = text.lines().filter(|it| it.contains("─[")).map(str::trim).collect();
    assert_eq!(places, ["╭─[a.tf:1:5]", "╭─[b.tf:5:11]"], "{text}");
    assert!(text.contains("\n 5 │ default = \"z\"\n"), "{text}");
}

#[test]
fn a_fix_is_an_edit_for_programs() {
    let schema = serde_json::from_str(include_str!("../../../docs/findings.schema.json")).unwrap();
    let document: Value = serde_json::from_str(&written("json")).unwrap();
    jsonschema::validate(&schema, &document).unwrap();
    let finding = &document["findings"][0];
    assert_eq!(finding["confidence"], "low");
    assert_eq!(finding["fix"]["edits"][0]["text"], "\"w\"");
    assert_eq!(finding["fix"]["edits"][0]["place"]["line"], 5);

    let text = written("sarif");
    let document: Value = serde_json::from_str(&text).unwrap();
    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), document, "a field is not SARIF's");
    let change = &document["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "\"w\"");
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 5);
}
