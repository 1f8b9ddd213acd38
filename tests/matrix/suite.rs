//! Families of cases, and how one family runs on one Terraform.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use stanchion_tests::Terraform;

use crate::features::Feature;

/// Cases about one subject. They share what is costly: the configurations that are applied.
pub(crate) trait Family {
    /// What the table calls it.
    const NAME: &'static str;

    /// What the cases look at.
    type World;

    /// Does what the cases look at; whatever a Terraform can't do is left out by its features.
    fn prepare(terraform: &Terraform) -> Self::World;

    /// The cases, each of which asserts values.
    fn cases() -> Vec<Case<Self::World>>;
}

/// One case.
pub(crate) struct Case<W> {
    name: String,
    needs: Vec<Feature>,
    check: Box<dyn Fn(&W)>,
}

/// A case by its name, a clause, and what it asserts.
pub(crate) fn case<W>(name: impl Into<String>, check: impl Fn(&W) + 'static) -> Case<W> {
    Case { name: name.into(), needs: Vec::new(), check: Box::new(check) }
}

impl<W> Case<W> {
    /// The case is for a Terraform that can do this.
    pub(crate) fn needs(mut self, feature: Feature) -> Self {
        self.needs.push(feature);
        self
    }
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed(String),
    Skipped(Feature),
}

/// What became of a case on a Terraform.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) family: &'static str,
    pub(crate) case: String,
    pub(crate) outcome: Outcome,
}

/// Runs a family, and says how long that took.
pub(crate) fn run<F: Family>(terraform: &Terraform) -> (Vec<Row>, Duration) {
    let began = Instant::now();
    let lacks = |case: &Case<F::World>| case.needs.iter().find(|it| !it.is_in(terraform)).copied();
    let cases = F::cases();
    let world = if cases.iter().all(|it| lacks(it).is_some()) {
        Err(String::new())
    } else {
        caught(|| F::prepare(terraform)).map_err(|why| format!("could not be prepared: {why}"))
    };
    let rows = cases.iter().map(|case| {
        let outcome = match (lacks(case), &world) {
            (Some(feature), _) => Outcome::Skipped(feature),
            (None, Err(why)) => Outcome::Failed(why.clone()),
            (None, Ok(world)) => match caught(|| (case.check)(world)) {
                Ok(()) => Outcome::Passed,
                Err(why) => Outcome::Failed(why),
            },
        };
        Row { family: F::NAME, case: case.name.clone(), outcome }
    });
    (rows.collect(), began.elapsed())
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what a panic says for [`caught`], in the place of printing it at once.
pub(crate) fn keep_panics() {
    panic::set_hook(Box::new(|info| {
        LAST.with(|it| it.replace(info.to_string()));
    }));
}

/// What a closure returns, or why it panicked.
fn caught<T>(deed: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(deed)).map_err(|_| LAST.with(|it| it.take()))
}
