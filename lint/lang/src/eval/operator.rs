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
                let detail = format!("Unsuitable value for unary operand: {}.", problem.message);
                self.refused(of.span, OPERAND, detail);
                return Value::unknown(ty);
            }
        };
        if self.is_refused_since(mark) {
            return self.because(ty, &value);
        }
        self.operate(function, &[converted], of.span)
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
        let left = self.operand(&of[0], function, 0, scope);
        let right = self.operand(&of[1], function, 1, scope);
        if let Some(decisive) = functions::decisive(operator)
            && !left.is_unsuitable
            && !right.is_unsuitable
            && let Some(value) = self.short_cut(decisive, &left, &right)
        {
            return value;
        }
        self.refusals.borrow_mut().extend(left.refusals.into_iter().chain(right.refusals));
        if self.is_refused_since(mark) {
            return Value::unknown(result);
        }
        self.operate(function, &[left.value, right.value], span)
    }

    /// The value of `&&` or `||` where one side decides it, or is null and so doesn't: as soon as
    /// one side decides, the other may be refused.
    fn short_cut(&self, decisive: bool, left: &Operand, right: &Operand) -> Option<Value> {
        let marks = left.value.marks() | right.value.marks();
        let all = || left.refusals.iter().chain(&right.refusals);
        for it in [left, right] {
            // Terraform takes null for false here.
            let says = if it.value.is_null() { Some(false) } else { it.value.as_bool() };
            if it.refusals.is_empty() && says == Some(decisive) {
                // What is refused before evaluation is refused nevertheless.
                let kept: Vec<Refusal> = all().filter(|it| it.is_static).cloned().collect();
                self.refusals.borrow_mut().extend(kept);
                return Some(Value::from(decisive).mark(marks));
            }
        }
        let is_open = !left.value.is_known() || !right.value.is_known();
        let has_null = left.value.is_null() || right.value.is_null();
        if is_open && has_null && all().next().is_none() {
            let operands = [left.value.clone(), right.value.clone()];
            let sign = if decisive { "||" } else { "&&" };
            return Some(
                self.not_null(Type::Bool, Why::Operation(sign, operands.into())).mark(marks),
            );
        }
        None
    }

    /// An operand, converted to what the operator takes, and what was refused on the way.
    fn operand(&self, expr: &Expr, function: &Function, at: usize, scope: &Scope<'w>) -> Operand {
        let mark = self.mark_refusals();
        let value = self.eval(expr, scope);
        let ty = function.parameters[at].ty.ty();
        let mut is_unsuitable = false;
        let value = match ty {
            Type::Dynamic => value,
            _ => match convert(&value, &ty) {
                Ok(it) => it,
                Err(problem) => {
                    let side = if at == 0 { "left" } else { "right" };
                    let detail =
                        format!("Unsuitable value for {side} operand: {}.", problem.message);
                    self.refused(expr.span, OPERAND, detail);
                    is_unsuitable = true;
                    value
                }
            },
        };
        Operand { value, refusals: self.take_refusals(mark), is_unsuitable }
    }

    fn operate(&self, function: &'static Function, operands: &[Value], span: Span) -> Value {
        let cx = self.context();
        match functions::call(&cx, function, operands) {
            Ok(value) => {
                self.provenance.stands_for(value, || Why::Operation(function.name, operands.into()))
            }
            Err(error) => {
                let detail = format!("Error during operation: {}.", error.clause());
                self.refused(span, "Operation failed", detail)
            }
        }
    }
}

/// An operand, converted to what the operator takes.
struct Operand {
    value: Value,
    /// What was refused on the way.
    refusals: Vec<Refusal>,
    /// Whether there is no such conversion.
    is_unsuitable: bool,
}
