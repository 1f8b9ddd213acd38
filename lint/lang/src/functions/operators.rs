//! Operators, which are functions too: what they take and give.

use std::cmp::Ordering;

use stanchion_cty::{Kind, Number, Type, Value};

use super::equal::equal;
use super::{Function, Parameter, Refused, Returns, Ty};
use crate::syntax::{Binary, Unary};

/// What an operator before its operand does.
pub(crate) fn of_unary(operator: Unary) -> &'static Function {
    match operator {
        Unary::Negative => &NEGATE,
        Unary::Not => &NOT,
    }
}

/// What an operator between two operands does.
pub(crate) fn of_binary(operator: Binary) -> &'static Function {
    match operator {
        Binary::Equal => &EQUAL,
        Binary::NotEqual => &NOT_EQUAL,
        Binary::Less => &LESS,
        Binary::LessOrEqual => &LESS_OR_EQUAL,
        Binary::Greater => &GREATER,
        Binary::GreaterOrEqual => &GREATER_OR_EQUAL,
        Binary::Add => &ADD,
        Binary::Subtract => &SUBTRACT,
        Binary::Multiply => &MULTIPLY,
        Binary::Divide => &DIVIDE,
        Binary::Modulo => &MODULO,
        Binary::And => &AND,
        Binary::Or => &OR,
    }
}

/// The value of one side with which an operator's result is known whatever the other side is.
pub(crate) fn decisive(operator: Binary) -> Option<bool> {
    match operator {
        Binary::And => Some(false),
        Binary::Or => Some(true),
        _ => None,
    }
}

const NUMBER: Parameter = Parameter::new("a", Ty::Number).dynamic();
const OTHER_NUMBER: Parameter = Parameter::new("b", Ty::Number).dynamic();
const BOOL: Parameter = Parameter::new("a", Ty::Bool).dynamic().unknown();
const OTHER_BOOL: Parameter = Parameter::new("b", Ty::Bool).dynamic().unknown();
const ORDERED: Parameter = NUMBER.unknown();
const OTHER_ORDERED: Parameter = OTHER_NUMBER.unknown();
const ANY: Parameter = Parameter::new("a", Ty::Any).dynamic().unknown().null();
const OTHER_ANY: Parameter = Parameter::new("b", Ty::Any).dynamic().unknown().null();

const fn operator(
    name: &'static str,
    parameters: &'static [Parameter],
    returns: Returns,
    run: super::Run,
) -> Function {
    Function { name, parameters, variadic: None, returns, not_null: true, run }
}

static NEGATE: Function = operator("-", &[NUMBER], Returns::Number, |_, args, _| {
    number(&args[0]).map(|it| Value::number(it.neg()))
});
static NOT: Function =
    operator("!", &[Parameter::new("val", Ty::Bool).dynamic()], Returns::Bool, |_, args, _| {
        Ok(args[0].as_bool().map_or_else(unknown, |it| Value::from(!it)))
    });
static EQUAL: Function = operator("==", &[ANY, OTHER_ANY], Returns::Bool, |_, args, _| {
    Ok(equal(&args[0], &args[1]).map_or_else(unknown, Value::from))
});
static NOT_EQUAL: Function = operator("!=", &[ANY, OTHER_ANY], Returns::Bool, |_, args, _| {
    Ok(equal(&args[0], &args[1]).map_or_else(unknown, |it| Value::from(!it)))
});
static LESS: Function =
    operator("<", &[ORDERED, OTHER_ORDERED], Returns::Bool, |_, it, _| Ok(less(&it[0], &it[1])));
static LESS_OR_EQUAL: Function =
    operator("<=", &[ORDERED, OTHER_ORDERED], Returns::Bool, |_, it, _| {
        Ok(not(&less(&it[1], &it[0])))
    });
static GREATER: Function =
    operator(">", &[ORDERED, OTHER_ORDERED], Returns::Bool, |_, it, _| Ok(less(&it[1], &it[0])));
