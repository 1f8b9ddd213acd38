//! A workspace with the provider for tests, and the folder in which its objects are.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Provider, Terraform, Workspace, program};

/// A workspace and the objects that its provider makes.
#[derive(Debug)]
pub struct Place {
    /// Where Terraform runs.
    pub workspace: Workspace,
    root: TempDir,
}

/// The provider for tests.
pub fn trial() -> Provider {
    Provider::new("stanchion/trial", program("stanchion-tests", "terraform-provider-trial"))
}

/// A text of configuration with the block that requires the provider.
pub fn with_trial(configuration: &str) -> String {
    format!("{}{configuration}\n", trial().required())
}

/// The oldest and the newest Terraform.
pub fn both() -> [Terraform; 2] {
    [Terraform::oldest(), Terraform::newest()]
}

impl Place {
    /// An empty folder for a Terraform, and no objects.
    pub fn new(terraform: &Terraform) -> Self {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(terraform).with_override(&trial());
        let workspace = workspace.with_env("TRIAL_ROOT", root.path());
        Self { workspace, root }
    }

    /// Sets a variable in the environment of Terraform and so of the provider.
    #[must_use]
    pub fn with_env(self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        Self { workspace: self.workspace.with_env(name, value), root: self.root }
    }

    /// The folder in which the objects are.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// An object as it is, if it is.
    pub fn object(&self, kind: &str, name: &str) -> Option<Value> {
        let text = fs::read_to_string(self.file(kind, name)).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }

    /// The objects that there are, wherever below the root, as `trial_thing/one.json`.
    pub fn objects(&self) -> Vec<String> {
        let (mut folders, mut objects) = (vec![self.root().to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for file in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
                if file.is_dir() {
                    folders.push(file);
                } else if file.extension().is_some_and(|it| it == "json") {
                    objects.push(file.strip_prefix(self.root()).unwrap().display().to_string());
                }
            }
        }
        objects.sort();
        objects
    }

    /// Makes an object behind Terraform's back, or another one of it.
    pub fn put(&self, kind: &str, name: &str, object: &str) {
        fs::create_dir_all(self.root().join(kind)).unwrap();
        fs::write(self.file(kind, name), object).unwrap();
    }

    /// Changes an attribute of an object behind Terraform's back.
    pub fn change(&self, kind: &str, name: &str, attribute: &str, value: impl Into<Value>) {
        let mut object = self.object(kind, name).unwrap();
        object[attribute] = value.into();
        fs::write(self.file(kind, name), object.to_string()).unwrap();
    }

    /// Removes an object behind Terraform's back.
    pub fn remove(&self, kind: &str, name: &str) {
        fs::remove_file(self.file(kind, name)).unwrap();
    }

    /// Orders a deed to go wrong: `order("create.one", "error")`. Nothing takes the order back.
    pub fn order(&self, deed: &str, fault: &str) {
        let folder = self.root().join("faults");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(deed), fault).unwrap();
    }

    /// Takes back all that was ordered.
    pub fn forgive(&self) {
        fs::remove_dir_all(self.root().join("faults")).unwrap();
    }

    /// The deeds that were done, one a line, and forgets them.
    pub fn take_log(&self) -> Vec<String> {
        let file = self.root().join("log");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let _none = fs::remove_file(&file);
        text.lines().map(str::to_owned).collect()
    }

    /// A file below the root.
    pub fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.root().join(file)).ok()
    }

    fn file(&self, kind: &str, name: &str) -> PathBuf {
        self.root().join(format!("{kind}/{name}.json"))
    }
}
