//! What is known of an unknown value, in MessagePack.

use unicode_normalization::char::is_combining_mark;

use super::cursor::{Cursor, Token, at};
use super::decode::{number, text};
use super::encode::Out;
use super::{MAX_REFINEMENT, REFINED};
use crate::{Bound, Problem, Refinement, Type, Value};

// The keys of the map in an extension of code 12.
const NULLNESS: i64 = 1;
const PREFIX: i64 = 2;
const MIN: i64 = 3;
const MAX: i64 = 4;
const MIN_LENGTH: i64 = 5;
const MAX_LENGTH: i64 = 6;

/// The most bytes of a prefix that Terraform writes.
const MAX_PREFIX: usize = 256;

/// Reads the extension that stands for an unknown value. What is known of it and has a key that
/// is not one of ours is passed over.
pub(super) fn read_unknown(
    code: i8,
    content: &[u8],
    ty: &Type,
    offset: usize,
) -> Result<Value, Problem> {
    if code != REFINED || content.len() <= 1 || *ty == Type::Dynamic {
        return Ok(Value::unknown(ty.clone()));
    }
    if content.len() > MAX_REFINEMENT {
        let message = format!("is unknown, and what is known of it takes {} bytes", content.len());
        return Err(at(&message, offset));
    }
    let mut cursor = Cursor::new(content);
    let refinement = read(&mut cursor, ty).map_err(|it| {
        at(&format!("is unknown, and what is known of it can't be read: {it}"), offset)
    })?;
    Ok(match refinement {
        Some(refinement) => Value::refined(ty.clone(), refinement),
        None => Value::null(ty.clone()),
    })
}

/// Reads what is known; `None` if it is known to be null.
fn read(cursor: &mut Cursor<'_>, ty: &Type) -> Result<Option<Refinement>, Problem> {
    let mut refinement = Refinement::default();
    let mut is_null = false;
    let (Token::Map(length), _) = cursor.next()? else {
        return Err(at("must be a map", 0));
    };
    for _ in 0..length {
        let (key, offset) = integer(cursor)?;
        match (key, ty) {
            (NULLNESS, _) => match cursor.next()? {
                (Token::Bool(null), _) => {
                    is_null = null;
                    refinement.not_null = !null;
                }
                (_, offset) => return Err(at("must be a bool", offset)),
            },
            (PREFIX, Type::String) => match cursor.next()? {
                (Token::Text(bytes), offset) => {
                    // A value brings its text into normal form.
                    let prefix = Value::from(text(bytes, offset)?);
                    refinement.prefix = prefix.as_str().map(Into::into);
                }
                (_, offset) => return Err(at("must be a string", offset)),
            },
            (MIN, Type::Number) => refinement.min = Some(bound(cursor)?),
            (MAX, Type::Number) => refinement.max = Some(bound(cursor)?),
            (MIN_LENGTH, Type::List(_) | Type::Set(_) | Type::Map(_)) => {
                refinement.min_length = Some(length_bound(cursor)?);
            }
            (MAX_LENGTH, Type::List(_) | Type::Set(_) | Type::Map(_)) => {
                refinement.max_length = Some(length_bound(cursor)?);
            }
            (PREFIX | MIN | MAX | MIN_LENGTH | MAX_LENGTH, _) => {
                let message = format!("holds something that can't be known of {}", ty.friendly());
                return Err(at(&message, offset));
            }
            _ => cursor.skip()?,
        }
    }
    Ok((!is_null).then_some(refinement))
}

fn integer(cursor: &mut Cursor<'_>) -> Result<(i64, usize), Problem> {
    let (token, offset) = cursor.next()?;
    let found = match token {
        Token::Signed(it) => Some(it),
        Token::Unsigned(it) => i64::try_from(it).ok(),
        _ => None,
    };
    found.map(|it| (it, offset)).ok_or_else(|| at("must be an integer", offset))
}

fn length_bound(cursor: &mut Cursor<'_>) -> Result<u64, Problem> {
    let (length, offset) = integer(cursor)?;
    u64::try_from(length).map_err(|_| at("must not be less than 0", offset))
}

fn bound(cursor: &mut Cursor<'_>) -> Result<Bound, Problem> {
    let (token, offset) = cursor.next()?;
    if token != Token::Array(2) {
        return Err(at("must be a number and whether it is in the range", offset));
    }
    let (token, offset) = cursor.next()?;
    let number = number(token, offset)?;
    match cursor.next()? {
        (Token::Bool(inclusive), _) => Ok(Bound { number, inclusive }),
        (_, offset) => Err(at("must be a bool", offset)),
    }
}

/// Writes an unknown value of that type.
pub(super) fn write_unknown(ty: &Type, refinement: &Refinement, out: &mut Out) {
    let mut content = refined(ty, refinement);
    if content.len() > MAX_REFINEMENT {
        // Numbers of a thousand digits. To say less about a value is never wrong.
        let refinement = Refinement { min: None, max: None, ..refinement.clone() };
        content = refined(ty, &refinement);
    }
    if content.is_empty() {
        out.extension(0, &[0]);
    } else {
        out.extension(REFINED, &content);
    }
}

/// The content of the extension; empty if nothing is known that Terraform could read.
fn refined(ty: &Type, refinement: &Refinement) -> Vec<u8> {
    let mut out = Out::default();
    let mut entries = 0;
    let mut key = |key: i64, out: &mut Out| {
        entries += 1;
        out.integer(key);
    };
    if *ty != Type::Dynamic && refinement.not_null {
        key(NULLNESS, &mut out);
        out.bool(false);
    }
    match ty {
        Type::Number => {
            for (number, bound) in [(MIN, &refinement.min), (MAX, &refinement.max)] {
                if let Some(bound) = bound {
                    key(number, &mut out);
                    out.array(2);
                    out.number(&bound.number);
                    out.bool(bound.inclusive);
                }
            }
        }
        Type::String => {
            let prefix = refinement.prefix.as_deref().map_or("", short_prefix);
            if !prefix.is_empty() {
                key(PREFIX, &mut out);
                out.string(prefix);
            }
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            let lengths = [
                // At least none is true of every collection.
                (MIN_LENGTH, refinement.min_length.filter(|it| *it > 0)),
                (MAX_LENGTH, refinement.max_length),
            ];
            for (number, length) in lengths {
                if let Some(Ok(length)) = length.map(i64::try_from) {
                    key(number, &mut out);
                    out.integer(length);
                }
            }
        }
        Type::Bool | Type::Dynamic | Type::Tuple(_) | Type::Object(_) => {}
    }
    if entries == 0 {
        return Vec::new();
    }
    let mut content = Out::default();
    content.map(entries);
    content.bytes(&out.into_bytes());
    content.into_bytes()
}

/// The part of a prefix that is written. A long one is cut, and loses its last character with the
/// marks on it unless that is one which takes none, as the rest of the string could begin with a
/// mark.
fn short_prefix(prefix: &str) -> &str {
    if prefix.len() <= MAX_PREFIX {
        return prefix;
    }
    let cut = prefix.get(..prefix.floor_char_boundary(MAX_PREFIX - 1)).unwrap_or_default();
    let takes_none =
        |it: char| it == ' ' || it.is_ascii_punctuation() && !matches!(it, '<' | '=' | '>' | '`');
    if cut.ends_with(takes_none) {
        return cut;
    }
    let mut chars = cut.trim_end_matches(is_combining_mark).chars();
    chars.next_back();
    chars.as_str()
}
