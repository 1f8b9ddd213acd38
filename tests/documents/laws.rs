//! The laws of documents, held against every kind of them.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use stanchion_cty::schema::{AttributeKind, Leaf, Nesting, Object, decode_object};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, parse};
use stanchion_cty::{Kind, Path, Step, Value};
use stanchion_model::{Document, Found, Held};
use stanchion_tests::arbitrary::texts;
use terraform_provider_stanchion::{ForDocument, each_document};

use super::generating::documents;

/// Holds a law against every document of every kind.
macro_rules! law {
    ($name:ident, $law:ident) => {
        #[test]
        fn $name() {
            struct Law;
            impl ForDocument for Law {
                fn document<D: Document>(&mut self) {
                    documents::<D>().into_iter().for_each($law);
                }
            }
            each_document(&mut Law);
        }
    };
}

#[test]
fn every_attribute_of_every_document_is_generated() {
    struct Law;
    impl ForDocument for Law {
        fn document<D: Document>(&mut self) {
            let values: Vec<Value> = documents::<D>().iter().map(D::encode_value).collect();
            let values: Vec<&Value> = values.iter().collect();
            let missing = unsaid(&D::object(), &values, D::TYPE);
            assert!(missing.is_empty(), "never said, or always the same: {missing:?}");
        }
    }
    each_document(&mut Law);
}

/// The attributes that a configuration may say, and that none of the values says, or all alike.
fn unsaid(object: &Object, values: &[&Value], path: &str) -> Vec<String> {
    let configurable = object.attributes.iter().filter(|it| it.is_configurable());
    let each = configurable.flat_map(|it| {
        let said: Vec<&Value> = values.iter().filter_map(|value| value.get(&it.name)).collect();
        let path = format!("{path}.{}", it.name);
        match &it.kind {
            AttributeKind::Plain(_) => {
                let mut some = said.iter().filter(|it| !it.is_null());
                let first = some.next();
                // Of what has a form, an example is enough.
                let is_said = first.is_some() && !it.checks.is_empty();
                if is_said || some.any(|it| Some(it) != first) { Vec::new() } else { vec![path] }
            }
            AttributeKind::Nested(Nesting::Single, inner) => unsaid(inner, &said, &path),
            AttributeKind::Nested(_, inner) => {
                let parts: Vec<&Value> = said.iter().flat_map(|it| it.parts()).collect();
                unsaid(inner, &parts, &path)
            }
        }
    });
    each.collect()
}

law!(what_was_rendered_is_observed_as_it_was_said, rendered);
fn rendered<D: Document>(document: D) {
    let (document, found) = applied(document);
    let observed = D::observe(Some(&document), &found);
    assert_eq!(observed.document.encode_value(), document.encode_value(), "{}", found.text);
    assert!(observed.only_configured.is_empty(), "{}", found.text);
}

law!(comments_the_order_of_keys_quoting_and_line_ends_are_no_drift, respelled);
fn respelled<D: Document>(document: D) {
    let (document, found) = applied(document);
    let node = found.node().unwrap();
    let flow = format!("# above\n{} # beside\n# below\n", reversed(&node));
    for text in [flow, found.text.replace('\n', "\r\n"), format!("---\n{}...\n", found.text)] {
        let found = Found { text, ..found.clone() };
        let observed = D::observe(Some(&document), &found).document;
        assert_eq!(observed.encode_value(), document.encode_value(), "{}", found.text);
    }
}

law!(an_import_and_what_it_lists_as_missing_are_the_whole_configuration, imported);
fn imported<D: Document>(document: D) {
    let (document, found) = applied(document);
    let observed = D::observe(None, &found);
    assert_eq!(observed.document.held().unmanaged, BTreeMap::new().into(), "{}", found.text);
    let (said, read) = (document.encode_value(), observed.document.encode_value());
    let mut configured = read.clone();
    for path in &observed.only_configured {
        assert!(path.of(&read).is_some_and(Value::is_null), "{path} is read back: {}", found.text);
        configured = with(configured, path.steps(), path.of(&said).unwrap());
    }
    // What a document tells of itself follows from what it says.
    let mut completed = decode_object::<D>(&configured, &Path::root()).unwrap();
    completed.complete();
    let completed = completed.encode_value();
    // What is said and does not come back is listed; an empty collection may be as good as none.
    for path in paths(&said) {
        let is_said = path.of(&said).is_some_and(|it| !it.is_null() && it.is_primitive());
        let is_lost = path.of(&completed).is_none_or(Value::is_null);
        assert!(
            !(is_said && is_lost) || is_rendered::<D>(&path),
            "{path} is lost and not listed: {}",
            found.text
        );
    }
    // The configuration of what was imported renders the same, so that its plan has nothing but what
    // is listed, and is observed as it was said.
    let configured = decode_object::<D>(&configured, &Path::root()).unwrap();
    let tree = configured.render();
    assert_eq!(tree.sha256(), document.render().sha256(), "{}", found.text);
    assert_eq!(tree.address, document.render().address);
    let (configured, found) = applied(configured);
    let again = D::observe(None, &found);
    assert_eq!(again.document.encode_value(), read, "{}", found.text);
    let observed = D::observe(Some(&configured), &found).document;
    assert_eq!(observed.encode_value(), configured.encode_value(), "{}", found.text);
}

