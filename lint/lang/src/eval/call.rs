//! Calls of functions, among them those that evaluate something themselves.

use std::sync::Arc;

use smallvec::SmallVec;
use stanchion_cty::{Kind, Type, Value, convert};

use super::own_provider::OfProvider;
use super::tfvars::VALUES_ONLY;
use super::{Evaluation, Scope};
use crate::Span;
use crate::functions::{self, CallError};
use crate::refusal::Refusal;
use crate::syntax::{self, Expr};
use crate::why::{Language, Why, marks};

/// The values of a call's arguments.
type Values = SmallVec<[Value; 3]>;

const ARGUMENT: &str = "Invalid function argument";
const FAILED: &str = "Error in function call";

impl<'w> Evaluation<'w> {
    pub(super) fn call(
        &self,
        name: &Arc<str>,
        arguments: &[Expr],
        spread: bool,
        span: Span,
        scope: &Scope<'w>,
    ) -> Value {
        if scope.find(VALUES_ONLY).is_some() {
            let detail = "Functions may not be called here.";
            return self.refused(span, "Function calls not allowed", detail);
        }
        let short = name.strip_prefix("core::").unwrap_or(name);
        match short {
            "try" if !spread => return self.try_each(arguments, span, scope),
            "can" if !spread => return self.can(arguments, span, scope),
            "convert" if !spread => return self.convert_to(arguments, span, scope),
            _ => {}
        }
        let mark = self.mark_refusals();
        let Some(values) = self.arguments(arguments, spread, scope) else {
            let values: Vec<Value> = arguments.iter().map(|it| self.eval(it, scope)).collect();
            let why = Why::Call(name.clone(), values.into());
            return self.unknown(Type::Dynamic, why);
        };
        match short {
            "templatefile" | "templatestring" => {
                return self.call_template(short, arguments, values, mark, span, scope);
            }
            _ => {}
        }
        let function = if name.starts_with("provider::") {
            match self.function_of_provider(name, scope) {
                OfProvider::Own(it) => Some(it),
                OfProvider::Missing => return self.unknown_provider_function(name, span),
                OfProvider::Foreign => {
                    let all = marks(&values);
                    let why = Why::Call(name.clone(), values.into_iter().collect());
                    return self.unknown(Type::Dynamic, why).mark(all);
                }
            }
        } else {
            functions::find(name)
        };
        let Some(function) = function else {
            let detail = format!("There is no function named {name:?}.");
            return self.refused(span, "Call to unknown function", detail);
        };
        if self.is_refused_since(mark) {
            let why = Why::Call(name.clone(), values.into_iter().collect());
            return self.unknown(Type::Dynamic, why);
        }
        match functions::call(&self.context(), function, &values) {
            Ok(value) => self.result(short, value, values, span),
            Err(error) => self.call_refused(name, error, arguments, span),
        }
    }

