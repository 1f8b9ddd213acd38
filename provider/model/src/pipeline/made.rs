//! Jobs that are made of something else than a job of the user's.

use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::job::Draft;

/// What a job that is made is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// Its id, which no job of the user's may have.
    pub(super) id: String,
    /// Its check's name.
    pub(super) name: String,
}

/// A job that is made of an image or of a deployment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Made {
    /// What it is called.
    pub(super) title: Title,
    /// What it is.
    pub(super) draft: Draft,
}

/// A step that runs a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Script<'a> {
    /// By which other steps refer to it, and by which it is found again.
    pub(super) id: &'a str,
    /// What it is called.
    pub(super) name: &'a str,
    /// What must hold for it to run.
    pub(super) condition: Option<&'a str>,
    /// Its variables.
    pub(super) env: Vec<(&'a str, Item)>,
    /// Its commands.
    pub(super) run: &'a str,
}

impl Script<'_> {
    /// The step.
    pub(super) fn item(self) -> Item {
        let mut all = Vec::new();
        if !self.name.is_empty() {
            all.push(("name", Item::string(self.name)));
        }
        if !self.id.is_empty() {
            all.push(("id", Item::string(self.id)));
        }
        all.extend(self.condition.map(|it| ("if", Item::string(it))));
        if !self.env.is_empty() {
            all.push(("env", Item::map(self.env)));
        }
        all.push(("run", Item::string(self.run)));
        Item::map(all)
    }
}

/// A step that uses an action.
pub(super) fn uses(
    name: &str,
    id: &str,
    condition: Option<&str>,
    uses: Item,
    with: Vec<(&str, Item)>,
) -> Item {
    let mut all = Vec::new();
    if !name.is_empty() {
        all.push(("name", Item::string(name)));
    }
    if !id.is_empty() {
        all.push(("id", Item::string(id)));
    }
    all.extend(condition.map(|it| ("if", Item::string(it))));
    all.push(("uses", uses));
    if !with.is_empty() {
        all.push(("with", Item::map(with)));
    }
    Item::map(all)
}

/// The step of a job that has this id.
pub(super) fn step<'a>(job: &'a Node, id: &str) -> Option<&'a Node> {
    let steps = job.get("steps").map(Node::items).unwrap_or_default();
    steps.iter().find(|it| it.get("id").and_then(Node::as_str) == Some(id))
}

/// The step of a job that uses this action, at whichever commit.
pub(super) fn step_using<'a>(job: &'a Node, action: &str) -> Option<&'a Node> {
    let steps = job.get("steps").map(Node::items).unwrap_or_default();
    let is_it = |it: &&Node| {
        let uses = it.get("uses").and_then(Node::as_str);
        uses.is_some_and(|it| it.split('@').next() == Some(action))
    };
    steps.iter().find(is_it)
}
