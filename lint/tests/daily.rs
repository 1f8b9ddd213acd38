//! The linter as a tool of every day: settings, suppressions, baselines, changes, formats.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

#[path = "daily/baseline.rs"]
mod baseline;
#[path = "daily/changes.rs"]
mod changes;
#[path = "daily/custom.rs"]
mod custom;
#[path = "daily/formats.rs"]
mod formats;
#[path = "daily/program.rs"]
mod program;
#[path = "daily/settings.rs"]
mod settings;
#[path = "daily/suppressions.rs"]
mod suppressions;
