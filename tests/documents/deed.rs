//! One deed of the local target in a process of its own, which can be killed, refused its calls or
//! run as another user.
//!
//! `deed apply ROOT ADDRESS TEXT` is what a plan and its apply do: what is not there is created, and
//! what says something else is changed. `deed create` expects nothing, `deed remove ROOT ADDRESS
//! FOLDERS` takes the folders, parted by commas, with it. `deed bare ROOT ADDRESS TEXT` writes as a
//! program does that takes no care. Prints what it made, or what is refused with the cure.
#![expect(clippy::print_stdout, reason = "what it prints is all that the test sees")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use stanchion_cty::Problem;
use terraform_provider_stanchion::target::{Expected, Local, Target};

/// Asked for before the deed begins, so that a trace shows where that is.
const BEGIN: &str = "/the/deed/begins";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [deed, root, address, rest] = &arguments[..] else { return ExitCode::from(2) };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else {
        return ExitCode::from(2);
    };
    let done = match deed.as_str() {
        "bare" => bare(&Path::new(root).join(address), rest),
        deed => runtime.block_on(done(deed, root, address, rest)),
    };
    match done {
        Ok(made) => println!("done {made}"),
        Err(problem) => println!("refused: {problem}"),
    }
    ExitCode::SUCCESS
}

async fn done(deed: &str, root: &str, address: &str, rest: &str) -> Result<String, Problem> {
    let target = Local::at(PathBuf::from(root))?;
    let _not_there = fs::metadata(BEGIN);
    if deed == "create" {
        let written = target.write(address, Expected::Nothing, rest).await?;
        return Ok(written.folders.join(","));
    }
    let found = target.read(address).await?;
    let seen = found.as_ref().map(stanchion_model::Found::sha256);
    if deed == "remove" {
        let folders: Vec<String> = rest.split(',').map(str::to_owned).collect();
        target.remove(address, &seen.unwrap_or_default(), &folders).await?;
        return Ok(String::new());
    }
    let expected = seen.as_deref().map_or(Expected::Nothing, Expected::Digest);
    if found.as_ref().is_some_and(|it| it.text == rest) {
        return Ok("nothing".to_owned());
    }
    let written = target.write(address, expected, rest).await?;
    Ok(written.folders.join(","))
}

fn bare(file: &Path, text: &str) -> Result<String, Problem> {
    let _not_there = fs::metadata(BEGIN);
    let folder = file.parent().unwrap_or(file);
    let done = fs::create_dir_all(folder).and_then(|()| fs::write(file, text));
    done.map(|()| String::new())
        .map_err(|error| Problem::error(stanchion_cty::Path::root(), error.to_string()))
}
