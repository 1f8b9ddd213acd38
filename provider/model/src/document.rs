//! What a document is: something that we write whole and can read back.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::{Dialect, Item, emit, parse};
use stanchion_cty::{Path, Problems};

use crate::Held;
use crate::normal::{digest, digest_of_text};

/// A document: its fields are what a configuration says, and what reading the document back gives.
///
/// It is pure: it neither reads nor writes, and knows no time.
pub trait Document: Block + Clone + Send + Sync + 'static {
    /// The resource type's name.
    const TYPE: &'static str;

    /// The problems beyond those that the declaration finds. Judges what is known, and says
    /// nothing of what is not.
    fn check(&self) -> Problems;

    /// The document; what depends on something unknown is unknown.
    fn render(&self) -> Tree;

    /// What a document that was found says.
    ///
    /// With a prior it keeps the prior's spelling wherever the meaning is the same, so that
    /// `observe(Some(c), render(c))` is `c`. Without one, it gives the canonical form. Never fails:
    /// what the model has no place for is in [`Held::unmanaged`], and a text that can't be read is
    /// wholly so.
    fn observe(prior: Option<&Self>, found: &Found) -> Observed<Self>;

    /// Fills in the computed attributes of its own, beside [`Held`]; what depends on something unknown
    /// is unknown. Said of a plan, of what was written and of what was found.
    fn complete(&mut self) {}

    /// The attributes that every document has.
    fn held(&self) -> &Held;

    /// The attributes that every document has.
    fn held_mut(&mut self) -> &mut Held;
}

/// A rendered document.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Where it belongs, relative to the target's root: `.github/workflows/ci.yml`.
    pub address: Leaf<String>,
    /// What it says.
    pub content: Leaf<Item>,
}

/// A document as it was found at its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it is, relative to the target's root.
    pub address: String,
    /// The whole text.
    pub text: String,
}

/// What a found document says.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed<D> {
    /// The document.
    pub document: D,
    /// The fields that only a configuration can hold, since the document has no place for them.
    pub only_configured: Vec<Path>,
}

/// Something that has to be known is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKnown;

impl Tree {
    /// The text, wherever it is known.
    #[must_use]
    pub fn text(&self) -> Leaf<String> {
        self.content.as_ref().map(emit)
    }

    /// What reading the text gives, wherever it is known.
    #[must_use]
    pub fn node(&self) -> Leaf<Node> {
        self.content.as_ref().map(Node::from)
    }

    /// The digest of the document's normal form, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> Leaf<String> {
        self.node().map(|it| digest(&it))
    }
}

impl Found {
    /// What the text says, if it is YAML.
    #[must_use]
    pub fn node(&self) -> Option<Node> {
        parse(&self.text, Dialect::Core).ok()
    }

    /// The digest of the document's normal form, in hexadecimal: comments, the order of keys and
    /// the way of quoting make no difference. Of a text that is no YAML, the text's own digest.
    #[must_use]
    pub fn sha256(&self) -> String {
        match self.node() {
            Some(node) => digest(&node),
            None => digest_of_text(&self.text),
        }
    }
}
