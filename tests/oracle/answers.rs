//! What a real Terraform makes of expressions: a plan's outputs, and what it refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read as _;

use base64::Engine as _;
use serde_json::Value as Json;
use stanchion_cty::json;
use stanchion_cty::spanned::{Data, Node};
use stanchion_tests::{Terraform, Workspace, repository};

use crate::UNKNOWN;

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
                shape.is_like(their_shape) && same_type(ty, their_ty)
            }
            (Self::Refused { causes, .. }, Self::Refused { causes: theirs, .. }) => {
                causes.iter().any(|it| theirs.contains(it))
            }
            _ => false,
        }
    }
}

/// Plan JSON tells no type of what is unknown as a whole.
fn same_type(ours: &Json, theirs: &Json) -> bool {
    *theirs == Json::Null || ours == theirs
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
    fn of(value: Option<&Node>, unknown: Option<&Json>) -> Self {
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

/// How many expressions one plan is asked for.
const MOST_OUTPUTS: usize = 2_000;

/// What Terraform makes of the expressions. Ours tells which it expects to be refused before
/// anything is evaluated: one of these in a configuration, and nothing else is evaluated.
pub(crate) fn ask(terraform: &Terraform, expressions: &[String], ours: &[Answer]) -> Vec<Answer> {
    let early: Vec<usize> = (0..expressions.len())
        .filter(|at| matches!(&ours[*at], Answer::Refused { is_early: true, .. }))
        .collect();
    let late: Vec<usize> = (0..expressions.len()).filter(|at| !early.contains(at)).collect();
    let mut answers = vec![None; expressions.len()];
    for some in early.chunks(MOST_OUTPUTS) {
        refused(terraform, expressions, some, &mut answers);
    }
    // What ours takes for a value may be refused: then it is asked again without that.
    let expected: Vec<usize> =
        late.iter().copied().filter(|at| matches!(ours[*at], Answer::Value { .. })).collect();
    let other: Vec<usize> = late.iter().copied().filter(|at| !expected.contains(at)).collect();
    for some in other.chunks(MOST_OUTPUTS) {
        refused(terraform, expressions, some, &mut answers);
    }
    let mut open = expected;
    open.extend(early.iter().chain(&other).filter(|at| answers[**at].is_none()));
    // Terraform's work for a plan grows faster than the number of its outputs.
    for open in open.chunks(MOST_OUTPUTS) {
        let mut open = open.to_vec();
        for _ in 0..4 {
            let causes = values(terraform, expressions, &open, &mut answers);
            if causes.is_empty() {
                break;
            }
            open.retain(|at| !causes.contains_key(at));
            for (at, refused) in causes {
                answers[at] = Some(refused);
            }
        }
    }
    let missing = |at: usize| panic!("no answer for {}", expressions[at]);
    answers.into_iter().enumerate().map(|(at, it)| it.unwrap_or_else(|| missing(at))).collect()
}

fn folder(terraform: &Terraform, expressions: &[String], which: &[usize]) -> Workspace {
    let workspace = Workspace::new(terraform).with_timeout(std::time::Duration::from_secs(300));
    workspace.write("main.tf", UNKNOWN);
    for (name, content) in files() {
        workspace.write(name, content);
    }
    for (number, chunk) in which.chunks(100).enumerate() {
        let mut text = String::new();
        for at in chunk {
            let it = &expressions[*at];
            text.push_str(&format!(
                "output \"e{at}\" {{\n  sensitive = true\n  value = [{it}\n]\n}}\n"
            ));
        }
        workspace.write(format!("outputs{number}.tf"), text);
    }
    workspace
}

/// Asks for values; what is refused is told by the number of its expression.
fn values(
    terraform: &Terraform,
    expressions: &[String],
    which: &[usize],
    answers: &mut [Option<Answer>],
) -> BTreeMap<usize, Answer> {
    if which.is_empty() {
        return BTreeMap::new();
    }
    let workspace = folder(terraform, expressions, which);
    let done = workspace.run(["plan", "-json", "-input=false", "-out=test.tfplan"]);
    let causes = causes(&done.both(), &workspace, expressions.len());
    if !causes.is_empty() {
        return causes;
    }
    let plan = workspace.run(["show", "-json", "test.tfplan"]).success();
    // Both say where they run in the same words.
    let text = plan.both().replace(&*workspace.path().to_string_lossy(), "/cwd");
    let tree = json::parse(text.trim()).unwrap();
    let plan: Json = serde_json::from_str(&text).unwrap();
    for at in which {
        let name = format!("e{at}");
        let change = tree.get("output_changes").and_then(|it| it.get(&name)).unwrap();
        let unknown = &plan["output_changes"][&name]["after_unknown"];
        let row = match Shape::of(change.get("after"), Some(unknown)) {
            Shape::Row(mut it) if it.len() == 1 => it.remove(0),
            Shape::Unknown => Shape::Unknown,
            other => panic!("{name} is {other:?}"),
        };
        let ty = plan["planned_values"]["outputs"][&name]["type"][1][0].clone();
        answers[*at] = Some(Answer::Value { ty, shape: row });
    }
    BTreeMap::new()
}

/// Asks why expressions are refused.
fn refused(
    terraform: &Terraform,
    expressions: &[String],
    which: &[usize],
    answers: &mut [Option<Answer>],
) {
    if which.is_empty() {
        return;
    }
    let workspace = folder(terraform, expressions, which);
    let done = workspace.run(["plan", "-json", "-input=false"]);
    for (at, cause) in causes(&done.both(), &workspace, expressions.len()) {
        answers[at] = Some(cause);
    }
}

/// The refusals in the lines of JSON that Terraform prints, by the expression that they are about.
fn causes(printed: &str, workspace: &Workspace, count: usize) -> BTreeMap<usize, Answer> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut out: BTreeMap<usize, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for line in printed.lines() {
        let Ok(line) = serde_json::from_str::<Json>(line) else { continue };
        let diagnostic = &line["diagnostic"];
        if diagnostic["severity"] != "error" {
            continue;
        }
        let summary = diagnostic["summary"].as_str().unwrap_or_default().to_owned();
        let detail = diagnostic["detail"].as_str().unwrap_or_default().to_owned();
        let Some(file) = diagnostic["range"]["filename"].as_str() else {
            // What can't be stored is told by name: infinity is no JSON.
            let named = detail.split("output value \"e").skip(1);
            let numbers = named.filter_map(|it| it.split('"').next()?.parse::<usize>().ok());
            let numbers: Vec<usize> = numbers.collect();
            assert!(!numbers.is_empty(), "{summary}: {detail}");
            for at in numbers {
                out.entry(at).or_default().0.push(summary.clone());
            }
            continue;
        };
        let text = texts.entry(file.to_owned()).or_insert_with(|| workspace.read(file));
        let byte = diagnostic["range"]["start"]["byte"].as_u64().unwrap_or(0) as usize;
        let head = text[..byte.min(text.len())].rfind("output \"e");
        let number = head.and_then(|it| text[it + 9..].split('"').next()?.parse().ok());
        let at: usize = number.unwrap_or_else(|| panic!("{file}: {summary}: {detail}"));
        assert!(at < count);
        let entry = out.entry(at).or_default();
        entry.0.push(summary);
        entry.1.push(detail);
    }
    out.into_iter()
        .map(|(at, (causes, details))| (at, Answer::Refused { is_early: false, causes, details }))
        .collect()
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
