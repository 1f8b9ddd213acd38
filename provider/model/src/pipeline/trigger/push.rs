//! A push.

use stanchion_cty::schema::{Block, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::{Event, is_said};
use crate::NotKnown;
use crate::pipeline::expression::{one_line, plain, trimmed};
use crate::pipeline::lens::{known, list, texts, texts_at};

/// A push.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Push {
    /// At a push: of any branch and any tag, or only of those that are named.
    #[attr(optional)]
    pub push: Leaf<Pushes>,
}

/// Some pushes.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Pushes {
    /// The branches' names or patterns. Where only tags are named, no push of a branch counts.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = trimmed())]
    pub branches: Leaf<Vec<Leaf<String>>>,
    /// The tags' names or patterns. Where only branches are named, no push of a tag counts.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = trimmed())]
    pub tags: Leaf<Vec<Leaf<String>>>,
}

impl Event for Push {
    const NAME: &'static str = "push";

    fn is_said(&self) -> Option<bool> {
        is_said(&self.push)
    }

    fn item(&self) -> Result<Option<Item>, NotKnown> {
        let Some(push) = known(&self.push)? else { return Ok(None) };
        let mut entries = Vec::new();
        for (key, names) in [("branches", &push.branches), ("tags", &push.tags)] {
            if let Some(names) = known(names)? {
                entries.push((key, list(texts(names)?)));
            }
        }
        Ok(Some(Item::map(entries)))
    }

    fn read(found: &Node) -> Self {
        let push = Pushes { branches: texts_at(found, "branches"), tags: texts_at(found, "tags") };
        Self { push: Leaf::Known(push) }
    }
}
