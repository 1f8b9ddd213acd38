//! Expressions to values.

use stanchion_cty::{Kind, Type, Value};

use super::{DEEPEST, Evaluation, MOST_STEPS, Scope};
use crate::Span;
use crate::refusal::Refusal;
use crate::syntax::{Expr, ExprKind};
use crate::why::Why;

impl<'w> Evaluation<'w> {
    /// The value of an expression. What is refused is noted, and unknown.
    pub(super) fn eval(&self, expr: &Expr, scope: &Scope<'w>) -> Value {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MOST_STEPS {
            return self.too_much(expr.span, "The configuration needs too much work to evaluate.");
        }
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return self.too_much(expr.span, "Expressions are nested too deeply here.");
        }
        self.depth.set(depth + 1);
        let value = self.eval_kind(expr, scope);
        self.depth.set(depth);
        self.provenance.written(value, expr.span)
    }

    /// Refuses work that has no end in sight.
    fn too_much(&self, span: Span, detail: &str) -> Value {
        let refusal = Refusal::new(span, "Evaluation limit", detail).before_evaluation();
        // One is enough; what comes behind it is only unwinding.
        let is_said = self.refusals.borrow().iter().any(|it| it.summary == refusal.summary);
        if is_said {
            self.unknown(Type::Dynamic, Why::Refused(detail.into()))
        } else {
            self.refuse(refusal)
        }
    }

    /// Counts work that is more than one expression. `false` if there is none left to do.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let steps = self.steps.get().saturating_add(steps as u64);
        self.steps.set(steps);
        steps <= MOST_STEPS
    }

    fn eval_kind(&self, expr: &Expr, scope: &Scope<'w>) -> Value {
        match &expr.kind {
            ExprKind::Null => Value::null(Type::Dynamic),
            ExprKind::Bool(it) => Value::from(*it),
            ExprKind::Number(Some(it)) => Value::number(it.clone()),
            ExprKind::Number(None) => {
                self.refused(expr.span, "Invalid number literal", "The number is too large.")
            }
            ExprKind::String(it) => Value::string(it.clone()),
            ExprKind::Template(parts) => self.template(parts, expr.span, scope),
            ExprKind::DottedKey(_) => self.refused(
                expr.span,
                "Ambiguous attribute key",
                "This is either a reference, which is written in parentheses, or a name with a point in it, which is written in quotes.",
            ),
            ExprKind::Tuple(it) => Value::tuple(it.iter().map(|it| self.eval(it, scope))),
            ExprKind::Object(it) => self.object(it, scope),
            ExprKind::Element => self.element(scope),
            ExprKind::Variable(_) | ExprKind::Attribute(..) | ExprKind::Index(..) => {
                self.reference(expr, scope)
            }
            ExprKind::Splat { of, each } => self.splat(of, each, expr.span, scope),
            ExprKind::Call(it) => {
                self.call(&it.name, &it.arguments, it.spread, expr.span, scope)
            }
            ExprKind::Conditional(of) => self.conditional(of, expr.span, scope),
            ExprKind::Unary(operator, of) => self.unary(*operator, of, scope),
            ExprKind::Binary(operator, of) => self.binary(*operator, of, expr.span, scope),
            ExprKind::For(it) => self.for_expr(it, scope),
        }
    }

    fn object(&self, entries: &[(Expr, Expr)], scope: &Scope<'w>) -> Value {
        let mut out = Vec::with_capacity(entries.len());
        let mut marks = stanchion_cty::Marks::NONE;
        let mut unknown = None;
        for (key, value) in entries {
            let mark = self.mark_refusals();
            let name = self.eval(key, scope);
            let is_refused = self.is_refused_since(mark);
            let value = self.eval(value, scope);
            if is_refused {
                unknown.get_or_insert(name);
                continue;
            }
            if name.is_null() {
                unknown.get_or_insert(self.refused(
                    key.span,
                    "Null value as key",
                    "Can't use a null value as a key.",
                ));
                continue;
            }
            marks = marks | name.marks();
            match stanchion_cty::convert(&name, &Type::String) {
                Err(problem) => {
                    let detail = format!("Can't use this value as a key: {}.", problem.message);
                    unknown.get_or_insert(self.refused(key.span, "Incorrect key type", detail));
                }
                Ok(text) => match text.kind() {
                    Kind::String(text) => out.push((text.clone(), value)),
                    _ => drop(unknown.get_or_insert(name)),
                },
            }
        }
        match unknown {
            Some(on) => self.because(Type::Dynamic, &on),
            None => Value::object(out),
        }
        .mark(marks)
    }

    /// Unknown, since something that it is made from is: it stands for the same.
    pub(super) fn because(&self, ty: Type, on: &Value) -> Value {
        let on = std::iter::once(on).chain(on.parts()).find_map(|it| self.why(it));
        match on {
            Some(why) => self.unknown(ty, why),
            None => Value::unknown(ty),
        }
    }
}
