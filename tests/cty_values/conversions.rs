//! Expressions that convert values or bring them to a common type.

use std::sync::Arc;

use stanchion_cty::{Kind, Number, ObjectType, Type, Value, convert, unify};

use crate::oracle::Case;
use crate::random::Random;

const NAMES: &[&str] = &["a", "b", "c"];

/// A value and a type to convert it to, which often fits.
pub(crate) fn conversion(random: &mut Random) -> Case {
    let (text, value) = value(random, 3);
    if random.one_in(5) {
        let (name, to) = random
            .pick(&[
                ("tostring", Type::String),
                ("tonumber", Type::Number),
                ("tobool", Type::Bool),
                ("tolist", Type::list(Type::Dynamic)),
                ("toset", Type::set(Type::Dynamic)),
                ("tomap", Type::map(Type::Dynamic)),
            ])
            .clone();
        return Case::new(format!("{name}({text})"), convert(&value, &to).ok());
    }
    let to = target(random, &value.ty());
    Case::new(format!("convert({text}, {to})"), convert(&value, &to).ok())
}

/// The default of a variable with a type; `None` if it does not fit.
pub(crate) fn variable(random: &mut Random, name: &str) -> Option<Case> {
    let (text, value) = value(random, 3);
    let to = target(random, &value.ty());
    let ours = convert(&value, &to).ok()?;
    // A default calls no function.
    (!text.contains('(')).then(|| Case::variable(name, &to, &text, ours))
}

/// One of two values, which get their common type.
pub(crate) fn choice(random: &mut Random) -> Case {
    let (first, a) = not_null(random);
    let (second, b) = loop {
        let (text, it) = if random.one_in(6) { value(random, 3) } else { like(random, &a) };
        if !it.is_null() {
            break (text, it);
        }
    };
    // Only the side that is taken is converted.
    let take_first = random.one_in(2);
    let common = unify(&[a.ty(), b.ty()]);
    let ours = common.and_then(|it| it.apply(if take_first { &a } else { &b }).ok());
    Case::new(format!("{take_first} ? {first} : {second}"), ours)
}

/// The elements of a set in its order.
pub(crate) fn set(random: &mut Random) -> Case {
    let depth = random.below(3);
    let (text, first) = value(random, depth);
    let mut texts = vec![text];
    let mut values = vec![first];
    for _ in 0..random.below(6) {
        let (text, it) = like(random, &values[0]);
        texts.push(text);
        values.push(it);
    }
    let ours = convert(&Value::tuple(values), &Type::set(Type::Dynamic)).ok();
    let ours = ours.map(|it| Value::tuple(it.parts().cloned()));
    Case::new(format!("[for it in toset([{}]) : it]", texts.join(", ")), ours)
}

fn not_null(random: &mut Random) -> (String, Value) {
    loop {
        let (text, it) = value(random, 3);
        if !it.is_null() {
            return (text, it);
        }
    }
}

fn value(random: &mut Random, depth: usize) -> (String, Value) {
    let kinds = if depth == 0 { 7 } else { 15 };
    match random.below(kinds) {
        0 => ("null".to_owned(), Value::null(Type::Dynamic)),
        1 => {
            let it = random.one_in(2);
            (it.to_string(), it.into())
        }
        2 | 3 => {
            let text = *random.pick(&[
                "0",
                "1",
                "7",
                "10",
                "-2",
                "1.5",
                "0.1",
                "12345678901",
                "12345678902",
            ]);
            let number = Number::parse(text).unwrap_or(Number::ZERO);
            (text.to_owned(), number.into())
        }
        4..=6 => {
            let text = *random.pick(&[
                "", "a", "b", "B", "true", "false", "True", "0", "1", "12", "1e2", "ä", "\\n",
            ]);
            (format!("\"{text}\""), text.replace("\\n", "\n").into())
        }
        7..=9 => tuple(random, depth),
        10..=12 => object(random, depth),
        _ => {
            let (text, it) =
                if random.one_in(3) { object(random, depth) } else { tuple(random, depth) };
            typed(random, text, it)
        }
    }
}

/// The tuple or object as a list, a set or a map, if it can be one.
fn typed(random: &mut Random, text: String, value: Value) -> (String, Value) {
    let (name, to) = match value.kind() {
        Kind::Object(_) => ("tomap", Type::map(Type::Dynamic)),
        _ if random.one_in(2) => ("toset", Type::set(Type::Dynamic)),
        _ => ("tolist", Type::list(Type::Dynamic)),
    };
    match convert(&value, &to) {
        Ok(it) => (format!("{name}({text})"), it),
        Err(_) => (text, value),
    }
}

