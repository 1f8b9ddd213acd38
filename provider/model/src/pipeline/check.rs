//! What is wrong with a pipeline beyond its attributes' own checks.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::{Path, Problem, Problems};

use super::actions::Pins;
use super::expression::is_identifier;
use super::job::{Job, STAGES};
use super::made::Title;
use super::scope::Scope;
use super::{Pipeline, budget, changes, delivery, deployment, environments, gate, image};

pub(super) fn check(pipeline: &Pipeline) -> Problems {
    let mut problems = Problems::new();
    if let Some(triggers) = pipeline.triggers.known() {
        triggers.check(&mut problems);
    }
    let made = delivery::titles(pipeline).unwrap_or_default();
    if let Some(jobs) = pipeline.jobs.known() {
        for (id, job) in jobs {
            check_job(id, job, jobs, &made, &mut problems);
            if let Some(job) = job.known() {
                let cx = Scope::of(pipeline, id, job);
                job.check(&cx, &mut problems);
            }
        }
    }
    check_images(pipeline, &mut problems);
    if let Some(it) = pipeline.environments.known() {
        environments::check(it, &mut problems);
    }
    check_titles(&made, &mut problems);
    deployment::check(pipeline, &mut problems);
    match pipeline.jobs.known().and_then(cycle) {
        // No way through jobs that wait for each other is the longest.
        Some(ring) => problems.push(ring),
        None => budget::check(pipeline, &mut problems),
    }
    problems
}

/// What is wrong with images, and with what is asked of whoever starts the pipeline by hand.
fn check_images(pipeline: &Pipeline, problems: &mut Problems) {
    let dispatch = pipeline.triggers.known().and_then(|it| it.dispatch.dispatch.known());
    let inputs = dispatch.and_then(|it| it.inputs.known());
    for (key, it) in pipeline.images.known().into_iter().flatten() {
        if let Some(it) = it.known() {
            let path = Path::root().attribute("images").key(key.as_str());
            it.check(&path, &pipeline.oidc, problems);
            let cx = Scope::alone("", Pins(&pipeline.action_pins), true);
            it.judge(&path, &cx, problems);
        }
        let input = image::input(key);
        let taken = inputs.into_iter().flat_map(BTreeMap::keys);
        for name in taken.filter(|it| it.eq_ignore_ascii_case(&input)) {
            let path = Path::root().attribute("triggers").attribute("dispatch");
            let path = path.attribute("inputs").key(name.as_str());
            let message = format!("is asked anyway, for an earlier image {key:?}");
            problems.push(Problem::error(path, message).cure("give it another name"));
        }
    }
}

/// Two jobs that are made and have the same id: `a-to-b` in `c`, and `a` in `b-to-c`.
fn check_titles(made: &[Title], problems: &mut Problems) {
    for (i, it) in made.iter().enumerate() {
        let same = |other: &&Title| other.id.eq_ignore_ascii_case(&it.id);
        if let Some(other) = made.iter().take(i).find(same) {
            let message = format!("make the jobs {:?} and {:?} of one id", other.name, it.name);
            let path = Path::root().attribute("deployments");
            problems.push(Problem::error(path, message).cure("give one of them another key"));
        }
    }
}

type Jobs = BTreeMap<String, Leaf<Job>>;

fn check_job(id: &str, job: &Leaf<Job>, jobs: &Jobs, made: &[Title], problems: &mut Problems) {
    let path = Path::root().attribute("jobs").key(id);
    check_id(id, jobs, made, &path, problems);
    let Some(job) = job.known() else { return };
    let path = path.attribute("needs");
    for needed in job.needs.ids() {
        let Some(other) = jobs.get(needed) else {
            let known: Vec<&str> = jobs.keys().map(String::as_str).collect();
            let message = format!("names {needed:?}, and there is no such job");
            let cure = format!("name one of {}", known.join(", "));
            problems.push(Problem::error(path.clone(), message).cure(cure));
            continue;
        };
        let (Some(own), Some(others)) = (stage(job), other.known().and_then(stage)) else {
            continue;
        };
        if others > own {
            let (own, others) = (STAGES[own], STAGES[others]);
            let message = format!("names {needed:?}, whose stage {others:?} comes after {own:?}");
            let cure = format!("the stages are, in their order, {}", STAGES.join(", "));
            problems.push(Problem::error(path.clone(), message).cure(cure));
        }
    }
}

fn check_id(id: &str, jobs: &Jobs, made: &[Title], path: &Path, problems: &mut Problems) {
    let mut error = |message: String, cure: &str| {
        problems.push(Problem::error(path.clone(), message).cure(cure));
    };
    if !is_identifier(id) {
        let cure = "begin it with a letter or `_`, and use letters, digits, `_` and `-` only";
        error("has a key that is no job's id".to_owned(), cure);
    }
    for (own, what) in [(gate::ID, "the gate"), (changes::ID, "what looks at changed files")] {
        if id.eq_ignore_ascii_case(own) {
            error(format!("has the id of the job that is {what}"), "give it another key");
        }
    }
    if let Some(it) = made.iter().find(|it| it.id.eq_ignore_ascii_case(id)) {
        error(format!("has the id of the job {:?}, which is made", it.name), "give it another key");
    }
    // GitHub's contexts take names in either case, so one of the two could not be referred to.
    let before = jobs.keys().take_while(|it| *it != id).find(|it| it.eq_ignore_ascii_case(id));
    if let Some(other) = before {
        error(
            format!("is {other:?} to GitHub, which takes no notice of case"),
            "give it another key",
        );
    }
}

/// The first circle of jobs that wait for each other.
fn cycle(jobs: &Jobs) -> Option<Problem> {
    let mut done: Vec<&str> = Vec::new();
    jobs.keys().find_map(|id| visit(id, jobs, &mut Vec::new(), &mut done))
}

fn visit<'a>(
    id: &'a str,
    jobs: &'a Jobs,
    way: &mut Vec<&'a str>,
    done: &mut Vec<&'a str>,
) -> Option<Problem> {
    if done.contains(&id) {
        return None;
    }
    if let Some(start) = way.iter().position(|it| *it == id) {
        let circle = [&way[start..], &[id]].concat().join(" → ");
        let path = Path::root().attribute("jobs").key(id).attribute("needs");
        let message = format!("makes jobs wait for each other: {circle}");
        return Some(Problem::error(path, message).cure("take one of these needs away"));
    }
    let job = jobs.get(id)?.known()?;
    way.push(id);
    let found = job.needs.ids().into_iter().find_map(|needed| visit(needed, jobs, way, done));
    way.pop();
    done.push(id);
    found
}

fn stage(job: &Job) -> Option<usize> {
    let stage = job.stage.stage.known()?;
    STAGES.iter().position(|it| it == stage)
}
