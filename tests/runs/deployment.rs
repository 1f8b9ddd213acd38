//! What is deployed by rendered pipelines, by whichever strategy: what runs in the end, and who gets the
//! traffic, where all goes well and where something does not.

use std::fs;
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::delivery::{Shop, shop};
use super::event::Event;
use super::oci::{REGISTRY, digest, incompressible};
use super::rendering::{pipeline, rendered};
use super::repository::Repository;
use super::run::Outcome::{self, Cancelled, Failure, Skipped, Success};
use super::run::Run;

/// Two places where something runs, each a folder, and what changes them. A deed that is named in the
/// file `fails`, with its environment, fails before it has done anything; one in `waits` does its deed
/// and then never ends.
const PLACE: &str = r#"cd "$FOLDER" && mkdir -p "$ENVIRONMENT" && cd "$ENVIRONMENT"
touch log
what="${IMAGE:-$GITHUB_SHA}"
said="$*${WEIGHT:+ $WEIGHT}${PERCENT:+ $PERCENT}"
if grep -qx "$ENVIRONMENT $said" ../fails; then exit 1; fi
case "$1" in
  current)
    if [ -e runs ]; then cat runs; fi
    exit
    ;;
  deploy) echo "$what" > runs ;;
  stage) echo "$what" > staged && echo 0 > weight ;;
  shift) echo "$WEIGHT" > weight ;;
  settle) mv staged runs && rm weight ;;
  rollback) echo "$FORMER" > runs && rm -f staged weight ;;
  migrate | verify | analyse | enable | disable | rolled_back) ;;
  *) exit 2 ;;
esac
echo "$said" >> log
if grep -qx "$ENVIRONMENT $said" ../waits; then
  trap 'exit 1' INT TERM
  echo waiting
  while :; do sleep 0.1; done
fi"#;

/// A pipeline that deploys to two places, one after the other.
fn deployed(strategy: &Value) -> Value {
    let is_beside = strategy.get("canary").or(strategy.get("blue_green")).is_some();
    let platform = match is_beside {
        true => json!({
            "current": "place current", "stage": "exec place stage", "shift": "exec place shift",
            "settle": "place settle", "rollback": "place rollback",
        }),
        false => json!({
            "current": "place current", "deploy": "exec place deploy", "rollback": "place rollback",
        }),
    };
    json!({
        "name": "Shop",
        "triggers": {"push": {"branches": ["main"]}, "pull_request": {}, "dispatch": {}},
        "time_budget": "4h",
        "jobs": {"test": {"stage": "test", "run": "sh ci/test"}},
        "environments": [{"name": "staging"}, {"name": "production"}],
        "deployments": {"app": {
            "platform": {"command": platform},
            "strategy": strategy,
            "migrate": "place migrate",
            "verify": "exec place verify",
            "rollback": "place rolled_back",
        }},
    })
}

fn rolling() -> Value {
    json!({"rolling": {}})
}

fn blue_green() -> Value {
    json!({"blue_green": {"analysis": "place analyse"}})
}

fn canary() -> Value {
    json!({"canary": {"steps": [10, 50], "wait": "0s", "analysis": "exec place analyse"}})
}

fn feature_flag() -> Value {
    let (enable, disable) = ("place enable", "place disable");
    let analysis = "exec place analyse";
    json!({"feature_flag": {
        "steps": [10, 100], "wait": "0s", "enable": enable, "disable": disable, "analysis": analysis,
    }})
}

/// A repository that is deployed to two places.
struct Places {
    repository: Repository,
    /// What runs there is in here.
    folder: TempDir,
    /// What ran from the beginning.
    old: &'static str,
}

impl Places {
    /// Two places in which this runs, nothing if it is empty, and a commit to be deployed there.
    fn new(strategy: &Value, old: &'static str) -> Self {
        let repository = Repository::new(&rendered(&pipeline(&deployed(strategy))));
        Self::of(repository.committed(&[("ci/test", "true")]), old)
    }

