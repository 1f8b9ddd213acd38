//! The functions that a Terraform has, as it tells them itself.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use stanchion_tests::{Terraform, Workspace};

use crate::calls::Literal;

/// What a function takes.
pub(crate) struct Signature {
    /// Its name, without a namespace.
    pub(crate) name: String,
    parameters: Vec<Takes>,
    variadic: Option<Takes>,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Any,
    Bool,
    Number,
    Text,
    /// A list or a set.
    Row,
    /// A list or a set of strings.
    Texts,
    /// A map.
    Named,
}

/// The functions of a Terraform or an OpenTofu.
pub(crate) fn signatures(terraform: &Terraform) -> Vec<Signature> {
    let workspace = Workspace::new(terraform);
    let told = workspace.run(["metadata", "functions", "-json"]).success().json();
    let all: BTreeMap<String, Json> =
        serde_json::from_value(told["function_signatures"].clone()).unwrap();
    all.into_iter()
        .filter(|(name, _)| !name.contains("::"))
        .map(|(name, told)| {
            let takes = |it: &Json| Takes::of(&it["type"]);
            let parameters = told["parameters"].as_array().into_iter().flatten();
            let variadic = told.get("variadic_parameter").map(takes);
            Signature { name, parameters: parameters.map(takes).collect(), variadic }
        })
        .collect()
}

impl Signature {
    /// What the argument at a place is taken for.
    pub(crate) fn takes(&self, at: usize) -> Option<Takes> {
        self.parameters.get(at).or(self.variadic.as_ref()).copied()
    }

    /// What all of its parameters take.
    pub(crate) fn all(&self) -> impl Iterator<Item = Takes> {
        self.parameters.iter().chain(&self.variadic).copied()
    }
}

impl Takes {
    fn of(ty: &Json) -> Self {
        match ty {
            Json::String(it) if it == "bool" => Self::Bool,
            Json::String(it) if it == "number" => Self::Number,
            Json::String(it) if it == "string" => Self::Text,
            Json::Array(it) if it[0] == "map" => Self::Named,
            Json::Array(it) if it[1] == "string" => Self::Texts,
            Json::Array(_) => Self::Row,
            _ => Self::Any,
        }
    }

    /// Whether something of it may be empty.
    pub(crate) fn may_be_empty(self) -> bool {
        !matches!(self, Self::Bool | Self::Number)
    }

    /// Whether there may be letters in it.
    pub(crate) fn may_have_letters(self) -> bool {
        matches!(self, Self::Any | Self::Text | Self::Texts | Self::Named)
    }

    /// Whether a literal is never taken for it; `None` where the function says so itself.
    pub(crate) fn refuses(self, literal: Literal) -> Option<bool> {
        let is_part = matches!(literal, Literal::Bool | Literal::Number | Literal::Text);
        match self {
            Self::Any => None,
            Self::Bool | Self::Number | Self::Text => Some(!is_part),
            Self::Row | Self::Texts => Some(is_part || literal == Literal::Named),
            Self::Named => Some(literal != Literal::Named),
        }
    }

    /// Other arguments to try in its place.
    pub(crate) fn others(self) -> Vec<&'static str> {
        const ALWAYS: &[&str] = &["null", "local.unknown_any"];
        const TEXTS: &[&str] =
            &["local.unknown_string", "\"\"", "\"é日本😀e\\u0301\"", "\" a\\n\\t\\\"b\\\\ \""];
        const NUMBERS: &[&str] = &["local.unknown_number", "0", "-1", "1.5", "\"7\"", "1e20"];
        const ROWS: &[&str] = &["local.unknown_list", "[]", "[null]", "[local.unknown_string]"];
        const MAPS: &[&str] =
            &["local.unknown_map", "{}", "{ a = null }", "{ \"é日本\" = \"😀\" }"];
        const LETTERS: &[&str] = &["[\"é日本😀e\\u0301\"]", "[\"\", \" \"]"];
        let mut out = ALWAYS.to_vec();
        let all = Literal::ALL.iter().map(|it| it.1);
        out.extend(match self {
            Self::Any => all.collect::<Vec<_>>(),
            Self::Bool => vec!["local.unknown_bool", "true", "\"false\"", "\"a\"", "[]"],
            Self::Number => vec!["\"a\"", "[]"],
            Self::Text => vec!["true", "12", "[\"a\"]"],
            Self::Row | Self::Texts => vec!["\"a\"", "{ a = \"b\" }", "toset([\"b\", \"a\"])"],
            Self::Named => vec!["\"a\"", "[\"a\"]"],
        });
        let more: &[&[&str]] = match self {
            Self::Any => &[TEXTS, &["0", "-1", "1.5"], ROWS, MAPS, &[LETTERS[0]]],
            Self::Bool => &[],
            Self::Number => &[NUMBERS],
            Self::Text => &[TEXTS],
            Self::Row => &[ROWS, &["[[]]"]],
            Self::Texts => &[ROWS, LETTERS],
            Self::Named => &[MAPS, &["{ \"é\" = [\"ü\"], a = [] }"]],
        };
        out.extend(more.iter().flat_map(|it| it.iter()));
        out
    }
}
