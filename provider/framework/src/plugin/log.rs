//! The log that Terraform reads from a plugin's stderr: one JSON object a line,
//! in the form of HashiCorp's hclog.
//!
//! Messages and the names of fields are fixed texts, and a field's value is a
//! number, a flag, a fixed text, or what the caller declares to be public by
//! name. So nothing that a user has configured gets here by being formatted.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// The longest line, in bytes. Hosts split a line at 64 KiB, and a part of a
/// JSON object is not one.
const LINE_LIMIT: usize = 60 * 1024;

/// The most that one text may take of a line, in bytes.
const TEXT_LIMIT: usize = 16 * 1024;

/// How much an entry matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Each step, for who looks for a defect.
    Trace,
    /// What a developer of the provider wants to know.
    Debug,
    /// What a user may want to know.
    Info,
    /// What a user should look at.
    Warn,
    /// What has failed.
    Error,
}

impl Level {
    /// The least level that the environment asks for. The first that is set
    /// decides: `TF_LOG_PROVIDER_<TYPE>`, `TF_LOG_PROVIDER`, `TF_LOG`. None
    /// set is no log.
    pub(super) fn wanted(
        type_name: &str,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        let own = format!("TF_LOG_PROVIDER_{}", type_name.to_uppercase().replace('-', "_"));
        [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"]
            .into_iter()
            .filter_map(variable)
            .find(|it| !it.is_empty())
            .and_then(|it| match it.to_string_lossy().to_uppercase().as_str() {
                "OFF" => None,
                "DEBUG" => Some(Self::Debug),
                "INFO" => Some(Self::Info),
                "WARN" => Some(Self::Warn),
                "ERROR" => Some(Self::Error),
                // As in Terraform: `TRACE`, `JSON`, and whatever isn't a level.
                _ => Some(Self::Trace),
            })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// What may stand in a field. There is no conversion from `String` or `&str`
/// with a shorter life on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Field(String);

impl Field {
    /// What the caller knows to hold nothing of a user's values: a type's name,
    /// an error of the system's.
    pub fn public(it: &(impl fmt::Display + ?Sized)) -> Self {
        Self(it.to_string())
    }
}

impl From<&'static str> for Field {
    fn from(it: &'static str) -> Self {
        Self(it.to_owned())
    }
}

impl From<bool> for Field {
    fn from(it: bool) -> Self {
        Self(it.to_string())
    }
}

impl From<i64> for Field {
    fn from(it: i64) -> Self {
        Self(it.to_string())
    }
}

impl From<u64> for Field {
    fn from(it: u64) -> Self {
        Self(it.to_string())
    }
}

impl From<usize> for Field {
    fn from(it: usize) -> Self {
        Self(it.to_string())
    }
}

impl From<Duration> for Field {
    /// In milliseconds, rounded down.
    fn from(it: Duration) -> Self {
        Self(format!("{}ms", it.as_millis()))
    }
}

/// Where entries go. Clones share one sink, and lines never mix.
#[derive(Clone)]
pub struct Log {
    least: Option<Level>,
    module: Arc<str>,
    sink: Arc<Mutex<dyn Write + Send>>,
}

impl Log {
    /// A log on stderr. `least` is the least level that is written; none
    /// writes nothing. `provider` is the provider's type.
    pub fn stderr(least: Option<Level>, provider: &str) -> Self {
        Self::new(least, provider, io::stderr())
    }

    /// A log on any sink, for tests.
    pub fn new(least: Option<Level>, provider: &str, sink: impl Write + Send + 'static) -> Self {
        Self {
            least,
            module: format!("provider.{provider}").into(),
            sink: Arc::new(Mutex::new(sink)),
        }
    }

    /// Writes at [`Level::Trace`].
    pub fn trace(&self, message: &'static str, fields: &[(&'static str, Field)]) {
        self.write(Level::Trace, message, fields);
    }

    /// Writes at [`Level::Debug`].
    pub fn debug(&self, message: &'static str, fields: &[(&'static str, Field)]) {
        self.write(Level::Debug, message, fields);
    }

    /// Writes at [`Level::Info`].
    pub fn info(&self, message: &'static str, fields: &[(&'static str, Field)]) {
        self.write(Level::Info, message, fields);
    }

    /// Writes at [`Level::Warn`].
    pub fn warn(&self, message: &'static str, fields: &[(&'static str, Field)]) {
        self.write(Level::Warn, message, fields);
    }

    /// Writes at [`Level::Error`].
    pub fn error(&self, message: &'static str, fields: &[(&'static str, Field)]) {
        self.write(Level::Error, message, fields);
    }

    /// Whether an entry of this level is written, for fields that cost much.
    pub fn writes(&self, level: Level) -> bool {
        self.least.is_some_and(|least| level >= least)
    }

    /// Writes one entry. Fields whose name begins with `@` are the form's own
    /// and lose it. A log that can't be written is nobody's failure.
    pub fn write(&self, level: Level, message: &'static str, fields: &[(&'static str, Field)]) {
        if !self.writes(level) {
            return;
        }
        let line = line(Timestamp::now(), level, &self.module, message, fields);
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = sink.write_all(line.as_bytes()).and_then(|()| sink.flush());
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("least", &self.least).field("module", &self.module).finish()
    }
}

/// One line with its end.
///
/// Every value is a string: a host breaks off at a level or message that isn't,
/// and prints a large number as a rounded float. It takes a timestamp only with
/// six digits.
fn line(
    at: Timestamp,
    level: Level,
    module: &str,
    message: &str,
    fields: &[(&str, Field)],
) -> String {
    let mut line = format!(r#"{{"@level":"{}","@message":""#, level.name());
    push_text(&mut line, message);
    line.push_str(r#"","@module":""#);
    push_text(&mut line, module);
    line.push_str(&format!(r#"","@timestamp":"{at:.6}""#));
    for (position, (name, value)) in fields.iter().enumerate() {
        let mut field = String::from(",\"");
        push_text(&mut field, name.trim_start_matches('@'));
        field.push_str("\":\"");
        push_text(&mut field, &value.0);
        field.push('"');
        if line.len() + field.len() > LINE_LIMIT {
            line.push_str(&format!(r#","fields_left_out":"{}""#, fields.len() - position));
            break;
        }
        line.push_str(&field);
    }
    line.push_str("}\n");
    line
}

/// Appends a text as the inside of a JSON string, cut where it is too long.
fn push_text(line: &mut String, text: &str) {
    let most = line.len() + TEXT_LIMIT;
    for (offset, character) in text.char_indices() {
        if line.len() >= most {
            line.push_str(&format!(" … ({} bytes left out)", text.len() - offset));
            return;
        }
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            // A terminal that shows the log obeys control characters.
            it if it.is_control() => line.push_str(&format!("\\u{:04x}", u32::from(it))),
            it => line.push(it),
        }
    }
}

#[cfg(test)]
mod tests;
