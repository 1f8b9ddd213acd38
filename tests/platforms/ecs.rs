//! Amazon ECS: the AWS CLI against moto.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::*;

const FORMER: &str = "ghcr.io/acme/shop@sha256:aaaa";
const IMAGE: &str = "ghcr.io/acme/shop@sha256:bbbb";
const OTHER: &str = "ghcr.io/acme/shop@sha256:cccc";
/// The stand-in never finds it healthy.
const BROKEN: &str = "ghcr.io/acme/broken@sha256:dddd";
/// The stand-in gives it up after some looks, and brings back what ran.
const CIRCUIT: &str = "ghcr.io/acme/broken-circuit@sha256:eeee";

/// AWS.
fn aws() -> &'static StandIn {
    static STARTED: OnceLock<StandIn> = OnceLock::new();
    STARTED.get_or_init(|| started("aws.py"))
}

/// The folder of the AWS CLI.
pub(crate) fn client() -> PathBuf {
    static STARTED: OnceLock<StandIn> = OnceLock::new();
    PathBuf::from(&STARTED.get_or_init(|| started("aws-started.py")).address)
}

fn started(program: &str) -> StandIn {
    StandIn::start(python(program))
}

/// A program of this folder, with the modules of the AWS CLI and of moto.
pub(crate) fn python(program: &str) -> Command {
    let mut command = Command::new(part(&["aws"]).with_file_name("python"));
    // Moto tells of each request there.
    command.arg(repository().join("tests/platforms").join(program)).stderr(Stdio::null());
    command
}

/// A cluster of a name of its own, with services `app` and, behind the same rule, `app2`.
struct Cluster {
    name: &'static str,
    deployment: Deployment,
    former: String,
}

