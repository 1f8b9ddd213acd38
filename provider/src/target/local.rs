//! Files below a root: the target that needs no service.
//!
//! A write is atomic, under a lock on the root, and never leaves the root by `..` or a symlink: each
//! file is reached through a handle of the root's folder, and the system itself refuses a way out.

mod draft;
mod lock;

use std::io::{self, Read as _};
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use stanchion_cty::{self as cty, Problem};
use stanchion_model::Found;
use tokio::sync::Mutex;

use super::{Expected, Target, Written};
use draft::Draft;
use lock::{Lock, Turn};

/// The files below a root.
#[derive(Clone, Debug)]
pub struct Local {
    root: PathBuf,
    /// The folder in which the program runs.
    here: PathBuf,
    /// The root as seen from there, which is the same in every clone.
    place: String,
    /// How long a change waits for others.
    patience: Duration,
    /// What the changes of this process share.
    turns: Arc<Mutex<Turn>>,
}

impl Local {
    /// The files below that folder.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn at(folder: PathBuf) -> Result<Self, Problem> {
        Self::seen_from(here()?, folder)
    }

    /// The files below the folder of the nearest `.git` above the working directory, or below the
    /// working directory where there is none.
    ///
    /// # Errors
    /// There is no working directory.
    pub fn around_working_directory() -> Result<Self, Problem> {
        let here = here()?;
        let repository = here.ancestors().find(|it| it.join(".git").exists()).unwrap_or(&here);
        Self::seen_from(here.clone(), repository.to_owned())
    }

    fn seen_from(here: PathBuf, folder: PathBuf) -> Result<Self, Problem> {
        let root = here.join(&folder).canonicalize().map_err(|error| {
            let message = format!("can't be used, as {}: {error}", folder.display());
            problem(message).cure("name a folder that exists")
        })?;
        if root.is_dir() {
            let place = way(&here, &root);
            let patience = lock::PATIENCE;
            return Ok(Self { root, here, place, patience, turns: Arc::default() });
        }
        let message = format!("can't be used, as {} is no folder", folder.display());
        Err(problem(message).cure("name a folder that exists"))
    }

    fn open(&self) -> Result<Dir, Problem> {
        Dir::open_ambient_dir(&self.root, ambient_authority()).map_err(|error| {
            let message = format!("can't be looked up, as {}: {error}", self.root.display());
            problem(message).cure("make the root again, or set another")
        })
    }

    fn find(&self, root: &Dir, address: &str) -> Result<Option<Found>, Problem> {
        let failed = |error: io::Error| self.refused("can't be read", address, &error);
        let absent =
            |error: io::Error| if is_absence(&error) { Ok(None) } else { Err(failed(error)) };
        match root.symlink_metadata(address) {
            // To open anything else could wait for ever, or replace what is no document.
            Ok(it) if !it.is_file() => return Err(self.no_file(address, it.file_type())),
            Ok(_) => {}
            Err(error) => return absent(error),
        }
        let file = match root.open(address) {
            Ok(file) => file,
            Err(error) => return absent(error),
        };
        let mut bytes = Vec::new();
        let length = file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if length as u64 > LARGEST {
            let message = format!("can't be read, as {} is too large", self.file(address));
            return Err(problem(message).cure("move the file away: no document is of that size"));
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some(Found { address: address.to_owned(), text }))
    }

    /// Refuses to touch what is not as it was seen last. Whether the text is there already.
    fn expect(
        &self,
        root: &Dir,
        address: &str,
        expected: Expected<'_>,
        text: &str,
    ) -> Result<bool, Problem> {
        let found = self.find(root, address)?;
        match (expected, found) {
            (Expected::Nothing, None) => Ok(false),
            (Expected::Nothing, Some(found)) if found.text == text => Ok(true),
            (Expected::Nothing, Some(_)) => Err(is_there(address)),
            (Expected::Digest(digest), Some(found)) if found.sha256() == digest => Ok(false),
            (Expected::Digest(_), found) => {
                let what = if found.is_some() { "was changed" } else { "was removed" };
                let message = format!("would change {address}, which {what} since it was planned");
                Err(problem(message).cure("plan again, and look at what changed"))
            }
        }
    }

    /// The innermost folder above an address that is there, and the names of those that are missing.
    fn folder<'a>(&self, root: &Dir, address: &'a str) -> Result<(Dir, Vec<&'a str>), Problem> {
        let mut missing = Vec::new();
        let mut folder = above(address);
        while let Some(it) = folder {
            match root.open_dir(it) {
                Ok(found) => return Ok((found, missing)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    missing.insert(0, it.rsplit('/').next().unwrap_or(it));
                    folder = above(it);
                }
                Err(error) => return Err(self.refused("can't be written", it, &error)),
            }
        }
        let found = root.open_dir(".").map_err(|it| self.refused("can't be written", ".", &it))?;
        Ok((found, missing))
    }

    /// The root, for one change below it, without what killed writers left in the folders on the way to
    /// the address. Each is swept once: to list a folder for each of its files takes ever longer.
    async fn lock(&self, root: &Dir, address: &str) -> Result<Lock, Problem> {
        let mut lock = lock::lock(&self.root, root, &self.turns, self.patience).await?;
        let folders = std::iter::successors(above(address), |it| above(it)).chain(["."]);
        for folder in folders {
            if lock.turn.swept.contains(folder) {
                continue;
            }
            if let Ok(found) = root.open_dir(folder) {
                draft::clear(&found);
                lock.turn.swept.insert(folder.to_owned());
            }
        }
        Ok(lock)
    }

    fn file(&self, address: &str) -> String {
        self.root.join(address).display().to_string()
    }

    fn refused(&self, what: &str, address: &str, error: &io::Error) -> Problem {
        if is_escape(error) {
            let message =
                format!("has the path {address:?}, where a symlink leads out of the root");
            return problem(message).cure("remove the symlink, or choose another root");
        }
        let problem = problem(format!("{what}: {}: {error}", self.file(address)));
        match error.kind() {
            io::ErrorKind::PermissionDenied => problem.cure("let the user of this run write there"),
            io::ErrorKind::ReadOnlyFilesystem => {
                problem.cure("choose a root that can be written to")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                problem.cure("make room on the disk, and apply again")
            }
            io::ErrorKind::ResourceBusy => problem.cure("wait for the other apply to end"),
            io::ErrorKind::NotADirectory => problem.cure("move away the file that is in the way"),
            _ => problem,
        }
    }

    fn no_file(&self, address: &str, kind: cap_std::fs::FileType) -> Problem {
        let what = match kind {
            it if it.is_dir() => "a folder",
            it if it.is_symlink() => "a symlink",
            _ => "no ordinary file",
        };
        let message = format!("can't be held, as {} is {what}", self.file(address));
        problem(message).cure("move it away, and plan again")
    }
}

