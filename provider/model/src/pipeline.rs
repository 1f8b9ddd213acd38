//! What a pipeline is: one workflow of GitHub Actions.

mod check;
mod observe;
mod render;

use std::collections::BTreeMap;

use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf, Set, matches, not_blank, not_empty, one_of};

use crate::{Document, Found, Held, Observed, Tree};

/// A delivery pipeline: one workflow of GitHub Actions for one service.
///
/// The workflow is a document: it is written whole, and whatever is changed in it by hand shows in
/// the next plan, attribute by attribute. Every job gets the least permissions, a pinned checkout
/// without credentials left behind, and `bash` that stops at the first failure.
#[derive(Clone, Debug, PartialEq, Block)]
pub struct Pipeline {
    /// The workflow's name. Its file is `.github/workflows/NAME.yml`, with the name in lower case
    /// and a dash for whatever is no letter or digit.
    #[attr(required, replace, check = not_blank(), check = has_a_letter())]
    pub name: Leaf<String>,
    /// When it runs. At least one of them.
    #[attr(required)]
    pub triggers: Leaf<Triggers>,
    /// What it runs: the key is the job's id, which is also the name of its check.
    #[attr(required, check = not_empty())]
    pub jobs: Leaf<BTreeMap<String, Leaf<Job>>>,
    #[attr(flatten)]
    held: Held,
}

/// When a pipeline runs.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Triggers {
    /// At a push to these branches.
    #[attr(optional)]
    pub push: Leaf<Branches>,
    /// At a pull request into these branches.
    #[attr(optional)]
    pub pull_request: Leaf<Branches>,
    /// At these times, each in cron's five fields, in UTC: `"0 4 * * 1"`.
    #[attr(optional, check = not_empty())]
    pub schedule: Leaf<Vec<Leaf<String>>>,
}

/// Some branches.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Branches {
    /// The branches' names or patterns; all branches where nothing is said.
    #[attr(optional, check = not_empty())]
    pub branches: Leaf<Vec<Leaf<String>>>,
}

/// One job of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Job {
    /// What the job is for. A job can't need one of a later stage.
    #[attr(required, check = one_of(STAGES))]
    pub stage: Leaf<String>,
    /// The ids of the jobs that must have succeeded before.
    #[attr(optional)]
    pub needs: Leaf<Set<Leaf<String>>>,
    /// The commands that it runs, as a script of bash in the repository's root.
    #[attr(required, check = not_blank())]
    pub run: Leaf<String>,
}

/// The stages of a delivery, in their order.
pub const STAGES: &[&str] = &["lint", "test", "build", "scan", "deploy", "verify"];

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
        render::render(self)
    }

    fn observe(prior: Option<&Self>, found: &Found) -> Observed<Self> {
        observe::observe(prior, found)
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