impl Cluster {
    fn new(
        name: &'static str,
        strategy: &'static str,
        services: Value,
        weights: Option<Value>,
    ) -> Self {
        let mut scene = json!({ "former": FORMER, "services": services });
        if let Some(weights) = weights {
            scene["weights"] = weights;
        }
        let made = aws().ask(&format!("/-/scene?cluster={name}"), Some(&scene));
        let variables = [
            ("AWS_ENDPOINT_URL", aws().address.as_str()),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("CLUSTER", name),
            ("SERVICE", "app"),
            ("CONTAINER", "web"),
            ("STANDBY_SERVICE", "app2"),
            ("LISTENER_RULE", made["rule"].as_str().unwrap()),
            ("IMAGE", IMAGE),
            ("PAUSE", "0.1"),
            ("PATIENCE", "20"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let variables = variables.into();
        let deployment = Deployment {
            platform: "ecs",
            strategy,
            variables,
            programs: vec![client()],
            files: &[],
        };
        Self { name, deployment, former: made["former"]["app"].as_str().unwrap().to_owned() }
    }

    /// The state, which must never have sent traffic where nothing was healthy.
    #[track_caller]
    fn state(&self) -> Value {
        let state = aws().ask(&format!("/-/state?cluster={}", self.name), None);
        assert_eq!(state["outages"], json!([]));
        for (_, service) in state["services"].as_object().unwrap() {
            assert_eq!(service["sound"], true, "more than the image was changed: {state}");
        }
        state
    }

    /// The image and the number of tasks of a service.
    #[track_caller]
    fn service(&self, name: &str) -> (String, u64) {
        let found = &self.state()["services"][name];
        (found["image"].as_str().unwrap().to_owned(), found["tasks"].as_u64().unwrap())
    }

    #[track_caller]
    fn weights(&self) -> [u64; 2] {
        let found = &self.state()["weights"];
        ["app", "app2"].map(|it| found[it].as_u64().unwrap())
    }
}

fn is(image: &str, tasks: u64) -> (String, u64) {
    (image.to_owned(), tasks)
}

#[test]
fn a_rolling_deployment_replaces_one_container_s_image_and_comes_back() {
    let it = Cluster::new("rolling", "rolling", json!({ "app": { "tasks": 2 } }), None);
    let former = it.deployment.former();
    assert_eq!(former, it.former);
    it.deployment.run(Deed::Deploy).worked().says("2 tasks");
    assert_eq!(it.service("app"), is(IMAGE, 2));
    let then = it.deployment.with("FORMER", &former);
    then.run(Deed::Rollback).worked();
    assert_eq!(it.service("app"), is(FORMER, 2));
    then.run(Deed::Rollback).worked();
    assert_eq!(it.service("app"), is(FORMER, 2));
    it.deployment.with("IMAGE", OTHER).run(Deed::Deploy).worked();
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.service("app"), is(OTHER, 2));
    it.deployment.with("FORMER", "").run(Deed::Rollback).worked().says("nothing ran before");
    assert_eq!(it.service("app"), is(OTHER, 2));
}

#[test]
fn a_rolling_deployment_that_stays_unhealthy_fails_and_comes_back() {
    let it = Cluster::new("broken", "rolling", json!({ "app": { "tasks": 2 } }), None);
    let deployment = it.deployment.with("FORMER", &it.deployment.former());
    let broken = deployment.with("IMAGE", BROKEN).with("PATIENCE", "4");
    broken
        .run(Deed::Deploy)
        .failed("does not become healthy")
        .says("failed container health checks");
    broken.run(Deed::Rollback).worked();
    assert_eq!(it.service("app"), is(FORMER, 2));
    let given_up = deployment.with("IMAGE", CIRCUIT);
    given_up.run(Deed::Deploy).failed("does not become healthy").says("tasks failed to start");
    given_up.run(Deed::Rollback).worked();
    assert_eq!(it.service("app"), is(FORMER, 2));
}

#[test]
fn nothing_is_deployed_where_nothing_would_run_or_nothing_is() {
    let it = Cluster::new("none", "rolling", json!({ "app": { "tasks": 0 } }), None);
    it.deployment.run(Deed::Deploy).failed("wants 0 tasks");
    assert_eq!(it.service("app"), is(FORMER, 0));
    it.deployment.with("SERVICE", "nosuch").run(Deed::Deploy).failed("no service nosuch");
    it.deployment.with("SERVICE", "nosuch").run(Deed::Former).failed("no service nosuch");
}

#[test]
fn a_canary_gets_its_percents_step_by_step_and_then_all() {
    let services = json!({ "app": { "tasks": 3 }, "app2": { "tasks": 0 } });
    let it = Cluster::new("canary", "canary", services, Some(json!({ "app": 100 })));
    let former = it.deployment.former();
    assert_eq!(former, format!("app {} 3", it.former));
    let then = it.deployment.with("FORMER", &former);
    then.run(Deed::Stage).worked().says("no traffic");
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!(it.service("app2"), is(IMAGE, 3));
    assert_eq!(it.service("app"), is(FORMER, 3));
    then.with("WEIGHT", "10").run(Deed::Shift).worked().says("10 % of the traffic goes to");
    assert_eq!(it.weights(), [90, 10]);
    then.run(Deed::Settle).failed("has traffic still");
    then.with("WEIGHT", "100").run(Deed::Shift).worked();
    assert_eq!(it.weights(), [0, 100]);
    then.run(Deed::Settle).worked();
    assert_eq!([it.service("app"), it.service("app2")], [is(FORMER, 0), is(IMAGE, 3)]);

    // The next one goes the other way.
    let next = it.deployment.with("IMAGE", OTHER);
    let former = next.former();
    assert!(former.starts_with("app2 "), "{former}");
    let next = next.with("FORMER", &former);
    next.run(Deed::Stage).worked();
    assert_eq!(it.weights(), [0, 100]);
    next.with("WEIGHT", "50").run(Deed::Shift).worked();
    assert_eq!(it.weights(), [50, 50]);
    assert_eq!([it.service("app"), it.service("app2")], [is(OTHER, 3), is(IMAGE, 3)]);
    next.run(Deed::Former).failed("gives 50 % to app and 50 % to app2");
}

#[test]
fn an_unhealthy_canary_gets_no_traffic() {
    let services = json!({ "app": { "tasks": 2 }, "app2": { "tasks": 0 } });
    let it = Cluster::new("sick", "canary", services, Some(json!({ "app": 100 })));
    let broken = it.deployment.with("FORMER", &it.deployment.former());
    let broken = broken.with("IMAGE", BROKEN).with("PATIENCE", "4");
    broken.run(Deed::Stage).failed("does not become healthy");
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!(it.service("app"), is(FORMER, 2));
    broken.run(Deed::Rollback).worked();
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!([it.service("app"), it.service("app2")], [is(FORMER, 2), is(BROKEN, 0)]);
}

#[test]
fn the_former_has_all_of_the_traffic_again_from_every_state() {
    // The tasks of both services, whether the new image is in the second, and its percent.
    let states = [
        ("nothing", [2, 0], false, 0),
        ("staged", [2, 2], true, 0),
        ("ten", [2, 2], true, 10),
        ("all", [2, 2], true, 100),
        ("settled", [0, 2], true, 100),
    ];
    std::thread::scope(|scope| {
        for (state, tasks, staged, weight) in states {
            scope.spawn(move || comes_back(state, tasks, staged, weight));
        }
    });
}

#[track_caller]
fn comes_back(state: &'static str, tasks: [u64; 2], staged: bool, weight: u64) {
    let mut services = json!({ "app": { "tasks": tasks[0] }, "app2": { "tasks": tasks[1] } });
    if staged {
        services["app2"]["image"] = IMAGE.into();
    }
    let weights = json!({ "app": 100 - weight, "app2": weight });
    let it = Cluster::new(state, "blue_green", services, Some(weights));
    let then = it.deployment.with("FORMER", &format!("app {} 2", it.former));
    then.run(Deed::Rollback).worked().says("100 % of the traffic goes to the service app");
    assert_eq!(it.weights(), [100, 0], "{state}");
    assert_eq!(it.service("app"), is(FORMER, 2), "{state}");
    assert_eq!(it.service("app2").1, 0, "{state}");
}

#[test]
fn what_another_deployment_put_there_stays() {
    let services = json!({ "app": { "tasks": 0 }, "app2": { "tasks": 2, "image": OTHER } });
    let it = Cluster::new("others", "canary", services, Some(json!({ "app2": 100 })));
    let then = it.deployment.with("FORMER", &format!("app {} 2", it.former));
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.weights(), [0, 100]);
    assert_eq!([it.service("app"), it.service("app2")], [is(FORMER, 0), is(OTHER, 2)]);

    let services =
        json!({ "app": { "tasks": 2, "image": OTHER }, "app2": { "tasks": 0, "image": IMAGE } });
    let it = Cluster::new("later", "canary", services, Some(json!({ "app": 100 })));
    let then = it.deployment.with("FORMER", &format!("app {} 2", it.former));
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!(it.service("app"), is(OTHER, 2));
    it.deployment.with("FORMER", "").run(Deed::Rollback).worked().says("nothing to bring back");
}
