//! Functions about maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::{Kind, Mark, Marks, Type, Value, convert};

use super::limit;
use super::{Function, Parameter, Refused, Returns, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "keys",
        parameters: &[Parameter::new("inputMap", Ty::Any).unknown().marked()],
        variadic: None,
        returns: Returns::By(keys_type),
        not_null: true,
        run: |_, args, ty| Ok(keys(&args[0], ty).mark(args[0].marks())),
    },
    Function {
        name: "lookup",
        parameters: &[
            Parameter::new("inputMap", Ty::Any).unknown().marked(),
            Parameter::new("key", Ty::String).unknown().marked(),
        ],
        variadic: Some(Parameter::new("default", Ty::Any).null().unknown().dynamic().marked()),
        returns: Returns::By(looked_up),
        not_null: false,
        run: |_, args, ty| lookup(args, ty),
    },
    Function {
        name: "merge",
        parameters: &[],
        variadic: Some(Parameter::new("maps", Ty::Any).null().dynamic().marked()),
        returns: Returns::By(merged),
        not_null: true,
        run: |_, args, ty| merge(args, ty),
    },
    Function {
        name: "transpose",
        parameters: &[Parameter::new("values", Ty::MapOfStrings)],
        variadic: None,
        returns: Returns::By(|_| Ok(Ty::MapOfStrings.ty())),
        not_null: true,
        run: |_, args, ty| transpose(&args[0], ty),
    },
    Function {
        name: "values",
        parameters: &[Parameter::new("mapping", Ty::Any).marked()],
        variadic: None,
        returns: Returns::By(values_type),
        not_null: true,
        run: |_, args, ty| Ok(row(ty, args[0].parts().cloned()).mark(args[0].marks())),
    },
    Function {
        name: "zipmap",
        parameters: &[
            Parameter::new("keys", Ty::Strings).marked(),
            Parameter::new("values", Ty::Any).marked(),
        ],
        variadic: None,
        returns: Returns::By(zipped),
        not_null: true,
        run: |_, args, ty| zipmap(args, ty),
    },
];

/// A list of that type, or a tuple.
fn row(ty: &Type, elements: impl Iterator<Item = Value>) -> Value {
    match ty.element() {
        Some(element) => Value::list(element.clone(), elements),
        None => Value::tuple(elements),
    }
}

fn keys_type(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(object) => Ok(Type::tuple(object.iter().map(|_| Type::String))),
        _ => Err(Refused::Argument(0, "must have map or object type".to_owned())),
    }
}

/// The keys; those of an unknown object are known from its type.
fn keys(map: &Value, ty: &Type) -> Value {
    match (map.kind(), map.ty()) {
        (Kind::Map(_, it) | Kind::Object(it), _) => {
            row(ty, it.keys().map(|it| Value::string(it.clone())))
        }
        (_, Type::Object(object)) => {
            row(ty, object.iter().map(|(name, _)| Value::string(name.clone())))
        }
        _ => Value::unknown(ty.clone()),
    }
}

fn looked_up(args: &[Value]) -> Result<Type, Refused> {
    if args.len() > 3 {
        let why = format!("lookup() takes two or three arguments, got {}", args.len());
        return Err(why.into());
    }
    match args[0].ty() {
        Type::Object(object) => {
            let Some(key) = args[1].as_str() else { return Ok(Type::Dynamic) };
            match (object.get(key), args.get(2)) {
                (Some(attribute), _) => Ok(attribute.ty.clone()),
                (None, Some(default)) => Ok(default.ty()),
                (None, None) => {
                    let why = format!("the given object has no attribute {}", shown(&args[1]));
                    Err(Refused::Argument(0, why))
                }
            }
        }
        Type::Map(element) => {
            if args.get(2).is_some_and(|it| convert(it, &element).is_err()) {
                let why = "the default value must have the same type as the map elements";
                return Err(Refused::Argument(2, why.to_owned()));
            }
            Ok(Type::clone(&element))
        }
        _ => {
            let why = "lookup() requires a map as the first argument";
            Err(Refused::Argument(0, why.to_owned()))
        }
    }
}

fn lookup(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let marks = args[0].marks() | args[1].marks();
    let (true, Some(key)) = (args[0].is_known(), args[1].as_str()) else {
        return Ok(Value::unknown(ty.clone()).mark(marks));
    };
    match (args[0].get(key), args.get(2)) {
        (Some(found), _) => Ok(found.clone().mark(marks)),
        (None, Some(default)) => match convert(default, ty) {
            Ok(default) => Ok(default.mark(marks)),
            Err(it) => Err(it.to_string().into()),
        },
        (None, None) => Err(format!("lookup failed to find key {}", shown(&args[1])).into()),
    }
}

/// A key in a message, unless nobody may see it.
fn shown(key: &Value) -> String {
    match (key.marks().has(Mark::Ephemeral), key.marks().has(Mark::Sensitive)) {
        (true, true) => "(ephemeral sensitive value)".to_owned(),
        (true, false) => "(ephemeral value)".to_owned(),
        (false, true) => "(sensitive value)".to_owned(),
        (false, false) => format!("{:?}", key.as_str().unwrap_or_default()),
    }
}

