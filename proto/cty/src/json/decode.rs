//! Values out of JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parse::parse;
use super::types::type_from_node;
use crate::spanned::{Data, Entry, Node};
use crate::wire::{Attributes, keyed, refuse_optional, uniform};
use crate::{Number, ObjectType, Path, Problem, Type, Value};

/// Reads a value of type `ty` from JSON, as Terraform does from its state.
///
/// Where `ty` has `any`, the value stands in `{"value":…,"type":…}`. An attribute that is left out
/// is null. A number may stand in quotes, and a string may be written as a number or a bool, whose
/// text it then is. Of two equal keys the last holds.
///
/// # Errors
///
/// If it is no JSON (the message names line and column), or holds no value of `ty` (the path is
/// that of the part; an element of a set is named by its place in the text), or names an attribute
/// that `ty` lacks; also if `ty` declares optional attributes.
pub fn decode(json: &str, ty: &Type) -> Result<Value, Problem> {
    decode_node(&parse(json)?, ty)
}

/// As [`decode`], from JSON that has been read already.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_node(node: &Node, ty: &Type) -> Result<Value, Problem> {
    refuse_optional(ty)?;
    Decoder { dropped: None }.value(node, ty, &Path::root())
}

/// As [`decode`], but attributes that `ty` lacks are dropped, wherever they are: a state may have
/// been written when the schema still had them. Gives the value, and the paths of what was
/// dropped.
///
/// # Errors
///
/// As [`decode`], but for attributes that `ty` lacks.
pub fn decode_lenient(json: &str, ty: &Type) -> Result<(Value, Vec<Path>), Problem> {
    refuse_optional(ty)?;
    let mut decoder = Decoder { dropped: Some(Vec::new()) };
    let value = decoder.value(&parse(json)?, ty, &Path::root())?;
    Ok((value, decoder.dropped.unwrap_or_default()))
}

/// Reads a value whose type the JSON itself implies, as Terraform's `jsondecode` does: lists become
/// tuples, maps become objects, and `null` has any type. Of two equal keys the last holds.
///
/// # Errors
///
/// If it is no JSON, or if two equal keys hold values of different types.
pub fn decode_implied(json: &str) -> Result<Value, Problem> {
    implied(&parse(json)?)
}

/// As [`decode_implied`], from a tree that has been read already; from YAML as well.
///
/// # Errors
///
/// If two equal keys hold values of different types.
pub fn implied(node: &Node) -> Result<Value, Problem> {
    match &node.data {
        Data::Null => Ok(Value::null(Type::Dynamic)),
        Data::Bool(it) => Ok(Value::from(*it)),
        Data::Number { number, .. } => Ok(Value::from(number.clone())),
        Data::String(it) => Ok(Value::string(it.clone())),
        Data::List(items) => items
            .iter()
            .enumerate()
            .map(|(i, it)| implied(it).map_err(|it| it.under(&Path::root().index(i))))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::tuple),
        Data::Map(entries) => {
            let mut attributes: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            for Entry { key, value, .. } in entries {
                let path = || Path::root().attribute(key.clone());
                let it = implied(value).map_err(|it| it.under(&path()))?;
                let ty = it.ty();
                if attributes.insert(key.clone(), it).is_some_and(|it| it.ty() != ty) {
                    let message = "is there twice, with values of different types";
                    return Err(Problem::error(path(), message));
                }
            }
            Ok(Value::object(attributes))
        }
        Data::Tagged { tag, .. } => {
            let message = format!("is under the tag {tag}, which means nothing to Terraform");
            Err(Problem::error(Path::root(), message))
        }
    }
}

/// Reads values; the paths go down with it, as dropped attributes need them anyway.
struct Decoder {
    /// Where attributes were dropped; `None` if that is an error.
    dropped: Option<Vec<Path>>,
}

