//! One step of a job.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, matches, not_blank, not_empty, one_of};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::Item;
use stanchion_cty::{Path, Problem, Problems};

use super::Scope;
use super::env::Variables;
use super::timeout::{duration_at, minutes};
use crate::pipeline::actions::nearest;
use crate::pipeline::expression::{expressions, is_identifier, marked, one_line, plain, unmarked};
use crate::pipeline::lens::{known, mixed, text, text_at, unmixed};
use crate::pipeline::scope::{Place, judge, judge_all, judge_pair};
use crate::pipeline::workflow::CHECKOUT;
use crate::{NotKnown, is_whole_minutes, same_duration};

/// One step of a job: a script, or an action.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Step {
    /// What the step is called.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub name: Leaf<String>,
    /// By what the job's later steps and its `outputs` name the step: `"build"`, as in
    /// `steps.build.outputs.digest`.
    #[attr(optional, check = is_id())]
    pub id: Leaf<String>,
    /// The commands that it runs, as a script of bash or of another `shell`. Either this or `uses`.
    #[attr(optional, check = not_blank(), check = plain())]
    pub run: Leaf<String>,
    /// The action that it uses: `actions/upload-artifact`, whose commit the provider knows or
    /// `action_pins` tells; `OWNER/NAME@COMMIT`; or `./FOLDER` of the repository.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub uses: Leaf<String>,
    /// The action's inputs: name → value.
    #[attr(optional, check = not_empty(), check = plain())]
    pub with: Leaf<BTreeMap<String, Leaf<String>>>,
    /// The action's inputs whose values GitHub computes: name → expression without `${{ }}`, such as
    /// `"github.sha"`.
    #[attr(optional, check = not_empty(), check = expressions())]
    pub with_from: Leaf<BTreeMap<String, Leaf<String>>>,
    /// The variables of this step alone.
    #[attr(flatten)]
    pub variables: Variables,
    /// The folder in which the script runs, relative to the repository's root.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub working_directory: Leaf<String>,
    /// What runs the script. Without it, it is bash that stops at the first failure.
    #[attr(optional, check = one_of(SHELLS))]
    pub shell: Leaf<String>,
    /// Whether the job goes on where the step fails, as if it had not.
    #[attr(optional)]
    pub continue_on_error: Leaf<bool>,
    /// After how long the step is ended, in whole minutes: `"5m"`.
    #[attr(optional, check = is_whole_minutes(), same = same_duration)]
    pub timeout: Leaf<String>,
    /// What must hold for the step to run, as an expression without `${{ }}`, such as `failure()`.
    #[attr(optional, name = "if", check = expressions())]
    pub condition: Leaf<String>,
}

/// What a runner with Linux runs scripts with:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>.
const SHELLS: &[&str] = &["bash", "sh", "pwsh", "python"];

fn is_id() -> Check {
    let says = "must begin with a letter or `_`, and have letters, digits, `_` and `-` only";
    matches(says, is_identifier)
}

impl Step {
    /// Adds what is wrong with a step at `path`.
    pub(super) fn check(&self, path: &Path, cx: &Scope<'_>, problems: &mut Problems) {
        let mut error = |name: &str, message: String, cure: String| {
            let path = if name.is_empty() { path.clone() } else { path.attribute(name) };
            problems.push(Problem::error(path, message).cure(cure));
        };
        let alternatives = "say `run` for a script or `uses` for an action".to_owned();
        match (&self.run, &self.uses) {
            (Leaf::Null, Leaf::Null) => error("", "does nothing".to_owned(), alternatives),
            (Leaf::Known(_), Leaf::Known(_)) => {
                error("uses", "stands beside `run`".to_owned(), alternatives);
            }
            _ => {}
        }
        if self.run.known().is_some() {
            for (name, leaf) in [("with", &self.with), ("with_from", &self.with_from)] {
                if leaf.known().is_some() {
                    let cure = "give a script its values by `env`".to_owned();
                    error(name, "is for actions, and this step is a script".to_owned(), cure);
                }
            }
        }
        let for_scripts = [("working_directory", &self.working_directory), ("shell", &self.shell)];
        for (name, _) in for_scripts.into_iter().filter(|(_, it)| it.known().is_some()) {
            if self.uses.known().is_some() {
                let cure = "take it away; many actions have an input for it".to_owned();
                error(name, "is for scripts, and this step is an action".to_owned(), cure);
            }
        }
        judge_pair(("with", &self.with), ("with_from", &self.with_from), path, problems);
        judge_all(&self.with_from, Place::Step, &path.attribute("with_from"), cx, problems);
        self.variables.judge(Place::Step, path, cx, problems);
        if let Some(it) = self.condition.known() {
            judge(it, Place::Condition, &path.attribute("if"), cx, problems);
        }
        if let Some(uses) = self.uses.known() {
            problems.extend(cx.pins.problem(uses, &path.attribute("uses")));
            self.check_inputs(uses, path, cx, problems);
            self.check_credentials(uses, path, problems);
        }
    }

