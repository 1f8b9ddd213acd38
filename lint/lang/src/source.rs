//! Where something is written: files, spans and places.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// A file's name and text, as whoever reads files hands it in.
///
/// The path is shown to users as it is, and its folder says which module the file belongs to;
/// parts are separated by `/`.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path, as users write it.
    pub path: String,
    /// The whole text. A byte order mark may stand at the beginning.
    pub text: String,
    /// Why the text can't be read though it was asked for, and at which byte; it is a fault then.
    pub broken: Option<(usize, String)>,
    /// Why it is not looked into though it is there: a clause. It is no fault then.
    pub skipped: Option<String>,
    /// Whether git ignores it, so that others don't have it.
    pub is_ignored: bool,
    /// Whether it holds values of variables, whatever its name.
    pub is_variables: bool,
}

impl Source {
    /// A file of that content. Bytes that are no UTF-8 make it broken.
    #[must_use]
    pub fn new(path: impl Into<String>, content: Vec<u8>) -> Self {
        match String::from_utf8(content) {
            Ok(text) => Self { path: path.into(), text, ..Self::empty() },
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let broken = Some((at, "is not UTF-8 text".to_owned()));
                Self { path: path.into(), text, broken, ..Self::empty() }
            }
        }
    }

    /// A file that is there but could not be read, and why: a clause.
    #[must_use]
    pub fn unreadable(path: impl Into<String>, why: impl Into<String>) -> Self {
        let broken = Some((0, why.into()));
        Self { path: path.into(), broken, ..Self::empty() }
    }

    /// A file that is there but is not to be looked into, and why: a clause.
    #[must_use]
    pub fn skipped(path: impl Into<String>, why: impl Into<String>) -> Self {
        let skipped = Some(why.into());
        Self { path: path.into(), skipped, ..Self::empty() }
    }

    fn empty() -> Self {
        let (path, text, broken, skipped) = Default::default();
        Self { path, text, broken, skipped, is_ignored: false, is_variables: false }
    }
}

/// A stretch of a file's text, in bytes from the beginning of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// Whether another stretch lies in this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The empty stretch at a byte.
    pub(crate) fn at(file: FileId, byte: usize) -> Self {
        let at = u32::try_from(byte).unwrap_or(u32::MAX);
        Self { file, start: at, end: at }
    }
}

/// One of the files of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

/// A place as users read it: `main.tf:3:13`. Line and column count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file's path.
    pub path: Arc<str>,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A file of a workspace.
#[derive(Debug)]
pub struct File {
    id: FileId,
    path: Arc<str>,
    text: Arc<str>,
    is_ignored: bool,
    is_variables: bool,
    /// The offset at which each line begins.
    /// Only files of which something is said are asked for places.
    lines: OnceLock<Vec<u32>>,
}

impl File {
    pub(crate) fn new(id: FileId, source: Source) -> Self {
        let Source { path, text, is_ignored, is_variables, .. } = source;
        let (path, text, lines) = (path.into(), text.into(), OnceLock::new());
        Self { id, path, text, is_ignored, is_variables, lines }
    }

    /// Which of the workspace's files it is.
    #[must_use]
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The empty stretch before the first character.
    #[must_use]
    pub fn beginning(&self) -> Span {
        Span::at(self.id, 0)
    }

    /// The path, as it was handed in.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Whether it was said to hold values of variables, whatever its name.
    pub(crate) fn is_variables(&self) -> bool {
        self.is_variables
    }

    /// The whole text, with its byte order mark if it has one.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether git ignores it, so that others don't have it.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        self.is_ignored
    }

    /// The folder of the file: its path without the last part, empty for a bare name.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The place of a byte. What lies beyond the end is at the end.
    #[must_use]
    pub fn place(&self, offset: u32) -> Place {
        let lines = self.lines.get_or_init(|| {
            let starts = self.text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n');
            std::iter::once(0).chain(starts.map(|(_, after)| after)).collect()
        });
        let line = lines.partition_point(|start| *start <= offset).max(1);
        let start = lines.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..).unwrap_or("");
        let columns = before
            .char_indices()
            .take_while(|(at, _)| start + at < offset as usize)
            .filter(|(_, it)| *it != '\u{feff}')
            .count();
        Place {
            path: self.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(columns + 1).unwrap_or(u32::MAX),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// A file that can't be read as Terraform's language, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where reading stopped.
    pub span: Span,
    /// What is wrong there: a clause read after the place.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: u32) -> (u32, u32) {
        let file = File::new(FileId(0), Source::new("a/b.tf", text.into()));
        let place = file.place(offset);
        (place.line, place.column)
    }

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        assert_eq!(place("ab\ncd", 0), (1, 1));
        assert_eq!(place("ab\ncd", 2), (1, 3));
        assert_eq!(place("ab\ncd", 3), (2, 1));
        assert_eq!(place("äö\nü x", 8), (2, 3));
        assert_eq!(place("ab", 99), (1, 3));
        assert_eq!(place("", 0), (1, 1));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(place("\u{feff}ab", 3), (1, 1));
        assert_eq!(place("\u{feff}ab", 4), (1, 2));
    }
}
