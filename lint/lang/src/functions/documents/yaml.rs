//! YAML as Terraform writes it: byte for byte what libyaml writes for strings in double quotes,
//! those of several lines as blocks, and everything else plain.

use stanchion_cty::{Kind, Value};

/// From which column on a space in a quoted string becomes the end of a line.
const WIDTH: usize = 80;
/// How many bytes a key may have before it is announced by `?`.
const LONGEST_KEY: usize = 128;

/// The document. The value is wholly known.
pub(super) fn encode(value: &Value) -> String {
    let mut writer = Writer { out: String::new(), column: 0, is_spaced: true, is_indented: true };
    writer.node(value, None, Within::Nothing);
    writer.indent(0);
    let is_plain =
        matches!(value.kind(), Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_));
    if is_plain {
        writer.out.push_str("...\n");
    }
    writer.out
}

struct Writer {
    out: String,
    column: usize,
    /// Whether there is whitespace before what comes next.
    is_spaced: bool,
    /// Whether the line has nothing but whitespace and dashes so far.
    is_indented: bool,
}

/// What a node stands in.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Sequence,
    Mapping,
}

impl Writer {
    /// Writes a node; `indent` is where what it stands in is indented to.
    fn node(&mut self, value: &Value, indent: Option<usize>, within: Within) {
        let deeper = indent.map_or(0, |it| it + 2);
        match value.kind() {
            Kind::String(text) => self.string(text, indent.unwrap_or(0) + 2),
            Kind::Number(it) => self.plain(&it.to_string()),
            Kind::Bool(it) => self.plain(if *it { "true" } else { "false" }),
            Kind::Null(_) | Kind::Unknown(_) => self.plain("null"),
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
                if it.is_empty() {
                    return self.plain("[]");
                }
                // A list right under its key is not indented.
                let is_flat = within == Within::Mapping && !self.is_indented;
                let indent = if is_flat { indent.unwrap_or(0) } else { deeper };
                for it in it.iter() {
                    self.indent(indent);
                    self.indicator("-", true);
                    self.node(it, Some(indent), Within::Sequence);
                }
            }
            Kind::Map(_, it) | Kind::Object(it) => {
                if it.is_empty() {
                    return self.plain("{}");
                }
                for (key, it) in it.iter() {
                    self.indent(deeper);
                    if key.len() > LONGEST_KEY || key.contains(is_break) {
                        self.indicator("?", true);
                        self.string(key, deeper + 2);
                        self.indent(deeper);
                        self.indicator(":", true);
                    } else {
                        self.quoted(key, None);
                        self.put(":");
                        (self.is_spaced, self.is_indented) = (false, false);
                    }
                    self.node(it, Some(deeper), Within::Mapping);
                }
            }
        }
    }

    /// A string; its further lines are indented to `indent`.
    fn string(&mut self, text: &str, indent: usize) {
        if text.contains('\n') && is_block(text) {
            self.block(text, indent);
        } else {
            self.quoted(text, Some(indent));
        }
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// A character that ends a line does so whichever it is.
    fn end_line(&mut self, with: char) {
        self.out.push(with);
        self.column = 0;
    }

    /// Goes to a line of its own, unless it is on one that is good for that.
    fn indent(&mut self, to: usize) {
        let is_past = self.column > to || (self.column == to && !self.is_spaced);
        if !self.is_indented || is_past {
            self.end_line('\n');
        }
        while self.column < to {
            self.put(" ");
        }
        (self.is_spaced, self.is_indented) = (true, true);
    }

    fn space(&mut self) {
        if !self.is_spaced {
            self.put(" ");
        }
    }

    fn indicator(&mut self, text: &str, keeps_indented: bool) {
        self.space();
        self.put(text);
        self.is_spaced = false;
        self.is_indented &= keeps_indented;
    }

    fn plain(&mut self, text: &str) {
        self.indicator(text, false);
    }

    fn block(&mut self, text: &str, indent: usize) {
        let keeps = match text.strip_suffix(is_break) {
            None => "-",
            Some(rest) if rest.is_empty() || rest.ends_with(is_break) => "+",
            Some(_) => "",
        };
        let hint = if text.starts_with(|it| it == ' ' || is_break(it)) { "2" } else { "" };
        self.space();
        self.put(&format!("|{hint}{keeps}"));
        self.end_line('\n');
        (self.is_spaced, self.is_indented) = (true, true);
        let mut is_begun = false;
        for it in text.chars() {
            if is_break(it) {
                self.end_line(it);
                self.is_indented = true;
                is_begun = false;
                continue;
            }
            if !is_begun {
                self.indent(indent);
                is_begun = true;
            }
            self.put(it.encode_utf8(&mut [0; 4]));
            self.is_indented = false;
        }
    }

    /// In double quotes; it goes on in a further line where it gets too long, if it may.
    fn quoted(&mut self, text: &str, indent: Option<usize>) {
        self.indicator("\"", false);
        // libyaml looks for the mark at the beginning wherever it is.
        let all = text.starts_with('\u{feff}');
        let mut was_space = false;
        for (at, it) in text.char_indices() {
            let rest = &text[at + it.len_utf8()..];
            if all || !is_printable(it) || is_break(it) || matches!(it, '"' | '\\') {
                self.put(&escape(it));
                was_space = false;
                continue;
            }
            let folds =
                it == ' ' && !was_space && self.column > WIDTH && at > 0 && !rest.is_empty();
            was_space = it == ' ';
            match indent.filter(|_| folds) {
                Some(indent) => {
                    self.indent(indent);
                    if rest.starts_with(' ') {
                        self.put("\\");
                    }
                }
                None => self.put(it.encode_utf8(&mut [0; 4])),
            }
        }
        self.put("\"");
        (self.is_spaced, self.is_indented) = (false, false);
    }
}

/// Whether a block can hold the string as it is.
fn is_block(text: &str) -> bool {
    let ends_in_space = |line: &str| line.ends_with(' ');
    text.chars().all(|it| it == '\n' || is_printable(it))
        && !text.ends_with(' ')
        && !text.split(is_break).any(ends_in_space)
}

fn is_break(it: char) -> bool {
    matches!(it, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What libyaml takes for printable: nothing beyond the basic plane, and no tab.
fn is_printable(it: char) -> bool {
    matches!(it,
        '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn escape(it: char) -> String {
    let short = match it {
        '\0' => '0',
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x1b' => 'e',
        '"' | '\\' => it,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = u32::from(it);
            return match code {
                ..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
