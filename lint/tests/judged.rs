//! What is judged: which root modules, with which variable files, and which files are read for them.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

#[path = "judged/fetched.rs"]
mod fetched;
#[path = "judged/fix.rs"]
mod fix;
#[path = "judged/paths.rs"]
mod paths;
#[path = "judged/plan.rs"]
mod plan;
#[path = "judged/variable_files.rs"]
mod variable_files;
