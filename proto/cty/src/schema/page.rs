//! A declaration as a page of the Terraform registry's documentation.

use std::fmt::Write as _;

use crate::{Value, json};

use super::{Attribute, AttributeKind, Nesting, Object, Presence};

/// What a page tells beside the declaration.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The name of the thing: `stanchion_pipeline`.
    pub name: &'a str,
    /// Its kind as the registry calls it: `Resource`, `Data Source`, `Ephemeral Resource`, `function`.
    pub kind: &'a str,
    /// An example of its use in Terraform's language.
    pub example: &'a str,
    /// Sections between the example and the attributes, as Markdown; may be empty.
    pub sections: &'a str,
    /// The import command's identifier, where the thing can be imported.
    pub import: Option<&'a str>,
}

/// The page, as Markdown with the front matter that the registry wants.
#[must_use]
pub fn page(about: &Page<'_>, object: &Object) -> String {
    let Page { name, kind, example, sections, import } = about;
    let docs = object.docs.trim();
    let mut out = format!(
        "---\npage_title: \"{name} ({kind})\"\nsubcategory: \"\"\ndescription: |-\n  {}\n---\n\n\
         # {name} ({kind})\n",
        first_paragraph(docs)
    );
    section(&mut out, "", docs);
    if !example.trim().is_empty() {
        let example = format!("```terraform\n{}\n```", example.trim());
        section(&mut out, "## Example\n\n", &example);
    }
    section(&mut out, "", sections);
    attributes(&mut out, object, if *kind == "function" { "Arguments" } else { "Attributes" });
    if let Some(id) = import {
        let _ = write!(
            out,
            "\n## Import\n\n```terraform\nimport {{\n  to = {name}.example\n  id = \"{id}\"\n}}\n```\n"
        );
    }
    out
}

/// The attributes, then those of the objects within, each object right after what it stands in.
fn attributes(out: &mut String, object: &Object, heading: &str) {
    if object.attributes.is_empty() {
        return;
    }
    let _ = write!(out, "\n## {heading}\n");
    groups(out, object, "");
    let mut nested = inner(object, "");
    while let Some((path, attribute, object)) = nested.pop() {
        let anchor = anchor(attribute, &path);
        let _ = write!(out, "\n<a id=\"{anchor}\"></a>\n\n### `{path}`\n");
        section(out, "", &object.docs);
        groups(out, object, &path);
        nested.extend(inner(object, &path));
    }
}

/// The objects in an object's attributes, the last one first.
fn inner<'a>(object: &'a Object, prefix: &str) -> Vec<(String, &'a Attribute, &'a Object)> {
    let rows = GROUPS.iter().flat_map(|it| rows(object, it.1));
    let mut nested: Vec<_> = rows
        .filter_map(|it| match &it.kind {
            AttributeKind::Nested(_, object) => Some((join(prefix, &it.name), it, &**object)),
            AttributeKind::Plain(_) => None,
        })
        .collect();
    nested.reverse();
    nested
}

/// The headings under which attributes stand, and which.
const GROUPS: [(&str, &[Presence]); 3] = [
    ("Required", &[Presence::Required]),
    ("Optional", &[Presence::Optional, Presence::OptionalComputed]),
    ("Read-only", &[Presence::Computed]),
];

fn rows<'a>(object: &'a Object, group: &'a [Presence]) -> impl Iterator<Item = &'a Attribute> {
    object.attributes.iter().filter(|it| group.contains(&it.presence))
}

fn groups(out: &mut String, object: &Object, prefix: &str) {
    for (title, group) in GROUPS {
        if rows(object, group).next().is_some() {
            let _ = write!(out, "\n**{title}**\n\n");
        }
        for attribute in rows(object, group) {
            row(out, attribute, prefix);
        }
    }
}

