//! Module instances, and what they give to each other.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Mark, Type, Value};

use super::instances::InstanceKey;
use super::variables::Given;
use super::{Evaluation, Memo, Scope};
use crate::hash::HashMap;
use crate::module::Called;
use crate::refusal::Refusal;
use crate::syntax::{Attribute, Block};
use crate::why::Why;
use crate::{Module, Span};

/// Module instances beyond this many are gaps: a module that calls two others twice each, twenty
/// levels deep, has a million.
const MOST_MODULES: usize = 20_000;

/// A module as it is called once.
#[derive(Debug)]
pub(super) struct ModuleInstance<'w> {
    pub(super) module: &'w Module,
    /// `module.a["x"].`, with the dot; empty for a root.
    pub(super) prefix: String,
    /// The call, and what its arguments are evaluated in; nothing for a root.
    pub(super) call: Option<(&'w Block, Scope<'w>)>,
    /// What the variables of a root are given.
    pub(super) given: HashMap<Arc<str>, Given<'w>>,
    /// By the addresses of what declares them.
    values: RefCell<HashMap<usize, Memo>>,
    children: RefCell<HashMap<&'w str, Children>>,
    /// The instances of resources, by the number of the resource in the module.
    pub(super) resources: RefCell<HashMap<usize, Instances>>,
    /// All instances of a resource as one value.
    pub(super) wholes: RefCell<HashMap<usize, Value>>,
}

/// The instances of a block: their keys, and their numbers in a list of all of them.
pub(super) type Instances = Rc<[(InstanceKey, usize)]>;

/// What names a module gives out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    Variable,
    Local,
    Output,
}

/// What declares a name.
struct Declared<'w> {
    space: Space,
    name: &'w str,
    /// Its address, which nothing else in the module has.
    at: usize,
    span: Span,
}

/// The instances of a module call.
#[derive(Clone, Debug)]
pub(super) enum Children {
    /// Being computed.
    Open,
    /// Not to be looked into, and why.
    Unseen(Arc<str>),
    /// Their keys, and their numbers in [`Evaluation::modules`].
    Of(Instances),
}

impl<'w> ModuleInstance<'w> {
    pub(super) fn root(module: &'w Module, given: HashMap<Arc<str>, Given<'w>>) -> Self {
        Self { given, ..Self::new(module, String::new(), None) }
    }

    fn new(module: &'w Module, prefix: String, call: Option<(&'w Block, Scope<'w>)>) -> Self {
        Self {
            module,
            prefix,
            call,
            given: HashMap::default(),
            values: RefCell::default(),
            children: RefCell::default(),
            resources: RefCell::default(),
            wholes: RefCell::default(),
        }
    }
}

