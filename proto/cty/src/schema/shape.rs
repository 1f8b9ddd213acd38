//! Rust types that stand for Terraform's.

use std::collections::BTreeMap;

use crate::{Entries, Kind, Number, Path, Problem, Problems, Type, Value};

use super::{AttributeKind, Block, Nesting, Same};

/// A Rust type that stands for values of a Terraform type.
pub trait Shape: Sized {
    /// The type of the values.
    fn ty() -> Type;

    /// What an attribute of this type holds: values of its type, where its objects do not declare
    /// their attributes themselves.
    #[must_use]
    fn kind() -> AttributeKind {
        AttributeKind::Plain(Self::ty())
    }

    /// Reads a value at `path`; the problems name the paths of what is wrong.
    ///
    /// # Errors
    /// The value is null or unknown and the type has no room for that, or it is not of the type,
    /// or out of the type's range.
    fn decode(value: &Value, path: &Path) -> Result<Self, Problems>;

    /// The value.
    fn encode(&self) -> Value;

    /// When two values mean the same although they are not equal; `None`: never.
    #[must_use]
    fn same() -> Option<Same> {
        None
    }

    /// Whether null has a place in the type.
    #[must_use]
    fn takes_null() -> bool {
        false
    }

    /// Whether unknown has a place in the type.
    #[must_use]
    fn takes_unknown() -> bool {
        false
    }
}

/// A set: any number of values without an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set<T>(pub Vec<T>);

impl<T> Set<T> {
    /// The values, in the order in which they stand here.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

/// Reads the attribute `name` of an object at `path`, for `#[derive(Block)]`.
pub fn decode_attribute<T: Shape>(
    attributes: &Entries,
    name: &'static str,
    path: &Path,
    problems: &mut Problems,
) -> Option<T> {
    let path = path.attribute(name);
    let decoded = match attributes.get(name) {
        Some(value) => T::decode(value, &path),
        None => T::decode(&Value::null(T::ty()), &path),
    };
    decoded.map_err(|found| problems.extend(found)).ok()
}

/// Reads a struct out of an object's value at `path`, for `#[derive(Block)]`.
///
/// # Errors
/// The value is no known object, or fields are wrong.
pub fn decode_object<T: Block>(value: &Value, path: &Path) -> Result<T, Problems> {
    let Kind::Object(attributes) = value.kind() else {
        return Err(mismatch(value, path, "an object").into());
    };
    let mut problems = Problems::new();
    T::decode_fields(attributes, path, &mut problems).ok_or(problems)
}

pub(super) fn mismatch(value: &Value, path: &Path, wanted: &str) -> Problem {
    match value.kind() {
        Kind::Null(_) => Problem::error(path.clone(), "must not be null"),
        Kind::Unknown(_) => Problem::error(path.clone(), "is not known yet"),
        _ => {
            let found = value.ty().friendly();
            Problem::error(path.clone(), format!("must be {wanted}, and is {found}"))
        }
    }
}

impl Shape for String {
    fn ty() -> Type {
        Type::String
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        value.as_str().map(str::to_owned).ok_or_else(|| mismatch(value, path, "a string").into())
    }

    fn encode(&self) -> Value {
        Value::string(self.as_str())
    }
}

impl Shape for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        value.as_bool().ok_or_else(|| mismatch(value, path, "a bool").into())
    }

    fn encode(&self) -> Value {
        (*self).into()
    }
}

impl Shape for Number {
    fn ty() -> Type {
        Type::Number
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        value.as_number().cloned().ok_or_else(|| mismatch(value, path, "a number").into())
    }

    fn encode(&self) -> Value {
        self.clone().into()
    }
}

/// Whole numbers: a number outside the Rust type's range, or a fraction, is a problem that names
/// the range.
macro_rules! whole_numbers {
    ($($integer:ty),+) => {$(
        impl Shape for $integer {
            fn ty() -> Type {
                Type::Number
            }

            fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
                let number = Number::decode(value, path)?;
                number.to_i64().and_then(|it| Self::try_from(it).ok()).ok_or_else(|| {
                    let (min, max) = (Self::MIN, Self::MAX);
                    let message = format!("must be a whole number from {min} to {max}, and is {number}");
                    Problem::error(path.clone(), message).into()
                })
            }

            fn encode(&self) -> Value {
                Value::number(i64::from(*self))
            }
        }
    )+};
}

whole_numbers!(i64, i32, u32, u16, u8);

