//! All that can be said of images, environments and deployments, on each platform and with each strategy.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stanchion_model::pipeline::deployment::{STRATEGIES, platform};

use super::options::{Choice, OPTIONS, base, merged, option, variant, within};
use super::rendering::judged;

/// A platform with a strategy: the pipeline that deploys so.
pub(crate) struct Cell {
    pub(crate) platform: &'static str,
    pub(crate) strategy: &'static str,
    pub(crate) pipeline: Value,
}

/// All platforms with all strategies that they can carry out.
pub(crate) fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for platform in platform::NAMES {
        for strategy in STRATEGIES {
            if platform::refuses(platform, strategy).is_none() {
                let pipeline = delivered(platform, strategy);
                cells.push(Cell { platform, strategy, pipeline });
            }
        }
    }
    cells
}

/// The base, and a deployment of an image with a platform and a strategy.
pub(crate) fn delivered(platform: &str, strategy: &str) -> Value {
    let steps = json!([10, 50]);
    let said = match strategy {
        "canary" => json!({"steps": steps, "analysis": "make analyse"}),
        "feature_flag" => json!({"steps": steps, "enable": "make on", "disable": "make off"}),
        _ => json!({}),
    };
    let patch = json!({
        "images": {"app": {"repository": "ghcr.io/acme/shop"}},
        "environments": [{"name": "staging"}],
        "oidc": {"aws": {"role": "arn:aws:iam::123456789012:role/deploy", "region": "eu-west-1"}},
        "deployments": {"app": {
            "image": "app", "verify": "make smoke",
            "platform": {platform: attributes(platform, strategy)},
            "strategy": {strategy: said},
        }},
    });
    let mut said = merged(&base(), &patch);
    if platform == "vercel" {
        // It builds what it runs.
        said["deployments"]["app"]["image"] = Value::Null;
    }
    said
}

/// What a platform must be told for a strategy.
fn attributes(platform: &str, strategy: &str) -> Value {
    let is_beside = ["blue_green", "canary"].contains(&strategy);
    let rule = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a/b/c/d";
    match (platform, is_beside) {
        ("ecs", false) => json!({"cluster": "shop", "service": "app"}),
        ("ecs", true) => json!({
            "cluster": "shop", "service": "app", "standby_service": "app-2", "listener_rule": rule
        }),
        ("kubernetes", false) => {
            json!({"namespace": "shop", "deployment": "app", "kubeconfig_from": "secrets.KUBE_CONFIG"})
        }
        ("kubernetes", true) => json!({
            "namespace": "shop", "deployment": "app", "eks_cluster": "shop",
            "standby_deployment": "app-2", "http_route": "app"
        }),
        ("railway", _) => json!({"service": "5f0c6a1e"}),
        ("vercel", _) => json!({"project": "prj_shop", "team": "team_acme"}),
        ("command", false) => {
            json!({"current": "make current", "deploy": "make deploy", "rollback": "make back"})
        }
        ("command", true) => json!({
            "current": "make current", "stage": "make stage", "shift": "make shift",
            "rollback": "make back\nmake sure"
        }),
        (platform, _) => panic!("what must {platform} be told?"),
    }
}