static GREATER_OR_EQUAL: Function =
    operator(">=", &[ORDERED, OTHER_ORDERED], Returns::Bool, |_, it, _| {
        Ok(not(&less(&it[0], &it[1])))
    });
static ADD: Function =
    operator("+", &[NUMBER, OTHER_NUMBER], Returns::Number, |_, it, _| arithmetic(it, Number::add));
static SUBTRACT: Function =
    operator("-", &[NUMBER, OTHER_NUMBER], Returns::Number, |_, it, _| arithmetic(it, Number::sub));
static MULTIPLY: Function =
    operator("*", &[NUMBER, OTHER_NUMBER], Returns::Number, |_, it, _| arithmetic(it, Number::mul));
static DIVIDE: Function =
    operator("/", &[NUMBER, OTHER_NUMBER], Returns::Number, |_, it, _| arithmetic(it, Number::div));
static MODULO: Function =
    operator("%", &[NUMBER, OTHER_NUMBER], Returns::Number, |_, it, _| arithmetic(it, Number::rem));
static AND: Function = operator("&&", &[BOOL, OTHER_BOOL], Returns::Bool, |_, args, _| {
    Ok(logical(&args[0], &args[1], false))
});
static OR: Function = operator("||", &[BOOL, OTHER_BOOL], Returns::Bool, |_, args, _| {
    Ok(logical(&args[0], &args[1], true))
});

fn unknown() -> Value {
    Value::unknown(Type::Bool)
}

fn number(value: &Value) -> Result<Number, Refused> {
    value.as_number().cloned().ok_or_else(|| "a number is required".into())
}

fn arithmetic(
    args: &[Value],
    compute: fn(&Number, &Number) -> Result<Number, stanchion_cty::ArithmeticError>,
) -> Result<Value, Refused> {
    let (a, b) = (number(&args[0])?, number(&args[1])?);
    compute(&a, &b).map(Value::number).map_err(|it| it.to_string().into())
}

/// `&&` and `||`: one side that decides is enough.
fn logical(left: &Value, right: &Value, decisive: bool) -> Value {
    match (left.as_bool(), right.as_bool()) {
        (Some(it), _) | (_, Some(it)) if it == decisive => Value::from(decisive),
        (Some(_), Some(_)) => Value::from(!decisive),
        _ => unknown(),
    }
}

fn not(value: &Value) -> Value {
    value.as_bool().map_or_else(unknown, |it| Value::from(!it))
}

/// Whether one number is less than another, also by what is known of unknown ones.
fn less(a: &Value, b: &Value) -> Value {
    let ((a_min, a_max), (b_min, b_max)) = (range(a), range(b));
    let order = |x: &End, y: &End| {
        let ((x, x_in), (y, y_in)) = (x.as_ref()?, y.as_ref()?);
        Some((x.partial_cmp(y)?, *x_in && *y_in))
    };
    // Surely less: a's greatest is below b's least. Surely not: a's least is not below b's greatest.
    match (order(&a_max, &b_min), order(&a_min, &b_max)) {
        (Some((Ordering::Less, _)), _) => Value::from(true),
        (Some((Ordering::Equal, false)), _) => Value::from(true),
        (_, Some((Ordering::Greater | Ordering::Equal, _))) => Value::from(false),
        _ => unknown(),
    }
}

/// One end of a range: the number there, and whether it is in the range.
type End = Option<(Number, bool)>;

/// The least and the greatest that a number can be, and whether it can be these themselves.
fn range(value: &Value) -> (End, End) {
    match value.kind() {
        Kind::Number(it) => (Some((it.clone(), true)), Some((it.clone(), true))),
        Kind::Unknown(it) => {
            let bound = |it: &Option<stanchion_cty::Bound>| {
                it.as_ref().map(|it| (it.number.clone(), it.inclusive))
            };
            (bound(&it.refinement.min), bound(&it.refinement.max))
        }
        _ => (None, None),
    }
}