/// Whether the document tells what an attribute says, whatever it is a part of: then what is lost comes
/// back in another spelling, `run` for a single step, or is what stands there anyway.
fn is_rendered<D: Document>(path: &Path) -> bool {
    let names = |path: &Path| -> Vec<_> {
        path.steps().iter().filter(|it| matches!(it, Step::Attribute(_))).cloned().collect()
    };
    documents::<D>().into_iter().any(|it| {
        let said = it.encode_value();
        let (whole, is_it) = (it.render().sha256(), |it: &Path| names(it) == names(path));
        paths(&said).iter().filter(|it| is_it(it)).any(|it| {
            let part = it.of(&said).unwrap();
            let without = with(said.clone(), it.steps(), &Value::null(part.ty()));
            let without = decode_object::<D>(&without, &Path::root());
            without.is_ok_and(|it| it.render().sha256() != whole)
        })
    })
}

law!(what_is_changed_by_hand_is_seen_beside_the_text, edited);
fn edited<D: Document>(document: D) {
    let (document, found) = applied(document);
    let node = found.node().unwrap();
    let said = without_text(document.clone());
    // Of a long document every few of its strings, and others in the next one.
    let (count, of) = (strings(&node), found.text.len());
    for number in (0..count).filter(|it| (it + of) % (1 + count / 8) == 0) {
        let mut count = 0;
        let edited = edit(&node, number, &mut count);
        let found = Found { text: reversed(&edited), ..found.clone() };
        let observed = D::observe(Some(&document), &found).document;
        assert_ne!(without_text(observed), said, "unseen: {}", found.text);
    }
}

