//! What a job tells the jobs that need it.

use std::collections::BTreeMap;

use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf, not_empty};
use stanchion_cty::yaml::Item;

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::{expressions, identifiers, marked};
use crate::pipeline::lens::{entries, known, unmixed};
use crate::pipeline::scope::{Names, Place, judge_all};

/// What a job tells the jobs that need it.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Outputs {
    /// What the job tells the jobs that need it: name → expression without `${{ }}`, such as
    /// `"steps.a.outputs.digest"`. They take it as `needs.JOB.outputs.NAME`.
    #[attr(optional, check = not_empty(), check = expressions(), check = identifiers())]
    pub outputs: Leaf<BTreeMap<String, Leaf<String>>>,
}

impl Outputs {
    /// The names, if they are known.
    pub(in crate::pipeline) fn names(&self) -> Names {
        Some(known(&self.outputs).ok()?.into_iter().flat_map(BTreeMap::keys).cloned().collect())
    }
}

impl Part for Outputs {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        judge_all(&self.outputs, Place::Output, &cx.path().attribute("outputs"), cx, problems);
    }

    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let all = entries(&self.outputs)?.into_iter();
        let all: Vec<_> = all.map(|(name, it)| (name, Item::string(marked(it)))).collect();
        if !all.is_empty() {
            draft.keys.push(("outputs", Item::map(all)));
        }
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        Self { outputs: unmixed(found.node.get("outputs")).1 }
    }
}
