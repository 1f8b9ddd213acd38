//! Values that only a change shows, and values of any type.

use std::sync::Arc;

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Bound, Number, Problems, Refinement, Value};

use crate::stored::Item;

/// Anything.
#[derive(Clone, Block)]
pub(crate) struct Dynamic {
    /// What it is called.
    name: Leaf<String>,
    /// Any value of any type.
    #[attr(optional)]
    value: Value,
    /// The same value, known when it is stored.
    #[attr(computed, follows(value))]
    stored: Value,
}

impl Item for Dynamic {
    const TYPE: &'static str = "trial_dynamic";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {
        if !self.stored.is_wholly_known() {
            self.stored = self.value.clone();
        }
    }
}

/// What is unknown in a plan. Of some values it is known what they can be.
#[derive(Clone, Block)]
pub(crate) struct Later {
    /// What it is called.
    name: Leaf<String>,
    /// True.
    #[attr(computed, keep)]
    yes: Leaf<bool>,
    /// A text that begins with `later-`.
    #[attr(computed, keep)]
    text: Leaf<String>,
    /// A number of more than 1, and 9 at most.
    #[attr(computed, keep)]
    number: Leaf<Number>,
    /// One to three texts.
    #[attr(computed, keep)]
    list: Leaf<Vec<String>>,
    /// Anything.
    #[attr(computed, keep)]
    any: Value,
}

impl Item for Later {
    const TYPE: &'static str = "trial_later";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn plan(mut self, _: Option<&Self>, _: &Self) -> Result<Self, Problems> {
        let not_null = Refinement::not_null();
        if self.text.is_unknown() {
            let prefix = Some(Arc::from("later-"));
            self.text = Leaf::Unknown(Refinement { prefix, ..not_null.clone() });
        }
        if self.number.is_unknown() {
            let bound = |number, inclusive| Some(Bound { number: Number::from(number), inclusive });
            let (min, max) = (bound(1, false), bound(9, true));
            self.number = Leaf::Unknown(Refinement { min, max, ..not_null.clone() });
        }
        if self.list.is_unknown() {
            let (min_length, max_length) = (Some(1), Some(3));
            self.list = Leaf::Unknown(Refinement { min_length, max_length, ..not_null });
        }
        Ok(self)
    }

    fn complete(&mut self, _: Option<&Self>) {
        if self.yes.is_unknown() {
            self.yes = true.into();
        }
        if self.text.is_unknown() {
            self.text = "later-and-known".into();
        }
        if self.number.is_unknown() {
            self.number = Number::from(9).into();
        }
        if self.list.is_unknown() {
            self.list = vec!["a".to_owned(), "b".to_owned()].into();
        }
        if !self.any.is_known() {
            self.any = Value::tuple(["a".into(), Value::number(1)]);
        }
    }
}
