//! Where configurations name container images.

mod helm;
mod inside;
mod pin;
mod text;
mod tree;

use stanchion_cty::Value;
use stanchion_lang::{Evaluation, Found, Resource, Span, View};

pub use self::pin::Pin;
pub use self::text::{Piece, Text};
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
    /// The digest that the same reference has elsewhere, and whose: nobody has to guess it.
    pub pin: Option<Pin>,
}

/// Where resources name images.
#[derive(Clone, Copy)]
struct Place {
    /// Nested blocks, then an attribute.
    way: &'static str,
    holds: Holds,
}

/// What an attribute that names images holds.
#[derive(Clone, Copy)]
enum Holds {
    /// An image.
    Image,
    /// JSON, and the way to the images in it.
    Json(&'static str),
    /// An object as Kubernetes takes it.
    Manifest,
    /// The same in YAML.
    YamlManifest,
}

const fn at(way: &'static str) -> Place {
    Place { way, holds: Holds::Image }
}

const fn json(way: &'static str, inside: &'static str) -> Place {
    Place { way, holds: Holds::Json(inside) }
}

/// Resource types, and where images stand in them. What a Helm release says has a file of its own.
/// The sources are the providers' pages at registry.terraform.io: hashicorp/aws,
/// hashicorp/google, hashicorp/azurerm, hashicorp/kubernetes, kreuzwerker/docker and
/// gavinbunn/kubectl; and, inside JSON, the reference of AWS's interface.
const PLACES: &[(&[&str], &[Place])] = &[
    (&["aws_ecs_task_definition"], &[json("container_definitions", "*.image")]),
    (&["aws_ecs_express_gateway_service"], &[at("primary_container.image")]),
    (
        &["aws_batch_job_definition"],
        &[
            json("container_properties", "image"),
            json("node_properties", "nodeRangeProperties.*.container.image"),
            json("ecs_properties", "taskProperties.*.containers.*.image"),
            at("eks_properties.pod_properties.containers.image"),
            at("eks_properties.pod_properties.init_containers.image"),
        ],
    ),
    (&["aws_lambda_function"], &[at("image_uri")]),
    (&["aws_apprunner_service"], &[at("source_configuration.image_repository.image_identifier")]),
    (
        &["kubernetes_pod", "kubernetes_pod_v1"],
        &[at("spec.container.image"), at("spec.init_container.image")],
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
        &[at("spec.template.spec.container.image"), at("spec.template.spec.init_container.image")],
    ),
    (
        &["kubernetes_cron_job", "kubernetes_cron_job_v1"],
        &[
            at("spec.job_template.spec.template.spec.container.image"),
            at("spec.job_template.spec.template.spec.init_container.image"),
        ],
    ),
    (&["kubernetes_manifest"], &[Place { way: "manifest", holds: Holds::Manifest }]),
    (&["kubectl_manifest"], &[Place { way: "yaml_body", holds: Holds::YamlManifest }]),
    (&["google_cloud_run_service"], &[at("template.spec.containers.image")]),
    (
        &["google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool"],
        &[at("template.containers.image")],
    ),
    (&["google_cloud_run_v2_job"], &[at("template.template.containers.image")]),
    (
        &["azurerm_container_app", "azurerm_container_app_job"],
        &[at("template.container.image"), at("template.init_container.image")],
    ),
    (&["azurerm_container_group"], &[at("container.image"), at("init_container.image")]),
    (&["docker_image"], &[at("name")]),
    (&["docker_container"], &[at("image")]),
    (&["docker_service"], &[at("task_spec.container_spec.image")]),
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
        let view = evaluation.view(&resource);
        // What is built here is named here, and comes from no registry.
        if resource.ty == "docker_image" && !view.blocks("build").is_empty() {
            continue;
        }
        if resource.ty == helm::RELEASE {
            out.extend(helm::images(&view).into_iter().map(|it| it.of(&resource)));
        }
        let places = PLACES.iter().filter(|(types, _)| types.contains(&resource.ty));
        for place in places.flat_map(|(_, places)| *places) {
            for found in attributes(&view, place.way) {
                let named = named(evaluation, &found, *place);
                out.extend(named.into_iter().map(|it| it.of(&resource)));
            }
        }
    }
    pin::give(&mut out, pin::planned(evaluation));
    out
}

/// The images that an attribute names.
fn named(evaluation: &Evaluation<'_>, found: &Found, place: Place) -> Vec<Named> {
    // The reader's message may show a part of the text, which may be a secret.
    let values = match place.holds {
        Holds::Image => Ok(vec![found.value.clone()]),
        Holds::Json(way) => match evaluation.json(&found.value) {
            Ok(it) => Ok(inside::at(evaluation, &it, way)),
            Err(_) => Err("is not JSON"),
        },
        Holds::Manifest => Ok(inside::manifest(evaluation, &found.value)),
        Holds::YamlManifest => match evaluation.yaml(&found.value) {
            Ok(it) => Ok(inside::manifest(evaluation, &it)),
            Err(_) => Err("is not YAML"),
        },
    };
    let one = |value: &Value, text| Named::at(evaluation, value, found.span, text);
    match values {
        Ok(values) => {
            let values = values.into_iter().filter(|it| !it.is_null());
            // What is read out of a text comes from where that comes from.
            let values = values.map(|it| inside::from(it, &found.value));
            values.map(|it| one(&it, Text::of(evaluation, &it))).collect()
        }
        Err(why) => vec![one(&found.value, Text::unknown(format!("{} {why}", place.way)))],
    }
}

/// What a resource says of an image.
struct Named {
    span: Span,
    value: Value,
    text: Text,
}

impl Named {
    /// An image that is said by a value, or by a part of what is written at a place.
    fn at(evaluation: &Evaluation<'_>, value: &Value, within: Span, text: Text) -> Self {
        let span = evaluation.written(value).filter(|it| within.contains(*it)).unwrap_or(within);
        Self { span, value: value.clone(), text }
    }

    fn of(self, resource: &Resource<'_>) -> Image {
        let Self { span, value, text } = self;
        Image { address: resource.address.to_string(), span, value, text, pin: None }
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
