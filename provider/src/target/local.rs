//! Files below a root: the target that needs no service.
//!
//! A write is atomic, under a lock on the root, and never leaves the root by `..` or a symlink.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use stanchion_cty::{self as cty, Problem};
use stanchion_model::Found;

use super::Expected;

/// The files below a root.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    root: PathBuf,
}

impl Local {
    /// The files below that folder.
    pub(crate) fn at(folder: PathBuf) -> Result<Self, Problem> {
        let root = folder.canonicalize().map_err(|error| {
            let message = format!("can't be used, as {}: {error}", folder.display());
            problem(message).cure("name a folder that exists")
        })?;
        if root.is_dir() {
            return Ok(Self { root });
        }
        let message = format!("can't be used, as {} is no folder", folder.display());
        Err(problem(message).cure("name a folder that exists"))
    }

    /// The files below the folder of the nearest `.git` above the working directory, or below the
    /// working directory where there is none.
    pub(crate) fn around_working_directory() -> Result<Self, Problem> {
        let here = std::env::current_dir()
            .map_err(|error| problem(format!("can't be found: the working directory: {error}")))?;
        let repository = here.ancestors().find(|it| it.join(".git").exists());
        Self::at(repository.unwrap_or(&here).to_owned())
    }

    /// The document at an address; `None` if there is none.
    pub(crate) fn read(&self, address: &str) -> Result<Option<Found>, Problem> {
        let file = self.file(address)?;
        match fs::read(&file) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Ok(Some(Found { address: address.to_owned(), text }))
            }
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(refused("can't be read", &file, &error)),
        }
    }

    /// Writes a document, if at its address there is what is expected.
    pub(crate) fn write(
        &self,
        address: &str,
        expected: Expected<'_>,
        text: &str,
    ) -> Result<(), Problem> {
        let file = self.file(address)?;
        let folder = file.parent().unwrap_or(&self.root);
        let _lock = self.lock()?;
        self.expect(address, expected)?;
        fs::create_dir_all(folder).map_err(|it| refused("can't be written", folder, &it))?;
        // A parent may have been a symlink that was made since the address was looked at.
        self.file(address)?;
        let failed = |error: io::Error| refused("can't be written", &file, &error);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".stanchion-");
        if let Some(mode) = permissions(&file) {
            builder.permissions(mode);
        }
        let mut draft = builder.tempfile_in(folder).map_err(failed)?;
        draft
            .write_all(text.as_bytes())
            .and_then(|()| draft.as_file().sync_all())
            .map_err(failed)?;
        match expected {
            Expected::Nothing => draft.persist_noclobber(&file).map(drop),
            Expected::Digest(_) => draft.persist(&file).map(drop),
        }
        .map_err(|it| failed(it.error))?;
        sync(folder).map_err(failed)
    }

    /// Removes a document, if it is the expected one; one that is gone already is removed. Parent
    /// folders that are empty then go with it, up to the root.
    pub(crate) fn remove(&self, address: &str, digest: &str) -> Result<(), Problem> {
        let file = self.file(address)?;
        let _lock = self.lock()?;
        if self.read(address)?.is_none() {
            return Ok(());
        }
        self.expect(address, Expected::Digest(digest))?;
        fs::remove_file(&file).map_err(|it| refused("can't be removed", &file, &it))?;
        let parents = file.ancestors().skip(1).take_while(|it| *it != self.root);
        for parent in parents {
            // A folder that is not empty stays, and so do those above it.
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Refuses to touch what is not as it was seen last.
    fn expect(&self, address: &str, expected: Expected<'_>) -> Result<(), Problem> {
        let found = self.read(address)?;
        match (expected, found) {
            (Expected::Nothing, None) => Ok(()),
            (Expected::Nothing, Some(_)) => {
                let message = format!("would overwrite {address}, which is there already");
                let cure = format!("import it with the id \"local:{address}\", or move it away");
                Err(problem(message).cure(cure))
            }
            (Expected::Digest(digest), Some(found)) if found.sha256() == digest => Ok(()),
            (Expected::Digest(_), found) => {
                let what = if found.is_some() { "was changed" } else { "was removed" };
                let message = format!("would change {address}, which {what} since it was planned");
                Err(problem(message).cure("plan again, and look at what changed"))
            }
        }
    }

    /// The file of an address. Refuses an address that leads out of the root.
    fn file(&self, address: &str) -> Result<PathBuf, Problem> {
        let relative = Path::new(address);
        let is_inside = !address.is_empty()
            && relative.components().all(|it| matches!(it, Component::Normal(_)));
        if !is_inside {
            let message = format!("has the path {address:?}, which leads out of the root");
            return Err(problem(message).cure("give a path below the root, without `..`"));
        }
        let file = self.root.join(relative);
        // The nearest part of the way that exists tells where the way leads; the file itself may
        // be a symlink too.
        let existing = file.ancestors().find(|it| it.symlink_metadata().is_ok());
        let real = existing.and_then(|it| it.canonicalize().ok());
        if real.is_some_and(|it| it.starts_with(&self.root)) {
            return Ok(file);
        }
        let message = format!("has the path {address:?}, where a symlink leads out of the root");
        Err(problem(message).cure("remove the symlink, or choose another root"))
    }

    /// Keeps other applies out of the root until the lock is dropped.
    fn lock(&self) -> Result<File, Problem> {
        let failed = |error: io::Error| refused("can't be locked", &self.root, &error);
        let folder = File::open(&self.root).map_err(failed)?;
        folder.lock().map_err(failed)?;
        Ok(folder)
    }
}

fn problem(message: String) -> Problem {
    Problem::error(cty::Path::root(), message)
}

fn refused(what: &str, file: &Path, error: &io::Error) -> Problem {
    problem(format!("{what}: {}: {error}", file.display()))
}

/// Whether an error says that there is no such file, also when a parent is a file.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The mode of the file that is replaced, or that of an ordinary file. Elsewhere than on Unix a
/// file takes its permissions from its folder.
fn permissions(file: &Path) -> Option<fs::Permissions> {
    #[cfg(unix)]
    let ordinary = Some(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    #[cfg(not(unix))]
    let ordinary = None;
    fs::metadata(file).ok().map(|it| it.permissions()).or(ordinary)
}

/// Makes a folder's entries durable, where the system can.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests;
