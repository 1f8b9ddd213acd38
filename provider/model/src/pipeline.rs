//! What a pipeline is: one workflow of GitHub Actions.

pub mod actions;
mod budget;
mod changes;
mod check;
mod computed;
mod concurrency;
mod delivered;
mod delivery;
pub mod deployment;
mod environments;
pub(crate) mod expression;
mod gate;
pub mod image;
pub mod job;
mod lens;
mod made;
mod observe;
mod oidc;
mod scope;
mod settle;
pub mod trigger;
mod workflow;

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, matches, not_blank, not_empty};
use stanchion_cty::{Kind, Problems};

pub use computed::Computed;
pub use concurrency::Concurrency;
pub use environments::Destination;
pub use oidc::{Aws, Azure, Google, Oidc};

use self::actions::are_pins;
use self::deployment::Deployment;
use self::expression::{one_line, plain};
use self::image::Image;
use self::job::Job;
use self::trigger::Triggers;
use crate::{Document, Found, Held, Observed, Tree, is_duration, is_whole_minutes, same_duration};

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
    /// The container images that it builds: the key names the jobs `image-KEY` and `publish-KEY`. Where the
    /// pipeline is started by hand, the person may name an earlier digest of each, which is then deployed
    /// without anything being built.
    #[attr(optional, check = not_empty(), check = are_keys())]
    pub images: Leaf<BTreeMap<String, Leaf<Image>>>,
    /// Where it deploys to, in the order in which what is deployed is promoted: to each only what has
    /// proved good in the one before.
    #[attr(optional, check = not_empty())]
    pub environments: Leaf<Vec<Leaf<Destination>>>,
    /// What it deploys to each of the environments: the key names the jobs `deploy-KEY-to-ENVIRONMENT`,
    /// `verify-KEY-in-ENVIRONMENT` and `rollback-KEY-in-ENVIRONMENT`. They wait for the gate, and don't
    /// run for pull requests and merge queues.
    #[attr(optional, check = not_empty(), check = are_keys())]
    pub deployments: Leaf<BTreeMap<String, Leaf<Deployment>>>,
    /// How deployments prove who they are to a cloud, without a key that somebody keeps.
    #[attr(optional)]
    pub oidc: Leaf<Oidc>,
    /// After how long a job of a deployment is ended, in whole minutes: `"30m"`.
    #[attr(optional, default = deployment::TIMEOUT, check = is_whole_minutes(), same = same_duration)]
    pub deploy_timeout: Leaf<String>,
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

/// That the keys of a map may stand in ids of jobs and in names of questions.
fn are_keys() -> Check {
    let is_key = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && it.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it))
            && it.len() <= 40
    };
    let says =
        "must have keys of letters, digits, `-` and `_`, 40 at most, that begin with a letter";
    Check::new(says, move |it| match it.kind() {
        Kind::Map(_, entries) => entries.keys().all(|it| is_key(it)),
        _ => true,
    })
}

fn has_a_letter() -> Check {
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