/// What is said of a pipeline that delivers.
pub(crate) const DELIVERIES: &[Choice] = &[
    option("deploy_timeout", r#"{"deploy_timeout": "1h"}"#),
    option("context", r#"{IMAGE: {"context": "service"}}"#),
    option("dockerfile", r#"{IMAGE: {"dockerfile": "build/Containerfile"}}"#),
    option("build arguments", r#"{IMAGE: {"args": {"VERSION": "1", "B": "c=d # e"}}}"#),
    option("platform of an image", r#"{IMAGE: {"platform": "linux/arm64"}}"#),
    option("max_size", r#"{IMAGE: {"max_size": "1.5GiB"}}"#),
    option("max_critical_cves", r#"{IMAGE: {"max_critical_cves": 2}}"#),
    option("no sbom", r#"{IMAGE: {"sbom": false}}"#),
    option("no signature", r#"{IMAGE: {"sign": false}}"#),
    option("paths of an image", r#"{IMAGE: {"paths": ["service"]}}"#),
    option("expected of an image", r#"{IMAGE: {"expected": "40m"}}"#),
    option("timeout of an image", r#"{IMAGE: {"timeout": "25m"}}"#),
    variant(
        "a registry with a password",
        "{}",
        r#"{IMAGE: {"repository": "registry.example.com/shop/app", "login": {"username_from": "vars.REGISTRY_USER", "password_from": "secrets.REGISTRY_PASSWORD", "environment": "registry"}}}"#,
    ),
    variant(
        "a registry of Amazon's",
        "{}",
        r#"{IMAGE: {"repository": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app", "role": "arn:aws:iam::123456789012:role/push"}}"#,
    ),
    option(
        "two environments",
        r#"{"environments": [{"name": "staging"}, {"name": "Production: EU", "url": "https://shop.example.com/?a=b#c"}]}"#,
    ),
    variant(
        "branches of an environment",
        "{}",
        r#"{"environments": [{"name": "staging", "branches": ["main", "release/*"], "rollback_environment": "back"}]}"#,
    ),
    option("migrate", r#"{DEPLOY: {"migrate": "make migrate"}}"#),
    option("rollback", r#"{DEPLOY: {"rollback": "make clean\nmake sure # of it\n"}}"#),
    option("setup of a deployment", r#"{DEPLOY: {"setup": "python@3.12"}}"#),
    option("variables of a deployment", r#"{DEPLOY: {"env": {"A": "it's # no comment"}}}"#),
    option("secrets of a deployment", r#"{DEPLOY: {"env_from": {"TOKEN": "secrets.TOKEN"}}}"#),
    option("paths of a deployment", r#"{DEPLOY: {"paths": ["service/**"]}}"#),
    option("an earlier image", r#"{"triggers": {"dispatch": {}}}"#),
    within(
        "an earlier image, and paths",
        r#"{DEPLOY: {"paths": ["service"]}}, "images": {"app": {"paths": ["service"]}}}"#,
        r#"{"triggers": {"dispatch": {}}}"#,
    ),
];

/// What is said of one platform or of one strategy alone, whose name stands before it.
pub(crate) const SPECIAL: &[(&str, Choice)] = &[
    (
        "blue_green",
        option(
            "analysis before",
            r#"{DEPLOY: {"strategy": {"blue_green": {"analysis": "make look"}}}}"#,
        ),
    ),
    (
        "canary",
        option("wait of a canary", r#"{DEPLOY: {"strategy": {"canary": {"wait": "90s"}}}}"#),
    ),
    (
        "feature_flag",
        option("wait of a flag", r#"{DEPLOY: {"strategy": {"feature_flag": {"wait": "90s"}}}}"#),
    ),
    (
        "feature_flag",
        option(
            "analysis of a flag",
            r#"{DEPLOY: {"strategy": {"feature_flag": {"analysis": "make look"}}}}"#,
        ),
    ),
    (
        "kubernetes",
        option(
            "container of Kubernetes",
            r#"{DEPLOY: {"platform": {"kubernetes": {"container": "main"}}}}"#,
        ),
    ),
    (
        "kubernetes canary",
        option(
            "services of Kubernetes",
            r#"{DEPLOY: {"platform": {"kubernetes": {"service": "a", "standby_service": "b"}}}}"#,
        ),
    ),
    (
        "railway",
        option(
            "environment and token of Railway",
            r#"{DEPLOY: {"platform": {"railway": {"environment": "9b2f", "token_from": "secrets.TOKEN"}}}}"#,
        ),
    ),
    (
        "vercel",
        option(
            "token of Vercel",
            r#"{DEPLOY: {"platform": {"vercel": {"token_from": "secrets.TOKEN"}}}}"#,
        ),
    ),
    (
        "command canary",
        option("settle", r#"{DEPLOY: {"platform": {"command": {"settle": "make tidy"}}}}"#),
    ),
    (
        "command",
        option(
            "login to Google",
            r#"{"oidc": {"aws": null, "google": {"workload_identity_provider": "projects/1/locations/global/workloadIdentityPools/a/providers/b", "service_account": "deploy-{environment}@a.iam.gserviceaccount.com"}}}"#,
        ),
    ),
    (
        "command",
        option(
            "login to Azure",
            r#"{"oidc": {"aws": null, "azure": {"client_id": "a", "tenant_id": "b", "subscription_id": "c"}}}"#,
        ),
    ),
    ("command", option("no login", r#"{"oidc": null}"#)),
    ("ecs", option("container", r#"{DEPLOY: {"platform": {"ecs": {"container": "main"}}}}"#)),
    (
        "ecs",
        option("task definition", r#"{DEPLOY: {"platform": {"ecs": {"task_definition": "app"}}}}"#),
    ),
];

impl Cell {
    fn name(&self) -> String {
        format!("{} {}", self.platform, self.strategy)
    }

    fn special(&self) -> impl Iterator<Item = &'static Choice> {
        let names = [self.platform.to_owned(), self.strategy.to_owned(), self.name()];
        SPECIAL.iter().filter(move |(it, _)| names.iter().any(|name| name == it)).map(|(_, it)| it)
    }
}

/// Each option with a pipeline of which it can be said: that of the base, or one that delivers.
pub(crate) fn each() -> Vec<(&'static Choice, Value)> {
    let cells = cells();
    let mut all: Vec<_> = OPTIONS.iter().map(|it| (it, base())).collect();
    all.extend(DELIVERIES.iter().map(|it| (it, cells[0].pipeline.clone())));
    for cell in &cells {
        all.extend(cell.special().map(|it| (it, cell.pipeline.clone())));
    }
    all
}

/// The jobs of which the options of jobs are said, so that those that can't be of one can be of another.
const JOBS: [&str; 3] = ["test", "test_2", "test_3"];

/// Every option with every platform and strategy: as many options at a time as go together.
pub(crate) fn every_option() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for cell in cells() {
        let name = cell.name();
        let mut left: Vec<&Choice> =
            DELIVERIES.iter().chain(cell.special()).chain(OPTIONS).collect();
        while !left.is_empty() {
            let (mut said, mut taken) = (cell.pipeline.clone(), Vec::<&Choice>::new());
            let mut leaves = Leaves::default();
            left.retain(|it| {
                let fitting = JOBS.iter().find_map(|job| {
                    let patches = it.patches(job);
                    let with = it.on_job(&said, job);
                    let fits = patches.iter().all(|it| leaves.has_room_for(it)) && with != said;
                    (fits && judged(&with).is_ok()).then_some((with, patches))
                });
                let Some((with, patches)) = fitting else { return true };
                patches.iter().for_each(|it| leaves.add(it));
                said = with;
                taken.push(it);
                false
            });
            let names: Vec<_> = taken.iter().map(|it| it.name).collect();
            let rest = || left.iter().map(|it| it.name).collect::<Vec<_>>();
            assert!(!names.is_empty(), "{name} can't be with {:?}", rest());
            all.push((format!("{name} with {}", names.join(", ")), said));
        }
        all.push((name, cell.pipeline));
    }
    all
}

/// What options have said of a pipeline, by place.
#[derive(Default)]
struct Leaves(BTreeMap<String, Value>);

impl Leaves {
    fn has_room_for(&self, patch: &Value) -> bool {
        let mut there = Self::default();
        there.add(patch);
        there.0.iter().all(|(place, value)| match self.0.get(place) {
            Some(it) => it == value,
            None => {
                let above = self.0.keys().any(|it| place.starts_with(&format!("{it}/")));
                let below = self.0.range(format!("{place}/")..format!("{place}0")).next();
                !above && below.is_none()
            }
        })
    }

    fn add(&mut self, patch: &Value) {
        for (key, it) in patch.as_object().into_iter().flatten() {
            self.add_at(&format!("/{key}"), it);
        }
    }

    fn add_at(&mut self, place: &str, patch: &Value) {
        match patch.as_object().filter(|it| !it.is_empty()) {
            Some(all) => {
                all.iter().for_each(|(key, it)| self.add_at(&format!("{place}/{key}"), it))
            }
            None => drop(self.0.insert(place.to_owned(), patch.clone())),
        }
    }
}
