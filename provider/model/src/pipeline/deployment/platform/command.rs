//! Anywhere else, by commands of one's own.

use stanchion_cty::schema::{Block, Leaf, not_blank};
use stanchion_cty::{Path, Problem, Problems};

use super::{
    Around, Beside, InPlace, Platform, beside, in_place, is_beside, needs, scripts, variables,
};
use crate::pipeline::expression::plain;

/// Anywhere else, by commands of one's own.
///
/// Each is a script for `bash` that stops at the first failure. It gets `IMAGE`, with its digest, and all
/// but `current` also get `FORMER`, which is what `current` printed before anything was done. A command
/// returns when what it did is in effect, and fails where it isn't.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Command {
    /// Prints what runs now, in one line, or nothing where nothing does. Where that is an image with its
    /// digest, a rollback sees by it when another deployment has taken the place, and leaves that alone.
    #[attr(required, check = not_blank(), check = plain())]
    pub current: Leaf<String>,
    /// Puts `IMAGE` in the place of what runs: for `rolling` and `feature_flag`.
    #[attr(optional, check = not_blank(), check = plain())]
    pub deploy: Leaf<String>,
    /// Starts `IMAGE` beside what runs, without traffic: for `blue_green` and `canary`.
    #[attr(optional, check = not_blank(), check = plain())]
    pub stage: Leaf<String>,
    /// Gives `WEIGHT` percent of the traffic, from 0 to 100, to what was staged: for `blue_green` and
    /// `canary`.
    #[attr(optional, check = not_blank(), check = plain())]
    pub shift: Leaf<String>,
    /// Ends what ran before, once the new one has all of the traffic: for `blue_green` and `canary`.
    #[attr(optional, check = not_blank(), check = plain())]
    pub settle: Leaf<String>,
    /// Brings `FORMER` back, with all of the traffic, from whatever was done by then. It may be run again.
    #[attr(required, check = not_blank(), check = plain())]
    pub rollback: Leaf<String>,
}

impl Platform for Command {
    const NAME: &'static str = "command";

    variables! {
        "CURRENT": current, "DEPLOY": deploy, "STAGE": stage, "SHIFT": shift, "SETTLE": settle,
        "ROLLBACK": rollback;
    }

    fn refuses(_: &str) -> Option<&'static str> {
        None
    }

    fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems) {
        let strategy = around.strategy;
        let unused = |leaf: &Leaf<String>, name: &'static str, problems: &mut Problems| {
            if leaf.known().is_some() {
                let says = format!("is not run with {strategy}");
                problems.push(Problem::error(at.attribute(name), says).cure("leave it out"));
            }
        };
        let why = format!("{strategy} runs it");
        if is_beside(strategy) {
            needs(&self.stage, "stage", &why, at, problems);
            needs(&self.shift, "shift", &why, at, problems);
            unused(&self.deploy, "deploy", problems);
        } else {
            needs(&self.deploy, "deploy", &why, at, problems);
            unused(&self.stage, "stage", problems);
            unused(&self.shift, "shift", problems);
            unused(&self.settle, "settle", problems);
        }
    }

    const IN_PLACE: InPlace = in_place!("command/" after ["command/run.sh"]);
    const BESIDE: Option<Beside> = Some(beside!("command/" after ["command/run.sh"]));
}
