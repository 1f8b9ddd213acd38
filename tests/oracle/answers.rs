//! What comes of expressions: values, types and refusals, and when two of them agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read as _;

use base64::Engine as _;
use serde_json::Value as Json;
use stanchion_cty::spanned::{Data, Node};
use stanchion_tests::repository;

/// What came of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// A value.
    Value {
        /// Its type, as Terraform writes types in JSON.
        ty: Json,
        /// What it holds.
        shape: Shape,
    },
    /// It is refused.
    Refused {
        /// Whether before anything is evaluated.
        is_early: bool,
        /// The short words for it.
        causes: Vec<String>,
        /// What is said about it.
        details: Vec<String>,
    },
}

/// A value without its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Unknown,
    Leaf(String),
    Row(Vec<Shape>),
    Named(BTreeMap<String, Shape>),
}

/// The files that expressions may read: paths below `files/`, and contents.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut open = vec![(repository().join("tests/oracle/files"), "files".to_owned())];
    while let Some((folder, name)) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{name}/{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                open.push((path, name));
            } else {
                let content = std::fs::read(&path).unwrap();
                out.push((name, content));
            }
        }
    }
    out.sort();
    out
}

impl Answer {
    /// A word for what kind of answer it is.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Value { shape, .. } if shape.is_known() => "known",
            Self::Value { .. } => "unknown",
            Self::Refused { .. } => "refused",
        }
    }

    /// Whether a number in it is infinite.
    pub(crate) fn is_infinite(&self) -> bool {
        matches!(self, Self::Value { shape, .. } if shape.is_infinite())
    }

    /// Whether ours says the same as Terraform's.
    pub(crate) fn agrees_with(&self, theirs: &Self) -> bool {
        match (self, theirs) {
            (Self::Value { ty, shape }, Self::Value { ty: their_ty, shape: their_shape }) => {
                shape.is_like(their_shape) && ty == their_ty
            }
            (Self::Refused { causes, .. }, Self::Refused { causes: theirs, .. }) => {
                causes.iter().any(|it| theirs.contains(it))
            }
            _ => false,
        }
    }
}

impl Shape {
    fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Leaf(_) => true,
            Self::Row(it) => it.iter().all(Self::is_known),
            Self::Named(it) => it.values().all(Self::is_known),
        }
    }

    /// Equal, or texts of the same bytes in two compressions.
    fn is_like(&self, other: &Self) -> bool {
        let unpacked = |it: &Self| match it {
            Self::Leaf(text) => unpacked(text.trim_matches('"')),
            _ => None,
        };
        self == other || unpacked(self).is_some_and(|it| unpacked(other) == Some(it))
    }

    fn is_infinite(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Leaf(it) => it.ends_with("Inf"),
            Self::Row(it) => it.iter().any(Self::is_infinite),
            Self::Named(it) => it.values().any(Self::is_infinite),
        }
    }

    /// A plan knows no negative zero.
    pub(crate) fn number(text: String) -> Self {
        Self::Leaf(if text == "-0" { "0".to_owned() } else { text })
    }

    /// A value as a plan shows it: what is there, and what is unknown beside it.
    pub(crate) fn of(value: Option<&Node>, unknown: Option<&Json>) -> Self {
        if unknown == Some(&Json::Bool(true)) {
            return Self::Unknown;
        }
        let Some(value) = value else { return Self::Unknown };
        match &value.data {
            Data::Null => Self::Leaf("null".to_owned()),
            Data::Bool(it) => Self::Leaf(it.to_string()),
            Data::Number { number, .. } => Self::number(number.to_string()),
            Data::String(it) => Self::Leaf(format!("{it:?}")),
            Data::Tagged { node, .. } => Self::of(Some(node), unknown),
            Data::List(it) => {
                let parts = unknown.and_then(Json::as_array);
                let length = it.len().max(parts.map_or(0, Vec::len));
                Self::Row(
                    (0..length)
                        .map(|at| Self::of(it.get(at), parts.and_then(|all| all.get(at))))
                        .collect(),
                )
            }
            Data::Map(it) => {
                let parts = unknown.and_then(Json::as_object);
                let names: BTreeSet<&str> = it
                    .iter()
                    .map(|it| &*it.key)
                    .chain(parts.into_iter().flat_map(|it| it.keys().map(String::as_str)))
                    .collect();
                let part =
                    |name: &str| Self::of(value.get(name), parts.and_then(|all| all.get(name)));
                Self::Named(names.into_iter().map(|it| (it.to_owned(), part(it))).collect())
            }
        }
    }
}

/// What gzip in base64 holds.
fn unpacked(text: &str) -> Option<Vec<u8>> {
    let packed = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut out).ok()?;
    Some(out)
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { ty, shape } => write!(f, "{shape} of {ty}"),
            Self::Refused { is_early, causes, details } => {
                let early = if *is_early { " early" } else { "" };
                write!(f, "refused{early}: {causes:?} {details:?}")
            }
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("(unknown)"),
            Self::Leaf(it) => f.write_str(it),
            Self::Row(it) => {
                f.write_str("[")?;
                for (at, it) in it.iter().enumerate() {
                    write!(f, "{}{it}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Named(it) => {
                f.write_str("{")?;
                for (at, (key, it)) in it.iter().enumerate() {
                    write!(f, "{}{key} = {it}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}
