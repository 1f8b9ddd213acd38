//! Functions that look at the elements of a list: whether, which, how many, how much.

use stanchion_cty::{Kind, Number, Type, Value, convert, unify};

use super::equal::equal;
use super::graphemes;
use super::unknown::{ANY_LENGTH, between, lengths};
use super::{Function, Parameter, Refused, Returns, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "alltrue",
        parameters: &[Parameter::new("list", Ty::Bools)],
        variadic: None,
        returns: Returns::Bool,
        not_null: true,
        run: |_, args, _| Ok(alltrue(&args[0])),
    },
    Function {
        name: "anytrue",
        parameters: &[Parameter::new("list", Ty::Bools)],
        variadic: None,
        returns: Returns::Bool,
        not_null: true,
        run: |_, args, _| Ok(anytrue(&args[0])),
    },
    Function {
        name: "contains",
        parameters: &[Parameter::new("list", Ty::Any), Parameter::new("value", Ty::Any)],
        variadic: None,
        returns: Returns::Bool,
        not_null: true,
        run: |_, args, _| contains(args),
    },
    Function {
        name: "index",
        parameters: &[Parameter::new("list", Ty::Any), Parameter::new("value", Ty::Any)],
        variadic: None,
        returns: Returns::Number,
        not_null: true,
        run: |_, args, _| index(args),
    },
    Function {
        name: "length",
        parameters: &[Parameter::new("value", Ty::Any).unknown().dynamic().marked()],
        variadic: None,
        returns: Returns::By(has_length),
        not_null: true,
        run: |_, args, _| Ok(length(&args[0]).mark(args[0].marks())),
    },
    Function {
        name: "matchkeys",
        parameters: &[
            Parameter::new("values", Ty::List),
            Parameter::new("keys", Ty::List),
            Parameter::new("searchset", Ty::List),
        ],
        variadic: None,
        returns: Returns::By(matched),
        not_null: true,
        run: |_, args, ty| matchkeys(args, ty),
    },
    Function {
        name: "one",
        parameters: &[Parameter::new("list", Ty::Any)],
        variadic: None,
        returns: Returns::By(one_type),
        not_null: false,
        run: |_, args, ty| one(&args[0], ty),
    },
    Function {
        name: "sum",
        parameters: &[Parameter::new("list", Ty::Any)],
        variadic: None,
        returns: Returns::Number,
        not_null: true,
        run: |_, args, _| sum(&args[0]),
    },
];

/// Null counts as false; what is unknown decides before what stands behind it.
fn alltrue(list: &Value) -> Value {
    for it in list.parts() {
        match it.kind() {
            Kind::Unknown(_) => return Value::unknown(Type::Bool),
            Kind::Bool(true) => {}
            _ => return Value::from(false),
        }
    }
    Value::from(true)
}

fn anytrue(list: &Value) -> Value {
    if list.parts().any(|it| it.as_bool() == Some(true)) {
        return Value::from(true);
    }
    match list.parts().all(Value::is_known) {
        true => Value::from(false),
        false => Value::unknown(Type::Bool),
    }
}

fn contains(args: &[Value]) -> Result<Value, Refused> {
    let (Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements)) = args[0].kind()
    else {
        return Err("argument must be list, tuple, or set".into());
    };
    let mut is_known = true;
    for it in elements.iter() {
        match equal(&args[1], it) {
            Some(true) => return Ok(Value::from(true)),
            Some(false) => {}
            None => is_known = false,
        }
    }
    Ok(if is_known { Value::from(false) } else { Value::unknown(Type::Bool) })
}

fn index(args: &[Value]) -> Result<Value, Refused> {
    let (Kind::List(_, elements) | Kind::Tuple(elements)) = args[0].kind() else {
        return Err("argument must be a list or tuple".into());
    };
    if elements.is_empty() {
        return Err("cannot search an empty list".into());
    }
    for (i, it) in elements.iter().enumerate() {
        match equal(it, &args[1]) {
            Some(true) => return Ok(Value::number(i)),
            Some(false) => {}
            None => return Ok(Value::unknown(Type::Number)),
        }
    }
    Err("item not found".into())
}

fn has_length(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::Bool | Type::Number => {
            Err("argument must be a string, a collection type, or a structural type".into())
        }
        _ => Ok(Type::Number),
    }
}