fn row(out: &mut String, attribute: &Attribute, prefix: &str) {
    let name = &attribute.name;
    let _ = write!(out, "- `{name}` ({}", kind(attribute));
    for (flag, word) in [
        (attribute.sensitive, "sensitive"),
        (attribute.write_only, "write-only"),
        (attribute.replace, "forces replacement"),
        (attribute.identity, "identity"),
        (attribute.deprecated.is_some(), "deprecated"),
    ] {
        if flag {
            let _ = write!(out, ", {word}");
        }
    }
    out.push(')');
    let mut sentences = Vec::from([sentence(attribute.docs.trim())]);
    sentences.extend(attribute.checks.iter().map(|it| sentence(&format!("It {}", it.says()))));
    if attribute.presence == Presence::OptionalComputed {
        sentences.push("The provider chooses it where it is not given.".to_owned());
    }
    if let Some(env) = &attribute.env {
        sentences.push(format!("Environment variable: `{env}`."));
    }
    if let Some(default) = &attribute.default {
        sentences.push(default_words(attribute, default));
    }
    if let Some(instead) = &attribute.deprecated {
        sentences.push(sentence(&format!("Deprecated: {instead}")));
    }
    if matches!(attribute.kind, AttributeKind::Nested(..)) {
        let path = join(prefix, name);
        if attribute.block {
            sentences.push(format!("Written as `{name} {}.", written(attribute)));
        }
        sentences.push(format!("See [`{path}`](#{}).", anchor(attribute, &path)));
    }
    sentences.retain(|it| !it.is_empty());
    // The lines of a description belong to its row; an empty one would end the list otherwise.
    let text = sentences.join(" ");
    let mut lines = text.lines();
    if let Some(first) = lines.next() {
        let _ = write!(out, " {first}");
    }
    for line in lines {
        let _ = write!(out, "\n{}", format!("  {line}").trim_end());
    }
    out.push('\n');
}

/// A default as JSON, which reads as Terraform's language does but for the commas of objects. Of a
/// secret only that there is one.
fn default_words(attribute: &Attribute, default: &Value) -> String {
    match json::encode_plain(default) {
        Ok(shown) if !attribute.sensitive => format!("Default: `{shown}`."),
        _ => "It has a default.".to_owned(),
    }
}

/// How a block is written after its name, and how often.
fn written(attribute: &Attribute) -> &'static str {
    match (&attribute.kind, attribute.presence) {
        (AttributeKind::Nested(Nesting::Single, _), Presence::Required) => "{ … }`, once",
        (AttributeKind::Nested(Nesting::Single, _), _) => "{ … }`, at most once",
        (AttributeKind::Nested(Nesting::Map, _), _) => {
            "\"NAME\" { … }`, any number of times, each with another name"
        }
        (_, Presence::Required) => "{ … }`, at least once",
        _ => "{ … }`, any number of times",
    }
}

fn kind(attribute: &Attribute) -> String {
    match &attribute.kind {
        AttributeKind::Nested(Nesting::Single, _) if attribute.block => "block".to_owned(),
        AttributeKind::Nested(Nesting::List, _) if attribute.block => "list of blocks".to_owned(),
        AttributeKind::Nested(Nesting::Set, _) if attribute.block => "set of blocks".to_owned(),
        AttributeKind::Nested(Nesting::Map, _) if attribute.block => "map of blocks".to_owned(),
        AttributeKind::Plain(ty) => ty.friendly(),
        AttributeKind::Nested(Nesting::Single, _) => "object".to_owned(),
        AttributeKind::Nested(Nesting::List, _) => "list of objects".to_owned(),
        AttributeKind::Nested(Nesting::Set, _) => "set of objects".to_owned(),
        AttributeKind::Nested(Nesting::Map, _) => "map of objects".to_owned(),
    }
}

/// A text between blank lines; nothing if there is none.
fn section(out: &mut String, title: &str, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        let _ = write!(out, "\n{title}{text}\n");
    }
}

/// The first paragraph in one line, as the registry lists it.
fn first_paragraph(docs: &str) -> String {
    let lines: Vec<&str> = docs.lines().map(str::trim).take_while(|it| !it.is_empty()).collect();
    lines.join(" ")
}

/// A text with a full stop, where it ends without one.
fn sentence(text: &str) -> String {
    let ends = text.is_empty() || text.ends_with(['.', '!', '?', ':', '`', '|']);
    if ends { text.to_owned() } else { format!("{text}.") }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// The anchor of a nested object, as the registry's own generator names it.
fn anchor(attribute: &Attribute, path: &str) -> String {
    let kind = if attribute.block { "nestedblock" } else { "nestedatt" };
    format!("{kind}--{}", path.replace('.', "--"))
}
