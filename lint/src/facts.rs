//! What rules judge: facts about configurations, each kind computed once and only if asked for.

mod file;
mod ignored_changes;
mod image;
mod policy;
mod provider_version;
mod refusal;
mod secret;
mod state;
mod suppression;

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use stanchion_lang::{Evaluation, Span, Workspace};

pub use file::ConfigurationFile;
pub use ignored_changes::IgnoredChanges;
pub use image::{Image, Piece, Pin, Text};
pub use policy::{
    Condition, Effect, Grant, Member, Piece as PolicyPiece, Policy, Scope, Statement,
    Text as PolicyText, Truth, glob,
};
pub use provider_version::ProviderVersion;
pub use refusal::Accepted;
pub use secret::{Secret, SecretSource};
pub use state::{Examples, State};
pub use suppression::Suppression;

/// A kind of fact. Whatever a rule judges is in one of the lists below, so that a rule knows out of
/// how many its findings are. A kind implements one of the two,
/// unless the program itself finds its facts.
pub trait Fact: Sized + 'static {
    /// What facts of this kind are called in summaries: one, and many.
    const NOUNS: [&'static str; 2];

    /// All facts of this kind that are read off the files, whichever root module they belong to.
    fn in_files(_: &Workspace) -> Vec<Self> {
        Vec::new()
    }

    /// All facts of this kind in one root module and what it calls. Root modules are looked into
    /// side by side.
    fn in_root(_: &Facts<'_>) -> Vec<Self> {
        Vec::new()
    }

    /// Where the fact is written.
    fn span(&self) -> Span;

    /// The address of the resource that it is about, if it is about one.
    fn address(&self) -> Option<&str> {
        None
    }
}

/// The facts of one root module that were computed so far.
#[derive(Debug)]
pub struct Facts<'w> {
    evaluation: Evaluation<'w>,
    found: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
}

impl<'w> Facts<'w> {
    /// No facts yet.
    #[must_use]
    pub fn new(evaluation: Evaluation<'w>) -> Self {
        Self { evaluation, found: RefCell::default() }
    }

    /// What the root module says.
    #[must_use]
    pub fn evaluation(&self) -> &Evaluation<'w> {
        &self.evaluation
    }

    /// All facts of a kind in the root module.
    #[must_use]
    pub fn all<F: Fact>(&self) -> Rc<Vec<F>> {
        let known = self.found.borrow().get(&TypeId::of::<F>()).cloned();
        if let Some(Ok(it)) = known.map(|it| it.downcast::<Vec<F>>()) {
            return it;
        }
        let all = Rc::new(F::in_root(self));
        self.found.borrow_mut().insert(TypeId::of::<F>(), all.clone());
        all
    }
}
