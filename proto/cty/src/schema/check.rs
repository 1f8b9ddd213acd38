//! What a given value must fulfil, beyond its type.

use std::fmt;
use std::sync::Arc;

use crate::{Kind, Number, Value};

/// A requirement on a value that is known and not null.
#[derive(Clone)]
pub struct Check {
    says: Arc<str>,
    holds: Arc<dyn Fn(&Value) -> bool + Send + Sync>,
}

impl Check {
    /// The requirement `says`, a clause such as *must not be empty*, and whether a value fulfils
    /// it.
    #[must_use]
    pub fn new(
        says: impl Into<Arc<str>>,
        holds: impl Fn(&Value) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { says: says.into(), holds: Arc::new(holds) }
    }

    /// The requirement as a clause.
    #[must_use]
    pub fn says(&self) -> &str {
        &self.says
    }

    /// Whether a value fulfils it. What is null or unknown is not judged, and passes.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        value.is_null() || !value.is_known() || (self.holds)(value)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.says).finish()
    }
}

/// A string with something else than blanks in it.
#[must_use]
pub fn not_blank() -> Check {
    Check::new("must not be blank", |it| it.as_str().is_none_or(|it| !it.trim().is_empty()))
}

/// A collection with at least one element.
#[must_use]
pub fn not_empty() -> Check {
    Check::new("must not be empty", |it| it.parts().next().is_some())
}

/// One of these strings.
#[must_use]
pub fn one_of(choices: &'static [&'static str]) -> Check {
    let list: Vec<String> = choices.iter().map(|it| format!("{it:?}")).collect();
    Check::new(format!("must be one of {}", list.join(", ")), move |it| {
        it.as_str().is_none_or(|it| choices.contains(&it))
    })
}

/// A string of `min` to `max` characters, or a collection of as many elements.
#[must_use]
pub fn length(min: usize, max: usize) -> Check {
    Check::new(format!("must have a length of {min} to {max}"), move |it| {
        let length = match it.kind() {
            Kind::String(text) => text.chars().count(),
            _ => it.parts().count(),
        };
        (min..=max).contains(&length)
    })
}

/// A string for which `holds` is true; `says` tells the form.
#[must_use]
pub fn matches(says: &'static str, holds: fn(&str) -> bool) -> Check {
    Check::new(says, move |it| it.as_str().is_none_or(holds))
}

/// A number not below `min`.
#[must_use]
pub fn at_least(min: i64) -> Check {
    Check::new(format!("must be at least {min}"), move |it| {
        it.as_number().is_none_or(|it| *it >= Number::from(min))
    })
}

/// A number not above `max`.
#[must_use]
pub fn at_most(max: i64) -> Check {
    Check::new(format!("must be at most {max}"), move |it| {
        it.as_number().is_none_or(|it| *it <= Number::from(max))
    })
}
