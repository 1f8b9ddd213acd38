//! Values into MessagePack.

use rmp::encode;

use super::refinement::write_unknown;
use crate::json::type_to_json;
use crate::wire::{may_stand_for, mismatch, refuse_depth, refuse_mixed, refuse_optional};
use crate::{Entries, Kind, Number, ObjectType, Path, Problem, Refinement, Step, Type, Value};

/// Writes a value of type `ty`.
///
/// The bytes are those that Terraform writes, so equal values have equal bytes. Marks, origins and
/// symbols are not written. Where `ty` has `any`, the value's own type is written with it.
///
/// # Errors
///
/// If the value, or a part of it at the problem's path, is not of `ty`; if it is nested more than
/// [`MAX_DEPTH`](crate::spanned::MAX_DEPTH) deep, or has 2³² bytes or elements in one place; if
/// `ty` declares optional attributes.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, Problem> {
    refuse_optional(ty)?;
    let mut out = Out::default();
    write(value, ty, &mut out, 0)?;
    if out.is_too_long {
        return Err(Problem::error(Path::root(), "has a part of 4 GiB or more"));
    }
    Ok(out.into_bytes())
}

fn write(value: &Value, ty: &Type, out: &mut Out, depth: usize) -> Result<(), Problem> {
    refuse_depth(depth)?;
    refuse_mixed(value, ty)?;
    match (value.kind(), ty) {
        (Kind::Null(Type::Dynamic), _) => out.nil(),
        (Kind::Unknown(it), _) if it.ty == Type::Dynamic => {
            write_unknown(ty, &Refinement::default(), out);
        }
        (_, Type::Dynamic) => {
            let own = value.ty();
            out.array(2);
            out.binary(type_to_json(&own).as_bytes());
            write(value, &own, out, depth + 1)?;
        }
        (Kind::Null(own), _) if may_stand_for(own, ty) => out.nil(),
        (Kind::Unknown(it), _) if may_stand_for(&it.ty, ty) => {
            write_unknown(ty, &it.refinement, out)
        }
        (Kind::Bool(it), Type::Bool) => out.bool(*it),
        (Kind::Number(it), Type::Number) => out.number(it),
        (Kind::String(it), Type::String) => out.string(it),
        (Kind::List(own, elements), Type::List(ty)) | (Kind::Set(own, elements), Type::Set(ty))
            if !elements.is_empty() || may_stand_for(own, ty) =>
        {
            out.array(elements.len());
            for (i, it) in elements.iter().enumerate() {
                let step = || match value.kind() {
                    Kind::Set(..) => Step::Element(Box::new(it.clone())),
                    _ => Step::Index(i),
                };
                write_part(it, ty, step, out, depth)?;
            }
        }
        (Kind::Map(own, elements), Type::Map(ty))
            if !elements.is_empty() || may_stand_for(own, ty) =>
        {
            out.map(elements.len());
            for (key, it) in elements.iter() {
                out.string(key);
                write_part(it, ty, || Step::Key(key.clone()), out, depth)?;
            }
        }
        (Kind::Tuple(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            out.array(elements.len());
            for (i, (it, ty)) in elements.iter().zip(&**types).enumerate() {
                write_part(it, ty, || Step::Index(i), out, depth)?;
            }
        }
        (Kind::Object(attributes), Type::Object(object)) => {
            if !attributes.keys().eq(object.iter().map(|(name, _)| name)) {
                return Err(other_attributes(attributes, object));
            }
            out.map(object.len());
            for ((name, it), (_, wanted)) in attributes.iter().zip(object.iter()) {
                out.string(name);
                write_part(it, &wanted.ty, || Step::Attribute(name.clone()), out, depth)?;
            }
        }
        (
            Kind::Null(_)
            | Kind::Unknown(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Map(..)
            | Kind::Tuple(_)
            | Kind::Object(_),
            _,
        ) => return Err(mismatch(value, ty)),
    }
    Ok(())
}

/// Says which attribute is there although the type has none of that name, or is missing.
fn other_attributes(attributes: &Entries, object: &ObjectType) -> Problem {
    let other = attributes.keys().find(|it| object.get(it).is_none());
    let missing = object.iter().map(|(name, _)| name).find(|it| !attributes.contains_key(it));
    let (name, message) = match other {
        Some(it) => (Some(it), "is no attribute of this object"),
        None => (missing, "is missing"),
    };
    Problem::error(name.map(|it| Path::root().attribute(it.clone())).unwrap_or_default(), message)
}

fn write_part(
    value: &Value,
    ty: &Type,
    step: impl Fn() -> Step,
    out: &mut Out,
    depth: usize,
) -> Result<(), Problem> {
    write(value, ty, out, depth + 1).map_err(|it| it.under(&Path::root().then(step())))
}

/// A message that is being written.
#[derive(Default)]
pub(super) struct Out {
    bytes: Vec<u8>,
    /// Whether something was longer than a message can say.
    is_too_long: bool,
}

impl Out {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn nil(&mut self) {
        done(encode::write_nil(&mut self.bytes));
    }

    pub(super) fn bool(&mut self, it: bool) {
        done(encode::write_bool(&mut self.bytes, it));
    }

    pub(super) fn integer(&mut self, it: i64) {
        done(encode::write_sint(&mut self.bytes, it));
    }

    /// Writes an integer or a float if it holds the number exactly, else its text. Terraform writes
    /// no integer as a float, however well it fits.
    pub(super) fn number(&mut self, number: &Number) {
        if let Some(it) = number.to_i64() {
            self.integer(it);
        } else if let Some(it) = number.to_f64().filter(|_| !number.is_integer()) {
            done(encode::write_f64(&mut self.bytes, it));
        } else {
            self.string(&number.to_string());
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        let length = self.length(text.len());
        done(encode::write_str_len(&mut self.bytes, length));
        self.bytes(text.as_bytes());
    }

    pub(super) fn binary(&mut self, bytes: &[u8]) {
        let length = self.length(bytes.len());
        done(encode::write_bin_len(&mut self.bytes, length));
        self.bytes(bytes);
    }

    pub(super) fn array(&mut self, length: usize) {
        let length = self.length(length);
        done(encode::write_array_len(&mut self.bytes, length));
    }

    pub(super) fn map(&mut self, length: usize) {
        let length = self.length(length);
        done(encode::write_map_len(&mut self.bytes, length));
    }

    pub(super) fn extension(&mut self, code: i8, content: &[u8]) {
        let length = self.length(content.len());
        done(encode::write_ext_meta(&mut self.bytes, length, code));
        self.bytes(content);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn length(&mut self, length: usize) -> u32 {
        u32::try_from(length).unwrap_or_else(|_| {
            self.is_too_long = true;
            u32::MAX
        })
    }
}

/// Takes note that something was written: a vector in memory takes every byte.
fn done<T, E>(_: Result<T, E>) {}
