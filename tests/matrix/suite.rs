//! Families of cases, and how one family runs on one Terraform.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::Value;
use stanchion_tests::Terraform;
use stanchion_tests::place::Place;

use crate::features::Feature;

/// Cases about one subject. They share what is costly: the configurations that are applied.
pub(crate) trait Family {
    /// What the table calls it.
    const NAME: &'static str;

    /// Whether anything is made, and so destroyed at the end.
    const MAKES: bool = true;

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

/// An empty place, in which what was made is destroyed when the family's cases are done.
pub(crate) fn place(terraform: &Terraform) -> Rc<Place> {
    kept(Place::new(terraform))
}

/// The same for a place that is something special.
pub(crate) fn kept(place: Place) -> Rc<Place> {
    let place = Rc::new(place);
    KEPT.with_borrow_mut(|it| it.push(Rc::clone(&place)));
    place
}

/// Runs a family, and says how long that took.
pub(crate) fn run<F: Family>(terraform: &Terraform) -> (Vec<Row>, Duration) {
    let began = Instant::now();
    let lacks = |case: &Case<F::World>| case.needs.iter().find(|it| !it.is_in(terraform)).copied();
    let cases = F::cases();
    let lacked_by_all: Option<Vec<Feature>> = cases.iter().map(lacks).collect();
    let world = if lacked_by_all.is_some() {
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
    let mut rows: Vec<Row> = rows.collect();
    if F::MAKES {
        let outcome = match lacked_by_all.as_deref() {
            Some([feature, ..]) => Outcome::Skipped(*feature),
            _ => caught(destroy).map_or_else(Outcome::Failed, |()| Outcome::Passed),
        };
        let case = "what was made is destroyed at the end".to_owned();
        rows.push(Row { family: F::NAME, case, outcome });
    }
    (rows, began.elapsed())
}

/// Destroys what is in each place by the configuration that is there: neither the state nor the
/// service may have anything left.
fn destroy() {
    let places = KEPT.take();
    assert!(!places.is_empty(), "the family keeps no place");
    for place in places {
        if place.root().join("faults").exists() {
            place.forgive();
        }
        let state = place.workspace.path().join("terraform.tfstate");
        if state.exists() {
            place.workspace.run(["destroy", "-auto-approve"]).success();
            let state: Value =
                serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
            assert_eq!(state["resources"], Value::Array(Vec::new()));
        }
        assert_eq!(place.objects(), [""; 0]);
    }
}

thread_local! {
    /// The places of the family that runs on this thread.
    static KEPT: RefCell<Vec<Rc<Place>>> = const { RefCell::new(Vec::new()) };

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
