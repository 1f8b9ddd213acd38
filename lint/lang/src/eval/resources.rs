//! Resources and data sources as other expressions see them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Mark, Type, Value};

use super::instances::InstanceKey;
use super::modules::{Instances, ModuleInstance, in_instances};
use super::{Evaluation, Memo, Scope};
use crate::module::Mode;
use crate::refusal::Refusal;
use crate::syntax::Block;
use crate::why::Why;
use crate::{Span, hash};

/// An instance of a resource, data source or ephemeral resource.
#[derive(Debug)]
pub(super) struct Instance<'w> {
    pub(super) mode: Mode,
    pub(super) address: Arc<str>,
    pub(super) key: InstanceKey,
    pub(super) block: &'w Block,
    pub(super) scope: Scope<'w>,
    values: RefCell<hash::HashMap<&'w str, Memo>>,
    /// What a hook computed for a data source.
    computed: RefCell<Option<Rc<HashMap<String, Value>>>>,
}

/// Resource instances beyond this many are gaps.
const MOST_RESOURCES: usize = 200_000;

/// What no provider sees of a resource.
const META: &[&str] =
    &["count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"];

impl<'w> Evaluation<'w> {
    /// `type.name`, with `data.` or `ephemeral.` before it: an object for a single instance, else
    /// one for each.
    pub(super) fn resource(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        mode: Mode,
        ty: &str,
        name: &str,
        span: Span,
    ) -> Value {
        let Some((at, block)) = module.module.resource(mode, ty, name) else {
            return self.refuse(undeclared(module, mode, ty, name, span));
        };
        let instances = self.instances_of(module, mode, at, block);
        match instances.first() {
            Some((InstanceKey::Single, at)) => self.resource_value(*at),
            Some((InstanceKey::Any, _)) => {
                let address = format!("{}{}{ty}.{name}", module.prefix, mode.prefix());
                self.unknown(Type::Dynamic, Why::Resource(address.into()))
            }
            _ => {
                if let Some(it) = module.wholes.borrow().get(&at) {
                    return it.clone();
                }
                let mark = self.mark_refusals();
                let is_counted = block.body.attribute("count").is_some();
                let whole = in_instances(&instances, is_counted, |at| self.resource_value(at));
                // There are none while they are being counted.
                if !instances.is_empty() && !self.is_refused_since(mark) {
                    self.keep();
                    module.wholes.borrow_mut().insert(at, whole.clone());
                }
                whole
            }
        }
    }

    /// The instances of a resource of a module: their keys and their numbers in
    /// [`Evaluation::resources`].
    pub(super) fn instances_of(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        mode: Mode,
        at: usize,
        block: &'w Block,
    ) -> Instances {
        let key = at;
        if let Some(it) = module.resources.borrow().get(&key) {
            return it.clone();
        }
        // Who asks while `count` is being computed goes round in a ring and finds nothing.
        module.resources.borrow_mut().insert(key, Rc::from([]));
        let (ty, name) = (&block.labels[0], &block.labels[1]);
        let so_far = self.resources.borrow().len();
        let is_full = so_far >= MOST_RESOURCES;
        self.keep();
        let mut expanded =
            if is_full { Vec::new() } else { self.expand(block, &Scope::of(module.clone())) };
        if is_full || so_far + expanded.len() > MOST_RESOURCES {
            self.gap(block.head, "has more instances than are looked into");
            expanded.clear();
        }
        let mut all = self.resources.borrow_mut();
        let mut instances = Vec::with_capacity(expanded.len());
        let mut address = [&*module.prefix, mode.prefix(), ty, ".", name].concat();
        let whole = address.len();
        for (key, scope) in expanded {
            address.truncate(whole);
            key.write(&mut address);
            let address: Arc<str> = address.as_str().into();
            instances.push((key.clone(), all.len()));
            self.by_address.borrow_mut().insert(address.clone(), all.len());
            if key == InstanceKey::Any {
                self.by_address.borrow_mut().insert(address[..whole].into(), all.len());
            }
            all.push(Rc::new(Instance {
                mode,
                address,
                key,
                block,
                scope,
                values: RefCell::default(),
                computed: RefCell::default(),
            }));
        }
        drop(all);
        let instances: Instances = instances.into();
        module.resources.borrow_mut().insert(key, instances.clone());
        instances
    }