/// Floating point: the nearest number of the Rust type; one beyond its range is a problem. The number
/// of a float is that of its shortest text, so that what a configuration wrote as `0.1` comes back
/// as `0.1`. Numbers with the same nearest float mean the same: Terraform's `1/3` has 154 digits, and
/// stays in the plan and the state with all of them. What is not a number becomes null.
macro_rules! floats {
    ($($float:ty, $nearest:expr);+) => {$(
        impl Shape for $float {
            fn ty() -> Type {
                Type::Number
            }

            fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
                let nearest = $nearest(&Number::decode(value, path)?);
                if nearest.is_finite() {
                    return Ok(nearest);
                }
                let message = format!("must be a number from {:e} to {:e}", Self::MIN, Self::MAX);
                Err(Problem::error(path.clone(), message).into())
            }

            fn same() -> Option<Same> {
                Some(|a, b| match (a.as_number(), b.as_number()) {
                    (Some(a), Some(b)) => $nearest(a) == $nearest(b),
                    _ => false,
                })
            }

            fn encode(&self) -> Value {
                let shortest = Number::parse(&self.to_string()).ok();
                let number = shortest.or_else(|| Number::from_f64((*self).into()));
                number.map_or_else(|| Value::null(Type::Number), Value::from)
            }
        }
    )+};
}

floats!(f64, Number::to_f64_nearest; f32, Number::to_f32_nearest);

/// Any value of any type: a dynamic attribute.
impl Shape for Value {
    fn ty() -> Type {
        Type::Dynamic
    }

    fn decode(value: &Value, _: &Path) -> Result<Self, Problems> {
        Ok(value.clone())
    }

    fn encode(&self) -> Value {
        self.clone()
    }

    fn takes_null() -> bool {
        true
    }

    fn takes_unknown() -> bool {
        true
    }
}

impl<T: Shape> Shape for Option<T> {
    fn kind() -> AttributeKind {
        T::kind()
    }

    fn ty() -> Type {
        T::ty()
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        if value.is_null() { Ok(None) } else { T::decode(value, path).map(Some) }
    }

    fn encode(&self) -> Value {
        self.as_ref().map_or_else(|| Value::null(T::ty()), T::encode)
    }

    fn same() -> Option<Same> {
        T::same()
    }

    fn takes_null() -> bool {
        true
    }
}

/// A Rust collection whose elements stand in a row.
macro_rules! rows {
    ($name:ident, $variant:ident, $make:ident, $words:literal, $wrap:expr) => {
        impl<T: Shape> Shape for $name<T> {
            fn kind() -> AttributeKind {
                T::kind().within(Nesting::$variant)
            }

            fn ty() -> Type {
                Type::$make(T::ty())
            }

            fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
                let Kind::$variant(_, elements) = value.kind() else {
                    return Err(mismatch(value, path, $words).into());
                };
                let step = |i: usize, it: &Value| match value.kind() {
                    Kind::Set(..) => path.then(crate::Step::Element(Box::new(it.clone()))),
                    _ => path.index(i),
                };
                collect(elements.iter().enumerate().map(|(i, it)| T::decode(it, &step(i, it))))
                    .map($wrap)
            }

            fn encode(&self) -> Value {
                Value::$make(T::ty(), self.iter().map(T::encode))
            }

            fn same() -> Option<Same> {
                T::same().map(|_| same_parts::<T> as Same)
            }
        }
    };
}

rows!(Vec, List, list, "a list", |it| it);
rows!(Set, Set, set, "a set", Set);

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn kind() -> AttributeKind {
        T::kind().within(Nesting::Map)
    }

    fn ty() -> Type {
        Type::map(T::ty())
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        let Kind::Map(_, elements) = value.kind() else {
            return Err(mismatch(value, path, "a map").into());
        };
        collect(
            elements.iter().map(|(key, it)| {
                T::decode(it, &path.key(key.clone())).map(|it| (key.to_string(), it))
            }),
        )
        .map(|it| it.into_iter().collect())
    }

    fn encode(&self) -> Value {
        Value::map(T::ty(), self.iter().map(|(key, it)| (key.as_str(), it.encode())))
    }

    fn same() -> Option<Same> {
        T::same().map(|_| same_parts::<T> as Same)
    }
}

/// Whether two collections have the same keys, and parts that mean the same.
fn same_parts<T: Shape>(a: &Value, b: &Value) -> bool {
    let Some(same) = T::same() else { return a == b };
    let keys_agree = match (a.kind(), b.kind()) {
        (Kind::Map(_, a), Kind::Map(_, b)) => a.keys().eq(b.keys()),
        _ => true,
    };
    keys_agree
        && a.parts().count() == b.parts().count()
        && a.parts().zip(b.parts()).all(|(a, b)| a == b || same(a, b))
}

/// All the values, or all the problems.
fn collect<T>(results: impl Iterator<Item = Result<T, Problems>>) -> Result<Vec<T>, Problems> {
    let mut values = Vec::with_capacity(results.size_hint().0);
    let mut problems = Problems::new();
    for result in results {
        match result {
            Ok(it) => values.push(it),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}
