//! Running a conversion over a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::{Named, Plan, Step};
use super::{conforms, convert, mismatch, plan, unknown};
use crate::unify::unified_type;
use crate::{Kind, Number, ObjectType, Path, Problem, Step as PathStep, Type, Value};

/// The value, which is at `path`, converted.
pub(crate) fn run(plan: &Plan, value: &Value, path: &Path) -> Result<Value, Problem> {
    if plan.to == Type::Dynamic {
        return Ok(value.clone());
    }
    let converted = match value.kind() {
        Kind::Unknown(it) => unknown::converted(it, &plan.to.without_optional()),
        Kind::Null(ty) => Value::null(unknown::replaced(ty, &plan.to.without_optional())),
        _ => known(plan, value, path)?,
    };
    Ok(converted.mark(value.marks()).with_origin(value.origin()))
}

fn known(plan: &Plan, value: &Value, path: &Path) -> Result<Value, Problem> {
    match &plan.step {
        Step::Keep => Ok(value.clone()),
        Step::Late => convert(value, &plan.to).map_err(|it| it.under(path)),
        Step::ToString => Ok(match value.kind() {
            Kind::Number(it) => Value::string(it.to_string()),
            Kind::Bool(it) => Value::from(if *it { "true" } else { "false" }),
            _ => value.clone(),
        }),
        Step::StringToNumber => {
            let number = Number::parse(value.as_str().unwrap_or_default());
            number.map(Value::from).map_err(|_| Problem::error(path.clone(), "must be a number"))
        }
        Step::StringToBool => to_bool(value.as_str().unwrap_or_default(), path),
        Step::Attributes(plans) => Ok(attributes(plan, plans, value, path)?),
        Step::Elements(plans) => {
            let elements = value.parts().zip(plans).enumerate();
            let elements = elements
                .map(|(i, (it, plan))| part(plan.as_deref(), it, || path.index(i)))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Value::tuple(elements))
        }
        Step::Collection(inner) => collection(&plan.to, inner.as_deref(), value, path),
        Step::Row { element, elements, may_fail } => {
            row(&plan.to, element, elements, *may_fail, value, path)
        }
        Step::Pairs { element, attributes, may_fail } => {
            pairs(element, attributes, *may_fail, value, path)
        }
        Step::Named { object, attributes } => named(object, attributes, value, path),
    }
}

/// A part converted; the path is made only for a part that has something to be done.
fn part(plan: Option<&Plan>, value: &Value, path: impl FnOnce() -> Path) -> Result<Value, Problem> {
    match plan {
        Some(plan) => run(plan, value, &path()),
        None => Ok(value.clone()),
    }
}

fn to_bool(text: &str, path: &Path) -> Result<Value, Problem> {
    match text {
        "true" | "1" => Ok(true.into()),
        "false" | "0" => Ok(false.into()),
        _ => {
            let problem = Problem::error(path.clone(), "must be true or false");
            let lower = text.to_ascii_lowercase();
            Err(match lower.as_str() {
                "true" | "false" => problem.cure(format!("write \"{lower}\" in small letters")),
                _ => problem,
            })
        }
    }
}

fn attributes(
    plan: &Plan,
    plans: &[(Arc<str>, Option<Arc<Plan>>)],
    value: &Value,
    path: &Path,
) -> Result<Value, Problem> {
    let mut out = BTreeMap::new();
    for (name, plan) in plans {
        if let Some(it) = value.get(name) {
            let it = part(plan.as_deref(), it, || path.attribute(name.clone()))?;
            out.insert(name.clone(), it);
        }
    }
    if let Type::Object(to) = &plan.to {
        add_missing(&mut out, to);
    }
    Ok(Kind::Object(out.into()).into())
}

/// Each optional attribute that is missing becomes null.
fn add_missing(attributes: &mut BTreeMap<Arc<str>, Value>, to: &ObjectType) {
    for (name, attribute) in to.iter().filter(|(_, it)| it.optional) {
        if !attributes.contains_key(name) {
            let null = Value::null(attribute.ty.without_optional());
            attributes.insert(name.clone(), null);
        }
    }
}

