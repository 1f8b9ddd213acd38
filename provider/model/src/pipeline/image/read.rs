//! An image, as the two jobs that are made of it say it.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::spanned::{Data, Node};

use super::jobs::{Around, BUILD, COSIGN, build, publish};
use super::{Image, Login};
use crate::pipeline::expression::unmarked;
use crate::pipeline::job::{Draft, Part, Remains};
use crate::pipeline::lens::{text, text_at};
use crate::pipeline::made::{step, step_using};
use crate::pipeline::oidc;
use crate::pipeline::scope::Scope;
use crate::pipeline::settle::settle;
use crate::{NotKnown, Size};

/// What the jobs say that build an image and push it; in the prior's spelling where that says the same.
pub(in crate::pipeline) fn read(
    prior: Option<&Image>,
    id: &str,
    (job, filters): (&Node, Vec<String>),
    pushes: Option<&Node>,
    keeps: bool,
    cx: &Around<'_>,
) -> Image {
    let scope = Scope::alone(id, cx.pins, keeps);
    let mut remains = Remains { node: job, steps: Default::default(), filters };
    let inputs = step_using(job, BUILD).and_then(|it| it.get("with"));
    let input = |name: &str| inputs.map(|it| text_at(it, name)).unwrap_or_default();
    let env = |job: &Node, id: &str, name: &str| {
        step(job, id).and_then(|it| it.get("env")).map(|it| text_at(it, name)).unwrap_or_default()
    };
    let size = env(job, "measure", "MAX_SIZE").into_known();
    let size = size.and_then(|it| Size::parse(&it).ok()).map(|it| it.to_string());
    let most = env(job, "scan", "MAX_CRITICAL").into_known().and_then(|it| it.parse().ok());
    let kept = step(job, "keep").and_then(|it| it.get("with")?.get("path").and_then(text));
    let pushed = |name: &str| pushes.map(|it| env(it, "publish", name)).unwrap_or_default();
    let expression = |name: &str| {
        let found = pushes.map(|it| env(it, "login", name)).unwrap_or_default();
        found
            .into_known()
            .and_then(|it| unmarked(&it).map(str::to_owned))
            .map_or(Leaf::Null, Leaf::Known)
    };
    let environment = pushes.map(|it| text_at(it, "environment")).unwrap_or_default();
    let login = Login {
        username_from: expression("USERNAME"),
        password_from: expression("PASSWORD"),
        environment,
    };
    let image = Image {
        repository: pushed("REPOSITORY"),
        context: input("context"),
        dockerfile: input("file"),
        args: arguments(input("build-args")),
        platform: input("platforms"),
        max_size: size.map_or(Leaf::Null, Leaf::Known),
        max_critical_cves: most.map_or(Leaf::Null, Leaf::Known),
        sbom: Leaf::Known(kept.is_some_and(|it| it.lines().count() > 1)),
        sign: Leaf::Known(pushes.is_some_and(|it| step_using(it, COSIGN).is_some())),
        role: pushes.and_then(oidc::role).map(Leaf::from).unwrap_or_default(),
        login: if login.environment.is_null() { Leaf::Null } else { Leaf::Known(login) },
        paths: Part::read(None, &scope, &mut remains),
        expected: Default::default(),
        timeout: Part::read(None, &scope, &mut remains),
    };
    let said = |it: &Image| -> Result<[Draft; 2], NotKnown> {
        Ok([build(id, it, keeps, cx.pins)?.draft, publish(id, it, cx)?.draft])
    };
    settle(prior, image, said)
}

/// The arguments that stand in a text, one a line.
fn arguments(said: Leaf<String>) -> Leaf<BTreeMap<String, Leaf<String>>> {
    said.map(|it| {
        let pairs = it.lines().filter_map(|it| it.split_once('='));
        pairs.map(|(key, it)| (key.to_owned(), it.into())).collect()
    })
}

/// Whether a job asks for an earlier digest too.
pub(in crate::pipeline) fn is_asked(pushes: &Node) -> bool {
    step(pushes, "earlier").is_some_and(|it| matches!(it.data, Data::Map(_)))
}

/// Whether a job is one that builds an image as ours do.
pub(in crate::pipeline) fn is_built(job: &Node) -> bool {
    step(job, "measure")
        .is_some_and(|it| it.get("env").is_some_and(|it| it.get("MAX_SIZE").is_some()))
}
