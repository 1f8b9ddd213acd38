//! What is wrong with an input, as a value.

use std::fmt;
use std::io;
use std::ops::Deref;

use crate::Path;

/// Something wrong with a value, at a place.
///
/// The message is a clause read after the place (`jobs["test"].stage` *must not be empty*): lower
/// case, no full stop. The cure, where there is one to name, says what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether work can go on.
    pub severity: Severity,
    /// Where, from the value that was looked at.
    pub path: Path,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub cure: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Work goes on.
    Warning,
    /// Work stops.
    Error,
}

/// Problems of one input, in the order in which they were found. As an error it holds at least one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems(Vec<Problem>);

impl Problem {
    /// An error at `path`.
    #[must_use]
    pub fn error(path: Path, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, path, message: message.into(), cure: None }
    }

    /// A warning at `path`.
    #[must_use]
    pub fn warning(path: Path, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, path, message: message.into(), cure: None }
    }

    /// The same problem with its cure.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// The same problem with its path seen from further out.
    #[must_use]
    pub fn under(mut self, outer: &Path) -> Self {
        self.path = outer.join(&self.path);
        self
    }
}

impl Problems {
    /// No problem.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Whether work must stop.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.0.iter().any(|it| it.severity == Severity::Error)
    }
}

impl Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// What the system refused, in its words.
impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::error(Path::root(), format!("met an error of the system: {error}"))
    }
}

/// What the system refused, in its words.
impl From<io::Error> for Problems {
    fn from(error: io::Error) -> Self {
        Problem::from(error).into()
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<T: IntoIterator<Item = Problem>>(problems: T) -> Self {
        Self(problems.into_iter().collect())
    }
}

impl Extend<Problem> for Problems {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        self.0.extend(problems);
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Writes `path message`, then the cure behind a semicolon.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{} ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.cure {
            Some(cure) => write!(f, "; {cure}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}