impl Target for Local {
    const NAME: &'static str = "local";

    fn judge(&self, address: &str) -> Result<(), Problem> {
        let is_inside = !address.is_empty()
            && !address.contains('\\')
            && address.split('/').all(|it| !matches!(it, "" | "." | ".."));
        if !is_inside {
            let message = format!("has the path {address:?}, which leads out of the root");
            return Err(problem(message).cure("give a path below the root, without `..`"));
        }
        let too_long = address.split('/').find(|it| it.len() > LONGEST);
        if too_long.is_some() {
            let message = format!("has the path {address:?}, with a name of over {LONGEST} bytes");
            return Err(problem(message).cure("give it a shorter name"));
        }
        if address.split('/').any(draft::is_draft) {
            let message = format!("has the path {address:?}, which is that of a draft");
            return Err(problem(message).cure("give it another name"));
        }
        Ok(())
    }

    fn place(&self) -> &str {
        &self.place
    }

    fn left_behind(&self, place: &str, address: &str) -> Option<Problem> {
        let before = Self::seen_from(self.here.clone(), self.here.join(place)).ok()?;
        let is_there = before.root != self.root
            && before.open().is_ok_and(|it| it.symlink_metadata(address).is_ok());
        let (old, new) = (before.file(address), self.root.display());
        is_there.then(|| {
            let message = format!("is below the root {new} from now on, and {old} stays as it is");
            problem(message)
                .cure(format!("move {address} to the new root before you apply, or remove it"))
        })
    }

