//! What a pipeline is, what an image is, and what a document is.
//!
//! Facts only: nothing here reads or writes a file, asks for the time, or knows Terraform's
//! syntax, its protocol, or a rule.

mod document;
mod duration;
mod held;
mod image;
mod normal;
pub mod pipeline;
mod size;
mod unmanaged;
mod workflow;

pub use document::{Document, Found, NotKnown, Observed, Tree};
pub use duration::{Duration, ParseDurationError, is_duration, is_whole_minutes, same_duration};
pub use held::Held;
pub use image::*;
pub use pipeline::Pipeline;
pub use size::{ParseSizeError, Size, is_size, same_size};
pub use workflow::{
    Called, CheckNames, NotAWorkflow, Uses, Workflow, WorkflowJob, check_names, in_one_spelling,
};
