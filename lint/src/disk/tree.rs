//! Where files are read from: the disk, or git's index in the place of a repository's work tree.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use stanchion_lang::{Source, is_configuration};

use super::real::Real;

/// A longer file is no configuration that a person wrote.
pub(crate) const LONGEST: u64 = 16 << 20;

/// The file in which Terraform notes the versions of providers.
pub(super) const LOCK: &str = ".terraform.lock.hcl";

/// Where files are read from.
#[derive(Debug, Default)]
pub(crate) enum Tree {
    /// The disk.
    #[default]
    Disk,
    /// What is staged.
    Staged(Staged),
}

/// What is staged in a repository, as far as it differs from its work tree.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    /// The work tree, links resolved.
    pub(crate) root: PathBuf,
    /// The files of the index, absolute.
    pub(crate) files: BTreeSet<PathBuf>,
    /// The content of those that are other in the work tree, or not there.
    pub(crate) contents: HashMap<PathBuf, Vec<u8>>,
    pub(crate) real: Real,
}

impl Tree {
    /// The content of a file.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.staged(path) {
            Some(Err(error)) => Err(error),
            Some(Ok(content)) => Ok(content.to_vec()),
            None => steadily(path, || std::fs::read(path)),
        }
    }

    /// The content of a file with that real path for a first look, whether somebody writes it meanwhile
    /// or not.
    pub(super) fn glimpse(&self, real: &Path) -> io::Result<Vec<u8>> {
        match self {
            Self::Staged(staged) => match staged.content(real) {
                Some(content) => content.map(<[u8]>::to_vec),
                None => std::fs::read(real),
            },
            Self::Disk => std::fs::read(real),
        }
    }

    /// The length of a file in bytes.
    pub(crate) fn len(&self, path: &Path) -> io::Result<u64> {
        match self.staged(path) {
            Some(Err(error)) => Err(error),
            Some(Ok(content)) => Ok(content.len() as u64),
            None => Ok(path.metadata()?.len()),
        }
    }

    /// Whether there is such a file.
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        match self.staged(path) {
            Some(it) => it.is_ok(),
            None => path.is_file(),
        }
    }

    /// A file as a source of that name.
    pub(crate) fn source(&self, path: &Path, name: String) -> Source {
        if self.len(path).is_ok_and(|it| it > LONGEST) {
            return Source::unreadable(name, "is larger than 16 MiB");
        }
        match self.read(path) {
            Ok(content) => Source::new(name, content),
            Err(error) => Source::unreadable(name, format!("can't be read: {error}")),
        }
    }

    /// The configuration files below a folder, down to some depth, without what `.gitignore` names
    /// and what is hidden; and the folders there that can't be looked into.
    pub(crate) fn configurations(&self, folder: &Path, depth: Option<usize>) -> Below {
        let is_wanted =
            |path: &Path| is_configuration(&path.file_name().unwrap_or_default().to_string_lossy());
        if let Self::Staged(staged) = self
            && let Ok(real) = folder.canonicalize()
        {
            let below =
                staged.files.range(real.clone()..).map_while(|it| it.strip_prefix(&real).ok());
            let below =
                below.filter(|it| depth.is_none_or(|depth| it.components().count() <= depth));
            let files = below.filter(|it| is_wanted(it)).map(|it| folder.join(it)).collect();
            return Below { files, unread: Vec::new() };
        }
        let mut out = Below::default();
        for entry in ignore::WalkBuilder::new(folder).max_depth(depth).build() {
            match entry {
                Ok(entry) if entry.file_type().is_none_or(|it| it.is_dir()) => {}
                Ok(entry) => {
                    let path = entry.into_path();
                    // Of a link to a file the target counts; whether it may be read is asked when
                    // it is.
                    if is_wanted(&path) && is_read(&path) {
                        out.files.push(path);
                    }
                }
                Err(error) => out.unread.extend(unread(&error, None)),
            }
        }
        out
    }

    /// The configuration files of one folder, whatever `.gitignore` says: Terraform reads them.
    pub(crate) fn listed(&self, folder: &Path) -> Vec<PathBuf> {
        if let Self::Staged(staged) = self
            && folder.canonicalize().is_ok_and(|it| staged.has(&it))
        {
            return self.configurations(folder, Some(1)).files;
        }
        let Ok(entries) = folder.read_dir() else { return Vec::new() };
        let files = entries.filter_map(Result::ok).map(|it| it.path());
        files
            .filter(|it| it.file_name().is_some_and(|it| is_configuration(&it.to_string_lossy())))
            .filter(|it| is_read(it))
            .collect()
    }

    /// All files below a folder, links resolved, as they are seen from there.
    pub(crate) fn all_below(&self, real: &Path) -> Vec<PathBuf> {
        if let Self::Staged(staged) = self
            && staged.has(real)
        {
            let files = staged.files.range(real.to_owned()..);
            return files.map_while(|it| it.strip_prefix(real).ok()).map(Path::to_owned).collect();
        }
        let walk = ignore::WalkBuilder::new(real).standard_filters(false).build();
        let files = walk.filter_map(Result::ok).filter(|it| it.path().is_file());
        files.filter_map(|it| it.path().strip_prefix(real).ok().map(Path::to_owned)).collect()
    }

    /// What stands in the place of a file's content on the disk, if something does.
    fn staged(&self, path: &Path) -> Option<io::Result<&[u8]>> {
        let Self::Staged(staged) = self else { return None };
        staged.content(&staged.real.path(path))
    }
}

