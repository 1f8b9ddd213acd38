//! A resource whose nested objects have defaults, computed values and changes that replace.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, Set};
use stanchion_cty::{Problem, Value};

use crate::stored::{Item, named};

/// Parts, in each way of nesting.
#[derive(Clone, Block)]
pub(crate) struct Nested {
    /// What it is called.
    name: Leaf<String>,
    /// Something that changes.
    #[attr(optional)]
    note: Leaf<String>,
    /// One part.
    #[attr(optional)]
    one: Leaf<Part>,
    /// Parts in order.
    #[attr(optional)]
    list: Leaf<Vec<Leaf<Part>>>,
    /// Parts without order.
    #[attr(optional)]
    set: Leaf<Set<Leaf<Part>>>,
    /// Parts by name.
    #[attr(optional)]
    map: Leaf<BTreeMap<String, Leaf<Part>>>,
}

/// A part.
#[derive(Clone, Block)]
pub(crate) struct Part {
    /// What tells it from others.
    key: Leaf<String>,
    /// In large or small letters.
    #[attr(optional, same = but_for_case)]
    spelling: Leaf<String>,
    /// How many there are.
    #[attr(optional, default = 1)]
    count: Leaf<i64>,
    /// A change makes a new object of the whole.
    #[attr(optional, replace)]
    form: Leaf<String>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    made: Leaf<String>,
    /// Depends on the count.
    #[attr(computed, follows(count))]
    label: Leaf<String>,
}

impl Item for Nested {
    const TYPE: &'static str = "trial_nested";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn import(name: &str) -> Result<Self, Problem> {
        named(name)
    }

    fn complete(&mut self, _: Option<&Self>) {
        let parts = [known(&mut self.one)].into_iter().flatten();
        let parts = parts.chain(known(&mut self.list).into_iter().flatten().filter_map(known));
        let set = known(&mut self.set).into_iter().flat_map(|it| &mut it.0).filter_map(known);
        let map = known(&mut self.map).into_iter().flat_map(BTreeMap::values_mut).filter_map(known);
        for part in parts.chain(set).chain(map) {
            if part.made.is_unknown() {
                part.made = part.key.clone();
            }
            if part.label.is_unknown() {
                part.label = format!("{} of {}", shown(&part.count), shown(&part.key)).into();
            }
        }
    }
}

fn known<T>(leaf: &mut Leaf<T>) -> Option<&mut T> {
    match leaf {
        Leaf::Known(it) => Some(it),
        Leaf::Null | Leaf::Unknown(_) => None,
    }
}

fn shown<T: ToString>(leaf: &Leaf<T>) -> String {
    leaf.known().map_or_else(|| "none".to_owned(), T::to_string)
}

fn but_for_case(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().map(str::to_lowercase));
    a.is_some() && a == b
}
