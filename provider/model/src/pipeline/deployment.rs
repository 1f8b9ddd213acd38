//! How what was built comes to those who use it, from one environment to the next.

mod check;
mod jobs;
pub mod platform;
mod read;
mod script;
mod strategy;

use stanchion_cty::schema::{Block, Leaf, not_blank};

use super::expression::plain;
use super::job::{Paths, Setup, Variables};

pub(super) use check::check;
pub(super) use jobs::{Stop, deploy, key_of, rollback, titles, verify};
pub use platform::Platforms;
pub(super) use read::{Stopped, is_deployed, read};
pub use strategy::{BlueGreen, Canary, FeatureFlag, Rolling, STRATEGIES, Strategies};

/// How something comes to those who use it. It is deployed to each of the pipeline's environments, one
/// after the other, as long as it proves good there; where it does not, or the run is cancelled, what
/// ran before comes back.
///
/// Its commands have the environment's name as `ENVIRONMENT`, its address as `URL`, and the image with
/// its digest as `IMAGE`.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Deployment {
    /// Which of the pipeline's `images` is deployed, by its key.
    #[attr(optional, check = not_blank())]
    pub image: Leaf<String>,
    /// Where it runs.
    #[attr(required)]
    pub platform: Leaf<Platforms>,
    /// How the traffic comes to it. Without it the platform replaces what runs.
    #[attr(optional)]
    pub strategy: Leaf<Strategies>,
    /// The commands that bring the data into the form that the new version needs, as a script of bash. They
    /// run once in each environment, before the new version gets any traffic, and have to leave the old one
    /// working.
    #[attr(optional, check = not_blank(), check = plain())]
    pub migrate: Leaf<String>,
    /// The commands that judge what was deployed, as a script of bash. Where they fail, what ran before
    /// comes back.
    #[attr(required, check = not_blank(), check = plain())]
    pub verify: Leaf<String>,
    /// The commands that run when what ran before is back, as a script of bash, for what the platform does not
    /// know of.
    #[attr(optional, check = not_blank(), check = plain())]
    pub rollback: Leaf<String>,
    /// The attributes of [`Setup`].
    #[attr(flatten)]
    pub setup: Setup,
    /// The attributes of [`Variables`].
    #[attr(flatten)]
    pub variables: Variables,
    /// The attributes of [`Paths`].
    #[attr(flatten)]
    pub paths: Paths,
}

/// How long a job of a deployment may take where nothing is said.
pub(super) const TIMEOUT: &str = "30m";
