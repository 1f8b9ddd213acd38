//! A panic is a defect of ours: one call fails with its place, others go on.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::pin::pin;
use std::task::Poll;

/// What a panic said, and where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panicked {
    /// The panic's own message.
    pub message: String,
    /// `file:line:column` in the source, where it is known.
    pub place: Option<String>,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        match &self.place {
            Some(place) => write!(f, " at {place}"),
            None => Ok(()),
        }
    }
}

/// Runs a call so that a panic in it becomes a value.
///
/// What the future has half done is left as it is: the caller must answer as
/// if nothing were known of the outcome. Tasks that the future has spawned
/// panic on their own.
///
/// # Errors
///
/// `Panicked` when the future panics; it is not polled again.
pub async fn catch<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(|context| {
        let _caught = Caught::enter();
        match panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(payload) => Poll::Ready(Err(Panicked {
                message: message(payload.as_ref()),
                place: PLACE.take(),
            })),
        }
    })
    .await
}

/// Makes a panic that nothing catches say itself on stderr.
///
/// Terraform prints what follows a line that begins `panic: ` when a run has
/// failed, under a heading that says that the plugin crashed. A panic within
/// [`catch`] is no crash: it is told by the call's own answer.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        if CATCHING.get() {
            PLACE.set(place);
            return;
        }
        // A hook that panics aborts the process, so failures end here.
        let _ = std::io::stderr().write_all(report(info, place).as_bytes());
    }));
}

thread_local! {
    /// Whether what runs on this thread stands below `catch`.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    /// Where the panic was that is being caught.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Marks a stretch of this thread's work as caught, until it is dropped.
struct Caught {
    before: bool,
}

impl Caught {
    fn enter() -> Self {
        Self { before: CATCHING.replace(true) }
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        CATCHING.set(self.before);
    }
}

fn report(info: &PanicHookInfo<'_>, place: Option<String>) -> String {
    let panicked = Panicked { message: message(info.payload()), place };
    // Only RUST_BACKTRACE=1 fills it.
    match std::backtrace::Backtrace::capture() {
        it if it.status() == std::backtrace::BacktraceStatus::Captured => {
            format!("panic: {panicked}\n{it}\n")
        }
        _ => format!("panic: {panicked}\n"),
    }
}

/// The text of a panic: `panic!` gives a `&str` or a `String`, and only
/// `panic_any` anything else.
fn message(payload: &(dyn Any + Send)) -> String {
    match payload.downcast_ref::<&str>() {
        Some(text) => (*text).to_owned(),
        None => payload.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".to_owned()),
    }
}
