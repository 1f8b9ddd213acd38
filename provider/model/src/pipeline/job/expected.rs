//! How long a job takes.

use stanchion_cty::Path;
use stanchion_cty::schema::{Block, Leaf};

use super::{Draft, Part, Remains, Scope};
use crate::{Duration, NotKnown, is_duration, same_duration};

/// How long a job takes.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Expected {
    /// How long the job takes as a rule: `"3m"`, `"90s"`. The pipeline's `critical_path` is computed
    /// from it, and held against `time_budget`.
    #[attr(optional, check = is_duration(), same = same_duration)]
    pub expected: Leaf<String>,
}

impl Expected {
    /// The time, if one is said and it is known.
    pub(in crate::pipeline) fn duration(&self) -> Option<Duration> {
        Duration::parse(self.expected.known()?).ok()
    }
}

impl Part for Expected {
    /// The workflow has no place for it.
    fn render(&self, _: &Scope<'_>, _: &mut Draft) -> Result<(), NotKnown> {
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, _: &mut Remains<'_>) -> Self {
        Self::default()
    }

    fn only_configured(&self, cx: &Scope<'_>) -> Vec<Path> {
        self.expected.is_null().then(|| cx.path().attribute("expected")).into_iter().collect()
    }
}
