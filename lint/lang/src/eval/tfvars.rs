//! What `decode_tfvars` reads: a file of variables' values, as it would be given to a plan.

use stanchion_cty::Value;

use super::{Evaluation, Scope};
use crate::functions::{Refused, Tfvars};
use crate::syntax::{self, Names};

/// Stands in the scope of values that may not call functions; no program can write it.
pub(super) const VALUES_ONLY: &str = "*values only";

impl Tfvars for Evaluation<'_> {
    fn decode(&self, text: &str) -> Result<Value, Refused> {
        const FILE: &str = "<decode_tfvars argument>";
        let file = self.add_text(FILE, text);
        let at = |span| self.place(span).map(|it| format!("{it}: ")).unwrap_or_default();
        let body = syntax::parse(file, text, &mut Names::default())
            .map_err(|it| format!("invalid tfvars syntax: {}{}", at(it.span), it.message))?;
        if let Some(block) = body.blocks.first() {
            let (place, kind) = (at(block.head), &block.kind);
            let why = format!("Unexpected {kind:?} block; blocks are not allowed here");
            return Err(format!("invalid tfvars content: {place}{why}").into());
        }
        let scope = Scope::empty().with(&VALUES_ONLY.into(), Value::from(true));
        let mut values = Vec::with_capacity(body.attributes.len());
        for attribute in &body.attributes {
            let refused = |why: String| {
                let name = &attribute.name;
                Refused::Call(format!("invalid expression for variable {name:?}: {why}"))
            };
            let mut variable = None;
            syntax::free_names(&attribute.value, &mut |_, span| {
                variable.get_or_insert(span);
            });
            if let Some(span) = variable {
                let why = "Variables not allowed; variables may not be used here";
                return Err(refused(format!("{}{why}", at(span))));
            }
            let mark = self.mark_refusals();
            let value = self.eval(&attribute.value, &scope);
            if let Some(it) = self.take_refusals(mark).first() {
                let detail = it.detail.trim_end_matches('.');
                return Err(refused(format!("{}; {detail}", it.summary)));
            }
            values.push((attribute.name.clone(), value));
        }
        Ok(Value::object(values))
    }
}
