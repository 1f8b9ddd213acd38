//! A linter for infrastructure code that reads Terraform as Terraform does.
//!
//! [`run`] is the program. Below it: `disk` reads files, `facts` are what configurations are made
//! of, [`rules`] judge facts, `output` writes [`Report`]s, `commands` is the command line.
//!
//! Absent on purpose: writing files, and anything that Terraform's state or a cloud would know.

mod commands;
mod disk;
mod exit;
pub mod facts;
mod finding;
mod judge;
mod output;
pub mod rules;
mod shown;
mod terminal;

pub use commands::run;
pub use exit::Exit;
pub use finding::{Finding, Location, Report, RuleCount, Severity, Summary, Unknown};
pub use judge::{Context, Objection, Verdict};
