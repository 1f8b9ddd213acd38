//! An ephemeral resource with attributes of every kind, which writes down what it is given.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, Set};
use stanchion_cty::{Number, Problems, Value};
use stanchion_framework::{Context, Ephemeral, Opened, Private};

use crate::Trial;
use crate::kinds::Pair;

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
    /// A number of floating point.
    #[attr(optional)]
    float: Leaf<f64>,
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
}

pub(crate) struct Givens;

impl Ephemeral<Trial> for Givens {
    const TYPE: &'static str = "trial_given";
    type State = Given;

    async fn open(
        &self,
        config: Given,
        cx: &mut Context<Trial>,
    ) -> Result<Opened<Given>, Problems> {
        cx.client().put(Self::TYPE, &config.name, &config)?;
        Ok(Opened { result: config, renew_at: None, private: Private::default() })
    }
}
