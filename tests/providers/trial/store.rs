//! The folder in which the objects are, what a test has ordered to go wrong, and a log of deeds.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path as File, PathBuf};

use stanchion_cty::schema::{Block, Leaf, decode_object};
use stanchion_cty::{Path, Problem, json};

/// The configured provider.
pub(crate) struct Store {
    root: Option<PathBuf>,
}

/// What a test has ordered of a deed, by a file `faults/DEED.NAME` below the root.
pub(crate) enum Fault {
    /// It fails before anything was done.
    Error,
    /// It fails when it is done.
    Late,
    /// It panics when it is done.
    Panic,
}

impl Store {
    pub(crate) fn at(root: Option<PathBuf>) -> Self {
        Self { root }
    }

    pub(crate) fn put<S: Block>(&self, kind: &str, name: &str, state: &S) -> Result<(), Problem> {
        let text = json::encode(&state.encode_value(), &S::object_type())?;
        self.write(&format!("{kind}/{name}.json"), &text)
    }

    pub(crate) fn get<S: Block>(&self, kind: &str, name: &str) -> Result<Option<S>, Problem> {
        let Some(text) = self.read(&format!("{kind}/{name}.json"))? else { return Ok(None) };
        let value = json::decode(&text, &S::object_type())?;
        let state = decode_object(&value, &Path::root());
        state.map(Some).map_err(|it| it.into_iter().next().unwrap_or_else(|| failed("is wrong")))
    }

    pub(crate) fn remove(&self, kind: &str, name: &str) -> Result<(), Problem> {
        match fs::remove_file(self.root()?.join(format!("{kind}/{name}.json"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(io_failed(&error)),
            _ => Ok(()),
        }
    }

    /// Writes a file at once, so that a test that waits for it never sees a part.
    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), Problem> {
        let file = self.root()?.join(file);
        let folder = file.parent().unwrap_or(&file);
        let new = file.with_extension("new");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&new, text))
            .and_then(|()| fs::rename(&new, &file))
            .map_err(|it| io_failed(&it))
    }

    fn read(&self, file: &str) -> Result<Option<String>, Problem> {
        match fs::read_to_string(self.root()?.join(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_failed(&error)),
        }
    }

    /// Notes a deed in the log, and says what is ordered of it: nothing while there is no root.
    pub(crate) fn begin(&self, deed: &str, name: &str) -> Result<Option<Fault>, Problem> {
        if self.root.is_none() {
            return Ok(None);
        }
        self.note(&format!("{deed} {name}"))?;
        match self.read(&format!("faults/{deed}.{name}"))?.as_deref().map(str::trim) {
            None => Ok(None),
            Some("error") => Ok(Some(Fault::Error)),
            Some("late") => Ok(Some(Fault::Late)),
            Some("panic") => Ok(Some(Fault::Panic)),
            Some(other) => Err(failed(&format!("has no fault {other:?}"))),
        }
    }

    /// Notes a deed in the log, and panics where that is ordered of it.
    pub(crate) fn begin_or_panic(&self, deed: &str, name: &str) -> Result<(), Problem> {
        match self.begin(deed, name)? {
            Some(Fault::Panic) => panic!("ordered for {name}"),
            Some(_) => Err(failed("is ordered to fail")),
            None => Ok(()),
        }
    }

    /// Adds a line to the file `log`.
    pub(crate) fn note(&self, line: &str) -> Result<(), Problem> {
        let log = self.root()?.join("log");
        let mut file = OpenOptions::new().create(true).append(true).open(log);
        let written = file.as_mut().map(|it| it.write_all(format!("{line}\n").as_bytes()));
        written.map(drop).map_err(|it| io_failed(it))
    }

    fn root(&self) -> Result<&File, Problem> {
        self.root.as_deref().ok_or_else(|| failed("has no root yet"))
    }
}

/// Panics if that is what a text says: nothing else can order it before there is a root.
pub(crate) fn panic_in_validate(text: &Leaf<String>) {
    assert!(text.known().is_none_or(|it| it != "panic in validate"), "ordered by a text");
}

pub(crate) fn failed(message: &str) -> Problem {
    Problem::error(Path::root(), message).cure("take the order back")
}

fn io_failed(error: &io::Error) -> Problem {
    failed(&format!("can't be stored: {error}"))
}
