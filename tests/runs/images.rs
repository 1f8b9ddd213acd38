//! The steps that measure, scan, publish and sign images, on real images and with a real registry.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use stanchion_tests::repository;
use tempfile::TempDir;

use super::oci::{Layout, REGISTRY, Registry, digest};
use super::repository::write_program;
use super::run::Outcome::{Failure, Success};
use super::scanners::{Known, cosign, grype, syft};
use super::script::{Ended, Script, assignments, run};

const MEASURE: &str = include_str!("../../provider/model/src/pipeline/image/measure.sh");
const SCAN: &str = include_str!("../../provider/model/src/pipeline/image/scan.sh");
const PUBLISH: &str = include_str!("../../provider/model/src/pipeline/image/publish.sh");
const SIGN: &str = include_str!("../../provider/model/src/pipeline/image/sign.sh");
const EARLIER: &str = include_str!("../../provider/model/src/pipeline/image/earlier.sh");

/// A runner with the folder of a job.
struct Runner {
    folder: TempDir,
    paths: Vec<PathBuf>,
}

impl Runner {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for it in ["checkout", "temp", "bin"] {
            fs::create_dir(folder.path().join(it)).unwrap();
        }
        let paths = vec![folder.path().join("bin")];
        Self { folder, paths }
    }

    fn with_registry(mut self, registry: &Registry) -> Self {
        self.paths.push(registry.programs());
        self
    }

    fn with_program(self, name: &str, script: &str) -> Self {
        write_program(&self.paths[0].join(name), script);
        self
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("checkout").join(name)
    }

    /// Runs a step, and tells how it ended and what it said to those after it.
    fn run(&self, script: &str, env: &[(&str, &str)]) -> (Ended, BTreeMap<String, String>) {
        let temp = self.folder.path().join("temp");
        let output = temp.join("output");
        fs::write(&output, "").unwrap();
        let mut all: BTreeMap<_, _> =
            env.iter().map(|(name, it)| (name.to_string(), it.to_string())).collect();
        let own = self.paths.iter().map(|it| it.display().to_string());
        let paths: Vec<_> = own.chain([std::env::var("PATH").unwrap()]).collect();
        all.insert("PATH".to_owned(), paths.join(":"));
        all.insert("HOME".to_owned(), temp.display().to_string());
        all.insert("XDG_RUNTIME_DIR".to_owned(), temp.display().to_string());
        all.insert("GITHUB_OUTPUT".to_owned(), output.display().to_string());
        let folder = self.file("");
        let script =
            Script { text: script, shell: Some("bash"), folder: &folder, env: &all, temp: &temp };
        let ended = run(&script, None);
        (ended, assignments(&output).unwrap().into_iter().collect())
    }

    fn measure(&self, max: &str, platform: &str) -> (Ended, BTreeMap<String, String>) {
        self.run(MEASURE, &[("ARCHIVE", "image.tar"), ("MAX_SIZE", max), ("PLATFORM", platform)])
    }

    fn publish(&self, tag: &str, digest: &str) -> (Ended, BTreeMap<String, String>) {
        let repository = format!("{REGISTRY}/acme/shop");
        self.run(
            PUBLISH,
            &[
                ("ARCHIVE", "image.tar"),
                ("REPOSITORY", &repository),
                ("DIGEST", digest),
                ("TAG", tag),
            ],
        )
    }
}

/// How many bytes are pulled for a manifest: what the sizes in it come to.
fn size(manifest: &Value) -> u64 {
    let layers = manifest["layers"].as_array().unwrap().iter();
    layers.chain([&manifest["config"]]).map(|it| it["size"].as_u64().unwrap()).sum()
}

#[test]
fn an_image_is_measured_and_stops_above_its_limit() {
    let runner = Runner::new();
    let layout = Layout::new().with("amd64", 40_000);
    layout.pack(&runner.file("image.tar"));
    let top = &layout.manifests()[0];
    let size = size(&layout.json(top));
    assert!((40_000..50_000).contains(&size), "{size}");
    for (max, outcome) in [(size, Success), (size - 1, Failure)] {
        let (ended, told) = runner.measure(&max.to_string(), "linux/amd64");
        assert_eq!(ended.outcome, outcome, "{}", ended.log);
        if outcome == Success {
            assert_eq!(told["size"], size.to_string());
            assert_eq!(json!(told["digest"]), top["digest"]);
        } else {
            let said =
                format!("::error::the image for linux/amd64 has {size} bytes, and may have {max}");
            assert!(ended.log.contains(&said), "{}", ended.log);
            assert_eq!(told, BTreeMap::new());
        }
    }
    let (ended, told) = runner.measure("", "linux/amd64");
    assert_eq!((ended.outcome, told["size"].clone()), (Success, size.to_string()));
    let (ended, _) = runner.measure("", "linux/arm64");
    assert_eq!(ended.outcome, Failure);
    assert!(ended.log.contains("::error::image.tar has no image for linux/arm64"), "{}", ended.log);
}

