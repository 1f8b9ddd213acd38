//! Functions that make one list or tuple of others.

use std::collections::HashMap;

use stanchion_cty::{Marks, Number, Type, Value, convert, unify};

use super::arguments::whole;
use super::equal::{equal, fingerprint};
use super::limit;
use super::unknown::{lengths, of_length};
use super::{Function, Parameter, Refused, Returns, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "chunklist",
        parameters: &[
            Parameter::new("list", Ty::List).marked(),
            Parameter::new("size", Ty::Number).marked(),
        ],
        variadic: None,
        returns: Returns::By(|args| Ok(Type::list(args[0].ty()))),
        not_null: true,
        run: |_, args, ty| chunklist(args, ty),
    },
    Function {
        name: "compact",
        parameters: &[Parameter::new("list", Ty::Strings)],
        variadic: None,
        returns: Returns::Strings,
        not_null: true,
        run: |_, args, ty| {
            Ok(kept(&args[0], ty, |it| it.as_str().is_some_and(|it| !it.is_empty())))
        },
    },
    Function {
        name: "concat",
        parameters: &[],
        variadic: Some(Parameter::new("seqs", Ty::Any).marked()),
        returns: Returns::By(concatenated),
        not_null: true,
        run: |_, args, ty| concat(args, ty),
    },
    Function {
        name: "distinct",
        parameters: &[Parameter::new("list", Ty::List)],
        variadic: None,
        returns: Returns::By(|args| Ok(args[0].ty())),
        not_null: true,
        run: |_, args, ty| Ok(distinct(&args[0], ty)),
    },
    Function {
        name: "element",
        parameters: &[
            Parameter::new("list", Ty::Any).marked(),
            Parameter::new("index", Ty::Number),
        ],
        variadic: None,
        returns: Returns::By(element_type),
        not_null: false,
        run: |_, args, _| element(args),
    },
    Function {
        name: "flatten",
        parameters: &[Parameter::new("list", Ty::Any).marked()],
        variadic: None,
        returns: Returns::By(flattened),
        not_null: true,
        run: |_, args, ty| flatten(&args[0], ty),
    },
    Function {
        name: "range",
        parameters: &[],
        variadic: Some(Parameter::new("params", Ty::Number)),
        returns: Returns::By(|_| Ok(Type::list(Type::Number))),
        not_null: true,
        run: |_, args, _| range(args),
    },
    Function {
        name: "reverse",
        parameters: &[Parameter::new("list", Ty::Any).marked()],
        variadic: None,
        returns: Returns::By(reversed),
        not_null: true,
        run: |_, args, ty| Ok(row(ty, backwards(&args[0])).mark(args[0].marks())),
    },
    Function {
        name: "slice",
        parameters: &[
            Parameter::new("list", Ty::Any).marked(),
            Parameter::new("start_index", Ty::Number),
            Parameter::new("end_index", Ty::Number),
        ],
        variadic: None,
        returns: Returns::By(sliced),
        not_null: true,
        run: |_, args, ty| slice(args, ty),
    },
    Function {
        name: "sort",
        parameters: &[Parameter::new("list", Ty::Strings).unknown()],
        variadic: None,
        returns: Returns::Strings,
        not_null: true,
        run: |_, args, ty| sort(&args[0], ty),
    },
];

/// A list of that type, or a tuple.
fn row(ty: &Type, elements: Vec<Value>) -> Value {
    match ty.element() {
        Some(element) => Value::list(element.clone(), elements),
        None => Value::tuple(elements),
    }
}

fn backwards(list: &Value) -> Vec<Value> {
    let mut elements: Vec<Value> = list.parts().cloned().collect();
    elements.reverse();
    elements
}

fn chunklist(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let list = &args[0];
    let size = whole(args, 1).map_err(|it| format!("invalid size: {it}"))?;
    let size = usize::try_from(size).map_err(|_| "the size argument must be positive")?;
    let Some(inner) = ty.element() else { return Err("needs a list".into()) };
    let elements: Vec<Value> = list.parts().cloned().collect();
    let chunks = match (elements.is_empty(), size) {
        (true, _) => Vec::new(),
        // Terraform's way of saying all in one.
        (false, 0) => vec![row(inner, elements)],
        (false, size) => elements.chunks(size).map(|it| row(inner, it.to_vec())).collect(),
    };
    Ok(Value::list(inner.clone(), chunks).mark(list.marks() | args[1].marks()))
}

/// The elements that pass; unknown as a whole as long as one of them is.
fn kept(list: &Value, ty: &Type, passes: impl Fn(&Value) -> bool) -> Value {
    if !list.is_wholly_known() {
        return Value::unknown(ty.clone());
    }
    row(ty, list.parts().filter(|it| passes(it)).cloned().collect())
}