/// From a list, a set or a map; also from a tuple or an object that was taken for one.
fn collection(
    to: &Type,
    plan: Option<&Plan>,
    value: &Value,
    path: &Path,
) -> Result<Value, Problem> {
    let Some(element) = to.element() else { return Ok(value.clone()) };
    let from = own_element(value).unwrap_or(element);
    if let (Kind::Map(_, it) | Kind::Object(it), Type::Map(_)) = (value.kind(), to) {
        let elements = it
            .iter()
            .map(|(key, it)| Ok((key.clone(), part(plan, it, || path.key(key.clone()))?)))
            .collect::<Result<BTreeMap<_, _>, Problem>>()?;
        return map_of(elements, from, element, false, path);
    }
    let is_set = matches!(value.kind(), Kind::Set(..));
    let count = value.parts().count();
    if is_set && matches!(to, Type::List(_)) && count > 1 && !value.is_wholly_known() {
        // Unknown elements of a set may turn out to be the same: nobody knows how many there are.
        return Ok(Value::unknown(Type::list(from.clone())));
    }
    let mut elements = Vec::with_capacity(count);
    for (i, it) in value.parts().enumerate() {
        let step = || {
            let step =
                if is_set { PathStep::Element(Box::new(it.clone())) } else { PathStep::Index(i) };
            path.then(step)
        };
        elements.push(part(plan, it, step)?);
    }
    // An empty collection tells its element type where the new type leaves it open.
    let empty = if *element == Type::Dynamic { from } else { element };
    row_of(to, elements, &empty.without_optional(), path)
}

/// From a tuple to a list or a set.
fn row(
    to: &Type,
    element: &Type,
    plans: &[Option<Arc<Plan>>],
    may_fail: bool,
    value: &Value,
    path: &Path,
) -> Result<Value, Problem> {
    let mut elements = value
        .parts()
        .zip(plans)
        .enumerate()
        .map(|(i, (it, plan))| part(plan.as_deref(), it, || path.index(i)))
        .collect::<Result<Vec<_>, _>>()?;
    // What was open in the element type each element has filled in for itself.
    if matches!(to, Type::List(_)) && !all_are(elements.iter(), element) {
        let types: Vec<Type> = elements.iter().map(Value::ty).collect();
        let common = common_type(&types, may_fail, path)?;
        for (i, it) in elements.iter_mut().enumerate() {
            *it = settled(it, &common, may_fail, || path.index(i))?;
        }
    }
    row_of(to, elements, &element.without_optional(), path)
}

/// From an object to a map.
fn pairs(
    element: &Type,
    plans: &[(Arc<str>, Option<Arc<Plan>>)],
    may_fail: bool,
    value: &Value,
    path: &Path,
) -> Result<Value, Problem> {
    let mut elements = BTreeMap::new();
    for (name, plan) in plans {
        if let Some(it) = value.get(name) {
            let it = part(plan.as_deref(), it, || path.attribute(name.clone()))?;
            elements.insert(name.clone(), it);
        }
    }
    map_of(elements, element, element, may_fail, path)
}

/// From a map to an object.
fn named(
    object: &ObjectType,
    ways: &[(Arc<str>, Named)],
    value: &Value,
    path: &Path,
) -> Result<Value, Problem> {
    let mut out = BTreeMap::new();
    for (name, way) in ways {
        let at = || path.key(name.clone());
        let converted = match (value.get(name), way) {
            (None, _) => continue,
            (Some(it), Named::Keep) => it.clone(),
            (Some(it), Named::Convert(plan)) => run(plan, it, &at())?,
            (Some(it), Named::Refuse) => {
                let to = object.get(name).map_or(&Type::Dynamic, |it| &it.ty);
                return Err(mismatch(&it.ty(), to, &at()));
            }
        };
        out.insert(name.clone(), converted);
    }
    add_missing(&mut out, object);
    if let Some((name, _)) = object.iter().find(|(name, _)| !out.contains_key(*name)) {
        return Err(Problem::error(path.clone(), format!("must have an element {name:?}")));
    }
    Ok(Kind::Object(out.into()).into())
}

