//! Functions that convert a value to a type.

use stanchion_cty::{Kind, Mark, Type, Unknown, Value, conversion_exists, convert};

use super::call::CallError;
use super::{Function, Parameter, Refused, Returns, Run, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    conversion("tobool", |args| available(args, &Type::Bool), |_, args, ty| to(args, ty)),
    conversion("tolist", |args| available(args, &list()), |_, args, ty| to(args, ty)),
    conversion("tomap", |args| available(args, &map()), |_, args, ty| to(args, ty)),
    conversion("tonumber", |args| available(args, &Type::Number), |_, args, ty| to(args, ty)),
    conversion("toset", |args| available(args, &set()), |_, args, ty| to(args, ty)),
    conversion("tostring", |args| available(args, &Type::String), |_, args, ty| to(args, ty)),
];

const VALUE: &[Parameter] = &[Parameter::new("v", Ty::Any).null().unknown().dynamic().marked()];

fn list() -> Type {
    Type::list(Type::Dynamic)
}

fn map() -> Type {
    Type::map(Type::Dynamic)
}

fn set() -> Type {
    Type::set(Type::Dynamic)
}

const fn conversion(
    name: &'static str,
    returns: fn(&[Value]) -> Result<Type, Refused>,
    run: Run,
) -> Function {
    Function {
        name,
        parameters: VALUE,
        variadic: None,
        returns: Returns::By(returns),
        not_null: false,
        run,
    }
}

/// The type, if there is a conversion to it at all; it may still fail for a value.
fn available(args: &[Value], ty: &Type) -> Result<Type, Refused> {
    let from = args[0].ty();
    if conversion_exists(&from, ty, true) {
        return Ok(ty.clone());
    }
    Err(Refused::Argument(0, format!("cannot convert {} to {}", from.friendly(), constraint(ty))))
}

/// Of an unknown value Terraform forgets here what was known of it.
fn to(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let value = &args[0];
    if let Kind::Unknown(it) = value.kind() {
        let unknown = forgotten(it, ty.clone());
        return Ok(unknown.mark(value.marks()).with_origin(value.origin()));
    }
    convert(value, ty).map_err(|problem| {
        let from = value.ty();
        let friendly = from.friendly();
        let to = constraint(ty);
        let text = value.as_str().map_or_else(|| friendly.clone(), |it| format!("{it:?}"));
        let why = match ty {
            _ if value.has_mark_deep(Mark::Ephemeral) => {
                format!("cannot convert this ephemeral {friendly} to {to}")
            }
            _ if value.has_mark_deep(Mark::Sensitive) => {
                format!("cannot convert this sensitive {friendly} to {to}")
            }
            Type::Bool if from == Type::String => format!(
                "cannot convert {text} to bool; only the strings \"true\" or \"false\" are allowed"
            ),
            Type::Number if from == Type::String => format!(
                "cannot convert {text} to number; given string must be a decimal representation \
                 of a number"
            ),
            _ => format!("cannot convert {friendly} to {to}: {problem}"),
        };
        Refused::Argument(0, why)
    })
}

/// A type as Terraform's messages name it where values of any element type are taken.
fn constraint(ty: &Type) -> String {
    match ty.element() {
        Some(Type::Dynamic) => ty.friendly().replace("any type", "any single type"),
        _ => ty.friendly(),
    }
}

/// `convert(value, type)`, whose second argument is a type and no value. Defaults of optional
/// attributes, which the type does not carry, are filled in before.
///
/// # Errors
/// What Terraform would refuse.
pub(crate) fn convert_to(value: &Value, ty: &Type) -> Result<Value, CallError> {
    let (value, marks) = value.clone().unmark_deep();
    let Kind::Unknown(it) = value.kind() else {
        let converted =
            convert(&value, ty).map_err(|it| CallError::Argument(0, "value", it.to_string()))?;
        return Ok(converted.mark(marks));
    };
    // Whether it can be converted Terraform does not ask yet.
    Ok(forgotten(it, ty.without_optional()).mark(marks).with_origin(value.origin()))
}

/// The same unknown value, of another type and without what was known of it.
fn forgotten(unknown: &Unknown, ty: Type) -> Value {
    let unknown = Unknown { symbol: unknown.symbol, ..Unknown::new(ty) };
    Kind::Unknown(unknown.into()).into()
}
