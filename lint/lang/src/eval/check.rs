//! Everything is evaluated once, for what Terraform would refuse.

use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Type, Value, convert};

use super::declared::is_read_by_terraform;
use super::modules::ModuleInstance;
use super::scope::Bound;
use super::sequence::pairs;
use super::variables::EPHEMERAL;
use super::{CYCLE, Evaluation, Scope};
use crate::Span;
use crate::hash::HashSet;
use crate::module::Mode;
use crate::refusal::Refusal;
use crate::syntax::{Block, Body, ExprKind};

/// What stands in a resource, data or module block for Terraform itself.
const META_BLOCKS: &[&str] = &["lifecycle", "provisioner", "connection"];

impl<'w> Evaluation<'w> {
    /// What Terraform would refuse in the root module and all that it calls, in the order of places:
    /// references to what is not declared, calls without their arguments, cycles, and conditions of
    /// variables, outputs, resources and checks that are known to be false.
    #[must_use]
    pub fn check(&self) -> Vec<Refusal> {
        let mark = self.mark_refusals();
        self.check_cycles();
        let cycles = self.mark_refusals();
        self.make_modules();
        let mut at = 0;
        let mut seen = HashSet::default();
        while let Some(module) = self.instance(at) {
            if seen.insert(std::ptr::from_ref(module.module)) {
                self.check_references(&module);
            }
            self.check_module(&module);
            at += 1;
        }
        self.check_imports();
        self.refusals.borrow_mut().extend(self.refused_inputs());
        let mut refusals = self.take_refusals(cycles);
        // Who goes round in a ring finds it again from each of its members.
        if cycles > mark {
            refusals.retain(|it| it.summary != CYCLE);
        }
        refusals.extend(self.take_refusals(mark));
        refusals
            .sort_by(|a, b| (a.span, &a.summary, &a.detail).cmp(&(b.span, &b.summary, &b.detail)));
        refusals
            .dedup_by(|a, b| (a.span, &a.summary, &a.detail) == (b.span, &b.summary, &b.detail));
        refusals
    }

    fn check_module(&self, module: &Rc<ModuleInstance<'w>>) {
        let scope = Scope::of(module.clone());
        let of = module.module;
        for (name, block) in &of.variables {
            let value = self.variable(module, name, block.head);
            for condition in block.body.blocks.iter().filter(|it| &*it.kind == "validation") {
                let span = self.written(&value).unwrap_or(condition.head);
                self.condition(condition, &scope, span, "Invalid value for variable");
            }
        }
        for (name, local) in &of.locals {
            self.local(module, name, local.name_span);
        }
        for (name, block) in &of.outputs {
            let value = self.output(module, name, block.head);
            self.check_output(block, value);
            for condition in block.body.blocks.iter().filter(|it| &*it.kind == "precondition") {
                self.condition(
                    condition,
                    &scope,
                    condition.head,
                    "Module output value precondition failed",
                );
            }
        }
        for (name, call) in &of.calls {
            self.check_call(module, name, call);
        }
        for mode in [Mode::Managed, Mode::Data, Mode::Ephemeral] {
            for (number, block) in of.resources_of(mode) {
                self.check_own_resource(of, mode, block);
                let instances = self.instances_of(module, mode, number, block);
                for (_, at) in &*instances {
                    let Some(instance) = self.resource_at(*at) else { continue };
                    self.leaving_nothing(|| {
                        self.check_stored(block, || self.resource_value(*at));
                        self.check_resource(block, &instance.scope, || self.resource_value(*at));
                    });
                }
            }
        }
        for block in &of.others {
            match &*block.kind {
                "check" => {
                    for condition in block.body.blocks.iter().filter(|it| &*it.kind == "assert") {
                        self.condition(
                            condition,
                            &scope,
                            condition.head,
                            "Check block assertion failed",
                        );
                    }
                }
                "provider" => self.check_body(&block.body, &scope, &[]),
                _ => {}
            }
        }
    }

    /// A condition that is known to be false is refused with its message.
    fn condition(&self, block: &'w Block, scope: &Scope<'w>, at: Span, summary: &'static str) {
        let Some(condition) = block.body.attribute("condition") else { return };
        let span = condition.value.span;
        let mark = self.mark_refusals();
        let value = self.eval(&condition.value, scope);
        if self.is_refused_since(mark) {
            return;
        }
        let invalid = match summary {
            "Invalid value for variable" => "Invalid variable validation result",
            _ => "Invalid condition result",
        };
        if value.is_null() {
            let detail = "Condition expression must return either true or false, not null.";
            self.refused(span, invalid, detail);
            return;
        }
        match convert(&value, &Type::Bool).map(|it| it.as_bool()) {
            Ok(Some(false)) => {
                let message = block.body.attribute("error_message");
                let message = message.map(|it| self.eval(&it.value, scope));
                let detail = match &message {
                    Some(it) if !it.marks().is_empty() => {
                        "The error message included a sensitive value, so it will not be displayed."
                            .to_owned()
                    }
                    Some(it) => {
                        it.as_str().unwrap_or("The condition is not met.").trim().to_owned()
                    }
                    None => "The condition is not met.".to_owned(),
                };
                let at = if summary == "Invalid value for variable" { at } else { span };
                self.refuse(Refusal::new(at, summary, detail).before_evaluation());
            }
            Ok(_) => {}
            Err(problem) => {
                let detail = format!("Invalid condition result value: {}.", problem.message);
                self.refused(span, invalid, detail);
            }
        }
    }

