//! What an expression is evaluated in.

use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::Value;

use super::modules::ModuleInstance;

/// A module instance, and names nearer than its own. A template of `templatefile` has names alone.
#[derive(Clone, Debug)]
pub(super) struct Scope<'w> {
    pub(super) module: Option<Rc<ModuleInstance<'w>>>,
    names: Option<Rc<Name>>,
}

/// A name of a `for` expression or a dynamic block, `each`, `count`, `self`, and the names around
/// it.
#[derive(Debug)]
struct Name {
    name: Arc<str>,
    value: Value,
    outer: Option<Rc<Self>>,
}

impl<'w> Scope<'w> {
    /// The names of a module instance.
    pub(super) fn of(module: Rc<ModuleInstance<'w>>) -> Self {
        Self { module: Some(module), names: None }
    }

    /// No names at all.
    pub(super) fn empty() -> Self {
        Self { module: None, names: None }
    }

    /// The same with one more name, which hides an outer one.
    pub(super) fn with(&self, name: &Arc<str>, value: Value) -> Self {
        let name = Name { name: name.clone(), value, outer: self.names.clone() };
        Self { module: self.module.clone(), names: Some(Rc::new(name)) }
    }

    /// What a nearer name stands for.
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        let mut at = self.names.as_deref();
        while let Some(it) = at {
            if &*it.name == name {
                return Some(&it.value);
            }
            at = it.outer.as_deref();
        }
        None
    }
}
