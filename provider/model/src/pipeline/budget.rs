//! How long it takes from a commit to the gate.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::{Path, Problem, Problems};

use super::Pipeline;
use super::computed::is_gated;
use super::image::{BUILD_PREFIX, build_id};
use super::job::{Expected, Job, Timeout};
use super::lens::known;
use crate::{Duration, NotKnown};

/// The budget where none is said.
pub(super) const DEFAULT: &str = "10m";

/// A way through the jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Way {
    pub(super) jobs: Vec<String>,
    pub(super) takes: Duration,
}

/// The longest way to the gate; a job that does not say how long it takes counts with its timeout.
pub(super) fn longest(pipeline: &Pipeline) -> Result<Way, NotKnown> {
    longest_by(pipeline, |time| match time.expected.duration() {
        Some(it) => Ok(it),
        None if time.expected.expected.is_unknown() => Err(NotKnown),
        None => time.timeout.duration(),
    })
}

/// What is wrong with how long a pipeline takes.
pub(super) fn check(pipeline: &Pipeline, problems: &mut Problems) {
    let budget = match &pipeline.time_budget {
        Leaf::Known(it) => it.as_str(),
        Leaf::Null => DEFAULT,
        Leaf::Unknown(_) => return,
    };
    let Ok(budget) = Duration::parse(budget) else { return };
    let path = Path::root().attribute("time_budget");
    // What is not said takes no time at the least.
    let at_least = longest_by(pipeline, |time| match time.expected.duration() {
        None if time.expected.expected.is_unknown() => Err(NotKnown),
        it => Ok(it.unwrap_or_default()),
    });
    let Ok(at_least) = at_least else { return };
    if at_least.takes > budget {
        let message = format!("is {budget}, and {}", at_least.told(pipeline));
        let cure = "make these jobs shorter, let them run side by side, or raise `time_budget`";
        problems.push(Problem::error(path, message).cure(cure));
        return;
    }
    let Ok(at_most) = longest(pipeline) else { return };
    let silent = at_most
        .jobs
        .iter()
        .filter(|id| expected(pipeline, id).is_some_and(|it| it.expected.is_null()));
    let silent: Vec<&str> = silent.map(String::as_str).collect();
    if at_most.takes > budget && silent.len() == at_most.jobs.len() {
        let message =
            format!("is {budget}, and only timeouts bound {}: {}", at_most.takes, at_most.arrows());
        let cure = format!("say in `expected` how long {} take", silent.join(" and "));
        problems.push(Problem::warning(path, message).cure(cure));
    }
}

impl Way {
    fn arrows(&self) -> String {
        self.jobs.join(" → ")
    }

    /// Each job of the way with the time that it says.
    fn told(&self, pipeline: &Pipeline) -> String {
        let one = |id: &String| match expected(pipeline, id).and_then(Expected::duration) {
            Some(it) => format!("{id} ({it})"),
            None => id.clone(),
        };
        let jobs: Vec<String> = self.jobs.iter().map(one).collect();
        format!("the way to the gate takes {}: {}", self.takes, jobs.join(" → "))
    }
}

/// What a job says of the time that it takes.
struct Time<'a> {
    expected: &'a Expected,
    timeout: &'a Timeout,
}

impl<'a> Time<'a> {
    fn of(job: &'a Job) -> Self {
        Self { expected: &job.expected, timeout: &job.timeout }
    }
}

/// What the job of that id, which may build an image, says of how long it takes.
fn expected<'a>(pipeline: &'a Pipeline, id: &str) -> Option<&'a Expected> {
    if let Some(job) = pipeline.jobs.known().and_then(|it| it.get(id)) {
        return Some(&job.known()?.expected);
    }
    let image = pipeline.images.known()?.get(id.strip_prefix(BUILD_PREFIX)?)?;
    Some(&image.known()?.expected)
}

type Ways<'a> = BTreeMap<&'a str, Option<Way>>;

fn longest_by(
    pipeline: &Pipeline,
    takes: impl Fn(&Time<'_>) -> Result<Duration, NotKnown>,
) -> Result<Way, NotKnown> {
    let Some(jobs) = known(&pipeline.jobs)? else { return Ok(Way::default()) };
    let mut ways = Ways::new();
    let mut longest = Way::default();
    for (id, job) in jobs {
        let Some(job) = known(job)? else { continue };
        if is_gated(job)? {
            let way = way_to(id, jobs, &takes, &mut ways)?;
            if way.takes > longest.takes || longest.jobs.is_empty() {
                longest = way;
            }
        }
    }
    for (key, image) in known(&pipeline.images)?.into_iter().flatten() {
        let Some(image) = known(image)? else { continue };
        let time = takes(&Time { expected: &image.expected, timeout: &image.timeout })?;
        if time > longest.takes || longest.jobs.is_empty() {
            longest = Way { jobs: vec![build_id(key)], takes: time };
        }
    }
    Ok(longest)
}

/// The longest way that ends with a job. Jobs that wait for each other are cut where they meet: they
/// are a problem of another check's.
fn way_to<'a>(
    id: &'a str,
    jobs: &'a BTreeMap<String, Leaf<Job>>,
    takes: &impl Fn(&Time<'_>) -> Result<Duration, NotKnown>,
    ways: &mut Ways<'a>,
) -> Result<Way, NotKnown> {
    if let Some(way) = ways.get(id) {
        return Ok(way.clone().unwrap_or_default());
    }
    ways.insert(id, None);
    let Some(job) = jobs.get(id).map(known).transpose()?.flatten() else {
        return Ok(Way::default());
    };
    let mut before = Way::default();
    for needed in known(&job.needs.needs)?.into_iter().flat_map(|it| it.iter()) {
        let Some(needed) = known(needed)? else { continue };
        let way = way_to(needed, jobs, takes, ways)?;
        if way.takes > before.takes || before.jobs.is_empty() {
            before = way;
        }
    }
    let seconds = before.takes.seconds().saturating_add(takes(&Time::of(job))?.seconds());
    before.jobs.push(id.to_owned());
    let way = Way { jobs: before.jobs, takes: Duration::from_seconds(seconds) };
    ways.insert(id, Some(way.clone()));
    Ok(way)
}