/// A list or a set, of the type of its elements; `empty` is that type where there is none.
fn row_of(to: &Type, elements: Vec<Value>, empty: &Type, path: &Path) -> Result<Value, Problem> {
    let is_set = matches!(to, Type::Set(_));
    let name = if is_set { "set" } else { "list" };
    let element = element_type(elements.iter(), empty)
        .ok_or_else(|| Problem::error(path.clone(), format!("{ALL_THE_SAME} {name}")))?;
    let elements = elements.into_iter().map(|it| typed(it, &element));
    Ok(if is_set {
        Value::set(element.clone(), elements)
    } else {
        Value::list(element.clone(), elements)
    })
}

/// A map of the type of its elements, which are brought to a common one where `element`, the
/// type that they were converted to, leaves something open.
fn map_of(
    mut elements: BTreeMap<Arc<str>, Value>,
    from: &Type,
    element: &Type,
    may_fail: bool,
    path: &Path,
) -> Result<Value, Problem> {
    let is_compound = element.is_collection() || matches!(element, Type::Object(_));
    if is_compound && !all_are(elements.values(), element) {
        let types: Vec<Type> = elements.values().map(Value::ty).collect();
        let common = common_type(&types, may_fail, path)?;
        for (key, it) in &mut elements {
            *it = settled(it, &common, may_fail, || path.key(key.clone()))?;
        }
    }
    let empty = if *element == Type::Dynamic { from } else { element };
    let element = element_type(elements.values(), &empty.without_optional())
        .ok_or_else(|| Problem::error(path.clone(), format!("{ALL_THE_SAME} map")))?;
    let elements = elements
        .into_iter()
        .map(|(key, it)| (key, typed(it, &element)))
        .collect::<BTreeMap<_, _>>();
    Ok(Kind::Map(element, elements.into()).into())
}

const ALL_THE_SAME: &str = "must have elements of one type to become a";

/// Whether nothing is open in the type, and all elements have it.
fn all_are<'a>(mut elements: impl Iterator<Item = &'a Value>, element: &Type) -> bool {
    !element.has_dynamic() && elements.all(|it| conforms(it, element))
}

/// The type to which parts are brought that may differ in what `any` stood for.
fn common_type(types: &[Type], may_fail: bool, path: &Path) -> Result<Type, Problem> {
    let problem = || Problem::error(path.clone(), "must have elements of which all fit one type");
    if types.is_empty() {
        return Ok(Type::Dynamic);
    }
    unified_type(types, may_fail).ok_or_else(problem)
}

fn settled(
    value: &Value,
    common: &Type,
    may_fail: bool,
    path: impl FnOnce() -> Path,
) -> Result<Value, Problem> {
    let from = value.ty();
    if from == *common {
        return Ok(value.clone());
    }
    match plan(&from, common, may_fail) {
        Some(plan) => run(&plan, value, &path()),
        None => Ok(value.clone()),
    }
}

/// The one type of all elements, where those of type `any` take each; `None` if there are two.
fn element_type<'a>(elements: impl Iterator<Item = &'a Value>, empty: &Type) -> Option<Type> {
    let mut found: Option<Type> = None;
    for it in elements {
        let ty = it.ty();
        match &found {
            None | Some(Type::Dynamic) => found = Some(ty),
            Some(other) if ty != Type::Dynamic && ty != *other => return None,
            Some(_) => {}
        }
    }
    Some(found.unwrap_or_else(|| empty.clone()))
}

/// A null or unknown element of type `any` takes the type of the others.
fn typed(value: Value, element: &Type) -> Value {
    let (marks, origin) = (value.marks(), value.origin());
    let typed = match value.kind() {
        Kind::Null(Type::Dynamic) => Value::null(element.clone()),
        Kind::Unknown(it) if it.ty == Type::Dynamic => unknown::retyped(it, element),
        _ => return value,
    };
    typed.mark(marks).with_origin(origin)
}

fn own_element(value: &Value) -> Option<&Type> {
    match value.kind() {
        Kind::List(it, _) | Kind::Set(it, _) | Kind::Map(it, _) => Some(it),
        _ => None,
    }
}