    async fn read(&self, address: &str) -> Result<Option<Found>, Problem> {
        self.judge(address)?;
        self.find(&self.open()?, address)
    }

    async fn write(
        &self,
        address: &str,
        expected: Expected<'_>,
        text: &str,
    ) -> Result<Written, Problem> {
        self.judge(address)?;
        let root = self.open()?;
        // From here on nothing is waited for: a run that is stopped has not begun, or is done.
        let _lock = self.lock(&root, address).await?;
        if self.expect(&root, address, expected, text)? {
            return Ok(Written::default());
        }
        let (folder, missing) = self.folder(&root, address)?;
        let name = address.rsplit('/').next().unwrap_or(address);
        let draft = Draft {
            missing: &missing,
            name,
            text,
            mode: folder.symlink_metadata(name).ok().map(|it| it.permissions()),
            replaces: expected != Expected::Nothing,
        };
        draft.put(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => is_there(address),
            _ => self.refused("can't be written", address, &error),
        })?;
        let folders = std::iter::successors(above(address), |it| above(it)).take(missing.len());
        let mut folders: Vec<String> = folders.map(str::to_owned).collect();
        folders.reverse();
        Ok(Written { folders })
    }

    async fn remove(&self, address: &str, digest: &str, folders: &[String]) -> Result<(), Problem> {
        self.judge(address)?;
        let root = self.open()?;
        let _lock = self.lock(&root, address).await?;
        if self.find(&root, address)?.is_some() {
            self.expect(&root, address, Expected::Digest(digest), "")?;
            let removed = root
                .remove_file(address)
                .and_then(|()| draft::sync(&root.open_dir(above(address).unwrap_or("."))?));
            removed.map_err(|it| self.refused("can't be removed", address, &it))?;
        }
        let above = std::iter::successors(above(address), |it| above(it));
        for folder in above.take_while(|it| folders.iter().any(|made| made == it)) {
            // A folder that is not empty stays, and so do those above it.
            let gone = root
                .remove_dir(folder)
                .or_else(|it| if is_absence(&it) { Ok(()) } else { Err(it) });
            if gone.is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// The largest text that is read, in bytes: more would not go to Terraform in one message.
const LARGEST: u64 = 64 << 20;

/// The longest name of a file, in bytes, that the usual file systems have.
const LONGEST: usize = 255;

fn problem(message: String) -> Problem {
    Problem::error(cty::Path::root(), message)
}

fn is_there(address: &str) -> Problem {
    let cure = format!("import it with the id \"local:{address}\", or move it away");
    problem(format!("would overwrite {address}, which is there already")).cure(cure)
}

/// The address of the folder that an address is in; none at the top.
fn above(address: &str) -> Option<&str> {
    address.rsplit_once('/').map(|it| it.0)
}

/// Whether an error says that there is no such file, also when a parent is a file.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether the way to a file leads out of the root, which no system call says by a number.
fn is_escape(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

fn here() -> Result<PathBuf, Problem> {
    let here = std::env::current_dir().and_then(|it| it.canonicalize());
    here.map_err(|error| problem(format!("can't be found: the working directory: {error}")))
}

/// The way from one folder to another, both absolute: `../..`. Empty where there is none.
fn way(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return String::new();
    }
    let name = |it: &path::Component<'_>| it.as_os_str().to_string_lossy().into_owned();
    let up = from[same..].iter().map(|_| "..".to_owned());
    let way: Vec<String> = up.chain(to[same..].iter().map(name)).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

#[cfg(test)]
mod tests;