law!(what_the_model_has_no_place_for_is_one_line_of_yaml_and_planned_as_nothing, foreign);
fn foreign<D: Document>(document: D) {
    let (document, found) = applied(document);
    let mut runner = TestRunner::deterministic();
    for _ in 0..3 {
        let said = texts().new_tree(&mut runner).unwrap().current();
        // A key of nobody's, at the end of the outermost map.
        let text = format!("{}x-foreign: [{}, {{}}]\n", found.text, quoted(&said));
        let observed = D::observe(Some(&document), &Found { text, ..found.clone() }).document;
        let Leaf::Known(unmanaged) = &observed.held().unmanaged else { panic!("it is known") };
        let names: Vec<&String> = unmanaged.keys().collect();
        assert_eq!(names, ["x-foreign"]);
        let line = &unmanaged["x-foreign"];
        assert!(!line.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']), "{line:?}");
        let read = parse(line, Dialect::Core).unwrap();
        assert_eq!(read.items()[0].as_str(), Some(said.as_str()), "{line}");
        assert_eq!(read.items().len(), 2, "{line}");
    }
}

law!(what_is_unknown_makes_nothing_known_that_is_not_so, unknown);
fn unknown<D: Document>(document: D) {
    let said = document.encode_value();
    let whole = document.render();
    let is_configured = |path: &Path| match path.steps().first() {
        Some(Step::Attribute(name)) => {
            D::object().attribute(name).is_some_and(|it| it.is_configurable())
        }
        _ => false,
    };
    for path in paths(&said).iter().filter(|it| is_configured(it)) {
        let part = path.of(&said).unwrap();
        let value = with(said.clone(), path.steps(), &Value::unknown(part.ty()));
        let Ok(partly) = decode_object::<D>(&value, &Path::root()) else { continue };
        let tree = partly.render();
        assert!(tree.address.is_unknown() || tree.address == whole.address, "{path}");
        assert!(tree.text().is_unknown() || tree.text() == whole.text(), "{path}");
        let problems = partly.check();
        assert!(problems.is_empty(), "{path} is not known, and is judged: {problems:?}");
    }
}

law!(any_text_at_all_is_observed, any_text);
fn any_text<D: Document>(document: D) {
    let (document, found) = applied(document);
    let mut runner = TestRunner::deterministic();
    for _ in 0..4 {
        let text = texts().new_tree(&mut runner).unwrap().current();
        for text in [text.clone(), format!("{}{text}", found.text), format!("{text}{}", found.text)]
        {
            let found = Found { text, ..found.clone() };
            for prior in [None, Some(&document)] {
                let held = D::observe(prior, &found).document.held().clone();
                assert_eq!(held.path, found.address.as_str().into());
                assert_eq!(held.sha256, found.sha256().into(), "{:?}", found.text);
            }
        }
    }
}

/// A document as it is after it was written, and what was written.
fn applied<D: Document>(mut document: D) -> (D, Found) {
    let tree = document.render();
    let (path, content, sha256) = (tree.address.clone(), tree.text(), tree.sha256());
    let found =
        Found { address: path.known().unwrap().clone(), text: content.known().unwrap().clone() };
    *document.held_mut() = Held { path, content, sha256, unmanaged: BTreeMap::new().into() };
    document.complete();
    (document, found)
}

/// The document's value without the text and its digest, which differ at any change.
fn without_text<D: Document>(mut document: D) -> Value {
    document.held_mut().content = Leaf::Null;
    document.held_mut().sha256 = Leaf::Null;
    document.encode_value()
}

/// A value with another one at a path.
fn with(value: Value, steps: &[Step], new: &Value) -> Value {
    let Some((step, rest)) = steps.split_first() else { return new.clone() };
    let ty = value.ty();
    match (step, value.into_kind(), ty) {
        (Step::Attribute(name), Kind::Object(it), _) => {
            Value::object(it.iter().map(|(key, it)| {
                let is_it = key == name;
                (key.clone(), if is_it { with(it.clone(), rest, new) } else { it.clone() })
            }))
        }
        (Step::Key(name), Kind::Map(ty, it), _) => Value::map(
            ty,
            it.iter().map(|(key, it)| {
                let is_it = key == name;
                (key.clone(), if is_it { with(it.clone(), rest, new) } else { it.clone() })
            }),
        ),
        (Step::Index(i), Kind::List(ty, it), _) => {
            let each = it.iter().enumerate();
            Value::list(
                ty,
                each.map(
                    |(at, it)| if at == *i { with(it.clone(), rest, new) } else { it.clone() },
                ),
            )
        }
        (step, _, ty) => panic!("there is no {step:?} in {}", ty.friendly()),
    }
}

/// The paths of all parts of a value but those in sets, without the value itself.
fn paths(value: &Value) -> Vec<Path> {
    let parts: Vec<(Path, &Value)> = match value.kind() {
        Kind::Object(it) => {
            it.iter().map(|(name, it)| (Path::root().attribute(name.clone()), it)).collect()
        }
        Kind::Map(_, it) => {
            it.iter().map(|(key, it)| (Path::root().key(key.clone()), it)).collect()
        }
        Kind::List(_, it) => {
            it.iter().enumerate().map(|(i, it)| (Path::root().index(i), it)).collect()
        }
        _ => Vec::new(),
    };
    let each = parts.iter().flat_map(|(path, it)| {
        let below = paths(it).into_iter().map(|it| path.join(&it));
        [path.clone()].into_iter().chain(below).collect::<Vec<_>>()
    });
    each.collect()
}

/// A node in the flow style, its keys in the opposite order, all strings in quotes.
fn reversed(node: &Node) -> String {
    match &node.data {
        Data::Null => "~".to_owned(),
        Data::Bool(it) => it.to_string(),
        Data::Number { text, .. } => text.to_string(),
        Data::String(it) => quoted(it),
        Data::List(items) => {
            format!("[{}]", items.iter().map(reversed).collect::<Vec<_>>().join(","))
        }
        Data::Map(entries) => {
            let entries = entries.iter().rev();
            let entries = entries.map(|it| format!("{}: {}", quoted(&it.key), reversed(&it.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Data::Tagged { tag, node } => format!("{tag} {}", reversed(node)),
    }
}

fn quoted(text: &str) -> String {
    let each = text.chars().map(|it| match it {
        '"' | '\\' => format!("\\{it}"),
        ' '..='~' => it.to_string(),
        it if u32::from(it) > 0xffff => format!("\\U{:08x}", u32::from(it)),
        it => format!("\\u{:04x}", u32::from(it)),
    });
    format!("\"{}\"", each.collect::<String>())
}

/// How many strings a node has, keys not counted.
fn strings(node: &Node) -> usize {
    match &node.data {
        Data::String(_) => 1,
        Data::List(items) => items.iter().map(strings).sum(),
        Data::Map(entries) => entries.iter().map(|it| strings(&it.value)).sum(),
        Data::Tagged { node, .. } => strings(node),
        Data::Null | Data::Bool(_) | Data::Number { .. } => 0,
    }
}

/// A node whose string of that number is another one.
fn edit(node: &Node, number: usize, count: &mut usize) -> Node {
    let mut edited = node.clone();
    match &mut edited.data {
        Data::String(it) => {
            if *count == number {
                *it = format!("{it}, edited").into();
            }
            *count += 1;
        }
        Data::List(items) => items.iter_mut().for_each(|it| *it = edit(it, number, count)),
        Data::Map(entries) => {
            entries.iter_mut().for_each(|it| it.value = edit(&it.value, number, count));
        }
        Data::Tagged { node, .. } => **node = edit(node, number, count),
        Data::Null | Data::Bool(_) | Data::Number { .. } => {}
    }
    edited
}
