//! Folders with configurations, and runs of the program in them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status.
    pub(crate) status: i32,
    /// What was asked for.
    pub(crate) out: String,
    /// Everything else.
    pub(crate) err: String,
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Runs the program in a folder, with an environment that is the same everywhere.
pub(crate) fn stanchion(folder: &Path, arguments: &[&str]) -> Run {
    stanchion_with(folder, arguments, &[])
}

/// Runs the program in a folder, with these variables in its environment beside.
pub(crate) fn stanchion_with(folder: &Path, arguments: &[&str], more: &[(&str, &str)]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_stanchion"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("COLUMNS", "100")
        .envs(more.iter().copied())
        .output()
        .unwrap();
    Run {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What `lint --format json` says about one file.
#[allow(dead_code, reason = "each test program uses its part of this module")]
pub(crate) fn lint(text: &str) -> Value {
    lint_all(&[("main.tf", text)])
}

/// What `lint --format json` says about files.
#[allow(dead_code, reason = "each test program uses its part of this module")]
pub(crate) fn lint_all(files: &[(&str, &str)]) -> Value {
    let folder = folder(files);
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    assert_eq!(run.err, "");
    serde_json::from_str(&run.out).unwrap()
}

/// How many facts passed a rule, failed it and are unknown to it.
#[allow(dead_code, reason = "each test program uses its part of this module")]
pub(crate) fn counts_of(document: &Value, rule: &str) -> (u64, u64, u64) {
    let rules = document["summary"]["rules"].as_array().unwrap();
    let count = rules.iter().find(|it| it["rule"] == rule).unwrap();
    let of = |name: &str| count[name].as_u64().unwrap();
    (of("passed"), of("failed"), of("unknown"))
}
