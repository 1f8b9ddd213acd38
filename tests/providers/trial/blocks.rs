//! A resource whose nested blocks have defaults, computed values and changes that replace.

use std::collections::BTreeMap;

use stanchion_cty::Problem;
use stanchion_cty::schema::{Block, Leaf, Secret, Set};
use stanchion_framework::TimeoutSettings;

use crate::stored::{Item, named};

/// Blocks, in each way of nesting.
#[derive(Clone, Block)]
pub(crate) struct Blocks {
    /// What it is called.
    #[attr(replace)]
    name: Leaf<String>,
    /// Something that changes.
    #[attr(optional)]
    note: Leaf<String>,
    /// At most one limit.
    #[attr(block, optional)]
    limit: Leaf<Limit>,
    /// Rules in order.
    #[attr(block, optional)]
    rule: Leaf<Vec<Leaf<Rule>>>,
    /// Labels without order.
    #[attr(block, optional)]
    label: Leaf<Set<Leaf<Label>>>,
    /// Doors by name.
    #[attr(block, optional)]
    door: BTreeMap<String, Limit>,
    /// How long each deed may take.
    #[attr(block, optional)]
    timeouts: Leaf<TimeoutSettings>,
    /// How many rules there are.
    #[attr(computed, follows(rule))]
    rules: Leaf<i64>,
}

/// A limit.
#[derive(Clone, Block)]
pub(crate) struct Limit {
    /// At most.
    #[attr(optional, default = 10)]
    most: Leaf<i64>,
    /// Chosen by the provider where the configuration does not.
    #[attr(optional, computed, keep)]
    unit: Leaf<String>,
    /// Told and never stored.
    #[attr(optional, write_only)]
    token: Leaf<Secret>,
}

/// A rule.
#[derive(Clone, Block)]
pub(crate) struct Rule {
    /// What tells it from others.
    key: Leaf<String>,
    /// A change makes a new object of the whole.
    #[attr(optional, replace)]
    form: Leaf<String>,
    /// How many there are.
    #[attr(optional, default = 1)]
    count: Leaf<i64>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    made: Leaf<String>,
    /// Depends on the count.
    #[attr(computed, follows(count))]
    shown: Leaf<String>,
    /// A nested attribute within a block.
    #[attr(optional)]
    target: Leaf<Label>,
    /// Steps in order, of which there must be one.
    #[attr(block)]
    step: Leaf<Vec<Leaf<Step>>>,
}

/// A step.
#[derive(Clone, Block)]
pub(crate) struct Step {
    /// What is done.
    run: Leaf<String>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    id: Leaf<String>,
    /// Labels of the step.
    #[attr(block, optional)]
    label: Leaf<Set<Leaf<Label>>>,
}

/// A label.
#[derive(Clone, Block)]
pub(crate) struct Label {
    /// Its key.
    key: Leaf<String>,
    /// Its value.
    #[attr(optional, default = "none")]
    value: Leaf<String>,
    /// Stays once it is known.
    #[attr(computed, keep)]
    id: Leaf<String>,
}

impl Item for Blocks {
    const TYPE: &'static str = "trial_block";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    fn complete(&mut self, _: Option<&Self>) {
        for limit in known(&mut self.limit).into_iter().chain(self.door.values_mut()) {
            fill(&mut limit.unit, || "each".to_owned());
        }
        for label in labels(&mut self.label) {
            label.complete();
        }
        let mut count = 0;
        for rule in known(&mut self.rule).into_iter().flatten().filter_map(known) {
            rule.complete();
            count += 1;
        }
        if self.rules.is_unknown() {
            self.rules = Leaf::Known(count);
        }
    }

    fn import(name: &str) -> Result<Self, Problem> {
        named(name)
    }
}

impl Rule {
    fn complete(&mut self) {
        let key = self.key.known().cloned().unwrap_or_default();
        let count = self.count.known().copied().unwrap_or_default();
        fill(&mut self.made, || format!("rule {key}"));
        fill(&mut self.shown, || format!("{count} of {key}"));
        if let Some(target) = known(&mut self.target) {
            target.complete();
        }
        for step in known(&mut self.step).into_iter().flatten().filter_map(known) {
            let run = step.run.known().cloned().unwrap_or_default();
            fill(&mut step.id, || format!("step {run}"));
            for label in labels(&mut step.label) {
                label.complete();
            }
        }
    }
}

impl Label {
    fn complete(&mut self) {
        let key = self.key.known().cloned().unwrap_or_default();
        fill(&mut self.id, || format!("label {key}"));
    }
}

fn labels(set: &mut Leaf<Set<Leaf<Label>>>) -> impl Iterator<Item = &mut Label> {
    known(set).into_iter().flat_map(|it| &mut it.0).filter_map(known)
}

fn fill(leaf: &mut Leaf<String>, with: impl FnOnce() -> String) {
    if leaf.is_unknown() {
        *leaf = Leaf::Known(with());
    }
}

fn known<T>(leaf: &mut Leaf<T>) -> Option<&mut T> {
    match leaf {
        Leaf::Known(it) => Some(it),
        Leaf::Null | Leaf::Unknown(_) => None,
    }
}
