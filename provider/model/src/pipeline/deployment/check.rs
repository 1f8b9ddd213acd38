//! What is wrong with deployments beyond their attributes' own checks.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::{Path, Problem, Problems};

use super::Deployment;
use super::platform::{self, Around};
use super::strategy::{self, Strategies};
use crate::Duration;
use crate::pipeline::actions::{Pins, nearest};
use crate::pipeline::image::Image;
use crate::pipeline::job::Part;
use crate::pipeline::lens::is_said;
use crate::pipeline::scope::{Place, Scope, judge};
use crate::pipeline::{Pipeline, delivery};

/// Adds what is wrong with a pipeline's deployments.
pub(in crate::pipeline) fn check(pipeline: &Pipeline, problems: &mut Problems) {
    let root = Path::root();
    match (&pipeline.environments, &pipeline.deployments) {
        (Leaf::Null, Leaf::Known(_)) => {
            let message = "have nowhere to go";
            let cure = "say `environments = [{ name = \"production\" }]`";
            problems.push(Problem::error(root.attribute("deployments"), message).cure(cure));
        }
        (Leaf::Known(_), Leaf::Null) => {
            let message = "are places where nothing is deployed to";
            let cure = "say `deployments`, or take them away";
            problems.push(Problem::error(root.attribute("environments"), message).cure(cure));
        }
        _ => {}
    }
    check_idle(pipeline, problems);
    for (key, it) in pipeline.deployments.known().into_iter().flatten() {
        if let Some(it) = it.known() {
            let path = root.attribute("deployments").key(key.as_str());
            check_image(pipeline, it, &path, problems);
            check_platform(pipeline, it, &path, problems);
            check_commands(pipeline, key, it, &path, problems);
        }
    }
}

/// What is said and has no effect, since nothing is deployed.
fn check_idle(pipeline: &Pipeline, problems: &mut Problems) {
    if !pipeline.deployments.is_null() {
        return;
    }
    let mut warn = |name: &str, message: &str| {
        let path = Path::root().attribute(name);
        problems.push(Problem::warning(path, message).cure("say `deployments`, or take it away"));
    };
    let logs_in = match &pipeline.images {
        Leaf::Known(it) => it.values().any(|it| it.known().is_none_or(Image::logs_in_to_aws)),
        it => it.is_unknown(),
    };
    if pipeline.oidc.known().is_some_and(|it| it.aws.is_null() || !logs_in) {
        warn("oidc", "is not used: nothing is deployed, and no image is in Amazon ECR");
    }
    let is_default = |it: &String| Duration::parse(it) == Duration::parse(super::TIMEOUT);
    if pipeline.deploy_timeout.known().is_some_and(|it| !is_default(it)) {
        warn("deploy_timeout", "is not used: nothing is deployed");
    }
}

fn check_image(pipeline: &Pipeline, it: &Deployment, path: &Path, problems: &mut Problems) {
    let Some(image) = it.image.known() else { return };
    let names: Vec<&str> = match &pipeline.images {
        Leaf::Known(it) => it.keys().map(String::as_str).collect(),
        Leaf::Null => Vec::new(),
        Leaf::Unknown(_) => return,
    };
    if names.contains(&image.as_str()) {
        return;
    }
    let message = format!("is {image:?}, an image that nobody builds");
    let cure = match nearest(image, names.iter().copied()) {
        Some(near) => format!("did you mean {near:?}?"),
        None if names.is_empty() => "say it in `images`".to_owned(),
        None => format!("name one of {}", names.join(", ")),
    };
    problems.push(Problem::error(path.attribute("image"), message).cure(cure));
}

fn check_platform(pipeline: &Pipeline, it: &Deployment, path: &Path, problems: &mut Problems) {
    let Ok(name) = Strategies::name(&it.strategy) else { return };
    let has_aws = match &pipeline.oidc {
        Leaf::Known(it) => is_said(&it.aws),
        it => is_said(it),
    };
    let around = Around { strategy: name, has_image: is_said(&it.image), has_aws };
    if let Some(platforms) = it.platform.known() {
        platforms.check(&around, &path.attribute("platform"), problems);
    }
    if let (Ok(strategy), Ok(most)) =
        (Strategies::chosen(&it.strategy), delivery::timeout(pipeline))
    {
        strategy::check_waits(&strategy, most, path, problems);
    }
}

/// What every deployment's commands have, which none may give another meaning.
const GIVEN: &[&str] = &["ENVIRONMENT", "URL", "IMAGE", "WEIGHT", "PERCENT", "FORMER"];

fn check_commands(
    pipeline: &Pipeline,
    key: &str,
    it: &Deployment,
    path: &Path,
    problems: &mut Problems,
) {
    let cx = Scope::alone(key, Pins(&pipeline.action_pins), delivery::keeps(pipeline));
    let cx = Scope { matrix: Some(Vec::new()), ..cx };
    it.variables.judge(Place::Job, path, &cx, problems);
    let mut told = Problems::new();
    it.setup.check(&cx, &mut told);
    for problem in told {
        problems.push(Problem { path: path.attribute("setup"), ..problem });
    }
    let said = it.platform.known().and_then(platform::Platforms::said);
    let platform: Vec<&str> = said
        .iter()
        .flat_map(|it| it.variables.iter().chain(&it.expressions))
        .map(|(name, _)| *name)
        .collect();
    let maps = [("env", &it.variables.env), ("env_from", &it.variables.env_from)];
    for (attribute, map) in maps {
        for name in map.known().into_iter().flat_map(BTreeMap::keys) {
            let owner = match name.as_str() {
                it if GIVEN.contains(&it) => "every deployment",
                it if platform.contains(&it) => "the platform",
                _ => continue,
            };
            let path = path.attribute(attribute).key(name.as_str());
            let message = format!("is a variable that {owner} has already");
            problems.push(Problem::error(path, message).cure("give it another name"));
        }
    }
    for (_, expression) in said.into_iter().flat_map(|it| it.expressions) {
        if let Some(expression) = expression.known() {
            judge(expression, Place::Job, &path.attribute("platform"), &cx, problems);
        }
    }
}
