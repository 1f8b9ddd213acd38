//! The lock on a root: one change at a time, whoever makes it.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cap_std::fs::Dir;
use stanchion_cty::Problem;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, sleep, timeout_at};

use super::problem;

/// How long a change waits for others below the same root, each of which takes milliseconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// How long it is until it is looked again whether the lock is free.
const PAUSE: Duration = Duration::from_millis(5);

/// How many changes of one process may follow each other before others get their chance: between two of
/// them the lock is free for less time than others look.
pub(super) const IN_A_ROW: u32 = 16;

/// What the changes of this process below one root share. Whoever has it has the turn among them: they
/// wait for each other here, rather than for the lock.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The folders that were swept: their addresses, `.` for the root.
    pub(super) swept: BTreeSet<String>,
    /// How many changes there were since others had their chance.
    in_a_row: u32,
}

/// The root, until this is dropped.
pub(super) struct Lock {
    // Let go of first: who has the turn next would find it locked.
    _file: File,
    pub(super) turn: OwnedMutexGuard<Turn>,
}

/// Keeps other changes out of the root until what is returned is dropped. Whoever dies lets go of the
/// lock.
///
/// # Errors
/// Someone holds it for longer than `patience`, or the file system has no locks.
pub(super) async fn lock(
    root: &Path,
    folder: &Dir,
    turns: &Arc<Mutex<Turn>>,
    patience: Duration,
) -> Result<Lock, Problem> {
    let end = Instant::now() + patience;
    let Ok(mut turn) = timeout_at(end, turns.clone().lock_owned()).await else {
        return Err(held_by_another(root));
    };
    turn.in_a_row += 1;
    if turn.in_a_row > IN_A_ROW {
        turn.in_a_row = 0;
        sleep(2 * PAUSE).await;
    }
    let failed = |error: io::Error| {
        let message = format!("can't be written, as {} can't be locked: {error}", root.display());
        problem(message).cure("choose a root on a file system that has locks, such as a local disk")
    };
    let file = lockable(root, folder).map_err(failed)?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file, turn }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(PAUSE).await,
            Err(TryLockError::WouldBlock) => return Err(held_by_another(root)),
        }
    }
}

fn held_by_another(root: &Path) -> Problem {
    let root = root.display();
    let message = format!("can't be written, as another program locks {root}");
    let cure =
        format!("wait for the other apply, or end what holds the lock, which `fuser {root}` names");
    problem(message).cure(cure)
}

/// What is locked: the root itself, so that nothing is left behind.
#[cfg(unix)]
fn lockable(_: &Path, folder: &Dir) -> io::Result<File> {
    // Opened anew: a lock belongs to what is opened, and a copy of the handle would share it.
    Ok(folder.open(".")?.into_std())
}

/// What is locked: a file beside all others of this root, since a folder has no lock here.
#[cfg(not(unix))]
fn lockable(root: &Path, _: &Dir) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = format!("stanchion-{:016x}.lock", hasher.finish());
    File::options().create(true).append(true).open(std::env::temp_dir().join(name))
}
