//! Reads YAML into a tree with places.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::Dialect;
use super::offsets::Offsets;
use super::scalar::{Scalar, resolve, resolve_key};
use crate::spanned::{Data, Entry, MAX_DEPTH, Node, Span, SyntaxError};
use crate::{Problem, Value, json};

/// How many values the aliases of a text may stand for in all.
const MAX_ALIASED: usize = 100_000;

/// YAML's own tags begin with this; in a text it is written `!!`.
pub(super) const OWN: &str = "tag:yaml.org,2002:";

/// Reads a text that holds one document. An empty text is null in the core dialect.
///
/// A byte order mark at the start is passed over.
///
/// # Errors
///
/// At the first place which is no YAML; if there are several documents; if a key is there twice
/// (with both places) or is no scalar; if a value is nested more than [`MAX_DEPTH`] deep, refers to
/// itself, or its aliases stand for more than 100,000 values; for `.nan`, which is no number of
/// Terraform's.
pub fn parse(text: &str, dialect: Dialect) -> Result<Node, SyntaxError> {
    let mut documents = parse_all(text, dialect)?.into_iter();
    match (documents.next(), documents.next()) {
        (Some(_), Some(second)) => {
            let message = "there is a second document, where one is wanted";
            Err(SyntaxError::new(text, second.span, message))
        }
        (Some(node), None) => Ok(node),
        (None, _) => match dialect {
            Dialect::Core => Ok(Node { span: Span::default(), data: Data::Null }),
            Dialect::Terraform => {
                Err(SyntaxError::new(text, Span::default(), "there is no value in the YAML text"))
            }
        },
    }
}

/// Reads all the documents of a text; none if it is empty or only comments.
///
/// # Errors
///
/// As [`parse`], but for several documents.
pub fn parse_all(text: &str, dialect: Dialect) -> Result<Vec<Node>, SyntaxError> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text_of_events = text.get(mark..).unwrap_or_default();
    let mut reader = Reader {
        text,
        offsets: Offsets::new(text, mark),
        dialect,
        open: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
        documents: Vec::new(),
    };
    for event in Parser::new_from_str(text_of_events) {
        let (event, span) = event.map_err(|it| reader.no_yaml(&it))?;
        let span = Span::new(reader.offsets.of(span.start), reader.offsets.of(span.end));
        reader.event(event, span)?;
    }
    Ok(reader.documents)
}

/// Reads a value as Terraform's `yamldecode` does: lists become tuples, maps become objects.
///
/// # Errors
///
/// As [`parse`] in the dialect of Terraform; also for a tag that it doesn't know.
pub fn decode_implied(text: &str) -> Result<Value, Problem> {
    json::implied(&parse(text, Dialect::Terraform)?)
}

struct Reader<'a> {
    text: &'a str,
    offsets: Offsets,
    dialect: Dialect,
    /// The lists and maps that have begun and not ended.
    open: Vec<Open>,
    /// What the anchors of the document stand for, and how many values that is.
    anchors: HashMap<usize, (Node, usize)>,
    aliased: usize,
    documents: Vec<Node>,
}

/// A list or a map whose end hasn't come yet.
struct Open {
    start: Span,
    anchor: usize,
    tag: Option<Arc<str>>,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, merged: Vec<Node>, key: Option<Key> },
}

