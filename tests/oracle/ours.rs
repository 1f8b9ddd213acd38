//! What our evaluator makes of expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::json::type_to_json;
use stanchion_cty::{Kind, Value};
use stanchion_lang::{Evaluation, Files, Inputs, NoDataSources, Source, Unread, Workspace};

use crate::UNKNOWN;
use crate::answers::{Answer, Shape, files};

/// When the plan is made, for ours.
pub(crate) const PLAN_TIME: &str = "2026-11-21T09:30:00Z";

/// The answers, one for each expression.
pub(crate) fn answer(expressions: &[String]) -> Vec<Answer> {
    let workspace = Workspace::new([Source::new("main.tf", UNKNOWN.as_bytes().to_vec())]);
    let root = workspace.module("").unwrap();
    let inputs = Inputs { plan_time: Some(PLAN_TIME.into()), ..Inputs::default() };
    let given = Given(files().into_iter().collect());
    let evaluation = Evaluation::new(&workspace, root, &inputs, &given, &NoDataSources);
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
        Kind::Number(it) => Shape::number(it.to_string()),
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
struct Given(BTreeMap<String, Vec<u8>>);

impl Given {
    fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.0.keys().any(|it| it.starts_with(&format!("{path}/")))
    }
}

/// A path without `.`, `..` and doubled slashes.
fn clean(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl Files for Given {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        let path = clean(path);
        match self.0.get(&path) {
            Some(content) => Ok(content.as_slice().into()),
            None if self.is_folder(&path) => Err(Unread::NotAFile),
            None => Err(Unread::Missing),
        }
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Unread> {
        let folder = clean(folder);
        if self.0.contains_key(&folder) {
            return Err(Unread::NotAFile);
        }
        if !self.is_folder(&folder) {
            return Err(Unread::Missing);
        }
        let of = |it: &String| match &*folder {
            "" => Some(it.clone()),
            _ => it.strip_prefix(&format!("{folder}/")).map(str::to_owned),
        };
        Ok(self.0.keys().filter_map(of).collect())
    }

    fn absolute(&self, path: &str) -> String {
        let from = if path.starts_with('/') { "" } else { "/cwd/" };
        format!("/{}", clean(&format!("{from}{path}")))
    }

    fn home(&self) -> Option<String> {
        Some("/home/user".to_owned())
    }
}