impl Decoder {
    fn value(&mut self, node: &Node, ty: &Type, path: &Path) -> Result<Value, Problem> {
        match (ty, &node.data) {
            (_, Data::Null) => Ok(Value::null(ty.clone())),
            (Type::Dynamic, _) => self.dynamic(node, path),
            (Type::Bool, Data::Bool(it)) => Ok(Value::from(*it)),
            (Type::Bool, Data::String(it)) => match &**it {
                "true" | "1" => Ok(Value::from(true)),
                "false" | "0" => Ok(Value::from(false)),
                _ => Err(must_be(ty, node, path)),
            },
            (Type::Number, Data::Number { number, .. }) => Ok(Value::from(number.clone())),
            (Type::Number, Data::String(text)) => match text.parse::<Number>() {
                Ok(it) => Ok(Value::from(it)),
                Err(_) => Err(must_be(ty, node, path)),
            },
            (Type::String, Data::String(it)) => Ok(Value::string(it.clone())),
            (Type::String, Data::Number { text, .. }) => Ok(Value::string(text.clone())),
            (Type::String, Data::Bool(it)) => Ok(Value::from(if *it { "true" } else { "false" })),
            (Type::List(ty), Data::List(items)) => {
                let (ty, elements) = self.row(items, ty, path)?;
                Ok(Value::list(ty, elements))
            }
            (Type::Set(ty), Data::List(items)) => {
                let (ty, elements) = self.row(items, ty, path)?;
                Ok(Value::set(ty, elements))
            }
            (Type::Map(ty), Data::Map(entries)) => self.map(entries, ty, path),
            (Type::Tuple(types), Data::List(items)) => {
                if items.len() != types.len() {
                    let message =
                        format!("must have {} elements, not {}", types.len(), items.len());
                    return Err(Problem::error(path.clone(), message));
                }
                let elements = items.iter().zip(&**types).enumerate();
                elements
                    .map(|(i, (it, ty))| self.value(it, ty, &path.index(i)))
                    .collect::<Result<Vec<_>, _>>()
                    .map(Value::tuple)
            }
            (Type::Object(object), Data::Map(entries)) => self.object(entries, object, path),
            (
                Type::Bool
                | Type::Number
                | Type::String
                | Type::List(_)
                | Type::Set(_)
                | Type::Map(_)
                | Type::Tuple(_)
                | Type::Object(_),
                _,
            ) => Err(must_be(ty, node, path)),
        }
    }

    fn dynamic(&mut self, node: &Node, path: &Path) -> Result<Value, Problem> {
        let wrong = |message: &str| Err(Problem::error(path.clone(), message));
        let (Some(ty), Some(value)) = (node.get("type"), node.get("value")) else {
            return wrong("must be an object of `type` and `value`");
        };
        if let Some(it) = node.entries().iter().find(|it| !matches!(&*it.key, "type" | "value")) {
            return wrong(&format!("must have `type` and `value` only, not {:?}", it.key));
        }
        let of_type = |it: Problem| {
            Problem::error(path.clone(), format!("has a type that can't be read: {it}"))
        };
        let ty = type_from_node(ty).map_err(of_type)?;
        refuse_optional(&ty).map_err(of_type)?;
        // What a value says of its own type was true when it was written: nothing is dropped.
        let dropped = self.dropped.take();
        let value = self.value(value, &ty, path);
        self.dropped = dropped;
        value
    }

    fn row(
        &mut self,
        items: &[Node],
        ty: &Type,
        path: &Path,
    ) -> Result<(Type, Vec<Value>), Problem> {
        let elements = items.iter().enumerate();
        let elements: Result<Vec<_>, _> =
            elements.map(|(i, it)| self.value(it, ty, &path.index(i))).collect();
        uniform(ty, elements?).map_err(|it| it.under(path))
    }

    fn map(&mut self, entries: &[Entry], ty: &Type, path: &Path) -> Result<Value, Problem> {
        let mut keys: Vec<Arc<str>> = Vec::with_capacity(entries.len());
        let mut elements = Vec::with_capacity(entries.len());
        for it in entries {
            elements.push(self.value(&it.value, ty, &path.key(it.key.clone()))?);
            keys.push(it.key.clone());
        }
        let (ty, elements) = uniform(ty, elements).map_err(|it| keyed(it, &keys).under(path))?;
        Ok(Value::map(ty, keys.into_iter().zip(elements)))
    }

    fn object(
        &mut self,
        entries: &[Entry],
        object: &ObjectType,
        path: &Path,
    ) -> Result<Value, Problem> {
        let mut attributes = Attributes::of(object);
        for Entry { key, value, .. } in entries {
            let path = path.attribute(key.clone());
            match (attributes.named(key), &mut self.dropped) {
                (Some((name, ty)), _) => attributes.add(name, self.value(value, ty, &path)?),
                (None, Some(dropped)) => dropped.push(path),
                (None, None) => {
                    return Err(Problem::error(path, "is no attribute of this object"));
                }
            }
        }
        attributes.object(|_, ty| Ok(Value::null(ty.clone())))
    }
}

fn must_be(ty: &Type, node: &Node, path: &Path) -> Problem {
    let message = format!("must be {}, not {}", ty.friendly(), node.data.friendly());
    Problem::error(path.clone(), message)
}
