//! A container, under the name that another provider gives it: the linter knows that one.

use stanchion_cty::schema::{Block, Leaf};

use crate::stored::Item;

/// What runs an image.
#[derive(Clone, Block)]
pub(crate) struct Container {
    /// What it is called.
    #[attr(replace)]
    name: Leaf<String>,
    /// The image's reference.
    image: Leaf<String>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    id: Leaf<String>,
}

impl Item for Container {
    const TYPE: &'static str = "docker_container";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {
        if self.id.is_unknown() {
            self.id = format!("container-{}", self.name.known().map_or("", String::as_str)).into();
        }
    }
}
