//! Where in a value something is.

use std::fmt;
use std::sync::Arc;

use crate::{Kind, Value};

/// The way from a value to one of its parts. The empty path is the value itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path(Vec<Step>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Into an object's attribute.
    Attribute(Arc<str>),
    /// Into a map's element.
    Key(Arc<str>),
    /// Into an element of a list or a tuple, counted from 0.
    Index(usize),
    /// Into the element of a set that has this value.
    Element(Box<Value>),
}

impl Path {
    /// The path to the value itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The steps, outermost first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the value itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This path and one step more.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// This path and a step into an attribute.
    #[must_use]
    pub fn attribute(&self, name: impl Into<Arc<str>>) -> Self {
        self.then(Step::Attribute(name.into()))
    }

    /// This path and a step into a map.
    #[must_use]
    pub fn key(&self, key: impl Into<Arc<str>>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// This path and a step into a list or a tuple.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// This path and then all the steps of `inner`.
    #[must_use]
    pub fn join(&self, inner: &Self) -> Self {
        Self(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// Whether `self` is `outer` or lies below it.
    #[must_use]
    pub fn starts_with(&self, outer: &Self) -> bool {
        self.0.starts_with(&outer.0)
    }

    /// The part of `value` at this path; `None` if there is none, as below a null or unknown.
    #[must_use]
    pub fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, step| match (step, value.kind()) {
            (Step::Attribute(name), Kind::Object(it)) => it.get(name),
            (Step::Key(key), Kind::Map(_, it)) => it.get(key),
            (Step::Index(i), Kind::List(_, it) | Kind::Tuple(it)) => it.get(*i),
            (Step::Element(element), Kind::Set(_, it)) => it.iter().find(|it| *it == &**element),
            _ => None,
        })
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<T: IntoIterator<Item = Step>>(steps: T) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// Writes the path as an expression would: `jobs["test"].needs[0]`. A set's element is `[…]`,
/// since its value may be a secret.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if i == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Element(_) => f.write_str("[…]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_an_expression() {
        let path = Path::root().attribute("jobs").key("a \"b\"").attribute("needs").index(2);
        assert_eq!(path.to_string(), r#"jobs["a \"b\""].needs[2]"#);
    }
}
