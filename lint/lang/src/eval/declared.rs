//! References are checked where they are written, whether they are evaluated or not.

use std::rc::Rc;
use std::sync::Arc;

use super::Evaluation;
use super::modules::ModuleInstance;
use crate::module::Mode;
use crate::refusal::Refusal;
use crate::syntax::{self, Attribute, Block, ExprKind, Reference};

impl<'w> Evaluation<'w> {
    /// Refuses references to what the module does not declare.
    pub(super) fn check_references(&self, module: &Rc<ModuleInstance<'w>>) {
        let of = module.module;
        for local in of.locals.values() {
            self.check_attribute(module, local, &[], None);
        }
        for block in of.outputs.values().chain(of.variables.values()) {
            self.check_block(module, block, &mut Vec::new(), None);
        }
        for block in of.calls.values() {
            self.check_block(module, block, &mut vec!["each", "count"], None);
        }
        for mode in [Mode::Managed, Mode::Data, Mode::Ephemeral] {
            for (_, block) in of.resources_of(mode) {
                let summary = "Self-referential block";
                let itself = match block.labels.as_slice() {
                    [ty, name] => Some(Itself { mode, ty, name, summary }),
                    _ => None,
                };
                self.check_block(module, block, &mut vec!["each", "count"], itself);
            }
        }
        for block in of.others.iter().filter(|it| matches!(&*it.kind, "provider" | "check")) {
            self.check_block(module, block, &mut Vec::new(), None);
        }
    }

    fn check_block(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        block: &'w Block,
        own: &mut Vec<&'w str>,
        itself: Option<Itself<'w>>,
    ) {
        let outer = own.len();
        match &*block.kind {
            // What they mean is Terraform's own affair.
            "provisioner" | "connection" | "lifecycle" => own.push("self"),
            "dynamic" => own.push(iterator(block)),
            _ => {}
        }
        let itself = match &*block.kind {
            // These come when the object is there.
            "provisioner" | "connection" => None,
            "precondition" => itself.map(|it| it.told("Invalid reference in precondition")),
            "postcondition" => itself.map(|it| it.told("Invalid reference in postcondition")),
            _ => itself,
        };
        let is_variable = &*block.kind == "variable";
        for condition in &block.body.blocks {
            let variable = block.labels.first().filter(|_| is_variable);
            self.check_condition(condition, variable.map(|it| &**it));
        }
        for attribute in block.body.attributes_alone() {
            if &*attribute.name == "depends_on" {
                self.check_attribute(module, attribute, own, None);
            }
            let is_type = is_variable && &*attribute.name == "type";
            if !is_type && !is_read_by_terraform(attribute) {
                self.check_attribute(module, attribute, own, itself);
            }
        }
        for block in &block.body.blocks {
            self.check_block(module, block, own, itself);
        }
        own.truncate(outer);
    }

    fn check_attribute(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        attribute: &'w Attribute,
        own: &[&str],
        itself: Option<Itself<'w>>,
    ) {
        syntax::references(&attribute.value, &mut |it| {
            if own.contains(&&**it.root) {
                return;
            }
            if let Some(Itself { mode, ty, name, summary }) = itself.filter(|of| of.is(it)) {
                let address = format!("{}{ty}.{name}", mode.prefix());
                let detail = format!("Configuration for {address} may not refer to itself.");
                self.refuse(Refusal::new(it.span, summary, detail).before_evaluation());
            }
            self.check_reference(module, it);
        });
    }

    /// Refuses conditions that check nothing: those that refer to nothing, and those of a variable that
    /// don't refer to it.
    fn check_condition(&self, block: &'w Block, variable: Option<&str>) {
        let Some(condition) = block.body.attribute("condition") else { return };
        let (mut refers, mut refers_to_it) = (false, false);
        syntax::references(&condition.value, &mut |it| {
            refers = true;
            refers_to_it |= &**it.root == "var" && it.steps.first().map(|it| &***it) == variable;
        });
        let (summary, detail) = match (&*block.kind, variable) {
            ("validation", Some(name)) if !refers_to_it => (
                "Invalid variable validation condition".to_owned(),
                format!(
                    "The condition for variable {name:?} must refer to var.{name} in order to test \
                     incoming values."
                ),
            ),
            ("precondition" | "postcondition" | "assert", _) if !refers => (
                format!("Invalid {} expression", block.kind),
                "The condition expression must refer to at least one object from elsewhere in the \
                 configuration, or else its result would not be checking anything."
                    .to_owned(),
            ),
            _ => return,
        };
        self.refuse(Refusal::new(condition.value.span, summary, detail).before_evaluation());
    }

