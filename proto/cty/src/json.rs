//! JSON: trees with places, the types and values of Terraform's state, and its `jsonencode`.
//!
//! The facts are those of go-cty 1.18, the library with which Terraform writes and reads.

mod decode;
mod encode;
mod parse;
mod types;
mod write;

pub use decode::{decode, decode_implied, decode_lenient, decode_node, implied};
pub use encode::{encode, encode_plain};
pub use parse::parse;
pub use types::{type_from_json, type_to_json};

#[cfg(test)]
mod tests;
