//! What a job does.

use stanchion_cty::schema::{Block, Leaf, not_blank, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Problem, Problems};

use super::step::Step;
use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::plain;
use crate::pipeline::lens::{known, settled, text_at};
use crate::pipeline::scope::Names;

/// What a job does.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Work {
    /// The commands that the job runs, as a script of bash in the repository's root, which ends at the
    /// first command that fails. Either this or `steps`.
    #[attr(optional, check = not_blank(), check = plain())]
    pub run: Leaf<String>,
    /// The steps that the job takes, one after the other. Either this or `run`.
    #[attr(optional, check = not_empty())]
    pub steps: Leaf<Vec<Leaf<Step>>>,
}

impl Work {
    /// The ids of the steps, if all are known.
    pub(in crate::pipeline) fn ids(&self) -> Names {
        let mut ids = Vec::new();
        for step in known(&self.steps).ok()?.into_iter().flatten() {
            let Some(step) = known(step).ok()? else { continue };
            ids.extend(known(&step.id).ok()?.cloned());
        }
        Some(ids)
    }
}

impl Part for Work {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        let mut error = |message: &str, cure: &str| {
            problems.push(Problem::error(cx.path().attribute("run"), message).cure(cure));
        };
        match (&self.run, &self.steps) {
            (Leaf::Null, Leaf::Null) => {
                error("is missing, and there are no `steps`", "say what the job runs");
            }
            (Leaf::Known(_), Leaf::Known(_)) => {
                error("stands beside `steps`", "make it one of the steps: `{ run = … }`");
            }
            _ => {}
        }
        // An expression of a step may name those before it.
        let mut before = Scope { steps: Some(Vec::new()), ..cx.clone() };
        for (i, step) in self.steps.known().into_iter().flatten().enumerate() {
            let path = cx.path().attribute("steps").index(i);
            let id = step.known().map(|it| &it.id);
            if let Some(step) = step.known() {
                step.check(&path, &before, problems);
            }
            let (Some(ids), Some(Leaf::Known(id))) = (&mut before.steps, id) else {
                if !matches!(id, Some(Leaf::Null)) {
                    before.steps = None;
                }
                continue;
            };
            if ids.iter().any(|it| it.eq_ignore_ascii_case(id)) {
                let message = format!("is {id:?}, as that of a step before is to GitHub");
                let problem = Problem::error(path.attribute("id"), message);
                problems.push(problem.cure("give one of them another"));
            }
            ids.push(id.clone());
        }
    }

    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        if let Some(run) = known(&self.run)? {
            draft.work.push(Item::map([("run", Item::string(run.as_str()))]));
        }
        for step in known(&self.steps)?.into_iter().flatten() {
            draft.work.extend(known(step)?.map(|it| it.item(cx)).transpose()?);
        }
        Ok(())
    }

    fn read(prior: Option<&Self>, cx: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let is_only_script = |it: &Node| matches!(it.entries(), [it] if &*it.key == "run");
        let is_run = prior.is_some_and(|it| it.run.known().is_some());
        let are_steps = prior.is_some_and(|it| it.steps.known().is_some());
        let steps: Vec<&Node> = found.steps.drain(..).collect();
        match steps.as_slice() {
            [] => Self::default(),
            [one] if !are_steps && is_only_script(one) || (is_run && one.get("run").is_some()) => {
                Self { run: text_at(one, "run"), steps: Leaf::Null }
            }
            all => {
                let prior = prior.and_then(|it| it.steps.known());
                let read = all.iter().enumerate().map(|(i, it)| {
                    let before = prior.and_then(|it| it.get(i));
                    settled(before, Leaf::Known(Step::of(it, cx)), |it| it.item(cx).map(Some))
                });
                Self { run: Leaf::Null, steps: Leaf::Known(read.collect()) }
            }
        }
    }
}
