//! How a type is converted to another, if it can be.

use std::sync::Arc;

use crate::unify::unified_type;
use crate::{ObjectType, Type};

/// A conversion of values of one type to another, without the handling of marks, null and unknown
/// values, which is the same for all.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The type to convert to, in which `any` and optional attributes may stand.
    pub(super) to: Type,
    pub(super) step: Step,
}

/// `None` as an inner plan leaves the inner value as it is.
#[derive(Debug)]
pub(super) enum Step {
    /// To `any`.
    Keep,
    /// From `any`: the type is looked up once there is a value.
    Late,
    ToString,
    StringToNumber,
    StringToBool,
    /// Between objects: the attributes that both have.
    Attributes(Vec<(Arc<str>, Option<Arc<Plan>>)>),
    /// Between tuples.
    Elements(Vec<Option<Arc<Plan>>>),
    /// From a list, a set or a map to one of these.
    Collection(Option<Arc<Plan>>),
    /// From a tuple to a list or a set.
    Row {
        element: Type,
        elements: Vec<Option<Arc<Plan>>>,
        may_fail: bool,
    },
    /// From an object to a map.
    Pairs {
        element: Type,
        attributes: Vec<(Arc<str>, Option<Arc<Plan>>)>,
        may_fail: bool,
    },
    /// From a map to an object.
    Named {
        object: Arc<ObjectType>,
        attributes: Vec<(Arc<str>, Named)>,
    },
}

/// What becomes of a map's element when the map becomes an object.
#[derive(Debug)]
pub(super) enum Named {
    Keep,
    Convert(Arc<Plan>),
    /// The attribute is optional: the map may lack it, and must.
    Refuse,
}

/// The conversion from one type to another; `None` if there is none, and also between equal
/// primitive types, where nothing is to be done. Without `may_fail` it succeeds for each value.
pub(crate) fn plan(from: &Type, to: &Type, may_fail: bool) -> Option<Plan> {
    let step = match (from, to) {
        (_, Type::Dynamic) => Step::Keep,
        (Type::Dynamic, _) if may_fail => Step::Late,
        (Type::Number | Type::Bool, Type::String) => Step::ToString,
        (Type::String, Type::Number) if may_fail => Step::StringToNumber,
        (Type::String, Type::Bool) if may_fail => Step::StringToBool,
        (Type::Object(from), Type::Object(to)) => object_to_object(from, to, may_fail)?,
        (Type::Tuple(from), Type::Tuple(to)) => {
            if from.len() != to.len() {
                return None;
            }
            let elements = from.iter().zip(to.iter());
            Step::Elements(elements.map(|(a, b)| inner(a, b, may_fail)).collect::<Option<_>>()?)
        }
        (Type::List(_), Type::Set(_)) if !may_fail => return None,
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to)) => {
            Step::Collection(inner(from, to, may_fail)?)
        }
        (Type::Map(from), Type::Map(to)) => {
            Step::Collection(Some(Arc::new(plan(from, to, may_fail)?)))
        }
        (Type::Tuple(from), Type::List(to) | Type::Set(to)) => row(from, to, may_fail)?,
        (Type::Object(from), Type::Map(to)) => pairs(from, to, may_fail)?,
        (Type::Map(from), Type::Object(to)) if may_fail => named(from, to)?,
        _ => return None,
    };
    Some(Plan { to: to.clone(), step })
}

/// The plan for a part: the inner `None` leaves it as it is, the outer one has no way.
#[expect(clippy::option_option, reason = "nothing to do and no way to do it are two answers")]
fn inner(from: &Type, to: &Type, may_fail: bool) -> Option<Option<Arc<Plan>>> {
    if from == to { Some(None) } else { plan(from, to, may_fail).map(|it| Some(Arc::new(it))) }
}

/// The plans for many parts that become the same type. Neighbours of the same type, as in a long
/// tuple of like objects, share one.
fn inner_each<'a>(
    from: impl Iterator<Item = &'a Type>,
    to: &Type,
    may_fail: bool,
) -> Option<Vec<Option<Arc<Plan>>>> {
    let mut last: Option<(&Type, Option<Arc<Plan>>)> = None;
    from.map(|it| {
        let plan = match &last {
            Some((ty, plan)) if *ty == it => plan.clone(),
            _ => inner(it, to, may_fail)?,
        };
        last = Some((it, plan.clone()));
        Some(plan)
    })
    .collect()
}

fn object_to_object(from: &ObjectType, to: &ObjectType, may_fail: bool) -> Option<Step> {
    let mut attributes = Vec::with_capacity(to.len());
    for (name, attribute) in to.iter() {
        match from.get(name) {
            Some(it) => {
                attributes.push((name.clone(), inner(&it.ty, &attribute.ty, may_fail)?));
            }
            None if attribute.optional => {}
            None => return None,
        }
    }
    Some(Step::Attributes(attributes))
}

fn row(from: &[Type], to: &Type, may_fail: bool) -> Option<Step> {
    let mut element = to.clone();
    if element == Type::Dynamic && !from.is_empty() {
        element = unified_type(from, may_fail)?;
        let all_dynamic = || from.iter().all(|it| *it == Type::Dynamic);
        if element == Type::Dynamic && !all_dynamic() {
            return None;
        }
    }
    let elements = inner_each(from.iter(), &element, may_fail)?;
    Some(Step::Row { element, elements, may_fail })
}

fn pairs(from: &ObjectType, to: &Type, may_fail: bool) -> Option<Step> {
    let mut element = to.clone();
    if element == Type::Dynamic && !from.is_empty() {
        let types: Vec<Type> = from.iter().map(|(_, it)| it.ty.clone()).collect();
        element = unified_type(&types, may_fail)?;
    }
    let plans = inner_each(from.iter().map(|(_, it)| &it.ty), &element, may_fail)?;
    let attributes = from.iter().map(|(name, _)| name.clone()).zip(plans).collect();
    Some(Step::Pairs { element, attributes, may_fail })
}

fn named(from: &Type, to: &Arc<ObjectType>) -> Option<Step> {
    let mut attributes = Vec::with_capacity(to.len());
    for (name, attribute) in to.iter() {
        let way = match inner(from, &attribute.ty, true) {
            Some(None) => Named::Keep,
            Some(Some(plan)) => Named::Convert(plan),
            None if attribute.optional => Named::Refuse,
            None => return None,
        };
        attributes.push((name.clone(), way));
    }
    Some(Step::Named { object: to.clone(), attributes })
}
