//! How the kinds of things live, each written once.

mod claims;
mod document;

pub(crate) use claims::Claims;
pub(crate) use document::Documented;
