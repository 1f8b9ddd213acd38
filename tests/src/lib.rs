//! What no one crate can promise alone: a real Terraform or OpenTofu, the real provider, a folder.
//!
//! ```no_run
//! use stanchion_tests::{Provider, Terraform, Workspace};
//!
//! let workspace = Workspace::new(&Terraform::newest()).with_override(&Provider::stanchion());
//! let step = workspace.step(r#"resource "terraform_data" "one" { input = "a" }"#);
//! assert_eq!(step.state.value("terraform_data.one", "output"), "a");
//! workspace.destroy();
//! ```
//!
//! A test that can't go on panics with the command and all that it printed.
#![expect(clippy::panic, reason = "a harness fails the test that uses it")]

pub mod arbitrary;
mod child;
mod json;
mod page;
pub mod place;
mod program;
mod provider;
mod step;
mod terraform;
mod workspace;

pub use child::{Output, Running};
pub use json::{Diagnostic, Plan, State};
pub use page::{blocks_of, page_is, with_block};
pub use program::program;
pub use provider::Provider;
pub use step::Step;
pub use terraform::Terraform;
pub use workspace::Workspace;

use std::path::{Path, PathBuf};

/// The folder of the workspace: what holds `Cargo.lock`, `docs` and `examples`.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/")).to_path_buf()
}
