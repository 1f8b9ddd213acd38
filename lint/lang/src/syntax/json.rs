//! JSON files to the compact form, as Terraform reads them.
//!
//! What stands in a resource may be an attribute or nested blocks: only the provider knows. So such
//! a property is both, and whoever asks for it says what it is.

use std::sync::Arc;

use stanchion_cty::json;
use stanchion_cty::spanned::{Data, Entry, Node};

use super::{Attribute, Block, Body, Expr, ExprKind, respan};
use crate::source::{Fault, FileId, Span};

/// Reads a configuration in JSON.
pub(crate) fn parse_json(file: FileId, text: &str) -> Result<Body, Fault> {
    let lower = Lower { file, text };
    let node = lower.tree()?;
    let mut body = Body { is_json: true, ..Body::default() };
    for it in lower.objects(&node)? {
        lower.body("", it, &mut body)?;
    }
    Ok(body)
}

/// Reads a file of variables' values in JSON: there, texts are no templates.
pub(crate) fn parse_json_values(file: FileId, text: &str) -> Result<Body, Fault> {
    let lower = Lower { file, text };
    let node = lower.tree()?;
    if !matches!(node.data, Data::Map(_)) {
        return Err(lower.fault(&node, "is no object with the variables' names as keys"));
    }
    let mut body = Body { is_json: true, ..Body::default() };
    for it in node.entries() {
        let value = lower.value(&it.value, Text::Literal)?;
        lower.attribute(it, value, &mut body)?;
    }
    Ok(body)
}

/// What texts in a value are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Template,
    Literal,
    /// What they say is an expression: a reference, a type, a word.
    Expression,
}

struct Lower<'a> {
    file: FileId,
    text: &'a str,
}

impl Lower<'_> {
    fn tree(&self) -> Result<Node, Fault> {
        json::parse(self.text).map_err(|error| {
            let message = format!("can't be read as JSON: {}", error.message);
            Fault { span: self.span(error.span), message }
        })
    }

    /// The properties of an object, as what they are within a block of that kind.
    fn body(&self, kind: &str, node: &Node, body: &mut Body) -> Result<(), Fault> {
        // The property `//` is a comment.
        for it in node.entries().iter().filter(|it| &*it.key != "//") {
            if let Some(labels) = labels(kind, &it.key) {
                self.blocks(it, labels, &mut Vec::new(), &mut body.blocks)?;
                continue;
            }
            if kind.is_empty() {
                // Younger than this program, or mistaken.
                self.blocks(it, 0, &mut Vec::new(), &mut body.blocks)?;
                continue;
            }
            let value = self.value(&it.value, text_of(kind, &it.key))?;
            self.attribute(it, value, body)?;
            if has_blocks(kind) && are_blocks(&it.value) {
                self.blocks(it, 0, &mut Vec::new(), &mut body.blocks)?;
            }
        }
        Ok(())
    }

    fn attribute(&self, entry: &Entry, value: Expr, body: &mut Body) -> Result<(), Fault> {
        if body.attribute(&entry.key).is_some() {
            return Err(self.twice(entry));
        }
        let name_span = self.span(entry.key_span);
        body.attributes.push(Attribute { name: entry.key.clone(), name_span, value });
        Ok(())
    }

    fn twice(&self, entry: &Entry) -> Fault {
        let message = format!("gives {} a value for the second time", entry.key);
        Fault { span: self.span(entry.key_span), message }
    }

    /// Blocks under a key: an object, a list of them, or nothing; labels are keys in between.
    fn blocks(
        &self,
        entry: &Entry,
        left: usize,
        above: &mut Vec<Arc<str>>,
        out: &mut Vec<Block>,
    ) -> Result<(), Fault> {
        let objects = self.objects(&entry.value)?;
        above.push(entry.key.clone());
        for object in objects {
            if left > 0 {
                for it in object.entries().iter().filter(|it| &*it.key != "//") {
                    self.blocks(it, left - 1, above, out)?;
                }
                continue;
            }
            let mut names = above.iter().cloned();
            let Some(kind) = names.next() else { continue };
            let mut body = Body { is_json: true, ..Body::default() };
            self.body(&kind, object, &mut body)?;
            let head = self.span(entry.key_span);
            out.push(Block { kind, labels: names.collect(), head, body });
        }
        above.pop();
        Ok(())
    }

    fn objects<'n>(&self, node: &'n Node) -> Result<Vec<&'n Node>, Fault> {
        let all = match &node.data {
            Data::Null => Vec::new(),
            Data::List(it) => it.iter().collect(),
            _ => vec![node],
        };
        match all.iter().find(|it| !matches!(it.data, Data::Map(_))) {
            Some(it) => Err(self.fault(it, "stands where an object or a list of objects must")),
            None => Ok(all),
        }
    }

    fn value(&self, node: &Node, text: Text) -> Result<Expr, Fault> {
        let span = self.span(node.span);
        let kind = match &node.data {
            Data::Null => ExprKind::Null,
            Data::Bool(it) => ExprKind::Bool(*it),
            Data::Number { number, .. } => ExprKind::Number(Some(number.clone())),
            Data::String(it) => return self.string(it, node.span, text),
            Data::List(it) => {
                ExprKind::Tuple(it.iter().map(|it| self.value(it, text)).collect::<Result<_, _>>()?)
            }
            Data::Map(entries) => {
                let mut seen = std::collections::HashSet::new();
                let mut out = Vec::with_capacity(entries.len());
                for it in entries {
                    if !seen.insert(&it.key) {
                        return Err(self.twice(it));
                    }
                    let keys = if text == Text::Template { text } else { Text::Literal };
                    let key = self.string(&it.key, it.key_span, keys)?;
                    let is_alias = &*it.key == "configuration_aliases";
                    let text = if is_alias { Text::Expression } else { text };
                    out.push((key, self.value(&it.value, text)?));
                }
                ExprKind::Object(out)
            }
            Data::Tagged { node, .. } => return self.value(node, text),
        };
        Ok(Expr { kind, span })
    }

    fn string(
        &self,
        it: &Arc<str>,
        span: stanchion_cty::spanned::Span,
        text: Text,
    ) -> Result<Expr, Fault> {
        let read = match text {
            Text::Expression => super::expression(self.file, it),
            Text::Template if it.contains(['$', '%']) => super::template(self.file, it),
            Text::Template | Text::Literal => {
                let kind = ExprKind::String(it.clone());
                return Ok(Expr { kind, span: self.span(span) });
            }
        };
        let places = places(self.text.get(span.start..span.end).unwrap_or(""), it.len());
        let at = |byte: u32| {
            let at = places.get(byte as usize).or(places.last()).copied().unwrap_or(0);
            u32::try_from(span.start + at).unwrap_or(u32::MAX)
        };
        let moved = |it: Span| Span { start: at(it.start), end: at(it.end), ..it };
        match read {
            Ok(mut expr) => {
                respan(&mut expr, &moved);
                Ok(Expr { span: self.span(span), ..expr })
            }
            Err(fault) => Err(Fault { span: moved(fault.span), ..fault }),
        }
    }

    fn fault(&self, node: &Node, message: &str) -> Fault {
        Fault { span: self.span(node.span), message: message.to_owned() }
    }

    fn span(&self, it: stanchion_cty::spanned::Span) -> Span {
        let at = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Span { file: self.file, start: at(it.start), end: at(it.end) }
    }
}

