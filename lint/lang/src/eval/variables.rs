//! Variables: where their values come from, and what their declarations make of them.

use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Mark, Type, Value, convert};

use super::modules::{ModuleInstance, Space};
use super::tfvars::VALUES_ONLY;
use super::types::Constraint;
use super::{Evaluation, Scope};
use crate::hash::HashMap;
use crate::inputs::{Argument, Inputs};
use crate::refusal::Refusal;
use crate::source::{Fault, FileId};
use crate::syntax::{Block, Expr, ExprKind};
use crate::why::Why;
use crate::{Module, Span, syntax};

/// What a variable of the root module is given.
#[derive(Clone, Debug)]
pub(super) enum Given<'w> {
    /// An attribute of a variable file.
    Written(&'w Expr),
    /// A text of the command line or the environment.
    Text(FileId, Arc<str>),
    /// A value of a plan.
    Planned(Value),
}

impl<'w> Evaluation<'w> {
    /// What the variables of a root module are given: by the environment, by files and arguments,
    /// the later before the earlier.
    pub(super) fn given(
        &mut self,
        root: &'w Module,
        inputs: &Inputs,
    ) -> HashMap<Arc<str>, Given<'w>> {
        let mut given = HashMap::default();
        for (name, text) in &inputs.environment {
            let file = self.add_text(&format!("TF_VAR_{name}"), text);
            given.insert(name.as_str().into(), Given::Text(file, text.as_str().into()));
        }
        for body in self.workspace.automatic_variables(&root.folder) {
            given.extend(assignments(body));
        }
        let planned = inputs.planned.iter().flat_map(|it| &it.variables);
        given.extend(planned.map(|(name, it)| (name.clone(), Given::Planned(it.clone()))));
        for argument in &inputs.arguments {
            match argument {
                Argument::Variable { name, text } => {
                    let file = self.add_text(&format!("--var {name}"), text);
                    self.named.push((name.as_str().into(), Span::at(file, 0)));
                    given.insert(name.as_str().into(), Given::Text(file, text.as_str().into()));
                }
                Argument::File(path) => {
                    let body = self.workspace.variables(path);
                    given.extend(body.into_iter().flat_map(assignments));
                }
            }
        }
        given
    }

    /// What Terraform refuses of the arguments: values of variables that the root module does not
    /// declare. In a file or the environment it passes over those.
    #[must_use]
    pub fn refused_inputs(&self) -> Vec<Refusal> {
        let undeclared = self.named.iter().filter(|it| !self.root.variables.contains_key(&it.0));
        let refusal = |(name, span): &(Arc<str>, Span)| {
            let detail = format!(
                "A variable named {name:?} was assigned on the command line, but the root module does \
                 not declare a variable of that name. To use this value, add a \"variable\" block to \
                 the configuration."
            );
            Refusal::new(*span, "Value for undeclared variable", detail).before_evaluation()
        };
        undeclared.map(refusal).collect()
    }

    /// The value of a variable.
    pub(super) fn variable(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        span: Span,
    ) -> Value {
        let value = self.named(module, Space::Variable, name, span, |block| {
            self.variable_of(module, name, block)
        });
        value.unwrap_or_else(|| {
            let detail = format!("An input variable with the name {name:?} has not been declared.");
            let summary = "Reference to undeclared input variable";
            self.refuse(Refusal::new(span, summary, detail).before_evaluation())
        })
    }

    fn variable_of(&self, module: &Rc<ModuleInstance<'w>>, name: &str, block: &'w Block) -> Value {
        let body = &block.body;
        let constraint = self.constraint_of(block);
        let constraint = constraint.as_deref();
        let is_nullable = body.flag("nullable") != Some(false);
        let default = || {
            let it = body.attribute("default")?;
            let value = self.eval(&it.value, &values_only());
            let detail = || {
                "This default value is not compatible with the variable's type constraint"
                    .to_owned()
            };
            let summary = "Invalid default value for variable";
            Some(self.as_declared(value, constraint, it.value.span, detail, summary))
        };
        let given = self.given_to(module, name, constraint);
        let value = match given {
            Some((value, _)) if value.is_null() && !is_nullable => match default() {
                Some(it) => it,
                None => {
                    let (_, span) =
                        self.given_to(module, name, None).unwrap_or((value, block.head));
                    let detail = format!(
                        "The given value is not suitable for var.{name}: required variable may not be set to null."
                    );
                    self.refuse(
                        Refusal::new(span, "Required variable not set", detail).before_evaluation(),
                    )
                }
            },
            Some((value, span)) => {
                let is_ephemeral = body.flag("ephemeral") == Some(true);
                if module.call.is_some() && !is_ephemeral && value.has_mark_deep(Mark::Ephemeral) {
                    let detail = format!(
                        "This input variable is not declared as accepting ephemeral values, so it cannot \
                         be set to a result derived from an ephemeral value: {name:?}."
                    );
                    let refusal = Refusal::new(span, EPHEMERAL, detail);
                    self.refuse(refusal.before_evaluation());
                }
                let detail = || match module.call {
                    Some(_) => format!(
                        "The given value is not suitable for child module variable {name:?}"
                    ),
                    None => format!("The given value is not suitable for var.{name}"),
                };
                let summary = "Invalid value for input variable";
                self.as_declared(value, constraint, span, detail, summary)
            }
            None => match default() {
                Some(it) => it,
                None => self.not_given(module, name, constraint, is_nullable),
            },
        };
        let value =
            if body.flag("sensitive") == Some(true) { value.mark(Mark::Sensitive) } else { value };
        if body.flag("ephemeral") == Some(true) { value.mark(Mark::Ephemeral) } else { value }
    }

    /// The type constraint of a variable's block, read once.
    fn constraint_of(&self, block: &'w Block) -> Option<Rc<Constraint>> {
        let key = std::ptr::from_ref(block).addr();
        if let Some(it) = self.constraints.borrow().get(&key) {
            return Some(it.clone());
        }
        match self.declared_type(&block.body.attribute("type")?.value) {
            Ok(it) => {
                let it = Rc::new(it);
                self.keep();
                self.constraints.borrow_mut().insert(key, it.clone());
                Some(it)
            }
            Err(wrong) => {
                let refusal = Refusal::new(wrong.span, "Invalid type specification", wrong.why);
                self.refuse(refusal.before_evaluation());
                None
            }
        }
    }

    /// A type constraint, also in the two short forms of old that are still taken.
    fn declared_type(&self, expr: &Expr) -> Result<Constraint, super::types::Wrong> {
        let any = |ty| Ok(Constraint { ty, defaults: Default::default() });
        match &expr.kind {
            ExprKind::Variable(it) if &**it == "list" => any(Type::list(Type::Dynamic)),
            ExprKind::Variable(it) if &**it == "map" => any(Type::map(Type::Dynamic)),
            _ => self.constraint(expr),
        }
    }

    /// What a call, a file, an argument or the environment gives, and where.
    fn given_to(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        constraint: Option<&Constraint>,
    ) -> Option<(Value, Span)> {
        if let Some((call, scope)) = &module.call {
            let argument = call.body.attribute(name)?;
            return Some((self.eval(&argument.value, scope), argument.value.span));
        }
        match module.given.get(name)? {
            Given::Written(it) => Some((self.eval(it, &values_only()), it.span)),
            Given::Planned(it) => Some(self.planned_variable(name, it)),
            Given::Text(file, text) => {
                let span =
                    Span { file: *file, start: 0, end: u32::try_from(text.len()).unwrap_or(0) };
                let is_literal = constraint.is_none_or(|it| it.ty.is_primitive());
                if is_literal {
                    let value = Value::string(text.clone());
                    return Some((self.provenance.written(value, span), span));
                }
                Some(match syntax::expression(*file, text) {
                    Ok(it) => (self.eval(&it, &values_only()), span),
                    Err(Fault { span, message }) => {
                        let detail = format!("The value of var.{name} {message}.");
                        (self.refused(span, "Invalid expression", detail), span)
                    }
                })
            }
        }
    }

    /// A value as the declaration wants it.
    fn as_declared(
        &self,
        value: Value,
        constraint: Option<&Constraint>,
        span: Span,
        detail: impl FnOnce() -> String,
        summary: &'static str,
    ) -> Value {
        let Some(constraint) = constraint else { return value };
        match convert(&constraint.defaults.fill(value), &constraint.ty) {
            Ok(it) => it,
            Err(problem) => {
                let detail = format!("{}: {}.", detail(), in_words(&problem));
                self.refuse(Refusal::new(span, summary, detail).before_evaluation());
                self.unknown(constraint.ty.without_optional(), Why::Refused(summary.into()))
            }
        }
    }

    fn not_given(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        constraint: Option<&Constraint>,
        is_nullable: bool,
    ) -> Value {
        let ty = constraint.map_or(Type::Dynamic, |it| it.ty.without_optional());
        match &module.call {
            Some((call, _)) => {
                let detail =
                    format!("The argument {name:?} is required, but no definition was found.");
                let refusal = Refusal::new(call.head, "Missing required argument", detail);
                self.refuse(refusal.before_evaluation());
                self.unknown(ty, Why::Refused(format!("the argument {name} is missing").into()))
            }
            None if is_nullable => self.unknown(ty, Why::Variable(name.into())),
            None => self.not_null(ty, Why::Variable(name.into())),
        }
    }
}

/// The short words for an ephemeral value where it would be stored.
pub(super) const EPHEMERAL: &str = "Ephemeral value not allowed";

/// What the values that variables are given are evaluated in: neither names nor functions.
fn values_only<'w>() -> Scope<'w> {
    Scope::empty().with(&VALUES_ONLY.into(), Value::from(true))
}

/// A problem with the way to it.
fn in_words(problem: &stanchion_cty::Problem) -> String {
    if problem.path.is_empty() {
        problem.message.clone()
    } else {
        format!("{}: {}", problem.path, problem.message)
    }
}

fn assignments(body: &syntax::Body) -> impl Iterator<Item = (Arc<str>, Given<'_>)> {
    body.attributes.iter().map(|it| (it.name.clone(), Given::Written(&it.value)))
}
