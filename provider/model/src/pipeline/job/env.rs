//! Environment variables, of a job or of a step.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Path, Problems};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::{expressions, plain, variables};
use crate::pipeline::lens::{mixed, unmixed};
use crate::pipeline::scope::{Place, judge_all, judge_pair};

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
    pub(in crate::pipeline) fn judge(
        &self,
        place: Place,
        path: &Path,
        cx: &Scope<'_>,
        problems: &mut Problems,
    ) {
        judge_pair(("env", &self.env), ("env_from", &self.env_from), path, problems);
        judge_all(&self.env_from, place, &path.attribute("env_from"), cx, problems);
    }
}

impl Part for Variables {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        self.judge(Place::Job, &cx.path(), cx, problems);
    }

    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        draft.keys.extend(self.item()?.map(|it| ("env", it)));
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        Self::of(found.node)
    }
}
