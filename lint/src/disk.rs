//! Reads configurations: the one place where the linter opens files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use stanchion_lang::{Files, Source, Unread, Workspace, is_configuration};

use crate::paths::Paths;

/// A longer file is no configuration that a person wrote.
const LONGEST: u64 = 16 << 20;

/// What was found below the paths that a user names.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What they say.
    pub(crate) workspace: Workspace,
    /// The files that were named themselves; if there are any, only they and what was named by
    /// folder are reported on.
    pub(crate) named: BTreeSet<String>,
    /// The folders that were named.
    pub(crate) folders: Vec<String>,
}

/// Reads all configuration files below the paths, leaving out what `.gitignore` names and what is
/// hidden. Of a path that is a file the whole folder is read, since files of a folder belong
/// together.
///
/// `more` are variable files, wherever they are.
///
/// # Errors
/// If a path is not there.
pub(crate) fn read(paths: &[PathBuf], more: &[PathBuf]) -> Result<Found, NoSuchPath> {
    if let Some(missing) = more.iter().find(|it| !it.is_file()) {
        return Err(NoSuchPath(missing.clone()));
    }
    let mut found = Found::default();
    let mut files: BTreeSet<PathBuf> = more.iter().cloned().collect();
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
    files.extend(manifests(&files));
    let bounds: Vec<PathBuf> = paths.iter().map(|it| bounds_of(it)).collect();
    found.workspace = with_called(files, &bounds);
    Ok(found)
}

/// What lies beside configuration files and lists the remote modules that were fetched for them.
fn manifests(files: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|it| it.parent()).collect();
    let manifests = folders.into_iter().map(|it| it.join(".terraform/modules/modules.json"));
    manifests.filter(|it| it.is_file()).collect()
}

/// Reads files, and those of the folders that they call as modules, as far as these lie within
/// bounds.
fn with_called(mut files: BTreeSet<PathBuf>, bounds: &[PathBuf]) -> Workspace {
    let mut folders = BTreeSet::new();
    loop {
        let workspace = Workspace::new(files.iter().map(|it| source(it, shown(it))));
        let unread = workspace.unread_folders().into_iter();
        let more: Vec<PathBuf> = unread
            .filter(|it| folders.insert(it.clone()))
            .map(|it| PathBuf::from(if it.is_empty() { "." } else { &*it }))
            .filter(|it| {
                let real = it.canonicalize();
                real.is_ok_and(|real| bounds.iter().any(|bound| real.starts_with(bound)))
            })
            .flat_map(|it| listed(&it))
            .collect();
        let before = files.len();
        files.extend(more);
        if files.len() == before {
            return workspace;
        }
    }
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
            is_configuration(&name)
        })
}

/// What a root module in a folder may read while it is evaluated: files below the nearest `.git`
/// above it, else below the folder itself, also through symbolic links.
#[derive(Debug)]
pub(crate) struct Folder {
    /// The folder that Terraform would run in.
    base: PathBuf,
    /// What nothing outside of is read, links resolved.
    bounds: PathBuf,
}

impl Folder {
    /// Of that folder.
    pub(crate) fn new(folder: &str) -> Self {
        let folder = if folder.is_empty() { "." } else { folder };
        let base = std::path::absolute(folder).unwrap_or_else(|_| folder.into());
        Self { bounds: bounds_of(&base), base }
    }

    /// The real path of something, if it is within bounds.
    fn real(&self, path: &str) -> Result<PathBuf, Unread> {
        let real = match self.base.join(path).canonicalize() {
            Ok(it) => it,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let absolute = PathBuf::from(self.absolute(path));
                let outside =
                    !absolute.starts_with(&self.bounds) && !absolute.starts_with(&self.base);
                return Err(if outside { outside_of(path) } else { Unread::Missing });
            }
            Err(error) => {
                return Err(Unread::NotLookedAt(format!("{path} can't be read: {error}")));
            }
        };
        if real.starts_with(&self.bounds) { Ok(real) } else { Err(outside_of(path)) }
    }
}

