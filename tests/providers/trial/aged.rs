//! A resource whose stored form has changed once.

use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf};
use stanchion_framework::RawState;

use crate::store::failed;
use crate::stored::Item;

/// In version 0 the name was called `label`, and there was an attribute `gone`.
#[derive(Clone, Block)]
pub(crate) struct Aged {
    /// What it is called.
    name: Leaf<String>,
    /// A number of many digits.
    #[attr(optional)]
    number: Leaf<stanchion_cty::Number>,
}

impl Item for Aged {
    const TYPE: &'static str = "trial_aged";
    const VERSION: i64 = 1;

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {}

    fn upgrade(_: i64, mut state: RawState) -> Result<RawState, Problems> {
        match state.remove("label") {
            Some(label) if label == "panic" => panic!("ordered by the label"),
            Some(label) => state.insert("name".to_owned(), label),
            None => return Err(failed("has no label").into()),
        };
        Ok(state)
    }
}
