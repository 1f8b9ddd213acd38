//! What a plan tells fills in what the configuration alone leaves unknown.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value, convert};

use super::{Evaluation, Resource};
use crate::Span;
use crate::why::Why;

impl Evaluation<'_> {
    /// Whether there is a plan.
    #[must_use]
    pub fn has_plan(&self) -> bool {
        self.planned.is_some()
    }

    /// What a plan has of an attribute that only the provider writes; `None` if there is no plan, or it
    /// doesn't have it.
    #[must_use]
    pub fn planned(&self, resource: &Resource<'_>, name: &str) -> Option<Value> {
        self.or_planned(&resource.address, name, None)
    }

    /// The value that a plan has of a variable of the root module.
    pub(super) fn planned_variable(&self, name: &str, value: &Value) -> (Value, Span) {
        (self.of_plan(value, &format!("var.{name}")), self.plan_span())
    }

    /// An attribute of a resource instance: what is written or computed of it, or where that is not
    /// known, what a plan has. `None` if neither has anything.
    pub(super) fn or_planned(
        &self,
        address: &Arc<str>,
        name: &str,
        found: Option<Value>,
    ) -> Option<Value> {
        if found.as_ref().is_some_and(Value::is_wholly_known) {
            return found;
        }
        let Some(planned) = self.planned.as_ref().and_then(|it| it.resources.get(address)) else {
            return found;
        };
        let Some(planned) = planned.get(name).filter(|it| it.is_known()) else { return found };
        // What is known in part keeps where that came from, unless the plan has all of it.
        let is_better = match &found {
            Some(it) => !it.is_known() || planned.is_wholly_known(),
            None => true,
        };
        if !is_better {
            return found;
        }
        let value = self.of_plan(planned, &format!("{address}.{name}"));
        Some(value.mark(found.map(|it| it.unmark_deep().1).unwrap_or_default()))
    }

    /// A value where a set of strings is wanted: a plan in JSON writes sets as lists.
    pub(super) fn with_sets(&self, value: Value) -> Value {
        let file = self.provenance.span(&value).map(|it| it.file);
        if !matches!(value.kind(), Kind::Tuple(_)) || file.is_none() || file != self.plan_file.get()
        {
            return value;
        }
        convert(&value, &Type::set(Type::String)).unwrap_or(value)
    }

    /// A value of a plan, each part of which says that it came from there, and what it stands for if
    /// it is unknown.
    fn of_plan(&self, value: &Value, name: &str) -> Value {
        let marks = value.marks();
        let part = |(key, it): (&Arc<str>, &Value)| {
            (key.clone(), self.of_plan(it, &format!("{name}.{key}")))
        };
        let made = match value.kind() {
            Kind::Unknown(_) => {
                return self.unknown(Type::Dynamic, Why::Resource(name.into())).mark(marks);
            }
            Kind::Object(of) => Value::object(of.iter().map(part)),
            Kind::Tuple(of) => {
                let each = of.iter().enumerate();
                Value::tuple(each.map(|(at, it)| self.of_plan(it, &format!("{name}[{at}]"))))
            }
            _ => value.clone(),
        };
        self.provenance.through(made.mark(marks), self.plan_span())
    }

    /// A place in no file, so that what came from a plan is told from what is written.
    fn plan_span(&self) -> Span {
        if let Some(known) = self.plan_file.get() {
            return Span::at(known, 0);
        }
        let file = self.add_text("the plan", "");
        self.plan_file.set(Some(file));
        Span::at(file, 0)
    }
}
