//! A provider's executable, and the places where Terraform looks for one.

use std::env::consts;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::child::Running;
use crate::program;

/// A provider: the address that configurations name, and its executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    source: String,
    path: PathBuf,
}

impl Provider {
    /// A provider by its source (`stanchion/stanchion`) and executable, for one of this package:
    /// `Provider::new("stanchion/echo", env!("CARGO_BIN_EXE_terraform-provider-echo"))`.
    pub fn new(source: &str, path: impl Into<PathBuf>) -> Self {
        Self { source: source.to_owned(), path: path.into() }
    }

    /// Ours, built on first use.
    #[track_caller]
    pub fn stanchion() -> Self {
        let name = "terraform-provider-stanchion";
        Self::new("stanchion/stanchion", program(name, name))
    }

    /// Where it comes from: `stanchion/stanchion`.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The executable.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The `required_providers` block of a configuration that uses it.
    pub fn required(&self) -> String {
        let (name, source) = (self.kind(), &self.source);
        format!(
            "terraform {{\n  required_providers {{\n    {name} = {{ source = \"{source}\" }}\n  }}\n}}\n"
        )
    }

    /// The last part of the source, by which resources are named: `stanchion`.
    pub fn kind(&self) -> &str {
        self.source.rsplit('/').next().unwrap_or_default()
    }

    /// A folder for `dev_overrides` with nothing but the executable.
    #[track_caller]
    pub(crate) fn place_override(&self, folder: &Path) -> PathBuf {
        let folder = folder.join(self.kind());
        make(&folder);
        let link = folder.join(self.file_name());
        if let Err(error) = symlink(&self.path, &link) {
            panic!("{}: {error}", link.display());
        }
        folder
    }

    /// The unpacked layout of a filesystem mirror, below a host: `NAMESPACE/TYPE/VERSION/OS_ARCH/NAME`.
    #[track_caller]
    pub(crate) fn place_unpacked(&self, host: &Path, version: &str) {
        let folder = host.join(&self.source).join(version).join(platform());
        make(&folder);
        let file = folder.join(format!("{}_v{version}", self.file_name()));
        // A link costs nothing; a copy works across file systems.
        let placed =
            fs::hard_link(&self.path, &file).or_else(|_| fs::copy(&self.path, &file).map(drop));
        if let Err(error) = placed {
            panic!("{}: {error}", file.display());
        }
    }

    /// The packed layout of a filesystem mirror, below a host: `NAMESPACE/TYPE/NAME_VERSION_OS_ARCH.zip`.
    #[track_caller]
    pub(crate) fn place_packed(&self, host: &Path, version: &str) {
        let folder = host.join(&self.source);
        make(&folder);
        let archive = folder.join(format!("{}_{version}_{}.zip", self.file_name(), platform()));
        let mut zip = Command::new("python3");
        zip.args(["-m", "zipfile", "-c"]).arg(archive).arg(&self.path);
        Running::start(zip, "", Duration::from_secs(60)).finish().success();
    }

    fn file_name(&self) -> String {
        format!("terraform-provider-{}", self.kind())
    }
}

#[track_caller]
pub(crate) fn make(folder: &Path) {
    if let Err(error) = fs::create_dir_all(folder) {
        panic!("{}: {error}", folder.display());
    }
}

/// The platform in Go's words: `linux_amd64`.
fn platform() -> String {
    let system = if consts::OS == "macos" { "darwin" } else { consts::OS };
    let processor = match consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{processor}")
}
