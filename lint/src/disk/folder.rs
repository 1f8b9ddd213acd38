//! What a configuration may read while it is evaluated.

use std::path::{Component, PathBuf};
use std::sync::Arc;

use stanchion_lang::{Files, Unread};

use super::bounds_of;
use super::tree::{LONGEST, Tree};

/// What a root module in a folder may read while it is evaluated: files below the nearest `.git`
/// above it, else below the folder itself, also through symbolic links.
#[derive(Debug)]
pub(crate) struct Folder {
    tree: Arc<Tree>,
    /// The folder that Terraform would run in.
    base: PathBuf,
    /// What nothing outside of is read, links resolved.
    bounds: PathBuf,
}

impl Folder {
    /// Of that folder.
    pub(crate) fn new(tree: Arc<Tree>, folder: &str) -> Self {
        let folder = if folder.is_empty() { "." } else { folder };
        let base = std::path::absolute(folder).unwrap_or_else(|_| folder.into());
        Self { tree, bounds: bounds_of(&base), base }
    }

    /// The real path of something, if it is within bounds.
    fn real(&self, path: &str) -> Result<PathBuf, Unread> {
        let real = match self.base.join(path).canonicalize() {
            Ok(it) => it,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let absolute = PathBuf::from(self.absolute(path));
                // It may be staged and gone from the work tree.
                if self.tree.is_file(&absolute) && absolute.starts_with(&self.bounds) {
                    return Ok(absolute);
                }
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

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        let real = self.real(path)?;
        let unread =
            |it: std::io::Error| Unread::NotLookedAt(format!("{path} can't be read: {it}"));
        if !self.tree.is_file(&real) {
            return Err(if real.exists() { Unread::NotAFile } else { Unread::Missing });
        }
        if self.tree.len(&real).map_err(unread)? > LONGEST {
            return Err(Unread::NotLookedAt(format!("{path} is larger than 16 MiB")));
        }
        self.tree.read(&real).map(Into::into).map_err(unread)
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Unread> {
        let real = self.real(folder)?;
        let files = self.tree.all_below(&real).into_iter();
        Ok(files.map(|it| it.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")).collect())
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

fn outside_of(path: &str) -> Unread {
    Unread::NotLookedAt(format!("{path} is not looked at, since it lies outside of the repository"))
}
