//! The linter beside a real Terraform: what its fixes change in plans, and what it reads in them.

#![expect(clippy::unwrap_used, reason = "its helpers fail the tests that call them")]

#[path = "linter/fixes.rs"]
mod fixes;
#[path = "linter/plans.rs"]
mod plans;

use std::process::{Command, Output};

use stanchion_tests::{Workspace, program};

/// Runs the linter in a configuration's folder.
fn stanchion(workspace: &Workspace, arguments: &[&str]) -> Output {
    let mut command = Command::new(program("stanchion", "stanchion"));
    command.args(arguments).current_dir(workspace.path()).env_clear().output().unwrap()
}
