//! A resource with write-only values. It returns them from each call, as a careless author does.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Problem, Problems};
use stanchion_framework::{MovedFrom, Private, RawState};

use crate::IDENTITY;
use crate::store::failed;
use crate::stored::{Item, named};

/// Tokens, and tokens in objects. In version 0 the secret was stored, as `password`.
#[derive(Clone, Block)]
pub(crate) struct Kept {
    /// What it is called.
    name: Leaf<String>,
    /// Told and never stored.
    #[attr(optional, write_only)]
    secret: Leaf<String>,
    /// Tell the secret again when this changes.
    #[attr(optional)]
    secret_version: Leaf<i64>,
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
    const VERSION: i64 = 1;

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {}

    fn told(&self) -> Option<String> {
        let mut it = self.clone();
        let tokens = it.tokens().filter_map(|it| it.token.known().cloned()).collect::<Vec<_>>();
        Some(self.secret.known().cloned().into_iter().chain(tokens).collect::<Vec<_>>().join(" "))
    }

    fn keep(&mut self, config: &Self) {
        let mut config = config.clone();
        self.secret = config.secret.clone();
        for (mine, theirs) in self.tokens().zip(config.tokens()) {
            mine.token = theirs.token.clone();
        }
    }

    fn plan(mut self, _: Option<&Self>, config: &Self) -> Result<Self, Problems> {
        self.keep(config);
        Ok(self)
    }

    fn import(name: &str) -> Result<Self, Problem> {
        Ok(Self { secret: "sesame, imported".into(), ..named(name)? })
    }

    fn upgrade(_: i64, mut state: RawState) -> Result<RawState, Problems> {
        let password = state.remove("password").ok_or_else(|| failed("has no password"))?;
        state.insert("secret".to_owned(), password);
        Ok(state)
    }

    fn moved(from: &MovedFrom<'_>, private: &mut Private) -> Result<Self, Problems> {
        let name = from.text("name").filter(|_| from.is(IDENTITY.address, "trial_thing"));
        let name = name.ok_or_else(|| from.refused())?;
        private.set("seal", name);
        let token = Token { note: "moved".into(), token: "sesame, moved".into() };
        Ok(Self { secret: "sesame, moved".into(), one: token.into(), ..named(name)? })
    }
}
