//! Workflows that somebody else wrote: what of them is held, and that everything else is named.
//!
//! `imports/workflows/` uses every key and every alternative of GitHub's published schema. What an import
//! makes of each stands beside it in `imports/held/`, which `UPDATE=1` writes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use stanchion_cty::schema::Block;
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, Item, emit, parse};
use stanchion_cty::{Kind, Number, Path, Value};
use stanchion_model::{Document, Found, Pipeline, in_one_spelling};
use stanchion_tests::{page_is, repository};

#[path = "imports/checkers.rs"]
mod checkers;
#[path = "imports/patch.rs"]
mod patch;
#[path = "imports/schema.rs"]
mod schema;
#[path = "imports/terraform.rs"]
mod terraform;

/// The folder of the workflows.
const FOLDER: &str = "tests/imports/workflows";

/// The workflows, by their names.
fn corpus() -> Vec<(String, Found)> {
    let mut names: Vec<String> = fs::read_dir(repository().join(FOLDER))
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let one = |file: &String| {
        let name = file.strip_suffix(".yml").unwrap().to_owned();
        let text = fs::read_to_string(repository().join(FOLDER).join(file)).unwrap();
        (name, Found { address: format!(".github/workflows/{file}"), text })
    };
    names.iter().map(one).collect()
}

fn imported(found: &Found) -> Pipeline {
    Pipeline::observe(None, found).document
}

#[test]
fn what_is_held_of_each_workflow_and_what_is_not_stands_beside_it() {
    let mut held = 0;
    let mut named = 0;
    for (name, found) in corpus() {
        let observed = Pipeline::observe(None, &found);
        let value = observed.document.encode_value();
        let mut text = String::from("# held\n");
        for attribute in Pipeline::object().attributes.iter().filter(|it| it.is_configurable()) {
            let path = Path::root().attribute(attribute.name.to_string());
            write_held(value.get(&attribute.name).unwrap(), &path, &mut text);
        }
        held += text.lines().count() - 1;
        text.push_str("# only a configuration can hold\n");
        for path in &observed.only_configured {
            writeln!(text, "{path}").unwrap();
        }
        text.push_str("# unmanaged\n");
        let unmanaged = unmanaged(&observed.document);
        named += unmanaged.len();
        for (path, line) in unmanaged {
            writeln!(text, "{path}: {line}").unwrap();
        }
        page_is(&format!("tests/imports/held/{name}.txt"), &text);
    }
    println!("{held} values held, {named} named as unmanaged");
}

/// Each value that is there, on a line.
fn write_held(value: &Value, path: &Path, out: &mut String) {
    if value.is_null() {
        return;
    }
    match value.kind() {
        Kind::Object(it) => {
            it.iter().for_each(|(name, it)| write_held(it, &path.attribute(name.clone()), out));
        }
        Kind::Map(_, it) => {
            it.iter().for_each(|(key, it)| write_held(it, &path.key(key.clone()), out));
        }
        Kind::List(_, it) | Kind::Set(_, it) => {
            it.iter().enumerate().for_each(|(i, it)| write_held(it, &path.index(i), out));
        }
        Kind::String(it) => writeln!(out, "{path} = {it:?}").unwrap(),
        Kind::Number(it) => writeln!(out, "{path} = {it}").unwrap(),
        Kind::Bool(it) => writeln!(out, "{path} = {it}").unwrap(),
        it => panic!("{path} is {it:?}"),
    }
    if value.is_primitive() {
        return;
    }
    if value.parts().next().is_none() && !matches!(value.kind(), Kind::Object(_)) {
        writeln!(out, "{path} is empty").unwrap();
    }
}

fn unmanaged(pipeline: &Pipeline) -> BTreeMap<String, String> {
    pipeline.held().unmanaged.known().unwrap().clone()
}

#[test]
fn what_is_rendered_and_what_is_unmanaged_are_the_whole_workflow() {
    for (name, found) in corpus() {
        let pipeline = imported(&found);
        let rendered = pipeline.render().text().into_known().unwrap();
        let mut whole = parse(&rendered, Dialect::Core).unwrap();
        for (path, line) in unmanaged(&pipeline) {
            patch::apply(&mut whole, &path, &line);
        }
        let spelled = |it: &Node| {
            let text = emit(&Item::from(&in_one_spelling(it)));
            Found { text, ..found.clone() }.sha256()
        };
        assert_eq!(spelled(&whole), spelled(&found.node().unwrap()), "{name}: {whole:#?}");
    }
}

#[test]
fn what_was_imported_is_observed_as_it_is() {
    for (name, found) in corpus() {
        let pipeline = imported(&found);
        let again = Pipeline::observe(Some(&pipeline), &found).document;
        assert_eq!(again.encode_value(), pipeline.encode_value(), "{name}");
        // What was imported is written over what was found, and then nothing is left over.
        let tree = pipeline.render();
        let (address, text) = (tree.address.into_known().unwrap(), tree.content.known().map(emit));
        assert_eq!(address, found.address, "{name}");
        let written = Found { address, text: text.unwrap() };
        let after = Pipeline::observe(Some(&pipeline), &written).document;
        assert_eq!(unmanaged(&after), BTreeMap::new(), "{name}");
        assert_eq!(after.render(), pipeline.render(), "{name}");
    }
}

#[test]
fn a_change_of_any_leaf_is_seen_beside_the_text() {
    let mut count = 0;
    for (name, found) in corpus() {
        let node = found.node().unwrap();
        let of = |node: &Node| {
            let mut pipeline = imported(&Found { text: emit(&Item::from(node)), ..found.clone() });
            pipeline.held_mut().content = "".into();
            pipeline.held_mut().sha256 = "".into();
            pipeline.encode_value()
        };
        let whole = of(&node);
        for number in 0.. {
            let mut edited = node.clone();
            let mut left = number;
            if !edit(&mut edited, &mut left) {
                break;
            }
            assert_ne!(of(&edited), whole, "{name}, leaf {number} is not seen:\n{edited:?}");
            count += 1;
        }
    }
    println!("{count} leaves were changed, and each was seen");
}

/// Changes the leaf of that number; false if there are fewer.
fn edit(node: &mut Node, left: &mut usize) -> bool {
    node.data = match &mut node.data {
        Data::List(items) if !items.is_empty() => return items.iter_mut().any(|it| edit(it, left)),
        Data::Map(entries) if !entries.is_empty() => {
            return entries.iter_mut().any(|it| edit(&mut it.value, left));
        }
        _ if *left > 0 => {
            *left -= 1;
            return false;
        }
        Data::String(it) => Data::String(format!("{it}x").into()),
        Data::Bool(it) => Data::Bool(!*it),
        Data::Number { .. } => {
            Data::Number { number: Number::from(987_654), text: "987654".into() }
        }
        Data::Null | Data::List(_) | Data::Map(_) | Data::Tagged { .. } => Data::String("x".into()),
    };
    true
}
