//! One job: a list of parts, each of which holds some attributes, writes them and reads them back.
//!
//! A new option is a file below `job/` and a word in `parts!`.

mod cache;
mod coverage;
mod env;
mod environment;
mod expected;
mod matrix;
mod needs;
mod outputs;
mod paths;
mod permissions;
mod services;
mod setup;
mod stage;
mod step;
mod timeout;
mod work;

use std::collections::{BTreeSet, VecDeque};

use stanchion_cty::schema::Block;
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Path, Problems};

pub use cache::{Cache, Cached};
pub use coverage::{Coverage, Floor};
pub use env::Variables;
pub use environment::Environment;
pub use expected::Expected;
pub use matrix::Matrix;
pub use needs::Needs;
pub use outputs::Outputs;
pub use paths::Paths;
pub use permissions::{Permission, Permissions};
pub use services::{Health, Service, Services};
pub use setup::Setup;
pub(super) use stage::IS_ACCEPTED;
pub use stage::{STAGES, Stage, is_before_the_gate};
pub use step::Step;
pub use timeout::Timeout;
pub use work::Work;

use super::lens::bare;
use super::scope::Scope;
use crate::NotKnown;

/// Some attributes of a job, what they come to in the workflow, and how they are read out of it.
pub(super) trait Part: Clone + Default {
    /// Adds what is wrong beyond the attributes' own checks.
    fn check(&self, _cx: &Scope<'_>, _problems: &mut Problems) {}

    /// Adds what the attributes come to.
    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown>;

    /// Reads the attributes, and takes the steps that are its own. What it reads and would not
    /// write in the same way is seen by whoever compares; so it may read generously.
    fn read(prior: Option<&Self>, cx: &Scope<'_>, found: &mut Remains<'_>) -> Self;

    /// The attributes that only a configuration can hold, and that this one does not.
    fn only_configured(&self, _cx: &Scope<'_>) -> Vec<Path> {
        Vec::new()
    }
}

/// After which jobs a job runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    /// Where none of those before has failed.
    #[default]
    Good,
    /// Where none of those before has failed; one that was skipped makes no difference.
    NoFailure,
    /// Whatever became of those before, and also where the run is cancelled.
    Always,
}

/// A job that is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Draft {
    /// After which jobs it runs.
    pub(super) status: Status,
    /// Whether the job does without the repository's files.
    pub(super) has_no_files: bool,
    /// The jobs that must be over before.
    pub(super) needs: BTreeSet<String>,
    /// What must hold for the job to run, all of it.
    pub(super) conditions: Vec<String>,
    /// Which changed files the job runs for; for all where there is none.
    pub(super) filters: Vec<String>,
    /// What stands under the job's keys.
    pub(super) keys: Vec<(&'static str, Item)>,
    /// The steps that prepare the work.
    pub(super) before: Vec<Item>,
    /// The work.
    pub(super) work: Vec<Item>,
    /// The steps that judge it.
    pub(super) after: Vec<Item>,
}

impl Draft {
    pub(super) fn without_comments(self) -> Self {
        let all = |items: Vec<Item>| items.iter().map(bare).collect();
        Self {
            keys: self.keys.iter().map(|(key, it)| (*key, bare(it))).collect(),
            before: all(self.before),
            work: all(self.work),
            after: all(self.after),
            ..self
        }
    }
}

/// What is left to read of a job.
#[derive(Clone, Debug)]
pub(super) struct Remains<'a> {
    /// The job.
    pub(super) node: &'a Node,
    /// The steps that no part has taken yet.
    pub(super) steps: VecDeque<&'a Node>,
    /// The files for whose changes the job runs, as the workflow says elsewhere.
    pub(super) filters: Vec<String>,
}

impl<'a> Remains<'a> {
    /// Takes the first step if it uses that action at whichever commit.
    pub(super) fn take_first(&mut self, action: &str) -> Option<&'a Node> {
        let first = *self.steps.front()?;
        let uses = first.get("uses").and_then(Node::as_str)?;
        (uses.split('@').next() == Some(action)).then(|| self.steps.pop_front()).flatten()
    }
}

/// Declares the parts that a job is made of. They read in this order, and the last takes the steps
/// that are left.
macro_rules! parts {
    ($($field:ident: $part:ty),+ $(,)?) => {
        /// One job of a pipeline.
        #[derive(Clone, Debug, Default, PartialEq, Block)]
        pub struct Job {
            $(
                #[doc = concat!("The attributes of [`", stringify!($part), "`].")]
                #[attr(flatten)]
                pub $field: $part,
            )+
        }

        impl Job {
            pub(super) fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
                $(self.$field.check(cx, problems);)+
            }

            pub(super) fn render(&self, cx: &Scope<'_>) -> Result<Draft, NotKnown> {
                let mut draft = Draft::default();
                $(self.$field.render(cx, &mut draft)?;)+
                Ok(draft)
            }

            pub(super) fn read(
                prior: Option<&Self>,
                cx: &Scope<'_>,
                found: &mut Remains<'_>,
            ) -> Self {
                $(let $field = read_part(prior.map(|it| &it.$field), cx, found);)+
                Self { $($field),+ }
            }

            pub(super) fn only_configured(&self, cx: &Scope<'_>) -> Vec<Path> {
                [$(self.$field.only_configured(cx)),+].concat()
            }
        }
    };
}

parts! {
    stage: Stage,
    needs: Needs,
    paths: Paths,
    matrix: Matrix,
    permissions: Permissions,
    timeout: Timeout,
    expected: Expected,
    environment: Environment,
    variables: Variables,
    outputs: Outputs,
    services: Services,
    setup: Setup,
    cache: Cache,
    coverage: Coverage,
    work: Work,
}

/// Reads a part. Where that comes to the same as the prior, it is the prior to the letter.
fn read_part<P: Part>(prior: Option<&P>, cx: &Scope<'_>, found: &mut Remains<'_>) -> P {
    let read = P::read(prior, cx, found);
    let said = |it: &P| {
        let mut draft = Draft::default();
        it.render(cx, &mut draft).map(|()| draft.without_comments())
    };
    match prior {
        Some(prior) if matches!((said(prior), said(&read)), (Ok(a), Ok(b)) if a == b) => {
            prior.clone()
        }
        _ => read,
    }
}