/// What nothing outside of is read for something at a path: the folder with the nearest `.git`
/// above it, else its own folder; links are resolved.
fn bounds_of(path: &Path) -> PathBuf {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let own = if real.is_dir() { &real } else { real.parent().unwrap_or(&real) };
    own.ancestors().find(|it| it.join(".git").exists()).unwrap_or(own).to_owned()
}

/// How paths are told to programs: below the nearest `.git`, else below the folder that all paths
/// lie in.
pub(crate) fn paths(given: &[PathBuf]) -> Paths {
    let working = std::env::current_dir().unwrap_or_default();
    let working = working.canonicalize().unwrap_or(working);
    let mut folders = given.iter().map(|it| bounds_of(it));
    let first = folders.next().unwrap_or_else(|| working.clone());
    let common = folders.fold(first, |all, it| {
        all.ancestors().find(|all| it.starts_with(all)).unwrap_or(&all).to_owned()
    });
    Paths::new(working, common)
}

fn outside_of(path: &str) -> Unread {
    Unread::NotLookedAt(format!("{path} is not looked at, since it lies outside of the repository"))
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        let real = self.real(path)?;
        let meta = real
            .metadata()
            .map_err(|it| Unread::NotLookedAt(format!("{path} can't be read: {it}")))?;
        if !meta.is_file() {
            return Err(Unread::NotAFile);
        }
        if meta.len() > LONGEST {
            return Err(Unread::NotLookedAt(format!("{path} is larger than 16 MiB")));
        }
        std::fs::read(real)
            .map(Into::into)
            .map_err(|it| Unread::NotLookedAt(format!("{path} can't be read: {it}")))
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Unread> {
        let real = self.real(folder)?;
        let walk = ignore::WalkBuilder::new(&real).standard_filters(false).build();
        Ok(walk
            .filter_map(Result::ok)
            .filter(|it| it.path().is_file())
            .filter_map(|it| {
                Some(it.path().strip_prefix(&real).ok()?.to_string_lossy().into_owned())
            })
            .map(|it| it.replace(std::path::MAIN_SEPARATOR, "/"))
            .collect())
    }

    fn absolute(&self, path: &str) -> String {
        let mut out = PathBuf::new();
        for part in self.base.join(path).components() {
            match part {
                Component::ParentDir => drop(out.pop()),
                Component::CurDir => {}
                part => out.push(part),
            }
        }
        out.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }

    fn home(&self) -> Option<String> {
        Some(std::env::home_dir()?.to_string_lossy().into_owned())
    }
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
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let text = text.strip_prefix("./").unwrap_or(&text);
    let text = if text.len() > 1 { text.trim_end_matches('/') } else { text };
    if text.is_empty() { ".".to_owned() } else { text.to_owned() }
}

/// A root module with what it calls.
#[derive(Debug)]
pub(crate) struct Root {
    /// All that was read.
    pub(crate) workspace: Workspace,
    /// The root module's folder, as the workspace names it.
    pub(crate) root: String,
}

/// Reads the files of a root module, and those of the local modules that it calls.
///
/// # Errors
/// If the folder is not there.
pub(crate) fn read_root(folder: &Path, more: &[PathBuf]) -> Result<Root, NoSuchPath> {
    if let Some(missing) = more.iter().find(|it| !it.is_file()) {
        return Err(NoSuchPath(missing.clone()));
    }
    if !folder.is_dir() {
        return Err(NoSuchPath(folder.to_owned()));
    }
    let root = match shown(folder) {
        it if it == "." => String::new(),
        it => it,
    };
    let mut files: BTreeSet<PathBuf> = more.iter().cloned().collect();
    files.extend(listed(folder));
    files.extend(manifests(&files));
    let workspace = with_called(files, &[bounds_of(folder)]);
    Ok(Root { workspace, root })
}

/// The configuration files of one folder, whatever `.gitignore` says: Terraform reads them.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let files = entries.filter_map(Result::ok).map(|it| it.path());
    files
        .filter(|it| it.file_name().is_some_and(|it| is_configuration(&it.to_string_lossy())))
        .filter(|it| it.is_file())
        .collect()
}
