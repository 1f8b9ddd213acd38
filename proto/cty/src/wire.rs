//! What the forms share in which Terraform sends values: which value fits which type.

use std::sync::Arc;

use crate::entries::in_order;
use crate::spanned::MAX_DEPTH;
use crate::{Kind, ObjectType, Path, Problem, Step, Type, Value};

/// Refuses a type that declares optional attributes: no value has such a type, it only says what
/// may be converted.
pub(crate) fn refuse_optional(ty: &Type) -> Result<(), Problem> {
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => Ok(()),
        Type::List(it) | Type::Set(it) | Type::Map(it) => refuse_optional(it),
        Type::Tuple(elements) => elements.iter().enumerate().try_for_each(|(i, it)| {
            refuse_optional(it).map_err(|it| it.under(&Path::root().index(i)))
        }),
        Type::Object(object) => object.iter().try_for_each(|(name, it)| {
            let refused = if it.optional {
                let message = "is an optional attribute, which the type of a value can't have";
                Err(Problem::error(Path::root(), message))
            } else {
                refuse_optional(&it.ty)
            };
            refused.map_err(|it| it.under(&Path::root().attribute(name.clone())))
        }),
    }
}

/// The attributes of an object that is being read. Terraform writes them in the order of their names, so
/// the next one is looked for where it is; whoever writes them otherwise is read too.
pub(crate) struct Attributes<'t> {
    ty: &'t ObjectType,
    /// The place that the next one has in the order.
    next: usize,
    read: Vec<(Arc<str>, Value)>,
}

impl<'t> Attributes<'t> {
    /// None yet, of an object of that type.
    pub(crate) fn of(ty: &'t ObjectType) -> Self {
        Self { ty, next: 0, read: Vec::with_capacity(ty.len()) }
    }

    /// The name and the type of the attribute of that name; `None` if the object has none.
    pub(crate) fn named(&mut self, name: &str) -> Option<(&'t Arc<str>, &'t Type)> {
        let at = match self.ty.at(self.next) {
            Some((it, _)) if **it == *name => self.next,
            _ => self.ty.place(name)?,
        };
        self.next = at + 1;
        self.ty.at(at).map(|(name, it)| (name, &it.ty))
    }

    /// Adds a value; of two with one name the later holds.
    pub(crate) fn add(&mut self, name: &Arc<str>, value: Value) {
        self.read.push((name.clone(), value));
    }

    /// The object; where an attribute was not read, `absent` tells its value, or that it must be there.
    pub(crate) fn object(
        self,
        mut absent: impl FnMut(&Arc<str>, &Type) -> Result<Value, Problem>,
    ) -> Result<Value, Problem> {
        let mut read = in_order(self.read);
        if read.len() < self.ty.len() {
            let mut there = std::mem::take(&mut read).into_iter().peekable();
            for (name, it) in self.ty.iter() {
                read.push(match there.next_if(|(there, _)| there == name) {
                    Some(it) => it,
                    None => (name.clone(), absent(name, &it.ty)?),
                });
            }
        }
        Ok(Value::object(read))
    }
}

/// Refuses what is nested too deep.
pub(crate) fn refuse_depth(depth: usize) -> Result<(), Problem> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    let message = format!("is nested more than {MAX_DEPTH} deep");
    Err(Problem::error(Path::root(), message))
}

/// Whether a null or unknown value of type `ty`, or an empty collection of it, may stand where
/// `want` is wanted: `any` stands for every type on either side, as a null that was written
/// without a type fits everywhere.
pub(crate) fn may_stand_for(ty: &Type, want: &Type) -> bool {
    match (ty, want) {
        (Type::Dynamic, _) | (_, Type::Dynamic) => true,
        (Type::Bool, Type::Bool) | (Type::Number, Type::Number) | (Type::String, Type::String) => {
            true
        }
        (Type::List(ty), Type::List(want))
        | (Type::Set(ty), Type::Set(want))
        | (Type::Map(ty), Type::Map(want)) => may_stand_for(ty, want),
        (Type::Tuple(ty), Type::Tuple(want)) => {
            ty.len() == want.len()
                && ty.iter().zip(&**want).all(|(ty, want)| may_stand_for(ty, want))
        }
        (Type::Object(ty), Type::Object(want)) => {
            ty.len() == want.len()
                && ty.iter().zip(want.iter()).all(|((name, ty), (wanted, want))| {
                    name == wanted && may_stand_for(&ty.ty, &want.ty)
                })
        }
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
        ) => false,
    }
}

/// Says that a value is of another type than the wanted one.
pub(crate) fn mismatch(value: &Value, want: &Type) -> Problem {
    let (is, must) = (value.ty(), want.friendly());
    let message = if is.friendly() == must {
        format!("must be of type {want}, not {is}")
    } else {
        format!("must be {must}, not {}", is.friendly())
    };
    Problem::error(Path::root(), message)
}

/// Finds the element type of a collection that was read as one of `want`. Where `want` leaves the
/// type open, all the elements must have the same one; nulls without a type take it over.
pub(crate) fn uniform(want: &Type, elements: Vec<Value>) -> Result<(Type, Vec<Value>), Problem> {
    if !want.has_dynamic() {
        return Ok((want.clone(), elements));
    }
    let Some(common) = common_type(&elements)? else { return Ok((want.clone(), elements)) };
    let elements = elements.into_iter().map(|it| match it.kind() {
        Kind::Null(Type::Dynamic) => Value::null(common.clone()),
        Kind::Unknown(unknown) if unknown.ty == Type::Dynamic => Value::unknown(common.clone()),
        _ => it,
    });
    let elements = elements.collect();
    Ok((common, elements))
}

/// The one type of all the elements, but for those whose type is open; they are named by their place.
fn common_type<'a>(elements: impl IntoIterator<Item = &'a Value>) -> Result<Option<Type>, Problem> {
    let mut common: Option<Type> = None;
    for (i, it) in elements.into_iter().enumerate() {
        let ty = it.ty();
        match &common {
            _ if ty == Type::Dynamic => {}
            None => common = Some(ty),
            Some(common) if *common == ty => {}
            Some(common) => {
                let message = format!("is of type {ty}, but an element before it of {common}");
                return Err(Problem::error(Path::root().index(i), message));
            }
        }
    }
    Ok(common)
}

/// Refuses a collection that is to be written as one of `ty`, where that leaves the elements' type
/// open and they do not agree on one: Terraform would end with a panic.
pub(crate) fn refuse_mixed(value: &Value, ty: &Type) -> Result<(), Problem> {
    if !ty.element().is_some_and(Type::has_dynamic) {
        return Ok(());
    }
    let refused = common_type(value.parts()).map(drop);
    match value.kind() {
        Kind::Map(_, elements) => {
            let keys: Vec<Arc<str>> = elements.keys().cloned().collect();
            refused.map_err(|it| keyed(it, &keys))
        }
        _ => refused,
    }
}

/// Names the element of a map by its key where [`common_type`] named it by its place.
pub(crate) fn keyed(problem: Problem, keys: &[Arc<str>]) -> Problem {
    match problem.path.steps() {
        [Step::Index(i)] => {
            let key = keys.get(*i).cloned().unwrap_or_default();
            Problem { path: Path::root().key(key), ..problem }
        }
        _ => problem,
    }
}
