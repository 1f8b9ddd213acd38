//! What the parser takes though Terraform refuses it, and what it refuses though Terraform takes it:
//! the first is a fault, the second is rewritten to a text of the same length.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::scan::{Broken, Kind, Opened, Scanner, Token, What, continues_name};

/// A text that says the same to the parser as the original does to Terraform.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    /// The text, as long as the original.
    pub(super) text: String,
    /// Keys of objects that are written twice, by where they begin: in the text stands a name
    /// instead, and this is what was there.
    pub(super) keys: HashMap<usize, String>,
}

/// What is to be known about a text before it is parsed.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// The first thing that Terraform refuses and the parser may not.
    pub(super) refused: Option<Broken>,
    /// Whether the parser would take it for something else than it is: it reads on where a heredoc
    /// is empty, and ends one at a line that only begins with the marker.
    pub(super) is_misread: bool,
}

/// Looks through a text.
pub(super) fn look(text: &str, what: What) -> Looked {
    let mut scanner = Scanner::new(text, what);
    let mut before = Before::default();
    let mut is_misread = false;
    while let Some(it) = scanner.next() {
        let word = &text[it.start..it.end];
        let is_first = before.kind == Some(Kind::Open(Opened::Heredoc));
        is_misread |= match it.kind {
            Kind::Close => is_first,
            Kind::Text => scanner.false_marker(&it).is_some(),
            _ => false,
        };
        match it.kind {
            Kind::Comment if word.starts_with("/*") => {}
            Kind::Comment | Kind::Newline => before.at_line = true,
            kind => {
                if let Some(why) = before.objection(word, &it) {
                    return Looked { refused: Some(Broken { at: it.start, why }), is_misread };
                }
                let is_bracket = kind == Kind::Open(Opened::Square);
                let index = before.index.filter(|_| kind == Kind::Star);
                let index = if is_bracket { Some(it.is_loose) } else { index };
                before = Before { kind: Some(kind), at_line: false, index };
            }
        }
    }
    Looked { refused: scanner.broken, is_misread }
}

/// What stands before a word.
#[derive(Debug, Default)]
struct Before {
    /// The last word.
    kind: Option<Kind>,
    /// Whether a line ended since.
    at_line: bool,
    /// Of `[` and `[*`: whether line feeds meant nothing before the bracket.
    index: Option<bool>,
}

impl Before {
    fn objection(&self, word: &str, token: &Token) -> Option<String> {
        let is_splat = match token.kind {
            Kind::Star => self.kind == Some(Kind::Open(Opened::Square)),
            _ => self.kind == Some(Kind::Star),
        };
        let behind_dot = self.kind == Some(Kind::Dot);
        let why = match token.kind {
            _ if self.at_line && is_splat && self.index == Some(false) => {
                "write [*] in one line".to_owned()
            }
            _ if self.at_line && behind_dot && !token.is_loose => {
                "the name behind a point must stand in the same line".to_owned()
            }
            Kind::Number if behind_dot && word.contains('.') => {
                format!("write [{}] for indexes in a row", word.replace('.', "]["))
            }
            Kind::Number if !is_number(word) => format!("{word} is no number"),
            Kind::Name if word.contains(['\u{200c}', '\u{200d}']) => {
                "an invisible character stands in this name".to_owned()
            }
            _ => return None,
        };
        Some(format!("can't be read: {why}"))
    }
}

/// Whether a number is written as Terraform reads it. What is beyond our numbers is refused where it
/// is evaluated.
fn is_number(text: &str) -> bool {
    const LARGEST: u32 = 646_456_993;
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent = exponent.trim_start_matches(['+', '-']).trim_start_matches('0');
    let is_small = exponent.is_empty() || exponent.parse::<u32>().is_ok_and(|it| it <= LARGEST);
    is_small && digits.matches('.').count() <= 1
}

