//! An ephemeral resource with attributes of every kind, which writes down what it is given.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, Set};
use stanchion_cty::{Number, Problems, Value, json};
use stanchion_framework::{Context, Ephemeral, Opened, Private};

use crate::Trial;
use crate::kinds::Pair;
use crate::plain::{Loose, Plain, Simple};

/// One of each.
#[derive(Clone, Block)]
pub(crate) struct Given {
    /// What it is called.
    name: String,
    /// Yes or no.
    #[attr(optional)]
    flag: Leaf<bool>,
    /// Any number.
    #[attr(optional)]
    number: Leaf<Number>,
    /// A whole number.
    #[attr(optional)]
    whole: Leaf<i64>,
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
    list: Leaf<Vec<String>>,
    /// Texts without order.
    #[attr(optional)]
    set: Leaf<Set<String>>,
    /// Numbers by name.
    #[attr(optional)]
    map: Leaf<BTreeMap<String, Number>>,
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
    pairs: Leaf<Vec<Pair>>,
    /// Objects without order.
    #[attr(optional)]
    pair_set: Leaf<Set<Pair>>,
    /// Objects by name.
    #[attr(optional)]
    pair_map: Leaf<BTreeMap<String, Pair>>,
    /// At most one block.
    #[attr(block, optional)]
    one: Leaf<Part>,
    /// Blocks in order.
    #[attr(block, optional)]
    row: Vec<Part>,
    /// Blocks without order.
    #[attr(block, optional)]
    heap: Set<Part>,
    /// Blocks by name.
    #[attr(block, optional)]
    shelf: BTreeMap<String, Part>,
}

/// What is in a block.
#[derive(Clone, Block)]
struct Part {
    /// The key.
    key: Leaf<String>,
    /// The value.
    #[attr(optional, default = 1)]
    value: Leaf<i64>,
    /// Blocks within the block.
    #[attr(block, optional)]
    inner: Vec<Inner>,
    /// Known when it is opened.
    #[attr(computed)]
    made: Leaf<String>,
}

/// What is in a block of a block.
#[derive(Clone, Block)]
struct Inner {
    /// A text.
    text: Leaf<String>,
}

impl Part {
    fn make(&mut self) {
        self.made = format!("made of {}", self.key.known().map_or("", String::as_str)).into();
    }
}

pub(crate) struct Givens;

impl Ephemeral<Trial> for Givens {
    const TYPE: &'static str = "trial_given";
    type State = Given;

    async fn open(
        &self,
        mut config: Given,
        cx: &mut Context<Trial>,
    ) -> Result<Opened<Given>, Problems> {
        let parts =
            config.row.iter_mut().chain(&mut config.heap.0).chain(config.shelf.values_mut());
        parts.for_each(Part::make);
        if let Leaf::Known(part) = &mut config.one {
            part.make();
        }
        let text = json::encode(&config.encode_value(), &Given::object_type())?;
        cx.client().write(&format!("given/{}", config.name), &text)?;
        Ok(Opened { result: config, renew_at: None, private: Private::default() })
    }
}
