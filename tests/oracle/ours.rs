//! What our evaluator makes of expressions.

use stanchion_cty::json::type_to_json;
use stanchion_cty::{Kind, Value};
use stanchion_lang::{Evaluation, Files, Inputs, NoDataSources, Source, Unread, Workspace};

use crate::UNKNOWN;
use crate::answers::{Answer, Shape, files};

/// The answers, one for each expression.
pub(crate) fn answer(expressions: &[String]) -> Vec<Answer> {
    let workspace = Workspace::new([Source::new("main.tf", UNKNOWN.as_bytes().to_vec())]);
    let root = workspace.module("").unwrap();
    let inputs = Inputs::default();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &Given, &NoDataSources);
    expressions
        .iter()
        .map(|it| {
            let evaluated = evaluation.evaluate(it);
            if evaluated.refusals.is_empty() {
                let ty = serde_json::from_str(&type_to_json(&evaluated.value.ty())).unwrap();
                return Answer::Value { ty, shape: shape(&evaluated.value) };
            }
            Answer::Refused {
                is_early: evaluated.refusals.iter().any(stanchion_lang::Refusal::is_early),
                causes: evaluated.refusals.iter().map(|it| it.summary.to_string()).collect(),
                details: evaluated.refusals.iter().map(|it| it.detail.clone()).collect(),
            }
        })
        .collect()
}

fn shape(value: &Value) -> Shape {
    match value.kind() {
        Kind::Unknown(_) => Shape::Unknown,
        Kind::Null(_) => Shape::Leaf("null".to_owned()),
        Kind::Bool(it) => Shape::Leaf(it.to_string()),
        Kind::Number(it) => Shape::Leaf(it.to_string()),
        Kind::String(it) => Shape::Leaf(format!("{it:?}")),
        Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
            Shape::Row(it.iter().map(shape).collect())
        }
        Kind::Map(_, it) | Kind::Object(it) => {
            Shape::Named(it.iter().map(|(key, it)| (key.to_string(), shape(it))).collect())
        }
    }
}

/// The files that expressions may read, which Terraform finds in the configuration's folder.
struct Given;

impl Files for Given {
    fn read(&self, path: &str) -> Result<std::sync::Arc<[u8]>, Unread> {
        let path = path.strip_prefix("./").unwrap_or(path);
        match files().into_iter().find(|(name, _)| *name == path) {
            Some((_, content)) => Ok(content.into()),
            None if files().iter().any(|(name, _)| name.starts_with(&format!("{path}/"))) => {
                Err(Unread::NotAFile)
            }
            None => Err(Unread::Missing),
        }
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Unread> {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let of = |it: &str| match folder {
            "" | "." => Some(it.to_owned()),
            _ => it.strip_prefix(&format!("{folder}/")).map(str::to_owned),
        };
        Ok(files().iter().filter_map(|(name, _)| of(name)).collect())
    }

    fn absolute(&self, path: &str) -> String {
        format!("/configuration/{path}")
    }

    fn home(&self) -> Option<String> {
        Some("/home/user".to_owned())
    }
}

