//! What rules judge: facts about configurations, each kind computed once and only if asked for.

mod file;
mod image;
mod refusal;

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use stanchion_lang::{Evaluation, Span, Workspace};

pub use file::ConfigurationFile;
pub use image::{Image, Piece, Text};
pub use refusal::Accepted;

/// A kind of fact. Whatever a rule judges is in the list that `find` gives, so that a rule knows
/// out of how many its findings are.
pub trait Fact: Sized + 'static {
    /// All facts of this kind.
    fn find(facts: &Facts<'_>) -> Vec<Self>;

    /// Where the fact is written.
    fn span(&self) -> Span;

    /// The address of the resource that it is about, if it is about one.
    fn address(&self) -> Option<&str>;
}

/// The facts that were computed so far.
#[derive(Debug)]
pub struct Facts<'w> {
    workspace: &'w Workspace,
    evaluations: Vec<Evaluation<'w>>,
    found: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
}

impl<'w> Facts<'w> {
    /// No facts yet.
    #[must_use]
    pub fn new(workspace: &'w Workspace, evaluations: Vec<Evaluation<'w>>) -> Self {
        Self { workspace, evaluations, found: RefCell::default() }
    }

    /// The files that the facts are about.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// What the root modules say.
    #[must_use]
    pub fn evaluations(&self) -> &[Evaluation<'w>] {
        &self.evaluations
    }

    /// All facts of a kind.
    #[must_use]
    pub fn all<F: Fact>(&self) -> Rc<Vec<F>> {
        let known = self.found.borrow().get(&TypeId::of::<F>()).cloned();
        if let Some(Ok(it)) = known.map(|it| it.downcast::<Vec<F>>()) {
            return it;
        }
        let all = Rc::new(F::find(self));
        self.found.borrow_mut().insert(TypeId::of::<F>(), all.clone());
        all
    }
}
