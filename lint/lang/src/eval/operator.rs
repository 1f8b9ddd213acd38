//! Operators.

use stanchion_cty::{Type, Value, convert};

use super::{Evaluation, Scope};
use crate::Span;
use crate::functions::{self, Function};
use crate::refusal::Refusal;
use crate::syntax::{Binary, Expr, Unary};
use crate::why::Why;

const OPERAND: &str = "Invalid operand";

impl<'w> Evaluation<'w> {
    pub(super) fn unary(&self, operator: Unary, of: &Expr, scope: &Scope<'w>) -> Value {
        let function = functions::of_unary(operator);
        let mark = self.mark_refusals();
        let value = self.eval(of, scope);
        let ty = function.parameters[0].ty.ty();
        let converted = match convert(&value, &ty) {
            Ok(it) => it,
            Err(problem) => {
                let detail =
                    format!("Unsuitable value for unary operand: {}.", problem.message);
                self.refused(of.span, OPERAND, detail);
                return Value::unknown(ty);
            }
        };
        if self.is_refused_since(mark) {
            return self.because(ty, &value);
        }
        self.operate(function, vec![converted], of.span)
    }

    pub(super) fn binary(
        &self,
        operator: Binary,
        of: &[Expr; 2],
        span: Span,
        scope: &Scope<'w>,
    ) -> Value {
        let function = functions::of_binary(operator);
        let result = match operator {
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Modulo => {
                Type::Number
            }
            _ => Type::Bool,
        };
        let mark = self.mark_refusals();
        let (left, left_refusals) = self.operand(&of[0], &function, 0, scope);
        let (right, right_refusals) = self.operand(&of[1], &function, 1, scope);
        if let Some(decisive) = functions::decisive(operator) {
            let decides = |it: &Value| it.as_bool() == Some(decisive);
            for (it, refusals) in [(&left, &left_refusals), (&right, &right_refusals)] {
                if refusals.is_empty() && decides(it) {
                    // The other side does not matter, unless it is refused before evaluation.
                    let all = left_refusals.iter().chain(&right_refusals);
                    let kept: Vec<Refusal> = all.filter(|it| it.is_static).cloned().collect();
                    self.refusals.borrow_mut().extend(kept);
                    let marks = left.marks() | right.marks();
                    return Value::from(decisive).mark(marks);
                }
            }
        }
        self.refusals.borrow_mut().extend(left_refusals.into_iter().chain(right_refusals));
        if self.is_refused_since(mark) {
            return Value::unknown(result);
        }
        self.operate(function, vec![left, right], span)
    }

    /// An operand, converted to what the operator takes, and what was refused on the way.
    fn operand(
        &self,
        expr: &Expr,
        function: &Function,
        at: usize,
        scope: &Scope<'w>,
    ) -> (Value, Vec<Refusal>) {
        let mark = self.mark_refusals();
        let value = self.eval(expr, scope);
        let ty = function.parameters[at].ty.ty();
        let value = match ty {
            Type::Dynamic => value,
            _ => match convert(&value, &ty) {
                Ok(it) => it,
                Err(problem) => {
                    let side = if at == 0 { "left" } else { "right" };
                    let detail =
                        format!("Unsuitable value for {side} operand: {}.", problem.message);
                    self.refused(expr.span, OPERAND, detail);
                    value
                }
            },
        };
        (value, self.take_refusals(mark))
    }

    fn operate(&self, function: &'static Function, operands: Vec<Value>, span: Span) -> Value {
        let cx = functions::Context { files: self.files };
        let kept = operands.clone();
        match functions::call(&cx, function, operands) {
            Ok(value) => self
                .provenance
                .stands_for(value, || Why::Operation(function.name, kept.into())),
            Err(error) => {
                let detail = format!("Error during operation: {}.", error.clause());
                self.refused(span, "Operation failed", detail)
            }
        }
    }
}
