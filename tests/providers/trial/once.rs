//! A resource with a write-only value that must be given when the object is made, and only then.

use stanchion_cty::schema::{Block, Leaf, Secret};
use stanchion_cty::{Path, Problem, Problems};

use crate::stored::Item;

/// What is made with a token.
#[derive(Clone, Block)]
pub(crate) struct Once {
    /// What it is called.
    #[attr(replace)]
    name: Leaf<String>,
    /// What is said of it.
    #[attr(optional)]
    note: Leaf<String>,
    /// Told when the object is made, and never stored.
    #[attr(optional, write_only)]
    token: Leaf<Secret>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    id: Leaf<String>,
}

impl Item for Once {
    const TYPE: &'static str = "trial_once";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn plan(self, prior: Option<&Self>, config: &Self) -> Result<Self, Problems> {
        if prior.is_none() && config.token.is_null() {
            let path = Path::root().attribute("token");
            let problem = Problem::error(path, "must be given when the object is made");
            return Err(problem.cure("give it until the object is there").into());
        }
        Ok(self)
    }

    fn complete(&mut self, _: Option<&Self>) {
        if self.id.is_unknown() {
            self.id = format!("once-{}", self.name.known().map_or("", String::as_str)).into();
        }
    }

    fn told(&self) -> Option<String> {
        self.token.known().map(|it| it.expose().to_owned())
    }
}