#[test]
fn of_an_image_for_several_platforms_the_one_is_measured_and_all_are_published() {
    let registry = Registry::start();
    let runner = Runner::new().with_registry(&registry);
    let layout = Layout::new().with("amd64", 20_000).with("arm64", 60_000);
    let sizes: Vec<_> = layout.manifests().iter().map(|it| size(&layout.json(it))).collect();
    let layout = layout.into_one();
    layout.pack(&runner.file("image.tar"));
    let top = layout.manifests()[0]["digest"].as_str().unwrap().to_owned();
    assert!(sizes[0] < 50_000 && sizes[1] > 50_000, "{sizes:?}");
    let (small, told) = runner.measure("50000", "linux/amd64");
    assert_eq!((small.outcome, &told["digest"]), (Success, &top), "{}", small.log);
    assert_eq!(told["size"], sizes[0].to_string());
    let (large, _) = runner.measure("50000", "linux/arm64");
    assert_eq!(large.outcome, Failure, "{}", large.log);
    assert!(large.log.contains(&format!("has {} bytes", sizes[1])), "{}", large.log);
    let (ended, told) = runner.publish("sha-1", &top);
    assert_eq!(ended.outcome, Success, "{}", ended.log);
    assert_eq!(told["image"], format!("{REGISTRY}/acme/shop@{top}"));
    let held = registry.manifest(&told["image"]).unwrap();
    assert_eq!(digest(&held), top);
    let held: Value = serde_json::from_str(&held).unwrap();
    for it in held["manifests"].as_array().unwrap() {
        let image = format!("{REGISTRY}/acme/shop@{}", it["digest"].as_str().unwrap());
        assert!(registry.manifest(&image).is_some(), "{it}");
    }
    assert_eq!(held["manifests"].as_array().unwrap().len(), 3);
}

#[test]
fn what_is_published_is_what_was_measured_and_nothing_else() {
    let registry = Registry::start();
    let runner = Runner::new().with_registry(&registry);
    Layout::new().with("amd64", 5_000).pack(&runner.file("image.tar"));
    let (_, measured) = runner.measure("", "linux/amd64");
    let image = format!("{REGISTRY}/acme/shop");
    assert_eq!(registry.manifest(&format!("{image}:sha-1")), None);
    for said in ["sha-1 is sha256:", "already"] {
        let (ended, told) = runner.publish("sha-1", &measured["digest"]);
        assert_eq!(ended.outcome, Success, "{}", ended.log);
        assert!(ended.log.contains(said), "{}", ended.log);
        assert_eq!(told["image"], format!("{image}@{}", measured["digest"]));
        let held = registry.manifest(&format!("{image}:sha-1")).unwrap();
        assert_eq!(digest(&held), measured["digest"]);
    }
    let other = digest("other");
    let (ended, told) = runner.publish("sha-2", &other);
    assert_eq!((ended.outcome, told), (Failure, BTreeMap::new()), "{}", ended.log);
    let said =
        format!("::error::{image}:sha-2 is {}, and {other} was measured", measured["digest"]);
    assert!(ended.log.contains(&said), "{}", ended.log);
}

/// Something done to a layout that makes it no image.
type Fault = fn(&Layout);

fn small() -> Layout {
    Layout::new().with("amd64", 5_000)
}

fn top(layout: &Layout) -> Value {
    layout.manifests()[0].clone()
}

/// The file of the only layer.
fn layer(layout: &Layout) -> PathBuf {
    layout.file(layout.json(&top(layout))["layers"][0]["digest"].as_str().unwrap())
}

/// Writes another manifest in place of the image's.
fn edited(layout: &Layout, edit: fn(&mut Value)) {
    let mut manifest = layout.json(&top(layout));
    edit(&mut manifest);
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    layout.set_manifests(&[layout.blob(media_type, &manifest)]);
}