    fn check_inputs(&self, uses: &str, path: &Path, cx: &Scope<'_>, problems: &mut Problems) {
        let Some(release) = cx.pins.inputs(uses) else { return };
        let given = [("with", &self.with), ("with_from", &self.with_from)];
        let is_input = |it: &str| release.inputs.keys().any(|input| input.eq_ignore_ascii_case(it));
        for (attribute, inputs) in given {
            for input in
                inputs.known().into_iter().flat_map(BTreeMap::keys).filter(|it| !is_input(it))
            {
                let message = format!("is no input of {uses} {}", release.tag);
                let names = release.inputs.keys().map(String::as_str);
                let cure = match nearest(input, names.clone()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None if release.inputs.is_empty() => "it has none".to_owned(),
                    None => format!("its inputs are {}", names.collect::<Vec<_>>().join(", ")),
                };
                let path = path.attribute(attribute).key(input.as_str());
                problems.push(Problem::error(path, message).cure(cure));
            }
        }
        if given.iter().any(|(_, it)| it.is_unknown()) {
            return;
        }
        let is_given = |input: &str| {
            given.iter().any(|(_, it)| {
                it.known().is_some_and(|it| it.keys().any(|it| it.eq_ignore_ascii_case(input)))
            })
        };
        for (input, _) in release.inputs.iter().filter(|(it, required)| **required && !is_given(it))
        {
            let message = format!("lacks the input {input:?}, which {uses} requires");
            let cure = format!("say `with = {{ {input} = \"…\" }}`");
            problems.push(Problem::error(path.clone(), message).cure(cure));
        }
    }

    /// That a checkout says what becomes of its token: by itself it leaves it in the folder, for every
    /// later step and whatever that packs.
    fn check_credentials(&self, uses: &str, path: &Path, problems: &mut Problems) {
        let says = |it: &Leaf<BTreeMap<String, Leaf<String>>>| {
            it.is_unknown()
                || it.known().is_some_and(|it| {
                    it.keys().any(|it| it.eq_ignore_ascii_case("persist-credentials"))
                })
        };
        if uses.split('@').next() == Some(CHECKOUT) && !says(&self.with) && !says(&self.with_from) {
            let message = "leaves the token of the checkout in the folder";
            let cure = "say `with = { persist-credentials = \"false\" }`";
            problems.push(Problem::error(path.attribute("uses"), message).cure(cure));
        }
    }

    /// The step in the workflow.
    pub(super) fn item(&self, cx: &Scope<'_>) -> Result<Item, NotKnown> {
        let mut all = Vec::new();
        let string = |it: &String| Item::string(it.as_str());
        all.extend(known(&self.name)?.map(|it| ("name", string(it))));
        all.extend(known(&self.id)?.map(|it| ("id", string(it))));
        all.extend(known(&self.condition)?.map(|it| ("if", Item::string(marked(it)))));
        let goes_on = known(&self.continue_on_error)?;
        all.extend(goes_on.map(|it| ("continue-on-error", Item::from(*it))));
        all.extend(known(&self.timeout)?.map(|it| ("timeout-minutes", minutes(it))));
        if let Some(uses) = known(&self.uses)? {
            all.push(("uses", cx.pins.uses(uses)?));
        }
        all.extend(mixed(&self.with, &self.with_from)?.map(|it| ("with", it)));
        all.extend(self.variables.item()?.map(|it| ("env", it)));
        all.extend(known(&self.working_directory)?.map(|it| ("working-directory", string(it))));
        all.extend(known(&self.shell)?.map(|it| ("shell", string(it))));
        all.extend(known(&self.run)?.map(|it| ("run", string(it))));
        Ok(Item::map(all))
    }

    /// The step that stands in a workflow.
    pub(super) fn of(found: &Node, cx: &Scope<'_>) -> Self {
        let (with, with_from) = unmixed(found.get("with"));
        let condition = found.get("if").and_then(text).map(|it| unmarked(it).unwrap_or(it));
        let goes_on = match found.get("continue-on-error").map(|it| &it.data) {
            Some(Data::Bool(it)) => Leaf::Known(*it),
            _ => Leaf::Null,
        };
        Self {
            name: text_at(found, "name"),
            id: text_at(found, "id"),
            run: text_at(found, "run"),
            uses: text_at(found, "uses").map(|it| cx.pins.said(&it)),
            with,
            with_from,
            variables: Variables::of(found),
            working_directory: text_at(found, "working-directory"),
            shell: text_at(found, "shell"),
            continue_on_error: goes_on,
            timeout: duration_at(found, "timeout-minutes"),
            condition: condition.map(Leaf::from).unwrap_or_default(),
        }
    }
}
