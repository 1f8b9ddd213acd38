//! Paths with links resolved.

use std::collections::HashMap;
use std::io;
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
        let known = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = known().get(folder) {
            return it.clone();
        }
        let real = self.asked(folder);
        known().insert(folder.to_owned(), real.clone());
        real
    }

    /// A folder with links resolved: where that above it is known, only its own name is asked for.
    fn asked(&self, folder: &Path) -> Option<PathBuf> {
        // Elsewhere a name may be written in other letters than the folder's own.
        if cfg!(not(target_os = "linux")) {
            return folder.canonicalize().ok();
        }
        let (Some(above), Some(name)) = (folder.parent(), folder.file_name()) else {
            return folder.canonicalize().ok();
        };
        let path = self.folder(above)?.join(name);
        match path.read_link() {
            Ok(_) => path.canonicalize().ok(),
            // It is there, and no link.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Some(path),
            Err(_) => None,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_and_ways_up_are_resolved_wherever_they_stand() {
        use std::fs;
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        fs::create_dir_all(root.join("a/b/c")).expect("folders");
        fs::write(root.join("a/b/c/main.tf"), "").expect("a file");
        symlink(root.join("a/b"), root.join("link")).expect("a link to a folder");
        symlink("main.tf", root.join("a/b/c/other.tf")).expect("a link to a file");
        symlink("nowhere", root.join("broken")).expect("a link to nothing");
        let real = Real::default();
        for _ in 0..2 {
            for path in
                ["a/b/c/main.tf", "link/c/main.tf", "a/../link/../b/c/main.tf", "link/c/other.tf"]
            {
                assert_eq!(real.path(&root.join(path)), root.join("a/b/c/main.tf"), "{path}");
            }
            for path in ["a/new/main.tf", "link/../new/main.tf", "a/b/c/main.tf/x"] {
                let wanted = resolved(&root.join(path));
                assert_eq!(real.path(&root.join(path)), wanted, "{path}");
            }
            assert_eq!(real.path(&root.join("broken/x")), root.join("broken/x"));
        }
    }
}
