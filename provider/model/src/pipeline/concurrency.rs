//! What happens to runs that overlap.

use stanchion_cty::schema::{Block, Leaf, not_blank, one_of};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::Item;

use super::expression::{marked, one_line, plain};
use super::lens::known;
use crate::NotKnown;

/// What happens to runs that overlap.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Concurrency {
    /// Which runs are ended when a newer one of the same branch or pull request begins:
    /// `pull_requests`, or `never`. The run of a branch, which may deploy, is never ended.
    #[attr(optional, default = PULL_REQUESTS, check = one_of(&[PULL_REQUESTS, "never"]))]
    pub cancel: Leaf<String>,
    /// A name that pipelines share of which no two may run at a time. Without it only the runs of this
    /// pipeline wait for each other.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub group: Leaf<String>,
}

const PULL_REQUESTS: &str = "pull_requests";

/// What holds at a pull request and at nothing else.
const IS_PULL_REQUEST: &str = "github.event_name == 'pull_request'";

impl Concurrency {
    /// What stands under `concurrency`.
    pub(super) fn item(&self) -> Result<Item, NotKnown> {
        let group = known(&self.group)?.cloned().unwrap_or_else(|| marked("github.workflow"));
        let cancel = known(&self.cancel)?.map_or(PULL_REQUESTS, String::as_str);
        let cancel = match cancel {
            PULL_REQUESTS => Item::string(marked(IS_PULL_REQUEST)),
            _ => Item::from(false),
        };
        let group = format!("{group}-{}", marked("github.ref"));
        Ok(Item::map([("group", Item::string(group)), ("cancel-in-progress", cancel)]))
    }

    /// What stands under `concurrency`, read.
    pub(super) fn read(found: &Node) -> Self {
        let group = found.get("group").and_then(Node::as_str);
        let group = group.and_then(|it| it.strip_suffix(&format!("-{}", marked("github.ref"))));
        let own = marked("github.workflow");
        let cancel = match found.get("cancel-in-progress").map(|it| &it.data) {
            Some(Data::Bool(false)) => "never",
            _ => PULL_REQUESTS,
        };
        Self {
            cancel: cancel.into(),
            group: group.filter(|it| *it != own).map(Leaf::from).unwrap_or_default(),
        }
    }
}
