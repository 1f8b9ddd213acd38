//! The common type of several types, as Terraform finds it.
//!
//! It is what the two sides of a conditional expression become, and the elements of a tuple that
//! becomes a list. What is decided follows go-cty's `convert/unify.go`.

mod order;

use std::collections::HashSet;
use std::sync::Arc;

use crate::convert::{plan, run};
use crate::{Kind, ObjectType, Path, Problem, Type, Value, convert};

/// The common type of several, to which values of each can be brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unified {
    ty: Type,
    open: bool,
    /// What tuples among lists were taken for, or objects among maps.
    disguised: Option<Type>,
}

/// The type to which values of all these types can be converted, some of which may then fail as
/// `"a"` does for a number; `None` if there is no such type, or no type at all.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Unified> {
    unify_with(types, true)
}

impl Unified {
    /// The common type. It is `any` where it depends on types that are not known yet.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// A value of one of the types, converted to the common one. Where that depends on types that
    /// are not known yet, so does the value: it is unknown.
    ///
    /// # Errors
    ///
    /// As [`convert`].
    pub fn apply(&self, value: &Value) -> Result<Value, Problem> {
        if self.open {
            return Ok(Value::unknown(Type::Dynamic));
        }
        // Terraform converts what is in disguise twice from the start, and not one result on: to
        // what it was taken for, which may fail, and from there as though it were that already.
        let disguised = self.disguised.as_ref().filter(|_| may_be_disguised(value));
        match disguised.and_then(|it| Some((it, plan(it, &self.ty, true)?))) {
            Some((taken_for, plan)) => {
                convert(value, taken_for)?;
                run(&plan, value, &Path::root())
            }
            None => convert(value, &self.ty),
        }
    }
}

/// The common type alone; without `may_fail` by conversions only that succeed for each value.
pub(crate) fn unified_type(types: &[Type], may_fail: bool) -> Option<Type> {
    unify_with(types, may_fail).map(|it| it.ty)
}

fn unify_with(types: &[Type], may_fail: bool) -> Option<Unified> {
    let types = &distinct(types)[..];
    if let [only] = types {
        return Some(closed((*only).clone()));
    }
    let is_dynamic = |it: &Type| *it == Type::Dynamic;
    let has = |kind: IsKind| types.iter().any(|it| kind(it));
    let only = |kind: IsKind, other: IsKind| {
        has(kind) && types.iter().all(|it| kind(it) || other(it) || is_dynamic(it))
    };
    let open =
        || has(|it| *it == Type::Dynamic).then(|| Unified { open: true, ..closed(Type::Dynamic) });
    for (kind, of) in COLLECTIONS {
        if only(kind, kind) {
            return open().or_else(|| collection(types, of, may_fail));
        }
    }
    if only(is_object, is_object) {
        return open().or_else(|| objects(types, may_fail));
    }
    if only(is_tuple, is_tuple) {
        return open().or_else(|| tuples(types, may_fail));
    }
    if has(is_object) && has(is_tuple) {
        return None;
    }
    // Objects are often maps in disguise, and tuples lists: they are tried as such first.
    let disguised = if only(is_map, is_object) {
        undisguised(types, is_object, objects_to_map, may_fail).filter(|it| is_map(&it.ty))
    } else if only(is_list, is_tuple) {
        undisguised(types, is_tuple, tuples_to_list, may_fail).filter(|it| is_list(&it.ty))
    } else {
        None
    };
    disguised.or_else(|| {
        let wanted = order::most_general_first(types).into_iter().map(|it| types[it]);
        wanted.into_iter().find_map(|it| reachable((*it).clone(), types, may_fail))
    })
}

type IsKind = fn(&Type) -> bool;
type OfElement = fn(Type) -> Type;

const COLLECTIONS: [(IsKind, OfElement); 3] =
    [(is_map, Type::map), (is_list, Type::list), (is_set, Type::set)];

fn is_map(ty: &Type) -> bool {
    matches!(ty, Type::Map(_))
}

fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::List(_))
}

fn is_set(ty: &Type) -> bool {
    matches!(ty, Type::Set(_))
}

fn is_object(ty: &Type) -> bool {
    matches!(ty, Type::Object(_))
}

fn is_tuple(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(_))
}

/// Each type once, where it stands first. A long row of equal ones, as elements mostly are, then
/// costs no more than one.
fn distinct(types: &[Type]) -> Vec<&Type> {
    if let [first, rest @ ..] = types
        && rest.iter().all(|it| it == first)
    {
        return vec![first];
    }
    let mut seen = HashSet::new();
    types.iter().filter(|it| seen.insert(*it)).collect()
}

