//! What a pipeline is: one workflow of GitHub Actions.

pub mod actions;
mod budget;
mod changes;
mod check;
mod computed;
mod concurrency;
pub mod deployment;
mod expression;
mod gate;
pub mod job;
mod lens;
mod observe;
mod scope;
pub mod trigger;
mod workflow;

use std::collections::BTreeMap;

use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf, matches, not_blank, not_empty};

pub use computed::Computed;
pub use concurrency::Concurrency;

use self::actions::are_pins;
use self::expression::{one_line, plain};
use self::job::Job;
use self::trigger::Triggers;
use crate::{Document, Found, Held, Observed, Tree, is_duration, same_duration};

/// A delivery pipeline: one workflow of GitHub Actions for one service.
///
/// The workflow is a document: it is written whole, and whatever is changed in it by hand shows in
/// the next plan, attribute by attribute. Every job gets the least permissions, a timeout, a pinned
/// checkout without credentials left behind, and `bash` that stops at the first failure. One job more,
/// the gate, waits for the others: its check is the one that a branch has to require.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Pipeline {
    /// The workflow's name. Its file is `.github/workflows/NAME.yml`, with the name in lower case
    /// and a dash for whatever is no letter or digit.
    #[attr(required, replace, check = not_blank(), check = has_a_letter(), check = plain(), check = one_line())]
    pub name: Leaf<String>,
    /// When it runs. At least one of them.
    #[attr(required)]
    pub triggers: Leaf<Triggers>,
    /// What it runs: the key is the job's id, which is also the name of its check.
    #[attr(required, check = not_empty())]
    pub jobs: Leaf<BTreeMap<String, Leaf<Job>>>,
    /// What happens to runs that overlap. Without it a newer run of a pull request ends the older one,
    /// and no other run is ever ended.
    #[attr(optional)]
    pub concurrency: Leaf<Concurrency>,
    /// How long it may take from a commit to the gate: the longest way through the jobs, by what they
    /// say in `expected`. More is an error; a warning where only timeouts tell.
    #[attr(optional, default = budget::DEFAULT, check = is_duration(), same = same_duration)]
    pub time_budget: Leaf<String>,
    /// Commits of actions, instead of those that the provider knows or for actions that it does not
    /// know: `"actions/checkout" = "COMMIT # v7.0.1"`.
    #[attr(optional, check = not_empty(), check = are_pins())]
    pub action_pins: Leaf<BTreeMap<String, Leaf<String>>>,
    #[attr(flatten)]
    computed: Computed,
    #[attr(flatten)]
    held: Held,
}

/// A name as a file's name: lower case, and a dash for whatever is no letter or digit. Empty if
/// there is no letter or digit in it.
#[must_use]
pub fn slug(name: &str) -> String {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

fn has_a_letter() -> stanchion_cty::schema::Check {
    matches("must have a letter from a to z or a digit, as a file is named after it", |name| {
        !slug(name).is_empty()
    })
}

/// Where a workflow of that name belongs.
fn address(name: &str) -> String {
    format!("{FOLDER}/{}.yml", slug(name))
}

/// Where GitHub looks for workflows.
const FOLDER: &str = ".github/workflows";

impl Document for Pipeline {
    const TYPE: &'static str = "stanchion_pipeline";

    fn check(&self) -> Problems {
        check::check(self)
    }

    fn render(&self) -> Tree {
        workflow::render(self)
    }

    fn observe(prior: Option<&Self>, found: &Found) -> Observed<Self> {
        observe::observe(prior, found)
    }

    fn complete(&mut self) {
        self.computed = Computed::of(self);
    }

    fn held(&self) -> &Held {
        &self.held
    }

    fn held_mut(&mut self) -> &mut Held {
        &mut self.held
    }
}

#[cfg(test)]
mod tests;
