//! A declaration as a page of the Terraform registry's documentation.

use std::fmt::Write as _;

use crate::Type;

use super::{Attribute, AttributeKind, Nesting, Object, Presence};

/// What a page tells beside the declaration.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The name of the thing: `stanchion_pipeline`.
    pub name: &'a str,
    /// Its kind as the registry calls it: `Resource`, `Data Source`, `Ephemeral Resource`.
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
    let first = object.docs.lines().next().unwrap_or_default();
    let mut out = format!(
        "---\npage_title: \"{name} ({kind})\"\nsubcategory: \"\"\ndescription: |-\n  {first}\n---\n\n\
         # {name} ({kind})\n\n{}\n",
        object.docs
    );
    if !example.is_empty() {
        let _ = write!(out, "\n## Example\n\n```terraform\n{}\n```\n", example.trim_end());
    }
    if !sections.is_empty() {
        let _ = write!(out, "\n{}\n", sections.trim());
    }
    out.push_str("\n## Attributes\n");
    let mut nested = Vec::new();
    attributes(&mut out, object, "", &mut nested);
    while !nested.is_empty() {
        let (path, object) = nested.remove(0);
        let anchor = anchor(&path);
        let _ = write!(out, "\n<a id=\"{anchor}\"></a>\n### `{path}`\n");
        if !object.docs.is_empty() {
            let _ = write!(out, "\n{}\n", object.docs);
        }
        let mut inner = Vec::new();
        attributes(&mut out, object, &path, &mut inner);
        nested.splice(0..0, inner);
    }
    if let Some(id) = import {
        let _ = write!(
            out,
            "\n## Import\n\n```terraform\nimport {{\n  to = {name}.example\n  id = \"{id}\"\n}}\n```\n"
        );
    }
    out
}

fn attributes<'a>(
    out: &mut String,
    object: &'a Object,
    prefix: &str,
    nested: &mut Vec<(String, &'a Object)>,
) {
    let groups: [(&str, fn(Presence) -> bool); 3] = [
        ("Required", |it| it == Presence::Required),
        ("Optional", |it| matches!(it, Presence::Optional | Presence::OptionalComputed)),
        ("Read-only", |it| it == Presence::Computed),
    ];
    for (title, belongs) in groups {
        let mut rows = object.attributes.iter().filter(|it| belongs(it.presence)).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let _ = write!(out, "\n**{title}**\n\n");
        for attribute in rows {
            row(out, attribute, prefix);
            if let AttributeKind::Nested(_, object) = &attribute.kind {
                nested.push((join(prefix, &attribute.name), object));
            }
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
        (attribute.deprecated.is_some(), "deprecated"),
    ] {
        if flag {
            let _ = write!(out, ", {word}");
        }
    }
    out.push(')');
    let docs = attribute.docs.trim();
    if !docs.is_empty() {
        let _ = write!(out, " {}", docs.replace('\n', "\n  "));
    }
    for check in &attribute.checks {
        let _ = write!(out, " It {}.", check.says());
    }
    if let Some(env) = &attribute.env {
        let _ = write!(out, " Environment variable: `{env}`.");
    }
    if let Some(default) = &attribute.default {
        let shown = format!("{default:?}");
        let _ = write!(out, " Default: `{shown}`.");
    }
    if let Some(instead) = &attribute.deprecated {
        let _ = write!(out, " Deprecated: {instead}.");
    }
    if matches!(attribute.kind, AttributeKind::Nested(..)) {
        let _ = write!(out, " See [below](#{}).", anchor(&join(prefix, name)));
    }
    out.push('\n');
}

fn kind(attribute: &Attribute) -> String {
    match &attribute.kind {
        AttributeKind::Plain(ty) => type_words(ty),
        AttributeKind::Nested(Nesting::Single, _) => "object".to_owned(),
        AttributeKind::Nested(Nesting::List, _) => "list of objects".to_owned(),
        AttributeKind::Nested(Nesting::Set, _) => "set of objects".to_owned(),
        AttributeKind::Nested(Nesting::Map, _) => "map of objects".to_owned(),
    }
}

fn type_words(ty: &Type) -> String {
    match ty {
        Type::List(it) => format!("list of {}", type_words(it)),
        Type::Set(it) => format!("set of {}", type_words(it)),
        Type::Map(it) => format!("map of {}", type_words(it)),
        other => other.friendly(),
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

fn anchor(path: &str) -> String {
    format!("nestedatt--{}", path.replace('.', "--"))
}
