//! Kubernetes: kubectl against its API server and controllers, in which only nodes and a gateway are played.

use std::sync::OnceLock;

use serde_json::{Value, json};

use std::fs;

use super::*;

pub(crate) const FORMER: &str = "ghcr.io/acme/shop@sha256:aaaa";
pub(crate) const IMAGE: &str = "ghcr.io/acme/shop@sha256:bbbb";
const OTHER: &str = "ghcr.io/acme/shop@sha256:cccc";
/// It never becomes ready.
const BROKEN: &str = "ghcr.io/acme/broken@sha256:dddd";

/// The cluster, and its kubeconfig.
pub(crate) fn cluster() -> &'static str {
    static STARTED: OnceLock<StandIn> = OnceLock::new();
    let it = STARTED.get_or_init(|| {
        let mut command = Command::new(part(&["cluster"]));
        command.arg("up");
        let it = StandIn::start(command);
        let declared = part(&["cluster"]).with_file_name("httproutes.yaml");
        let mut apply = kubectl(&it.address);
        apply.args(["apply", "--server-side", "-f"]).arg(declared);
        assert!(apply.output().unwrap().status.success());
        let mut wait = kubectl(&it.address);
        wait.args(["wait", "--for=condition=Established", "--timeout=120s", "crd", "--all"]);
        assert!(wait.output().unwrap().status.success());
        it
    });
    &it.address
}

fn kubectl(config: &str) -> Command {
    let mut command = Command::new(part(&["cluster"]).with_file_name("kubectl"));
    command.args(["--kubeconfig", config]);
    command
}

/// A namespace with Deployments `app` and `app2`, a Service before each, and a route to both.
pub(crate) struct Namespace {
    name: &'static str,
    pub(crate) deployment: Deployment,
}

