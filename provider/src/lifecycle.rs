//! How the kinds of things live, each written once.

mod document;

pub(crate) use document::Documented;
