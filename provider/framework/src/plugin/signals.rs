//! Signals: Ctrl-C is the host's matter, a request to terminate is ours.

use std::io;

/// Swallows Ctrl-C from now on, and resolves at a request to terminate.
///
/// A terminal sends Ctrl-C to the whole group of processes. Terraform answers
/// it by asking its plugins to stop; one that died by itself would take the
/// state of what it was creating with it.
///
/// # Errors
///
/// When the system refuses a handler.
#[cfg(unix)]
pub(super) fn termination() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    // A handler stays for the life of the process, also when nobody listens.
    let _swallowed = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        terminate.recv().await;
    })
}

/// Swallows Ctrl-C from now on; nothing asks a process here to terminate.
///
/// # Errors
///
/// When the system refuses a handler.
#[cfg(windows)]
pub(super) fn termination() -> io::Result<impl Future<Output = ()>> {
    let _swallowed = tokio::signal::windows::ctrl_c()?;
    Ok(std::future::pending())
}

/// Resolves at Ctrl-C or at a request to terminate.
///
/// # Errors
///
/// When the system refuses a handler.
pub(super) fn interruption() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut interrupt = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::interrupt())?
    };
    #[cfg(windows)]
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    let terminated = termination()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            () = terminated => {}
        }
    })
}
