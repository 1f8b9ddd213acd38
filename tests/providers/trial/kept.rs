//! A resource with write-only values in nested objects. It returns them, as a careless author does.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf};

use crate::stored::Item;

/// Tokens in objects.
#[derive(Clone, Block)]
pub(crate) struct Kept {
    /// What it is called.
    name: Leaf<String>,
    /// One.
    #[attr(optional)]
    one: Leaf<Token>,
    /// Some in order.
    #[attr(optional)]
    list: Leaf<Vec<Token>>,
    /// Some by name.
    #[attr(optional)]
    map: Leaf<BTreeMap<String, Token>>,
}

/// A token.
#[derive(Clone, Block)]
struct Token {
    /// What is said of it.
    #[attr(optional)]
    note: Leaf<String>,
    /// Told and never stored.
    #[attr(optional, write_only)]
    token: Leaf<String>,
}

impl Kept {
    fn tokens(&mut self) -> impl Iterator<Item = &mut Token> {
        fn known<T>(leaf: &mut Leaf<T>) -> Option<&mut T> {
            match leaf {
                Leaf::Known(it) => Some(it),
                Leaf::Null | Leaf::Unknown(_) => None,
            }
        }
        let list = known(&mut self.list).into_iter().flatten();
        let map = known(&mut self.map).into_iter().flat_map(BTreeMap::values_mut);
        known(&mut self.one).into_iter().chain(list).chain(map)
    }
}

impl Item for Kept {
    const TYPE: &'static str = "trial_kept";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {}

    fn told(&self) -> Option<String> {
        let mut it = self.clone();
        let tokens = it.tokens().filter_map(|it| it.token.known().cloned());
        Some(tokens.collect::<Vec<_>>().join(" "))
    }

    fn keep(&mut self, config: &Self) {
        let mut config = config.clone();
        for (mine, theirs) in self.tokens().zip(config.tokens()) {
            mine.token = theirs.token.clone();
        }
    }
}
