//! What happens around each function: arguments are counted and converted, null is refused, what is
//! unknown makes the result unknown, and marks go from the arguments to the result.

use smallvec::SmallVec;
use stanchion_cty::{Kind, Marks, Problem, Refinement, Type, Unknown, Value, convert};

use super::unknown::settled;
use super::{Context, Function, Parameter, Refused, Returns, Ty};

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CallError {
    /// There are too few arguments; the name of the first that is missing.
    TooFew(&'static str),
    /// There are more arguments than that.
    TooMany(usize),
    /// An argument, counted from 0, is not what the parameter of that name takes: a clause.
    Argument(usize, &'static str, String),
    /// The function refuses the call: a clause.
    Call(String),
    /// The result is unknown, as a file must not be looked at: the unknown value, and why.
    NotLookedAt(Value, String),
}

impl CallError {
    /// What is wrong, as a clause.
    pub(crate) fn clause(&self) -> String {
        match self {
            Self::TooFew(name) => format!("there is no value for {name:?}"),
            Self::TooMany(most) => format!("there are more than {most} arguments"),
            Self::Argument(_, _, why) | Self::Call(why) | Self::NotLookedAt(_, why) => why.clone(),
        }
    }
}

/// Calls a function.
///
/// # Errors
/// What Terraform would refuse.
pub(crate) fn call(
    cx: &Context<'_>,
    function: &Function,
    arguments: &[Value],
) -> Result<Value, CallError> {
    let needed = function.parameters.len();
    if let Some(missing) = function.parameters.get(arguments.len()) {
        return Err(CallError::TooFew(missing.name));
    }
    if arguments.len() > needed && function.variadic.is_none() {
        return Err(CallError::TooMany(needed));
    }
    let mut given = SmallVec::<[Value; 3]>::with_capacity(arguments.len());
    for (at, argument) in arguments.iter().enumerate() {
        let Some(parameter) = parameter(function, at) else { continue };
        given.push(if parameter.ty == Ty::Any {
            argument.clone()
        } else {
            let wrong = |why: Problem| CallError::Argument(at, parameter.name, why.to_string());
            convert(argument, &parameter.ty.ty()).map_err(wrong)?
        });
    }
    // Terraform looks at the arguments after one of an unknown type no more, not even for null.
    let mut is_typed = true;
    for (at, argument) in given.iter().enumerate() {
        let Some(parameter) = parameter(function, at) else { continue };
        if argument.is_null() && !parameter.null {
            let why = "argument must not be null".to_owned();
            return Err(CallError::Argument(at, parameter.name, why));
        }
        if argument.is_untyped() && !parameter.dynamic {
            is_typed = false;
            break;
        }
    }
    let mut lifted = Marks::NONE;
    let mut is_known = true;
    for (at, argument) in given.iter_mut().enumerate() {
        let Some(parameter) = parameter(function, at) else { continue };
        if !parameter.marked && argument.is_marked_deep() {
            let (unmarked, marks) = argument.clone().unmark_deep();
            *argument = unmarked;
            lifted = lifted | marks;
        }
        is_known &= parameter.unknown || argument.is_known();
    }
    if !is_typed {
        return Ok(Value::unknown(Type::Dynamic).mark(lifted));
    }
    let refused = |it: Refused| match it {
        Refused::Argument(at, why) => {
            CallError::Argument(at, parameter(function, at).map_or("", |it| it.name), why)
        }
        Refused::Call(why) => CallError::Call(why),
        Refused::NotLookedAt(why) => CallError::NotLookedAt(Value::unknown(Type::Dynamic), why),
    };
    let ty = match function.returns {
        Returns::String => Type::String,
        Returns::Number => Type::Number,
        Returns::Bool => Type::Bool,
        Returns::Strings => Type::list(Type::String),
        Returns::By(of) => of(&given).map_err(refused)?,
    };
    let result =
        if is_known { (function.run)(cx, &given, &ty) } else { Ok(Value::unknown(ty.clone())) };
    let finished = |it: Value| if function.not_null { never_null(it) } else { it }.mark(lifted);
    match result {
        Ok(it) => Ok(finished(it)),
        Err(Refused::NotLookedAt(why)) => {
            let kept = given.iter().fold(Marks::NONE, |all, it| all | it.marks());
            Err(CallError::NotLookedAt(finished(Value::unknown(ty).mark(kept)), why))
        }
        Err(it) => Err(refused(it)),
    }
}

fn parameter(function: &Function, at: usize) -> Option<&Parameter> {
    function.parameters.get(at).or(function.variadic.as_ref())
}

/// An unknown value is said to be never null, unless its type is unknown; if nothing else is left
/// to be known of it, it becomes known.
fn never_null(value: Value) -> Value {
    let Kind::Unknown(it) = value.kind() else { return value };
    if it.ty == Type::Dynamic {
        return value;
    }
    let refinement = Refinement { not_null: true, ..it.refinement.clone() };
    let unknown = Unknown { refinement, ..Unknown::clone(it) };
    let (marks, origin) = (value.marks(), value.origin());
    settled(unknown).mark(marks).with_origin(origin)
}
