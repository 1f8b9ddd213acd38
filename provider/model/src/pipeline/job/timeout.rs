//! How long a job may take.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Number, Problem, Problems};

use super::{Draft, Part, Remains, Scope};
use crate::pipeline::budget;
use crate::pipeline::lens::{known, text};
use crate::{Duration, NotKnown, is_whole_minutes, same_duration};

/// How long a job may take.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Timeout {
    /// After how long the job is ended, in whole minutes: `"30m"`.
    #[attr(optional, default = DEFAULT, check = is_whole_minutes(), same = same_duration)]
    pub timeout: Leaf<String>,
}

/// As long as the whole way to the gate may take by default.
const DEFAULT: &str = budget::DEFAULT;

/// How long a job may run on GitHub's runners:
/// <https://docs.github.com/actions/reference/limits>.
const LONGEST: Duration = Duration::from_seconds(6 * 60 * 60);

impl Timeout {
    /// The time, if it is known.
    pub(in crate::pipeline) fn duration(&self) -> Result<Duration, NotKnown> {
        let text = known(&self.timeout)?.map_or(DEFAULT, String::as_str);
        Ok(Duration::parse(text).unwrap_or_default())
    }
}

impl Part for Timeout {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        let timeout = self.timeout.known().and_then(|it| Duration::parse(it).ok());
        if let Some(it) = timeout.filter(|it| *it > LONGEST) {
            let message = format!("is {it}, and GitHub ends each job after {LONGEST}");
            let problem = Problem::error(cx.path().attribute("timeout"), message);
            problems.push(problem.cure(format!("say \"{LONGEST}\" at most, or split the job")));
        }
    }

    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let timeout = known(&self.timeout)?.map_or(DEFAULT, String::as_str);
        draft.keys.push(("timeout-minutes", minutes(timeout)));
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        Self { timeout: duration_at(found.node, "timeout-minutes") }
    }
}

/// A duration in minutes.
pub(super) fn minutes(duration: &str) -> Item {
    let minutes = Duration::parse(duration).unwrap_or_default().seconds().div_ceil(60);
    Number::from(i64::try_from(minutes).unwrap_or(i64::MAX)).into()
}

/// The duration whose minutes stand under a key.
pub(super) fn duration_at(found: &Node, key: &str) -> Leaf<String> {
    let minutes = found.get(key).and_then(text).and_then(|it| it.parse::<u64>().ok());
    let seconds = minutes.and_then(|it| it.checked_mul(60));
    seconds.map(|it| Duration::from_seconds(it).to_string()).map_or(Leaf::Null, Leaf::Known)
}
