//! A pull request.

use stanchion_cty::schema::{Block, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::{Event, is_said};
use crate::NotKnown;
use crate::pipeline::expression::{one_line, plain, trimmed};
use crate::pipeline::lens::{known, list, texts, texts_at};

/// A pull request.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct PullRequest {
    /// At a pull request, and at each push to its branch. What comes from a fork gets no secret and a
    /// token that reads only.
    #[attr(optional)]
    pub pull_request: Leaf<PullRequests>,
}

/// Some pull requests.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct PullRequests {
    /// The names or patterns of the branches that they go into; all branches where nothing is said.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = trimmed())]
    pub branches: Leaf<Vec<Leaf<String>>>,
}

impl Event for PullRequest {
    // Never `pull_request_target`, which would run a fork's code with the repository's secrets.
    const NAME: &'static str = "pull_request";

    fn is_said(&self) -> Option<bool> {
        is_said(&self.pull_request)
    }

    fn item(&self) -> Result<Option<Item>, NotKnown> {
        let Some(it) = known(&self.pull_request)? else { return Ok(None) };
        let branches = known(&it.branches)?.map(|it| texts(it).map(list)).transpose()?;
        Ok(Some(Item::map(branches.map(|it| ("branches", it)))))
    }

    fn read(found: &Node) -> Self {
        let branches = texts_at(found, "branches");
        Self { pull_request: Leaf::Known(PullRequests { branches }) }
    }
}
