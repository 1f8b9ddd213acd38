//! Where configurations name container images.

use stanchion_cty::{Kind, Value};
use stanchion_lang::{Evaluation, Found, Resource, Span, View, Why};

use super::{Fact, Facts};

/// An attribute that names an image, of one resource instance.
#[derive(Clone, Debug)]
pub struct Image {
    /// The resource's address.
    pub address: String,
    /// Where the attribute's value is written.
    pub span: Span,
    /// The attribute's value, which tells whence the text comes and whether it may be shown.
    pub value: Value,
    /// What the attribute says.
    pub text: Text,
}

/// A string of which parts may be unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// Pieces one behind the other.
    Pieces(Vec<Piece>),
    /// One of two, with why it is not known which.
    Either(Box<[Text; 2]>, String),
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Known text.
    Known(String),
    /// Unknown, and why: a clause.
    Unknown(String),
}

/// Resource types, and where images stand in them: nested blocks, then an attribute; behind `=>`
/// the way on in the JSON that the attribute holds, with `*` for each item of a list. The sources
/// are the providers' pages at registry.terraform.io: hashicorp/aws, hashicorp/google,
/// hashicorp/azurerm, hashicorp/kubernetes and kreuzwerker/docker.
const PLACES: &[(&[&str], &[&str])] = &[
    (&["aws_ecs_task_definition"], &["container_definitions => *.image"]),
    (&["aws_batch_job_definition"], &["container_properties => image"]),
    (&["aws_lambda_function"], &["image_uri"]),
    (&["aws_apprunner_service"], &["source_configuration.image_repository.image_identifier"]),
    (
        &["kubernetes_pod", "kubernetes_pod_v1"],
        &["spec.container.image", "spec.init_container.image"],
    ),
    (
        &[
            "kubernetes_daemon_set_v1",
            "kubernetes_daemonset",
            "kubernetes_deployment",
            "kubernetes_deployment_v1",
            "kubernetes_job",
            "kubernetes_job_v1",
            "kubernetes_replication_controller",
            "kubernetes_replication_controller_v1",
            "kubernetes_stateful_set",
            "kubernetes_stateful_set_v1",
        ],
        &["spec.template.spec.container.image", "spec.template.spec.init_container.image"],
    ),
    (
        &["kubernetes_cron_job", "kubernetes_cron_job_v1"],
        &[
            "spec.job_template.spec.template.spec.container.image",
            "spec.job_template.spec.template.spec.init_container.image",
        ],
    ),
    (&["google_cloud_run_service"], &["template.spec.containers.image"]),
    (
        &["google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool"],
        &["template.containers.image"],
    ),
    (&["google_cloud_run_v2_job"], &["template.template.containers.image"]),
    (
        &["azurerm_container_app", "azurerm_container_app_job"],
        &["template.container.image", "template.init_container.image"],
    ),
    (&["azurerm_container_group"], &["container.image", "init_container.image"]),
    (&["docker_image"], &["name"]),
    (&["docker_container"], &["image"]),
    (&["docker_service"], &["task_spec.container_spec.image"]),
];

impl Fact for Image {
    const NOUNS: [&'static str; 2] = ["image", "images"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        images(facts.evaluation())
    }

    fn span(&self) -> Span {
        self.span
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }
}

/// The images that one root module names.
fn images(evaluation: &Evaluation<'_>) -> Vec<Image> {
    let mut out = Vec::new();
    for resource in evaluation.resources() {
        // What is built here is named here, and comes from no registry.
        if resource.ty == "docker_image" && !evaluation.view(&resource).blocks("build").is_empty() {
            continue;
        }
        let places = PLACES.iter().filter(|(types, _)| types.contains(&resource.ty));
        for place in places.flat_map(|(_, places)| *places) {
            let (way, inside) = match place.split_once(" => ") {
                Some((way, inside)) => (way, Some(inside)),
                None => (*place, None),
            };
            for found in attributes(&evaluation.view(&resource), way) {
                let values = match inside {
                    Some(inside) => in_json(evaluation, &found, inside),
                    None => Ok(vec![found.value.clone()]),
                };
                match values {
                    Ok(values) => out.extend(
                        values
                            .iter()
                            .filter(|it| !it.is_null())
                            .map(|it| image(evaluation, &resource, found.span, it)),
                    ),
                    Err(why) => out.push(Image {
                        text: Text::Pieces(vec![Piece::Unknown(format!("{way} {why}"))]),
                        ..image(evaluation, &resource, found.span, &found.value)
                    }),
                }
            }
        }
    }
    out
}

fn image(evaluation: &Evaluation<'_>, resource: &Resource<'_>, span: Span, value: &Value) -> Image {
    Image {
        address: resource.address.to_string(),
        span: evaluation.written(value).filter(|it| span.contains(*it)).unwrap_or(span),
        value: value.clone(),
        text: text(evaluation, value),
    }
}

/// The attributes at a way of blocks.
pub(super) fn attributes(view: &View<'_, '_>, way: &str) -> Vec<Found> {
    match way.split_once('.') {
        Some((kind, rest)) => {
            view.blocks(kind).iter().flat_map(|it| attributes(it, rest)).collect()
        }
        None => view.attribute(way).into_iter().collect(),
    }
}

/// The values at a way inside the JSON that an attribute holds. Where the way is cut off by what
/// is unknown, that is what is found.
fn in_json(
    evaluation: &Evaluation<'_>,
    found: &Found,
    way: &str,
) -> Result<Vec<Value>, &'static str> {
    // The reader's message may show a part of the text, which may be a secret.
    let value = evaluation.json(&found.value).map_err(|_| "is not JSON")?;
    let mut open = vec![value];
    for step in way.split('.') {
        let mut next = Vec::new();
        for value in open {
            match (value.kind(), step) {
                (Kind::Unknown(_), _) => next.push(value),
                (_, "*") => next.extend(value.parts().cloned()),
                (_, name) => next.extend(value.get(name).cloned()),
            }
        }
        open = next;
    }
    Ok(open)
}

/// A value as text: its pieces, as far as they are known.
fn text(evaluation: &Evaluation<'_>, value: &Value) -> Text {
    match (value.as_str(), evaluation.why(value)) {
        (Some(text), _) => Text::Pieces(vec![Piece::Known(text.to_owned())]),
        (None, Some(Why::Choice(of))) => {
            let why = evaluation.reason(&of[0]).unwrap_or_default();
            Text::Either(Box::new([text(evaluation, &of[1]), text(evaluation, &of[2])]), why)
        }
        (None, Some(Why::Join(parts))) => {
            Text::Pieces(parts.iter().map(|it| piece(evaluation, it)).collect())
        }
        (None, _) => Text::Pieces(vec![piece(evaluation, value)]),
    }
}

fn piece(evaluation: &Evaluation<'_>, value: &Value) -> Piece {
    match value.as_str() {
        Some(text) => Piece::Known(text.to_owned()),
        None => Piece::Unknown(
            evaluation.reason(value).unwrap_or_else(|| "it is not a string".to_owned()),
        ),
    }
}
