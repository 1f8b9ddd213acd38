//! The way that a value came: through references, and into the parts that a text is made of.

use std::collections::BTreeSet;

use stanchion_cty::Value;
use stanchion_lang::{Evaluation, File, Module, Span};

use super::Link;
use crate::module_address::{caller_of, module_of, step};

/// So many places are told of one value.
const MOST: usize = 20;

/// The way that a value came to a place in a resource of that address.
pub(super) fn of(
    evaluation: &Evaluation<'_>,
    value: &Value,
    place: Span,
    address: &str,
) -> Vec<Link> {
    let (seen, taken_apart) = Default::default();
    let mut way = Way { evaluation, place, seen, taken_apart, links: Vec::new() };
    way.follow(value, module_of(address), false);
    way.links
}

struct Way<'a, 'w> {
    evaluation: &'a Evaluation<'w>,
    place: Span,
    seen: BTreeSet<Span>,
    taken_apart: BTreeSet<Span>,
    links: Vec<Link>,
}

impl Way<'_, '_> {
    /// Adds the places that a value came through, and those of its parts. `module` leads to where
    /// it is used, as in an address.
    fn follow(&mut self, value: &Value, module: &str, is_part: bool) {
        let mut spans = self.evaluation.chain(value);
        let made = spans.last().copied();
        spans.retain(|it| !self.place.contains(*it) && !it.contains(self.place));
        spans.dedup_by(|next, one| one.contains(*next) || next.contains(*one));
        // What is gone into once is not gone into again, so that this has an end.
        let made = made.filter(|it| self.taken_apart.insert(*it));
        let parts = made.map(|it| self.references(it, module)).unwrap_or_default();
        let last = spans.len().saturating_sub(1);
        for (at, span) in spans.into_iter().enumerate() {
            if self.links.len() >= MOST || !self.seen.insert(span) {
                continue;
            }
            let is_origin = at == last && parts.is_empty();
            let what = match (is_origin, is_part) {
                (true, false) => "its value is written here",
                (true, true) => "a part of its value is written here",
                (false, _) => "its value comes from here",
            };
            self.links.push(Link { span, what: what.to_owned(), is_origin });
        }
        for (reference, module) in parts {
            if self.links.len() >= MOST {
                break;
            }
            let value = self.evaluation.evaluate(&format!("{module}{reference}")).value;
            self.follow(&value, &module, true);
        }
    }

    /// The variables and locals that an expression names which is no plain reference, each with the
    /// module that it is in. A reference itself is on the value's chain already.
    fn references(&self, span: Span, used_in: &str) -> Vec<(String, String)> {
        let Some(file) = self.evaluation.workspace().file(span) else { return Vec::new() };
        let text = file.text().get(span.start as usize..span.end as usize).unwrap_or_default();
        let Some(module) = self.module_at(file, used_in) else { return Vec::new() };
        let mut out = Vec::new();
        for kind in ["var.", "local."] {
            for (at, _) in text.match_indices(kind) {
                let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == '-';
                if text[..at].ends_with(|it: char| is_name(it) || it == '.') {
                    continue;
                }
                let rest = &text[at + kind.len()..];
                let name = &rest[..rest.find(|it| !is_name(it)).unwrap_or(rest.len())];
                let one = (format!("{kind}{name}"), module.to_owned());
                if !name.is_empty() && !out.contains(&one) {
                    out.push(one);
                }
            }
        }
        out
    }

    /// The module that a file belongs to: the one where a value is used, or one of its callers.
    fn module_at<'m>(&self, file: &File, used_in: &'m str) -> Option<&'m str> {
        let mut module = used_in;
        loop {
            if self.folder_of(module).is_some_and(|it| &*it.folder == file.folder()) {
                return Some(module);
            }
            if module.is_empty() {
                return None;
            }
            module = caller_of(module);
        }
    }

    fn folder_of(&self, module: &str) -> Option<&Module> {
        let (workspace, root) = (self.evaluation.workspace(), self.evaluation.root());
        let mut at = root;
        let mut rest = module;
        let mut path = String::new();
        while let Some((name, after)) = step(rest) {
            let dot = if path.is_empty() { "" } else { "." };
            path.push_str(&format!("{dot}{name}"));
            let folder = workspace.folder_of(&root.folder, &path, at, at.calls.get(name)?)?;
            at = workspace.module(&folder)?;
            rest = after;
        }
        Some(at)
    }
}