    pub(super) fn resource_at(&self, at: usize) -> Option<Rc<Instance<'w>>> {
        self.resources.borrow().get(at).cloned()
    }

    /// An instance as a value. Its provider knows which attributes it has; only those of Terraform
    /// itself are known here.
    pub(super) fn resource_value(&self, at: usize) -> Value {
        let Some(instance) = self.resource_at(at) else { return Value::unknown(Type::Dynamic) };
        if instance.mode == Mode::Managed && &*instance.block.labels[0] == "terraform_data" {
            return self.terraform_data(&instance);
        }
        let value = self.unknown(Type::Dynamic, Why::Resource(instance.address.clone()));
        if instance.mode == Mode::Ephemeral { value.mark(Mark::Ephemeral) } else { value }
    }

    /// An attribute of the resource instance of that address, as far as the configuration tells;
    /// `None` if it doesn't.
    pub(super) fn resource_attribute(&self, address: &Arc<str>, name: &str) -> Option<Value> {
        let at = *self.by_address.borrow().get(address)?;
        let instance = self.resource_at(at)?;
        let found = self.computed_attribute(&instance, name).or_else(|| {
            // What is null may still be computed by the provider.
            self.written_attribute(&instance, name).filter(|it| !it.is_null())
        });
        self.or_planned(&instance.address, name, found)
    }

    /// What a hook says of a data source.
    fn computed_attribute(&self, instance: &Rc<Instance<'w>>, name: &str) -> Option<Value> {
        if instance.mode != Mode::Data {
            return None;
        }
        let known = instance.computed.borrow().clone();
        let all = match known {
            Some(it) => it,
            None => {
                *instance.computed.borrow_mut() = Some(Rc::default());
                self.keep();
                let all = self.data.read(&instance.block.labels[0], &self.view_of(instance));
                let all = Rc::new(all.unwrap_or_default());
                *instance.computed.borrow_mut() = Some(all.clone());
                all
            }
        };
        all.get(name).cloned()
    }

    /// The value of an attribute that is written, computed once.
    pub(super) fn written_attribute(
        &self,
        instance: &Rc<Instance<'w>>,
        name: &str,
    ) -> Option<Value> {
        if META.contains(&name) {
            return None;
        }
        let attribute = instance.block.body.attribute(name)?;
        let key: &'w str = &attribute.name;
        let title = || format!("{}.{key}", instance.address);
        match instance.values.borrow().get(key) {
            Some(Memo::Done(value, refusals)) => {
                return Some(self.recall(value, refusals.as_ref()));
            }
            Some(Memo::Open) => return Some(self.cycle(&title(), attribute.name_span)),
            None => {}
        }
        instance.values.borrow_mut().insert(key, Memo::Open);
        let memo = self
            .computed(title, attribute.name_span, || self.eval(&attribute.value, &instance.scope));
        instance.values.borrow_mut().insert(key, memo.clone());
        match memo {
            Memo::Done(value, refusals) => Some(self.recall(&value, refusals.as_ref())),
            Memo::Open => None,
        }
    }

    /// An instance of a resource of which it is not known how many there are.
    pub(super) fn resource_instance_of(&self, address: &Arc<str>, index: &str) -> Value {
        let one: Arc<str> = format!("{address}{index}").into();
        let all = self.by_address.borrow().get(address).copied();
        if let Some(at) = all {
            self.by_address.borrow_mut().entry(one.clone()).or_insert(at);
        }
        self.unknown(Type::Dynamic, Why::Resource(one))
    }
}

/// What is said of a reference to a resource that the module does not declare.
pub(super) fn undeclared(
    module: &ModuleInstance<'_>,
    mode: Mode,
    ty: &str,
    name: &str,
    span: Span,
) -> Refusal {
    let kind = match mode {
        Mode::Managed => "managed",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    let place = if module.call.is_some() { "this module" } else { "the root module" };
    let detail = format!("A {kind} resource {ty:?} {name:?} has not been declared in {place}.");
    Refusal::new(span, "Reference to undeclared resource", detail).before_evaluation()
}
