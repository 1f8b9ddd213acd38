//! A data source that finds things.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{Context, DataSource};

use crate::Trial;
use crate::store::panic_in_validate;
use crate::stored::Item;
use crate::thing::Thing;

/// Finds a thing.
#[derive(Clone, Block)]
pub(crate) struct Lookup {
    /// What it is called.
    name: String,
    /// What is said of it where nobody says anything.
    #[attr(optional, default = "nothing")]
    fallback: String,
    /// What is said of it.
    #[attr(computed)]
    note: Leaf<String>,
}

pub(crate) struct Lookups;

impl DataSource<Trial> for Lookups {
    const TYPE: &'static str = "trial_lookup";
    type State = Lookup;

    fn validate(&self, config: &Lookup) -> Problems {
        panic_in_validate(&config.name.clone().into());
        Problems::new()
    }

    async fn read(&self, config: Lookup, cx: &mut Context<Trial>) -> Result<Lookup, Problems> {
        cx.client().begin_or_panic("lookup", &config.name)?;
        let found = cx.client().get::<Thing>(Thing::TYPE, &config.name)?;
        let Some(found) = found else {
            let path = Path::root().attribute("name");
            let problem = Problem::error(path, format!("is {:?}, and there is none", config.name));
            return Err(problem.cure("make it first").into());
        };
        let note = found.note.into_known().unwrap_or_else(|| config.fallback.clone());
        Ok(Lookup { note: note.into(), ..config })
    }
}
