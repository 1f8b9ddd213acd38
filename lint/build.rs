//! Tells a release which commit it is of.
//!
//! Other builds are not told, as each commit would build them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=STANCHION_COMMIT");
    let given = env::var("STANCHION_COMMIT").ok().filter(|it| !it.is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|it| it == "release");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let commit = given.or_else(|| {
        let found = || packaged(&here).or_else(|| checked_out(&here));
        is_release.then(found).flatten()
    });
    let short = commit.as_deref().and_then(|it| it.get(..12).or(Some(it)));
    println!("cargo:rustc-env=STANCHION_COMMIT={}", short.unwrap_or("development"));
}

/// The commit that cargo notes in a package.
fn packaged(here: &Path) -> Option<String> {
    let text = fs::read_to_string(here.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// The commit that is checked out.
fn checked_out(here: &Path) -> Option<String> {
    let git = here.parent()?.join(".git");
    // In a work tree of its own, git's folder is elsewhere, and so are the branches.
    let own = match fs::read_to_string(&git) {
        Ok(text) => here.parent()?.join(text.trim().strip_prefix("gitdir: ")?),
        Err(_) => git,
    };
    let shared = match fs::read_to_string(own.join("commondir")) {
        Ok(text) => own.join(text.trim()),
        Err(_) => own.clone(),
    };
    let head = watched(&own.join("HEAD"))?;
    let Some(branch) = head.trim().strip_prefix("ref: ") else {
        return Some(head.trim().to_owned());
    };
    if let Some(commit) = watched(&shared.join(branch)) {
        return Some(commit.trim().to_owned());
    }
    let packed = watched(&shared.join("packed-refs"))?;
    let line = packed.lines().find(|it| it.ends_with(&format!(" {branch}")))?;
    line.split(' ').next().map(str::to_owned)
}

/// The text of a file that is asked for again when it changes.
fn watched(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    println!("cargo:rerun-if-changed={}", path.display());
    Some(text)
}
