//! A draft: a file that takes its place whole, with the folders above it, or not at all.

use std::io::{self, Write as _};

use cap_std::fs::{Dir, File, OpenOptions, Permissions};

/// A file that is to be.
pub(super) struct Draft<'a> {
    /// The folders above it that are not there yet, outermost first.
    pub(super) missing: &'a [&'a str],
    /// Its name.
    pub(super) name: &'a str,
    /// What it says.
    pub(super) text: &'a str,
    /// Its mode; none for that of any new file.
    pub(super) mode: Option<Permissions>,
    /// Whether it takes the place of a file.
    pub(super) replaces: bool,
}

impl Draft<'_> {
    /// Puts the file in its place below a folder that is there.
    ///
    /// It is written beside its place under another name, made durable, and renamed. Where folders are
    /// missing they are made in the draft too, and come with the file: a kill leaves either nothing but
    /// a draft, or all of it.
    pub(super) fn put(&self, folder: &Dir) -> io::Result<()> {
        let draft = &draft_name();
        let Some((top, below)) = self.missing.split_first() else {
            let mut file = create(folder, draft).map_err(taken)?;
            let leftover = Leftover { folder, name: draft.clone(), is_folder: false };
            let _alive = lock(file.try_clone());
            self.write(&mut file)?;
            put_in_place(folder, draft, self.name, self.replaces)?;
            leftover.became_it();
            return sync(folder);
        };
        folder.create_dir(draft).map_err(taken)?;
        let leftover = Leftover { folder, name: draft.clone(), is_folder: true };
        let mut inner = vec![folder.open_dir(draft)?];
        let _alive = lock(inner[0].open("."));
        for (i, name) in below.iter().enumerate() {
            inner[i].create_dir(name)?;
            inner.push(inner[i].open_dir(name)?);
        }
        if let Some(innermost) = inner.last() {
            self.write(&mut create(innermost, self.name)?)?;
        }
        inner.iter().rev().try_for_each(sync)?;
        put_in_place(folder, draft, top, false)?;
        leftover.became_it();
        sync(folder)
    }

    fn write(&self, file: &mut File) -> io::Result<()> {
        // Before the text: what only its owner may read is never read by others.
        match self.mode.as_ref().map_or(Ok(()), |it| file.set_permissions(it.clone())) {
            // The file system has one mode for all.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            done => done?,
        }
        file.write_all(self.text.as_bytes())?;
        file.sync_all()
    }
}

fn create(folder: &Dir, name: &str) -> io::Result<File> {
    folder.open_with(name, OpenOptions::new().write(true).create_new(true))
}

/// What is said of a draft of this name that someone else is writing, as in another container.
fn taken(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists => io::ErrorKind::ResourceBusy.into(),
        _ => error,
    }
}

/// Removes the drafts in a folder whose writers were killed. What can't be removed stays: it is in
/// nobody's way.
pub(super) fn clear(folder: &Dir) {
    let Ok(entries) = folder.entries() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|it| is_draft(it)) else { continue };
        let Ok(kind) = entry.file_type() else { continue };
        // To open anything else could wait for ever.
        if !kind.is_dir() && !kind.is_file() {
            continue;
        }
        // A writer holds a lock on its draft, and whoever dies lets go of it. The lock on the root
        // keeps out all writers but those that know the folder under another root.
        let handle = folder.open(name).map(File::into_std);
        if handle.is_ok_and(|it| it.try_lock().is_ok()) || cfg!(not(unix)) {
            drop(Leftover { folder, name: name.to_owned(), is_folder: kind.is_dir() });
        }
    }
}

/// Whether a file's name is that of a draft.
pub(super) fn is_draft(name: &str) -> bool {
    let number = name.strip_prefix(BEFORE).and_then(|it| it.strip_suffix(AFTER));
    number.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

const BEFORE: &str = ".stanchion-";
const AFTER: &str = ".draft";

fn draft_name() -> String {
    format!("{BEFORE}{}{AFTER}", std::process::id())
}

/// A draft that goes when this is dropped.
struct Leftover<'a> {
    folder: &'a Dir,
    name: String,
    is_folder: bool,
}

impl Leftover<'_> {
    /// The draft is the file now, and stays.
    fn became_it(self) {
        std::mem::forget(self);
    }
}

impl Drop for Leftover<'_> {
    fn drop(&mut self) {
        let _stays = if self.is_folder {
            self.folder.remove_dir_all(&self.name)
        } else {
            self.folder.remove_file(&self.name)
        };
    }
}

/// Gives a draft its name. One that replaces nothing is refused where something is.
fn put_in_place(folder: &Dir, draft: &str, name: &str, replaces: bool) -> io::Result<()> {
    if replaces {
        return folder.rename(draft, folder, name);
    }
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(folder, draft, folder, name, RenameFlags::NOREPLACE) {
            // The file system does not know how to replace nothing.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            done => return Ok(done?),
        }
    }
    match folder.symlink_metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => folder.rename(draft, folder, name),
        Err(error) => Err(error),
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

/// Makes a folder's entries durable, where the system can.
pub(super) fn sync(folder: &Dir) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match folder.open(".")?.into_std().sync_all() {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        done => done,
    }
}

/// Marks a draft as one that is being written, for as long as what is returned; where the system can't,
/// it has no lock.
fn lock(draft: io::Result<File>) -> Option<std::fs::File> {
    let draft = draft.ok()?.into_std();
    draft.try_lock().ok().map(|()| draft)
}
