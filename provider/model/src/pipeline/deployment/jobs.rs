//! The three jobs of a deployment to one environment: it is deployed, judged, and taken back where it
//! proves wrong.

use std::collections::BTreeMap;

use stanchion_cty::Number;
use stanchion_cty::schema::Leaf;
use stanchion_cty::yaml::Item;

use super::platform::{Deed, Said};
use super::script;
use super::strategy::{Strategies, Strategy};
use super::{Deployment, Platforms};
use crate::pipeline::actions::Pins;
use crate::pipeline::environments::{Destination, named};
use crate::pipeline::expression::marked;
use crate::pipeline::image::{input, publish_id};
use crate::pipeline::job::{Draft, IS_ACCEPTED, Part, Status};
use crate::pipeline::lens::{entries, known};
use crate::pipeline::made::{Made, Script, Title};
use crate::pipeline::oidc::Oidc;
use crate::pipeline::scope::Scope;
use crate::pipeline::{gate, slug};
use crate::{Duration, NotKnown};

/// One deployment to one environment, and what is around it.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Stop<'a> {
    /// The pipeline's name.
    pub(in crate::pipeline) pipeline: &'a str,
    /// The deployment's key.
    pub(in crate::pipeline) key: &'a str,
    /// Where it goes to.
    pub(in crate::pipeline) to: &'a Destination,
    /// The environment's name.
    pub(in crate::pipeline) environment: &'a str,
    /// The names of the environments before, where it must have proved good, if it went there.
    pub(in crate::pipeline) before: Vec<&'a str>,
    /// Where the image is pushed to, if there is one.
    pub(in crate::pipeline) repository: Option<&'a Leaf<String>>,
    pub(in crate::pipeline) oidc: Option<&'a Oidc>,
    /// Whether whoever starts the pipeline by hand may name an earlier image.
    pub(in crate::pipeline) is_asked: bool,
    /// How long each of the jobs may take.
    pub(in crate::pipeline) timeout: Duration,
    pub(in crate::pipeline) pins: Pins<'a>,
    /// Whether anything is kept from run to run.
    pub(in crate::pipeline) keeps: bool,
}

/// What the jobs of a deployment to an environment are called: that which deploys, that which judges, and
/// that which takes back.
pub(in crate::pipeline) fn titles(key: &str, environment: &str) -> [Title; 3] {
    let place = slug(environment);
    [
        (format!("deploy-{key}-to-{place}"), format!("deploy {key} to {environment}")),
        (format!("verify-{key}-in-{place}"), format!("verify {key} in {environment}")),
        (format!("rollback-{key}-in-{place}"), format!("roll {key} back in {environment}")),
    ]
    .map(|(id, name)| Title { id, name })
}

/// The key of the deployment whose job for an environment has that id.
pub(in crate::pipeline) fn key_of<'a>(id: &'a str, environment: &str) -> Option<&'a str> {
    let rest = id.strip_prefix("deploy-")?.strip_suffix(slug(environment).as_str())?;
    rest.strip_suffix("-to-").filter(|it| !it.is_empty())
}

/// The step that remembers what runs, without which nothing is deployed and nothing taken back.
pub(super) const FORMER: &str = "former";

