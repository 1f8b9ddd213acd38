//! A resource that takes its time.

use std::time::Duration;

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{Context, Failure, Managed};

use crate::Trial;

/// Something that takes its time.
#[derive(Clone, Block)]
pub(crate) struct Work {
    /// What it is called.
    #[attr(required, replace, identity)]
    name: String,
    /// How long it takes to make, in seconds.
    #[attr(required, replace)]
    seconds: f64,
    /// Whether it stops when it is asked to.
    #[attr(optional, default = true)]
    honours: bool,
    /// How long each deed may take.
    #[attr(optional)]
    timeouts: Option<Limits>,
    /// Whether it is complete.
    #[attr(computed, keep)]
    complete: Leaf<bool>,
}

/// Durations such as `30s`.
#[derive(Clone, Block)]
pub(crate) struct Limits {
    /// For making it.
    #[attr(optional)]
    create: Option<String>,
    /// For deleting it.
    #[attr(optional)]
    delete: Option<String>,
}

pub(crate) struct Slow;

impl Managed<Trial> for Slow {
    const TYPE: &'static str = "trial_slow";
    type State = Work;

    async fn create(
        &self,
        planned: Work,
        _: Work,
        cx: &mut Context<Trial>,
    ) -> Result<Work, Failure<Work>> {
        let work = Work { complete: true.into(), ..planned };
        cx.client().begin("create", &work.name)?;
        cx.client().put(Self::TYPE, &work.name, &work)?;
        let duration = Duration::from_secs_f64(work.seconds.max(0.0));
        if !work.honours {
            tokio::time::sleep(duration).await;
        } else if cx.stop().run_until_cancelled(tokio::time::sleep(duration)).await.is_none() {
            cx.client().note(&format!("stopped {}", work.name))?;
            let state = Work { complete: false.into(), ..work };
            let problem = Problem::error(Path::root(), "was stopped half way");
            return Err(Failure { state: Some(state), problems: problem.into() });
        }
        Ok(work)
    }

    async fn read(&self, state: Work, cx: &mut Context<Trial>) -> Result<Option<Work>, Problems> {
        let found = cx.client().get::<Work>(Self::TYPE, &state.name)?;
        Ok(found.map(|_| state))
    }

    async fn update(
        &self,
        _: Work,
        planned: Work,
        _: Work,
        _: &mut Context<Trial>,
    ) -> Result<Work, Failure<Work>> {
        Ok(planned)
    }

    async fn delete(&self, state: Work, cx: &mut Context<Trial>) -> Result<(), Problems> {
        cx.client().remove(Self::TYPE, &state.name).map_err(Problems::from)
    }
}