/// Where each byte of a string is written in its text with quotes and escapes, and where it ends.
fn places(raw: &str, length: usize) -> Vec<usize> {
    let mut out = Vec::with_capacity(length + 1);
    let mut at = 1;
    while out.len() < length && at < raw.len() {
        let rest = &raw[at..];
        // An escape is as long as it is written, and stands for what JSON makes of it.
        let (written, stands_for) = match rest.strip_prefix("\\u") {
            Some(_) => {
                let is_pair = rest.get(2..3).is_some_and(|it| it.eq_ignore_ascii_case("d"))
                    && rest.get(3..4).is_some_and(|it| "89abAB".contains(it))
                    && rest.get(6..8) == Some("\\u");
                let end = if is_pair { 12 } else { 6 };
                let alone = format!("\"{}\"", rest.get(..end).unwrap_or(rest));
                let text = json::parse(&alone).ok();
                (end, text.and_then(|it| it.as_str().map(str::len)).unwrap_or(1))
            }
            None if rest.starts_with('\\') => (2, 1),
            None => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                (length, length)
            }
        };
        out.extend((0..stands_for).map(|it| at + it.min(written - 1)));
        at += written;
    }
    out.push(at.min(raw.len()));
    out
}

/// How many labels the blocks under a key have, within a block of that kind; `None` if what stands
/// under it is an attribute, as far as the language knows.
fn labels(within: &str, key: &str) -> Option<usize> {
    Some(match (within, key) {
        ("", "resource" | "data" | "ephemeral" | "action" | "list") | ("check", "data") => 2,
        ("", "provider" | "variable" | "output" | "module" | "check")
        | ("terraform", "backend" | "provider_meta" | "state_store")
        | ("resource" | "removed", "provisioner") => 1,
        ("", "locals" | "terraform" | "moved" | "import" | "removed")
        | ("terraform", "required_providers" | "cloud")
        | ("cloud", "workspaces")
        | ("variable", "validation")
        | ("output", "precondition")
        | ("check", "assert")
        | ("resource" | "data" | "ephemeral" | "removed", "lifecycle")
        | ("resource" | "provisioner" | "removed", "connection")
        | ("lifecycle", "precondition" | "postcondition" | "action_trigger") => 0,
        (_, "dynamic") if has_blocks(within) => 1,
        ("dynamic", "content") => 0,
        _ => return None,
    })
}

/// Whether a provider says what stands in blocks of that kind.
fn has_blocks(kind: &str) -> bool {
    !matches!(
        kind,
        "" | "locals"
            | "module"
            | "variable"
            | "output"
            | "terraform"
            | "required_providers"
            | "moved"
            | "import"
            | "removed"
            | "check"
            | "lifecycle"
            | "dynamic"
    )
}

/// Whether a value may be nested blocks.
fn are_blocks(node: &Node) -> bool {
    match &node.data {
        Data::Map(_) => true,
        Data::List(it) => !it.is_empty() && it.iter().all(|it| matches!(it.data, Data::Map(_))),
        _ => false,
    }
}

/// What texts are in an attribute.
fn text_of(kind: &str, name: &str) -> Text {
    match (kind, name) {
        ("variable", "default") | ("backend" | "cloud" | "required_providers", _) => Text::Literal,
        ("variable", "type")
        | ("resource" | "data" | "ephemeral" | "module" | "output" | "action", "depends_on")
        | ("resource" | "data" | "ephemeral" | "import" | "action" | "list", "provider")
        | ("lifecycle", "ignore_changes" | "replace_triggered_by")
        | ("action_trigger", "events" | "actions")
        | ("module", "providers")
        | ("moved", "from" | "to")
        | ("import", "to")
        | ("removed", "from")
        | ("provisioner", "when" | "on_failure")
        | ("dynamic", "iterator") => Text::Expression,
        _ => Text::Template,
    }
}
