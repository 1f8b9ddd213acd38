//! A resource that Terraform would refuse, offered only where a test asks for it.

use stanchion_cty::schema::{Block, Leaf};

use crate::stored::Item;

/// Blocks within an attribute.
#[derive(Clone, Block)]
pub(crate) struct Misdeclared {
    /// What it is called.
    name: Leaf<String>,
    /// An attribute with a block in it.
    parts: Vec<Part>,
}

/// A part.
#[derive(Clone, Block)]
struct Part {
    /// The block.
    #[attr(block)]
    inner: Inner,
}

/// What is in the block.
#[derive(Clone, Block)]
struct Inner {
    /// Anything.
    #[attr(optional)]
    text: Leaf<String>,
}

impl Item for Misdeclared {
    const TYPE: &'static str = "trial_misdeclared";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {}
}
