//! A workspace with the provider for tests, and the folder in which its objects are.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stanchion_tests::{Provider, Terraform, Workspace, program};
use tempfile::TempDir;

/// A workspace and the objects that its provider makes.
pub(crate) struct Place {
    pub(crate) workspace: Workspace,
    root: TempDir,
}

/// The provider for tests.
pub(crate) fn trial() -> Provider {
    let name = "terraform-provider-trial";
    // Cargo tells a test where the program is; anyone else has it built.
    let path = option_env!("CARGO_BIN_EXE_terraform-provider-trial");
    Provider::new(
        "stanchion/trial",
        path.map_or_else(|| program("stanchion-tests", name), PathBuf::from),
    )
}

/// A text of configuration with the block that requires the provider.
pub(crate) fn with_trial(configuration: &str) -> String {
    format!("{}{configuration}\n", trial().required())
}

/// The oldest and the newest Terraform.
pub(crate) fn both() -> [Terraform; 2] {
    [Terraform::oldest(), Terraform::newest()]
}

impl Place {
    pub(crate) fn new(terraform: &Terraform) -> Self {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(terraform).with_override(&trial());
        let workspace = workspace.with_env("TRIAL_ROOT", root.path());
        Self { workspace, root }
    }

    pub(crate) fn with_env(self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        Self { workspace: self.workspace.with_env(name, value), root: self.root }
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// An object as it is, if it is.
    pub(crate) fn object(&self, kind: &str, name: &str) -> Option<Value> {
        let text = fs::read_to_string(self.file(kind, name)).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }

    /// Makes an object behind Terraform's back, or another one of it.
    pub(crate) fn put(&self, kind: &str, name: &str, object: &str) {
        fs::create_dir_all(self.root().join(kind)).unwrap();
        fs::write(self.file(kind, name), object).unwrap();
    }

    /// Changes an attribute of an object behind Terraform's back.
    pub(crate) fn change(&self, kind: &str, name: &str, attribute: &str, value: impl Into<Value>) {
        let mut object = self.object(kind, name).unwrap();
        object[attribute] = value.into();
        fs::write(self.file(kind, name), object.to_string()).unwrap();
    }

    /// Removes an object behind Terraform's back.
    pub(crate) fn remove(&self, kind: &str, name: &str) {
        fs::remove_file(self.file(kind, name)).unwrap();
    }

    /// Orders a deed to go wrong: `order("create.one", "error")`. Nothing takes the order back.
    pub(crate) fn order(&self, deed: &str, fault: &str) {
        let folder = self.root().join("faults");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(deed), fault).unwrap();
    }

    /// Takes back all that was ordered.
    pub(crate) fn forgive(&self) {
        fs::remove_dir_all(self.root().join("faults")).unwrap();
    }

    /// The deeds that were done, one a line, and forgets them.
    pub(crate) fn take_log(&self) -> Vec<String> {
        let file = self.root().join("log");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let _none = fs::remove_file(&file);
        text.lines().map(str::to_owned).collect()
    }

    /// A file below the root.
    pub(crate) fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.root().join(file)).ok()
    }

    fn file(&self, kind: &str, name: &str) -> PathBuf {
        self.root().join(format!("{kind}/{name}.json"))
    }
}