#[test]
fn an_archive_that_is_no_whole_image_is_refused() {
    let faults: &[(Fault, &str)] = &[
        (|it| fs::remove_file(layer(it)).unwrap(), "is missing"),
        (|it| fs::write(layer(it), "short").unwrap(), "has not 5"),
        (|it| fs::remove_file(it.folder().join("index.json")).unwrap(), "it has no index"),
        (|it| fs::write(it.folder().join("index.json"), "{").unwrap(), "it has no index"),
        (|it| it.set_manifests(&[]), "image.tar has 0 images, and must have one"),
        (|it| it.set_manifests(&[top(it), top(it)]), "image.tar has 2 images, and must have one"),
        (|it| edited(it, |it| it["layers"] = Value::Null), "a manifest has no layers"),
        (
            |it| edited(it, |it| it["layers"][0]["digest"] = json!("sha256:../../index.json")),
            "a digest is sha256:../../index.json",
        ),
        (
            |it| {
                let file = it.file(top(it)["digest"].as_str().unwrap());
                let text = fs::read_to_string(&file).unwrap();
                fs::write(file, text.replace('{', " ")).unwrap();
            },
            "a manifest is no JSON",
        ),
    ];
    for (fault, said) in faults {
        let (runner, layout) = (Runner::new(), small());
        fault(&layout);
        layout.pack(&runner.file("image.tar"));
        let (ended, told) = runner.measure("", "linux/amd64");
        assert_eq!((ended.outcome, told), (Failure, BTreeMap::new()), "{said}: {}", ended.log);
        assert!(
            ended.log.contains("::error::") && ended.log.contains(said),
            "{said}: {}",
            ended.log
        );
        assert_eq!(ended.log.matches("::error::").count(), 1, "{}", ended.log);
    }
    let (runner, layout) = (Runner::new(), small().into_one());
    let inner = layout.json(&top(&layout))["manifests"][0]["digest"].as_str().unwrap().to_owned();
    fs::remove_file(layout.file(&inner)).unwrap();
    layout.pack(&runner.file("image.tar"));
    let (ended, _) = runner.measure("", "linux/amd64");
    let said = format!("::error::image.tar is no whole image: {inner} is missing\n");
    assert_eq!((ended.outcome, ended.log.as_str()), (Failure, said.as_str()));
    let runner = Runner::new();
    small().pack(&runner.file("image.tar"));
    let whole = fs::read(runner.file("image.tar")).unwrap();
    fs::write(runner.file("image.tar"), &whole[..whole.len() / 2]).unwrap();
    let (ended, _) = runner.measure("", "linux/amd64");
    assert!(
        ended.log.contains("::error::image.tar is no whole image: it can't be unpacked"),
        "{}",
        ended.log
    );
    assert_eq!(ended.outcome, Failure);
}

/// A runner that has a list of what is in an image, and knows these vulnerabilities.
fn scanning(packages: &[&str], known: &[Known]) -> Runner {
    let runner =
        Runner::new().with_program("syft", &syft(packages)).with_program("grype", &grype(known));
    Layout::new().with("amd64", 100).pack(&runner.file("image.tar"));
    let (listed, _) =
        runner.run("syft scan oci-archive:image.tar --output cyclonedx-json=sbom.json", &[]);
    assert_eq!(listed.outcome, Success, "{}", listed.log);
    runner
}

const KNOWN: [Known; 4] = [
    ("openssl", "CVE-2026-1", "critical"),
    ("libssl", "CVE-2026-1", "critical"),
    ("zlib", "CVE-2026-2", "critical"),
    ("bash", "CVE-2026-3", "high"),
];

#[test]
fn critical_vulnerabilities_above_the_limit_stop_an_image() {
    for (packages, max, outcome, said) in [
        (&["bash"][..], "0", Success, "critical vulnerabilities: 0, and 0 at most"),
        (
            &["openssl", "libssl"],
            "0",
            Failure,
            "has 1 critical vulnerabilities, and may have 0: CVE-2026-1",
        ),
        (&["openssl", "libssl"], "1", Success, "critical vulnerabilities: 1, and 1 at most"),
        (&["openssl", "zlib", "bash"], "1", Failure, "and may have 1: CVE-2026-1 CVE-2026-2"),
        (&["openssl", "zlib"], "2", Success, "critical: CVE-2026-2\n"),
        (&[], "0", Success, "critical vulnerabilities: 0"),
    ] {
        let runner = scanning(packages, &KNOWN);
        let (ended, _) =
            runner.run(SCAN, &[("GRYPE", "grype"), ("SBOM", "sbom.json"), ("MAX_CRITICAL", max)]);
        assert_eq!(ended.outcome, outcome, "{packages:?} {max}: {}", ended.log);
        assert!(ended.log.contains(said), "{packages:?} {max}: {}", ended.log);
        assert_eq!(ended.log.contains("::error::"), outcome == Failure, "{}", ended.log);
    }
    for broken in ["exit 1", "echo '{}' > \"$5\"", "echo no > \"$5\"", "true"] {
        let runner = scanning(&["bash"], &KNOWN).with_program("grype", broken);
        let (ended, _) =
            runner.run(SCAN, &[("GRYPE", "grype"), ("SBOM", "sbom.json"), ("MAX_CRITICAL", "9")]);
        assert_eq!(ended.outcome, Failure, "{broken}: {}", ended.log);
    }
}

