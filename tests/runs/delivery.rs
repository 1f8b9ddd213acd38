//! What is built and published by rendered pipelines, from a commit to the registry.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::event::Event;
use super::oci::{REGISTRY, Registry, digest, incompressible};
use super::rendering::{pipeline, rendered};
use super::repository::Repository;
use super::run::Outcome::{self, Failure, Skipped, Success};
use super::run::Run;
use super::scanners::{Known, cosign, grype, syft};

/// A pipeline with an image, which may have 100,000 bytes and no critical vulnerability.
pub(crate) fn shop() -> Value {
    json!({
        "name": "Shop",
        "triggers": {
            "push": {"branches": ["main"]}, "pull_request": {}, "merge_group": true, "dispatch": {},
        },
        "time_budget": "4h",
        "jobs": {"test": {"stage": "test", "run": "sh ci/test"}},
        "images": {"app": {"repository": "ghcr.io/acme/shop", "max_size": "100KB"}},
    })
}

/// A repository with a pipeline and what its runners need, and the registry that it pushes to.
pub(crate) struct Shop {
    pub(crate) repository: Repository,
    pub(crate) registry: Registry,
}

impl Shop {
    pub(crate) fn new(said: &Value, known: &[Known]) -> Self {
        let registry = Registry::start();
        let skopeo = registry.skopeo();
        let repository = Repository::new(&rendered(&pipeline(said)))
            .with_program("skopeo", &skopeo)
            .with_program("cosign", &cosign(&registry.path("signed")))
            .with_tool("syft", &syft(&["openssl"]))
            .with_tool("grype", &grype(known))
            .committed(&[("ci/test", "echo tested"), ("Dockerfile", "FROM scratch\nCOPY . /\n")]);
        Self { repository, registry }
    }

    pub(crate) fn committed(self, files: &[(&str, &str)]) -> Self {
        Self { repository: self.repository.committed(files), ..self }
    }

    fn without(self, file: &str) -> Self {
        Self { repository: self.repository.without(file), ..self }
    }

    pub(crate) fn run(&self, event: &Event) -> Run {
        self.repository.run(event)
    }

    pub(crate) fn push(&self) -> Run {
        self.run(&self.repository.push("main"))
    }

    /// The digest that the registry has under the tag of the last commit.
    pub(crate) fn published(&self) -> Option<String> {
        let image = format!("{REGISTRY}/acme/shop:sha-{}", self.repository.commit());
        self.registry.manifest(&image).map(|it| digest(&it))
    }

    fn signed(&self) -> String {
        fs::read_to_string(self.signatures()).unwrap_or_default()
    }

    fn signatures(&self) -> PathBuf {
        self.registry.path("signed")
    }
}

fn results(run: &Run) -> [Outcome; 4] {
    ["test", "image-app", "gate", "publish-app"].map(|it| run.result(it))
}

#[test]
fn an_image_that_is_good_is_published_as_it_was_measured_and_signed() {
    let shop = Shop::new(&shop(), &[("openssl", "CVE-2026-1", "high")]);
    let run = shop.push();
    assert_eq!(results(&run), [Success; 4], "{run}");
    let published = shop.published().unwrap();
    let image = format!("{REGISTRY}/acme/shop@{published}");
    assert_eq!(run.jobs["image-app"].outputs["digest"], published);
    assert_eq!(run.jobs["publish-app"].outputs["digest"], published);
    assert!(run.log("image-app").contains("bytes, and may have 100000\n"), "{run}");
    let attested = "attest --yes --type cyclonedx --predicate sbom.json";
    assert_eq!(shop.signed(), format!("sign --yes {image}\n{attested} {image}\n"));
    // The same commit once more, as when somebody runs the jobs again.
    let run = shop.push();
    assert_eq!(results(&run), [Success; 4], "{run}");
    assert_eq!(shop.published().unwrap(), run.jobs["image-app"].outputs["digest"]);
}

