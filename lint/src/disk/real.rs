//! Paths with links resolved.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Resolves the links in paths, and asks for each folder once.
#[derive(Debug, Default)]
pub(crate) struct Real {
    /// `None` for what is not there.
    folders: Mutex<HashMap<PathBuf, Option<PathBuf>>>,
}

impl Real {
    /// A path with links resolved, as far as it is there.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (Some(folder), Some(name)) = (whole.parent(), whole.file_name()) else { return whole };
        let Some(folder) = self.folder(folder) else { return resolved(&whole) };
        let path = folder.join(name);
        let is_link = path.read_link().is_ok();
        if is_link { path.canonicalize().unwrap_or(path) } else { path }
    }

    fn folder(&self, folder: &Path) -> Option<PathBuf> {
        let mut known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = known.get(folder) {
            return it.clone();
        }
        let real = folder.canonicalize().ok();
        known.insert(folder.to_owned(), real.clone());
        real
    }
}

/// A path whose folder is not there, with the links resolved in what is.
fn resolved(whole: &Path) -> PathBuf {
    let there = whole.ancestors().find_map(|it| Some((it, it.canonicalize().ok()?)));
    match there {
        Some((above, real)) => match whole.strip_prefix(above) {
            Ok(rest) if rest.as_os_str().is_empty() => real,
            Ok(rest) => real.join(rest),
            Err(_) => whole.to_owned(),
        },
        None => whole.to_owned(),
    }
}