fn length(value: &Value) -> Value {
    match value.kind() {
        Kind::String(text) => Value::number(graphemes::count(text)),
        Kind::Unknown(it) if it.ty == Type::Dynamic => Value::unknown(Type::Number),
        Kind::Unknown(it) if it.ty == Type::String => {
            let prefix = it.refinement.prefix.as_deref().unwrap_or_default();
            between(graphemes::count(prefix) as u64, None)
        }
        _ => {
            let (least, most) = lengths(value);
            between(least, Some(most.min(ANY_LENGTH)))
        }
    }
}

fn matched(args: &[Value]) -> Result<Type, Refused> {
    match unify(&[args[1].ty(), args[2].ty()]) {
        Some(_) => Ok(args[0].ty()),
        None => Err("keys and searchset must be of the same type".into()),
    }
}

fn matchkeys(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let [values, keys, searched] = args else { return Err("takes three arguments".into()) };
    let list = |elements| Value::list(ty.element().cloned().unwrap_or(Type::Dynamic), elements);
    if values.parts().count() != keys.parts().count() {
        return Err("length of keys and values should be equal".into());
    }
    let common = unify(&[keys.ty(), searched.ty()]);
    let Some(common) = common.as_ref() else { return Ok(list(Vec::new())) };
    let converted = |it: &Value| convert(it, common.ty()).map_err(|it| it.to_string());
    let (keys, searched) = (converted(keys)?, converted(searched)?);
    if searched.parts().next().is_none() {
        return Ok(list(Vec::new()));
    }
    if !values.is_wholly_known() || !keys.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut found = Vec::new();
    for (key, value) in keys.parts().zip(values.parts()) {
        for it in searched.parts() {
            match equal(key, it) {
                Some(true) => {
                    found.push(value.clone());
                    break;
                }
                Some(false) => {}
                // Terraform says so, although the list may turn out to have elements.
                None => return Ok(list(Vec::new())),
            }
        }
    }
    Ok(list(found))
}

const NOT_ONE: &str = "must be a list, set, or tuple value with either zero or one elements";

fn one_type(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::List(element) | Type::Set(element) => Ok(Type::clone(&element)),
        Type::Tuple(types) => match &*types {
            [] => Ok(Type::Dynamic),
            [only] => Ok(only.clone()),
            _ => Err(Refused::Argument(0, NOT_ONE.to_owned())),
        },
        _ => Err(Refused::Argument(0, NOT_ONE.to_owned())),
    }
}

fn one(list: &Value, ty: &Type) -> Result<Value, Refused> {
    match (lengths(list), list.parts().next()) {
        ((_, 0), _) => Ok(Value::null(ty.clone())),
        ((_, 1), Some(only)) => Ok(only.clone()),
        ((1, _), _) if !list.is_wholly_known() && matches!(list.kind(), Kind::Set(..)) => {
            Ok(Value::unknown(ty.clone()))
        }
        _ => Err(Refused::Argument(0, NOT_ONE.to_owned())),
    }
}

fn sum(list: &Value) -> Result<Value, Refused> {
    let refused = |why: &str| Refused::Argument(0, why.to_owned());
    let elements: Vec<&Value> = match list.kind() {
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            return Err(refused("cannot sum noniterable"));
        }
        _ => list.parts().collect(),
    };
    if elements.is_empty() {
        return Err(refused("cannot sum an empty list"));
    }
    if let Kind::Map(..) | Kind::Object(_) = list.kind() {
        let friendly = list.ty().friendly();
        return Err(refused(&format!("argument must be list, set, or tuple. Received {friendly}")));
    }
    if !list.is_wholly_known() {
        return Ok(Value::unknown(Type::Number));
    }
    let mut total: Option<Number> = None;
    for it in elements {
        let number = convert(it, &Type::Number).ok().and_then(|it| it.as_number().cloned());
        let number = number
            .ok_or_else(|| refused("argument must be list, set, or tuple of number values"))?;
        total = Some(match total {
            None => number,
            Some(total) => total
                .add(&number)
                .map_err(|_| Refused::from("can't compute sum of opposing infinities"))?,
        });
    }
    Ok(total.map_or_else(|| Value::unknown(Type::Number), Value::from))
}
