//! Reads configurations: the one place where the linter opens files.

mod folder;
mod mend;
mod near;
mod real;
mod tree;

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use stanchion_lang::{Source, Workspace, is_configuration, is_loaded};

use crate::changed::Changed;
use crate::commands::CouldNot;
use crate::git;
use crate::paths::Paths;
use crate::settings::{self, Settings};

pub(crate) use folder::Folder;
pub(crate) use mend::mend;
pub(crate) use real::Real;
pub(crate) use tree::{Staged, Tree};

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
    /// The paths below which nothing was found.
    pub(crate) empty: Vec<PathBuf>,
    /// What could not be looked into, and why: clauses.
    pub(crate) unread: Vec<String>,
    /// Whether files were left out that the change can't take part in.
    pub(crate) is_narrowed: bool,
}

/// Reads all configuration files below the paths, leaving out what `.gitignore` names and what is
/// hidden; but of a folder that has one, also what Terraform would load without asking git. Of a path
/// that is a file the whole folder is read, since files of a folder belong together, with the variable
/// files below. Of variable files alone the configuration above is read, and reported on.
///
/// `more` are variable files, wherever they are. Of a change, what it can take part in is read.
///
/// # Errors
/// If a path is not there.
pub(crate) fn read(
    tree: &Tree,
    paths: &[PathBuf],
    more: &[PathBuf],
    changed: Option<&Changed>,
) -> Result<Found, NoSuchPath> {
    if let Some(missing) = more.iter().find(|it| !it.is_file()) {
        return Err(NoSuchPath::Values(missing.clone()));
    }
    let mut found = Found::default();
    let mut files: BTreeSet<PathBuf> = more.iter().cloned().collect();
    for path in paths {
        let Ok(meta) = path.metadata() else { return Err(NoSuchPath::Judged(path.clone())) };
        let mut here = if meta.is_dir() {
            found.folders.push(shown(path));
            let below = tree.configurations(path, None);
            let why = |(folder, why): (PathBuf, String)| {
                format!("{} can't be read: {why}", shown(&folder))
            };
            found.unread.extend(below.unread.into_iter().map(why));
            below.files
        } else if meta.is_file() && is_configuration(&shown(path)) {
            found.named.insert(shown(path));
            vec![path.clone()]
        } else {
            Vec::new()
        };
        // What belongs to a configuration is judged with it, and what the configuration says is what
        // can be wrong.
        let is_part = here.iter().all(|it| !is_judged(it));
        if is_part || !meta.is_dir() {
            let folders: BTreeSet<PathBuf> = here.iter().map(|it| parent(it)).collect();
            here.extend(folders.iter().flat_map(|it| beside(tree, it)));
        }
        if is_part {
            found.named.extend(here.iter().filter(|it| is_code(it)).map(|it| shown(it)));
        }
        if !here.iter().any(|it| is_judged(it)) {
            found.empty.push(path.clone());
        }
        files.extend(here);
    }
    let folders: BTreeSet<PathBuf> =
        files.iter().filter(|it| is_code(it)).map(|it| parent(it)).collect();
    let loaded = folders.iter().flat_map(|it| tree.listed(it));
    files.extend(loaded.filter(|it| is_loaded(&shown(it))));
    if let Some(changed) = changed {
        let before = files.len();
        files = near::to(tree, files, more, changed);
        found.is_narrowed = files.len() < before;
    }
    files.extend(manifests(&files));
    files.extend(locks(tree, &files));
    let mut bounds: Vec<PathBuf> = paths.iter().map(|it| bounds_of(it)).collect();
    bounds.extend(more.iter().filter_map(|it| it.canonicalize().ok()));
    found.workspace = with_called(tree, files, more, &bounds);
    Ok(found)
}

/// How far below a folder its variable files are looked for where one of its files is named, and how
/// far above a variable file its configuration.
const NEAR: usize = 3;

