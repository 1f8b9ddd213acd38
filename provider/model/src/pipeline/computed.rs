//! What a pipeline tells of itself.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf};

use super::job::{Job, Paths, is_before_the_gate};
use super::lens::known;
use super::{Pipeline, budget, changes, delivery, gate};
use crate::NotKnown;

/// What a pipeline tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Computed {
    /// The names of all checks that the pipeline reports at a commit, as GitHub writes them: of a
    /// matrix one for each combination, such as `test (3.12)`; the gate's is the last. Of a job that
    /// `paths` skip GitHub makes no combinations: the check to require is that of the gate.
    #[attr(computed)]
    pub check_names: Leaf<Vec<Leaf<String>>>,
    /// The name of the one check that a branch has to require: it is green if all jobs up to the stage
    /// `scan` are, or no change concerned them.
    #[attr(computed, follows(name))]
    pub gate_check: Leaf<String>,
    /// The ids of the jobs on the longest way from a commit to the gate, in their order.
    #[attr(computed)]
    pub critical_path: Leaf<Vec<Leaf<String>>>,
    /// How long that way takes by what the jobs say in `expected`; a job that says nothing counts with
    /// its `timeout`.
    #[attr(computed)]
    pub critical_path_duration: Leaf<String>,
}

impl Computed {
    /// What a pipeline tells, as far as it is known.
    pub(super) fn of(pipeline: &Pipeline) -> Self {
        let way = budget::longest(pipeline);
        let ids = |ids: Vec<String>| ids.into_iter().map(Leaf::Known).collect::<Vec<_>>();
        let (critical_path, critical_path_duration) = match way {
            Ok(way) => (Leaf::Known(ids(way.jobs)), Leaf::Known(way.takes.to_string())),
            Err(NotKnown) => (Leaf::unknown(), Leaf::unknown()),
        };
        Self {
            check_names: check_names(pipeline)
                .map_or_else(|NotKnown| Leaf::unknown(), |it| Leaf::Known(ids(it))),
            gate_check: pipeline.name.as_ref().map(|it| gate::check_name(it)),
            critical_path,
            critical_path_duration,
        }
    }
}

fn check_names(pipeline: &Pipeline) -> Result<Vec<String>, NotKnown> {
    let mut names = Vec::new();
    let Some(jobs) = known(&pipeline.jobs)? else { return Ok(names) };
    let name = known(&pipeline.name)?;
    if has_filters(pipeline)? {
        names.extend(name.map(|it| changes::check_name(it)));
    }
    for (id, job) in jobs {
        let Some(job) = known(job)? else { continue };
        names.extend(job.matrix.check_names(id)?);
    }
    names.extend(delivery::titles(pipeline)?.into_iter().map(|it| it.name));
    names.extend(name.map(|it| gate::check_name(it)));
    Ok(names)
}

fn has_filters(pipeline: &Pipeline) -> Result<bool, NotKnown> {
    let mut found = false;
    let mut look = |it: &Paths| {
        found |= known(&it.paths)?.is_some_and(|it| !it.is_empty());
        Ok(())
    };
    for it in known(&pipeline.jobs)?.into_iter().flat_map(BTreeMap::values) {
        known(it)?.map_or(Ok(()), |it| look(&it.paths))?;
    }
    for it in known(&pipeline.images)?.into_iter().flat_map(BTreeMap::values) {
        known(it)?.map_or(Ok(()), |it| look(&it.paths))?;
    }
    for it in known(&pipeline.deployments)?.into_iter().flat_map(BTreeMap::values) {
        known(it)?.map_or(Ok(()), |it| look(&it.paths))?;
    }
    Ok(found)
}

/// Whether the gate waits for a job; one whose stage was never said counts as a test.
pub(super) fn is_gated(job: &Job) -> Result<bool, NotKnown> {
    Ok(known(&job.stage.stage)?.is_none_or(|it| is_before_the_gate(it)))
}
