//! Railway: curl against a stand-in that holds each request against the schema of Railway's API.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::*;

const FORMER: &str = "ghcr.io/acme/shop@sha256:aaaa";
const IMAGE: &str = "ghcr.io/acme/shop@sha256:bbbb";
const OTHER: &str = "ghcr.io/acme/shop@sha256:cccc";
/// Its deployment fails.
const BROKEN: &str = "ghcr.io/acme/broken@sha256:dddd";

fn railway() -> &'static StandIn {
    static STARTED: OnceLock<StandIn> = OnceLock::new();
    STARTED.get_or_init(|| {
        let mut command = Command::new("node");
        command.arg(repository().join("tests/platforms/railway.mjs"));
        command.arg(part(&["npm-packages", "railway"]));
        StandIn::start(command)
    })
}

struct Service {
    id: &'static str,
    deployment: Deployment,
}

impl Service {
    /// A service of an image, with deployments of images in states, oldest first.
    fn new(id: &'static str, image: &str, deployments: &[(&str, &str)]) -> Self {
        let deployments = deployments.iter().zip(1..).map(|((image, status), i)| {
            json!({ "id": format!("d{i}"), "image": image, "status": status, "looks": 0 })
        });
        let deployments: Vec<_> = deployments.collect();
        let scene = json!({ "image": image, "deployments": deployments });
        railway().ask(&format!("/-/scene?service={id}"), Some(&scene));
        let variables = [
            ("RAILWAY_API", railway().address.as_str()),
            ("RAILWAY_TOKEN", "a token"),
            ("SERVICE", id),
            ("ENVIRONMENT_ID", "production"),
            ("IMAGE", IMAGE),
            ("PAUSE", "0.1"),
            ("PATIENCE", "20"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self {
            id,
            deployment: Deployment {
                platform: "railway",
                strategy: "rolling",
                variables,
                ..Deployment::default()
            },
        }
    }

    #[track_caller]
    fn state(&self) -> Value {
        railway().ask(&format!("/-/state?service={}", self.id), None)
    }

    /// The image of the one deployment that runs, and the one that the next would have.
    #[track_caller]
    fn images(&self) -> [String; 2] {
        let state = self.state();
        let all = state["deployments"].as_array().unwrap();
        let running: Vec<_> = all.iter().filter(|it| it["status"] == "SUCCESS").collect();
        assert_eq!(running.len(), 1, "{state}");
        [&running[0]["image"], &state["image"]].map(|it| it.as_str().unwrap().to_owned())
    }
}

#[test]
fn a_deployment_gets_the_image_and_goes_back() {
    let it = Service::new("rolling", FORMER, &[(FORMER, "SUCCESS")]);
    let former = it.deployment.former();
    assert_eq!(former, format!("rolling/d1 {FORMER}"));
    it.deployment.run(Deed::Deploy).worked();
    assert_eq!(it.images(), [IMAGE, IMAGE]);
    let then = it.deployment.with("FORMER", &former);
    then.run(Deed::Rollback).worked().says("goes back to the deployment rolling/d1");
    assert_eq!(it.images(), [FORMER, FORMER]);
    assert_eq!(it.state()["deployments"].as_array().unwrap().len(), 3);
    then.run(Deed::Rollback).worked().says("already");
    assert_eq!(it.state()["deployments"].as_array().unwrap().len(), 3);
    it.deployment.with("IMAGE", OTHER).run(Deed::Deploy).worked();
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.images(), [OTHER, OTHER]);
}

#[test]
fn a_token_tells_its_environment() {
    let mut it = Service::new("token", FORMER, &[(FORMER, "SUCCESS")]);
    it.deployment.variables.remove("ENVIRONMENT_ID");
    it.deployment.run(Deed::Deploy).worked();
    assert_eq!(it.images(), [IMAGE, IMAGE]);
    it.deployment.with("ENVIRONMENT_ID", "staging").run(Deed::Deploy).failed("not found");
}

#[test]
fn a_deployment_that_fails_leaves_what_ran() {
    let it = Service::new("broken", FORMER, &[(FORMER, "SUCCESS")]);
    let broken = it.deployment.with("IMAGE", BROKEN).with("FORMER", &it.deployment.former());
    broken.run(Deed::Deploy).failed("is FAILED");
    assert_eq!(it.images(), [FORMER, BROKEN]);
    broken.run(Deed::Rollback).worked().says("runs still");
    assert_eq!(it.images(), [FORMER, FORMER]);
}

#[test]
fn the_former_runs_again_from_every_state() {
    for (state, image, deployments) in [
        ("nothing", FORMER, vec![(FORMER, "SUCCESS")]),
        ("said", IMAGE, vec![(FORMER, "SUCCESS")]),
        ("begun", IMAGE, vec![(FORMER, "SUCCESS"), (IMAGE, "QUEUED")]),
        ("deployed", IMAGE, vec![(FORMER, "REMOVED"), (IMAGE, "SUCCESS")]),
    ] {
        let it = Service::new(state, image, &deployments);
        it.deployment.with("FORMER", &format!("{state}/d1 {FORMER}")).run(Deed::Rollback).worked();
        assert_eq!(it.images(), [FORMER, FORMER], "{state}");
        if state == "begun" {
            assert_eq!(it.state()["deployments"][1]["status"], "REMOVED");
        }
    }
}

#[test]
fn what_railway_refuses_is_told() {
    let it = Service::new("refused", FORMER, &[]);
    assert_eq!(it.deployment.former(), "");
    it.deployment.with("FORMER", "").run(Deed::Rollback).worked().says("nothing ran before");
    let other = it.deployment.with("RAILWAY_TOKEN", "another");
    other.run(Deed::Deploy).failed("Railway says: Not Authorized");
    assert_eq!(it.state()["image"], FORMER);
    it.deployment.with("SERVICE", "no").run(Deed::Former).failed("Service instance not found");
    // The stand-in knows what Railway's API has.
    let wrong = json!({ "query": "{ serviceInstance(id: 1) { image } }" });
    let mut command = Command::new("curl");
    command.args(["-sS", "-H", "project-access-token: a token", "--data", &wrong.to_string()]);
    let told = command.arg(&railway().address).output().unwrap().stdout;
    let told = String::from_utf8(told).unwrap();
    assert!(
        told.contains("Unknown argument \\\"id\\\" on field \\\"Query.serviceInstance\\\""),
        "{told}"
    );
    assert!(
        told.contains("Cannot query field \\\"image\\\" on type \\\"ServiceInstance\\\""),
        "{told}"
    );
}
