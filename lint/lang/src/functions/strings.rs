//! Functions of strings that need neither patterns nor verbs.

use stanchion_cty::{Kind, Type, Value};

use super::arguments::{limit, text, text_function, whole};
use super::{Context, Function, Parameter, Refused, Returns, Ty, graphemes, letters};

const STR: Parameter = Parameter::new("str", Ty::String);

pub(super) const FUNCTIONS: &[Function] = &[
    text_function("chomp", &[STR], |_, args, _| {
        Ok(Value::from(text(args, 0).trim_end_matches(['\r', '\n'])))
    }),
    truth("endswith", &[STR, Parameter::new("suffix", Ty::String)], |_, args, _| {
        Ok(Value::from(text(args, 0).ends_with(text(args, 1))))
    }),
    truth("startswith", &[STR.unknown(), Parameter::new("prefix", Ty::String)], startswith),
    Function {
        not_null: false,
        ..truth("strcontains", &[STR, Parameter::new("substr", Ty::String)], |_, args, _| {
            Ok(Value::from(text(args, 0).contains(text(args, 1))))
        })
    },
    text_function("indent", &[Parameter::new("spaces", Ty::Number), STR], indent),
    Function {
        variadic: Some(Parameter::new("lists", Ty::Strings)),
        ..text_function("join", &[Parameter::new("separator", Ty::String)], join)
    },
    text_function("lower", &[STR], |_, args, _| Ok(Value::from(letters::lower(text(args, 0))))),
    text_function("upper", &[STR], |_, args, _| Ok(Value::from(letters::upper(text(args, 0))))),
    text_function("title", &[STR], |_, args, _| Ok(Value::from(letters::title(text(args, 0))))),
    Function {
        name: "split",
        parameters: &[Parameter::new("separator", Ty::String), STR],
        variadic: None,
        returns: Returns::Strings,
        not_null: true,
        run: split,
    },
    text_function("strrev", &[STR], |_, args, _| {
        let mut clusters: Vec<&str> = graphemes::clusters(text(args, 0)).collect();
        clusters.reverse();
        Ok(Value::from(clusters.concat()))
    }),
    text_function(
        "substr",
        &[STR, Parameter::new("offset", Ty::Number), Parameter::new("length", Ty::Number)],
        substr,
    ),
    text_function("trim", &[STR, Parameter::new("cutset", Ty::String)], |_, args, _| {
        let cutset = text(args, 1);
        Ok(Value::from(text(args, 0).trim_matches(|it| cutset.contains(it))))
    }),
    text_function("trimprefix", &[STR, Parameter::new("prefix", Ty::String)], |_, args, _| {
        let it = text(args, 0);
        Ok(Value::from(it.strip_prefix(text(args, 1)).unwrap_or(it)))
    }),
    text_function("trimsuffix", &[STR, Parameter::new("suffix", Ty::String)], |_, args, _| {
        let it = text(args, 0);
        Ok(Value::from(it.strip_suffix(text(args, 1)).unwrap_or(it)))
    }),
    text_function("trimspace", &[STR], |_, args, _| Ok(Value::from(text(args, 0).trim()))),
];

const fn truth(name: &'static str, parameters: &'static [Parameter], run: super::Run) -> Function {
    Function { name, parameters, variadic: None, returns: Returns::Bool, not_null: true, run }
}

/// Of an unknown string the beginning may be known, which can be enough.
fn startswith(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let prefix = text(args, 1);
    let Some(Kind::Unknown(it)) = args.first().map(Value::kind) else {
        return Ok(Value::from(text(args, 0).starts_with(prefix)));
    };
    if prefix.is_empty() {
        return Ok(Value::from(true));
    }
    match it.refinement.prefix.as_deref() {
        Some(known) if known.starts_with(prefix) => Ok(Value::from(true)),
        Some(known) if known.len() >= prefix.len() => Ok(Value::from(false)),
        _ => Ok(Value::unknown(Type::Bool)),
    }
}

fn indent(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let spaces = whole(args, 0)?;
    let spaces =
        usize::try_from(spaces).map_err(|_| "the number of spaces must not be negative")?;
    let it = text(args, 1);
    let lines = it.matches('\n').count();
    limit(spaces.saturating_mul(lines.max(1)).saturating_add(it.len()))?;
    Ok(Value::from(it.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

fn join(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let (separator, lists) = (text(args, 0), args.get(1..).unwrap_or_default());
    if lists.is_empty() {
        return Err("at least one list is required".into());
    }
    if !lists.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(Type::String));
    }
    let mut out = String::new();
    let mut is_first = true;
    for (at, list) in (1..).zip(lists) {
        for (element, it) in list.parts().enumerate() {
            let Some(it) = it.as_str() else {
                let list = if lists.len() > 1 { format!(" of list {at}") } else { String::new() };
                let why =
                    format!("element {element}{list} is null; cannot concatenate null values");
                return Err(Refused::Argument(at, why));
            };
            if !is_first {
                out.push_str(separator);
            }
            is_first = false;
            limit(out.len() + it.len())?;
            out.push_str(it);
        }
    }
    Ok(Value::from(out))
}

fn split(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let (separator, it) = (text(args, 0), text(args, 1));
    let parts: Vec<Value> = if separator.is_empty() {
        let mut room = [0; 4];
        it.chars().map(|it| Value::from(&*it.encode_utf8(&mut room))).collect()
    } else {
        it.split(separator).map(Value::from).collect()
    };
    Ok(Value::list(Type::String, parts))
}

fn substr(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let (it, mut offset, length) = (text(args, 0), whole(args, 1)?, whole(args, 2)?);
    if offset < 0 {
        offset = offset.saturating_add_unsigned(graphemes::count(it) as u64);
    } else if length == 0 {
        return Ok(Value::from(""));
    }
    let skipped = usize::try_from(offset).unwrap_or(0);
    let rest = graphemes::clusters(it).skip(skipped);
    // A length of 0 behind a negative offset never ends, in Terraform too.
    let taken = match usize::try_from(length) {
        Ok(0) | Err(_) => rest.collect::<String>(),
        Ok(length) => rest.take(length).collect(),
    };
    Ok(Value::from(taken))
}
