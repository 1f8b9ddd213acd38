//! JSON: a type, and behind it a text that is read as a value of it, as any value, and as a type.

use stanchion_cty::spanned::{Data, MAX_DEPTH, Node, Span};
use stanchion_cty::{Kind, Type, Value, conforms, json};

use super::types::{has_optional, split};
use super::{any, bounded};

pub(crate) fn judge(bytes: &[u8]) {
    let (ty, text) = split(bytes);
    let Ok(text) = std::str::from_utf8(text) else {
        return type_comes_back(text);
    };
    tree(text);
    typed(text, &ty);
    implied(text);
    type_comes_back(text.as_bytes());
}

/// Each part of a tree stands in the text, within what it is a part of; serde reads the same texts.
fn tree(text: &str) {
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match json::parse(text) {
        Ok(node) => {
            lies_in(&node, Span::new(0, text.len()), text, 0);
            // serde refuses half of a surrogate pair and a depth of 128.
            if let Err(it) = theirs {
                let it = it.to_string();
                let known = ["surrogate", "hex escape", "recursion limit"];
                assert!(known.iter().any(|known| it.contains(known)), "{it}: {text:?}");
            }
        }
        Err(error) => {
            assert!(text.get(error.span.start..error.span.end).is_some(), "{error}: {text:?}");
            let ours = ["out of range", "nested more than"];
            let is_ours = ours.iter().any(|it| error.message.contains(it));
            assert!(theirs.is_err() || is_ours, "{error}: {text:?}");
        }
    }
}

fn lies_in(node: &Node, outer: Span, text: &str, depth: usize) {
    let Span { start, end } = node.span;
    assert!(outer.start <= start && end <= outer.end, "{:?} in {outer:?}: {text:?}", node.span);
    let written = text.get(start..end).unwrap_or_else(|| panic!("{:?}: {text:?}", node.span));
    assert!(depth <= MAX_DEPTH);
    match &node.data {
        Data::Number { text, .. } => assert_eq!(&**text, written),
        Data::List(items) => items.iter().for_each(|it| lies_in(it, node.span, text, depth + 1)),
        Data::Map(entries) => {
            for it in entries {
                assert!(text.get(it.key_span.start..it.key_span.end).is_some_and(is_string));
                lies_in(&it.value, node.span, text, depth + 1);
            }
        }
        Data::String(_) => assert!(is_string(written)),
        Data::Null => assert_eq!(written, "null"),
        Data::Bool(it) => assert_eq!(written, it.to_string()),
        Data::Tagged { .. } => panic!("JSON has no tags"),
    }
}

fn is_string(text: &str) -> bool {
    text.len() >= 2 && text.starts_with('"') && text.ends_with('"')
}

/// A value of the asked type comes back; dropping attributes changes nothing where none is dropped.
fn typed(text: &str, ty: &Type) {
    let strict = json::decode(text, ty);
    let lenient = json::decode_lenient(text, ty);
    match (&strict, &lenient) {
        (Ok(value), Ok((same, dropped))) => {
            assert_eq!(value, same);
            assert!(dropped.is_empty(), "{dropped:?}: {text:?}");
        }
        (Err(_), Ok((_, dropped))) => assert!(!dropped.is_empty(), "{strict:?}: {text:?}"),
        (Ok(value), Err(it)) => panic!("{value:?} and {it}: {text:?}"),
        (Err(strict), Err(lenient)) => {
            assert!(!strict.message.is_empty() && !lenient.message.is_empty());
        }
    }
    let Ok((value, _)) = lenient else { return };
    assert!(!has_optional(ty), "no value is of {ty}");
    assert!(conforms(&value, ty), "{value:?} is not of {ty}");
    // An attribute that is left out is null, so a value may be larger than its text. What is
    // infinite can be read out of quotes, and has no form to be written in.
    if any(&value, &|it| matches!(it, Kind::Number(it) if it.is_infinite())) {
        return assert!(json::encode(&value, ty).is_err());
    }
    let written = json::encode(&value, ty);
    let written = written.unwrap_or_else(|it| panic!("{value:?} of {ty} is not written: {it}"));
    assert_eq!(json::decode(&written, ty), Ok(value), "{written}");
}

fn implied(text: &str) {
    let Ok(value) = json::decode_implied(text) else { return };
    bounded(&value, text.len());
    let written = json::encode_plain(&value);
    let written = written.unwrap_or_else(|it| panic!("{value:?} is not written: {it}"));
    let back = json::decode_implied(&written);
    assert_eq!(back.as_ref(), Ok(&value), "{written}");
    assert_eq!(back.as_ref().map(Value::ty), Ok(value.ty()));
}

fn type_comes_back(bytes: &[u8]) {
    let Ok(ty) = json::type_from_json(bytes) else { return };
    let written = json::type_to_json(&ty);
    assert_eq!(json::type_from_json(written.as_bytes()), Ok(ty), "{written}");
}
