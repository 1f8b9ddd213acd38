//! `formatlist`: a format string applied to the elements of lists side by side.

use stanchion_cty::{Kind, Refinement, Type, Value};

use super::super::arguments::{limit, text};
use super::{Context, Refused, written};

/// An argument: a sequence gives one element to each result, anything else the same to all.
enum Source<'a> {
    Sequence(Vec<&'a Value>),
    Single(&'a Value),
    /// How many elements there will be is not known, or they are not.
    Unknown,
}

pub(super) fn formatlist(_: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let template = text(args, 0);
    let mut chosen: Option<(usize, usize)> = None;
    let mut sources = Vec::with_capacity(args.len());
    for (at, arg) in args.iter().enumerate().skip(1) {
        let (length, source) = source(arg);
        match (length, chosen) {
            (Some(length), None) => chosen = Some((at, length)),
            (Some(length), Some((other, wanted))) if length != wanted => {
                let why = format!(
                    "argument {at} has length {length}, which is inconsistent with argument \
                     {other} of length {wanted}"
                );
                return Err(Refused::Argument(at, why));
            }
            _ => {}
        }
        sources.push(source);
    }
    if sources.iter().any(|it| matches!(it, Source::Unknown)) {
        return Ok(Value::unknown(ty.clone()));
    }
    let count = chosen.map_or(1, |(_, length)| length);
    let mut made = 0;
    let mut out = Vec::new();
    for at in 0..count {
        let row: Vec<Value> = sources
            .iter()
            .filter_map(|it| match it {
                Source::Sequence(elements) => elements.get(at).copied(),
                Source::Single(it) => Some(*it),
                Source::Unknown => None,
            })
            .cloned()
            .collect();
        if !row.iter().all(Value::is_wholly_known) {
            out.push(Value::refined(Type::String, Refinement::not_null()));
            continue;
        }
        let text = written(template, &row).map_err(|it| match it {
            why @ Refused::NotLookedAt(_) => why,
            why if sources.is_empty() => why,
            Refused::Argument(_, why) | Refused::Call(why) => {
                Refused::Call(format!("error on format iteration {at}: {why}"))
            }
        })?;
        made += text.len();
        limit(made)?;
        out.push(Value::from(text));
    }
    Ok(Value::list(Type::String, out))
}

/// The number of elements, if the argument is a sequence of known length.
fn source(arg: &Value) -> (Option<usize>, Source<'_>) {
    match arg.kind() {
        Kind::List(_, it) | Kind::Tuple(it) => {
            (Some(it.len()), Source::Sequence(it.iter().collect()))
        }
        // Unknown elements of a set may turn out to be equal to others.
        Kind::Set(_, it) if it.len() > 1 && !it.iter().all(Value::is_wholly_known) => {
            (None, Source::Unknown)
        }
        Kind::Set(_, it) => (Some(it.len()), Source::Sequence(it.iter().collect())),
        Kind::Unknown(it) => match &it.ty {
            Type::Tuple(elements) => (Some(elements.len()), Source::Unknown),
            Type::List(_) | Type::Set(_) | Type::Dynamic => (None, Source::Unknown),
            _ => (None, Source::Single(arg)),
        },
        _ => (None, Source::Single(arg)),
    }
}
