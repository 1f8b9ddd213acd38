//! Checks the catalogue of actions against clones of their repositories, and extends it.
//!
//! Usage: `pins CATALOGUE CLONES [--update]`, where a clone of `owner/name` with its tags is in
//! `CLONES/owner/name`. Says what differs and exits 1; with `--update` it writes the catalogue anew.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

mod catalogue;
mod clone;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalogue::{Catalogue, Release};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (paths, update) = match arguments.as_slice() {
        [catalogue, clones] => ([catalogue, clones], false),
        [catalogue, clones, flag] if flag == "--update" => ([catalogue, clones], true),
        _ => {
            eprintln!("usage: pins CATALOGUE CLONES [--update]");
            return ExitCode::from(2);
        }
    };
    match run(&PathBuf::from(paths[0]), &PathBuf::from(paths[1]), update) {
        Ok(differences) => {
            differences.iter().for_each(|it| println!("{it}"));
            let is_good = differences.is_empty() || update;
            if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// What differs between a catalogue and the clones, one sentence each; with `update` it is written
/// into the catalogue.
fn run(path: &Path, clones: &Path, update: bool) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(path).map_err(|it| format!("{}: {it}", path.display()))?;
    let mut catalogue = Catalogue::parse(&text)?;
    let mut actions: BTreeSet<String> = catalogue.actions.keys().cloned().collect();
    actions.extend(clone::actions(clones).map_err(|it| format!("{}: {it}", clones.display()))?);
    let mut differences = Vec::new();
    for action in actions {
        let Some(clone) = clone::Clone::of(clones, &action) else { continue };
        let found = clone.releases()?;
        if found.is_empty() {
            differences.push(format!("{action} has no release with a version and an action.yml"));
            continue;
        }
        let listed = catalogue.actions.get(&action).cloned().unwrap_or_default();
        for release in &listed {
            differences.extend(clone.moved(&action, release)?);
        }
        differences.extend(difference(&action, &listed, &found));
        catalogue.actions.insert(action, found);
    }
    if update {
        fs::write(path, catalogue.text()).map_err(|it| format!("{}: {it}", path.display()))?;
    }
    Ok(differences)
}

fn difference(action: &str, listed: &[Release], found: &[Release]) -> Option<String> {
    let tags = |all: &[Release]| all.iter().map(|it| it.tag.clone()).collect::<Vec<_>>().join(", ");
    if listed.is_empty() {
        return Some(format!("{action} is new: {}", tags(found)));
    }
    if tags(listed) != tags(found) {
        return Some(format!("{action} has {}, and {} are listed", tags(found), tags(listed)));
    }
    let changed = listed.iter().zip(found).find(|(a, b)| a.sha == b.sha && a != b);
    changed.map(|(it, _)| format!("{action} {} says something else of its inputs", it.tag))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, words: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(words);
        let date = "2026-01-02T03:04:05Z";
        git.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
        let output = git.current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn release(folder: &Path, tag: &str, input: &str) -> String {
        let text = format!(
            "name: a\ninputs:\n  {input}: {{required: true, default: 1.10}}\nruns: {{using: node24}}\n"
        );
        fs::write(folder.join("action.yml"), text).unwrap();
        git(folder, &["add", "."]);
        git(folder, &["commit", "-qm", tag, "--allow-empty"]);
        git(folder, &["tag", "-am", tag, tag]);
        git(folder, &["rev-parse", "HEAD"])
    }

    #[test]
    fn the_catalogue_is_written_as_it_is_read() {
        let path = stanchion_tests::repository().join("provider/model/data/action-pins.json");
        let text = fs::read_to_string(path).unwrap();
        let catalogue = Catalogue::parse(&text).unwrap();
        assert!(catalogue.actions.len() >= 53);
        assert_eq!(catalogue.text(), text);
    }

    #[test]
    fn a_clone_tells_its_releases_and_what_became_of_those_that_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, clones) = (folder.path().join("pins.json"), folder.path().join("clones"));
        fs::write(&path, Catalogue::default().text()).unwrap();
        let clone = clones.join("me/mine");
        fs::create_dir_all(&clone).unwrap();
        git(&clone, &["init", "-q"]);
        let old = release(&clone, "v1.9.0", "a");
        release(&clone, "v2.0.0-beta.1", "b");
        release(&clone, "v2", "b");
        let new = release(&clone, "v2.10.0", "c");
        git(&clone, &["tag", "v2.9.0", "HEAD~1"]);

        let told = run(&path, &clones, false).unwrap();
        assert_eq!(told, ["me/mine is new: v2.10.0, v1.9.0"]);
        run(&path, &clones, true).unwrap();
        assert_eq!(run(&path, &clones, false).unwrap(), [""; 0]);
        let written = fs::read_to_string(&path).unwrap();
        for line in [
            format!(r#""tag": "v2.10.0", "sha": "{new}", "date": "2026-01-02", "runs": "node24","#),
            r#""c": {"required": true, "default": "1.10"}"#.to_owned(),
            old.clone(),
        ] {
            assert!(written.contains(&line), "{line} is not in\n{written}");
        }

        git(&clone, &["tag", "-f", "v1.9.0", "HEAD"]);
        let told = run(&path, &clones, false).unwrap();
        let moved =
            format!("me/mine v1.9.0 was moved from {old} to {new}: find out why before you use it");
        assert_eq!(told, [moved]);
        let third = release(&clone, "v3.0.0", "d");
        assert_ne!(third, new);
        let told = run(&path, &clones, false).unwrap();
        assert_eq!(told[1], "me/mine has v3.0.0, v2.10.0, and v2.10.0, v1.9.0 are listed");
    }
}
