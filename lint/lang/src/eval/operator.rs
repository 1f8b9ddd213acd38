//! Operators.

use std::cmp::Ordering;

use stanchion_cty::{Kind, Number, Type, Value};

use super::expr::truth;
use super::{Evaluation, Scope};
use crate::Why;
use crate::syntax::{Binary, Expr, Unary};
use crate::why::marks;

impl<'w> Evaluation<'w> {
    pub(super) fn unary(&self, operator: Unary, of: Value) -> Value {
        if !of.is_known() {
            return self.depends_on("the operand", of);
        }
        match operator {
            Unary::Not => match truth(&of) {
                Some(it) => Value::from(!it).mark(of.marks()),
                None => self.refused("! needs true or false"),
            },
            Unary::Negative => {
                let negative = of.as_number().map(|it| format!("-{it}").replace("--", ""));
                match negative.and_then(|it| it.parse::<Number>().ok()) {
                    Some(it) => Value::number(it).mark(of.marks()),
                    None => self.refused("- needs a number"),
                }
            }
        }
    }

    pub(super) fn binary(
        &self,
        operator: Binary,
        left: &'w Expr,
        right: &'w Expr,
        scope: &Scope,
    ) -> Value {
        let (left, right) = (self.eval(left, scope), self.eval(right, scope));
        let all = marks([&left, &right]);
        let known = match operator {
            Binary::And => logical(&left, &right, false),
            Binary::Or => logical(&left, &right, true),
            Binary::Equal => equal(&left, &right),
            Binary::NotEqual => equal(&left, &right).map(|it| !it),
            Binary::Less => order(&left, &right).map(Ordering::is_lt),
            Binary::LessOrEqual => order(&left, &right).map(Ordering::is_le),
            Binary::Greater => order(&left, &right).map(Ordering::is_gt),
            Binary::GreaterOrEqual => order(&left, &right).map(Ordering::is_ge),
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Modulo => {
                None
            }
        };
        if let Some(it) = known {
            return Value::from(it).mark(all);
        }
        let ty = match operator {
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Modulo => {
                Type::Number
            }
            _ => Type::Bool,
        };
        let why = [left, right].into_iter().find_map(|it| self.why(&it));
        let why = why.unwrap_or_else(|| Why::NotEvaluated("such an operation".into()));
        self.unknown(ty, why).mark(all)
    }
}

/// `&&` and `||`: one side that decides is enough, as in Terraform since 1.12.
fn logical(left: &Value, right: &Value, decisive: bool) -> Option<bool> {
    match (truth(left), truth(right)) {
        (Some(it), _) | (_, Some(it)) if it == decisive => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    }
}

/// Whether two primitive values are equal; values of different types are not. Collections are not
/// compared: whether they are of one type depends on conversions.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    let primitive =
        |it: &Value| matches!(it.kind(), Kind::Bool(_) | Kind::Number(_) | Kind::String(_));
    match (left.is_null(), right.is_null()) {
        (true, true) => return Some(true),
        (true, false) => return right.is_known().then_some(false),
        (false, true) => return left.is_known().then_some(false),
        (false, false) => {}
    }
    (primitive(left) && primitive(right)).then(|| left.kind() == right.kind())
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    left.as_number()?.partial_cmp(right.as_number()?)
}
