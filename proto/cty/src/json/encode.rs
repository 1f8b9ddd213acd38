//! Values into JSON.

use super::types::type_to_json;
use super::write::write_string;
use crate::wire::{may_stand_for, mismatch, refuse_depth, refuse_mixed, refuse_optional};
use crate::{Kind, Path, Problem, Step, Type, Value};

/// Writes a value of type `ty` as Terraform does in its state: where `ty` has `any`, the value
/// stands in `{"value":…,"type":…}`. Marks are not written.
///
/// # Errors
///
/// If the value, or a part of it at the problem's path, is not of `ty`, or is unknown or infinite;
/// if it is nested more than [`MAX_DEPTH`](crate::spanned::MAX_DEPTH) deep; if `ty` declares
/// optional attributes.
pub fn encode(value: &Value, ty: &Type) -> Result<String, Problem> {
    refuse_optional(ty)?;
    let mut out = String::new();
    write(value, Some(ty), &mut out, 0)?;
    Ok(out)
}

/// Writes a value as Terraform's `jsonencode` does: without spaces, names in order, all the digits
/// of a number and no exponent. Marks are not written.
///
/// # Errors
///
/// If the value, or a part of it at the problem's path, is unknown or infinite; if it is nested
/// more than [`MAX_DEPTH`](crate::spanned::MAX_DEPTH) deep.
pub fn encode_plain(value: &Value) -> Result<String, Problem> {
    let mut out = String::new();
    write(value, None, &mut out, 0)?;
    Ok(out)
}

/// Writes a value of that type, or of whatever type it has.
fn write(value: &Value, ty: Option<&Type>, out: &mut String, depth: usize) -> Result<(), Problem> {
    refuse_depth(depth)?;
    if let Some(ty) = ty {
        refuse_mixed(value, ty)?;
    }
    match (value.kind(), ty) {
        (Kind::Unknown(_), _) => {
            let message = "is not known yet, and JSON has no form for unknown values";
            return Err(Problem::error(Path::root(), message));
        }
        (Kind::Null(Type::Dynamic), _) => out.push_str("null"),
        (_, Some(Type::Dynamic)) => {
            let own = value.ty();
            out.push_str("{\"value\":");
            write(value, Some(&own), out, depth + 1)?;
            out.push_str(",\"type\":");
            out.push_str(&type_to_json(&own));
            out.push('}');
        }
        (Kind::Null(own), ty) if ty.is_none_or(|ty| may_stand_for(own, ty)) => out.push_str("null"),
        (Kind::Bool(it), None | Some(Type::Bool)) => {
            out.push_str(if *it { "true" } else { "false" });
        }
        (Kind::Number(it), None | Some(Type::Number)) => {
            if it.is_infinite() {
                let message = "is infinite, and JSON has no form for infinite numbers";
                return Err(Problem::error(Path::root(), message));
            }
            out.push_str(&it.to_string());
        }
        (Kind::String(it), None | Some(Type::String)) => write_string(it, out),
        (Kind::List(own, elements), None | Some(Type::List(_)))
        | (Kind::Set(own, elements), None | Some(Type::Set(_)))
            if fits(own, ty, elements.is_empty()) =>
        {
            let ty = ty.and_then(Type::element);
            let mut separator = '[';
            for (i, it) in elements.iter().enumerate() {
                out.push(separator);
                separator = ',';
                let step = || match value.kind() {
                    Kind::Set(..) => Step::Element(Box::new(it.clone())),
                    _ => Step::Index(i),
                };
                write_part(it, ty, step, out, depth)?;
            }
            out.push_str(if separator == '[' { "[]" } else { "]" });
        }
        (Kind::Map(own, elements), None | Some(Type::Map(_)))
            if fits(own, ty, elements.is_empty()) =>
        {
            let ty = ty.and_then(Type::element);
            let mut separator = '{';
            for (key, it) in elements.iter() {
                write_key(&mut separator, key, out);
                write_part(it, ty, || Step::Key(key.clone()), out, depth)?;
            }
            out.push_str(if separator == '{' { "{}" } else { "}" });
        }
        (Kind::Tuple(elements), None | Some(Type::Tuple(_))) => {
            let types = match ty {
                Some(Type::Tuple(types)) if types.len() != elements.len() => {
                    let message =
                        format!("must have {} elements, not {}", types.len(), elements.len());
                    return Err(Problem::error(Path::root(), message));
                }
                Some(Type::Tuple(types)) => types,
                _ => &[][..],
            };
            let mut separator = '[';
            for (i, it) in elements.iter().enumerate() {
                out.push(separator);
                separator = ',';
                write_part(it, types.get(i), || Step::Index(i), out, depth)?;
            }
            out.push_str(if separator == '[' { "[]" } else { "]" });
        }
        (Kind::Object(attributes), None | Some(Type::Object(_))) => {
            if let Some(Type::Object(object)) = ty
                && let Some((name, _)) = object.iter().find(|(it, _)| !attributes.contains_key(it))
            {
                let path = Path::root().attribute(name.clone());
                return Err(Problem::error(path, "is missing"));
            }
            let mut separator = '{';
            for (name, it) in attributes.iter() {
                let ty = match ty {
                    Some(Type::Object(object)) => Some(
                        &object
                            .get(name)
                            .ok_or_else(|| {
                                let path = Path::root().attribute(name.clone());
                                Problem::error(path, "is no attribute of this object")
                            })?
                            .ty,
                    ),
                    _ => None,
                };
                write_key(&mut separator, name, out);
                write_part(it, ty, || Step::Attribute(name.clone()), out, depth)?;
            }
            out.push_str(if separator == '{' { "{}" } else { "}" });
        }
        (
            Kind::Null(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Map(..)
            | Kind::Tuple(_)
            | Kind::Object(_),
            ty,
        ) => return Err(mismatch(value, ty.unwrap_or(&Type::Dynamic))),
    }
    Ok(())
}

/// Whether a collection may be written as one of `ty`: if it is empty, nothing but its element
/// type says so.
fn fits(own: &Type, ty: Option<&Type>, is_empty: bool) -> bool {
    !is_empty || ty.and_then(Type::element).is_none_or(|ty| may_stand_for(own, ty))
}

fn write_key(separator: &mut char, key: &str, out: &mut String) {
    out.push(*separator);
    *separator = ',';
    write_string(key, out);
    out.push(':');
}

fn write_part(
    value: &Value,
    ty: Option<&Type>,
    step: impl Fn() -> Step,
    out: &mut String,
    depth: usize,
) -> Result<(), Problem> {
    write(value, ty, out, depth + 1).map_err(|it| it.under(&Path::root().then(step())))
}