fn tuple(random: &mut Random, depth: usize) -> (String, Value) {
    let count = random.below(4);
    let alike = random.one_in(2);
    let mut parts: Vec<(String, Value)> = Vec::new();
    for _ in 0..count {
        let part = match parts.first() {
            Some((_, first)) if alike => like(random, &first.clone()),
            _ => value(random, depth - 1),
        };
        parts.push(part);
    }
    let (texts, values): (Vec<String>, Vec<Value>) = parts.into_iter().unzip();
    (format!("[{}]", texts.join(", ")), Value::tuple(values))
}

fn object(random: &mut Random, depth: usize) -> (String, Value) {
    let names: Vec<&str> = NAMES.iter().copied().filter(|_| !random.one_in(3)).collect();
    let parts: Vec<(String, Value)> = names.iter().map(|_| value(random, depth - 1)).collect();
    let texts: Vec<String> =
        names.iter().zip(&parts).map(|(name, (text, _))| format!("{name} = {text}")).collect();
    let attributes = names.into_iter().zip(parts.into_iter().map(|(_, it)| it));
    (format!("{{{}}}", texts.join(", ")), Value::object(attributes))
}

/// A value that is of the same type, or nearly.
fn like(random: &mut Random, model: &Value) -> (String, Value) {
    match model.kind() {
        Kind::Tuple(it) => {
            let parts = it.iter().map(|it| like(random, it));
            let (texts, values): (Vec<String>, Vec<Value>) = parts.unzip();
            (format!("[{}]", texts.join(", ")), Value::tuple(values))
        }
        Kind::Object(it) => {
            let parts: Vec<(&str, (String, Value))> =
                it.iter().map(|(name, it)| (&**name, like(random, it))).collect();
            let texts: Vec<String> =
                parts.iter().map(|(name, (text, _))| format!("{name} = {text}")).collect();
            let attributes = parts.into_iter().map(|(name, (_, it))| (name, it));
            (format!("{{{}}}", texts.join(", ")), Value::object(attributes))
        }
        Kind::List(_, it) | Kind::Set(_, it) => {
            let (text, it) = like(random, &Value::tuple(it.iter().cloned()));
            typed(random, text, it)
        }
        Kind::Map(_, it) => {
            let attributes = it.iter().map(|(name, it)| (name.clone(), it.clone()));
            let (text, it) = like(random, &Value::object(attributes));
            typed(random, text, it)
        }
        _ => loop {
            let (text, it) = value(random, 0);
            if random.one_in(9) || it.ty() == model.ty() || !model.ty().is_primitive() {
                return (text, it);
            }
        },
    }
}

/// A type near to one: what a value of it can often be converted to.
fn target(random: &mut Random, from: &Type) -> Type {
    if random.one_in(12) {
        return random
            .pick(&[Type::Dynamic, Type::String, Type::Number, Type::list(Type::Dynamic)])
            .clone();
    }
    match from {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => match random.below(10) {
            0 => Type::Number,
            1 => Type::Bool,
            2 => Type::Dynamic,
            _ => Type::String,
        },
        Type::List(it) | Type::Set(it) => {
            let element = target(random, it);
            if random.one_in(2) { Type::list(element) } else { Type::set(element) }
        }
        Type::Map(it) => {
            let element = target(random, it);
            if random.one_in(2) {
                return Type::map(element);
            }
            let names = NAMES.iter().filter(|_| random.one_in(2)).collect::<Vec<_>>();
            let attributes = names.into_iter().map(|it| ((*it).into(), element.clone(), true));
            Type::Object(Arc::new(ObjectType::new(attributes)))
        }
        Type::Tuple(it) => match (random.below(4), it.first()) {
            (0, _) => Type::tuple(it.iter().map(|it| target(random, it)).collect::<Vec<_>>()),
            (kind, first) => {
                let element = first.map_or(Type::String, |it| target(random, it));
                if kind == 1 { Type::set(element) } else { Type::list(element) }
            }
        },
        Type::Object(it) => {
            if random.one_in(3) {
                let element =
                    it.iter().next().map_or(Type::String, |(_, it)| target(random, &it.ty));
                return Type::map(element);
            }
            let mut attributes: Vec<(Arc<str>, Type, bool)> = Vec::new();
            for (name, it) in it.iter() {
                if !random.one_in(5) {
                    attributes.push((name.clone(), target(random, &it.ty), random.one_in(3)));
                }
            }
            if random.one_in(3) {
                attributes.push(("d".into(), target(random, from), !random.one_in(9)));
            }
            Type::Object(Arc::new(ObjectType::new(attributes)))
        }
    }
}
