//! `count` and `for_each`: how often a block is there.

use std::fmt;
use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value};

use super::{Children, Evaluation, ModuleInstance, Scope};
use crate::Why;
use crate::syntax::{Block, Expr};

/// The most instances that a known `count` or `for_each` is expanded to; beyond, one stands for
/// all.
const MOST_INSTANCES: usize = 1_000;

/// Which instance of a block: what stands in brackets behind its address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum InstanceKey {
    /// The block has neither `count` nor `for_each`.
    Single,
    Index(usize),
    Key(Arc<str>),
    /// It is not known how many there are; this one stands for all.
    Any,
}

impl<'w> Evaluation<'w> {
    /// The instances of a resource or a module call, each with what it is evaluated in. None if
    /// `count` is 0 or `for_each` empty; one for all if how many there are is unknown.
    pub(super) fn expand(&self, block: &'w Block, scope: &Scope) -> Vec<(InstanceKey, Scope)> {
        if let Some(count) = block.body.attribute("count") {
            return self.expand_count(&count.value, scope);
        }
        if let Some(over) = block.body.attribute("for_each") {
            let name: Arc<str> = "each".into();
            let any =
                || scope.with(&name, self.pair(self.of_all("each.key"), self.of_all("each.value")));
            let Some(elements) = self.elements_of(&over.value, scope) else {
                return vec![(InstanceKey::Any, any())];
            };
            return elements
                .into_iter()
                .map(|(key, value)| match key.as_str().map(Arc::from) {
                    Some(text) => {
                        (InstanceKey::Key(text), scope.with(&name, self.pair(key, value)))
                    }
                    None => (InstanceKey::Any, any()),
                })
                .collect();
        }
        vec![(InstanceKey::Single, scope.clone())]
    }

    fn expand_count(&self, count: &'w Expr, scope: &Scope) -> Vec<(InstanceKey, Scope)> {
        let name: Arc<str> = "count".into();
        let with = |index| scope.with(&name, Value::object([("index", index)]));
        let value = self.eval(count, scope);
        let count = match value.kind() {
            Kind::Number(it) => it.to_i64().and_then(|it| usize::try_from(it).ok()),
            Kind::String(it) => it.parse().ok(),
            _ => None,
        };
        match count {
            Some(count) if count <= MOST_INSTANCES => (0..count)
                .map(|i| {
                    let index = Value::number(i64::try_from(i).unwrap_or(i64::MAX));
                    (InstanceKey::Index(i), with(index))
                })
                .collect(),
            _ => vec![(InstanceKey::Any, with(self.of_all("count.index")))],
        }
    }

    /// What a collection that is known consists of: keys and values. `None` if it is not known
    /// how many there are, or if there are too many.
    pub(super) fn elements_of(&self, over: &'w Expr, scope: &Scope) -> Option<Vec<(Value, Value)>> {
        let elements = elements(&self.eval(over, scope))?;
        (elements.len() <= MOST_INSTANCES).then_some(elements)
    }

    /// `{ key = …, value = … }`, as `each` and the iterators of dynamic blocks are.
    pub(super) fn pair(&self, key: Value, value: Value) -> Value {
        Value::object([("key", key), ("value", value)])
    }

    /// What differs from instance to instance where one stands for all.
    pub(super) fn of_all(&self, name: &str) -> Value {
        let why = format!("{name} is unknown, since it is unknown how many instances there are");
        self.unknown(Type::Dynamic, Why::Refused(why.into()))
    }

    /// The instances of a module call, made when they are first asked for.
    pub(super) fn children(&self, parent: usize, name: &str) -> Children {
        let Some(instance) = self.instance(parent) else { return Children::None };
        let Some((name, call)) = instance.module.calls.get_key_value(name) else {
            return Children::None;
        };
        let (name, call): (&'w str, &'w Block) = (name, call);
        if let Some(it) = instance.children.borrow().get(name) {
            return it.clone();
        }
        instance.children.borrow_mut().insert(name, Children::None);
        let children = self.call(parent, &instance, name, call);
        instance.children.borrow_mut().insert(name, children.clone());
        children
    }

    fn call(
        &self,
        parent: usize,
        instance: &ModuleInstance<'w>,
        name: &str,
        call: &'w Block,
    ) -> Children {
        let module = instance
            .module
            .local_source(call)
            .map(|folder| (self.workspace.module(&folder), folder));
        let module = match module {
            Some((Some(module), _)) => module,
            Some((None, folder)) => {
                self.gap(call.head, format!("calls a module in {folder}, which was not read"));
                return Children::None;
            }
            None => {
                self.gap(call.head, "calls a module from elsewhere, which was not read");
                return Children::None;
            }
        };
        if self.calls_itself(instance, module) {
            self.gap(call.head, "calls a module that calls itself");
            return Children::None;
        }
        let mut children = Vec::new();
        for (key, scope) in self.expand(call, &Scope::of(parent)) {
            let mut modules = self.modules.borrow_mut();
            if modules.len() >= super::MOST_MODULES {
                drop(modules);
                self.gap(call.head, "is one of too many module calls to look into");
                break;
            }
            let prefix = format!("{}module.{name}{key}.", instance.prefix);
            children.push((key, modules.len()));
            modules.push(ModuleInstance::new(module, prefix, Some((call, scope))).into());
        }
        Children::Of(children.into())
    }

    fn calls_itself(&self, from: &ModuleInstance<'w>, module: &crate::Module) -> bool {
        if std::ptr::eq(from.module, module) {
            return true;
        }
        let mut outer = from.call.as_ref().map(|(_, scope)| scope.module);
        while let Some(instance) = outer.and_then(|it| self.instance(it)) {
            if std::ptr::eq(instance.module, module) {
                return true;
            }
            outer = instance.call.as_ref().map(|(_, scope)| scope.module);
        }
        false
    }
}

/// Keys and values of a known collection, tuple or object; a set's keys are its values.
pub(super) fn elements(value: &Value) -> Option<Vec<(Value, Value)>> {
    match value.kind() {
        Kind::List(_, it) | Kind::Tuple(it) => Some(
            it.iter()
                .enumerate()
                .map(|(i, it)| (Value::number(i64::try_from(i).unwrap_or(i64::MAX)), it.clone()))
                .collect(),
        ),
        Kind::Set(_, it) => Some(it.iter().map(|it| (it.clone(), it.clone())).collect()),
        Kind::Map(_, it) | Kind::Object(it) => {
            Some(it.iter().map(|(key, it)| (Value::string(key.clone()), it.clone())).collect())
        }
        Kind::Null(_) | Kind::Unknown(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            None
        }
    }
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single => Ok(()),
            Self::Index(it) => write!(f, "[{it}]"),
            Self::Key(it) => write!(f, "[{it:?}]"),
            Self::Any => f.write_str("[*]"),
        }
    }
}
