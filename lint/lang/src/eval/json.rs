//! JSON inside strings, with holes where a part of the string is unknown.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value, json};

use super::Evaluation;
use crate::Why;

/// Characters that stand for a hole: a private one, the hole's number, another private one. No
/// text that has these two is looked into.
const OPEN: char = '\u{f8f0}';
const CLOSE: char = '\u{f8f1}';

impl Evaluation<'_> {
    /// The value that a string holds as JSON. Of what `jsonencode` made, that is its argument; of
    /// a template, parts may be unknown. Null and what is unknown as a whole stay what they are.
    ///
    /// # Errors
    /// If the string is known and no JSON, or the value no string: a clause.
    pub fn json(&self, value: &Value) -> Result<Value, String> {
        let marks = value.marks();
        if let Some(it) = self.provenance.encoded(value) {
            return Ok(it);
        }
        match (value.kind(), self.why(value)) {
            (_, Some(Why::Call(name, arguments))) if is_jsonencode(&name) => {
                Ok(arguments.first().cloned().unwrap_or_else(|| value.clone()))
            }
            (Kind::String(text), _) => read(text).map(|it| it.mark(marks)),
            (Kind::Null(_), _) => Ok(value.clone()),
            (Kind::Unknown(_), Some(Why::Join(parts))) => Ok(self.with_holes(value, &parts)),
            (Kind::Unknown(_), _) => Ok(value.clone()),
            _ => Err("is not JSON but a value".to_owned()),
        }
    }

    /// A template as JSON: an unknown part in quotes makes an unknown string, one outside of them
    /// an unknown value. Unknown as a whole if what is known is no JSON.
    fn with_holes(&self, whole: &Value, parts: &[Value]) -> Value {
        let mut text = String::new();
        let mut quoted = false;
        for (at, part) in parts.iter().enumerate() {
            match part.as_str() {
                Some(known) if known.contains([OPEN, CLOSE]) => return whole.clone(),
                Some(known) => {
                    text.push_str(known);
                    quoted = in_quotes(known, quoted);
                }
                None if quoted => {
                    text.extend([OPEN.to_string(), at.to_string(), CLOSE.to_string()])
                }
                None => text.push_str(&format!("\"{OPEN}{at}{CLOSE}\"")),
            }
        }
        match read(&text) {
            Ok(it) => it.map_parts_up(&mut |it| self.filled(it, parts)).mark(whole.marks()),
            Err(_) => whole.clone(),
        }
    }

    /// A string in which holes stand, as the join that it is.
    fn filled(&self, value: Value, parts: &[Value]) -> Value {
        let Some(text) = value.as_str().filter(|it| it.contains(OPEN)) else { return value };
        let mut pieces = Vec::new();
        for (i, piece) in text.split([OPEN, CLOSE]).enumerate() {
            match piece.parse::<usize>() {
                Ok(at) if i % 2 == 1 => pieces.extend(parts.get(at).cloned()),
                _ if piece.is_empty() => {}
                _ => pieces.push(Value::string(piece)),
            }
        }
        match pieces.as_slice() {
            [one] => one.clone(),
            _ => self.unknown(Type::String, Why::Join(Arc::from(pieces))),
        }
    }
}

/// Whether a function makes JSON of its argument.
fn is_jsonencode(name: &str) -> bool {
    matches!(name, "jsonencode" | "core::jsonencode")
}

pub(super) fn read(text: &str) -> Result<Value, String> {
    json::decode_implied(text).map_err(|it| format!("is not JSON: {it}"))
}

/// Whether one is inside a JSON string behind `text`, having been so or not before it.
fn in_quotes(text: &str, mut quoted: bool) -> bool {
    let mut escaped = false;
    for it in text.bytes() {
        match it {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    quoted
}
