//! Expressions to values.

use std::sync::Arc;

use stanchion_cty::{Kind, Type, Value};

use super::{Evaluation, Scope, expand, function};
use crate::Why;
use crate::syntax::{Expr, ExprKind, For};
use crate::why::marks;

/// The name under which a splat's element is found; no program can write it.
const ELEMENT: &str = "*";

impl<'w> Evaluation<'w> {
    /// The value of an expression. What can't be evaluated, or would be refused, is unknown.
    pub(super) fn eval(&self, expr: &'w Expr, scope: &Scope) -> Value {
        if self.depth.get() >= super::DEEPEST {
            let why = Why::NotEvaluated("what is nested so deeply".into());
            return self.unknown(Type::Dynamic, why);
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.eval_kind(expr, scope);
        self.depth.set(self.depth.get() - 1);
        self.provenance.written(value, expr.span)
    }

    fn eval_kind(&self, expr: &'w Expr, scope: &Scope) -> Value {
        match &expr.kind {
            ExprKind::Null => Value::null(Type::Dynamic),
            ExprKind::Bool(it) => Value::from(*it),
            ExprKind::Number(Some(it)) => Value::number(it.clone()),
            ExprKind::Number(None) => {
                self.unknown(Type::Number, Why::NotEvaluated("so large a number".into()))
            }
            ExprKind::String(it) => Value::string(it.clone()),
            ExprKind::Template(parts) => self.template(parts, scope),
            ExprKind::Tuple(it) => Value::tuple(it.iter().map(|it| self.eval(it, scope))),
            ExprKind::Object(it) => self.object(it, scope),
            ExprKind::Element => self.name(scope, ELEMENT),
            ExprKind::Variable(_) | ExprKind::Attribute(..) | ExprKind::Index(..) => {
                self.reference(expr, scope)
            }
            ExprKind::Splat { of, each } => self.splat(of, each, scope),
            ExprKind::Call { name, arguments, spread } => {
                self.call_function(name, arguments, *spread, scope)
            }
            ExprKind::Conditional(of) => {
                let [condition, yes, no] = &**of;
                self.conditional(condition, yes, no, scope)
            }
            ExprKind::Unary(operator, of) => self.unary(*operator, self.eval(of, scope)),
            ExprKind::Binary(operator, of) => {
                let [left, right] = &**of;
                self.binary(*operator, left, right, scope)
            }
            ExprKind::For(it) => self.for_expr(it, scope),
        }
    }

    fn object(&self, entries: &'w [(Expr, Expr)], scope: &Scope) -> Value {
        let mut out = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = self.eval(key, scope);
            let Some(name) = self.text(&key) else { return self.depends_on("a key", key) };
            out.push((name, self.eval(value, scope)));
        }
        Value::object(out)
    }

    fn conditional(
        &self,
        condition: &'w Expr,
        yes: &'w Expr,
        no: &'w Expr,
        scope: &Scope,
    ) -> Value {
        let condition = self.eval(condition, scope);
        match (truth(&condition), condition.is_known()) {
            (Some(true), _) => self.eval(yes, scope).mark(condition.marks()),
            (Some(false), _) => self.eval(no, scope).mark(condition.marks()),
            (None, true) => self.refused("the condition is neither true nor false"),
            (None, false) => {
                let (yes, no) = (self.eval(yes, scope), self.eval(no, scope));
                let ty = if yes.ty() == no.ty() { yes.ty() } else { Type::Dynamic };
                let all = marks([&condition, &yes, &no]);
                self.unknown(ty, Why::Choice(Arc::new([condition, yes, no]))).mark(all)
            }
        }
    }

    fn splat(&self, of: &'w Expr, each: &'w Expr, scope: &Scope) -> Value {
        let of = self.eval(of, scope);
        let elements: Vec<Value> = match of.kind() {
            Kind::Unknown(_) => return self.depends_on("the list", of),
            Kind::Null(_) => Vec::new(),
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => it.to_vec(),
            _ => vec![of.clone()],
        };
        let name = ELEMENT.into();
        let each = elements.into_iter().map(|it| self.eval(each, &scope.with(&name, it)));
        Value::tuple(each).mark(of.marks())
    }

    fn for_expr(&self, it: &'w For, scope: &Scope) -> Value {
        let over = self.eval(&it.over, scope);
        let Some(elements) = expand::elements(&over) else {
            return match over.kind() {
                Kind::Unknown(_) => self.depends_on("what for goes through", over),
                _ => self.refused("for can only go through a list, set, map, tuple or object"),
            };
        };
        let mut row = Vec::new();
        let mut named: Vec<(Arc<str>, Value)> = Vec::new();
        for (key, value) in elements {
            let mut inner = scope.clone();
            if let Some(name) = &it.key_name {
                inner = inner.with(name, key);
            }
            let inner = inner.with(&it.value_name, value);
            if let Some(filter) = &it.filter {
                let filter = self.eval(filter, &inner);
                match truth(&filter) {
                    Some(true) => {}
                    Some(false) => continue,
                    None => return self.depends_on("the condition of for", filter),
                }
            }
            let Some(key) = &it.key else {
                row.push(self.eval(&it.value, &inner));
                continue;
            };
            let key = self.eval(key, &inner);
            let Some(name) = self.text(&key) else { return self.depends_on("a key", key) };
            let value = self.eval(&it.value, &inner);
            match named.iter_mut().find(|(it, _)| *it == name) {
                Some((_, old)) if it.group => {
                    *old = Value::tuple(old.parts().cloned().chain([value]));
                }
                _ if it.group => named.push((name, Value::tuple([value]))),
                _ => named.push((name, value)),
            }
        }
        if it.key.is_some() { Value::object(named) } else { Value::tuple(row) }.mark(over.marks())
    }

    fn call_function(
        &self,
        name: &Arc<str>,
        arguments: &'w [Expr],
        spread: bool,
        scope: &Scope,
    ) -> Value {
        let Some(function) = function::find(name) else {
            let why = Why::NotEvaluated(format!("the function {name}").into());
            return self.unknown(Type::Dynamic, why);
        };
        let mut arguments: Vec<Value> = arguments.iter().map(|it| self.eval(it, scope)).collect();
        if spread && let Some(last) = arguments.pop() {
            if !last.is_known() {
                return self.depends_on("the list of arguments", last);
            }
            arguments.extend(last.parts().cloned());
        }
        function(self, name, arguments)
    }

    /// Unknown, since something that it is made from is. The reason is passed on.
    pub(super) fn depends_on(&self, what: &str, on: Value) -> Value {
        let marks = on.marks();
        match self.why(&on) {
            Some(why) => self.unknown(Type::Dynamic, why),
            None => self.refused(format!("{what} is not of the right type")),
        }
        .mark(marks)
    }
}

/// A known bool, or a string that stands for one.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value.kind() {
        Kind::Bool(it) => Some(*it),
        Kind::String(it) if &**it == "true" => Some(true),
        Kind::String(it) if &**it == "false" => Some(false),
        _ => None,
    }
}
