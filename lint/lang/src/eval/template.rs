//! Strings with interpolations and directives.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value};

use super::expr::truth;
use super::{Evaluation, Scope, expand};
use crate::Why;
use crate::syntax::Part;
use crate::why::marks;

/// A longer string is not put together: a few lines of templates can make one of any length.
const LONGEST: usize = 4 << 20;

impl<'w> Evaluation<'w> {
    /// A template's value. One that is nothing but `${…}` is that value itself.
    pub(super) fn template(&self, parts: &'w [Part], scope: &Scope) -> Value {
        if let [Part::Interpolation(it)] = parts {
            return self.eval(it, scope);
        }
        let mut pieces = Vec::new();
        if let Err(unknown) = self.pieces(parts, scope, &mut pieces) {
            return unknown;
        }
        self.join(pieces)
    }

    /// The known text of a value as a template shows it; `None` for unknown, null, collections.
    pub(super) fn text(&self, value: &Value) -> Option<Arc<str>> {
        match value.kind() {
            Kind::String(it) => Some(it.clone()),
            Kind::Number(it) => Some(it.to_string().into()),
            Kind::Bool(it) => Some(it.to_string().into()),
            Kind::Null(_)
            | Kind::Unknown(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Map(..)
            | Kind::Tuple(_)
            | Kind::Object(_) => None,
        }
    }

    /// Strings one behind the other; unknown if one is, but then its parts can be asked for.
    fn join(&self, pieces: Vec<Value>) -> Value {
        let all = marks(&pieces);
        let length: usize = pieces.iter().filter_map(Value::as_str).map(str::len).sum();
        if length > LONGEST {
            let why = Why::NotEvaluated("so long a string".into());
            return self.unknown(Type::String, why).mark(all);
        }
        if pieces.iter().any(|it| !it.is_known()) {
            return self.unknown(Type::String, Why::Join(pieces.into())).mark(all);
        }
        let text: String = pieces.iter().filter_map(Value::as_str).collect();
        Value::string(text).mark(all)
    }

    fn pieces(&self, parts: &'w [Part], scope: &Scope, out: &mut Vec<Value>) -> Result<(), Value> {
        for part in parts {
            match part {
                Part::Literal(it) => out.push(Value::string(it.clone())),
                Part::Interpolation(it) => {
                    let value = self.eval(it, scope);
                    match self.text(&value) {
                        Some(text) => out.push(
                            Value::string(text).mark(value.marks()).with_origin(value.origin()),
                        ),
                        None if value.is_known() => {
                            return Err(self.refused("a template can't show such a value"));
                        }
                        None => out.push(value),
                    }
                }
                Part::If { condition, yes, no } => {
                    let condition = self.eval(condition, scope);
                    match truth(&condition) {
                        Some(it) => self.pieces(if it { yes } else { no }, scope, out)?,
                        None if condition.is_known() => {
                            return Err(self.refused("the condition is neither true nor false"));
                        }
                        None => {
                            let (yes, no) = (self.template(yes, scope), self.template(no, scope));
                            let all = marks([&condition, &yes, &no]);
                            let why = Why::Choice(Arc::new([condition, yes, no]));
                            out.push(self.unknown(Type::String, why).mark(all));
                        }
                    }
                }
                Part::For { key_name, value_name, over, body } => {
                    let over = self.eval(over, scope);
                    let Some(elements) = expand::elements(&over) else {
                        out.push(self.depends_on("what for goes through", over));
                        continue;
                    };
                    for (key, value) in elements {
                        let mut inner = scope.clone();
                        if let Some(name) = key_name {
                            inner = inner.with(name, key);
                        }
                        self.pieces(body, &inner.with(value_name, value), out)?;
                        if out.len() > super::MOST_PARTS {
                            let why = Why::NotEvaluated("so long a template".into());
                            return Err(self.unknown(Type::String, why));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