#[test]
fn what_stands_for_the_scanners_writes_documents_that_cyclonedx_takes() {
    let runner = scanning(&["openssl", "bash"], &KNOWN);
    let (ended, _) =
        runner.run(SCAN, &[("GRYPE", "grype"), ("SBOM", "sbom.json"), ("MAX_CRITICAL", "9")]);
    assert_eq!(ended.outcome, Success, "{}", ended.log);
    let parts = repository().join("tests/parts");
    let part = |name: &str, words: &[&str]| {
        let output = Command::new(parts.join(name)).args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    let (checker, schema) = (part("python-program", &["check-jsonschema"]), part("cyclonedx", &[]));
    let (folder, _) = schema.rsplit_once('/').unwrap();
    let is_valid = |file: &str| {
        let mut check = Command::new(&checker);
        check.args(["--schemafile", &schema, "--base-uri", &format!("file://{folder}/")]);
        let output = check.arg(runner.file(file)).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for (file, fault) in [
        ("sbom.json", ("\"MIT\"", "\"No such license\"")),
        ("scan.json", ("\"high\"", "\"terrible\"")),
    ] {
        let (valid, told) = is_valid(file);
        assert!(valid, "{file}: {told}");
        let text = fs::read_to_string(runner.file(file)).unwrap();
        assert!(text.contains(fault.0), "{text}");
        fs::write(runner.file(file), text.replace(fault.0, fault.1)).unwrap();
        let (valid, told) = is_valid(file);
        assert!(!valid && told.contains(&fault.1.replace('"', "")), "{file}: {told}");
    }
}

#[test]
fn an_image_is_signed_by_its_digest_as_the_job_itself() {
    let runner = Runner::new();
    let log = runner.file("signed");
    let runner = runner.with_program("cosign", &cosign(&log));
    let image = format!("{REGISTRY}/acme/shop@{}", digest("a"));
    let (login, _) = runner.run(
        "mkdir \"$HOME/.docker\"; echo '{\"auths\": {\"ghcr.io\": {}}}' > \"$HOME/.docker/config.json\"",
        &[],
    );
    assert_eq!(login.outcome, Success, "{}", login.log);
    let token = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "a token");
    let sign = |image: &str, sbom: &str, token: (&str, &str)| {
        let _ = fs::remove_file(&log);
        let (ended, _) = runner.run(SIGN, &[("IMAGE", image), ("SBOM", sbom), token]);
        (ended.outcome, fs::read_to_string(&log).unwrap_or_default())
    };
    let signed = format!("sign --yes {image}\n");
    let attested = format!("attest --yes --type cyclonedx --predicate sbom.json {image}\n");
    assert_eq!(sign(&image, "sbom.json", token), (Success, signed.clone() + &attested));
    assert_eq!(sign(&image, "", token), (Success, signed));
    assert_eq!(sign(&format!("{REGISTRY}/acme/shop:latest"), "", token), (Failure, String::new()));
    assert_eq!(sign(&image, "", ("A", "a")), (Failure, String::new()));
}

#[test]
fn an_earlier_image_is_found_again_by_a_digest_that_is_one_and_that_the_registry_has() {
    let registry = Registry::start();
    let runner = Runner::new().with_registry(&registry);
    Layout::new().with("amd64", 500).pack(&runner.file("image.tar"));
    let (_, measured) = runner.measure("", "linux/amd64");
    let published = &measured["digest"];
    assert_eq!(runner.publish("sha-1", published).0.outcome, Success);
    let repository = format!("{REGISTRY}/acme/shop");
    let earlier =
        |digest: &str| runner.run(EARLIER, &[("REPOSITORY", &repository), ("DIGEST", digest)]);
    let (ended, told) = earlier(published);
    assert_eq!((ended.outcome, &told["image"]), (Success, &format!("{repository}@{published}")));
    let absent = digest("absent");
    let lines = format!("{published}\nimage=evil");
    for (digest, said) in [
        (absent.as_str(), format!("::error::{repository} has no image {absent}")),
        ("", "::error::a digest is sha256: and 64 digits".to_owned()),
        ("latest", "and this is: latest".to_owned()),
        (&published[..70], "::error::a digest is".to_owned()),
        (&lines, format!("and this is: {published} image=evil\n")),
    ] {
        let (ended, told) = earlier(digest);
        assert_eq!((ended.outcome, told), (Failure, BTreeMap::new()), "{}", ended.log);
        assert!(ended.log.contains(&said), "{}", ended.log);
    }
}