fn concatenated(args: &[Value]) -> Result<Type, Refused> {
    if args.is_empty() {
        return Err("at least one argument is required".into());
    }
    let types: Vec<Type> = args.iter().map(Value::ty).collect();
    if types.iter().all(|it| matches!(it, Type::List(_)))
        && let Some(common) = unify(&types)
    {
        return Ok(common.ty().clone());
    }
    let mut elements = Vec::new();
    for (at, (arg, ty)) in args.iter().zip(&types).enumerate() {
        match ty {
            Type::Tuple(types) => elements.extend(types.iter().cloned()),
            // Nobody knows how many elements there will be.
            Type::List(_) if !arg.is_known() => return Ok(Type::Dynamic),
            Type::List(element) => {
                elements.extend(std::iter::repeat_n(Type::clone(element), arg.parts().count()));
            }
            other => {
                let why =
                    format!("all arguments must be lists or tuples; got {}", other.friendly());
                return Err(Refused::Argument(at, why));
            }
        }
        limit::elements(elements.len())?;
    }
    Ok(Type::tuple(elements))
}

fn concat(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let mut elements = Vec::new();
    let mut marks = Marks::NONE;
    for (at, arg) in args.iter().enumerate() {
        let arg = match ty {
            Type::List(_) => {
                convert(arg, ty).map_err(|it| Refused::Argument(at, it.to_string()))?
            }
            _ => arg.clone(),
        };
        limit::elements(elements.len() + arg.parts().count())?;
        elements.extend(arg.parts().cloned());
        marks = marks | arg.marks();
    }
    Ok(row(ty, elements).mark(marks))
}

fn distinct(list: &Value, ty: &Type) -> Value {
    if !list.is_wholly_known() {
        return Value::unknown(ty.clone());
    }
    let mut seen: HashMap<u64, Vec<&Value>> = HashMap::new();
    let mut elements = Vec::new();
    for it in list.parts() {
        let alike = seen.entry(fingerprint(it)).or_default();
        if !alike.iter().any(|other| equal(other, it) == Some(true)) {
            alike.push(it);
            elements.push(it.clone());
        }
    }
    row(ty, elements)
}

fn element_type(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::List(element) => Ok(Type::clone(&element)),
        Type::Tuple(_) if !args[1].is_known() => Ok(Type::Dynamic),
        Type::Tuple(types) => {
            let index = whole(args, 1).map_err(|it| format!("invalid index: {it}"))?;
            let at = round(index, types.len()).ok_or(EMPTY)?;
            Ok(types[at].clone())
        }
        other => Err(format!("cannot read elements from {}", other.friendly()).into()),
    }
}

const EMPTY: &str = "cannot use element function with an empty list";

fn element(args: &[Value]) -> Result<Value, Refused> {
    let index = whole(args, 1).map_err(|it| format!("invalid index: {it}"))?;
    let at = round(index, args[0].parts().count()).ok_or(EMPTY)?;
    let found = args[0].parts().nth(at).ok_or(EMPTY)?;
    Ok(found.clone().mark(args[0].marks()))
}

/// The place among `length` elements that an index means which goes round at both ends.
fn round(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok().filter(|it| *it > 0)?;
    usize::try_from(index.rem_euclid(length)).ok()
}

/// What a nested list becomes, its marks, and whether that is known yet.
struct Flat {
    elements: Vec<Value>,
    marks: Marks,
    is_known: bool,
}

fn flattened(args: &[Value]) -> Result<Type, Refused> {
    let list = &args[0];
    if !list.is_wholly_known() {
        return Ok(Type::Dynamic);
    }
    if !is_sequence(&list.ty()) {
        return Err("can only flatten lists, sets and tuples".into());
    }
    Ok(Type::tuple(flat(list)?.elements.iter().map(Value::ty)))
}

/// Of an object or a map that is not wholly known, Terraform takes the values.
fn flatten(list: &Value, ty: &Type) -> Result<Value, Refused> {
    let Flat { elements, marks, is_known } = flat(list)?;
    let flat = if is_known { Value::tuple(elements) } else { Value::unknown(ty.clone()) };
    Ok(flat.mark(marks))
}

fn flat(list: &Value) -> Result<Flat, Refused> {
    let (least, most) = lengths(list);
    let mut out = Flat { elements: Vec::new(), marks: list.marks(), is_known: least == most };
    if !out.is_known {
        return Ok(out);
    }
    for it in list.parts() {
        let ty = it.ty();
        let is_open = ty == Type::Dynamic && !it.is_known() && it.marks().is_empty();
        if it.is_null() || !is_sequence(&ty) {
            // What has no type yet may still turn out to be a list.
            out.is_known &= !is_open;
            out.elements.push(it.clone());
        } else if !it.is_known() {
            out.is_known = false;
            out.marks = out.marks | it.marks();
        } else {
            let inner = flat(it)?;
            out.marks = out.marks | inner.marks;
            out.is_known &= inner.is_known;
            out.elements.extend(inner.elements);
        }
        limit::elements(out.elements.len())?;
    }
    Ok(out)
}

