//! Evaluation as on a first plan: no state, so what only the cloud knows is unknown.

mod expand;
mod expr;
mod function;
mod json;
mod operator;
mod reference;
mod template;
mod view;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Type, Value};

use crate::module::Module;
use crate::syntax::Block;
use crate::why::{Provenance, Why};
use crate::{Span, Workspace};

pub use view::{Found, Resource, View};

/// Module instances beyond this many are gaps: a module that calls two others twice each, twenty
/// levels deep, has a million.
const MOST_MODULES: usize = 10_000;
/// How deep expressions may lie in each other, through all references.
const DEEPEST: u32 = 400;
/// How many parts the value of a variable, local or output may have.
const MOST_PARTS: usize = 200_000;

/// The values of one workspace, computed when they are asked for.
#[derive(Debug)]
pub struct Evaluation<'w> {
    workspace: &'w Workspace,
    modules: RefCell<Vec<Rc<ModuleInstance<'w>>>>,
    roots: usize,
    provenance: Provenance,
    depth: Cell<u32>,
    gaps: RefCell<Vec<Gap>>,
}

/// Something that could not be looked into, so that nothing about it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Where it is written.
    pub span: Span,
    /// Why: a clause.
    pub why: String,
}

/// A module as it is called once.
#[derive(Debug)]
struct ModuleInstance<'w> {
    module: &'w Module,
    /// `module.a["x"].`, with the dot; empty for a root.
    prefix: String,
    /// The call, and what its arguments are evaluated in; nothing for a root.
    call: Option<(&'w Block, Scope)>,
    values: RefCell<HashMap<(Space, &'w str), Memo>>,
    children: RefCell<HashMap<&'w str, Children>>,
}

/// What names a module gives out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Space {
    Variable,
    Local,
    Output,
}

#[derive(Clone, Debug)]
enum Memo {
    /// Being computed: who asks now goes round in a ring.
    Open,
    Done(Value),
}

/// The instances of a module call: their keys, and their numbers in [`Evaluation::modules`].
#[derive(Clone, Debug)]
enum Children {
    /// Being computed, or not to be looked into.
    None,
    Of(Rc<[(expand::InstanceKey, usize)]>),
}

/// What an expression is evaluated in: a module instance, and names nearer than its own.
#[derive(Clone, Debug)]
struct Scope {
    module: usize,
    names: Option<Rc<Name>>,
}

/// A name of a `for` expression or a dynamic block, `each`, `count`, and the names around it.
#[derive(Debug)]
struct Name {
    name: Arc<str>,
    value: Value,
    outer: Option<Rc<Name>>,
}

impl<'w> Evaluation<'w> {
    /// Finds all module instances of the workspace. Values come later, when they are asked for.
    #[must_use]
    pub fn new(workspace: &'w Workspace) -> Self {
        let roots: Vec<_> = workspace
            .roots()
            .into_iter()
            .map(|module| Rc::new(ModuleInstance::new(module, String::new(), None)))
            .collect();
        let evaluation = Self {
            workspace,
            roots: roots.len(),
            modules: RefCell::new(roots),
            provenance: Provenance::default(),
            depth: Cell::new(0),
            gaps: RefCell::default(),
        };
        let mut at = 0;
        while let Some(instance) = evaluation.instance(at) {
            for name in instance.module.calls.keys() {
                evaluation.children(at, name);
            }
            at += 1;
        }
        evaluation
    }

    /// The workspace that is evaluated.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// The number of root modules.
    #[must_use]
    pub fn roots(&self) -> usize {
        self.roots
    }

    /// What could not be looked into, in the order in which it was met.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        self.gaps.borrow().clone()
    }

    /// What an unknown value stands for; `None` for a known one.
    #[must_use]
    pub fn why(&self, value: &Value) -> Option<Why> {
        self.provenance.why(value)
    }

    /// Why a value or a part of it is unknown, as a clause; `None` if it is wholly known.
    #[must_use]
    pub fn reason(&self, value: &Value) -> Option<String> {
        self.provenance.reason(value)
    }

    /// Where the expression that made a value is written.
    #[must_use]
    pub fn written(&self, value: &Value) -> Option<Span> {
        self.provenance.span(value)
    }

    fn instance(&self, at: usize) -> Option<Rc<ModuleInstance<'w>>> {
        self.modules.borrow().get(at).cloned()
    }

    fn unknown(&self, ty: Type, why: Why) -> Value {
        self.provenance.unknown(ty, why)
    }

    fn refused(&self, why: impl Into<Arc<str>>) -> Value {
        self.unknown(Type::Dynamic, Why::Refused(why.into()))
    }

    /// The value of a name of a module, computed once. `None` if there is no such name.
    fn value(
        &self,
        module: usize,
        space: Space,
        name: &str,
        compute: impl FnOnce(&Rc<ModuleInstance<'w>>) -> Option<Value>,
    ) -> Option<Value> {
        let instance = self.instance(module)?;
        let key = match space {
            Space::Variable => instance.module.variables.get_key_value(name)?.0,
            Space::Local => instance.module.locals.get_key_value(name)?.0,
            Space::Output => instance.module.outputs.get_key_value(name)?.0,
        };
        let key: (Space, &'w str) = (space, key);
        match instance.values.borrow().get(&key) {
            Some(Memo::Done(it)) => return Some(it.clone()),
            Some(Memo::Open) => {
                return Some(self.refused(format!("{name} depends on itself")));
            }
            None => {}
        }
        instance.values.borrow_mut().insert(key, Memo::Open);
        let Some(value) = compute(&instance) else {
            instance.values.borrow_mut().remove(&key);
            return None;
        };
        let value = if parts_up_to(&value, MOST_PARTS) >= MOST_PARTS {
            self.unknown(
                Type::Dynamic,
                Why::NotEvaluated(format!("so large a value as {name}").into()),
            )
        } else {
            value
        };
        instance.values.borrow_mut().insert(key, Memo::Done(value.clone()));
        Some(value)
    }

    fn gap(&self, span: Span, why: impl Into<String>) {
        let gap = Gap { span, why: why.into() };
        let mut gaps = self.gaps.borrow_mut();
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
}

impl<'w> ModuleInstance<'w> {
    fn new(module: &'w Module, prefix: String, call: Option<(&'w Block, Scope)>) -> Self {
        let (values, children) = (RefCell::default(), RefCell::default());
        Self { module, prefix, call, values, children }
    }
}

impl Scope {
    fn of(module: usize) -> Self {
        Self { module, names: None }
    }

    fn with(&self, name: &Arc<str>, value: Value) -> Self {
        let name = Name { name: name.clone(), value, outer: self.names.clone() };
        Self { module: self.module, names: Some(Rc::new(name)) }
    }

    fn find(&self, name: &str) -> Option<&Value> {
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

/// The number of parts of a value, counted up to a limit: values share parts, so that a small
/// program can make one that takes for ever to walk through.
fn parts_up_to(value: &Value, limit: usize) -> usize {
    let mut count = 0;
    let mut open = vec![value];
    while let Some(it) = open.pop() {
        count += 1;
        if count >= limit {
            break;
        }
        open.extend(it.parts());
    }
    count
}