impl Namespace {
    /// `said` are the image and the replicas of each, and the percent of `app2`.
    pub(crate) fn new(
        name: &'static str,
        strategy: &'static str,
        said: [(&str, u64); 2],
        weight: u64,
    ) -> Self {
        let mut all =
            vec![json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } })];
        for (app, (image, replicas)) in ["app", "app2"].into_iter().zip(said) {
            let labels = json!({ "app": app });
            all.push(json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": { "name": app, "namespace": name },
                "spec": {
                    "replicas": replicas, "selector": { "matchLabels": labels }, "progressDeadlineSeconds": 10,
                    "template": { "metadata": { "labels": labels }, "spec": { "containers": [
                        { "name": "web", "image": image, "env": [{ "name": "A", "value": "b" }] },
                        { "name": "side", "image": "side:1" },
                    ] } },
                },
            }));
            all.push(json!({
                "apiVersion": "v1", "kind": "Service", "metadata": { "name": app, "namespace": name },
                "spec": { "selector": labels, "ports": [{ "port": 80 }] },
            }));
        }
        all.push(json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": { "name": "shop", "namespace": name },
            "spec": { "parentRefs": [{ "name": "gateway" }], "rules": [
                { "backendRefs": [
                    { "name": "app", "port": 80, "weight": 100 - weight },
                    { "name": "app2", "port": 80, "weight": weight },
                ] },
                { "matches": [{ "path": { "type": "PathPrefix", "value": "/docs" } }],
                  "backendRefs": [{ "name": "docs", "port": 80 }] },
            ] },
        }));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.json");
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": all });
        fs::write(&file, list.to_string()).unwrap();
        let done = kubectl(cluster()).args(["create", "-f"]).arg(&file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let variables = [
            ("KUBE_CONFIG", fs::read_to_string(cluster()).unwrap()),
            ("NAMESPACE", name.into()),
            ("DEPLOYMENT", "app".into()),
            ("STANDBY_DEPLOYMENT", "app2".into()),
            ("HTTP_ROUTE", "shop".into()),
            ("CONTAINER", "web".into()),
            ("IMAGE", IMAGE.into()),
            ("PAUSE", "0.1".into()),
            ("PATIENCE", "90".into()),
        ];
        let variables =
            variables.map(|(name, value): (&str, String)| (name.to_owned(), value)).into();
        let programs = vec![part(&["cluster"]).parent().unwrap().to_path_buf()];
        let deployment =
            Deployment { platform: "kubernetes", strategy, variables, programs, files: &[] };
        let it = Self { name, deployment };
        for (app, (image, _)) in ["app", "app2"].into_iter().zip(said) {
            if !image.contains("broken") {
                let rollout =
                    ["rollout", "status", "--timeout=120s", "deployment", app, "-n", name];
                assert!(kubectl(cluster()).args(rollout).output().unwrap().status.success());
            }
        }
        it
    }

    #[track_caller]
    fn get(&self, what: &[&str]) -> Value {
        let mut command = kubectl(cluster());
        command.args(["-n", self.name, "-o", "json", "get"]).args(what);
        serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
    }

    /// The image and the replicas of a Deployment, of which no more than the image may have changed.
    #[track_caller]
    pub(crate) fn app(&self, name: &str) -> (String, u64) {
        let found = self.get(&["deployment", name]);
        let [web, side] = &found["spec"]["template"]["spec"]["containers"].as_array().unwrap()[..]
        else {
            panic!("{found}")
        };
        assert_eq!([&web["env"][0]["value"], &side["image"]], ["b", "side:1"]);
        (web["image"].as_str().unwrap().to_owned(), found["spec"]["replicas"].as_u64().unwrap())
    }

    /// The images of the pods that are ready, each once.
    #[track_caller]
    fn pods(&self) -> Vec<String> {
        let found = self.get(&["pods"]);
        let ready = found["items"].as_array().unwrap().iter().filter(|it| {
            it["status"]["phase"] == "Running" && it["metadata"]["deletionTimestamp"].is_null()
        });
        let images = ready.map(|it| it["spec"]["containers"][0]["image"].as_str().unwrap());
        images.map(str::to_owned).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    #[track_caller]
    fn weights(&self) -> [u64; 2] {
        let found = self.get(&["httproute", "shop"]);
        let rules = &found["spec"]["rules"];
        assert_eq!(rules[1]["backendRefs"][0]["name"], "docs");
        let of = |app: &str| {
            let refs = rules[0]["backendRefs"].as_array().unwrap();
            let it = refs.iter().find(|it| it["name"] == app).unwrap();
            assert_eq!(it["port"], 80);
            it["weight"].as_u64().unwrap()
        };
        [of("app"), of("app2")]
    }
}

fn is(image: &str, replicas: u64) -> (String, u64) {
    (image.to_owned(), replicas)
}

#[test]
fn a_rolling_deployment_replaces_one_container_s_image_and_comes_back() {
    let it = Namespace::new("rolling", "rolling", [(FORMER, 2), (FORMER, 0)], 0);
    let former = it.deployment.former();
    assert_eq!(former, FORMER);
    it.deployment.run(Deed::Deploy).worked().says("successfully rolled out");
    assert_eq!(it.app("app"), is(IMAGE, 2));
    assert_eq!(it.pods(), [IMAGE]);
    let then = it.deployment.with("FORMER", &former);
    then.run(Deed::Rollback).worked();
    assert_eq!(it.pods(), [FORMER]);
    then.run(Deed::Rollback).worked();
    assert_eq!(it.app("app"), is(FORMER, 2));
    it.deployment.with("IMAGE", OTHER).run(Deed::Deploy).worked();
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.pods(), [OTHER]);
    it.deployment.with("FORMER", "").run(Deed::Rollback).worked().says("nothing ran before");
    assert_eq!(it.app("app"), is(OTHER, 2));
}

#[test]
fn a_rolling_deployment_that_stays_unhealthy_fails_and_comes_back() {
    let it = Namespace::new("broken", "rolling", [(FORMER, 2), (FORMER, 0)], 0);
    let broken = it.deployment.with("FORMER", FORMER).with("IMAGE", BROKEN);
    broken.run(Deed::Deploy).failed("does not become healthy");
    assert_eq!(it.pods(), [FORMER]);
    broken.run(Deed::Rollback).worked();
    assert_eq!(it.app("app"), is(FORMER, 2));
    it.deployment.with("DEPLOYMENT", "app2").run(Deed::Deploy).failed("wants 0 replicas");
    it.deployment.with("DEPLOYMENT", "no").run(Deed::Former).failed("no Deployment no");
    it.deployment.with("CONTAINER", "").run(Deed::Deploy).failed("say `container`");
    assert_eq!(it.app("app"), is(FORMER, 2));
}