/// Rewrites what the parser refuses though Terraform takes it.
pub(super) fn rewritten(text: &str, what: What) -> Rewritten {
    let mut out = text.as_bytes().to_vec();
    let mut scanner = Scanner::new(text, what);
    let mut objects: Vec<Keys<'_>> = vec![Keys::default()];
    let mut twice: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    let mut is_behind_dot = false;
    let mut heredoc = None;
    while let Some(it) = scanner.next() {
        let word = &text[it.start..it.end];
        match it.kind {
            Kind::Newline if it.is_loose => out[it.start..it.end].fill(b' '),
            Kind::Comment if it.is_loose && !word.starts_with("/*") => {
                out[it.start..it.end].fill(b' ');
            }
            // A name, as the parser takes short indexes alone.
            Kind::Number if is_behind_dot && text[it.end..].starts_with(continues_name) => {}
            Kind::Number if is_behind_dot => out[it.start..it.end].fill(b'n'),
            // Its value is read from the original.
            Kind::Number => out[it.start..it.end].fill(b'0'),
            Kind::Close if let Some(start) = heredoc => {
                out[start..it.end].fill(b' ');
                out[start..start + 2].fill(b'"');
            }
            Kind::Text => {
                if let Some(range) = scanner.false_marker(&it) {
                    out[range].fill(b'.');
                }
            }
            _ => {}
        }
        heredoc = (it.kind == Kind::Open(Opened::Heredoc)).then_some(it.start);
        if !matches!(it.kind, Kind::Newline | Kind::Comment) {
            is_behind_dot = it.kind == Kind::Dot;
        }
        if it.kind == Kind::Close
            && objects.len() > 1
            && let Some(keys) = objects.pop()
        {
            twice.extend(keys.renamed());
        }
        if let Some(keys) = objects.last_mut() {
            keys.see(text, &it);
        }
        if let Kind::Open(opened) = it.kind {
            objects.push(Keys { is_object: opened == Opened::Object, ..Keys::default() });
        }
    }
    let plain = String::from_utf8(out.clone()).unwrap_or_default();
    let mut keys = HashMap::new();
    for (range, name) in twice {
        if let Some(key) = plain.get(range.clone()) {
            keys.insert(range.start, key.to_owned());
            out[range].copy_from_slice(&name);
        }
    }
    Rewritten { text: String::from_utf8(out).unwrap_or_default(), keys }
}

/// The keys of an object while it is read.
#[derive(Debug, Default)]
struct Keys<'a> {
    is_object: bool,
    /// Where the key begins that is being read, and where its last word ends.
    open: Option<(usize, usize)>,
    in_value: bool,
    seen: HashSet<&'a str>,
    twice: Vec<Range<usize>>,
}

impl<'a> Keys<'a> {
    /// Sees a word of this object.
    fn see(&mut self, text: &'a str, token: &Token) {
        if !self.is_object {
            return;
        }
        match token.kind {
            Kind::Comment => {}
            Kind::Newline | Kind::Comma => (self.open, self.in_value) = (None, false),
            _ if self.in_value => {}
            Kind::Equal | Kind::Colon => {
                self.in_value = true;
                let Some((start, end)) = self.open.take() else { return };
                if !self.seen.insert(&text[start..end]) {
                    self.twice.push(start..end);
                }
            }
            _ => {
                let start = self.open.map_or(token.start, |it| it.0);
                self.open = Some((start, token.end));
            }
        }
    }

    /// Keys that were there before, each with a name of its length that no other key has. A key of
    /// one letter has none after fifty others; then the parser refuses it.
    fn renamed(self) -> impl Iterator<Item = (Range<usize>, Vec<u8>)> {
        const LETTERS: &[u8] = b"zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA_";
        let mut made = 0_usize;
        let Self { seen, twice, .. } = self;
        twice.into_iter().filter_map(move |range| {
            loop {
                let mut number = made;
                made += 1;
                let mut name = Vec::with_capacity(range.len());
                for _ in range.clone() {
                    name.push(LETTERS[number % LETTERS.len()]);
                    number /= LETTERS.len();
                }
                if number > 0 {
                    return None;
                }
                if !std::str::from_utf8(&name).is_ok_and(|it| seen.contains(it)) {
                    return Some((range, name));
                }
            }
        })
    }
}
