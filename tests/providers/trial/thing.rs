//! A resource with all that a life may hold.

use stanchion_cty::schema::{Block, Leaf, Secret, at_least, length};
use stanchion_cty::{Path, Problem, Problems, Value};

use crate::store::{failed, panic_in_validate};
use crate::stored::{Item, named};

/// A thing.
#[derive(Clone, Block)]
#[block(check = heavy_things_are_red)]
pub(crate) struct Thing {
    /// What it is called.
    #[attr(required, replace, check = length(1, 40))]
    pub(crate) name: Leaf<String>,
    /// What is said of it.
    #[attr(optional)]
    pub(crate) note: Leaf<String>,
    /// In large or small letters, which mean the same.
    #[attr(optional, same = but_for_case)]
    spelling: Leaf<String>,
    /// Its colour.
    #[attr(optional, default = "blue")]
    colour: Leaf<String>,
    /// Its weight.
    #[attr(optional, check = at_least(1))]
    weight: Leaf<u8>,
    /// Its code, which nobody sees.
    #[attr(optional, sensitive)]
    code: Leaf<String>,
    /// Told and never stored.
    #[attr(optional, write_only)]
    token: Leaf<Secret>,
    /// Tell the token again when this changes.
    #[attr(optional)]
    token_version: Leaf<i64>,
    /// What it was called once.
    #[attr(optional, deprecated = "use `note`")]
    remark: Leaf<String>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    id: Leaf<String>,
    /// Depends on the note.
    #[attr(computed, follows(note))]
    digest: Leaf<String>,
    /// Counts the changes.
    #[attr(computed)]
    revision: Leaf<i64>,
    /// Chosen by the provider where the configuration does not.
    #[attr(optional, computed, keep)]
    zone: Leaf<String>,
}

impl Item for Thing {
    const TYPE: &'static str = "trial_thing";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, prior: Option<&Self>) {
        let name = self.name.known().cloned().unwrap_or_default();
        if self.id.is_unknown() {
            self.id = format!("thing-{name}").into();
        }
        if self.digest.is_unknown() {
            let note = self.note.known().map_or("", String::as_str);
            self.digest = format!("<{note}>").into();
        }
        if self.revision.is_unknown() {
            self.revision =
                Leaf::Known(prior.map_or(1, |it| it.revision.known().unwrap_or(&0) + 1));
        }
        if self.zone.is_unknown() {
            self.zone = "north".into();
        }
    }

    fn told(&self) -> Option<String> {
        self.token.known().map(|it| it.expose().to_owned())
    }

    fn validate(&self) -> Problems {
        panic_in_validate(&self.note);
        match self.note.known().map(String::as_str) {
            Some("warn") => {
                let path = Path::root().attribute("note");
                Problem::warning(path, "warns").cure("say something else").into()
            }
            _ => Problems::new(),
        }
    }

    fn import(name: &str) -> Result<Self, Problem> {
        if name.contains('/') {
            let message = format!("has no import id {name:?}");
            return Err(failed(&message).cure("give the name alone"));
        }
        named(name)
    }
}

fn but_for_case(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().map(str::to_lowercase));
    a.is_some() && a == b
}

fn heavy_things_are_red(value: &Value, path: &Path) -> Problems {
    let heavy = value.get("weight").and_then(Value::as_number).is_some_and(|it| *it > 200.into());
    let red = value.get("colour").and_then(Value::as_str) == Some("red");
    if heavy && !red {
        let problem = Problem::error(path.attribute("colour"), "must be red for what is heavy");
        return problem.cure("say \"red\" or take a weight of at most 200").into();
    }
    Problems::new()
}
