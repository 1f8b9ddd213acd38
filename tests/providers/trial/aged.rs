//! A resource whose stored form has changed twice.

use serde_json::Value;
use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf};
use stanchion_framework::RawState;

use crate::store::failed;
use crate::stored::Item;

/// In version 0 the name was called `label`, and there was an attribute `gone`; until version 1 the
/// ports were a text such as `80,443`.
#[derive(Clone, Block)]
pub(crate) struct Aged {
    /// What it is called.
    name: Leaf<String>,
    /// A number of many digits.
    #[attr(optional)]
    number: Leaf<stanchion_cty::Number>,
    /// Where it listens.
    #[attr(optional)]
    ports: Leaf<Vec<u16>>,
}

impl Item for Aged {
    const TYPE: &'static str = "trial_aged";
    const VERSION: i64 = 2;

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {}

    fn upgrade(version: i64, mut state: RawState) -> Result<RawState, Problems> {
        if version == 0 {
            match state.remove("label") {
                Some(label) if label == "panic" => panic!("ordered by the label"),
                Some(label) => state.insert("name".to_owned(), label),
                None => return Err(failed("has no label").into()),
            };
        }
        if let Some(ports) = state.get_mut("ports") {
            *ports =
                ports.as_str().map_or(Value::Null, |it| it.split(',').map(Value::from).collect());
        }
        Ok(state)
    }
}