    fn of(repository: Repository, old: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("fails", "");
        write("waits", "");
        for place in PLACES {
            fs::create_dir(folder.path().join(place)).unwrap();
            write(&format!("{place}/log"), "");
            if !old.is_empty() {
                write(&format!("{place}/runs"), old);
            }
        }
        let program = format!("FOLDER={}\n{PLACE}", folder.path().display());
        Self { repository: repository.with_program("place", &program), folder, old }
    }

    /// Where this deed fails, in this place.
    fn failing(self, deed: &str) -> Self {
        fs::write(self.folder.path().join("fails"), format!("{deed}\n")).unwrap();
        self
    }

    fn push(&self) -> Run {
        self.repository.run(&self.repository.push("main"))
    }

    /// Runs while a deed never ends, until the run is cancelled or the job has taken too long.
    fn disturbed(self, by: Disturbance, job: &str, deed: &str) -> (Self, Run) {
        fs::write(self.folder.path().join("waits"), format!("{deed}\n")).unwrap();
        let repository = match by {
            Disturbance::Cancelled => self.repository.cancelled_once(job, "waiting"),
            Disturbance::TooSlow => self.repository.too_slow_once(job, "waiting"),
        };
        let disturbed = Self { repository, ..self };
        let run = disturbed.push();
        (disturbed, run)
    }

    /// What was done in a place, on one line.
    fn deeds(&self, place: &str) -> String {
        let log = fs::read_to_string(self.folder.path().join(place).join("log")).unwrap();
        log.lines().collect::<Vec<_>>().join(", ")
    }

    /// What runs in a place, and what part of the traffic something beside it gets.
    fn runs(&self, place: &str) -> (String, Option<String>) {
        let file = |name: &str| fs::read_to_string(self.folder.path().join(place).join(name));
        let weight = file("weight").ok().map(|it| it.trim().to_owned());
        (file("runs").unwrap_or_default().trim().to_owned(), weight)
    }

    /// That a place is as it was, with all of the traffic.
    fn is_as_before(&self, place: &str) {
        let before = (self.old.to_owned(), None);
        assert_eq!(self.runs(place), before, "{place}: {}", self.deeds(place));
    }

    /// That a place runs something else, and nothing beside it.
    fn is_new(&self, place: &str, new: &str) {
        assert_eq!(self.runs(place), (new.to_owned(), None), "{place}: {}", self.deeds(place));
    }
}

const PLACES: [&str; 2] = ["staging", "production"];

#[derive(Clone, Copy)]
enum Disturbance {
    Cancelled,
    TooSlow,
}

const ALL_GOOD: [Outcome; 6] = [Success, Success, Skipped, Success, Success, Skipped];

/// Deployed, verified, rolled back: in staging, then in production.
fn results(run: &Run) -> [Outcome; 6] {
    [
        "deploy-app-to-staging",
        "verify-app-in-staging",
        "rollback-app-in-staging",
        "deploy-app-to-production",
        "verify-app-in-production",
        "rollback-app-in-production",
    ]
    .map(|it| run.result(it))
}

#[test]
fn what_proves_good_in_one_place_goes_to_the_next_by_each_strategy() {
    for (strategy, deeds) in [
        (rolling(), "migrate, deploy, verify"),
        (blue_green(), "migrate, stage, analyse, shift 100, settle, verify"),
        (
            canary(),
            "migrate, stage, shift 10, analyse 10, shift 50, analyse 50, shift 100, settle, verify",
        ),
        (feature_flag(), "migrate, deploy, verify, enable 10, analyse 10, enable 100, analyse 100"),
    ] {
        let places = Places::new(&strategy, "old");
        let run = places.push();
        assert_eq!(results(&run), ALL_GOOD, "{run}");
        for place in PLACES {
            assert_eq!(places.deeds(place), deeds);
            places.is_new(place, places.repository.commit());
        }
    }
}

