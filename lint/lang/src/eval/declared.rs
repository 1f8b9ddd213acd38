//! References are checked where they are written, whether they are evaluated or not.

use std::rc::Rc;
use std::sync::Arc;

use super::Evaluation;
use super::modules::{Children, ModuleInstance};
use crate::module::Mode;
use crate::refusal::Refusal;
use crate::syntax::{self, Attribute, Block, Body, ExprKind, Reference};

impl<'w> Evaluation<'w> {
    /// Refuses references to what the module does not declare.
    pub(super) fn check_references(&self, module: &Rc<ModuleInstance<'w>>) {
        let of = module.module;
        for local in of.locals.values() {
            self.check_attribute(module, local, &[]);
        }
        for block in of.outputs.values().chain(of.variables.values()) {
            self.check_block(module, block, &mut Vec::new());
        }
        for block in of.calls.values() {
            self.check_block(module, block, &mut vec!["each", "count"]);
        }
        for mode in [Mode::Managed, Mode::Data, Mode::Ephemeral] {
            for (_, block) in of.resources_of(mode) {
                self.check_block(module, block, &mut vec!["each", "count"]);
            }
        }
        for block in of.others.iter().filter(|it| matches!(&*it.kind, "provider" | "check")) {
            self.check_block(module, block, &mut Vec::new());
        }
    }

    fn check_block(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        block: &'w Block,
        own: &mut Vec<&'w str>,
    ) {
        let outer = own.len();
        match &*block.kind {
            // What they mean is Terraform's own affair.
            "provisioner" | "connection" | "lifecycle" => own.push("self"),
            "dynamic" => own.push(iterator(block)),
            _ => {}
        }
        let is_variable = &*block.kind == "variable";
        self.check_names(module, &block.body, own, is_variable);
        own.truncate(outer);
    }

    fn check_names(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        body: &'w Body,
        own: &mut Vec<&'w str>,
        is_variable: bool,
    ) {
        for attribute in &body.attributes {
            let is_type = is_variable && &*attribute.name == "type";
            if !is_type && !is_read_by_terraform(attribute) {
                self.check_attribute(module, attribute, own);
            }
        }
        for block in &body.blocks {
            self.check_block(module, block, own);
        }
    }

    fn check_attribute(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        attribute: &'w Attribute,
        own: &[&str],
    ) {
        syntax::references(&attribute.value, &mut |it| {
            if !own.contains(&&**it.root) {
                self.check_reference(module, it);
            }
        });
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
            ("module", [name, rest @ ..]) => match of.calls.get(*name) {
                None => refuse(
                    "Reference to undeclared module",
                    format!("No module call named {name:?} is declared in this module."),
                ),
                Some(call) => {
                    let is_repeated = call.body.attribute("count").is_some()
                        || call.body.attribute("for_each").is_some();
                    let output =
                        if is_repeated { it.behind_index } else { rest.first().copied() };
                    if let Some(output) = output {
                        self.check_output_name(module, name, output, it);
                    }
                }
            },
            ("var" | "local" | "path" | "terraform" | "tofu" | "each" | "count" | "self", _) => {}
            ("data" | "ephemeral", [ty, name, ..]) => {
                let mode = if &**it.root == "data" { Mode::Data } else { Mode::Ephemeral };
                self.check_resource_name(module, mode, ty, name, it);
            }
            ("resource", [ty, name, ..]) => {
                self.check_resource_name(module, Mode::Managed, ty, name, it);
            }
            ("data" | "ephemeral" | "resource", _) => {}
            (_, [name, ..]) => {
                self.check_resource_name(module, Mode::Managed, it.root, name, it);
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
        let is_nested = nested.flat_map(|it| &it.body.blocks).any(|it| {
            matches!(it.labels.as_slice(), [a, b] if a == ty && b == name)
        });
        if mode == Mode::Data && is_nested {
            return;
        }
        self.refuse(super::resources::undeclared(module, mode, ty, name, it.span));
    }

    fn check_output_name(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        output: &str,
        it: &Reference<'_>,
    ) {
        let Some(Children::Of(children)) = self.children(module, name) else { return };
        let child = children.first().and_then(|(_, at)| self.instance(*at));
        if child.is_some_and(|it| !it.module.outputs.contains_key(output)) {
            let detail = format!("This object does not have an attribute named {output:?}.");
            let refusal = Refusal::new(it.span, "Unsupported attribute", detail);
            self.refuse(refusal.before_evaluation());
        }
    }
}

/// The name under which a dynamic block has its element.
fn iterator(block: &Block) -> &str {
    match block.body.attribute("iterator").map(|it| &it.value.kind) {
        Some(ExprKind::Variable(it)) => it,
        _ => block.labels.first().map_or("", |it| it),
    }
}

/// What is no expression: types, providers, references that Terraform reads as they stand.
fn is_read_by_terraform(attribute: &Attribute) -> bool {
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
