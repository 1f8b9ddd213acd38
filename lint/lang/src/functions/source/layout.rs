//! The layout of Terraform's formatter (`terraform fmt`), for what values are written as.

use stanchion_cty::{Kind, Value};

use super::super::graphemes;
use crate::syntax::is_identifier;

/// Text that is being laid out line by line.
#[derive(Default)]
pub(super) struct Layout {
    lines: Vec<Line>,
    line: Line,
}

/// One line before it is indented and aligned.
#[derive(Default)]
struct Line {
    /// What stands before the first `=`, or all.
    lead: String,
    /// What stands behind it, if there is one.
    assigned: Option<String>,
    /// How many brackets the line opens, less those that it closes; and the same before the `=`.
    net: i32,
    net_before: i32,
}

impl Layout {
    /// `name = value`, on lines of its own.
    pub(super) fn attribute(&mut self, name: &str, value: &Value) {
        self.key(name);
        self.value(value);
        self.end_line();
    }

    /// A value that is wholly known.
    pub(super) fn value(&mut self, value: &Value) {
        match value.kind() {
            Kind::Null(_) | Kind::Unknown(_) => self.put("null"),
            Kind::Bool(it) => self.put(if *it { "true" } else { "false" }),
            Kind::Number(it) => self.put(&it.to_string()),
            Kind::String(it) => self.put(&quoted(it)),
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
                self.open("[");
                for (i, it) in it.iter().enumerate() {
                    if i > 0 {
                        self.put(", ");
                    }
                    self.value(it);
                }
                self.close("]");
            }
            Kind::Map(_, it) | Kind::Object(it) => {
                self.open("{");
                if !it.is_empty() {
                    self.end_line();
                }
                for (name, it) in it.iter() {
                    if is_identifier(name) {
                        self.attribute(name, it);
                    } else {
                        self.attribute(&quoted(name), it);
                    }
                }
                self.close("}");
            }
        }
    }

    /// The text, indented and aligned.
    pub(super) fn finish(mut self) -> String {
        if !self.line.lead.is_empty() {
            self.end_line();
        } else {
            // The last line ends what is written line by line.
            self.lines.push(Line::default());
        }
        let indents = indents(&self.lines);
        let widths = widths(&self.lines, &indents);
        let mut out = String::new();
        for (i, (line, (indent, width))) in
            self.lines.iter().zip(indents.into_iter().zip(widths)).enumerate()
        {
            if i > 0 {
                out.push('\n');
            }
            if line.lead.is_empty() {
                continue;
            }
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(&line.lead);
            if let Some(assigned) = &line.assigned {
                let gap = width.map_or(0, |it| it.saturating_sub(line.width(indent)));
                out.extend(std::iter::repeat_n(' ', gap));
                out.push_str(" =");
                out.push(' ');
                out.push_str(assigned);
            }
        }
        out
    }

    fn put(&mut self, text: &str) {
        self.line.assigned.as_mut().unwrap_or(&mut self.line.lead).push_str(text);
    }

    fn open(&mut self, bracket: &str) {
        self.put(bracket);
        self.line.net += 1;
    }

    fn close(&mut self, bracket: &str) {
        self.put(bracket);
        self.line.net -= 1;
    }

    fn key(&mut self, name: &str) {
        self.put(name);
        self.line.net_before = self.line.net;
        self.line.assigned = Some(String::new());
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }
}

impl Line {
    /// How far the line goes to the right before its `=`.
    fn width(&self, indent: usize) -> usize {
        indent + graphemes::count(&self.lead)
    }

    /// Whether the line's `=` is aligned: what stands behind it must end on the line.
    fn is_aligned(&self) -> bool {
        self.assigned.is_some() && self.net == self.net_before
    }
}

/// How many spaces each line begins with. A line that opens brackets indents those behind it by one
/// level, however many it opens; a line that closes as many goes back.
fn indents(lines: &[Line]) -> Vec<usize> {
    let mut open: Vec<i32> = Vec::new();
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let mut closed = -line.net;
        while closed > 0 {
            match open.pop() {
                None => break,
                Some(last) if last > closed => {
                    open.push(last - closed);
                    break;
                }
                Some(last) => closed -= last,
            }
        }
        out.push(2 * open.len());
        if line.net > 0 {
            open.push(line.net);
        }
    }
    out
}

/// Where the `=` of each aligned line stands: behind the longest among its neighbours.
fn widths(lines: &[Line], indents: &[usize]) -> Vec<Option<usize>> {
    let mut out = Vec::with_capacity(lines.len());
    let all: Vec<(&Line, &usize)> = lines.iter().zip(indents).collect();
    for run in all.chunk_by(|(a, _), (b, _)| a.is_aligned() == b.is_aligned()) {
        let widest = run.iter().map(|(line, indent)| line.width(**indent)).max();
        let widest = widest.filter(|_| run.first().is_some_and(|(line, _)| line.is_aligned()));
        out.extend(std::iter::repeat_n(widest, run.len()));
    }
    out
}

/// A string in quotes, so that nothing in it is taken for a template.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        match it {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' => out.extend(['\\', it]),
            '$' | '%' if rest.as_str().starts_with('{') => out.extend([it, it]),
            it if is_printable(it) => out.push(it),
            it if it <= '\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(it))),
            it => out.push_str(&format!("\\U{:08x}", u32::from(it))),
        }
    }
    out.push('"');
    out
}

/// Whether Go takes the character for a printable one: letters, marks, numbers, punctuation,
/// symbols and the ASCII space. Rust escapes the others when it shows a string, except for a mark
/// at the string's beginning, hence the letter before it.
fn is_printable(it: char) -> bool {
    if it.is_ascii() {
        return !it.is_ascii_control();
    }
    format!("a{it}").escape_debug().nth(1) == Some(it)
}
