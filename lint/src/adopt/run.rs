//! Runs the other linter, which is to be replaced.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Why it did not run.
#[derive(Debug)]
pub(crate) enum DidNotRun {
    /// There is no such program on the path.
    NotThere,
    /// It ended otherwise than with a report: what it said last.
    Failed(String),
}

/// What checkov writes of Terraform's files at these paths, as JSON.
///
/// # Errors
/// If it is not on the path, or wrote no report.
pub(crate) fn run(paths: &[PathBuf]) -> Result<String, DidNotRun> {
    let mut command = Command::new("checkov");
    command.args(["--framework", "terraform", "--output", "json", "--quiet", "--compact"]);
    // Without asking anybody over the network.
    command.arg("--skip-download");
    for path in paths {
        let option = if path.is_file() { "--file" } else { "--directory" };
        command.args([OsStr::new(option), path.as_os_str()]);
    }
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(DidNotRun::NotThere),
        Err(error) => return Err(DidNotRun::Failed(error.to_string())),
    };
    let failed = |text: &[u8]| {
        let said = String::from_utf8_lossy(text);
        let last = said.lines().rev().find(|it| !it.trim().is_empty());
        DidNotRun::Failed(last.unwrap_or("it said nothing").trim().to_owned())
    };
    // 1 means that it found something.
    if !matches!(output.status.code(), Some(0 | 1)) || output.stdout.is_empty() {
        return Err(failed(&output.stderr));
    }
    String::from_utf8(output.stdout).map_err(|it| DidNotRun::Failed(it.to_string()))
}
