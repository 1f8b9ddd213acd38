//! YAML: a text that is read in both dialects, written again and read again.

use stanchion_cty::spanned::{Data, MAX_DEPTH, Node};
use stanchion_cty::yaml::{Content, Dialect, Item, decode_implied, emit, parse};
use stanchion_cty::{Number, Value};
use stanchion_lang::{Evaluation, Inputs, NoDataSources};

use super::configuration::{Memory, READ};

/// How many values the aliases of a text may stand for.
const MAX_ALIASED: usize = 100_000;

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for dialect in [Dialect::Core, Dialect::Terraform] {
        match parse(text, dialect) {
            Ok(node) => {
                let mut values = 0;
                lies_in(&node, text, 0, &mut values);
                // A dash, a comma or a colon may each have an empty value at either side.
                let most = 2 * text.len() + 1 + MAX_ALIASED;
                assert!(values <= most, "{values} values: {text:?}");
                comes_back(&Item::from(&node), text);
            }
            Err(error) => {
                let other = error.other.map(|(span, _)| span);
                for span in [Some(error.span), other].into_iter().flatten() {
                    assert!(text.get(span.start..span.end).is_some(), "{error}: {text:?}");
                }
            }
        }
    }
    if let Ok(value) = decode_implied(text) {
        let item = Item::from_value(&value).unwrap_or_else(|it| panic!("{it}: {text:?}"));
        let back = decode_implied(&emit(&item));
        assert!(is_inexact(&item) || back.as_ref() == Ok(&value), "{back:?}: {text:?}");
        if !is_inexact(&item) {
            as_functions(text, &value);
        }
    }
}

/// The functions of the language read the same, and read again what they write.
fn as_functions(text: &str, value: &Value) {
    let (inputs, files) = (Inputs::default(), Memory(text));
    let Some(root) = READ.module("") else { return };
    let evaluation = Evaluation::new(&READ, root, &inputs, &files, &NoDataSources);
    let read = evaluation.evaluate("yamldecode(file(\"text.txt\"))").value;
    assert_eq!(&read, value, "{text:?}");
    let again = evaluation.evaluate("yamldecode(yamlencode(yamldecode(file(\"text.txt\"))))").value;
    assert_eq!(&again, value, "{text:?}");
}

/// Each place is one in the text; nothing lies too deep.
fn lies_in(node: &Node, text: &str, depth: usize, values: &mut usize) {
    *values += 1;
    assert!(depth <= MAX_DEPTH, "{text:?}");
    let span = node.span;
    assert!(text.get(span.start..span.end).is_some(), "{span:?}: {text:?}");
    match &node.data {
        Data::Null | Data::Bool(_) | Data::Number { .. } | Data::String(_) => {}
        Data::List(items) => items.iter().for_each(|it| lies_in(it, text, depth + 1, values)),
        Data::Map(entries) => {
            for it in entries {
                assert!(text.get(it.key_span.start..it.key_span.end).is_some(), "{text:?}");
                lies_in(&it.value, text, depth + 1, values);
            }
        }
        Data::Tagged { node, .. } => lies_in(node, text, depth, values),
    }
}

/// What is written says the same in both dialects, and is written alike from then on: at first, a
/// whole number of more than 512 bits has more digits than an equal one that was read in decimal.
fn comes_back(item: &Item, text: &str) {
    let written = emit(item);
    for dialect in [Dialect::Core, Dialect::Terraform] {
        let node = parse(&written, dialect);
        let node = node.unwrap_or_else(|it| panic!("{it}: {written:?} out of {text:?}"));
        let back = Item::from(&node);
        if !is_inexact(item) {
            assert_eq!(&back, item, "{written:?} in {dialect:?} out of {text:?}");
        }
        let again = emit(&back);
        let last = parse(&again, dialect).map(|it| emit(&Item::from(&it)));
        assert_eq!(last.as_ref(), Ok(&again), "out of {text:?}");
    }
}

/// Whether a number has more bits than the 512 that are read in decimal, as `0x` and 200 digits.
fn is_inexact(item: &Item) -> bool {
    match &item.content {
        Content::Null | Content::Bool(_) | Content::String(_) => false,
        Content::Number(it) if it.is_infinite() => false,
        Content::Number(it) => it.to_string().parse::<Number>().as_ref() != Ok(it),
        Content::List(items) => items.iter().any(is_inexact),
        Content::Map(entries) => entries.iter().any(|(_, it)| is_inexact(it)),
    }
}
