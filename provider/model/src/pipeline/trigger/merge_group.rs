//! A merge queue.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::Event;
use crate::NotKnown;
use crate::pipeline::lens::known;

/// A merge queue.
#[derive(Clone, Debug, PartialEq, Block)]
pub struct MergeGroup {
    /// Whether it runs at what a merge queue is about to merge.
    #[attr(optional, default = false)]
    pub merge_group: Leaf<bool>,
}

impl Default for MergeGroup {
    fn default() -> Self {
        Self { merge_group: Leaf::Known(false) }
    }
}

impl Event for MergeGroup {
    const NAME: &'static str = "merge_group";

    fn is_said(&self) -> Option<bool> {
        match self.merge_group {
            Leaf::Known(it) => Some(it),
            Leaf::Null => Some(false),
            Leaf::Unknown(_) => None,
        }
    }

    fn item(&self) -> Result<Option<Item>, NotKnown> {
        let is_on = known(&self.merge_group)?.copied().unwrap_or_default();
        Ok(is_on.then(|| Item::map::<&str>([])))
    }

    fn read(_: &Node) -> Self {
        Self { merge_group: Leaf::Known(true) }
    }
}
