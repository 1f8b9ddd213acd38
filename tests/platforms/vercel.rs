//! Vercel: its command line against a stand-in of its API, whose answers Vercel's own library reads.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::*;

const RUN: &str = "4711";

/// What `vercel build` makes.
const BUILT: &[(&str, &str)] = &[
    (".vercel/output/config.json", r#"{"version":3}"#),
    (".vercel/output/static/index.html", "hello"),
];

/// The stand-in's address and the path of its certificate.
fn vercel() -> (&'static StandIn, &'static str, &'static str) {
    static STARTED: OnceLock<StandIn> = OnceLock::new();
    let it = STARTED.get_or_init(|| {
        let mut command = Command::new("node");
        command.arg(repository().join("tests/platforms/vercel.mjs"));
        StandIn::start(command)
    });
    let (address, certificate) = it.address.split_once(' ').unwrap();
    (it, address, certificate)
}

/// The folder with Vercel's command line and its library.
fn modules() -> PathBuf {
    part(&["npm-packages", "vercel"])
}

struct Project {
    id: &'static str,
    deployment: Deployment,
}

impl Project {
    /// A project with deployments: each one's id, and the run that made it. Those of the first have the
    /// production domains unless another is named.
    fn new(id: &'static str, strategy: &'static str, made: &[(&str, &str)], live: &str) -> Self {
        let made = made.iter().zip(1..).map(|((id, run), at)| {
            json!({ "id": id, "state": "READY", "meta": { "stanchionRun": run }, "created": at })
        });
        let scene = json!({ "production": live, "deployments": made.collect::<Vec<_>>() });
        let (stand_in, address, certificate) = vercel();
        stand_in.ask(&format!("/-/scene?project={id}"), Some(&scene));
        let variables = [
            ("VERCEL_API", address),
            ("VERCEL_TOKEN", "atoken"),
            ("VERCEL_PROJECT_ID", id),
            ("VERCEL_ORG_ID", "team_1"),
            ("GITHUB_RUN_ID", RUN),
            ("NODE_EXTRA_CA_CERTS", certificate),
            ("CURL_CA_BUNDLE", certificate),
            ("PAUSE", "0.1"),
            ("PATIENCE", "5"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let programs = vec![modules().join(".bin")];
        let deployment =
            Deployment { platform: "vercel", strategy, variables, programs, files: BUILT };
        Self { id, deployment }
    }

    #[track_caller]
    fn state(&self) -> Value {
        let state = vercel().0.ask(&format!("/-/state?project={}", self.id), None);
        assert_eq!(state["unknown"], json!([]));
        state
    }

    /// The deployment with the production domains.
    #[track_caller]
    fn live(&self) -> String {
        self.state()["production"].as_str().unwrap().to_owned()
    }
}

#[test]
fn blue_green_deploys_without_a_domain_and_then_leads_the_domains_there() {
    let it = Project::new("prj_a", "blue_green", &[("dpl_a1", "1")], "dpl_a1");
    assert_eq!(it.deployment.former(), "dpl_a1");
    it.deployment.run(Deed::Stage).worked().says("no domain leads to it");
    assert_eq!(it.live(), "dpl_a1");
    let made = &it.state()["deployments"][1];
    assert_eq!(
        made["files"],
        json!([".vercel/output/config.json", ".vercel/output/static/index.html"])
    );
    it.deployment.with("WEIGHT", "10").run(Deed::Shift).failed("not 10 %");
    assert_eq!(it.live(), "dpl_a1");
    it.deployment.with("WEIGHT", "100").run(Deed::Shift).worked().says("100 % of the traffic");
    assert_eq!(it.live(), made["id"].as_str().unwrap());
    it.deployment.run(Deed::Settle).worked();
    it.deployment.with("FORMER", "dpl_a1").run(Deed::Rollback).worked();
    assert_eq!(it.live(), "dpl_a1");
}

#[test]
fn a_deployment_of_its_own_takes_the_domains_and_gives_them_back() {
    let it = Project::new("prj_b", "rolling", &[("dpl_b1", "1")], "dpl_b1");
    it.deployment.run(Deed::Deploy).worked();
    assert_eq!(it.live(), "dpl_prj_b2");
    let then = it.deployment.with("FORMER", "dpl_b1");
    then.run(Deed::Rollback).worked().says("go back to the deployment dpl_b1");
    assert_eq!(it.live(), "dpl_b1");
    then.run(Deed::Rollback).worked().says("lead to the deployment dpl_b1 still");
    it.deployment.with("FORMER", "").run(Deed::Rollback).worked().says("nothing ran before");
}

#[test]
fn what_was_not_built_yet_is_built() {
    let it = Project::new("prj_f", "rolling", &[("dpl_f1", "1")], "dpl_f1");
    let deployment = Deployment { files: &[("index.html", "hello")], ..it.deployment.clone() };
    deployment.run(Deed::Deploy).worked();
    assert_eq!(it.live(), "dpl_prj_f2");
    let files = it.state()["deployments"][1]["files"].clone();
    let files: Vec<&str> =
        files.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(files.contains(&".vercel/output/static/index.html"), "{files:?}");
}

#[test]
fn a_deployment_that_fails_gets_no_domain() {
    let it = Project::new("prj_c", "rolling", &[("dpl_c1", "1")], "dpl_c1");
    let scene = json!({ "production": "dpl_c1", "broken": true, "deployments": [] });
    vercel().0.ask("/-/scene?project=prj_c", Some(&scene));
    it.deployment.run(Deed::Deploy).failed("the deployment failed").says("exited with 1");
    assert_eq!(it.state()["deployments"][0]["state"], "ERROR");
    assert_eq!(it.live(), "dpl_c1");
}

#[test]
fn what_another_deployment_put_there_stays() {
    let made = [("dpl_d1", "1"), ("dpl_d2", RUN), ("dpl_d3", "4712")];
    let it = Project::new("prj_d", "blue_green", &made, "dpl_d3");
    let then = it.deployment.with("FORMER", "dpl_d1");
    then.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(it.live(), "dpl_d3");
    it.deployment.with("VERCEL_TOKEN", "another").run(Deed::Former).failed("Not authorized");
}

#[test]
fn what_the_stand_in_answers_is_as_published() {
    let it = Project::new("prj_e", "rolling", &[("dpl_e1", "1")], "dpl_e1");
    let (_, address, certificate) = vercel();
    let mut asked = Command::new("node");
    asked.arg(repository().join("tests/platforms/vercel-sdk.mjs")).arg(modules());
    let asked =
        asked.args([address, it.id]).env("NODE_EXTRA_CA_CERTS", certificate).output().unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let answers = String::from_utf8(asked.stdout).unwrap();
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for answer in &answers {
        assert_eq!(answer["refused"], Value::Null, "{}", answer["name"]);
    }
    assert_eq!(answers.len(), 13);
    assert_eq!(answers[3]["read"]["targets"]["production"]["id"], "dpl_e1");
    assert_eq!(answers[8]["read"]["readyState"], "BUILDING");
    assert_eq!(answers[9]["read"]["deployments"][0]["readyState"], "READY");
    assert_eq!(answers[12]["read"]["targets"]["production"]["id"], "dpl_prj_e2");
    assert_eq!(it.live(), "dpl_prj_e2");
}
