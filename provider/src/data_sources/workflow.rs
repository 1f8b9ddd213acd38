//! An existing workflow, whoever wrote it.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Leaf, not_blank};
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{Context, DataSource};
use stanchion_model::{Found, Uses, Workflow, WorkflowJob};

use crate::provider::Stanchion;
use crate::target::Target;

/// A workflow of GitHub Actions that is there already, whoever wrote it: its jobs, what starts it, what
/// it uses and at which version, and the exact names of the checks that it reports.
///
/// A check is named by its job's `name` or id, and by the values of its matrix; a workflow of the same
/// repository that a job calls is read too. Where a run alone tells the names (a matrix or a name with
/// an expression in it, a workflow of another repository) the job is in `open_jobs`, and its checks
/// in no list.
#[derive(Clone, Debug, Block)]
pub(super) struct Read {
    /// Where the workflow is, relative to the root: `.github/workflows/ci.yml`.
    #[attr(required, check = not_blank())]
    path: Leaf<String>,
    /// What it is called; null where it has no name.
    #[attr(computed)]
    name: Leaf<String>,
    /// The events that start it, each with its filters as one line of YAML; empty where there are none.
    #[attr(computed)]
    triggers: Leaf<BTreeMap<String, String>>,
    /// Its jobs by their ids.
    #[attr(computed)]
    jobs: Leaf<BTreeMap<String, Leaf<Job>>>,
    /// What its jobs use, in the order of the text: actions, workflows and images.
    #[attr(computed)]
    pins: Leaf<Vec<Leaf<Pin>>>,
    /// The names of all checks that it reports, in the order of the jobs' ids.
    #[attr(computed)]
    check_names: Leaf<Vec<Leaf<String>>>,
    /// The jobs of whose checks a run alone tells the names: id → why.
    #[attr(computed)]
    open_jobs: Leaf<BTreeMap<String, String>>,
    /// The whole text.
    #[attr(computed)]
    content: Leaf<String>,
    /// The SHA-256 digest of the normal form, in which comments, the order of keys and the way of
    /// quoting make no difference.
    #[attr(computed)]
    sha256: Leaf<String>,
}

/// A job.
#[derive(Clone, Debug, Block)]
pub(super) struct Job {
    /// The names of the checks that it reports; null where a run alone tells them.
    #[attr(computed)]
    check_names: Leaf<Vec<Leaf<String>>>,
    /// The ids of the jobs that must have succeeded before.
    #[attr(computed)]
    needs: Leaf<Vec<Leaf<String>>>,
    /// The labels of its runner, or the runner's group.
    #[attr(computed)]
    runs_on: Leaf<Vec<Leaf<String>>>,
    /// The environment that it deploys to.
    #[attr(computed)]
    environment: Leaf<String>,
    /// The workflow that it calls.
    #[attr(computed)]
    calls: Leaf<String>,
    /// What its token may do, as far as the job says: scope → `read`, `write` or `none`; `*` stands for
    /// all scopes.
    #[attr(computed)]
    permissions: Leaf<BTreeMap<String, String>>,
    /// After how many minutes it is ended, as it is written: a number or an expression.
    #[attr(computed)]
    timeout_minutes: Leaf<String>,
}

/// Something that a job uses.
#[derive(Clone, Debug, Block)]
pub(super) struct Pin {
    /// What is used, without the reference: `actions/checkout`, `./action`, `docker://alpine`.
    #[attr(computed)]
    action: Leaf<String>,
    /// The reference behind the `@`: a tag, a branch, a commit's id or a digest.
    #[attr(computed)]
    reference: Leaf<String>,
    /// The version that the comment behind it tells.
    #[attr(computed)]
    version: Leaf<String>,
    /// Whether it can't change: a whole commit's id, a digest, or a part of the repository itself.
    #[attr(computed)]
    is_pinned: Leaf<bool>,
    /// The id of the job.
    #[attr(computed)]
    job: Leaf<String>,
    /// The place of the step in its job, from 0; null for a workflow that the job calls.
    #[attr(computed)]
    step: Leaf<u32>,
}

pub(super) struct It;

impl DataSource<Stanchion> for It {
    const TYPE: &'static str = "stanchion_workflow";
    type State = Read;

    async fn read(&self, config: Read, cx: &mut Context<Stanchion>) -> Result<Read, Problems> {
        let at = Path::root().attribute("path");
        let path = config.path.known().map(String::as_str).unwrap_or_default();
        let target = cx.client().target()?;
        let found = target.read(path).await.map_err(|it| it.under(&at))?;
        let Some(found) = found else {
            let problem = Problem::error(at, format!("names {path}, and there is no such file"));
            let cure = "give a path below the root, which is that of the nearest `.git`";
            return Err(problem.cure(cure).into());
        };
        let mut texts = BTreeMap::new();
        let workflow = loop {
            let missing = std::cell::RefCell::new(Vec::new());
            let read = Workflow::read(&found.text, &|called| {
                if !texts.contains_key(called) {
                    missing.borrow_mut().push(called.to_owned());
                }
                texts.get(called).cloned().flatten()
            });
            let missing = missing.into_inner();
            if missing.is_empty() {
                break read;
            }
            // What can't be read is not known, as what is not there.
            for called in missing {
                let text = target.read(&called).await.ok().flatten().map(|it| it.text);
                texts.insert(called, text);
            }
        };
        let workflow = workflow.map_err(|why| {
            let problem =
                Problem::error(at, format!("names {path}, which is no workflow: {}", why.0));
            problem.cure("name a workflow of GitHub Actions")
        })?;
        Ok(told(config.path, &found, workflow))
    }
}

fn told(path: Leaf<String>, found: &Found, workflow: Workflow) -> Read {
    let open = workflow.jobs.iter().filter_map(|(id, it)| match &it.check_names {
        stanchion_model::CheckNames::Known(_) => None,
        stanchion_model::CheckNames::Open(why) => Some((id.clone(), why.clone())),
    });
    Read {
        path,
        open_jobs: open.collect::<BTreeMap<_, _>>().into(),
        check_names: texts(workflow.check_names()),
        name: optional(workflow.name),
        triggers: workflow.triggers.into(),
        jobs: Leaf::Known(
            workflow.jobs.into_iter().map(|(id, it)| (id, Leaf::Known(job(it)))).collect(),
        ),
        pins: Leaf::Known(workflow.uses.into_iter().map(|it| Leaf::Known(pin(it))).collect()),
        content: found.text.as_str().into(),
        sha256: found.sha256().into(),
    }
}

fn job(it: WorkflowJob) -> Job {
    Job {
        check_names: it.check_names.known().cloned().map_or(Leaf::Null, texts),
        needs: texts(it.needs),
        runs_on: texts(it.runs_on),
        environment: optional(it.environment),
        calls: optional(it.calls),
        permissions: it.permissions.into(),
        timeout_minutes: optional(it.timeout_minutes),
    }
}

fn pin(it: Uses) -> Pin {
    Pin {
        action: it.action.into(),
        reference: optional(it.reference),
        version: optional(it.version),
        is_pinned: it.is_pinned.into(),
        job: it.job.into(),
        step: it.step.and_then(|it| u32::try_from(it).ok()).map_or(Leaf::Null, Leaf::Known),
    }
}

fn texts(all: Vec<String>) -> Leaf<Vec<Leaf<String>>> {
    Leaf::Known(all.into_iter().map(Leaf::Known).collect())
}

fn optional(text: Option<String>) -> Leaf<String> {
    text.map_or(Leaf::Null, Leaf::Known)
}
