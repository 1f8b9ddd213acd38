//! How an image comes to run.

pub mod platform;
