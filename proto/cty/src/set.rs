//! The order of a set's elements.

use std::sync::Arc;

use crate::{Kind, Number, Value};

/// Puts the elements in Terraform's order and drops those that are equal to one before. Elements
/// that are not wholly known are equal to nothing, not even to themselves.
pub(crate) fn in_order(elements: Vec<Value>) -> Vec<Value> {
    let mut keyed: Vec<(Key, Value)> = elements.into_iter().map(|it| (Key::of(&it), it)).collect();
    // A stable order: what has the same key and is not equal stays as it was.
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut out: Vec<Value> = Vec::with_capacity(keyed.len());
    for run in keyed.chunk_by(|(a, _), (b, _)| a == b) {
        let first = out.len();
        for (_, it) in run {
            if !it.is_wholly_known() || !out[first..].contains(it) {
                out.push(it.clone());
            }
        }
    }
    out
}

/// By what elements are ordered, and without which no two are equal: primitive ones by their
/// value, others by a text that stands for them, then the unknown ones, then null.
///
/// Terraform promises an order for primitive elements only, but `tolist` and `for` see the others
/// in the order of the texts by which go-cty (`cty/set_internals.go`) hashes them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Bool(bool),
    /// Two zeros are equal numbers and yet two elements, since their texts differ; -0 is first.
    Number(Number, NotNegative),
    String(Arc<str>),
    Text(String),
    Unknown,
    Null,
}

type NotNegative = bool;

impl Key {
    fn of(value: &Value) -> Self {
        match value.kind() {
            Kind::Bool(it) => Self::Bool(*it),
            Kind::Number(it) => Self::Number(it.clone(), !it.is_negative()),
            Kind::String(it) => Self::String(it.clone()),
            Kind::Unknown(_) => Self::Unknown,
            Kind::Null(_) => Self::Null,
            Kind::List(..) | Kind::Set(..) | Kind::Map(..) | Kind::Tuple(_) | Kind::Object(_) => {
                let mut text = String::new();
                write_text(value, &mut text);
                Self::Text(text)
            }
        }
    }
}

/// Writes the text that stands for a value: equal values have equal texts, and those of numbers
/// have ten digits only.
fn write_text(value: &Value, out: &mut String) {
    match value.kind() {
        Kind::Unknown(_) => out.push('?'),
        Kind::Null(_) => out.push('~'),
        Kind::Bool(it) => out.push(if *it { 'T' } else { 'F' }),
        Kind::Number(it) => out.push_str(&it.to_significant(10)),
        Kind::String(it) => write_quoted(it, out),
        Kind::List(_, it) | Kind::Set(_, it) => write_row('[', it.iter(), ']', out),
        Kind::Tuple(it) => write_row('<', it.iter(), '>', out),
        Kind::Object(it) => write_row('<', it.values(), '>', out),
        Kind::Map(_, it) => {
            out.push('{');
            for (key, it) in it.iter() {
                write_quoted(key, out);
                out.push(':');
                write_text(it, out);
                out.push(';');
            }
            out.push('}');
        }
    }
}

fn write_row<'a>(
    open: char,
    elements: impl Iterator<Item = &'a Value>,
    close: char,
    out: &mut String,
) {
    out.push(open);
    for it in elements {
        write_text(it, out);
        out.push(';');
    }
    out.push(close);
}

/// Writes a string as a literal of Go.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            it if is_printable(it) => out.push(it),
            it if it <= '\x7f' => out.push_str(&format!("\\x{:02x}", u32::from(it))),
            it if it <= '\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(it))),
            it => out.push_str(&format!("\\U{:08x}", u32::from(it))),
        }
    }
    out.push('"');
}

/// Whether Go prints the character as it is: letters, marks, numbers, punctuation, symbols and
/// the ASCII space. Rust escapes the others when it shows a string, except for a mark at the
/// string's beginning, hence the letter before it.
fn is_printable(it: char) -> bool {
    if it.is_ascii() {
        return !it.is_ascii_control();
    }
    let mut buffer = [b'a'; 5];
    let length = it.encode_utf8(&mut buffer[1..]).len();
    let shown = std::str::from_utf8(&buffer[..=length]).unwrap_or_default();
    shown.escape_debug().nth(1) == Some(it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Type;

    fn texts(set: &Value) -> Vec<String> {
        set.parts().map(|it| format!("{it:?}")).collect()
    }

    fn object(value: Value) -> Value {
        Value::object([("a", value)])
    }

    #[test]
    fn primitive_elements_are_in_the_order_of_their_values() {
        let numbers = ["10", "9", "-1", "9.0", "0", "-0"];
        let numbers = numbers.map(|it| Value::from(Number::parse(it).unwrap()));
        assert_eq!(texts(&Value::set(Type::Number, numbers)), ["-1", "-0", "0", "9", "10"]);
        let strings = ["b", "a", "ä", "B", "b", ""].map(Value::from);
        let strings = Value::set(Type::String, strings);
        assert_eq!(texts(&strings), [r#""""#, r#""B""#, r#""a""#, r#""b""#, r#""ä""#]);
        let bools = [true, false, true].map(Value::from);
        assert_eq!(texts(&Value::set(Type::Bool, bools)), ["false", "true"]);
    }

    #[test]
    fn null_and_unknown_elements_are_last_and_unknown_ones_are_never_the_same() {
        let elements = [
            Value::null(Type::String),
            Value::unknown(Type::String),
            Value::from("z"),
            Value::unknown(Type::String),
            Value::null(Type::String),
        ];
        let set = Value::set(Type::String, elements);
        let unknown = "unknown(string)";
        assert_eq!(texts(&set), [r#""z""#, unknown, unknown, "null(string)"]);
    }

    #[test]
    fn objects_are_in_the_order_of_their_texts() {
        let numbers = [9, 10, 1].map(|it| object(Value::number(it)));
        let set = Value::set(numbers[0].ty(), numbers);
        assert_eq!(texts(&set), [r#"{"a": 10}"#, r#"{"a": 1}"#, r#"{"a": 9}"#]);
        let strings = ["ä", "b", "\u{200b}", "\u{a0}", "\u{301}"].map(|it| object(it.into()));
        let set = Value::set(strings[0].ty(), strings);
        let found: Vec<&str> = set.parts().filter_map(|it| it.get("a")?.as_str()).collect();
        assert_eq!(found, ["\u{a0}", "\u{200b}", "b", "ä", "\u{301}"]);
    }

    #[test]
    fn numbers_that_share_ten_digits_stay_apart_inside_objects() {
        let numbers = [3, 1, 2, 1].map(|it| object(Value::number(100_000_000_000_i64 + it)));
        let set = Value::set(numbers[0].ty(), numbers);
        let found: Vec<i64> =
            set.parts().filter_map(|it| it.get("a")?.as_number()?.to_i64()).collect();
        assert_eq!(found, [100_000_000_003, 100_000_000_001, 100_000_000_002]);
    }

    #[test]
    fn many_elements_take_no_time() {
        let start = std::time::Instant::now();
        let strings = (0..20_000).map(|it| Value::from(format!("{}", it % 10_000)));
        assert_eq!(Value::set(Type::String, strings).parts().count(), 10_000);
        let objects = (0..20_000).map(|it| object(Value::number(it % 10_000)));
        assert_eq!(Value::set(Type::Dynamic, objects).parts().count(), 10_000);
        assert!(start.elapsed().as_secs() < 5, "comparing each with each takes minutes");
    }
}
