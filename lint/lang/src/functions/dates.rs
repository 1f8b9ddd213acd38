//! Functions of dates and times.

mod duration;
mod layout;
mod timestamp;

use stanchion_cty::{Number, Type, Value};

use super::arguments::{text, text_function};
use super::{Context, Function, Parameter, Refused, Returns, Ty};
use timestamp::Timestamp;

pub(super) const FUNCTIONS: &[Function] = &[
    text_function(
        "formatdate",
        &[Parameter::new("format", Ty::String), Parameter::new("time", Ty::String)],
        formatdate,
    ),
    text_function("plantimestamp", &[], of_plan),
    Function {
        not_null: false,
        ..text_function(
            "timeadd",
            &[Parameter::new("timestamp", Ty::String), Parameter::new("duration", Ty::String)],
            timeadd,
        )
    },
    Function {
        name: "timecmp",
        parameters: &[
            Parameter::new("timestamp_a", Ty::String),
            Parameter::new("timestamp_b", Ty::String),
        ],
        variadic: None,
        returns: Returns::Number,
        not_null: true,
        run: timecmp,
    },
    text_function("timestamp", &[], of_now),
];

/// The one time of the plan, if somebody says it.
fn of_plan(cx: &Context<'_>, _: &[Value], ty: &Type) -> Result<Value, Refused> {
    Ok(cx.plan_time.map_or_else(|| Value::unknown(ty.clone()), Value::from))
}

/// What the time will be when a change is made is not known before.
fn of_now(_: &Context<'_>, _: &[Value], ty: &Type) -> Result<Value, Refused> {
    Ok(Value::unknown(ty.clone()))
}

fn formatdate(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let time = Timestamp::strict(text(args, 1)).map_err(|it| Refused::Argument(1, it))?;
    let written = layout::written(text(args, 0), &time).map_err(|it| Refused::Argument(0, it))?;
    Ok(Value::from(written))
}

fn timeadd(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let time = Timestamp::strict(text(args, 0))?;
    let duration = duration::parse(text(args, 1))?;
    Ok(Value::from(time.later(duration).to_string()))
}

fn timecmp(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let time = |at| Timestamp::lenient(text(args, at)).map_err(|it| Refused::Argument(at, it));
    Ok(Value::from(Number::from(time(0)?.instant().cmp(&time(1)?.instant()) as i64)))
}
