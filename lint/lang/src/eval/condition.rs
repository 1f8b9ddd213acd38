//! Conditionals: both branches are evaluated, and one type is found for both.

use std::sync::Arc;

use stanchion_cty::{Bound, Kind, Refinement, Type, Unified, Unknown, Value, convert, unify};

use super::{Evaluation, Scope};
use crate::syntax::Expr;
use crate::why::{Why, marks};
use crate::{Span, functions};

const INCONSISTENT: &str = "Inconsistent conditional result types";

/// A branch, evaluated.
struct Branch {
    value: Value,
    refusals: Vec<crate::refusal::Refusal>,
}

impl<'w> Evaluation<'w> {
    pub(super) fn conditional(&self, of: &[Expr; 3], span: Span, scope: &Scope<'w>) -> Value {
        let [condition, yes, no] = of;
        let (yes_span, no_span) = (yes.span, no.span);
        let (yes, no) = (self.branch(yes, scope), self.branch(no, scope));
        let Some(common) = Common::of(&yes.value, &no.value) else {
            self.keep_static([yes, no]);
            return self.refused(
                span,
                INCONSISTENT,
                "The true and false result expressions must have consistent types.",
            );
        };
        let condition_span = condition.span;
        let condition = self.eval(condition, scope);
        if condition.is_null() {
            self.keep_static([yes, no]);
            let detail = "The condition value is null. Conditions must either be true or false.";
            return self.refused(condition_span, "Null condition", detail);
        }
        if !condition.is_known() {
            let out = self.either(&common, condition, &yes.value, &no.value);
            self.keep_static([yes, no]);
            return out;
        }
        let is_true = match convert(&condition, &Type::Bool).map(Value::into_kind) {
            Ok(Kind::Bool(it)) => it,
            _ => {
                self.keep_static([yes, no]);
                let detail = "The condition expression must be of type bool.";
                return self.refused(condition_span, "Incorrect condition type", detail);
            }
        };
        let (taken, left, span) = if is_true { (yes, no, yes_span) } else { (no, yes, no_span) };
        self.keep_static([left]);
        self.refusals.borrow_mut().extend(taken.refusals);
        match common.apply(&taken.value) {
            Ok(it) => it.mark(condition.marks()),
            Err(why) => {
                let which = if is_true { "true" } else { "false" };
                let detail = format!("The {which} result value has the wrong type: {why}.");
                self.refused(span, INCONSISTENT, detail)
            }
        }
    }

    fn branch(&self, expr: &Expr, scope: &Scope<'w>) -> Branch {
        let mark = self.mark_refusals();
        let value = self.eval(expr, scope);
        Branch { value, refusals: self.take_refusals(mark) }
    }

    /// What is refused in a branch that is not taken does not matter, unless it is refused before
    /// anything is evaluated.
    fn keep_static<const N: usize>(&self, branches: [Branch; N]) {
        let refusals = branches.into_iter().flat_map(|it| it.refusals);
        self.refusals.borrow_mut().extend(refusals.filter(|it| it.is_static));
    }

    /// The value of a conditional whose condition is unknown.
    fn either(&self, common: &Common, condition: Value, yes: &Value, no: &Value) -> Value {
        let all = marks([&condition, yes, no]);
        let ty = common.ty().clone();
        if yes.is_null() && no.is_null() {
            return Value::null(ty).mark(all);
        }
        let refinement = both(&ty, yes, no);
        let unknown = Unknown { refinement, ..Unknown::new(ty) };
        let value = functions::settled(unknown);
        let why = || Why::Choice(Arc::new([condition, yes.clone(), no.clone()]));
        self.provenance.stands_for(value, why).mark(all)
    }
}

/// The type of both branches.
enum Common {
    /// The type of one branch is not known, so each value stays as it is.
    Any,
    /// One branch is a bare `null`, which takes the other's type.
    Null(Type),
    Unified(Unified),
}

impl Common {
    fn of(yes: &Value, no: &Value) -> Option<Self> {
        let is_bare =
            |it: &Value| matches!(it.kind(), Kind::Null(Type::Dynamic)) && it.marks().is_empty();
        if is_bare(yes) {
            Some(Self::Null(no.ty()))
        } else if is_bare(no) {
            Some(Self::Null(yes.ty()))
        } else {
            let (yes, no) = (yes.ty(), no.ty());
            if yes == Type::Dynamic || no == Type::Dynamic {
                return Some(Self::Any);
            }
            unify(&[yes, no]).map(Self::Unified)
        }
    }

    fn ty(&self) -> &Type {
        match self {
            Self::Any => &Type::Dynamic,
            Self::Null(it) => it,
            Self::Unified(it) => it.ty(),
        }
    }

    fn apply(&self, value: &Value) -> Result<Value, String> {
        match self {
            Self::Any => Ok(value.clone()),
            Self::Null(ty) => convert(value, ty).map_err(|it| it.message),
            Self::Unified(it) => it.apply(value).map_err(|it| it.message),
        }
    }
}

/// What holds for both of two values.
fn both(ty: &Type, yes: &Value, no: &Value) -> Refinement {
    let mut out = Refinement::default();
    if *ty == Type::Dynamic {
        return out;
    }
    out.not_null = is_never_null(yes) && is_never_null(no);
    if yes.ty() == Type::Number && no.ty() == Type::Number {
        let ((a, b), (c, d)) = (range(yes), range(no));
        out.min = a.zip(c).map(|(a, c)| outer(a, c, false));
        out.max = b.zip(d).map(|(b, d)| outer(b, d, true));
    }
    if ty.is_collection()
        && yes.ty() == no.ty()
        && let (Some((a, b)), Some((c, d))) = (lengths(yes), lengths(no))
    {
        out.min_length = Some(a.min(c)).filter(|it| *it > 0);
        out.max_length = b.zip(d).map(|(b, d)| b.max(d));
    }
    out
}

/// Whether a value can't turn out to be null.
pub(super) fn is_never_null(value: &Value) -> bool {
    match value.kind() {
        Kind::Unknown(it) => it.refinement.not_null,
        Kind::Null(_) => false,
        _ => true,
    }
}

fn range(value: &Value) -> (Option<Bound>, Option<Bound>) {
    match value.kind() {
        Kind::Number(it) => {
            let bound = || Some(Bound { number: it.clone(), inclusive: true });
            (bound(), bound())
        }
        Kind::Unknown(it) => (it.refinement.min.clone(), it.refinement.max.clone()),
        _ => (None, None),
    }
}

/// The bound that is farther out.
fn outer(a: Bound, b: Bound, is_max: bool) -> Bound {
    match a.number.partial_cmp(&b.number) {
        Some(std::cmp::Ordering::Equal) => {
            Bound { inclusive: a.inclusive || b.inclusive, number: a.number }
        }
        Some(std::cmp::Ordering::Less) if is_max => b,
        Some(std::cmp::Ordering::Greater) if !is_max => b,
        _ => a,
    }
}

/// How many elements a collection has at least, and at most if there is a limit.
fn lengths(value: &Value) -> Option<(u64, Option<u64>)> {
    match value.kind() {
        Kind::List(..) | Kind::Set(..) | Kind::Map(..) => {
            let length = value.parts().count() as u64;
            Some((length, Some(length)))
        }
        Kind::Unknown(it) => {
            Some((it.refinement.min_length.unwrap_or(0), it.refinement.max_length))
        }
        _ => None,
    }
}
