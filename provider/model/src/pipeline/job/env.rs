//! Environment variables, of a job or of a step.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Path, Problem, Problems};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::{expressions, plain, references, variables};
use crate::pipeline::lens::{Texts, mixed, unmixed};

/// Environment variables.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Variables {
    /// Environment variables: name → value.
    #[attr(optional, check = not_empty(), check = plain(), check = variables())]
    pub env: Leaf<BTreeMap<String, Leaf<String>>>,
    /// Environment variables whose values GitHub computes: name → expression, without `${{ }}`, such
    /// as `github.sha` or `secrets.TOKEN`.
    #[attr(optional, check = not_empty(), check = expressions(), check = variables())]
    pub env_from: Leaf<BTreeMap<String, Leaf<String>>>,
}

impl Variables {
    pub(super) fn item(&self) -> Result<Option<Item>, NotKnown> {
        mixed(&self.env, &self.env_from)
    }

    pub(super) fn of(found: &Node) -> Self {
        let (env, env_from) = unmixed(found.get("env"));
        Self { env, env_from }
    }

    /// What is wrong with variables at `path`.
    pub(super) fn judge(&self, path: &Path, cx: &Scope<'_>, problems: &mut Problems) {
        judge_pair(("env", &self.env), ("env_from", &self.env_from), path, problems);
        judge_references(&self.env_from, &path.attribute("env_from"), cx, problems);
    }
}

/// That no name is in both of two maps.
pub(super) fn judge_pair(
    (name, plain): (&str, &Texts),
    (name_from, from): (&str, &Texts),
    path: &Path,
    problems: &mut Problems,
) {
    let (Some(plain), Some(from)) = (plain.known(), from.known()) else { return };
    for key in from.keys().filter(|it| plain.contains_key(*it)) {
        let path = path.attribute(name_from).key(key.as_str());
        let message = format!("stands in `{name}` too");
        problems.push(Problem::error(path, message).cure("say it once"));
    }
}

/// That expressions name what there is.
pub(super) fn judge_references(
    expressions: &Texts,
    path: &Path,
    cx: &Scope<'_>,
    problems: &mut Problems,
) {
    for (key, it) in expressions.known().into_iter().flatten() {
        let Some(it) = it.known() else { continue };
        judge_expression(it, &path.key(key.as_str()), cx, problems);
    }
}

/// That an expression names what there is.
pub(super) fn judge_expression(it: &str, path: &Path, cx: &Scope<'_>, problems: &mut Problems) {
    for reference in references(it).unwrap_or_default() {
        let [context, name, ..] = reference.as_slice() else { continue };
        let is_known = context != "matrix" || name == "*" || cx.matrix.contains(name);
        if !is_known {
            let message = format!("refers to matrix.{name}, which the job's matrix does not have");
            let cure = match cx.matrix.as_slice() {
                [] => "give the job a `matrix`".to_owned(),
                names => format!("name one of {}", names.join(", ")),
            };
            problems.push(Problem::error(path.clone(), message).cure(cure));
        }
    }
}

impl Part for Variables {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        self.judge(&cx.path(), cx, problems);
    }

    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        draft.keys.extend(self.item()?.map(|it| ("env", it)));
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        Self::of(found.node)
    }
}
