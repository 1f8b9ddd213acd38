//! Which calls are under way: the process may end when none is.

use std::task::{Context, Poll};

use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TrackedFuture;
use tower_layer::Layer;
use tower_service::Service;

/// Counts the calls whose answer isn't ready. A stream that was opened doesn't count: it is answered.
#[derive(Clone, Default)]
pub(super) struct Calls(TaskTracker);

impl Calls {
    /// Ends when no call is under way.
    pub(super) async fn done(&self) {
        self.0.close();
        self.0.wait().await;
    }
}

impl<S> Layer<S> for Calls {
    type Service = Counted<S>;

    fn layer(&self, inner: S) -> Counted<S> {
        Counted { inner, calls: self.clone() }
    }
}

/// A service whose calls are counted.
#[derive(Clone)]
pub(super) struct Counted<S> {
    inner: S,
    calls: Calls,
}

impl<S: Service<R>, R> Service<R> for Counted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = TrackedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.calls.0.track_future(self.inner.call(request))
    }
}