#[test]
fn a_canary_gets_its_percents_step_by_step_and_then_all() {
    let it = Namespace::new("canary", "canary", [(FORMER, 3), (FORMER, 0)], 0);
    let former = it.deployment.former();
    assert_eq!(former, format!("app {FORMER} 3"));
    let then = it.deployment.with("FORMER", &former);
    then.run(Deed::Stage).worked().says("no traffic");
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!([it.app("app"), it.app("app2")], [is(FORMER, 3), is(IMAGE, 3)]);
    assert_eq!(it.pods(), [FORMER, IMAGE]);
    then.with("WEIGHT", "10").run(Deed::Shift).worked().says("10 % of the traffic goes to");
    assert_eq!(it.weights(), [90, 10]);
    then.run(Deed::Settle).failed("has traffic still");
    it.deployment.run(Deed::Former).failed("gives 90 % to app and 10 % to app2");
    then.with("WEIGHT", "100").run(Deed::Shift).worked();
    assert_eq!(it.weights(), [0, 100]);
    then.run(Deed::Settle).worked();
    assert_eq!([it.app("app"), it.app("app2")], [is(FORMER, 0), is(IMAGE, 3)]);
    assert_eq!(it.deployment.former(), format!("app2 {IMAGE} 3"));
}

#[test]
fn an_unhealthy_canary_gets_no_traffic() {
    let it = Namespace::new("sick", "canary", [(FORMER, 2), (FORMER, 0)], 0);
    let broken = it.deployment.with("FORMER", &format!("app {FORMER} 2")).with("IMAGE", BROKEN);
    broken.run(Deed::Stage).failed("does not become healthy");
    assert_eq!(it.weights(), [100, 0]);
    broken.run(Deed::Rollback).worked();
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!([it.app("app"), it.app("app2")], [is(FORMER, 2), is(BROKEN, 0)]);
    assert_eq!(it.pods(), [FORMER]);
}

#[test]
fn the_former_has_all_of_the_traffic_again_from_every_state() {
    let states = [
        ("nothing", [(FORMER, 2), (OTHER, 0)], 0),
        ("staged", [(FORMER, 2), (IMAGE, 2)], 0),
        ("ten", [(FORMER, 2), (IMAGE, 2)], 10),
        ("all", [(FORMER, 2), (IMAGE, 2)], 100),
        ("settled", [(FORMER, 0), (IMAGE, 2)], 100),
    ];
    std::thread::scope(|scope| {
        for (state, said, weight) in states {
            scope.spawn(move || {
                let it = Namespace::new(state, "blue_green", said, weight);
                let then = it.deployment.with("FORMER", &format!("app {FORMER} 2"));
                then.run(Deed::Rollback)
                    .worked()
                    .says("100 % of the traffic goes to the Deployment app");
                assert_eq!(it.weights(), [100, 0], "{state}");
                assert_eq!(it.app("app"), is(FORMER, 2), "{state}");
                assert_eq!(it.app("app2").1, 0, "{state}");
                assert_eq!(it.pods(), [FORMER], "{state}");
            });
        }
    });
}

#[test]
fn what_another_deployment_put_there_stays() {
    let it = Namespace::new("others", "canary", [(FORMER, 0), (OTHER, 2)], 100);
    let then = it.deployment.with("FORMER", &format!("app {FORMER} 2"));
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.weights(), [0, 100]);
    let it = Namespace::new("later", "canary", [(OTHER, 2), (IMAGE, 0)], 0);
    let then = it.deployment.with("FORMER", &format!("app {FORMER} 2"));
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.weights(), [100, 0]);
    assert_eq!(it.app("app"), is(OTHER, 2));
    it.deployment.with("FORMER", "").run(Deed::Rollback).worked().says("nothing to bring back");
}
