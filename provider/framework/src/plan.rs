//! What will be, worked out from what is and what is wanted.
//!
//! Pure functions over a declaration and three values: the configuration, the prior state, and
//! what is planned. Terraform accepts a plan only if a configured value is planned as it stands,
//! or as it was in the state (the same meaning in another spelling), and only computed values are
//! invented; and it asks twice, so that the answer must be the same both times. Nothing here has a
//! clock, a file or a random number.

mod defaults;
mod mark;
mod nested;
mod partners;
mod propose;
mod replace;
mod settle;

pub use defaults::{with_blocks, with_defaults};
pub use settle::{forget_unknown, left_unknown, settle, settle_plan};

use stanchion_cty::schema::Object;
use stanchion_cty::{Path, Value};

/// What is planned for one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The state after the change; what only the change will show is unknown.
    pub state: Value,
    /// The changed attributes that need a new object. Empty for a new one.
    pub replace: Vec<Path>,
}

/// Plans the object of a configuration: a new one if there is no prior state.
///
/// 1. Configured values are taken, in the prior state's spelling where that means the same;
///    defaults fill in; computed values are taken over from the prior state.
/// 2. If nothing differs then, the plan is the prior state.
/// 3. Otherwise computed values that depend on what differs become unknown, in the object that
///    differs and in those around it.
///
/// `config` and `prior` are known objects of the declaration's type.
#[must_use]
pub fn plan(object: &Object, config: &Value, prior: Option<&Value>) -> Planned {
    let proposed = propose::propose(object, config, prior);
    let state = mark::mark(object, config, prior, proposed);
    let replace = prior.map(|prior| replace::paths(object, prior, &state)).unwrap_or_default();
    Planned { state, replace }
}

/// The paths whose change needs a new object, for a plan that was changed after [`plan`].
#[must_use]
pub fn replace_paths(object: &Object, prior: &Value, planned: &Value) -> Vec<Path> {
    replace::paths(object, prior, planned)
}

#[cfg(test)]
mod tests;