#[test]
fn what_fails_in_a_place_is_taken_back_there_and_goes_no_further() {
    let back = "rollback, rolled_back";
    for (strategy, fails, done, result) in [
        (rolling(), "migrate", "", [Failure, Skipped]),
        (rolling(), "deploy", "migrate, ", [Failure, Skipped]),
        (rolling(), "verify", "migrate, deploy, ", [Success, Failure]),
        (blue_green(), "stage", "migrate, ", [Failure, Skipped]),
        (blue_green(), "analyse", "migrate, stage, ", [Failure, Skipped]),
        (blue_green(), "settle", "migrate, stage, analyse, shift 100, ", [Failure, Skipped]),
        (canary(), "analyse 10", "migrate, stage, shift 10, ", [Failure, Skipped]),
        (
            canary(),
            "analyse 50",
            "migrate, stage, shift 10, analyse 10, shift 50, ",
            [Failure, Skipped],
        ),
        (
            canary(),
            "verify",
            "migrate, stage, shift 10, analyse 10, shift 50, analyse 50, shift 100, settle, ",
            [Success, Failure],
        ),
        (feature_flag(), "verify", "migrate, deploy, disable, ", [Success, Failure]),
        (
            feature_flag(),
            "analyse 10",
            "migrate, deploy, verify, enable 10, disable, ",
            [Success, Failure],
        ),
    ] {
        let places = Places::new(&strategy, "old").failing(&format!("staging {fails}"));
        let run = places.push();
        let [deploy, verify] = result;
        let expected = [deploy, verify, Success, Skipped, Skipped, Skipped];
        assert_eq!(results(&run), expected, "{strategy} {fails}: {run}");
        assert_eq!(places.deeds("staging"), format!("{done}{back}"), "{strategy} {fails}");
        assert_eq!(places.deeds("production"), "", "{strategy} {fails}");
        places.is_as_before("staging");
        places.is_as_before("production");
    }
}

#[test]
fn what_fails_in_the_last_place_leaves_the_one_before_as_it_is() {
    let places = Places::new(&canary(), "old").failing("production verify");
    let run = places.push();
    assert_eq!(results(&run), [Success, Success, Skipped, Success, Failure, Success], "{run}");
    places.is_new("staging", places.repository.commit());
    places.is_as_before("production");
    // What was mended is deployed by the next run.
    let places = places.failing("");
    let run = places.push();
    assert_eq!(results(&run), ALL_GOOD, "{run}");
    places.is_new("production", places.repository.commit());
}

#[test]
fn where_it_is_not_known_what_runs_nothing_is_done() {
    let places = Places::new(&canary(), "old").failing("staging current");
    let run = places.push();
    assert_eq!(results(&run), [Failure, Skipped, Skipped, Skipped, Skipped, Skipped], "{run}");
    assert_eq!(places.deeds("staging"), "");
    places.is_as_before("staging");
}

#[test]
fn a_first_deployment_that_fails_gets_no_traffic() {
    let places = Places::new(&canary(), "").failing("staging analyse 10");
    let run = places.push();
    assert_eq!(results(&run)[..4], [Failure, Skipped, Success, Skipped], "{run}");
    assert_eq!(places.deeds("staging"), "migrate, stage, shift 10, shift 0, rolled_back");
    assert_eq!(places.runs("staging"), (String::new(), Some("0".to_owned())));
}

#[test]
fn a_gate_that_fails_and_a_change_that_is_not_accepted_deploy_nothing() {
    let places = Places::new(&rolling(), "old");
    let run = places.repository.run(&Event::pull_request("main", places.repository.before()));
    assert_eq!((run.result("gate"), results(&run)), (Success, [Skipped; 6]), "{run}");
    let repository = places.repository.committed(&[("ci/test", "exit 1")]);
    let places = Places { repository, ..places };
    let run = places.push();
    assert_eq!((run.result("gate"), results(&run)), (Failure, [Skipped; 6]), "{run}");
    assert_eq!(PLACES.map(|it| places.deeds(it)), ["", ""]);
}

