//! Between what was read and what was said before: the spelling of the user's stays.

use stanchion_cty::schema::{Block, decode_object};
use stanchion_cty::{Kind, Path, Value};

use crate::NotKnown;

/// What was read, with each of its parts as the prior has it, wherever that comes to the same in the
/// document. `said` is what stands in the document.
pub(super) fn settle<B: Block + Clone, T: PartialEq>(
    prior: Option<&B>,
    read: B,
    said: impl Fn(&B) -> Result<T, NotKnown>,
) -> B {
    let (Some(prior), Ok(wanted)) = (prior, said(&read)) else { return read };
    let is_same = |it: &B| said(it).is_ok_and(|it| it == wanted);
    if is_same(prior) {
        return prior.clone();
    }
    let decode = |value: &Value| decode_object::<B>(value, &Path::root()).ok();
    let holds = |value: &Value| decode(value).is_some_and(|it| is_same(&it));
    decode(&nearest(&prior.encode_value(), &read.encode_value(), &holds)).unwrap_or(read)
}

/// The value that `holds` and has as much of the prior as it can: whole parts first, then parts of them.
fn nearest(prior: &Value, read: &Value, holds: &dyn Fn(&Value) -> bool) -> Value {
    if prior == read || holds(prior) {
        return prior.clone();
    }
    match (prior.kind(), read.kind()) {
        (Kind::Object(before), Kind::Object(now)) => {
            let mut value = read.clone();
            for (name, it) in now.iter() {
                let Some(before) = before.get(name) else { continue };
                let with = |part: &Value| {
                    let Kind::Object(all) = value.kind() else { return value.clone() };
                    Value::object(all.iter().map(|(key, it)| {
                        (key.clone(), if key == name { part.clone() } else { it.clone() })
                    }))
                };
                let part = nearest(before, it, &|part| holds(&with(part)));
                value = with(&part);
            }
            value
        }
        (Kind::Map(ty, before), Kind::Map(_, now)) => {
            let mut value = read.clone();
            for (name, it) in now.iter() {
                let Some(before) = before.get(name) else { continue };
                let with = |part: &Value| {
                    let Kind::Map(_, all) = value.kind() else { return value.clone() };
                    Value::map(
                        ty.clone(),
                        all.iter().map(|(key, it)| {
                            (key.clone(), if key == name { part.clone() } else { it.clone() })
                        }),
                    )
                };
                let part = nearest(before, it, &|part| holds(&with(part)));
                value = with(&part);
            }
            value
        }
        (Kind::List(ty, before), Kind::List(_, now)) if before.len() == now.len() => {
            let mut parts = now.to_vec();
            for (i, before) in before.iter().enumerate() {
                let with = |part: &Value| {
                    let mut all = parts.clone();
                    if let Some(it) = all.get_mut(i) {
                        *it = part.clone();
                    }
                    Value::list(ty.clone(), all)
                };
                let part = nearest(before, &now[i], &|part| holds(&with(part)));
                parts[i] = part;
            }
            Value::list(ty.clone(), parts)
        }
        _ => read.clone(),
    }
}
