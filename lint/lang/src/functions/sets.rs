//! Functions about sets.

use std::collections::HashMap;

use stanchion_cty::{Marks, Type, Value, convert, unify};

use super::equal::{equal, fingerprint};
use super::limit;
use super::unknown::{lengths, of_length};
use super::{Function, Parameter, Refused, Returns, Ty};

const SET: Parameter = Parameter::new("first_set", Ty::Set).dynamic();
const OTHERS: Parameter = Parameter::new("other_sets", Ty::Set).dynamic();

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "setintersection",
        parameters: &[SET],
        variadic: Some(OTHERS),
        returns: Returns::By(common),
        not_null: true,
        run: |_, args, ty| combined(args, ty, |a, b| filtered(a, |it| b.contains(it))),
    },
    Function {
        name: "setproduct",
        parameters: &[],
        variadic: Some(Parameter::new("sets", Ty::Any).unknown().marked()),
        returns: Returns::By(product_type),
        not_null: true,
        run: |_, args, ty| setproduct(args, ty),
    },
    Function {
        name: "setsubtract",
        parameters: &[
            Parameter::new("a", Ty::Set).dynamic(),
            Parameter::new("b", Ty::Set).dynamic(),
        ],
        variadic: None,
        returns: Returns::By(common),
        not_null: true,
        run: |_, args, ty| combined(args, ty, |a, b| filtered(a, |it| !b.contains(it))),
    },
    Function {
        name: "setunion",
        parameters: &[SET],
        variadic: Some(OTHERS),
        returns: Returns::By(common),
        not_null: true,
        run: |_, args, ty| union(args, ty),
    },
];

/// The set type that all the sets can be brought to. An empty one of which nobody knows what it
/// would hold fits each.
fn common(args: &[Value]) -> Result<Type, Refused> {
    let mut elements = Vec::new();
    for arg in args {
        let ty = arg.ty();
        let Some(element) = ty.element() else { return Ok(Type::set(Type::Dynamic)) };
        let is_open = arg.is_known() && arg.parts().next().is_none() && *element == Type::Dynamic;
        if !is_open {
            elements.push(element.clone());
        }
    }
    if elements.is_empty() {
        return Ok(Type::set(Type::Dynamic));
    }
    match unify(&elements) {
        Some(element) => Ok(Type::set(element.ty().clone())),
        None => Err("given sets must all have compatible element types".into()),
    }
}

fn converted(args: &[Value], ty: &Type) -> Result<Vec<Value>, Refused> {
    let convert = |(at, it)| convert(it, ty).map_err(|it| Refused::Argument(at, it.to_string()));
    args.iter().enumerate().map(convert).collect()
}

fn elements(set: &Value) -> Vec<Value> {
    set.parts().cloned().collect()
}

fn element_of(ty: &Type) -> Type {
    ty.element().cloned().unwrap_or(Type::Dynamic)
}

fn union(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let sets = converted(args, ty)?;
    let count = sets.iter().map(|it| it.parts().count()).sum();
    limit::elements(count)?;
    Ok(made(ty, sets.iter().flat_map(elements).collect()))
}

/// A set of that type; its elements tell what the type leaves open.
fn made(ty: &Type, elements: Vec<Value>) -> Value {
    let element = match element_of(ty) {
        Type::Dynamic => elements.first().map_or(Type::Dynamic, Value::ty),
        element => element,
    };
    Value::set(element, elements)
}

/// The first set changed by each of the others; all of them must be wholly known.
fn combined(
    args: &[Value],
    ty: &Type,
    change: fn(Vec<Value>, &Members) -> Vec<Value>,
) -> Result<Value, Refused> {
    let sets = converted(args, ty)?;
    if !sets.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(ty.clone()));
    }
    let Some((first, others)) = sets.split_first() else { return Err("needs a set".into()) };
    let mut left = elements(first);
    for other in others {
        left = change(left, &Members::of(other));
    }
    Ok(made(ty, left))
}

fn filtered(elements: Vec<Value>, keep: impl Fn(&Value) -> bool) -> Vec<Value> {
    elements.into_iter().filter(keep).collect()
}

/// The elements of a set, by a number that equal ones share.
struct Members(HashMap<u64, Vec<Value>>);

impl Members {
    fn of(set: &Value) -> Self {
        let mut all: HashMap<u64, Vec<Value>> = HashMap::new();
        for it in set.parts() {
            all.entry(fingerprint(it)).or_default().push(it.clone());
        }
        Self(all)
    }

    fn contains(&self, value: &Value) -> bool {
        let alike = self.0.get(&fingerprint(value));
        alike.is_some_and(|it| it.iter().any(|other| equal(other, value) == Some(true)))
    }
}

fn product_type(args: &[Value]) -> Result<Type, Refused> {
    if args.len() < 2 {
        return Err("at least two arguments are required".into());
    }
    let mut elements = Vec::with_capacity(args.len());
    let mut is_ordered = true;
    for (at, arg) in args.iter().enumerate() {
        let refused = |why: &str| Refused::Argument(at, why.to_owned());
        elements.push(match arg.ty() {
            Type::Set(element) => {
                is_ordered = false;
                Type::clone(&element)
            }
            Type::List(element) => Type::clone(&element),
            Type::Tuple(types) if types.is_empty() => Type::Dynamic,
            Type::Tuple(types) => match unify(&types) {
                Some(common) => common.ty().clone(),
                None => return Err(refused("all elements must be of the same type")),
            },
            _ => return Err(refused("a set or a list is required")),
        });
    }
    let tuple = Type::tuple(elements);
    Ok(if is_ordered { Type::list(tuple) } else { Type::set(tuple) })
}

fn setproduct(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let marks = args.iter().fold(Marks::NONE, |all, it| all | it.marks());
    let Some(Type::Tuple(types)) = ty.element() else { return Err("needs two sets".into()) };
    let is_counted = |it: &Value| {
        let (least, most) = lengths(it);
        least == most && it.is_known()
    };
    if !args.iter().all(is_counted) {
        return Ok(product_of_unknown(args, ty).mark(marks));
    }
    let total = args.iter().try_fold(1_usize, |all, it| all.checked_mul(it.parts().count()));
    let total = total.unwrap_or(usize::MAX);
    limit::elements(total.saturating_mul(args.len()))?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (at, (arg, ty)) in args.iter().zip(types.iter()).enumerate() {
        let refused = |it: stanchion_cty::Problem| Refused::Argument(at, it.to_string());
        let elements: Vec<Value> =
            arg.parts().map(|it| convert(it, ty).map_err(refused)).collect::<Result<_, _>>()?;
        let longer = |row: &Vec<Value>, it: &Value| {
            let mut row = row.clone();
            row.push(it.clone());
            row
        };
        rows = rows.iter().flat_map(|row| elements.iter().map(move |it| longer(row, it))).collect();
    }
    let rows = rows.into_iter().map(Value::tuple);
    let element = element_of(ty);
    Ok(match ty {
        Type::List(_) => Value::list(element, rows),
        _ => Value::set(element, rows),
    }
    .mark(marks))
}

/// How many rows there are at most, where Terraform finds it worth knowing.
fn product_of_unknown(args: &[Value], ty: &Type) -> Value {
    let mut most = 1;
    for arg in args {
        let (least, length) = lengths(arg);
        // Of a known set with unknown elements Terraform does not reckon with how many it has.
        let is_open = arg.is_known() && least < length;
        most = if is_open || length > 1024 { u64::MAX } else { length.saturating_mul(most) };
        if most > 2048 {
            return Value::unknown(ty.clone());
        }
    }
    of_length(ty.clone(), most.min(1), most)
}
