//! How far a long run is, for someone who watches.

use std::io::{self, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Nothing is said of a run that is shorter.
const PATIENCE: Duration = Duration::from_secs(1);
/// It is said no oftener.
const BETWEEN: Duration = Duration::from_millis(100);

/// Counts what is done, and says it on one line that is gone in the end.
pub(crate) struct Progress<W: Write> {
    all: usize,
    state: Mutex<State<W>>,
}

struct State<W> {
    done: usize,
    /// When it is said next.
    next: Instant,
    is_shown: bool,
    to: W,
}

impl<W: Write> Progress<W> {
    /// Of so many root modules, from now on.
    pub(crate) fn new(all: usize, to: W, now: Instant) -> Self {
        Self {
            all,
            state: Mutex::new(State { done: 0, next: now + PATIENCE, is_shown: false, to }),
        }
    }

    /// One more is done.
    pub(crate) fn step(&self, now: Instant) {
        // Who can't say how far it is still does the work.
        let Ok(mut state) = self.state.lock() else { return };
        state.done += 1;
        if now >= state.next {
            state.next = now + BETWEEN;
            state.is_shown = true;
            let (done, all) = (state.done, self.all);
            drop(say(&mut state.to, &format!("\r{done} of {all} root modules are judged")));
        }
    }

    /// Takes the line away.
    pub(crate) fn end(self) -> Option<W> {
        let mut state = self.state.into_inner().ok()?;
        if state.is_shown {
            drop(say(&mut state.to, "\r\u{1b}[K"));
        }
        Some(state.to)
    }
}

fn say(to: &mut impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_tells_how_far_it_is_and_a_short_one_nothing() {
        let start = Instant::now();
        let said = |millis: &[u64]| {
            let progress = Progress::new(9, Vec::new(), start);
            millis.iter().for_each(|it| progress.step(start + Duration::from_millis(*it)));
            String::from_utf8(progress.end().unwrap_or_default())
        };
        assert_eq!(said(&[1, 500, 999]), Ok(String::new()));
        let line = |done: u32| format!("\r{done} of 9 root modules are judged");
        let long = said(&[500, 1000, 1050, 1200]);
        assert_eq!(long, Ok(format!("{}{}\r\u{1b}[K", line(2), line(4))));
    }
}
