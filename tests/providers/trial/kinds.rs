//! A resource with attributes of every kind.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, Set};
use stanchion_cty::{Number, Problem, Value};

use crate::plain::{Loose, Plain, Simple};
use crate::stored::{Item, named};

/// One of each.
#[derive(Clone, Block)]
pub(crate) struct Kinds {
    /// What it is called.
    name: Leaf<String>,
    /// Yes or no.
    #[attr(optional)]
    flag: Leaf<bool>,
    /// Any number.
    #[attr(optional)]
    number: Leaf<Number>,
    /// A whole number of 64 bits.
    #[attr(optional)]
    whole: Leaf<i64>,
    /// A whole number of 8 bits.
    #[attr(optional)]
    small: Leaf<u8>,
    /// A whole number of 32 bits.
    #[attr(optional)]
    whole32: Leaf<i32>,
    /// A number of floating point.
    #[attr(optional)]
    float: Leaf<f64>,
    /// A number of floating point, of 32 bits.
    #[attr(optional)]
    float32: Leaf<f32>,
    /// A text.
    #[attr(optional)]
    text: Leaf<String>,
    /// Texts in order.
    #[attr(optional)]
    list: Leaf<Vec<Leaf<String>>>,
    /// Numbers without order.
    #[attr(optional)]
    set: Leaf<Set<Leaf<Number>>>,
    /// Flags by name.
    #[attr(optional)]
    map: Leaf<BTreeMap<String, Leaf<bool>>>,
    /// A list of maps of sets.
    #[attr(optional)]
    deep: Leaf<Vec<BTreeMap<String, Set<Leaf<String>>>>>,
    /// Anything.
    #[attr(optional)]
    dynamic: Value,
    /// One object of a plain type.
    #[attr(optional)]
    plain: Leaf<Plain<Simple>>,
    /// One object of a plain type, a part of which is of any type.
    #[attr(optional)]
    loose: Leaf<Plain<Loose>>,
    /// One object.
    #[attr(optional)]
    single: Leaf<Pair>,
    /// Objects in order.
    #[attr(optional)]
    pairs: Leaf<Vec<Leaf<Pair>>>,
    /// Objects without order.
    #[attr(optional)]
    pair_set: Leaf<Set<Leaf<Pair>>>,
    /// Objects by name.
    #[attr(optional)]
    pair_map: Leaf<BTreeMap<String, Leaf<Pair>>>,
    /// Objects in objects.
    #[attr(optional)]
    nest: Leaf<BTreeMap<String, Leaf<Nest>>>,
}

/// A key and a value.
#[derive(Clone, Block)]
pub(crate) struct Pair {
    /// The key.
    key: Leaf<String>,
    /// The value.
    #[attr(optional)]
    value: Leaf<Number>,
}

/// Objects in an object.
#[derive(Clone, Block)]
pub(crate) struct Nest {
    /// Those that are in it.
    pairs: Leaf<Vec<Leaf<Pair>>>,
    /// Anything.
    #[attr(optional)]
    single: Leaf<Pair>,
}

impl Item for Kinds {
    const TYPE: &'static str = "trial_kinds";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn import(name: &str) -> Result<Self, Problem> {
        named(name)
    }

    fn complete(&mut self, _: Option<&Self>) {}
}