fn closed(ty: Type) -> Unified {
    Unified { ty, open: false, disguised: None }
}

/// The wanted type, if all the types can be converted to it.
fn reachable(wanted: Type, types: &[&Type], may_fail: bool) -> Option<Unified> {
    let all = types.iter().all(|it| **it == wanted || plan(it, &wanted, may_fail).is_some());
    all.then(|| closed(wanted))
}

/// Of collections of one kind.
fn collection(types: &[&Type], of: OfElement, may_fail: bool) -> Option<Unified> {
    let elements: Vec<Type> = types.iter().filter_map(|it| it.element()).cloned().collect();
    reachable(of(unified_type(&elements, may_fail)?), types, may_fail)
}

/// Of objects: an object of the same attributes, else a map.
fn objects(types: &[&Type], may_fail: bool) -> Option<Unified> {
    let objects: Vec<&ObjectType> = types.iter().filter_map(|it| object(it)).collect();
    let [first, rest @ ..] = &objects[..] else { return None };
    let same_names = |it: &&ObjectType| {
        it.len() == first.len() && it.iter().all(|(name, _)| first.get(name).is_some())
    };
    if !rest.iter().all(same_names) {
        return objects_to_map(types, may_fail);
    }
    let mut attributes = Vec::with_capacity(first.len());
    for (name, _) in first.iter() {
        let across = objects.iter().filter_map(|it| it.get(name)).map(|it| it.ty.clone());
        let across: Vec<Type> = across.collect();
        attributes.push((name.clone(), unified_type(&across, may_fail)?, false));
    }
    let object = Type::Object(Arc::new(ObjectType::new(attributes)));
    reachable(object, types, may_fail).or_else(|| objects_to_map(types, may_fail))
}

fn objects_to_map(types: &[&Type], may_fail: bool) -> Option<Unified> {
    let objects = types.iter().filter_map(|it| object(it));
    let all: Vec<Type> = objects.flat_map(|it| it.iter().map(|(_, it)| it.ty.clone())).collect();
    reachable(Type::map(unified_type(&all, may_fail)?), types, may_fail)
}

fn object(ty: &Type) -> Option<&ObjectType> {
    match ty {
        Type::Object(it) => Some(it),
        _ => None,
    }
}

/// Of tuples: a tuple of the same length, else a list.
fn tuples(types: &[&Type], may_fail: bool) -> Option<Unified> {
    let tuples: Vec<&[Type]> = types.iter().map(|it| elements(it)).collect();
    let [first, rest @ ..] = &tuples[..] else { return None };
    if !rest.iter().all(|it| it.len() == first.len()) {
        return tuples_to_list(types, may_fail);
    }
    let mut unified = Vec::with_capacity(first.len());
    for i in 0..first.len() {
        let across: Vec<Type> = tuples.iter().filter_map(|it| it.get(i)).cloned().collect();
        unified.push(unified_type(&across, may_fail)?);
    }
    reachable(Type::tuple(unified), types, may_fail).or_else(|| tuples_to_list(types, may_fail))
}

fn tuples_to_list(types: &[&Type], may_fail: bool) -> Option<Unified> {
    let all: Vec<Type> = types.iter().flat_map(|it| elements(it)).cloned().collect();
    reachable(Type::list(unified_type(&all, may_fail)?), types, may_fail)
}

fn elements(ty: &Type) -> &[Type] {
    match ty {
        Type::Tuple(it) => it,
        _ => &[],
    }
}

/// The common type once all types of a kind are replaced by what they have in common.
fn undisguised(
    types: &[&Type],
    kind: IsKind,
    replace: fn(&[&Type], bool) -> Option<Unified>,
    may_fail: bool,
) -> Option<Unified> {
    let disguised: Vec<&Type> = types.iter().copied().filter(|it| kind(it)).collect();
    let taken_for = replace(&disguised, may_fail)?.ty;
    let types: Vec<Type> =
        types.iter().map(|it| if kind(it) { taken_for.clone() } else { (*it).clone() }).collect();
    let unified = unify_with(&types, may_fail)?;
    let disguised = (taken_for != unified.ty).then_some(taken_for);
    Some(Unified { disguised, ..unified })
}

/// Whether a value is of a kind that can be in disguise.
fn may_be_disguised(value: &Value) -> bool {
    match value.kind() {
        Kind::Tuple(_) | Kind::Object(_) => true,
        Kind::Unknown(it) => is_tuple(&it.ty) || is_object(&it.ty),
        Kind::Null(it) => is_tuple(it) || is_object(it),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
