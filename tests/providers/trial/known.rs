//! A resource that is known by its identity, and goes on from objects of other types.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Problem, Problems};
use stanchion_framework::{MovedFrom, ObjectIdentity, Private, RawState};

use crate::IDENTITY;
use crate::store::failed;
use crate::stored::{Item, named};

/// In version 0 of its identity the name was called `label`.
#[derive(Clone, Block)]
pub(crate) struct Known {
    /// What it is called.
    #[attr(replace, identity)]
    name: Leaf<String>,
    /// Where it is.
    #[attr(optional, replace, identity)]
    region: Leaf<String>,
    /// Its aliases.
    #[attr(optional, replace, identity)]
    aliases: Leaf<Vec<Leaf<String>>>,
    /// Its number.
    #[attr(computed, identity)]
    number: Leaf<i64>,
    /// What is said of it.
    #[attr(optional)]
    note: Leaf<String>,
}

impl Item for Known {
    const TYPE: &'static str = "trial_known";
    const IDENTITY_VERSION: i64 = 1;

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, prior: Option<&Self>) {
        let number = prior.and_then(|it| it.number.known().copied()).unwrap_or(7);
        let is_moved = self.note.known().is_some_and(|it| it == "another number");
        if self.number.is_unknown() {
            self.number = Leaf::Known(if is_moved { number + 1 } else { number });
        }
    }

    fn import(name: &str) -> Result<Self, Problem> {
        named(name)
    }

    fn import_by_identity(identity: &ObjectIdentity) -> Result<Self, Problems> {
        match identity.get::<String>("name")?.as_str() {
            "lost" => Ok(named("another")?),
            _ => identity.state(),
        }
    }

    fn upgrade_identity(mut identity: RawState) -> Result<RawState, Problems> {
        let label = identity.remove("label").ok_or_else(|| failed("has no label"))?;
        assert!(label != "panic", "ordered for the label");
        identity.insert("name".to_owned(), label);
        Ok(identity)
    }

    fn moved(from: &MovedFrom<'_>, private: &mut Private) -> Result<Self, Problems> {
        let name = if from.is("builtin/terraform", "terraform_data") {
            from.state.get("input").and_then(|it| it.get("value")?.as_str())
        } else if from.is(IDENTITY.address, "trial_thing") && from.version == 0 {
            from.private.get("seal").filter(|it| from.text("name") == Some(it))
        } else {
            return Err(from.refused().into());
        };
        let name = name.ok_or_else(|| failed("has no name to go on with"))?;
        assert!(name != "panic", "ordered for the name");
        private.set("seal", name);
        Ok(named(name)?)
    }
}