impl Stop<'_> {
    fn titles(&self) -> [Title; 3] {
        titles(self.key, self.environment)
    }

    fn minutes(&self) -> Item {
        let minutes = self.timeout.seconds().div_ceil(60);
        Item::from(Number::from(i64::try_from(minutes).unwrap_or(i64::MAX)))
    }

    fn permissions(&self, reason: &str, logs_in: bool) -> Item {
        let mut all = vec![("contents", Item::string("read").beside(reason))];
        if logs_in && self.oidc.is_some() {
            all.push(("id-token", Item::string("write").beside("to log in to the cloud")));
        }
        Item::map(all)
    }

    /// What the commands of the user have.
    fn variables(&self, it: &Deployment) -> Result<BTreeMap<String, Item>, NotKnown> {
        let mut all = BTreeMap::from([("ENVIRONMENT".to_owned(), Item::string(self.environment))]);
        if let Some(url) = known(&self.to.url)? {
            all.insert("URL".to_owned(), Item::string(url.as_str()));
        }
        if let Some(image) = known(&it.image)? {
            let repository = self.repository.map_or(Ok(None), known)?;
            let repository = repository.map(String::as_str).unwrap_or_default();
            let digest = marked(&format!("needs.{}.outputs.digest", publish_id(image)));
            all.insert("IMAGE".to_owned(), Item::string(format!("{repository}@{digest}")));
        }
        let plain = entries(&it.variables.env)?;
        all.extend(plain.into_iter().map(|(key, it)| (key.to_owned(), Item::string(it))));
        let from = entries(&it.variables.env_from)?;
        all.extend(from.into_iter().map(|(key, it)| (key.to_owned(), Item::string(marked(it)))));
        Ok(all)
    }

    /// What the scripts of the platform have besides.
    fn platform(&self, said: &Said<'_>) -> Result<BTreeMap<String, Item>, NotKnown> {
        let mut all = BTreeMap::new();
        for (name, value) in &said.variables {
            if let Some(it) = known(value)? {
                all.insert((*name).to_owned(), Item::string(named(it, self.environment)));
            }
        }
        for (name, expression) in &said.expressions {
            if let Some(it) = known(expression)? {
                all.insert((*name).to_owned(), Item::string(marked(it)));
            }
        }
        Ok(all)
    }

    fn prepared(&self, id: &str, it: &Deployment, draft: &mut Draft) -> Result<(), NotKnown> {
        it.setup.render(&Scope::alone(id, self.pins, self.keeps), draft)?;
        draft.keys.push(("timeout-minutes", self.minutes()));
        Ok(())
    }

    fn logged_in(&self, draft: &mut Draft) -> Result<(), NotKnown> {
        if let Some(oidc) = self.oidc {
            draft.before.push(oidc.step(self.environment, None, self.pins)?);
        }
        Ok(())
    }

    fn needs_image(&self, it: &Deployment, draft: &mut Draft) -> Result<(), NotKnown> {
        if let Some(image) = known(&it.image)? {
            draft.needs.insert(publish_id(image));
        }
        Ok(())
    }
}

