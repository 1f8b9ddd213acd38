//! The wish that what runs should end soon.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// Tells running calls to end, without touching those that come later.
///
/// After Ctrl-C Terraform still closes ephemeral resources, and a process
/// under `-debug` serves the next run too: so what was asked of running calls
/// must not reach new ones. Clones share one wish.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    current: Arc<Mutex<CancellationToken>>,
}

impl Stop {
    /// The token for a call that begins now.
    pub fn token(&self) -> CancellationToken {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Cancels every token given so far.
    pub fn trip(&self) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *current).cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::Stop;

    #[test]
    fn what_runs_is_stopped_and_what_comes_later_is_not() {
        let stop = Stop::default();
        let (first, second) = (stop.token(), stop.clone().token());
        assert!(!first.is_cancelled());
        stop.trip();
        assert!(first.is_cancelled() && second.is_cancelled());
        assert!(!stop.token().is_cancelled());
    }
}