    fn check_output(&self, block: &'w Block, value: Option<Value>) {
        use stanchion_cty::Mark;
        let (Some(value), Some(written)) = (value, block.body.attribute("value")) else { return };
        let has = |name| block.body.flag(name) == Some(true);
        if value.has_mark_deep(Mark::Ephemeral) && !has("ephemeral") {
            let detail = "This output value is not declared as returning an ephemeral value, so it \
                          cannot be set to a result derived from an ephemeral value.";
            self.refused(written.value.span, EPHEMERAL, detail);
        }
        if value.has_mark_deep(Mark::Sensitive) && !has("sensitive") {
            let detail = "To reduce the risk of accidentally exporting sensitive data that was \
                          intended to be only internal, Terraform requires that any root module \
                          output containing sensitive data be explicitly marked as sensitive.";
            // Only a root's outputs are shown to anybody.
            let is_root = self
                .instance(0)
                .is_some_and(|root| root.module.outputs.values().any(|it| std::ptr::eq(it, block)));
            if is_root {
                self.refused(written.value.span, "Output refers to sensitive values", detail);
            }
        }
    }

    fn check_call(&self, module: &Rc<ModuleInstance<'w>>, name: &str, call: &'w Block) {
        if call.body.attribute("source").is_none() {
            let detail = "The argument \"source\" is required, but no definition was found.";
            let refusal = Refusal::new(call.head, "Missing required argument", detail);
            self.refuse(refusal.before_evaluation());
        }
        let Some(super::modules::Children::Of(children)) = self.children(module, name) else {
            return;
        };
        let Some(child) = children.first().and_then(|(_, at)| self.instance(*at)) else { return };
        const META: &[&str] =
            &["source", "version", "count", "for_each", "providers", "depends_on"];
        for argument in &call.body.attributes {
            let is_known = child.module.variables.contains_key(&argument.name);
            if !is_known && !META.contains(&&*argument.name) {
                let detail =
                    format!("An argument named {:?} is not expected here.", &*argument.name);
                let refusal = Refusal::new(argument.name_span, "Unsupported argument", detail);
                self.refuse(refusal.before_evaluation());
            }
        }
    }

    fn check_resource(&self, block: &'w Block, scope: &Scope<'w>, value: impl FnOnce() -> Value) {
        self.check_body(&block.body, scope, META_BLOCKS);
        if !block.body.blocks.iter().any(|it| META_BLOCKS.contains(&&*it.kind)) {
            return;
        }
        let own = scope.with(&self.words.own, value());
        for inner in &block.body.blocks {
            match &*inner.kind {
                "lifecycle" => {
                    for condition in &inner.body.blocks {
                        let (scope, summary) = match &*condition.kind {
                            "precondition" => (scope, "Resource precondition failed"),
                            "postcondition" => (&own, "Resource postcondition failed"),
                            _ => continue,
                        };
                        self.condition(condition, scope, condition.head, summary);
                    }
                }
                "provisioner" | "connection" => self.check_body(&inner.body, &own, &[]),
                _ => {}
            }
        }
    }

    /// Evaluates all that a body says.
    fn check_body(&self, body: &'w Body, scope: &Scope<'w>, except: &[&str]) {
        for attribute in body.attributes_alone() {
            let is_own = !matches!(&*attribute.name, "count" | "for_each")
                && !is_read_by_terraform(attribute);
            if is_own {
                self.eval(&attribute.value, scope);
            }
        }
        for block in &body.blocks {
            if except.contains(&&*block.kind) {
                continue;
            }
            if &*block.kind == "dynamic" {
                self.check_dynamic(block, scope);
            } else {
                self.check_body(&block.body, scope, &[]);
            }
        }
    }

    fn check_dynamic(&self, block: &'w Block, scope: &Scope<'w>) {
        let Some(content) = block.body.blocks.iter().find(|it| &*it.kind == "content") else {
            return;
        };
        let kind = block.labels.first().cloned().unwrap_or_else(|| "".into());
        let name: Arc<str> = match block.body.attribute("iterator").map(|it| &it.value.kind) {
            Some(ExprKind::Variable(it)) => it.clone(),
            _ => kind,
        };
        let Some(over) = block.body.attribute("for_each") else { return };
        let value = self.eval(&over.value, scope);
        if value.is_null() {
            let detail = "Cannot use a null value in for_each.";
            self.refused(over.value.span, "Invalid dynamic for_each value", detail);
            return;
        }
        if value.is_primitive() {
            let detail = format!(
                "Cannot use a {} value in for_each. An iterable collection is required.",
                value.ty().friendly()
            );
            self.refused(over.value.span, "Invalid dynamic for_each value", detail);
            return;
        }
        if !value.is_known() {
            let any = Value::unknown(Type::Dynamic);
            let inner = scope.bind(&name, Bound::Pair(any.clone(), any));
            self.check_body(&content.body, &inner, &[]);
            return;
        }
        for (key, value) in pairs(&value) {
            if !self.spend(1) {
                return;
            }
            let inner = scope.bind(&name, Bound::Pair(key, value));
            self.check_body(&content.body, &inner, &[]);
        }
    }
}
