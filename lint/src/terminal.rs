//! What the program knows of where its output goes.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, IsTerminal, Write};

use jiff::civil::Date;

/// The program's two streams, and how text may look on the first.
pub(crate) struct Terminal {
    /// What was asked for.
    pub(crate) out: Box<dyn Write>,
    /// Everything else.
    pub(crate) err: Box<dyn Write>,
    /// Whether to use colours.
    pub(crate) colours: bool,
    /// The day that it is, by UTC.
    pub(crate) today: Date,
    /// How many columns fit on a line.
    pub(crate) width: usize,
}

impl Terminal {
    /// Writes something. Who reads it may have seen enough of it, as `head` has: that is no fault.
    pub(crate) fn write(
        &mut self,
        what: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        match what(self).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                // What is left in the buffer has no reader.
                self.out = Box::new(io::sink());
                Ok(())
            }
            written => written,
        }
    }

    /// 32 hexadecimal digits that nobody had before.
    pub(crate) fn salt(&self) -> String {
        let random = || RandomState::new().build_hasher().finish();
        format!("{:016x}{:016x}", random(), random())
    }

    /// The streams of this process. Colours are for terminals only, and not if `NO_COLOR` is set
    /// to anything or `TERM` to `dumb`.
    pub(crate) fn of_process() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        let width = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
        Self {
            colours: io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
            today: jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(),
            width: width.filter(|it| *it >= 40).unwrap_or(100),
            out: Box::new(io::BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
        }
    }
}
