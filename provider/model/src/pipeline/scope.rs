//! What is around a job, and which names its expressions may use.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::{Path, Problem, Problems};

use super::Pipeline;
use super::actions::{Pins, nearest};
use super::expression::references;
use super::job::Job;
use super::lens::Texts;

/// What is around a job.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    /// The job's id.
    pub(super) id: &'a str,
    /// Which commits of actions are used.
    pub(super) pins: Pins<'a>,
    /// Whether anything is kept from run to run: not where tags start the pipeline, since a release is
    /// built of what the tag says, and of nothing that another run left.
    pub(super) keeps: bool,
    /// The keys of the job's own matrix.
    pub(super) matrix: Names,
    /// The jobs that the job needs.
    pub(super) needs: Names,
    /// Whether the job runs in an environment.
    pub(super) has_environment: bool,
    /// What is asked of who starts the pipeline by hand.
    pub(super) inputs: Names,
    /// The ids of the steps that are over.
    pub(super) steps: Names,
    /// All jobs, which tell something to those that need them.
    pub(super) jobs: Option<&'a BTreeMap<String, Leaf<Job>>>,
}

/// Some names; `None` while they are not known.
pub(super) type Names = Option<Vec<String>>;

impl<'a> Scope<'a> {
    /// What is around a job of a pipeline.
    pub(super) fn of(pipeline: &'a Pipeline, id: &'a str, job: &Job) -> Self {
        let triggers = pipeline.triggers.known();
        Self {
            id,
            pins: Pins(&pipeline.action_pins),
            keeps: triggers.is_none_or(|it| !it.are_tags()),
            matrix: job.matrix.keys(),
            needs: job.needs.names(),
            has_environment: !job.environment.environment.is_null(),
            inputs: triggers.map(|it| it.dispatch.names()).unwrap_or_default(),
            steps: job.work.ids(),
            jobs: pipeline.jobs.known(),
        }
    }

    /// What is around a job of a found workflow, in which nothing is judged.
    pub(super) fn unjudged(id: &'a str, pins: Pins<'a>) -> Self {
        Self {
            id,
            pins,
            keeps: true,
            matrix: None,
            needs: None,
            has_environment: false,
            inputs: None,
            steps: None,
            jobs: None,
        }
    }

    /// What is around a job that is made of something else than a job of the user's.
    pub(super) fn alone(id: &'a str, pins: Pins<'a>, keeps: bool) -> Self {
        Self { keeps, has_environment: true, ..Self::unjudged(id, pins) }
    }

    /// Where the job's attributes are.
    pub(super) fn path(&self) -> Path {
        Path::root().attribute("jobs").key(self.id)
    }
}

/// Where an expression stands, which decides what GitHub knows there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a job's variables.
    Job,
    /// In a step's variables or inputs.
    Step,
    /// In what must hold for a step to run.
    Condition,
    /// In what a job tells.
    Output,
}

impl Place {
    /// The contexts that there are:
    /// <https://docs.github.com/actions/reference/workflows-and-actions/contexts#context-availability>.
    fn contexts(self) -> &'static [&'static str] {
        match self {
            Self::Job => &["github", "needs", "strategy", "matrix", "vars", "secrets", "inputs"],
            Self::Step | Self::Output => &[
                "github", "needs", "strategy", "matrix", "vars", "secrets", "inputs", "job",
                "runner", "env", "steps",
            ],
            Self::Condition => &[
                "github", "needs", "strategy", "matrix", "vars", "inputs", "job", "runner", "env",
                "steps",
            ],
        }
    }

    fn has_function(self, name: &str) -> bool {
        match name {
            "hashfiles()" => matches!(self, Self::Step | Self::Condition),
            "success()" | "always()" | "cancelled()" | "failure()" => self == Self::Condition,
            _ => true,
        }
    }
}

/// Adds what expressions name and there is not.
pub(super) fn judge_all(
    expressions: &Texts,
    place: Place,
    path: &Path,
    cx: &Scope<'_>,
    problems: &mut Problems,
) {
    for (key, it) in expressions.known().into_iter().flatten() {
        if let Some(it) = it.known() {
            judge(it, place, &path.key(key.as_str()), cx, problems);
        }
    }
}

