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
    bound: Bound,
    outer: Option<Rc<Self>>,
}

/// What a name stands for. There are as many of these as instances and elements, so that an object
/// is made only of those that are asked for as a whole.
#[derive(Debug)]
pub(super) enum Bound {
    Value(Value),
    /// `{ key = …, value = … }`: `each`, and the iterators of dynamic blocks.
    Pair(Value, Value),
    /// `{ index = … }`: `count`.
    Index(Value),
}

impl Bound {
    /// The value as a whole.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Value(it) => it.clone(),
            Self::Pair(key, value) => {
                Value::object([("key", key.clone()), ("value", value.clone())])
            }
            Self::Index(it) => Value::object([("index", it.clone())]),
        }
    }

    /// The attribute of what has no other attributes than these.
    pub(super) fn part(&self, name: &str) -> Option<&Value> {
        match (self, name) {
            (Self::Pair(key, _), "key") => Some(key),
            (Self::Pair(_, value), "value") => Some(value),
            (Self::Index(it), "index") => Some(it),
            _ => None,
        }
    }
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
        self.bind(name, Bound::Value(value))
    }

    /// The same with one more name for something, which hides an outer one.
    pub(super) fn bind(&self, name: &Arc<str>, bound: Bound) -> Self {
        let name = Name { name: name.clone(), bound, outer: self.names.clone() };
        Self { module: self.module.clone(), names: Some(Rc::new(name)) }
    }

    /// What a nearer name stands for.
    pub(super) fn find(&self, name: &str) -> Option<&Bound> {
        let mut at = self.names.as_deref();
        while let Some(it) = at {
            if &*it.name == name {
                return Some(&it.bound);
            }
            at = it.outer.as_deref();
        }
        None
    }
}
