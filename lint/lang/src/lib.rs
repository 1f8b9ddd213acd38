//! What a Terraform configuration says: syntax, modules, evaluation, provenance.
//!
//! [`Workspace::new`] reads files; those that can't be read are faults and the others go on.
//! [`Evaluation`] then computes what resources say as Terraform does on a first plan: there is no
//! state, so what only the cloud knows is unknown, and [`Why`] tells what it stands for.
//!
//! Absent on purpose: input and output, rules, and a failure on broken input.

mod eval;
mod functions;
mod hash;
mod inputs;
mod module;
mod refusal;
mod source;
pub mod syntax;
mod why;
mod workspace;

pub use eval::{
    DataSources, Evaluated, Evaluation, Found, Gap, NoDataSources, ProviderSettings, Resource, View,
};
pub use functions::{Files, NoFiles, Unread};
pub use inputs::{Argument, Inputs, Planned};
pub use module::{Mode, Module, ProviderBlock, RequiredProvider};
pub use refusal::Refusal;
pub use source::{Fault, File, FileId, Place, Source, Span};
pub use why::Why;
pub use workspace::{Lock, Locked, Workspace, is_configuration, is_fetched, is_loaded};
