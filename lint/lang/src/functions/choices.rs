//! Functions that take the first argument that is something, and those that are no more.

use stanchion_cty::{Kind, Type, Value, convert, unify};

use super::{Function, Parameter, Refused, Returns, Ty};

const VALUES: Parameter = Parameter::new("vals", Ty::Any).null().unknown().dynamic();

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "coalesce",
        parameters: &[],
        variadic: Some(VALUES),
        returns: Returns::By(common),
        not_null: true,
        run: |_, args, ty| coalesce(args, ty),
    },
    Function {
        name: "coalescelist",
        parameters: &[],
        variadic: Some(VALUES),
        returns: Returns::By(list_type),
        not_null: true,
        run: |_, args, ty| coalescelist(args, ty),
    },
    Function {
        name: "list",
        parameters: &[],
        variadic: Some(VALUES),
        returns: Returns::By(|_| Err(NO_LIST.into())),
        not_null: false,
        run: |_, _, _| Err(NO_LIST.into()),
    },
    Function {
        name: "map",
        parameters: &[],
        variadic: Some(VALUES),
        returns: Returns::By(|_| Err(NO_MAP.into())),
        not_null: false,
        run: |_, _, _| Err(NO_MAP.into()),
    },
];

const NO_LIST: &str = "the \"list\" function was deprecated in Terraform v0.12 and is no longer \
                       available; use tolist([ ... ]) syntax to write a literal list";
const NO_MAP: &str = "the \"map\" function was deprecated in Terraform v0.12 and is no longer \
                      available; use tomap({ ... }) syntax to write a literal map";

fn common(args: &[Value]) -> Result<Type, Refused> {
    let types: Vec<Type> = args.iter().map(Value::ty).collect();
    match unify(&types) {
        Some(common) => Ok(common.ty().clone()),
        None => Err("all arguments must have the same type".into()),
    }
}

/// The first argument that is neither null nor an empty string.
fn coalesce(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    for (at, arg) in args.iter().enumerate() {
        let it = convert(arg, ty).map_err(|it| Refused::Argument(at, it.to_string()))?;
        match it.kind() {
            Kind::Unknown(_) => return Ok(Value::unknown(ty.clone())),
            Kind::Null(_) => {}
            // Beside null and what is no string, Terraform does not reckon with empty ones.
            Kind::String(text) if text.is_empty() && *ty == Type::String => {}
            _ => return Ok(it),
        }
    }
    Err("no non-null, non-empty-string arguments".into())
}

fn list_type(args: &[Value]) -> Result<Type, Refused> {
    let Some(first) = args.first() else { return Err("at least one argument is required".into()) };
    for arg in args {
        match arg.ty() {
            _ if !arg.is_known() => return Ok(Type::Dynamic),
            Type::List(_) | Type::Tuple(_) => {}
            _ => return Err("coalescelist arguments must be lists or tuples".into()),
        }
    }
    let first = first.ty();
    Ok(if args.iter().all(|it| it.ty() == first) { first } else { Type::Dynamic })
}

/// The first argument that has an element.
fn coalescelist(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    for arg in args {
        match arg.kind() {
            Kind::Unknown(_) => return Ok(Value::unknown(ty.clone())),
            Kind::Null(_) => {}
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                return Err("coalescelist arguments must be lists or tuples".into());
            }
            _ if arg.parts().next().is_some() => return Ok(arg.clone()),
            _ => {}
        }
    }
    Err("no non-null arguments".into())
}
