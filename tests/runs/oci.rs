//! Images of containers and a registry for them, all real: `umoci` makes the images, `docker-registry`
//! holds them, and `skopeo` goes between.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::repository::write_program;

/// What stands for the registry in the names of images, as if it were GitHub's own.
pub(crate) const REGISTRY: &str = "ghcr.io";

/// A registry on loopback, which ends with the test.
pub(crate) struct Registry {
    folder: TempDir,
    address: String,
    child: Child,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let config = json!({
            "version": 0.1,
            "log": {"level": "info"},
            "storage": {"filesystem": {"rootdirectory": data}},
            "http": {"addr": "127.0.0.1:0"},
        });
        let file = folder.path().join("config.yml");
        fs::write(&file, config.to_string()).unwrap();
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&file).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = lines.by_ref().map(|it| it.unwrap()).find(|it| it.contains("listening on "));
        let told = told.unwrap_or_else(|| panic!("the registry does not start"));
        let (_, after) = told.split_once("listening on ").unwrap();
        let address: String =
            after.chars().take_while(|it| it.is_ascii_digit() || ".:".contains(*it)).collect();
        // What it says later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let known = format!("[[registry]]\nlocation = \"{REGISTRY}\"\ninsecure = true\n");
        fs::write(folder.path().join("registries.conf"), known).unwrap();
        let registry = Self { folder, address, child };
        fs::create_dir(registry.programs()).unwrap();
        write_program(&registry.programs().join("skopeo"), &registry.skopeo());
        registry
    }

    /// A folder with a `skopeo`, the real one, which finds this registry under the name of the other.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// A file beside the registry, which outlives all runs of a test.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a program is that calls the real skopeo with this registry. It takes the registry for a
    /// proxy: a registry answers by the path of a request, whatever host it is for.
    pub(crate) fn skopeo(&self) -> String {
        let config = self.folder.path().join("registries.conf");
        let real = path_of("skopeo");
        let proxy = format!("export http_proxy=http://{0} https_proxy=http://{0}", self.address);
        let (real, config) = (real.display(), config.display());
        format!("{proxy}\nexec {real} --registries-conf {config} \"$@\"")
    }

    /// The manifest that the registry has of an image, to the letter.
    pub(crate) fn manifest(&self, image: &str) -> Option<String> {
        let mut skopeo = Command::new(self.programs().join("skopeo"));
        let output =
            skopeo.args(["inspect", "--raw", &format!("docker://{image}")]).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A layout of images, which becomes an archive.
pub(crate) struct Layout {
    folder: TempDir,
}

impl Layout {
    pub(crate) fn new() -> Self {
        let layout = Self { folder: tempfile::tempdir().unwrap() };
        layout.umoci(&["init", "--layout", &layout.path("layout")]);
        layout
    }

    /// With one more image: for Linux on an architecture, and with one layer of so many bytes that
    /// can't be compressed.
    pub(crate) fn with(self, architecture: &str, bytes: usize) -> Self {
        let content = self.path("content");
        fs::write(&content, incompressible(bytes)).unwrap();
        self.with_layer(architecture, &content)
    }

    /// With one more image, whose layer has the files of a folder, but for hidden ones.
    pub(crate) fn with_files(self, architecture: &str, folder: &Path) -> Self {
        let content = self.path("content");
        fs::create_dir_all(&content).unwrap();
        for it in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if !it.file_name().to_string_lossy().starts_with('.') {
                succeeds(Command::new("cp").arg("-r").arg(it.path()).arg(&content));
            }
        }
        self.with_layer(architecture, &content)
    }

    fn with_layer(self, architecture: &str, content: &str) -> Self {
        let image = format!("{}:{architecture}", self.path("layout"));
        self.umoci(&["new", "--image", &image]);
        self.umoci(&["insert", "--rootless", "--image", &image, content, "/content"]);
        self.umoci(&["config", "--image", &image, "--os", "linux", "--architecture", architecture]);
        self.umoci(&["gc", "--layout", &self.path("layout")]);
        self
    }

    /// With one image for several platforms in place of several images, and what BuildKit attests of
    /// them, which is of no platform.
    pub(crate) fn into_one(self) -> Self {
        let mut manifests = self.manifests();
        for it in &mut manifests {
            let architecture = it["annotations"]["org.opencontainers.image.ref.name"].take();
            it["platform"] = json!({"os": "linux", "architecture": architecture});
            it.as_object_mut().unwrap().remove("annotations");
        }
        let nothing = json!({"architecture": "unknown", "os": "unknown", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}});
        let config = self.blob("application/vnd.oci.image.config.v1+json", &nothing);
        let layer = self.blob("application/vnd.in-toto+json", &json!({"predicateType": "a"}));
        let manifest = "application/vnd.oci.image.manifest.v1+json";
        let attestation =
            json!({"schemaVersion": 2, "mediaType": manifest, "config": config, "layers": [layer]});
        let mut attestation = self.blob(manifest, &attestation);
        attestation["platform"] = json!({"os": "unknown", "architecture": "unknown"});
        attestation["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
        manifests.push(attestation);
        let index = "application/vnd.oci.image.index.v1+json";
        let whole = json!({"schemaVersion": 2, "mediaType": index, "manifests": manifests});
        let whole = self.blob(index, &whole);
        self.set_manifests(&[whole]);
        self
    }

    /// What the layout lists.
    pub(crate) fn manifests(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.folder().join("index.json")).unwrap();
        let index: Value = serde_json::from_str(&text).unwrap();
        index["manifests"].as_array().unwrap().clone()
    }

    pub(crate) fn set_manifests(&self, manifests: &[Value]) {
        let index = json!({"schemaVersion": 2, "manifests": manifests});
        fs::write(self.folder().join("index.json"), index.to_string()).unwrap();
    }

    /// Writes a blob, and returns what refers to it.
    pub(crate) fn blob(&self, media_type: &str, content: &Value) -> Value {
        let content = content.to_string();
        let digest = digest(&content);
        fs::write(self.file(&digest), &content).unwrap();
        json!({"mediaType": media_type, "digest": digest, "size": content.len()})
    }

    /// The file of a blob.
    pub(crate) fn file(&self, digest: &str) -> PathBuf {
        self.folder().join("blobs/sha256").join(digest.trim_start_matches("sha256:"))
    }

    /// Reads a blob of JSON.
    pub(crate) fn json(&self, descriptor: &Value) -> Value {
        let file = self.file(descriptor["digest"].as_str().unwrap());
        serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
    }

    /// Where the layout lies.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("layout")
    }

    /// Packs the layout into an archive.
    pub(crate) fn pack(&self, archive: &Path) {
        let mut tar = Command::new("tar");
        succeeds(tar.arg("-cf").arg(archive).arg("-C").arg(self.folder()).arg("."));
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn umoci(&self, words: &[&str]) {
        succeeds(Command::new("umoci").args(words));
    }
}

/// So many bytes that no compression makes fewer, and always the same ones.
pub(crate) fn incompressible(bytes: usize) -> Vec<u8> {
    let next = |seed: &mut u64, _| {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some((*seed >> 33) as u8)
    };
    (0..bytes).scan(bytes as u64 | 1, next).collect()
}

/// The digest of a text, as registries write it.
pub(crate) fn digest(text: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let output = Command::new("sha256sum").arg(file.path()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    format!("sha256:{}", said.split_whitespace().next().unwrap())
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
}

/// Where a program lies on the PATH.
fn path_of(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|it| it.join(program)).find(|it| it.is_file());
    found.unwrap_or_else(|| panic!("{program} is missing: apt install {program}"))
}
