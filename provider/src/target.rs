//! Where documents are held.

mod local;

pub(crate) use local::Local;

/// What must be at an address for a write to go ahead: compare and swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected<'a> {
    /// Nothing.
    Nothing,
    /// The document of this digest, which is the one that we saw last.
    Digest(&'a str),
}
