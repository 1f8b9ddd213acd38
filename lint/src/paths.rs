//! Paths as programs want them: the same wherever the linter was started.

use std::path::{Component, Path, PathBuf};

/// Turns paths as users see them, seen from the working directory, into paths below the repository.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    working: PathBuf,
    base: PathBuf,
}

impl Paths {
    /// Both folders absolute: the working directory, and what paths are to be seen from.
    #[must_use]
    pub fn new(working: PathBuf, base: PathBuf) -> Self {
        Self { working, base }
    }

    /// A path below the base, with `/` between its parts; absolute if it lies elsewhere.
    #[must_use]
    pub fn below_base(&self, path: &str) -> String {
        self.below(&self.base, path).unwrap_or_else(|| plain(&normal(&self.working.join(path))))
    }

    /// A path seen from an absolute folder, if it lies below that.
    #[must_use]
    pub fn below(&self, folder: &Path, path: &str) -> Option<String> {
        let whole = normal(&self.working.join(path));
        let below = whole.strip_prefix(folder).ok()?;
        Some(if below.as_os_str().is_empty() { ".".to_owned() } else { plain(below) })
    }

    /// A path as it is, wherever one stands.
    #[must_use]
    pub fn absolute(&self, path: &str) -> PathBuf {
        normal(&self.working.join(path))
    }
}

/// A path without `.` and `..`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

fn plain(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_from_everywhere() {
        for (working, path, below) in [
            ("/repo", "a/main.tf", "a/main.tf"),
            ("/repo/a", "main.tf", "a/main.tf"),
            ("/repo/a/b", "../main.tf", "a/main.tf"),
            ("/elsewhere", "/repo/a/main.tf", "a/main.tf"),
            ("/repo", ".", "."),
            ("/repo/a", "../../other/main.tf", "/other/main.tf"),
        ] {
            let paths = Paths::new(working.into(), "/repo".into());
            assert_eq!(paths.below_base(path), below, "{path} in {working}");
        }
    }
}
