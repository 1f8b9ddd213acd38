//! What a job is for.

use stanchion_cty::Path;
use stanchion_cty::schema::{Block, Leaf, one_of};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::gate;
use crate::pipeline::lens::{known, texts_at};

/// The stages of a delivery, in their order.
pub const STAGES: &[&str] = &["lint", "test", "build", "scan", "deploy", "verify"];

/// What a job is for.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Stage {
    /// What the job is for. A job can't need one of a later stage. The gate waits for the jobs up to
    /// `scan`. Jobs of the stages `deploy` and `verify` wait for the gate, and don't run for pull
    /// requests and merge queues, whose code is not accepted yet.
    #[attr(required, check = one_of(STAGES))]
    pub stage: Leaf<String>,
}

/// What holds where the code that is run has been accepted.
pub(in crate::pipeline) const IS_ACCEPTED: &str =
    "github.event_name != 'pull_request' && github.event_name != 'merge_group'";

/// Whether the gate waits for jobs of that stage.
#[must_use]
pub fn is_before_the_gate(stage: &str) -> bool {
    !matches!(stage, "deploy" | "verify")
}

impl Part for Stage {
    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        if known(&self.stage)?.is_some_and(|it| !is_before_the_gate(it)) {
            draft.needs.insert(gate::ID.to_owned());
            draft.conditions.push(IS_ACCEPTED.to_owned());
        }
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        // The workflow says of a stage no more than on which side of the gate it is.
        let is_behind = texts_at(found.node, "needs")
            .known()
            .is_some_and(|it| it.iter().any(|it| it.known().is_some_and(|it| it == gate::ID)));
        Self { stage: if is_behind { "deploy".into() } else { Leaf::Null } }
    }

    fn only_configured(&self, cx: &Scope<'_>) -> Vec<Path> {
        self.stage.is_null().then(|| cx.path().attribute("stage")).into_iter().collect()
    }
}
