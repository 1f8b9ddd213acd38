//! What a deed is given beside its values.

use std::sync::Arc;

use jiff::Timestamp;
use stanchion_cty::{Problem, Problems};
use tokio_util::sync::CancellationToken;

use crate::{Private, Provider};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Tells an environment variable's value.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What a deed is given beside its values: the configured provider, the time, whether to stop, and
/// room for private data and warnings.
pub struct Context<P: Provider> {
    client: Arc<P::Client>,
    clock: Clock,
    stop: CancellationToken,
    /// Data that Terraform stores beside the state and shows to nobody, but does not encrypt:
    /// never a place for a secret.
    pub private: Private,
    problems: Problems,
}

impl<P: Provider> Context<P> {
    pub(crate) fn new(
        client: Arc<P::Client>,
        clock: Clock,
        stop: CancellationToken,
        private: Private,
    ) -> Self {
        Self { client, clock, stop, private, problems: Problems::new() }
    }

    /// The configured provider.
    #[must_use]
    pub fn client(&self) -> &P::Client {
        &self.client
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Cancelled when the user asks to stop, or the deed's time is up: finish or undo what was
    /// begun and return, with what exists by then.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Tells the user of something that does not stop the work.
    pub fn warn(&mut self, problem: Problem) {
        self.problems.push(Problem { severity: stanchion_cty::Severity::Warning, ..problem });
    }

    pub(crate) fn take_problems(&mut self) -> Problems {
        std::mem::take(&mut self.problems)
    }
}