    fn check_reference(&self, module: &Rc<ModuleInstance<'w>>, it: &Reference<'_>) {
        let of = module.module;
        let refuse = |summary: &'static str, detail: String| {
            self.refuse(Refusal::new(it.span, summary, detail).before_evaluation());
        };
        match (&**it.root, it.steps.as_slice()) {
            ("var", [name, ..]) if !of.variables.contains_key(*name) => refuse(
                "Reference to undeclared input variable",
                format!("An input variable with the name {name:?} has not been declared."),
            ),
            ("local", [name, ..]) if !of.locals.contains_key(*name) => refuse(
                "Reference to undeclared local value",
                format!("A local value with the name {name:?} has not been declared."),
            ),
            ("module", [name, ..]) if !of.calls.contains_key(*name) => refuse(
                "Reference to undeclared module",
                format!("No module call named {name:?} is declared in this module."),
            ),
            ("module", _) => {}
            ("var" | "local" | "path" | "terraform" | "tofu" | "each" | "count" | "self", _) => {}
            ("data" | "ephemeral", [ty, name, ..]) => {
                let mode = if &**it.root == "data" { Mode::Data } else { Mode::Ephemeral };
                self.check_resource_name(module, mode, ty, name, it);
            }
            ("resource", [ty, name, ..]) => {
                self.check_resource_name(module, Mode::Managed, ty, name, it);
            }
            ("data" | "ephemeral" | "resource", _) => {}
            (_, [name, behind @ ..]) => {
                self.check_resource_name(module, Mode::Managed, it.root, name, it);
                let of = of.resource(Mode::Managed, it.root, name).map(|it| &it.1.body);
                let repeated = ["count", "for_each"]
                    .into_iter()
                    .find(|it| of.is_some_and(|of| of.attribute(it).is_some()));
                if let (Some(repeated), [_, ..]) = (repeated, behind) {
                    refuse(
                        "Missing resource instance key",
                        format!(
                            "Because {}.{name} has {repeated:?} set, its attributes must be accessed on \
                             specific instances.",
                            it.root
                        ),
                    );
                }
            }
            (_, []) => refuse(
                "Invalid reference",
                "A reference to a resource type must be followed by at least one attribute access, \
                 specifying the resource name."
                    .to_owned(),
            ),
        }
    }

    fn check_resource_name(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        mode: Mode,
        ty: &Arc<str>,
        name: &Arc<str>,
        it: &Reference<'_>,
    ) {
        if module.module.resource(mode, ty, name).is_some() {
            return;
        }
        // A check has data sources of its own.
        let nested = module.module.others.iter().filter(|it| &*it.kind == "check");
        let is_nested = nested
            .flat_map(|it| &it.body.blocks)
            .any(|it| matches!(it.labels.as_slice(), [a, b] if a == ty && b == name));
        if mode == Mode::Data && is_nested {
            return;
        }
        self.refuse(super::resources::undeclared(module, mode, ty, name, it.span));
    }
}

/// A resource that may not refer to itself by its address.
#[derive(Clone, Copy)]
struct Itself<'w> {
    mode: Mode,
    ty: &'w str,
    name: &'w str,
    /// What is told if it does.
    summary: &'static str,
}

impl Itself<'_> {
    fn is(self, reference: &Reference<'_>) -> bool {
        let is_named = |ty: &str, name: &str| ty == self.ty && name == self.name;
        match (&**reference.root, reference.steps.as_slice(), self.mode) {
            ("data", [ty, name, ..], Mode::Data)
            | ("ephemeral", [ty, name, ..], Mode::Ephemeral) => is_named(ty, name),
            (ty, [name, ..], Mode::Managed) => is_named(ty, name),
            _ => false,
        }
    }

    fn told(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }
}

/// The name under which a dynamic block has its element.
pub(super) fn iterator(block: &Block) -> &str {
    match block.body.attribute("iterator").map(|it| &it.value.kind) {
        Some(ExprKind::Variable(it)) => it,
        _ => block.labels.first().map_or("", |it| it),
    }
}

/// What is no expression: types, providers, references that Terraform reads as they stand.
pub(super) fn is_read_by_terraform(attribute: &Attribute) -> bool {
    match &*attribute.name {
        "providers" | "ignore_changes" | "iterator" | "replace_triggered_by" | "depends_on" => true,
        "provider" => matches!(
            attribute.value.kind,
            ExprKind::Variable(_) | ExprKind::Attribute(..) | ExprKind::Index(..)
        ),
        "on_failure" | "when" => matches!(attribute.value.kind, ExprKind::Variable(_)),
        _ => false,
    }
}
