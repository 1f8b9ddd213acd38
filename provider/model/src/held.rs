//! The attributes that every document has.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf};

/// Where a document is and what stands there.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Held {
    /// Where the document is, relative to the target's root.
    #[attr(computed, follows(name))]
    pub path: Leaf<String>,
    /// The document as it stands there.
    #[attr(computed)]
    pub content: Leaf<String>,
    /// The SHA-256 digest of the document's normal form, in which comments, the order of keys and
    /// the way of quoting make no difference.
    #[attr(computed)]
    pub sha256: Leaf<String>,
    /// What stands in the document and can't be said in the configuration: path → one line of
    /// YAML. Planned as empty, so that something added by hand is removed.
    #[attr(computed)]
    pub unmanaged: Leaf<BTreeMap<String, String>>,
}
