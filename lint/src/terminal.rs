//! What the program knows of where its output goes.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, IsTerminal, Write};

use jiff::civil::Date;

/// Standard output, whose reader may have seen enough of it, as `head` has: that is no fault, and
/// the rest is written to nobody.
struct Reader {
    of: Option<io::Stdout>,
}

impl Reader {
    fn through<T>(
        &mut self,
        otherwise: T,
        write: impl FnOnce(&mut io::Stdout) -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(out) = &mut self.of else { return Ok(otherwise) };
        match write(out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.of = None;
                Ok(otherwise)
            }
            written => written,
        }
    }
}

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.through(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.through((), Write::flush)
    }
}

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
    /// Whether someone watches the second stream.
    pub(crate) is_watched: bool,
    /// How many columns fit on a line.
    pub(crate) width: usize,
}

impl Terminal {
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
            is_watched: io::stderr().is_terminal() && !dumb,
            today: jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(),
            width: width.filter(|it| *it >= 40).unwrap_or(100),
            out: Box::new(io::BufWriter::new(Reader { of: Some(io::stdout()) })),
            err: Box::new(io::stderr()),
        }
    }
}