/// The job that deploys.
pub(in crate::pipeline) fn deploy(stop: &Stop<'_>, it: &Deployment) -> Result<Made, NotKnown> {
    let [title, ..] = stop.titles();
    let id = title.id.as_str();
    let mut draft = Draft { status: Status::NoFailure, ..Draft::default() };
    let strategy = Strategies::chosen(&it.strategy)?;
    let name = Strategies::name(&it.strategy)?;
    draft.needs.insert(gate::ID.to_owned());
    for before in &stop.before {
        // A job that takes longer than it may is cancelled, which is no failure: it has to be asked.
        let [deployed, verified, _] = titles(stop.key, before).map(|it| it.id);
        draft.conditions.push(format!(
            "(needs.{deployed}.result == 'skipped' || needs.{verified}.result == 'success')"
        ));
        draft.needs.extend([deployed, verified]);
    }
    draft.conditions.extend([gate::IS_PASSED, IS_ACCEPTED].map(str::to_owned));
    draft.conditions.extend(stop.to.condition()?);
    stop.needs_image(it, &mut draft)?;
    if let Some(image) = known(&it.image)? {
        draft.conditions.push(format!("needs.{}.result == 'success'", publish_id(image)));
    }
    let concerned = draft.conditions.len();
    it.paths.render(&Scope::alone(id, stop.pins, stop.keeps), &mut draft)?;
    if let Some(image) = known(&it.image)?.filter(|_| stop.is_asked) {
        // An earlier image is deployed whatever was changed.
        for condition in draft.conditions.iter_mut().skip(concerned) {
            *condition = format!("({condition} || inputs.{} != '')", input(image));
        }
    }
    stop.prepared(id, it, &mut draft)?;
    draft.keys.push(("permissions", stop.permissions("to run its own commands", true)));
    draft.keys.push(("environment", stop.to.item()?));
    let group = format!("{}-{}-{}", stop.pipeline, stop.key, stop.environment);
    let alone = [("group", Item::string(group)), ("cancel-in-progress", Item::from(false))];
    draft.keys.push(("concurrency", Item::map(alone)));
    let former = marked(&format!("steps.{FORMER}.outputs.{FORMER}"));
    let recorded = marked(&format!("steps.{FORMER}.outcome == 'success'"));
    let outputs = [(FORMER, Item::string(former)), ("recorded", Item::string(recorded))];
    draft.keys.push(("outputs", Item::map(outputs)));
    stop.logged_in(&mut draft)?;
    let mut env = stop.variables(it)?;
    let said = said(it)?;
    env.extend(stop.platform(&said)?);
    draft.keys.push(("env", Item::map(env)));
    let deed = |deed: Deed, id: &str, title: &str, weight: Option<u8>| {
        let mut env = Vec::new();
        if deed != Deed::Former {
            let former = marked(&format!("steps.{FORMER}.outputs.{FORMER}"));
            env.push(("FORMER", Item::string(former)));
        }
        env.extend(weight.map(|it| ("WEIGHT", Item::string(it.to_string()))));
        let run = script::deed(said.name, name, deed)?;
        Some(Script { id, name: title, env, run: &run, ..Script::default() }.item())
    };
    draft.work.extend(script::library(said.name, name));
    draft.work.extend(deed(Deed::Former, FORMER, "Remember what runs", None));
    draft.work.extend(command("migrate", "Migrate", known(&it.migrate)?));
    let mut steps = Vec::new();
    match &strategy {
        Strategy::Rolling | Strategy::FeatureFlag { .. } => {
            steps.extend(deed(Deed::Deploy, "deploy", "Deploy", None));
        }
        Strategy::BlueGreen { analysis } => {
            steps.extend(deed(Deed::Stage, "stage", "Bring it up beside what runs", None));
            steps.extend(command("analysis", "Analyse", analysis.as_ref()));
            steps.extend(deed(Deed::Shift, "shift_100", "Shift all of the traffic", Some(100)));
            steps.extend(deed(Deed::Settle, "settle", "Settle", None));
        }
        Strategy::Canary { steps: weights, wait, analysis } => {
            steps.extend(deed(Deed::Stage, "stage", "Bring it up beside what runs", None));
            for weight in weights {
                let title = format!("Shift {weight} % of the traffic");
                steps.extend(deed(Deed::Shift, &format!("shift_{weight}"), &title, Some(*weight)));
                steps.extend(judged("WEIGHT", *weight, *wait, Some(analysis)));
            }
            steps.extend(deed(Deed::Shift, "shift_100", "Shift all of the traffic", Some(100)));
            steps.extend(deed(Deed::Settle, "settle", "Settle", None));
        }
    }
    draft.work.extend(steps);
    Ok(Made { title, draft })
}

/// The job that judges what was deployed, and switches on what was deployed switched off.
pub(in crate::pipeline) fn verify(stop: &Stop<'_>, it: &Deployment) -> Result<Made, NotKnown> {
    let [before, title, _] = stop.titles();
    let (before, id) = (before.id, title.id.as_str());
    let mut draft = Draft { status: Status::NoFailure, ..Draft::default() };
    stop.needs_image(it, &mut draft)?;
    draft.conditions.push(format!("needs.{before}.result == 'success'"));
    draft.needs.insert(before);
    stop.prepared(id, it, &mut draft)?;
    draft.keys.push(("permissions", stop.permissions("to run its own commands", false)));
    if !entries(&it.variables.env_from)?.is_empty() {
        draft.keys.push(("environment", Item::string(stop.environment)));
    }
    draft.keys.push(("env", Item::map(stop.variables(it)?)));
    draft.work.extend(command("verify", "Verify", known(&it.verify)?));
    if let Strategy::FeatureFlag { steps, wait, enable, analysis, .. } =
        Strategies::chosen(&it.strategy)?
    {
        for percent in steps {
            let on = Script {
                id: &format!("enable_{percent}"),
                name: &format!("Switch it on for {percent} %"),
                env: vec![("PERCENT", Item::string(percent.to_string()))],
                run: &enable,
                ..Script::default()
            };
            draft.work.push(on.item());
            draft.work.extend(judged("PERCENT", percent, wait, analysis.as_ref()));
        }
    }
    Ok(Made { title, draft })
}