/// The files that are read with one that is named in a folder.
fn beside(tree: &Tree, folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut folder = folder.to_owned();
    let own = |folder: &Path| -> Vec<PathBuf> {
        let mut near = tree.configurations(folder, Some(NEAR)).files;
        let others =
            near.iter().filter(|it| is_code(it)).map(|it| parent(it)).filter(|it| it != folder);
        let others: BTreeSet<PathBuf> = others.collect();
        near.retain(|it| !it.ancestors().any(|it| others.contains(it)));
        near
    };
    let real = |it: &Path| it.canonicalize().unwrap_or_else(|_| it.to_owned());
    let bounds = bounds_of(&folder);
    for _ in 0..NEAR {
        let here = own(&folder);
        let has_code = here.iter().any(|it| is_code(it));
        out.extend(here);
        if has_code || real(&folder) == bounds {
            break;
        }
        folder = match folder.parent().filter(|it| !it.as_os_str().is_empty()) {
            Some(above) => above.to_owned(),
            None if folder == Path::new(".") => PathBuf::from(".."),
            None => PathBuf::from("."),
        };
    }
    out
}

/// Whether a file is a part of a module, rather than values for one.
fn is_code(path: &Path) -> bool {
    let name = shown(path);
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    stem.ends_with(".tf") || stem.ends_with(".tofu")
}

/// Whether there is something to judge for a file: a module, or what is said of another program's.
fn is_judged(path: &Path) -> bool {
    is_code(path) || shown(path).contains("terragrunt.hcl")
}

/// The folder of a file.
fn parent(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// What lies beside configuration files and lists the remote modules that were fetched for them.
fn manifests(files: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|it| it.parent()).collect();
    let manifests = folders.into_iter().map(|it| it.join(".terraform/modules/modules.json"));
    manifests.filter(|it| it.is_file()).collect()
}

/// The lock files beside configuration files, which are hidden and yet belong to them.
fn locks(tree: &Tree, files: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|it| it.parent()).collect();
    let locks = folders.into_iter().map(|it| it.join(tree::LOCK));
    locks.filter(|it| tree.is_file(it)).collect()
}

/// Reads files, and those of the folders that they call as modules, as far as these lie within
/// bounds.
fn with_called(
    tree: &Tree,
    mut files: BTreeSet<PathBuf>,
    more: &[PathBuf],
    bounds: &[PathBuf],
) -> Workspace {
    let mut folders = BTreeSet::new();
    loop {
        let read = |name: String, it: &PathBuf| Source {
            is_variables: more.contains(it),
            ..source(tree, it, name, bounds)
        };
        let workspace = Workspace::read(files.iter().map(|it| (shown(it), it)), read);
        let unread = workspace.unread_folders().into_iter();
        let more: Vec<PathBuf> = unread
            .filter(|it| folders.insert(it.clone()))
            .map(|it| PathBuf::from(if it.is_empty() { "." } else { &*it }))
            .filter(|it| {
                let real = it.canonicalize();
                real.is_ok_and(|real| bounds.iter().any(|bound| real.starts_with(bound)))
            })
            .flat_map(|it| tree.listed(&it))
            .collect();
        let before = files.len();
        files.extend(more);
        if files.len() == before {
            return workspace;
        }
    }
}