#[test]
fn the_image_that_was_built_goes_to_each_place_by_its_digest_and_so_does_an_earlier_one() {
    let mut said = deployed(&canary());
    said["images"] = shop()["images"].clone();
    said["deployments"]["app"]["image"] = json!("app");
    let Shop { repository, registry } = Shop::new(&said, &[]);
    let places = Places::of(repository, "");
    let first = places.push();
    let earlier = first.jobs["publish-app"].outputs["digest"].clone();
    let image =
        |run: &Run| format!("{REGISTRY}/acme/shop@{}", run.jobs["publish-app"].outputs["digest"]);
    assert_eq!(results(&first), ALL_GOOD, "{first}");
    PLACES.iter().for_each(|it| places.is_new(it, &image(&first)));
    assert_eq!(registry.manifest(&image(&first)).map(|it| digest(&it)), Some(earlier.clone()));
    let repository = places.repository.committed(&[("app.txt", "new")]);
    let places = Places { repository, ..places }.failing("production verify");
    let second = places.push();
    assert_eq!(results(&second)[3..], [Success, Failure, Success], "{second}");
    assert_ne!(image(&second), image(&first));
    places.is_new("staging", &image(&second));
    places.is_new("production", &image(&first));
    let places = places.failing("");
    let run = places.repository.run(&Event::dispatch("main", &[("app_digest", &earlier)]));
    assert_eq!((run.result("image-app"), results(&run)), (Skipped, ALL_GOOD), "{run}");
    PLACES.iter().for_each(|it| places.is_new(it, &image(&first)));
    // One that is too large is deployed nowhere.
    let large: String = incompressible(120_000).iter().map(|it| char::from(it % 94 + 33)).collect();
    let repository = places.repository.committed(&[("app.bin", &large)]);
    let run = repository.run(&repository.push("main"));
    assert_eq!((run.result("image-app"), results(&run)), (Failure, [Skipped; 6]), "{run}");
}

#[test]
fn a_run_that_is_cancelled_takes_back_what_it_began() {
    disturbed(Disturbance::Cancelled);
}

#[test]
fn a_job_that_takes_too_long_is_taken_back_and_what_it_deployed_goes_no_further() {
    disturbed(Disturbance::TooSlow);
}

/// Disturbs a deployment at several of its deeds, which must be taken back.
fn disturbed(by: Disturbance) {
    let cases = [
        (rolling(), "deploy", "migrate, deploy"),
        (rolling(), "verify", "migrate, deploy, verify"),
        (blue_green(), "stage", "migrate, stage"),
        (canary(), "shift 10", "migrate, stage, shift 10"),
        (feature_flag(), "analyse 10", "migrate, deploy, verify, enable 10, analyse 10, disable"),
    ];
    // Each waits for as long as a runner does, until it ends a script that is busy with another one.
    thread::scope(|scope| {
        for (strategy, deed, deeds) in &cases {
            scope.spawn(move || {
                let job = match *deed {
                    "verify" | "analyse 10" => "verify-app-in-staging",
                    _ => "deploy-app-to-staging",
                };
                let places = Places::new(strategy, "old");
                let (places, run) = places.disturbed(by, job, &format!("staging {deed}"));
                assert_eq!(run.result(job), Cancelled, "{run}");
                assert_eq!(results(&run)[2..], [Success, Skipped, Skipped, Skipped], "{run}");
                assert_eq!(places.deeds("staging"), format!("{deeds}, rollback, rolled_back"));
                assert_eq!(places.deeds("production"), "", "{run}");
                PLACES.iter().for_each(|it| places.is_as_before(it));
            });
        }
    });
}
