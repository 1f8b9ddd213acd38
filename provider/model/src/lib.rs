//! What a pipeline is, what an image is, and what a document is.
//!
//! Facts only: nothing here reads or writes a file, asks for the time, or knows Terraform's
//! syntax, its protocol, or a rule.

mod document;
mod held;
mod image;
mod normal;
mod pipeline;
mod size;
mod unmanaged;
mod workflow;

pub use document::{Document, Found, NotKnown, Observed, Tree};
pub use held::Held;
pub use image::*;
pub use pipeline::{Branches, Job, Pipeline, STAGES, Triggers, slug};
pub use size::{ParseSizeError, Size};
pub use workflow::{Called, CheckNames, NotAWorkflow, Uses, Workflow, WorkflowJob, check_names};
