//! A linter for infrastructure code that reads Terraform as Terraform does.
//!
//! [`run`] is the program. Below it: `disk` reads files, `facts` are what configurations are made
//! of, [`rules`] judge facts, `output` writes [`Report`]s, `commands` is the command line.
//!
//! Absent on purpose: writing files that nobody asked to be written, and anything that Terraform's state or a cloud would know.

mod adopt;
mod baseline;
mod changed;
mod commands;
mod custom;
mod data_sources;
mod disk;
mod exit;
pub mod facts;
mod finding;
mod fingerprint;
mod git;
mod judge;
mod mend;
mod module_address;
mod output;
mod parts;
mod paths;
mod plan;
mod progress;
mod reach;
pub mod reading;
mod redact;
mod removal;
pub mod rules;
mod settings;
mod shown;
mod suppress;
mod terminal;

pub use commands::run;
pub use exit::Exit;
pub use finding::{
    Confidence, Excuse, Finding, Fix, Gone, Location, Report, RuleCount, Severity, Step, Subject,
    Summary, Unknown,
};
pub use judge::{Context, Link, Mend, Objection, Verdict};
pub use paths::Paths;