/// The job that takes a deployment back. It runs wherever one has begun and has not proved good, also
/// where the run is cancelled.
pub(in crate::pipeline) fn rollback(stop: &Stop<'_>, it: &Deployment) -> Result<Made, NotKnown> {
    let [before, judge, title] = stop.titles();
    let (before, judge, id) = (before.id, judge.id, title.id.as_str());
    let mut draft = Draft { status: Status::Always, ..Draft::default() };
    draft.conditions.push(format!("needs.{before}.outputs.recorded == 'true'"));
    draft.conditions.push(format!("needs.{judge}.result != 'success'"));
    stop.needs_image(it, &mut draft)?;
    let former = marked(&format!("needs.{before}.outputs.{FORMER}"));
    draft.needs.extend([before, judge]);
    stop.prepared(id, it, &mut draft)?;
    stop.logged_in(&mut draft)?;
    draft.keys.push(("permissions", stop.permissions("to run its own commands", true)));
    draft.keys.push(("environment", Item::string(stop.to.back()?)));
    let mut env = stop.variables(it)?;
    let name = Strategies::name(&it.strategy)?;
    let said = said(it)?;
    env.extend(stop.platform(&said)?);
    if let Strategy::FeatureFlag { disable, .. } = Strategies::chosen(&it.strategy)? {
        draft.work.extend(command("disable", "Switch it off", Some(&disable)));
    }
    draft.work.splice(0..0, script::library(said.name, name));
    if let Some(run) = script::deed(said.name, name, Deed::Rollback) {
        let back = Script {
            id: "rollback",
            name: "Go back to what ran before",
            condition: Some(ALWAYS),
            env: vec![("FORMER", Item::string(former))],
            run: &run,
        };
        draft.work.push(back.item());
    }
    draft.work.extend(command("rolled_back", "Clean up", known(&it.rollback)?));
    draft.keys.push(("env", Item::map(env)));
    Ok(Made { title, draft })
}

/// The platform that is said.
fn said(it: &Deployment) -> Result<Said<'_>, NotKnown> {
    known(&it.platform)?.and_then(Platforms::said).ok_or(NotKnown)
}

/// A step that runs whatever became of those before.
const ALWAYS: &str = "${{ always() }}";

/// A step with commands of the user's.
fn command(id: &str, name: &str, run: Option<&String>) -> Option<Item> {
    Some(Script { id, name, run: run?, ..Script::default() }.item())
}

/// The steps that wait, and then judge a part of the traffic or of the users.
fn judged(variable: &str, percent: u8, wait: Duration, analysis: Option<&String>) -> Vec<Item> {
    let mut steps = Vec::new();
    let id = format!("wait_{percent}");
    let seconds = wait.seconds().to_string();
    steps.push(
        Script {
            id: &id,
            name: &format!("Wait {wait}"),
            env: vec![("SECONDS_TO_WAIT", Item::string(seconds))],
            run: "sleep \"$SECONDS_TO_WAIT\"\n",
            ..Script::default()
        }
        .item(),
    );
    steps.extend(analysis.map(|run| {
        Script {
            id: &format!("analysis_{percent}"),
            name: &format!("Analyse at {percent} %"),
            env: vec![(variable, Item::string(percent.to_string()))],
            run,
            ..Script::default()
        }
        .item()
    }));
    steps
}
