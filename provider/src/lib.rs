//! The provider of Stanchion: what Terraform asks for, done.
//!
//! A resource is a document of [`stanchion_model`] under the one lifecycle of documents. The list
//! of them is in `provider.rs`, and nothing else here names one.

mod lifecycle;
mod provider;
pub mod target;

pub use provider::{Client, ForDocument, IDENTITY, Settings, Stanchion, each_document, pages};