    /// What functions may ask of the world.
    pub(super) fn context(&self) -> functions::Context<'_> {
        let plan_time = self.plan_time.as_deref();
        functions::Context { files: self.files, tfvars: self, plan_time }
    }

    /// A result: an unknown one stands for the call, a known one comes from the first argument.
    fn result(&self, name: &str, value: Value, arguments: Values, span: Span) -> Value {
        if !value.is_known() {
            let picked = self.one_of_each(name, &arguments);
            let why = || Why::Call(name.into(), arguments.into_iter().collect());
            return self.provenance.stands_for(value, || picked.unwrap_or_else(why));
        }
        let from = arguments.iter().find(|it| it.origin().0 != 0).map(Value::origin);
        let value = match from {
            Some(from) if value.origin().0 == 0 => {
                self.provenance.through(value.with_origin(from), span)
            }
            _ => value,
        };
        match (arguments.into_iter().next(), Language::of_encoder(name)) {
            (Some(of), Some(language)) => self.provenance.encoding(value, language, of, span),
            _ => value,
        }
    }

    /// The arguments' values, those of a spread list among them; `None` if that is unknown.
    fn arguments(&self, arguments: &[Expr], spread: bool, scope: &Scope<'w>) -> Option<Values> {
        let (last, first) = match arguments.split_last() {
            Some((last, first)) if spread => (Some(last), first),
            _ => (None, arguments),
        };
        let mut values: Values = first.iter().map(|it| self.eval(it, scope)).collect();
        let Some(last) = last else { return Some(values) };
        let list = self.eval(last, scope);
        let wrong = |detail: &str| {
            self.refused(last.span, "Invalid expanding argument value", detail);
        };
        match list.ty() {
            _ if list.is_null() => {
                wrong("The expanding argument (indicated by ...) must not be null.");
            }
            Type::Dynamic => return None,
            Type::List(_) | Type::Set(_) | Type::Tuple(_) if !list.is_known() => return None,
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                let marks = list.marks();
                values.extend(list.parts().map(|it| it.clone().mark(marks)));
            }
            _ => wrong(
                "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
            ),
        }
        Some(values)
    }

    fn call_refused(&self, name: &str, error: CallError, arguments: &[Expr], span: Span) -> Value {
        match error {
            CallError::TooFew(parameter) => {
                let detail = format!(
                    "Function {name:?} expects more arguments. Missing value for {parameter:?}."
                );
                self.refused(span, "Not enough function arguments", detail)
            }
            CallError::TooMany(most) => {
                let detail = format!("Function {name:?} expects only {most} argument(s).");
                self.refused(span, "Too many function arguments", detail)
            }
            CallError::Argument(at, parameter, why) => {
                let at = arguments.get(at).or(arguments.last()).map_or(span, |it| it.span);
                let detail = format!("Invalid value for {parameter:?} parameter: {why}.");
                self.refused(at, ARGUMENT, detail)
            }
            CallError::Call(why) => {
                self.refused(span, FAILED, format!("Call to function {name:?} failed: {why}."))
            }
            CallError::NotLookedAt(value, why) => {
                self.provenance.stands_for(value, || Why::NotEvaluated(why.into()))
            }
        }
    }

    /// `try`: the first argument that is not refused.
    fn try_each(&self, arguments: &[Expr], span: Span, scope: &Scope<'w>) -> Value {
        if arguments.is_empty() {
            let detail = "Call to function \"try\" failed: at least one argument is required.";
            return self.refused(span, FAILED, detail);
        }
        for argument in arguments {
            let mark = self.mark_refusals();
            let value = self.eval(argument, scope);
            if self.is_refused_since(mark) {
                self.forgive(mark);
                continue;
            }
            return if value.is_wholly_known() {
                value
            } else {
                // Once all is known, another argument may be the first that is not refused.
                let all = value.clone().unmark_deep().1;
                let why =
                    self.why(&value).unwrap_or_else(|| Why::Call("try".into(), [value].into()));
                self.unknown(Type::Dynamic, why).mark(all)
            };
        }
        let detail = "Call to function \"try\" failed: no expression succeeded.";
        self.refused(span, FAILED, detail)
    }

    /// `can`: whether its argument is not refused.
    fn can(&self, arguments: &[Expr], span: Span, scope: &Scope<'w>) -> Value {
        let [argument] = arguments else {
            let error = match arguments {
                [] => CallError::TooFew("expression"),
                _ => CallError::TooMany(1),
            };
            return self.call_refused("can", error, arguments, span);
        };
        let mark = self.mark_refusals();
        let value = self.eval(argument, scope);
        if self.is_refused_since(mark) {
            self.forgive(mark);
            return Value::from(false);
        }
        if value.is_wholly_known() {
            Value::from(true)
        } else {
            self.not_null(Type::Bool, Why::Call("can".into(), [value].into()))
        }
    }

    /// `convert(value, type)`.
    fn convert_to(&self, arguments: &[Expr], span: Span, scope: &Scope<'w>) -> Value {
        let [value, ty] = arguments else {
            let error = match arguments {
                [] => CallError::TooFew("value"),
                [_] => CallError::TooFew("type"),
                _ => CallError::TooMany(2),
            };
            return self.call_refused("convert", error, arguments, span);
        };
        let value = self.eval(value, scope);
        let ty = match self.constraint(ty) {
            Ok(it) => it,
            Err(wrong) => {
                // A name alone is looked at as a reference before it is as a type.
                let is_name = matches!(ty.kind, syntax::ExprKind::Variable(_));
                let summary =
                    if is_name { "Invalid reference" } else { "Invalid type specification" };
                let detail = format!("The type is not valid: {}.", wrong.why);
                return self.refuse(Refusal::new(wrong.span, summary, detail).before_evaluation());
            }
        };
        match functions::convert_to(&ty.defaults.fill(value), &ty.ty) {
            Ok(it) => it,
            Err(error) => self.call_refused("convert", error, arguments, span),
        }
    }

    /// `templatefile` and `templatestring`.
    fn call_template(
        &self,
        name: &str,
        arguments: &[Expr],
        values: Values,
        mark: usize,
        span: Span,
        scope: &Scope<'w>,
    ) -> Value {
        let [source, variables] = match <[Value; 2]>::try_from(values.into_vec()) {
            Ok(it) => it,
            Err(values) => {
                let error = match values.len() {
                    0 => {
                        CallError::TooFew(if name == "templatefile" { "path" } else { "template" })
                    }
                    1 => CallError::TooFew("vars"),
                    _ => CallError::TooMany(2),
                };
                return self.call_refused(name, error, arguments, span);
            }
        };
        if self.is_refused_since(mark) {
            return self.unknown(Type::Dynamic, Why::Refused("an argument is refused".into()));
        }
        let refuse = |at: usize, why: String| {
            let parameter = match (at, name) {
                (0, "templatefile") => "path",
                (0, _) => "template",
                _ => "vars",
            };
            self.call_refused(name, CallError::Argument(at, parameter, why), arguments, span)
        };
        if scope.find(INSIDE).is_some() {
            let why =
                format!("cannot recursively call {name} from inside another template function");
            return self.call_refused(name, CallError::Call(why), arguments, span);
        }
        // A template in a file may be one value, and then comes to a value of any type.
        let made = if name == "templatestring" { Type::String } else { Type::Dynamic };
        if name == "templatestring" && !source.is_known() && source.ty() != Type::String {
            // What it will be is asked when it is known.
            return self.because(made, &source).mark(source.marks());
        }
        let source = match convert(&source, &Type::String) {
            Ok(it) if it.is_null() => return refuse(0, "argument must not be null".to_owned()),
            Ok(it) => it,
            Err(problem) => return refuse(0, problem.message),
        };
        if variables.is_null() {
            return refuse(1, "argument must not be null".to_owned());
        }
        if name == "templatestring" && !is_reference(&arguments[0]) {
            let why = "invalid template expression: must be a direct reference to a single string \
                       from elsewhere, containing valid Terraform template syntax";
            return refuse(0, why.to_owned());
        }
        let all = source.marks() | variables.clone().unmark_deep().1;
        let Some(text) = source.as_str() else {
            return self.because(made, &source).mark(all);
        };
        if !variables.is_known() {
            let ty = if variables.ty() == Type::Dynamic { Type::Dynamic } else { made };
            return self.because(ty, &variables).mark(all);
        }
        if !matches!(variables.kind(), Kind::Map(..) | Kind::Object(_)) {
            return refuse(1, "invalid vars value: must be a map".to_owned());
        }
        let template = match name {
            "templatefile" => match functions::read_text(&self.context(), text) {
                Ok(content) => self.parsed_template(text, &content),
                Err(functions::Refused::NotLookedAt(why)) => {
                    return self.unknown(Type::Dynamic, Why::NotEvaluated(why.into())).mark(all);
                }
                Err(functions::Refused::Argument(_, why)) => return refuse(0, why),
                Err(functions::Refused::Call(why)) => {
                    return self.call_refused(name, CallError::Call(why), arguments, span);
                }
            },
            _ => self.parsed_template("<templatestring argument>", text),
        };
        let template = match template {
            Ok(it) => it,
            Err(why) if name == "templatestring" => {
                return refuse(0, format!("invalid template: {why}"));
            }
            Err(why) => return self.call_refused(name, CallError::Call(why), arguments, span),
        };
        let (variables, _) = variables.unmark_deep();
        let mut inner = Scope::empty().with(&INSIDE.into(), Value::from(true));
        for (key, value) in super::sequence::pairs(&variables) {
            let Some(key) = key.as_str() else { continue };
            if !syntax::is_identifier(key) {
                let why = format!(
                    "invalid template variable name {key:?}: must start with a letter, followed by zero or more letters, digits, and underscores"
                );
                return refuse(1, why);
            }
            inner = inner.with(&key.into(), value);
        }
        let mut missing = Vec::new();
        syntax::free_names(&template, &mut |name, _| {
            if inner.find(name).is_none() {
                missing.push(name.clone());
            }
        });
        if let Some(missing) = missing.first() {
            return refuse(1, format!("vars map does not contain key {missing:?}"));
        }
        let mark = self.mark_refusals();
        let value = self.eval(&template, &inner);
        let refusals = self.take_refusals(mark);
        let fail = |why: String| self.call_refused(name, CallError::Call(why), arguments, span);
        match refusals.first() {
            None if value.is_null() => fail("the result of the template is null".to_owned()),
            None if name == "templatestring" => match convert(&value, &Type::String) {
                Ok(it) => it.mark(all),
                Err(it) => fail(format!("invalid template result: {}", it.message)),
            },
            None => value.mark(all),
            Some(Refusal { summary, detail, .. }) => fail(format!("{summary}; {detail}")).mark(all),
        }
    }

    /// A template's text, read once.
    fn parsed_template(&self, name: &str, text: &str) -> Result<std::rc::Rc<Expr>, String> {
        if let Some(known) = self.templates.borrow().get(text) {
            return Ok(known.clone());
        }
        let file = self.add_text(name, text);
        let template = syntax::template(file, text).map_err(|fault| {
            let place = self.place(fault.span).map(|it| it.to_string()).unwrap_or_default();
            format!("{place}: {}", fault.message)
        })?;
        let template = std::rc::Rc::new(template);
        self.templates.borrow_mut().insert(text.into(), template.clone());
        Ok(template)
    }
}

/// Stands in the scope of a template, which may not make another one.
const INSIDE: &str = "*template";

/// Whether an argument is a reference, as `templatestring` wants it.
fn is_reference(expr: &Expr) -> bool {
    match &expr.kind {
        syntax::ExprKind::Variable(_) => true,
        syntax::ExprKind::Attribute(of, _) | syntax::ExprKind::Index(of, _) => is_reference(of),
        _ => false,
    }
}