/// Adds what an expression names and there is not.
pub(super) fn judge(
    expression: &str,
    place: Place,
    path: &Path,
    cx: &Scope<'_>,
    problems: &mut Problems,
) {
    for reference in references(expression).unwrap_or_default() {
        let told = match reference.as_slice() {
            [function] if function.ends_with("()") => (!place.has_function(function)).then(|| {
                let message = format!("calls {function}, which GitHub does not know here");
                let cure = match function.as_str() {
                    "hashfiles()" => "say it in a step",
                    _ => "say it in the `if` of a step",
                };
                (message, cure.to_owned())
            }),
            [context, ..] if !place.contexts().contains(&context.as_str()) => {
                let message = format!("refers to {context}, which GitHub does not know here");
                Some((message, format!("name one of {}", place.contexts().join(", "))))
            }
            [context, name, ..]
                if context == "secrets"
                    && !name.eq_ignore_ascii_case("GITHUB_TOKEN")
                    && !cx.has_environment =>
            {
                let message = format!("uses the secret {name}, and the job runs in no environment");
                let cure =
                    "say in `environment` which one holds it, so that other jobs can't read it";
                Some((message, cure.to_owned()))
            }
            [context, name, rest @ ..] => missing(context, name, rest, cx),
            _ => None,
        };
        if let Some((message, cure)) = told {
            problems.push(Problem::error(path.clone(), message).cure(cure));
        }
    }
}

/// What is wrong with a name in a context whose names the pipeline itself says.
fn missing(context: &str, name: &str, rest: &[String], cx: &Scope<'_>) -> Option<(String, String)> {
    let told = match context {
        "matrix" => (&cx.matrix, "the job's matrix", "give the job a `matrix`"),
        "needs" => (&cx.needs, "the job's `needs`", "add it to `needs`"),
        "inputs" => (&cx.inputs, "`dispatch`", "add it to `triggers.dispatch.inputs`"),
        "steps" => (&cx.steps, "no step before has as its `id`", "give a step before the `id`"),
        _ => return None,
    };
    absent(&format!("{context}.{name}"), name, told).or_else(|| match (context, rest) {
        ("needs", [part, rest @ ..]) => {
            let path = format!("needs.{name}.{part}");
            let parts = names(&["outputs", "result"]);
            absent(&path, part, (&parts, "GitHub", "")).or_else(|| {
                let output = rest.first().filter(|_| part.eq_ignore_ascii_case("outputs"))?;
                let (_, job) = cx.jobs?.iter().find(|(id, _)| id.eq_ignore_ascii_case(name))?;
                let outputs = &job.known()?.outputs.names();
                let owner = format!("the job {name:?}");
                let cure = format!("add it to `jobs.{name}.outputs`");
                absent(&format!("{path}.{output}"), output, (outputs, &owner, &cure))
            })
        }
        ("steps", [part, ..]) => {
            let parts = names(&["outputs", "outcome", "conclusion"]);
            absent(&format!("steps.{name}.{part}"), part, (&parts, "GitHub", ""))
        }
        _ => None,
    })
}

fn names(all: &[&str]) -> Names {
    Some(all.iter().map(|it| (*it).to_owned()).collect())
}

/// What is wrong with a name that is none of these, whose they are, and the cure where there are none.
fn absent(
    path: &str,
    name: &str,
    (names, owner, without): (&Names, &str, &str),
) -> Option<(String, String)> {
    let names = names.as_ref()?;
    // GitHub takes no notice of case.
    if name == "*" || names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
        return None;
    }
    let message = match owner.strip_prefix("no ") {
        Some(_) => format!("refers to {path}, which {owner}"),
        None => format!("refers to {path}, which {owner} does not have"),
    };
    let cure = match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None if names.is_empty() => without.to_owned(),
        None => format!("name one of {}", names.join(", ")),
    };
    Some((message, cure))
}

/// Adds the names that are in both of two maps.
pub(super) fn judge_pair(
    (name, plain): (&str, &Texts),
    (name_from, from): (&str, &Texts),
    path: &Path,
    problems: &mut Problems,
) {
    let (Leaf::Known(plain), Leaf::Known(from)) = (plain, from) else { return };
    for key in from.keys().filter(|it| plain.contains_key(*it)) {
        let path = path.attribute(name_from).key(key.as_str());
        let message = format!("stands in `{name}` too");
        problems.push(Problem::error(path, message).cure("say it once"));
    }
}
