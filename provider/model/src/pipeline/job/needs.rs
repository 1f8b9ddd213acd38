//! Which jobs must be over before.

use stanchion_cty::schema::{Block, Leaf, Set};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::lens::{known, texts, texts_at};
use crate::pipeline::scope::Names;
use crate::pipeline::{changes, gate};

/// Which jobs must be over before.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Needs {
    /// The ids of the jobs that must have succeeded before. One that is skipped by its `paths` counts
    /// as succeeded.
    #[attr(optional)]
    pub needs: Leaf<Set<Leaf<String>>>,
}

impl Needs {
    /// The ids, if all of them are known.
    pub(in crate::pipeline) fn names(&self) -> Names {
        match &self.needs {
            Leaf::Known(Set(ids)) => ids.iter().map(|it| it.known().cloned()).collect(),
            Leaf::Null => Some(Vec::new()),
            Leaf::Unknown(_) => None,
        }
    }

    /// The ids that are known.
    pub(in crate::pipeline) fn ids(&self) -> Vec<&str> {
        let needs = self.needs.known().map(|it| it.0.as_slice()).unwrap_or_default();
        needs.iter().filter_map(|it| it.known().map(String::as_str)).collect()
    }
}

impl Part for Needs {
    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        if let Some(Set(needs)) = known(&self.needs)? {
            draft.needs.extend(texts(needs)?.into_iter().map(str::to_owned));
        }
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let is_ours =
            |it: &Leaf<String>| it.known().is_some_and(|it| it == gate::ID || it == changes::ID);
        let needs = texts_at(found.node, "needs")
            .map(|it| it.into_iter().filter(|it| !is_ours(it)).collect::<Vec<_>>());
        Self {
            needs: needs
                .into_known()
                .filter(|it| !it.is_empty())
                .map(Set)
                .map_or(Leaf::Null, Leaf::Known),
        }
    }
}
