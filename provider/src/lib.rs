//! The provider of Stanchion: what Terraform asks for, done.
//!
//! A resource is a document of [`stanchion_model`] under the one lifecycle of documents. The list
//! of them is in `provider.rs`, and nothing else here names one; those of data sources and functions
//! are in the files of these names.

mod data_sources;
mod functions;
mod lifecycle;
mod provider;
pub mod target;

pub use data_sources::data_source_pages;
pub use functions::{FunctionPage, function_pages};
pub use provider::{Client, ForDocument, IDENTITY, Settings, Stanchion, each_document, pages};