#[test]
fn an_image_that_is_too_large_or_has_a_critical_vulnerability_or_fails_to_build_stops_the_gate() {
    let large: String = incompressible(120_000).iter().map(|it| char::from(it % 94 + 33)).collect();
    let large = [("app.bin", large.as_str())];
    let critical = [("openssl", "CVE-2026-1", "critical")];
    for (files, known, said) in [
        (&large[..], &[][..], "::error::the image for linux/amd64 has "),
        (
            &[],
            &critical,
            "::error::the image has 1 critical vulnerabilities, and may have 0: CVE-2026-1",
        ),
        (&[], &[], "::error::failed to read "),
    ] {
        let mut shop = Shop::new(&shop(), known).committed(files);
        if said.contains("read") {
            shop = shop.without("Dockerfile");
        }
        let run = shop.push();
        assert_eq!(results(&run), [Success, Failure, Failure, Skipped], "{run}");
        assert!(run.log("image-app").contains(said), "{run}");
        assert_eq!((shop.published(), shop.signed()), (None, String::new()));
    }
}

#[test]
fn an_image_is_not_published_where_a_test_fails_or_the_change_is_not_accepted_yet() {
    let shop = Shop::new(&shop(), &[]).committed(&[("ci/test", "exit 1")]);
    let run = shop.push();
    assert_eq!(results(&run), [Failure, Success, Failure, Skipped], "{run}");
    let shop = shop.committed(&[("ci/test", "true")]);
    let base = shop.repository.before().to_owned();
    for event in [Event::pull_request("main", &base), Event::merge_group("main", &base)] {
        let run = shop.run(&event);
        assert_eq!(results(&run), [Success, Success, Success, Skipped], "{run}");
    }
    assert_eq!((shop.published(), shop.signed()), (None, String::new()));
}

#[test]
fn an_earlier_image_takes_the_place_of_a_build() {
    let shop = Shop::new(&shop(), &[]);
    let earlier = shop.push().jobs["publish-app"].outputs["digest"].clone();
    let shop = shop.committed(&[("app.txt", "new")]);
    let run = shop.run(&Event::dispatch("main", &[("app_digest", &earlier)]));
    assert_eq!(results(&run), [Skipped, Skipped, Success, Success], "{run}");
    assert_eq!(run.jobs["publish-app"].outputs["digest"], earlier);
    assert_eq!(shop.published(), None);
    for wrong in ["latest", &digest("another")] {
        let run = shop.run(&Event::dispatch("main", &[("app_digest", wrong)]));
        assert_eq!(results(&run), [Skipped, Skipped, Success, Failure], "{run}");
        assert_eq!(run.jobs["publish-app"].outputs.get("digest"), None, "{run}");
    }
    let run = shop.run(&Event::dispatch("main", &[]));
    assert_eq!(results(&run), [Success; 4], "{run}");
    assert!(shop.published().is_some());
}

#[test]
fn an_image_that_no_change_concerns_is_neither_built_nor_published() {
    let mut said = shop();
    said["images"]["app"]["paths"] = json!(["app", "Dockerfile"]);
    let shop = Shop::new(&said, &[]).committed(&[("app/a.txt", "a")]);
    let run = shop.push();
    assert_eq!(results(&run), [Success; 4], "{run}");
    let shop = shop.committed(&[("docs/a.md", "a")]);
    let run = shop.push();
    assert_eq!(results(&run), [Success, Skipped, Success, Skipped], "{run}");
    assert_eq!(shop.published(), None);
}

#[test]
fn a_user_of_the_registry_who_is_a_secret_hides_no_image_from_those_who_deploy_it() {
    let mut said = shop();
    said["images"]["app"]["login"] = json!({
        "username_from": "secrets.REGISTRY_USER", "password_from": "secrets.REGISTRY_PASSWORD",
        "environment": "registry",
    });
    let Shop { repository, registry } = Shop::new(&said, &[]);
    let repository = repository.holding("registry", "REGISTRY_USER", "acme").holding(
        "registry",
        "REGISTRY_PASSWORD",
        "a word",
    );
    let run = repository.run(&repository.push("main"));
    assert_eq!(results(&run), [Success; 4], "{run}");
    let published = run.jobs["image-app"].outputs["digest"].clone();
    assert!(registry.manifest(&format!("{REGISTRY}/acme/shop@{published}")).is_some());
    assert_eq!(run.jobs["publish-app"].outputs["digest"], published, "{run}");
}