/// A file as a source. A link is followed as far as it stays within bounds.
fn source(tree: &Tree, path: &Path, name: String, bounds: &[PathBuf]) -> Source {
    let is_link = path.symlink_metadata().is_ok_and(|it| it.is_symlink());
    let is_within = |real: PathBuf| bounds.iter().any(|it| real.starts_with(it));
    if is_link && path.metadata().is_err() {
        return Source::unreadable(name, "is a link that leads nowhere");
    }
    if is_link && !path.canonicalize().is_ok_and(is_within) {
        return Source::skipped(name, "is a link that leads out of what is looked at");
    }
    // What is committed nonetheless is there for everybody.
    let is_ignored = tree::is_lock(path) && tree::is_ignored(path) && !git::tracks(path);
    Source { is_ignored, ..tree.source(path, name) }
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
pub(crate) enum NoSuchPath {
    /// What is to be judged.
    #[error("there is no file or folder {}", .0.display())]
    Judged(PathBuf),
    /// A variable file.
    #[error("there is no variable file {}", .0.display())]
    Values(PathBuf),
}

/// What nothing outside of is read for something at a path: the folder with the nearest `.git`
/// above it, else its own folder; links are resolved.
pub(crate) fn bounds_of(path: &Path) -> PathBuf {
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

/// The settings for what lies at a path: of the nearest `stanchion.toml` in its folder or above, but
/// not above the nearest `.git`.
///
/// # Errors
/// If the file can't be read, or is no settings file.
pub(crate) fn settings(path: &Path) -> Result<Settings, CouldNot> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let bounds = bounds_of(&real);
    let is_in_repository = bounds.join(".git").exists();
    let folders = real.ancestors().take_while(|it| !is_in_repository || it.starts_with(&bounds));
    let mut files = folders.map(|it| it.join(settings::NAME));
    let Some(file) = files.find(|it| it.symlink_metadata().is_ok()) else {
        return Ok(Settings::default());
    };
    let folder = file.parent().unwrap_or(&file).to_owned();
    let name = shown(&from_here(&file));
    let could_not = |message: String| CouldNot {
        message,
        cure: Some("make it a readable file of UTF-8 text, or remove it".to_owned()),
    };
    if !file.is_file() {
        return Err(could_not(format!("{name} is no file")));
    }
    let read = || std::fs::read_to_string(&file);
    let text = tree::steadily(&file, read)
        .map_err(|error| could_not(format!("{name} can't be read: {error}")))?;
    settings::read(&text, &name, folder)
        .map_err(|error| CouldNot { message: error.to_string(), cure: error.cure })
}

/// An absolute path as it is seen from the working directory.
pub(crate) fn from_here(path: &Path) -> PathBuf {
    let working = std::env::current_dir().and_then(|it| it.canonicalize()).unwrap_or_default();
    let mut up = PathBuf::new();
    for folder in working.ancestors() {
        if let Ok(below) = path.strip_prefix(folder) {
            let seen = up.join(below);
            return if seen.as_os_str().is_empty() { PathBuf::from(".") } else { seen };
        }
        up.push("..");
    }
    path.to_owned()
}

/// The text of a file; `None` if there is none.
///
/// # Errors
/// If it is there and can't be read.
pub(crate) fn text(path: &Path) -> io::Result<Option<String>> {
    match tree::steadily(path, || whole(path)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The text of a file that has an end.
fn whole(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST_TEXT + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST_TEXT {
        return Err(io::Error::other("it is larger than 512 MiB"));
    }
    Ok(text)
}

/// A longer text is none that Terraform or this program wrote.
const LONGEST_TEXT: u64 = 512 << 20;

/// Writes a file whole or not at all.
///
/// # Errors
/// If its folder can't be written to.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // What could not be written may not be there.
        drop(std::fs::remove_file(&beside));
    }
    written
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
pub(crate) fn read_root(tree: &Tree, folder: &Path, more: &[PathBuf]) -> Result<Root, NoSuchPath> {
    if let Some(missing) = more.iter().find(|it| !it.is_file()) {
        return Err(NoSuchPath::Values(missing.clone()));
    }
    if !folder.is_dir() {
        return Err(NoSuchPath::Judged(folder.to_owned()));
    }
    let root = match shown(folder) {
        it if it == "." => String::new(),
        it => it,
    };
    let mut files: BTreeSet<PathBuf> = more.iter().cloned().collect();
    files.extend(tree.listed(folder));
    files.extend(manifests(&files));
    let mut bounds = vec![bounds_of(folder)];
    bounds.extend(more.iter().filter_map(|it| it.canonicalize().ok()));
    let workspace = with_called(tree, files, more, &bounds);
    Ok(Root { workspace, root })
}