fn merged(args: &[Value]) -> Result<Type, Refused> {
    let Some(first) = args.first() else { return Ok(Type::object([] as [(&str, Type); 0])) };
    let first = first.ty();
    let mut attributes: BTreeMap<Arc<str>, Type> = BTreeMap::new();
    let (mut all_alike, mut all_known) = (true, true);
    for arg in args {
        let ty = arg.ty();
        match (&ty, arg.kind()) {
            (Type::Dynamic, _) => return Ok(Type::Dynamic),
            (Type::Map(_) | Type::Object(_), Kind::Null(_)) => {}
            (Type::Object(object), _) => {
                attributes.extend(object.iter().map(|(name, it)| (name.clone(), it.ty.clone())));
            }
            (Type::Map(element), Kind::Map(_, it)) => {
                attributes.extend(it.keys().map(|key| (key.clone(), Type::clone(element))));
            }
            (Type::Map(_), _) => all_known = false,
            (other, _) => {
                let friendly = other.friendly();
                return Err(format!("arguments must be maps or objects, got {friendly:?}").into());
            }
        }
        all_alike &= ty == first;
        limit::elements(attributes.len())?;
    }
    Ok(match (all_alike, all_known) {
        (true, _) => first,
        (false, false) => Type::Dynamic,
        (false, true) => Type::object(attributes),
    })
}

fn merge(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let mut all: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut marks = Marks::NONE;
    for arg in args {
        match arg.kind() {
            Kind::Map(_, it) | Kind::Object(it) => {
                limit::elements(all.len() + it.len())?;
                all.extend(it.iter().map(|(key, it)| (key.clone(), it.clone())));
            }
            Kind::Null(_) => continue,
            // What follows an untyped null Terraform takes for a map as far as it can.
            Kind::List(_, it) | Kind::Tuple(it) if it.is_empty() => {}
            Kind::Set(_, it) if it.iter().all(|it| it.as_str().is_some()) => {
                let named = |it: &Value| Some((Arc::from(it.as_str()?), it.clone()));
                all.extend(it.iter().filter_map(named));
            }
            _ => {
                let friendly = arg.ty().friendly();
                return Err(format!("arguments must be maps or objects, got {friendly:?}").into());
            }
        }
        marks = marks | arg.marks();
    }
    Ok(mapped(ty, all).mark(marks))
}

/// A map of that type, or an object.
fn mapped(ty: &Type, elements: BTreeMap<Arc<str>, Value>) -> Value {
    match ty {
        Type::Map(element) => Value::map(Type::clone(element), elements),
        _ => Value::object(elements),
    }
}

fn transpose(map: &Value, ty: &Type) -> Result<Value, Refused> {
    let Kind::Map(_, lists) = map.kind() else { return Ok(Value::unknown(ty.clone())) };
    if !map.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    // A key that stands twice in a list stands twice in the result.
    let mut keys: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
    for (key, list) in lists.iter() {
        if list.is_null() {
            return Err(format!("input must not contain null list, as that of {key:?}").into());
        }
        for it in list.parts() {
            let Kind::String(text) = it.kind() else {
                let why = format!("input list must not contain null string, as that of {key:?}");
                return Err(why.into());
            };
            keys.entry(text.clone()).or_default().push(key.clone());
        }
    }
    let lists = keys
        .into_iter()
        .map(|(text, keys)| (text, Value::list(Type::String, keys.into_iter().map(Value::string))));
    Ok(Value::map(Type::list(Type::String), lists))
}

fn values_type(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::Map(element) => Ok(Type::List(element)),
        Type::Object(object) => Ok(Type::tuple(object.iter().map(|(_, it)| it.ty.clone()))),
        _ => Err("values() requires a map as the first argument".into()),
    }
}

fn zipped(args: &[Value]) -> Result<Type, Refused> {
    match args[1].ty() {
        Type::List(element) => Ok(Type::Map(element)),
        Type::Tuple(_) if !args[0].is_wholly_known() => Ok(Type::Dynamic),
        Type::Tuple(types) => {
            let keys: Vec<&Value> = args[0].parts().collect();
            same_length(keys.len(), types.len())?;
            let mut attributes = BTreeMap::new();
            for (i, (key, ty)) in keys.into_iter().zip(types.iter()).enumerate() {
                let Kind::String(key) = key.kind() else {
                    return Err(format!("keys list has null value at index {i}").into());
                };
                attributes.insert(key.clone(), ty.clone());
            }
            Ok(Type::object(attributes))
        }
        _ => Err("values argument must be a list or tuple value".into()),
    }
}

fn same_length(keys: usize, values: usize) -> Result<(), Refused> {
    if keys == values {
        return Ok(());
    }
    let why = format!("number of keys ({keys}) does not match number of values ({values})");
    Err(why.into())
}

fn zipmap(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let [keys, values] = args else { return Err("takes two arguments".into()) };
    let mut marks = keys.marks() | values.marks();
    if !keys.is_wholly_known() {
        return Ok(Value::unknown(ty.clone()).mark(marks));
    }
    same_length(keys.parts().count(), values.parts().count())?;
    let mut all = BTreeMap::new();
    for (i, (key, value)) in keys.parts().zip(values.parts()).enumerate() {
        let Kind::String(text) = key.kind() else {
            return Err(format!("keys list has null value at index {i}").into());
        };
        marks = marks | key.marks();
        all.insert(text.clone(), value.clone());
    }
    Ok(mapped(ty, all).mark(marks))
}
