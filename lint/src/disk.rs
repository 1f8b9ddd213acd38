//! Reads configurations: the one place where the linter opens files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use stanchion_lang::Source;

/// A longer file is no configuration that a person wrote.
const LONGEST: u64 = 16 << 20;

/// What was found below the paths that a user names.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The configuration files, each once.
    pub(crate) sources: Vec<Source>,
    /// The files that were named themselves; if there are any, only they and what was named by
    /// folder are reported on.
    pub(crate) named: BTreeSet<String>,
    /// The folders that were named.
    pub(crate) folders: Vec<String>,
    /// Configuration files in a form that is not read yet.
    pub(crate) skipped: Vec<String>,
}

/// Reads all configuration files below the paths, leaving out what `.gitignore` names and what is
/// hidden. Of a path that is a file the whole folder is read, since files of a folder belong
/// together.
///
/// # Errors
/// If a path is not there.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Found, NoSuchPath> {
    let mut found = Found::default();
    let mut files = BTreeSet::new();
    for path in paths {
        let Ok(meta) = path.metadata() else { return Err(NoSuchPath(path.clone())) };
        if meta.is_dir() {
            found.folders.push(shown(path));
            files.extend(walk(path, None));
        } else {
            found.named.insert(shown(path));
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            files.insert(path.clone());
            files.extend(walk(folder.unwrap_or(Path::new(".")), Some(1)));
        }
    }
    for file in files {
        let name = shown(&file);
        if name.ends_with(".tf.json") || name.ends_with(".tofu.json") {
            found.skipped.push(name);
        } else if is_configuration(&name) || found.named.contains(&name) {
            found.sources.push(source(&file, name));
        }
    }
    Ok(found)
}

impl Found {
    /// Whether a user wants to hear about a file.
    pub(crate) fn is_wanted(&self, path: &str) -> bool {
        self.named.contains(path)
            || self.folders.iter().any(|it| {
                it == "."
                    || path.strip_prefix(&**it).is_some_and(|rest| rest.starts_with('/'))
                    || it.ends_with('/') && path.starts_with(&**it)
            })
    }
}

/// A path that is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no file or folder {}", .0.display())]
pub(crate) struct NoSuchPath(PathBuf);

fn walk(folder: &Path, depth: Option<usize>) -> impl Iterator<Item = PathBuf> {
    ignore::WalkBuilder::new(folder)
        .max_depth(depth)
        .build()
        .filter_map(Result::ok)
        .filter(|it| it.file_type().is_some_and(|it| it.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|it| {
            let name = it.file_name().unwrap_or_default().to_string_lossy();
            is_configuration(&name) || name.ends_with(".tf.json") || name.ends_with(".tofu.json")
        })
}

fn is_configuration(name: &str) -> bool {
    name.ends_with(".tf") || name.ends_with(".tofu")
}

fn source(file: &Path, name: String) -> Source {
    if file.metadata().is_ok_and(|it| it.len() > LONGEST) {
        return Source::unreadable(name, "is larger than 16 MiB");
    }
    match std::fs::read(file) {
        Ok(content) => Source::new(name, content),
        Err(error) => Source::unreadable(name, format!("can't be read: {error}")),
    }
}

/// A path as users see it: without `./`, with `/` between its parts.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let text = text.strip_prefix("./").unwrap_or(&text);
    let text = if text.len() > 1 { text.trim_end_matches('/') } else { text };
    if text.is_empty() { ".".to_owned() } else { text.to_owned() }
}
