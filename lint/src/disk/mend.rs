//! Writes files that are mended: each whole or not at all, and none if one of them can't be.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::commands::CouldNot;
use crate::mend::MendedFile;

/// Puts mended files in the places of those that were read, with their permissions.
///
/// # Errors
/// If a file is a link, may not be written, or is another by now; then no file is changed. If writing
/// fails.
pub(crate) fn mend(files: &[MendedFile]) -> Result<(), CouldNot> {
    files.iter().try_for_each(check)?;
    files.iter().try_for_each(|it| {
        replace(Path::new(&*it.path), &it.after).map_err(|error| {
            could_not(&format!("{} can't be written: {error}", it.path), "make its folder writable")
        })
    })
}

fn check(file: &MendedFile) -> Result<(), CouldNot> {
    let (path, name) = (Path::new(&*file.path), &file.path);
    let unread = |error| could_not(&format!("{name} can't be read: {error}"), "run it again");
    let meta = path.symlink_metadata().map_err(unread)?;
    if meta.is_symlink() {
        let why = format!("{name} is not mended, since it is a link");
        return Err(could_not(&why, "run stanchion where the file itself is, or mend it by hand"));
    }
    if meta.permissions().readonly() {
        let why = format!("{name} is not mended, since it is read-only");
        return Err(could_not(&why, &format!("make it writable, as by chmod u+w {name}")));
    }
    if fs::read(path).map_err(unread)? != file.before.as_bytes() {
        let why = format!("{name} changed since it was read");
        return Err(could_not(&why, "run stanchion again when nothing writes it"));
    }
    Ok(())
}

/// Writes the text beside the file and moves it there, so that nobody ever reads half of it.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let write = || {
        let permissions = path.metadata()?.permissions();
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    let written = write();
    if written.is_err() {
        // What could not be written may not be there.
        drop(fs::remove_file(&beside));
    }
    written
}

fn could_not(message: &str, cure: &str) -> CouldNot {
    CouldNot { message: message.to_owned(), cure: Some(cure.to_owned()) }
}
