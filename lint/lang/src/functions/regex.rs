//! `regex`, `regexall` and `replace`: patterns in Go's syntax.

mod class;
mod compiled;
mod pattern;

use std::rc::Rc;

use regex::bytes::{Captures, Regex};
use stanchion_cty::{ObjectType, Type, Value};

use super::arguments::{limit, text, text_function};
use super::{Context, Function, Parameter, Refused, Returns, Ty};
use compiled::Compiled;
use pattern::{Mistake, Pattern};

const PATTERN: &[Parameter] =
    &[Parameter::new("pattern", Ty::String), Parameter::new("string", Ty::String)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "regex",
        parameters: PATTERN,
        variadic: None,
        returns: Returns::By(match_type),
        not_null: true,
        run: regex,
    },
    Function {
        name: "regexall",
        parameters: PATTERN,
        variadic: None,
        returns: Returns::By(|args| Ok(Type::list(match_type(args)?))),
        not_null: true,
        run: regexall,
    },
    text_function(
        "replace",
        &[
            Parameter::new("str", Ty::String),
            Parameter::new("substr", Ty::String),
            Parameter::new("replace", Ty::String),
        ],
        replace,
    ),
];

/// The most matches that are kept.
const MOST_MATCHES: usize = 1_000_000;

/// The type of a match: the text if there are no groups, a tuple of the groups, or an object if
/// they have names.
fn match_type(args: &[Value]) -> Result<Type, Refused> {
    if !args.first().is_some_and(Value::is_known) {
        return Ok(Type::Dynamic);
    }
    let wrong = |why: String| Refused::Argument(0, format!("invalid regexp pattern: {why}"));
    let compiled = compiled(text(args, 0))?;
    let pattern = &compiled.pattern;
    let names: Vec<&str> = pattern.groups.iter().flatten().map(String::as_str).collect();
    if pattern.groups.is_empty() {
        Ok(Type::String)
    } else if names.is_empty() {
        Ok(Type::tuple(pattern.groups.iter().map(|_| Type::String)))
    } else if names.len() < pattern.groups.len() {
        Err(wrong("cannot mix both named and unnamed capture groups".into()))
    } else {
        let attributes = names.into_iter().map(|it| (it.into(), Type::String, false));
        Ok(Type::Object(ObjectType::new(attributes.collect::<Vec<_>>()).into()))
    }
}

fn regex(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let compiled = compiled(text(args, 0))?;
    match matches(engine(&compiled)?, text(args, 1)).next() {
        Some(it) => Ok(matched(&compiled.pattern, &it)),
        None => Err("pattern did not match any part of the given string".into()),
    }
}

fn regexall(_: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    let compiled = compiled(text(args, 0))?;
    let found: Vec<Value> = matches(engine(&compiled)?, text(args, 1))
        .take(MOST_MATCHES + 1)
        .map(|it| matched(&compiled.pattern, &it))
        .collect();
    if found.len() > MOST_MATCHES {
        return Err(Refused::Call(format!("would make more than {MOST_MATCHES} matches")));
    }
    let element = match ty {
        Type::List(it) => (**it).clone(),
        _ => Type::String,
    };
    Ok(Value::list(element, found))
}

/// A pattern is what stands between slashes; anything else is plain text.
fn replace(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let (it, wanted, new) = (text(args, 0), text(args, 1), text(args, 2));
    let inside = wanted.strip_prefix('/').and_then(|it| it.strip_suffix('/'));
    let Some(inside) = inside else {
        limit(it.matches(wanted).count().saturating_mul(new.len()).saturating_add(it.len()))?;
        return Ok(Value::from(it.replace(wanted, new)));
    };
    let compiled = Compiled::of(inside).map_err(|Mistake { code, part }| {
        Refused::Call(format!("error parsing regexp: {code}: `{part}`"))
    })?;
    let mut out = String::new();
    let mut from = 0;
    for found in matches(engine(&compiled)?, it) {
        let Some(all) = found.get(0) else { continue };
        out.push_str(it.get(from..all.start()).unwrap_or_default());
        expand(&mut out, new, &compiled.pattern, &found);
        from = all.end();
        limit(out.len())?;
    }
    out.push_str(it.get(from..).unwrap_or_default());
    Ok(Value::from(out))
}

fn compiled(it: &str) -> Result<Rc<Compiled>, Refused> {
    Compiled::of(it).map_err(|Mistake { code, part }| {
        Refused::Argument(0, format!("invalid regexp pattern: {code} in {part}"))
    })
}

fn engine(it: &Compiled) -> Result<&Regex, Refused> {
    it.engine().ok_or_else(|| Refused::Call("the pattern is too large".into()))
}

/// All matches that do not overlap. As in Go, none is empty right behind another one.
fn matches<'a>(engine: &'a Regex, it: &'a str) -> impl Iterator<Item = Captures<'a>> {
    let mut from = 0;
    let mut last = None;
    std::iter::from_fn(move || {
        while from <= it.len() {
            let found = engine.captures_at(it.as_bytes(), from)?;
            let all = found.get(0)?;
            let (start, end) = (all.start(), all.end());
            if !it.is_char_boundary(start) || start == end && last == Some(start) {
                from = next(it, start);
                continue;
            }
            from = if start == end { next(it, end) } else { end };
            last = Some(end);
            return Some(found);
        }
        None
    })
}

/// The place behind the character at a place.
fn next(it: &str, at: usize) -> usize {
    let inside = (at + 1..=it.len()).find(|at| it.is_char_boundary(*at));
    inside.unwrap_or(it.len() + 1)
}

fn matched(pattern: &Pattern, found: &Captures<'_>) -> Value {
    let group = |at: usize| match found.get(at) {
        Some(it) => Value::from(&*String::from_utf8_lossy(it.as_bytes())),
        None => Value::null(Type::String),
    };
    match pattern.groups.first() {
        None => group(0),
        Some(None) => Value::tuple((1..=pattern.groups.len()).map(group)),
        Some(Some(_)) => {
            let names = pattern.groups.iter().map(|it| it.clone().unwrap_or_default());
            Value::object((1..).zip(names).map(|(at, name)| (name, group(at))))
        }
    }
}

/// Writes a replacement: `$1`, `${1}`, `$name` and `${name}` are groups, `$$` is a dollar sign.
fn expand(out: &mut String, mut template: &str, pattern: &Pattern, found: &Captures<'_>) {
    while let Some((before, after)) = template.split_once('$') {
        out.push_str(before);
        template = after;
        if let Some(rest) = after.strip_prefix('$') {
            out.push('$');
            template = rest;
            continue;
        }
        let (inside, is_braced) = match after.strip_prefix('{') {
            Some(it) => (it, true),
            None => (after, false),
        };
        let end =
            inside.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(inside.len());
        let (name, rest) = inside.split_at(end);
        let rest = if is_braced { rest.strip_prefix('}') } else { Some(rest) };
        let Some(rest) = rest.filter(|_| !name.is_empty()) else {
            out.push('$');
            continue;
        };
        template = rest;
        let is_number = name.bytes().all(|it| it.is_ascii_digit())
            && (name.len() == 1 || !name.starts_with('0'))
            && name.len() <= 9;
        let group = if is_number {
            name.parse().ok().and_then(|at| found.get(at))
        } else {
            let named = (1..).zip(&pattern.groups).filter(|(_, it)| it.as_deref() == Some(name));
            named.filter_map(|(at, _)| found.get(at)).next()
        };
        out.push_str(
            &group
                .map_or_else(String::new, |it| String::from_utf8_lossy(it.as_bytes()).into_owned()),
        );
    }
    out.push_str(template);
}