impl<'w> Evaluation<'w> {
    /// The value of a name of a module, computed once. `None` if there is no such name.
    pub(super) fn named(
        &self,
        instance: &Rc<ModuleInstance<'w>>,
        space: Space,
        name: &str,
        span: Span,
        compute: impl FnOnce(&'w Block) -> Value,
    ) -> Option<Value> {
        let blocks = match space {
            Space::Variable => &instance.module.variables,
            Space::Output | Space::Local => &instance.module.outputs,
        };
        let (name, block) = blocks.get_key_value(name)?;
        let declared =
            Declared { space, name, at: std::ptr::from_ref(block).addr(), span: block.head };
        Some(self.memoised(instance, declared, span, || compute(block)))
    }

    fn memoised(
        &self,
        instance: &Rc<ModuleInstance<'w>>,
        it: Declared<'w>,
        asked: Span,
        compute: impl FnOnce() -> Value,
    ) -> Value {
        let title = || match it.space {
            Space::Variable => format!("{}var.{}", instance.prefix, it.name),
            Space::Local => format!("{}local.{}", instance.prefix, it.name),
            Space::Output => format!("{}output.{}", instance.prefix, it.name),
        };
        match instance.values.borrow().get(&it.at) {
            Some(Memo::Done(value, refusals)) => return self.recall(value, refusals.as_ref()),
            Some(Memo::Open) => return self.cycle(&title(), asked),
            None => {}
        }
        instance.values.borrow_mut().insert(it.at, Memo::Open);
        let memo = self.computed(title, it.span, compute);
        instance.values.borrow_mut().insert(it.at, memo.clone());
        match memo {
            Memo::Done(value, refusals) => self.recall(&value, refusals.as_ref()),
            Memo::Open => self.cycle(&title(), asked),
        }
    }

    /// The value of a local.
    pub(super) fn local(&self, module: &Rc<ModuleInstance<'w>>, name: &str, span: Span) -> Value {
        let Some((name, local)) = module.module.locals.get_key_value(name) else {
            let detail = format!("A local value with the name {name:?} has not been declared.");
            let summary = "Reference to undeclared local value";
            return self.refuse(Refusal::new(span, summary, detail).before_evaluation());
        };
        let local: &'w Attribute = local;
        let at = std::ptr::from_ref(local).addr();
        let declared = Declared { space: Space::Local, name, at, span: local.name_span };
        self.memoised(module, declared, span, || {
            self.eval(&local.value, &Scope::of(module.clone()))
        })
    }

    /// The value of an output; `None` if there is none of that name.
    pub(super) fn output(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        span: Span,
    ) -> Option<Value> {
        self.named(module, Space::Output, name, span, |block| {
            let Some(value) = block.body.attribute("value") else {
                let detail = "The argument \"value\" is required, but no definition was found.";
                return self.refused(block.head, "Missing required argument", detail);
            };
            let value = self.eval(&value.value, &Scope::of(module.clone()));
            let has = |name| block.body.flag(name) == Some(true);
            let value = if has("sensitive") { value.mark(Mark::Sensitive) } else { value };
            if has("ephemeral") { value.mark(Mark::Ephemeral) } else { value }
        })
    }

    /// The instances of a module call, made when they are first asked for; `None` if there is no
    /// such call.
    pub(super) fn children(&self, parent: &Rc<ModuleInstance<'w>>, name: &str) -> Option<Children> {
        let (name, call) = parent.module.calls.get_key_value(name)?;
        let (name, call): (&'w str, &'w Block) = (name, call);
        if let Some(it) = parent.children.borrow().get(name) {
            return Some(it.clone());
        }
        parent.children.borrow_mut().insert(name, Children::Open);
        let children = self.call_module(parent, name, call);
        parent.children.borrow_mut().insert(name, children.clone());
        Some(children)
    }

    fn call_module(
        &self,
        parent: &Rc<ModuleInstance<'w>>,
        name: &str,
        call: &'w Block,
    ) -> Children {
        let path = calls_to(parent, name);
        let root = self.instance(0).map(|it| it.module.folder.clone()).unwrap_or_default();
        let module = match self.workspace.called(&root, &path, parent.module, call) {
            Called::Module(it) => it,
            Called::Unseen(why) => {
                self.gap(call.head, why.clone());
                return Children::Unseen(format!("module.{name} {why}").into());
            }
        };
        if calls_itself(parent, module) {
            let why = "calls a module that calls itself";
            self.refuse(
                Refusal::new(call.head, "Module loop", format!("module.{name} {why}."))
                    .before_evaluation(),
            );
            self.gap(call.head, why);
            return Children::Unseen(format!("module.{name} {why}").into());
        }
        let mut children = Vec::new();
        self.keep();
        for (key, scope) in self.expand(call, &Scope::of(parent.clone())) {
            let mut modules = self.modules.borrow_mut();
            if modules.len() >= MOST_MODULES {
                drop(modules);
                self.gap(call.head, "is one of too many module calls to look into");
                break;
            }
            let prefix = format!("{}module.{name}{key}.", parent.prefix);
            children.push((key, modules.len()));
            modules.push(ModuleInstance::new(module, prefix, Some((call, scope))).into());
        }
        Children::Of(children.into())
    }

    /// All module instances are made.
    pub(super) fn make_modules(&self) {
        let mut at = 0;
        while let Some(instance) = self.instance(at) {
            for name in instance.module.calls.keys() {
                self.children(&instance, name);
            }
            at += 1;
        }
    }

    /// `module.name` as a whole: an object of the outputs, or one of them for each instance.
    pub(super) fn module_value(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        span: Span,
    ) -> Value {
        let children = match self.module_children(module, name, span) {
            Ok(it) => it,
            Err(value) => return value,
        };
        let outputs =
            |at: usize| {
                let Some(child) = self.instance(at) else { return Value::unknown(Type::Dynamic) };
                Value::object(child.module.outputs.keys().filter_map(|output| {
                    Some((output.clone(), self.output(&child, output, span)?))
                }))
            };
        match children.first() {
            Some((InstanceKey::Single, at)) => outputs(*at),
            Some((InstanceKey::Any, _)) => self.unknown(
                Type::Dynamic,
                Why::NotEvaluated(
                    format!("it is not known how many instances of module.{name} there are").into(),
                ),
            ),
            _ => self.by_key(module, name, &children, outputs),
        }
    }

    /// Values by their instances' keys: a tuple, or an object.
    pub(super) fn by_key(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        instances: &[(InstanceKey, usize)],
        value: impl Fn(usize) -> Value,
    ) -> Value {
        let is_counted =
            module.module.calls.get(name).is_some_and(|it| it.body.attribute("count").is_some());
        in_instances(instances, is_counted, value)
    }

    /// The instances of a module call, or what stands for them all.
    pub(super) fn module_children(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        span: Span,
    ) -> Result<Instances, Value> {
        match self.children(module, name) {
            None => {
                let detail = format!("No module call named {name:?} is declared in this module.");
                let summary = "Reference to undeclared module";
                Err(self.refuse(Refusal::new(span, summary, detail).before_evaluation()))
            }
            Some(Children::Open) => Err(self.cycle(&format!("module.{name}"), span)),
            Some(Children::Unseen(why)) => Err(self.unknown(Type::Dynamic, Why::NotEvaluated(why))),
            Some(Children::Of(it)) => Ok(it),
        }
    }
}

/// Values by their instances' keys: a tuple if they are counted, else an object.
pub(super) fn in_instances(
    instances: &[(InstanceKey, usize)],
    is_counted: bool,
    value: impl Fn(usize) -> Value,
) -> Value {
    if is_counted {
        return Value::tuple(instances.iter().map(|(_, at)| value(*at)));
    }
    Value::object(instances.iter().filter_map(|(key, at)| match key {
        InstanceKey::Key(it) => Some((it.clone(), value(*at))),
        InstanceKey::Index(_) | InstanceKey::Single | InstanceKey::Any => None,
    }))
}

/// The names of the calls from the root module to this one: `vpc.subnets`.
fn calls_to(from: &ModuleInstance<'_>, name: &str) -> String {
    let mut names = vec![name];
    let mut at = Some(from);
    while let Some(instance) = at {
        let call = instance.call.as_ref();
        names.extend(call.and_then(|(call, _)| call.labels.first()).map(|it| &**it));
        at = call.and_then(|(_, scope)| scope.module.as_deref());
    }
    names.reverse();
    names.join(".")
}

fn calls_itself(from: &ModuleInstance<'_>, module: &Module) -> bool {
    let mut at = Some(from);
    while let Some(instance) = at {
        if std::ptr::eq(instance.module, module) {
            return true;
        }
        at = instance.call.as_ref().and_then(|(_, scope)| scope.module.as_deref());
    }
    false
}
