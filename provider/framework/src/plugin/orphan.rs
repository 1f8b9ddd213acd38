//! A host that is gone without a word: killed, it asks nobody to end.

use std::time::Duration;

use tokio_util::task::TaskTracker;

/// How often is looked. A process that nobody needs may stay so much longer.
const PERIOD: Duration = Duration::from_millis(500);

/// Ends when the host has died: the process that has started us is no longer our parent, and none
/// of the connections is open. One of the two alone can have other reasons: a program in between
/// that has started us and ended, or a host that has not connected yet.
pub(super) async fn orphaned(connections: &TaskTracker) {
    let Some(host) = parent() else { return std::future::pending().await };
    loop {
        tokio::time::sleep(PERIOD).await;
        if connections.is_empty() && parent() != Some(host) {
            return;
        }
    }
}

#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

/// Nothing tells here.
#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}
