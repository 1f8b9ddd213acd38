//! Reading arguments that were converted already, and the limit of what is made of them.

use stanchion_cty::{Marks, Number, Value};

use super::{Function, Parameter, Refused, Returns, Run};

/// The most bytes of text that one call makes: a short program can ask for any number of them.
const MOST_TEXT: usize = 16 << 20;

/// A function that gives a string, and never null.
pub(super) const fn text_function(
    name: &'static str,
    parameters: &'static [Parameter],
    run: Run,
) -> Function {
    Function { name, parameters, variadic: None, returns: Returns::String, not_null: true, run }
}

/// The text of a known argument.
pub(super) fn text(args: &[Value], at: usize) -> &str {
    args.get(at).and_then(Value::as_str).unwrap_or_default()
}

/// The number of a known argument.
pub(super) fn number(args: &[Value], at: usize) -> Number {
    args.get(at).and_then(Value::as_number).cloned().unwrap_or(Number::ZERO)
}

/// A whole number of 64 bits.
pub(super) fn whole(args: &[Value], at: usize) -> Result<i64, String> {
    number(args, at).to_i64().ok_or_else(|| {
        format!("value must be a whole number, between {} and {}", i64::MIN, i64::MAX)
    })
}

/// A 64-bit float; digits that it can't hold are lost, as Terraform loses them.
pub(super) fn float(args: &[Value], at: usize) -> Result<f64, String> {
    let number = number(args, at);
    let nearest = number.to_f64_nearest();
    if nearest.is_infinite() && !number.is_infinite() {
        return Err(format!("value must be between {:.6} and {:.6} inclusive", f64::MIN, f64::MAX));
    }
    Ok(nearest)
}

/// The marks of all arguments, for functions that take them.
pub(super) fn marks(args: &[Value]) -> Marks {
    args.iter().fold(Marks::NONE, |all, it| all | it.marks())
}

/// Refuses to make a text of more bytes than that is good for.
pub(super) fn limit(bytes: usize) -> Result<(), Refused> {
    if bytes <= MOST_TEXT {
        return Ok(());
    }
    Err(Refused::Call(format!("would make a string of {bytes} bytes, more than {MOST_TEXT}")))
}
