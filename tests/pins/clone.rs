//! What a clone of an action's repository tells.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, parse};

use crate::catalogue::Release;

/// A clone, and the folder in it where the action is.
pub(crate) struct Clone {
    repository: PathBuf,
    folder: String,
}

/// The clones in a folder that have an action at their top, as `owner/name`.
pub(crate) fn actions(clones: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for owner in clones.read_dir()? {
        let owner = owner?;
        if !owner.file_type()?.is_dir() {
            continue;
        }
        for name in owner.path().read_dir()? {
            let name = name?;
            let is_action =
                ["action.yml", "action.yaml"].iter().any(|it| name.path().join(it).is_file());
            if is_action {
                let [owner, name] = [owner.file_name(), name.file_name()];
                found.push(format!("{}/{}", owner.to_string_lossy(), name.to_string_lossy()));
            }
        }
    }
    Ok(found)
}

impl Clone {
    /// The clone of an action, if it is there.
    pub(crate) fn of(clones: &Path, action: &str) -> Option<Self> {
        let mut parts = action.splitn(3, '/');
        let repository = clones.join(parts.next()?).join(parts.next()?);
        let folder = parts.next().map(|it| format!("{it}/")).unwrap_or_default();
        repository.is_dir().then_some(Self { repository, folder })
    }

    /// The newest release, and the newest of the nearest lower major version.
    pub(crate) fn releases(&self) -> Result<Vec<Release>, String> {
        let mut tags: Vec<_> = self
            .git(&["tag", "--list"])?
            .lines()
            .filter_map(|it| Some((version(it)?, it.to_owned())))
            .collect();
        tags.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let mut found: Vec<(u64, Release)> = Vec::new();
        for ((major, _, _), tag) in tags {
            if found.len() < 2
                && found.iter().all(|(it, _)| *it != major)
                && let Some(release) = self.release(&tag)?
            {
                found.push((major, release));
            }
        }
        Ok(found.into_iter().map(|(_, it)| it).collect())
    }

    /// That a tag names another commit than it is said to.
    pub(crate) fn moved(&self, action: &str, release: &Release) -> Result<Option<String>, String> {
        let Release { tag, sha, .. } = release;
        let commit = self.git(&["rev-parse", "--verify", "--quiet", &format!("{tag}^{{commit}}")]);
        Ok(match commit {
            Ok(commit) if commit.trim() == sha => None,
            Ok(commit) => {
                let commit = commit.trim();
                Some(format!(
                    "{action} {tag} was moved from {sha} to {commit}: find out why before you use it"
                ))
            }
            Err(_) => Some(format!("{action} {tag} is no longer there")),
        })
    }

    fn release(&self, tag: &str) -> Result<Option<Release>, String> {
        let read = |name: &str| self.git(&["show", &format!("{tag}:{}{name}", self.folder)]);
        let Ok(text) = read("action.yml").or_else(|_| read("action.yaml")) else { return Ok(None) };
        let node =
            parse(&text, Dialect::Core).map_err(|it| format!("{tag} of its action.yml: {it}"))?;
        let runs = node.get("runs").and_then(|it| it.get("using")).and_then(Node::as_str);
        let commit = format!("{tag}^{{commit}}");
        Ok(Some(Release {
            tag: tag.to_owned(),
            sha: self.git(&["rev-parse", &commit])?.trim().to_owned(),
            date: self
                .git(&["show", "-s", "--format=%cd", "--date=format-local:%Y-%m-%d", &commit])?
                .trim()
                .to_owned(),
            runs: runs.unwrap_or_default().to_owned(),
            inputs: inputs(node.get("inputs")),
        }))
    }

    fn git(&self, words: &[&str]) -> Result<String, String> {
        let mut git = Command::new("git");
        let output = git.args(words).current_dir(&self.repository).env("TZ", "UTC").output();
        let output = output.map_err(|it| format!("git does not start: {it}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{}: git {}: {said}", self.repository.display(), words.join(" ")));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The version that a tag names, if it is a stable one.
fn version(tag: &str) -> Option<(u64, u64, u64)> {
    let mut numbers = tag.strip_prefix('v').unwrap_or(tag).split('.').map(str::parse);
    let version = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    numbers.next().is_none().then_some(version)
}

/// The inputs that an action's file, or the catalogue, declares.
pub(crate) fn inputs(node: Option<&Node>) -> Vec<(String, bool, Option<String>)> {
    let scalar = |node: &Node| match &node.data {
        Data::String(it) => Some(it.to_string()),
        Data::Bool(it) => Some(it.to_string()),
        Data::Number { text, .. } => Some(text.to_string()),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Tagged { .. } => None,
    };
    let entries = node.map(Node::entries).unwrap_or_default().iter();
    let input = entries.map(|it| {
        let required = it.value.get("required").and_then(scalar);
        let default = it.value.get("default").and_then(scalar);
        (it.key.to_string(), required.as_deref() == Some("true"), default)
    });
    input.collect()
}
