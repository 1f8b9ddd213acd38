//! What Terraform itself provides: `terraform_data`, and functions under the name that a module gives to
//! its provider.

use std::rc::Rc;

use stanchion_cty::{Kind, Mark, Type, Value};

use super::resources::Instance;
use super::{Evaluation, Scope};
use crate::functions::{self, Function};
use crate::module::Mode;
use crate::refusal::Refusal;
use crate::syntax::Block;
use crate::why::Why;
use crate::{Module, Span};

/// Where the provider comes from that is built into Terraform.
const SOURCE: &str = "terraform.io/builtin/terraform";
/// Its local name, where a module does not say another.
const NAME: &str = "terraform";

/// What stands in a block of `terraform_data`, beside what may stand in each resource.
const ATTRIBUTES: &[&str] = &["id", "input", "output", "triggers_replace"];
const META: &[&str] = &["count", "for_each", "provider", "depends_on"];
const META_BLOCKS: &[&str] = &["lifecycle", "provisioner", "connection"];

/// A function of a provider.
pub(super) enum OfProvider {
    /// One of Terraform's own.
    Own(&'static Function),
    /// Only its provider knows what it does.
    Foreign,
    /// There is none.
    Missing,
}

impl<'w> Evaluation<'w> {
    /// What `provider::name::function` is in a module: it has the functions of those providers alone
    /// that it requires.
    pub(super) fn function_of_provider(&self, called: &str, scope: &Scope<'w>) -> OfProvider {
        let mut parts = called.split("::").skip(1);
        let (Some(provider), Some(function)) = (parts.next(), parts.next()) else {
            return OfProvider::Missing;
        };
        let Some(module) = &scope.module else { return OfProvider::Foreign };
        let Some(required) = module.module.required_providers().find(|it| &**it.name == provider)
        else {
            return OfProvider::Missing;
        };
        if required.source.as_deref() != Some(SOURCE) {
            return OfProvider::Foreign;
        }
        let found = functions::find(&format!("provider::{NAME}::{function}"));
        found.map_or(OfProvider::Missing, OfProvider::Own)
    }

    /// Refuses a function that no required provider has.
    pub(super) fn unknown_provider_function(&self, called: &str, span: Span) -> Value {
        let provider = called.split("::").nth(1).unwrap_or_default();
        let detail = format!(
            "There is no function named {called:?}. Ensure that provider name {provider:?} is declared \
             in this module's required_providers block, and that this provider offers the function."
        );
        self.refused(span, "Unknown provider function", detail)
    }

    /// `terraform_data`: what is output is known when it was stored.
    pub(super) fn terraform_data(&self, instance: &Rc<Instance<'w>>) -> Value {
        let address = &instance.address;
        let of = |name: &str| self.written_attribute(instance, name);
        let input = of("input").unwrap_or_else(|| Value::null(Type::Dynamic));
        let symbol = |name: &str| Why::Resource(format!("{address}.{name}").into());
        let or_planned =
            |name: &str, it: Value| self.or_planned(address, name, Some(it.clone())).unwrap_or(it);
        let input = or_planned("input", input);
        let output = if input.is_null() {
            input.clone()
        } else {
            self.unknown(input.ty(), symbol("output")).mark(input.clone().unmark_deep().1)
        };
        let output = or_planned("output", output);
        let triggers = of("triggers_replace").unwrap_or_else(|| Value::null(Type::Dynamic));
        let triggers = or_planned("triggers_replace", triggers);
        // What is imported stays the same object, unless something asks for another one.
        let imported = self.imported(address).filter(|_| triggers.is_null());
        let id = match imported {
            Some(id) if matches!(id.kind(), Kind::String(_)) => id,
            _ => or_planned("id", self.not_null(Type::String, symbol("id"))),
        };
        Value::object([
            ("id", id),
            ("input", input),
            ("output", output),
            ("triggers_replace", triggers),
        ])
    }

    /// Refuses ephemeral values of `terraform_data`, which would be stored.
    pub(super) fn check_stored(&self, block: &'w Block, value: impl FnOnce() -> Value) {
        if block.labels.first().is_none_or(|it| &**it != "terraform_data") {
            return;
        }
        let value = value();
        for name in ["input", "triggers_replace"] {
            let part = value.get(name).filter(|it| it.has_mark_deep(Mark::Ephemeral));
            if let (Some(_), Some(written)) = (part, block.body.attribute(name)) {
                let detail = format!(
                    "Ephemeral values are not valid for {name:?}, because it is not a write-only \
                     attribute and must be persisted to state."
                );
                self.refused(written.value.span, "Invalid use of ephemeral value", detail);
            }
        }
    }

    /// Refuses resources that Terraform's own provider does not have, and what they don't take.
    pub(super) fn check_own_resource(&self, module: &'w Module, mode: Mode, block: &'w Block) {
        let Some(ty) = block.labels.first().filter(|it| it.split('_').next() == Some(NAME)) else {
            return;
        };
        let required = module.required_providers().find(|it| &**it.name == NAME);
        let is_other = required.is_some_and(|it| it.source.as_deref() != Some(SOURCE));
        if is_other || block.body.attribute("provider").is_some() {
            return;
        }
        let (has, summary, kind) = match mode {
            Mode::Managed => ("terraform_data", "Invalid resource type", "resource type"),
            Mode::Data => ("terraform_remote_state", "Invalid data source", "data source"),
            Mode::Ephemeral => ("", "Invalid ephemeral resource", "ephemeral resource"),
        };
        if &**ty != has {
            let detail = format!("The provider {SOURCE} does not support {kind} {ty:?}.");
            self.refuse(Refusal::new(block.head, summary, detail).before_evaluation());
            return;
        }
        if mode != Mode::Managed {
            return;
        }
        for it in block.body.attributes_alone() {
            if !ATTRIBUTES.contains(&&*it.name) && !META.contains(&&*it.name) {
                let detail = format!("An argument named {:?} is not expected here.", &*it.name);
                let refusal = Refusal::new(it.name_span, "Unsupported argument", detail);
                self.refuse(refusal.before_evaluation());
            }
        }
        for it in &block.body.blocks {
            let made = it.labels.first().filter(|_| &*it.kind == "dynamic");
            let kind = made.unwrap_or(&it.kind);
            let is_own = ATTRIBUTES.contains(&&**kind) && block.body.is_json;
            if !META_BLOCKS.contains(&&**kind) && !is_own {
                let detail = format!("Blocks of type {:?} are not expected here.", &**kind);
                let refusal = Refusal::new(it.head, "Unsupported block type", detail);
                self.refuse(refusal.before_evaluation());
            }
        }
    }
}