/// Whether Terraform would read what is listed: files, and links, of which one that leads nowhere
/// fails it where a part of a module is expected.
fn is_read(path: &Path) -> bool {
    path.is_file()
        || super::is_code(path) && path.symlink_metadata().is_ok() && path.metadata().is_err()
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub(crate) struct Below {
    /// The configuration files.
    pub(crate) files: Vec<PathBuf>,
    /// The folders that can't be looked into, and why.
    pub(crate) unread: Vec<(PathBuf, String)>,
}

/// What can't be looked into, and why. That a `.gitignore` has a wrong line is git's affair.
fn unread(error: &ignore::Error, at: Option<&Path>) -> Option<(PathBuf, String)> {
    match error {
        ignore::Error::WithPath { path, err } => unread(err, Some(path)),
        ignore::Error::WithDepth { err, .. } => unread(err, at),
        // Its own text names the path again.
        ignore::Error::Io(error) => {
            Some((at?.to_owned(), io::Error::from(error.kind()).to_string()))
        }
        _ => None,
    }
}

/// Whether a file is a lock file.
pub(super) fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|it| it == LOCK)
}

/// Whether git ignores a file, by the `.gitignore` of its folder and those above.
pub(super) fn is_ignored(path: &Path) -> bool {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.hidden(false).ignore(false).max_depth(Some(1));
    let mut there = walk.build().filter_map(Result::ok);
    !there.any(|it| it.path().file_name() == path.file_name())
}

/// What reading a file gives, if the file was the same before and after: of one that is written
/// meanwhile, the beginning may be old and the end new.
pub(super) fn steadily<T>(path: &Path, read: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    // A pipe has no state that could be the same.
    let state = || path.metadata().and_then(|it| Ok((it.is_file(), it.len(), it.modified()?)));
    let before = state()?;
    let content = read()?;
    if before.0 && state()? != before {
        let told = "it changed while it was read; run stanchion again when nothing writes it";
        return Err(io::Error::other(told));
    }
    Ok(content)
}

impl Staged {
    /// What stands in the place of the content of a file with that real path.
    fn content(&self, real: &Path) -> Option<io::Result<&[u8]>> {
        if let Some(content) = self.contents.get(real) {
            return Some(Ok(content));
        }
        let is_other = self.has(real) && !self.files.contains(real);
        is_other.then(|| Err(io::Error::new(io::ErrorKind::NotFound, "is not staged")))
    }

    /// Whether the index decides about a path. Modules and providers that Terraform fetched are in
    /// no index.
    fn has(&self, real: &Path) -> bool {
        let is_fetched = real.components().any(|it| it.as_os_str() == ".terraform");
        real.starts_with(&self.root) && !is_fetched
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("main.tf");
        fs::write(&path, "a").expect("a file");
        let read = |more: &str| {
            steadily(&path, || {
                let text = fs::read_to_string(&path)?;
                if !more.is_empty() {
                    fs::write(&path, more)?;
                }
                Ok(text)
            })
            .map_err(|it| it.to_string())
        };
        assert_eq!(read(""), Ok("a".to_owned()));
        let told = "it changed while it was read; run stanchion again when nothing writes it";
        assert_eq!(read("longer"), Err(told.to_owned()));
        let gone = steadily(&path, || fs::remove_file(&path));
        assert_eq!(gone.map_err(|it| it.kind()), Err(io::ErrorKind::NotFound));
    }
}
