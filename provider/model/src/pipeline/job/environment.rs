//! Which of the repository's environments a job runs in.

use stanchion_cty::schema::{Block, Leaf, not_blank};
use stanchion_cty::yaml::Item;

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::{one_line, plain, trimmed};
use crate::pipeline::lens::{known, text_at};

/// Which of the repository's environments a job runs in.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Environment {
    /// The environment of the repository in which the job runs. A job that uses secrets must name the
    /// one that holds them: what the repository itself holds can be read by any job of any branch.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line(), check = trimmed())]
    pub environment: Leaf<String>,
}

impl Part for Environment {
    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let name = known(&self.environment)?;
        draft.keys.extend(name.map(|it| ("environment", Item::string(it.as_str()))));
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let environment = match found.node.get("environment") {
            Some(it) if !it.entries().is_empty() => text_at(it, "name"),
            _ => text_at(found.node, "environment"),
        };
        Self { environment }
    }
}
