//! Where documents are held: what every target can do.

mod local;

use stanchion_cty::Problem;
use stanchion_model::Found;

pub use local::Local;

/// A place that holds documents, each whole under an address.
///
/// Lifecycles know this trait alone. A change either happens wholly or not at all, and only if at
/// the address there is what was seen last: compare and swap. Addresses are relative to the target,
/// so that a state means the same in every clone of a repository. Each call is a change of its own; a
/// target that can put several into one commit may gather those that come while it is at work.
pub trait Target: Send + Sync {
    /// What it is called in identifiers for import, before the colon: `local`.
    const NAME: &'static str;

    /// What is wrong with an address, whatever is there. Asks nobody.
    ///
    /// # Errors
    /// No document can be at that address.
    fn judge(&self, address: &str) -> Result<(), Problem>;

    /// Where the target is, in words that stay the same in every clone; empty where it can't be said.
    fn place(&self) -> &str;

    /// What the user should know of a document that was written while the target was at another
    /// place, and is still there.
    fn left_behind(&self, place: &str, address: &str) -> Option<Problem>;

    /// The document at an address; `None` if there is none.
    ///
    /// # Errors
    /// It can't be told what is there, or it is no document.
    fn read(&self, address: &str) -> impl Future<Output = Result<Option<Found>, Problem>> + Send;

    /// Writes a document, if at its address there is what is expected. Where nothing is expected,
    /// the very same text is taken as written: a run that was killed after its write, and before
    /// Terraform stored the state, then goes on where it ended. That is safe, since not a byte changes.
    ///
    /// # Errors
    /// Something else is there, or it can't be written; what was there is still there.
    fn write(
        &self,
        address: &str,
        expected: Expected<'_>,
        text: &str,
    ) -> impl Future<Output = Result<Written, Problem>> + Send;

    /// Removes a document, if it is the one of that digest; one that is gone already is removed. With
    /// it go those of the `folders` above it that are empty then.
    ///
    /// # Errors
    /// Something else is there, or it can't be removed.
    fn remove(
        &self,
        address: &str,
        digest: &str,
        folders: &[String],
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// What must be at an address for a write to go ahead: compare and swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected<'a> {
    /// Nothing.
    Nothing,
    /// The document of this digest, which is the one that we saw last.
    Digest(&'a str),
}

/// What a write has made beside the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The addresses of the folders that were not there before, outermost first.
    pub folders: Vec<String>,
}
