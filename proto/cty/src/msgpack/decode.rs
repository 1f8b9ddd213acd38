//! Values out of MessagePack.

use std::sync::Arc;

use super::cursor::{Cursor, Token, at};
use super::refinement::read_unknown;
use crate::json::type_from_json;
use crate::wire::{Attributes, keyed, refuse_depth, refuse_optional, uniform};
use crate::{Number, ObjectType, Path, Problem, Type, Value};

/// Reads a value of type `ty`.
///
/// An object must have exactly the type's attributes; a set's elements may come in any order. Where
/// `ty` has `any`, the value's type is the one that the message names. Of a collection with `any`
/// in its element type, all the elements must have one type.
///
/// # Errors
///
/// If the message is broken, goes on behind the value, is nested more than
/// [`MAX_DEPTH`](crate::spanned::MAX_DEPTH) deep, or holds no value of `ty`; also if `ty` declares
/// optional attributes. The path is that of the part; an element of a set is named by its place in
/// the message. The message names the byte.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Problem> {
    refuse_optional(ty)?;
    let mut cursor = Cursor::new(bytes);
    let value = value(&mut cursor, ty, 0)?;
    cursor.end()?;
    Ok(value)
}

fn value(cursor: &mut Cursor<'_>, ty: &Type, depth: usize) -> Result<Value, Problem> {
    refuse_depth(depth)?;
    let (token, offset) = cursor.next()?;
    match (ty, token) {
        (_, Token::Nil) => Ok(Value::null(ty.clone())),
        (_, Token::Extension(code, content)) => read_unknown(code, content, ty, offset),
        (Type::Dynamic, Token::Array(2)) => dynamic(cursor, depth),
        (Type::Bool, Token::Bool(it)) => Ok(it.into()),
        (Type::Number, token) => number(token, offset).map(Value::from),
        (Type::String, Token::Text(bytes)) => Ok(text(bytes, offset)?.into()),
        (Type::List(ty), Token::Array(length)) => {
            let (ty, elements) = uniform(ty, row(cursor, ty, length, depth)?)?;
            Ok(Value::list(ty, elements))
        }
        (Type::Set(ty), Token::Array(length)) => {
            let (ty, elements) = uniform(ty, row(cursor, ty, length, depth)?)?;
            Ok(Value::set(ty, elements))
        }
        (Type::Map(ty), Token::Map(length)) => map(cursor, ty, length, depth),
        (Type::Tuple(types), Token::Array(length)) => tuple(cursor, types, length, depth, offset),
        (Type::Object(object_type), Token::Map(length)) => {
            object(cursor, object_type, length, depth, offset)
        }
        (Type::Dynamic, _) => Err(at("must be a type and a value", offset)),
        (
            Type::Bool
            | Type::String
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            token,
        ) => Err(at(&format!("must be {}, not {}", ty.friendly(), friendly(token)), offset)),
    }
}

fn dynamic(cursor: &mut Cursor<'_>, depth: usize) -> Result<Value, Problem> {
    let (Token::Text(json), offset) = cursor.next()? else {
        return Err(Problem::error(Path::root(), "must name its type before its value"));
    };
    let of_type = |it: Problem| at(&format!("has a type that can't be read: {it}"), offset);
    let ty = type_from_json(json).map_err(of_type)?;
    refuse_optional(&ty).map_err(of_type)?;
    value(cursor, &ty, depth + 1)
}

/// Reads a number: an integer, a float, or the text of one that is neither exactly.
pub(super) fn number(token: Token<'_>, offset: usize) -> Result<Number, Problem> {
    match token {
        Token::Signed(it) => Ok(it.into()),
        Token::Unsigned(it) => Ok(it.into()),
        Token::Float(it) => {
            Number::from_f64(it).ok_or_else(|| at("must be number, not NaN", offset))
        }
        Token::Text(bytes) => {
            let text = text(bytes, offset)?;
            text.parse().map_err(|_| at(&format!("must be number, not {text:?}"), offset))
        }
        Token::Nil | Token::Bool(_) | Token::Array(_) | Token::Map(_) | Token::Extension(..) => {
            Err(at(&format!("must be number, not {}", friendly(token)), offset))
        }
    }
}

/// Reads the text of a string.
pub(super) fn text(bytes: &[u8], offset: usize) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|_| at("must be text in UTF-8", offset))
}

fn row(
    cursor: &mut Cursor<'_>,
    ty: &Type,
    length: u32,
    depth: usize,
) -> Result<Vec<Value>, Problem> {
    let mut elements = Vec::new();
    for i in 0..usize::try_from(length).unwrap_or(usize::MAX) {
        let element = value(cursor, ty, depth + 1);
        elements.push(element.map_err(|it| it.under(&Path::root().index(i)))?);
    }
    Ok(elements)
}

fn map(cursor: &mut Cursor<'_>, ty: &Type, length: u32, depth: usize) -> Result<Value, Problem> {
    let mut keys: Vec<Arc<str>> = Vec::new();
    let mut elements = Vec::new();
    for _ in 0..length {
        let key: Arc<str> = key(cursor)?.into();
        let element = value(cursor, ty, depth + 1);
        elements.push(element.map_err(|it| it.under(&Path::root().key(key.clone())))?);
        keys.push(key);
    }
    let (ty, elements) = uniform(ty, elements).map_err(|it| keyed(it, &keys))?;
    Ok(Value::map(ty, keys.into_iter().zip(elements)))
}

fn tuple(
    cursor: &mut Cursor<'_>,
    types: &[Type],
    length: u32,
    depth: usize,
    offset: usize,
) -> Result<Value, Problem> {
    if usize::try_from(length) != Ok(types.len()) {
        let message = format!("must have {} elements, not {length}", types.len());
        return Err(at(&message, offset));
    }
    let mut elements = Vec::with_capacity(types.len());
    for (i, ty) in types.iter().enumerate() {
        let element = value(cursor, ty, depth + 1);
        elements.push(element.map_err(|it| it.under(&Path::root().index(i)))?);
    }
    Ok(Value::tuple(elements))
}

fn object(
    cursor: &mut Cursor<'_>,
    ty: &ObjectType,
    length: u32,
    depth: usize,
    offset: usize,
) -> Result<Value, Problem> {
    let mut attributes = Attributes::of(ty);
    for _ in 0..length {
        let name = key(cursor)?;
        let path = || Path::root().attribute(name);
        let Some((name, ty)) = attributes.named(name) else {
            return Err(at("is no attribute of this object", offset).under(&path()));
        };
        let it = value(cursor, ty, depth + 1).map_err(|it| it.under(&path()))?;
        attributes.add(name, it);
    }
    attributes.object(|name, _| {
        Err(at("is missing", offset).under(&Path::root().attribute(name.clone())))
    })
}

fn key<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Problem> {
    match cursor.next()? {
        (Token::Text(bytes), offset) => text(bytes, offset),
        (token, offset) => {
            Err(at(&format!("has a key that is no string but {}", friendly(token)), offset))
        }
    }
}

fn friendly(token: Token<'_>) -> &'static str {
    match token {
        Token::Nil => "null",
        Token::Bool(_) => "a bool",
        Token::Signed(_) | Token::Unsigned(_) | Token::Float(_) => "a number",
        Token::Text(_) => "a string",
        Token::Array(_) => "a list",
        Token::Map(_) => "a map",
        Token::Extension(..) => "an unknown value",
    }
}
