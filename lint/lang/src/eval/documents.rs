//! Texts that are known in part, and the documents that they are.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value, convert, json, yaml};

use super::Evaluation;
use crate::why::{Language, Why, bare};
use crate::{Span, functions};

/// Characters that stand for a hole: a private one, the hole's number, another private one. No
/// text that has these two is looked into.
const OPEN: char = '\u{f8f0}';
const CLOSE: char = '\u{f8f1}';
/// How deep texts may be made of texts.
const DEEPEST: usize = 32;
/// A text of more pieces is not looked into.
const MOST_PIECES: usize = 100_000;

impl Evaluation<'_> {
    /// The value that a string holds as JSON. Of what `jsonencode` made, that is its argument; of
    /// a text that is known in part, parts may be unknown; of a choice between two texts, it is the
    /// choice between what they hold. Null and what is unknown as a whole stay what they are.
    ///
    /// # Errors
    /// If the string is known and no JSON, or the value no string: a clause.
    pub fn json(&self, value: &Value) -> Result<Value, String> {
        self.document(value, Language::Json)
    }

    /// The value that a string holds as YAML, which JSON is too: what [`Evaluation::json`] does,
    /// with `yamlencode`.
    ///
    /// # Errors
    /// If the string is known and no YAML, or the value no string: a clause.
    pub fn yaml(&self, value: &Value) -> Result<Value, String> {
        self.document(value, Language::Yaml)
    }

    fn document(&self, value: &Value, language: Language) -> Result<Value, String> {
        let marks = value.marks();
        if let Some(it) = self.provenance.encoded(value, language) {
            return Ok(it);
        }
        match (value.kind(), self.why(value)) {
            (Kind::String(text), _) => read(text, language).map(|it| it.mark(marks)),
            (Kind::Null(_), _) => Ok(value.clone()),
            (Kind::Unknown(_), Some(Why::Call(name, arguments)))
                if Language::of_encoder(&name).is_some_and(|it| language.reads(it)) =>
            {
                Ok(arguments.first().cloned().unwrap_or_else(|| value.clone()))
            }
            (Kind::Unknown(_), Some(Why::Choice(of))) => {
                let [condition, yes, no] = &*of;
                let branch = |it| self.document(it, language);
                let of = [condition.clone(), branch(yes)?, branch(no)?];
                Ok(self.unknown(Type::Dynamic, Why::Choice(Arc::new(of))).mark(marks))
            }
            (Kind::Unknown(_), Some(_)) => match self.pieces(value).as_deref() {
                // A text of one piece is that piece, which may say what it holds.
                Some([one]) if one.is_known() => {
                    self.document(one, language).map(|it| it.mark(marks))
                }
                Some(pieces) => Ok(self.with_holes(value, pieces, language)),
                None => Ok(value.clone()),
            },
            (Kind::Unknown(_), None) => Ok(value.clone()),
            _ => Err(format!("is not {} but a value", language.name())),
        }
    }

    /// What `jsonencode` makes of a value: the text, or an unknown one that holds the value.
    #[must_use]
    pub fn encode_json(&self, value: Value, span: Span) -> Value {
        let name: Arc<str> = "jsonencode".into();
        let argument = std::slice::from_ref(&value);
        match functions::find(&name).map(|it| functions::call(&self.context(), it, argument)) {
            Some(Ok(text)) if text.is_known() => {
                self.provenance.encoding(text, Language::Json, value, span)
            }
            Some(Ok(text)) => self.provenance.stands_for(text, || Why::Call(name, [value].into())),
            _ => self.unknown(Type::String, Why::Call(name, [value].into())),
        }
    }

    /// A known text in JSON, said to hold a value: for what is written otherwise than `jsonencode`
    /// would. The text has the marks of all that is in the value.
    #[must_use]
    pub fn holding_json(&self, text: &str, value: Value, span: Span) -> Value {
        let (_, marks) = value.clone().unmark_deep();
        self.provenance.encoding(Value::from(text).mark(marks), Language::Json, value, span)
    }

    /// A text as pieces one behind the other, known ones and unknown ones; `None` if it is not
    /// known how it is put together. It looks through templates, `format`, `join`, `jsonencode` and
    /// the functions that trim.
    #[must_use]
    pub fn pieces(&self, value: &Value) -> Option<Vec<Value>> {
        let mut out = Vec::new();
        self.add_pieces(value, &mut out, 0)?;
        Some(out)
    }

    fn add_pieces(&self, value: &Value, out: &mut Vec<Value>, depth: usize) -> Option<()> {
        if depth > DEEPEST || out.len() > MOST_PIECES {
            return None;
        }
        if value.is_known() {
            let text = convert(value, &Type::String).ok()?;
            text.as_str()?;
            out.push(text);
            return Some(());
        }
        match self.why(value) {
            Some(Why::Join(parts)) => {
                parts.iter().try_for_each(|it| self.add_pieces(it, out, depth + 1))
            }
            Some(Why::Call(name, arguments)) => {
                let mark = out.len();
                let whole = self.call_pieces(&name, &arguments, out, depth);
                if whole.is_none() {
                    out.truncate(mark);
                    out.push(value.clone());
                }
                Some(())
            }
            _ => {
                out.push(value.clone());
                Some(())
            }
        }
    }

    fn call_pieces(
        &self,
        name: &str,
        arguments: &[Value],
        out: &mut Vec<Value>,
        depth: usize,
    ) -> Option<()> {
        match (bare(name), arguments) {
            ("format", [text, rest @ ..]) => self.format_pieces(text.as_str()?, rest, out, depth),
            ("join", [separator, lists @ ..]) => {
                let separator = separator.as_str()?;
                let mut is_first = true;
                for list in lists {
                    if !list.is_known() {
                        return None;
                    }
                    for it in list.parts() {
                        if !is_first {
                            out.push(Value::from(separator));
                        }
                        is_first = false;
                        self.add_pieces(it, out, depth + 1)?;
                    }
                }
                Some(())
            }
            ("jsonencode", [of]) => self.encoded_pieces(of, out, depth),
            ("trimspace" | "chomp", [of]) => self.add_pieces(of, out, depth + 1),
            _ => None,
        }
    }

    /// The pieces of `format`, where it does no more than put texts and numbers in.
    fn format_pieces(
        &self,
        text: &str,
        arguments: &[Value],
        out: &mut Vec<Value>,
        depth: usize,
    ) -> Option<()> {
        let mut arguments = arguments.iter();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            if at > 0 {
                out.push(Value::from(&rest[..at]));
            }
            let verb = rest[at + 1..].chars().next()?;
            match verb {
                '%' => out.push(Value::from("%")),
                's' | 'v' | 'd' => self.add_pieces(arguments.next()?, out, depth + 1)?,
                _ => return None,
            }
            rest = &rest[at + 1 + verb.len_utf8()..];
        }
        if !rest.is_empty() {
            out.push(Value::from(rest));
        }
        Some(())
    }

    /// The pieces of the JSON of a value: an unknown string stands in its quotes as it is.
    fn encoded_pieces(&self, of: &Value, out: &mut Vec<Value>, depth: usize) -> Option<()> {
        if depth > DEEPEST || out.len() > MOST_PIECES {
            return None;
        }
        if of.is_wholly_known() {
            let (plain, marks) = of.clone().unmark_deep();
            out.push(Value::from(json::encode_plain(&plain).ok()?).mark(marks));
            return Some(());
        }
        let literal = |text: &str, out: &mut Vec<Value>| out.push(Value::from(text));
        match of.kind() {
            Kind::Unknown(_) if of.ty() == Type::String => {
                literal("\"", out);
                out.push(of.clone());
                literal("\"", out);
            }
            Kind::Unknown(_) => out.push(of.clone()),
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
                literal("[", out);
                for (at, it) in it.iter().enumerate() {
                    if at > 0 {
                        literal(",", out);
                    }
                    self.encoded_pieces(it, out, depth + 1)?;
                }
                literal("]", out);
            }
            Kind::Map(_, it) | Kind::Object(it) => {
                literal("{", out);
                for (at, (name, it)) in it.iter().enumerate() {
                    let name = json::encode_plain(&Value::string(name.clone())).ok()?;
                    literal(if at > 0 { "," } else { "" }, out);
                    literal(&name, out);
                    literal(":", out);
                    self.encoded_pieces(it, out, depth + 1)?;
                }
                literal("}", out);
            }
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
        }
        Some(())
    }

    /// A text as a document: an unknown part of a string makes an unknown string, one that stands
    /// alone an unknown value. Unknown as a whole if what is known is no document.
    fn with_holes(&self, whole: &Value, parts: &[Value], language: Language) -> Value {
        let mut text = String::new();
        let mut quoted = false;
        for (at, part) in parts.iter().enumerate() {
            match part.as_str() {
                Some(known) if known.contains([OPEN, CLOSE]) => return whole.clone(),
                Some(known) => {
                    text.push_str(known);
                    quoted = in_quotes(known, quoted);
                }
                // YAML has strings without quotes.
                None if quoted || language == Language::Yaml => {
                    text.extend([OPEN.to_string(), at.to_string(), CLOSE.to_string()]);
                }
                None => text.push_str(&format!("\"{OPEN}{at}{CLOSE}\"")),
            }
        }
        match read(&text, language) {
            Ok(it) => it.map_parts_up(&mut |it| self.filled(it, parts)).mark(whole.marks()),
            Err(_) => whole.clone(),
        }
    }

    /// A string in which holes stand, as the text that it is.
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

    /// What an unknown value is made of, if that can be told: what `jsondecode` or `yamldecode` would
    /// find in a text that is known in part.
    #[must_use]
    pub fn structure(&self, value: &Value) -> Option<Value> {
        match self.why(value)? {
            Why::Call(name, arguments) => {
                let language = Language::of_decoder(&name)?;
                self.document(arguments.first()?, language).ok().filter(Value::is_known)
            }
            Why::Part(of) => part_of(&self.structure(&of.0)?, &of.1),
            _ => None,
        }
    }
}

/// A part of a value, by how it is written behind it: `.name`, `[0]`, `["name"]`.
fn part_of(value: &Value, written: &str) -> Option<Value> {
    if let Some(name) = written.strip_prefix('.') {
        return value.get(name).cloned();
    }
    let key = written.strip_prefix('[')?.strip_suffix(']')?;
    match key.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(name) => value.get(name).cloned(),
        None if value.is_sequence() => value.parts().nth(key.parse().ok()?).cloned(),
        None => None,
    }
}

fn read(text: &str, language: Language) -> Result<Value, String> {
    let value = match language {
        Language::Json => json::decode_implied(text),
        Language::Yaml => yaml::decode_implied(text),
    };
    value.map_err(|it| format!("is not {}: {it}", language.name()))
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
