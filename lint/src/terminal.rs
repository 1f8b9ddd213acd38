//! What the program knows of where its output goes.

use std::io::{self, IsTerminal, Write};

/// The program's two streams, and how text may look on the first.
pub(crate) struct Terminal {
    /// What was asked for.
    pub(crate) out: Box<dyn Write>,
    /// Everything else.
    pub(crate) err: Box<dyn Write>,
    /// Whether to use colours.
    pub(crate) colours: bool,
    /// How many columns fit on a line.
    pub(crate) width: usize,
}

impl Terminal {
    /// The streams of this process. Colours are for terminals only, and not if `NO_COLOR` is set
    /// to anything or `TERM` to `dumb`.
    pub(crate) fn of_process() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        let width = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
        Self {
            colours: io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
            width: width.filter(|it| *it >= 40).unwrap_or(100),
            out: Box::new(io::BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
        }
    }
}