fn is_sequence(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_))
}

fn range(args: &[Value]) -> Result<Value, Refused> {
    let numbers: Vec<&Number> = args.iter().filter_map(Value::as_number).collect();
    let (start, end, step) = match numbers[..] {
        [end] => (&Number::ZERO, end, None),
        [start, end] => (start, end, None),
        [start, end, step] => (start, end, Some(step)),
        _ => return Err("must have one, two, or three arguments".into()),
    };
    let step = step.cloned().unwrap_or_else(|| Number::from(if end < start { -1 } else { 1 }));
    let is_down = step.sign() < 0;
    if is_down && end > start {
        let why = "end must be less than start when step is negative";
        return Err(Refused::Argument(1, why.to_owned()));
    }
    if !is_down && end < start {
        let why = "end must be greater than start when step is positive";
        return Err(Refused::Argument(1, why.to_owned()));
    }
    let mut numbers = Vec::new();
    let mut next = start.clone();
    while if is_down { next > *end } else { next < *end } {
        if numbers.len() >= 1024 {
            let why = "more than 1024 values were generated; either decrease the difference \
                       between start and end or use a smaller step";
            return Err(why.into());
        }
        let number = next.add(&step).map_err(|it| it.to_string())?;
        numbers.push(Value::from(std::mem::replace(&mut next, number)));
    }
    Ok(Value::list(Type::Number, numbers))
}

fn reversed(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::Tuple(types) => Ok(Type::tuple(types.iter().rev().cloned())),
        Type::List(element) | Type::Set(element) => Ok(Type::List(element)),
        other => {
            let why = format!("can only reverse list or tuple values, not {}", other.friendly());
            Err(Refused::Argument(0, why))
        }
    }
}

fn sliced(args: &[Value]) -> Result<Type, Refused> {
    match args[0].ty() {
        Type::Set(_) => {
            let why = "cannot slice a set, because its elements do not have indices; explicitly \
                       convert to a list if the ordering of the result is not important";
            Err(Refused::Argument(0, why.to_owned()))
        }
        ty @ Type::List(_) => bounds(args).map(|_| ty),
        Type::Tuple(types) => Ok(match bounds(args)? {
            Some((start, end)) => Type::tuple(types[start..end].iter().cloned()),
            None => Type::Dynamic,
        }),
        _ => Err(Refused::Argument(0, "must be a list or tuple value".to_owned())),
    }
}

fn slice(args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let Some((start, end)) = bounds(args)? else { return Ok(Value::unknown(ty.clone())) };
    let elements = args[0].parts().skip(start).take(end - start).cloned().collect();
    Ok(row(ty, elements).mark(args[0].marks()))
}

/// The two bounds, if both are known; they are within the list, if its length is known.
fn bounds(args: &[Value]) -> Result<Option<(usize, usize)>, Refused> {
    let is_counted = args[0].is_known() || matches!(args[0].ty(), Type::Tuple(_));
    let length = is_counted.then(|| lengths(&args[0]).1);
    let bound = |at: usize, name: &str| {
        if !args[at].is_known() {
            return Ok(None);
        }
        let refused = |why: String| Refused::Argument(at, why);
        let it = whole(args, at).map_err(|it| refused(format!("invalid {name} index: {it}")))?;
        let it = u64::try_from(it)
            .map_err(|_| refused(format!("{name} index must not be less than zero")))?;
        if length.is_some_and(|length| it > length) {
            let why = "must not be greater than the length of the list";
            return Err(refused(format!("{name} index {why}")));
        }
        Ok(usize::try_from(it).ok())
    };
    let (start, end) = (bound(1, "start")?, bound(2, "end")?);
    let Some((start, end)) = start.zip(end) else { return Ok(None) };
    if start > end {
        let why = "start index must not be greater than end index";
        return Err(Refused::Argument(1, why.to_owned()));
    }
    Ok(Some((start, end)))
}

fn sort(list: &Value, ty: &Type) -> Result<Value, Refused> {
    if !list.is_wholly_known() {
        // The order is not known yet, but how many there are stays what it is.
        let (least, most) = lengths(list);
        return Ok(of_length(ty.clone(), least, most));
    }
    let mut elements: Vec<Value> = list.parts().cloned().collect();
    if let Some(at) = elements.iter().position(Value::is_null) {
        let why = format!("given list element {at} is null; a null string cannot be sorted");
        return Err(why.into());
    }
    elements.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(row(ty, elements))
}
