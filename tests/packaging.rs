//! Where the linter runs: out of a wheel of PyPI, in pre-commit, in GitHub Actions and in GitLab, each
//! tried with the real program that reads it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, OnceLock, PoisonError};

use stanchion_tests::{program, repository};
use tempfile::TempDir;

#[path = "packaging/hook.rs"]
mod hook;
#[path = "packaging/wheel.rs"]
mod wheel;
#[path = "packaging/workflows.rs"]
mod workflows;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A folder with a wheel of the program that these tests are built with, packed once.
fn wheels() -> &'static Path {
    static WHEELS: OnceLock<TempDir> = OnceLock::new();
    let packed = || {
        let folder = tempfile::tempdir().unwrap();
        succeeds(&mut pack(&program("stanchion", "stanchion"), folder.path()));
        folder
    };
    WHEELS.get_or_init(packed).path()
}

/// The command that packs a program into a wheel in a folder.
fn pack(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(repository().join("packaging/pypi/pack.py"));
    command.arg(program).arg("--folder").arg(folder).env_remove("SOURCE_DATE_EPOCH");
    command
}

/// A program that `tests/parts/python-program` installs, which is asked once for each.
fn part(name: &'static str) -> PathBuf {
    static PARTS: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let installed = || {
        let mut command = Command::new(repository().join("tests/parts/python-program"));
        PathBuf::from(succeeds(command.arg(name)).trim_end())
    };
    let mut parts = PARTS.lock().unwrap_or_else(PoisonError::into_inner);
    parts.entry(name).or_insert_with(installed).clone()
}

/// What a command that must succeed prints on standard output.
#[track_caller]
fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// All that a command printed.
fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it)).concat()
}

/// Writes a file and the folders that it is in.
fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