/// A key whose value hasn't come yet.
enum Key {
    Plain(Arc<str>, Span),
    /// `<<`: the entries of what follows become entries of this map.
    Merge,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            Event::DocumentEnd => self.anchors.clear(),
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceStart(anchor, tag) => {
                let tag = self.collection_tag(tag.as_ref(), "seq", span)?;
                let start = self.with_dash(span);
                self.open(Open { start, anchor, tag, parts: Parts::List(Vec::new()) })?;
            }
            Event::MappingStart(anchor, tag) => {
                let tag = self.collection_tag(tag.as_ref(), "map", span)?;
                let parts = Parts::Map { entries: Vec::new(), merged: Vec::new(), key: None };
                self.open(Open { start: span, anchor, tag, parts })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
        }
        Ok(())
    }

    fn open(&mut self, open: Open) -> Result<(), SyntaxError> {
        self.refuse_depth(0, open.start)?;
        if self.wants_key() {
            return Err(self.error(open.start, "a key must be a scalar, not a list or a map"));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), SyntaxError> {
        let Some(Open { start, anchor, tag, parts }) = self.open.pop() else { return Ok(()) };
        let (data, last) = match parts {
            Parts::List(items) => {
                let last = items.last().map(|it| it.span.end);
                (Data::List(items), last)
            }
            Parts::Map { entries, merged, .. } => {
                let mut entries = entries;
                for it in merged {
                    self.merge(&mut entries, it)?;
                }
                let last = entries.iter().map(|it| it.value.span.end).max();
                (Data::Map(entries), last)
            }
        };
        // Without brackets, a list or map ends with its last part, not where the next thing begins.
        let end = if end.start < end.end { end.end } else { last.unwrap_or(end.end) };
        let node = Node { span: Span::new(start.start, end.max(start.start)), data };
        self.finish(tagged(tag, node), anchor)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), SyntaxError> {
        let tag = tag.map(|it| format!("{}{}", it.handle, it.suffix));
        let scalar = Scalar { text, style, tag: tag.as_deref() };
        let span = self.trimmed(span);
        if self.wants_key() {
            let key = if scalar.is_merge(self.dialect) {
                Key::Merge
            } else {
                let key = resolve_key(&scalar, self.dialect).map_err(|it| self.error(span, it))?;
                self.refuse_second(&key, span)?;
                Key::Plain(key.into(), span)
            };
            if anchor > 0 {
                let node = Node { span, data: Data::String(text.into()) };
                self.anchors.insert(anchor, (node, 1));
            }
            if let Some(Open { parts: Parts::Map { key: open, .. }, .. }) = self.open.last_mut() {
                *open = Some(key);
            }
            return Ok(());
        }
        self.refuse_depth(0, span)?;
        let (data, foreign) = resolve(&scalar, self.dialect).map_err(|it| self.error(span, it))?;
        self.finish(tagged(foreign, Node { span, data }), anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), SyntaxError> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(self.error(span, "the alias stands inside of what it stands for"));
        };
        self.aliased += size;
        if self.aliased > MAX_ALIASED {
            let message = format!("the aliases stand for more than {MAX_ALIASED} values");
            return Err(self.error(span, message));
        }
        let node = Node { span: self.trimmed(span), data: node.data.clone() };
        if self.wants_key() {
            let Data::String(key) = node.data else {
                return Err(self.error(span, "a key must be a string"));
            };
            self.refuse_second(&key, span)?;
            if let Some(Open { parts: Parts::Map { key: open, .. }, .. }) = self.open.last_mut() {
                *open = Some(Key::Plain(key, span));
            }
            return Ok(());
        }
        self.refuse_depth(depth(&node), span)?;
        self.finish(node, 0)
    }

    /// Takes a value that is complete to where it belongs.
    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        if anchor > 0 {
            let size = size(&node);
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|it| &mut it.parts) {
            None => self.documents.push(node),
            Some(Parts::List(items)) => items.push(node),
            Some(Parts::Map { entries, merged, key }) => match key.take() {
                Some(Key::Plain(key, key_span)) => {
                    // Only Terraform's dialect comes here with a key that is there already.
                    entries.retain(|it| it.key != key);
                    entries.push(Entry { key, key_span, value: node });
                }
                Some(Key::Merge) if self.dialect == Dialect::Core => merged.push(node),
                Some(Key::Merge) => {
                    let mut all = std::mem::take(entries);
                    self.merge(&mut all, node)?;
                    if let Some(Open { parts: Parts::Map { entries, .. }, .. }) =
                        self.open.last_mut()
                    {
                        *entries = all;
                    }
                }
                None => {}
            },
        }
        Ok(())
    }

    /// Adds the entries of a map, or of the maps of a list, to those of another.
    fn merge(&self, entries: &mut Vec<Entry>, from: Node) -> Result<(), SyntaxError> {
        let span = from.span;
        let maps = match from.data {
            Data::List(items) => items,
            data => vec![Node { span, data }],
        };
        for map in maps {
            let Data::Map(new) = map.data else {
                let message =
                    format!("only a map can be merged into a map, not {}", map.data.friendly());
                return Err(self.error(span, message));
            };
            for entry in new {
                match self.dialect {
                    Dialect::Core if entries.iter().any(|it| it.key == entry.key) => {}
                    Dialect::Core => entries.push(entry),
                    Dialect::Terraform => {
                        entries.retain(|it| it.key != entry.key);
                        entries.push(entry);
                    }
                }
            }
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        let last = self.open.last().map(|it| &it.parts);
        matches!(last, Some(Parts::Map { key: None, .. }))
    }

    fn refuse_second(&self, key: &str, span: Span) -> Result<(), SyntaxError> {
        let Some(Open { parts: Parts::Map { entries, .. }, .. }) = self.open.last() else {
            return Ok(());
        };
        match entries.iter().find(|it| &*it.key == key) {
            Some(first) if self.dialect == Dialect::Core => {
                let message = format!("the key {key:?} is there twice");
                Err(self.error(span, message).and(self.text, first.key_span))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a value, here and of that depth itself, some part of which would lie too deep.
    fn refuse_depth(&self, depth: usize, span: Span) -> Result<(), SyntaxError> {
        if self.open.len() + depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(self.error(span, format!("values are nested more than {MAX_DEPTH} deep")))
    }

    /// The tag of a list or a map, if it is not YAML's own.
    fn collection_tag(
        &self,
        tag: Option<&Cow<'_, Tag>>,
        own: &str,
        span: Span,
    ) -> Result<Option<Arc<str>>, SyntaxError> {
        let Some(tag) = tag.map(|it| format!("{}{}", it.handle, it.suffix)) else {
            return Ok(None);
        };
        match (tag.strip_prefix(OWN), self.dialect) {
            (Some(it), _) if it == own => Ok(None),
            (None, Dialect::Core) if tag == "!" => Ok(None),
            (None, Dialect::Core) => Ok(Some(tag.into())),
            (Some(it), _) => Err(self.error(span, format!("the tag !!{it} does not fit here"))),
            (None, Dialect::Terraform) => {
                Err(self.error(span, format!("the tag {tag} means nothing to Terraform")))
            }
        }
    }

    /// The start of a list, from its first dash on: where a list is no deeper than the key above,
    /// the parser begins it behind the dash.
    fn with_dash(&self, span: Span) -> Span {
        let (before, behind) = self.text.split_at_checked(span.start).unwrap_or_default();
        let begins = ["[", "&", "!", "- ", "-\n", "-\r", "-\t"];
        match before.trim_end().strip_suffix('-') {
            Some(dash) if !begins.iter().any(|it| behind.starts_with(it)) => {
                Span::new(dash.len(), span.end)
            }
            _ => span,
        }
    }

    /// The stretch without blanks at its end, which belong to what follows.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        Span::new(span.start, span.start + text.trim_end().len())
    }

    fn no_yaml(&self, error: &ScanError) -> SyntaxError {
        let at = self.offsets.of(*error.marker());
        let info = error.info();
        self.error(Span::new(at, at), format!("the text is no YAML from here on: {info}"))
    }

    fn error(&self, span: Span, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(self.text, span, message)
    }
}

fn tagged(tag: Option<Arc<str>>, node: Node) -> Node {
    match tag {
        None => node,
        Some(tag) => Node { span: node.span, data: Data::Tagged { tag, node: Box::new(node) } },
    }
}

/// The number of values in a value, itself included.
fn size(node: &Node) -> usize {
    1 + match &node.data {
        Data::Null | Data::Bool(_) | Data::Number { .. } | Data::String(_) => 0,
        Data::List(items) => items.iter().map(size).sum(),
        Data::Map(entries) => entries.iter().map(|it| size(&it.value)).sum(),
        Data::Tagged { node, .. } => size(node),
    }
}

/// How many lists and maps of a value its deepest part lies in.
fn depth(node: &Node) -> usize {
    match &node.data {
        Data::Null | Data::Bool(_) | Data::Number { .. } | Data::String(_) => 0,
        Data::List(items) => items.iter().map(|it| 1 + depth(it)).max().unwrap_or(0),
        Data::Map(entries) => entries.iter().map(|it| 1 + depth(&it.value)).max().unwrap_or(0),
        Data::Tagged { node, .. } => depth(node),
    }
}
