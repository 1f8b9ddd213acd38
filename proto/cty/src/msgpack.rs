//! MessagePack, the form in which Terraform sends values to a provider and back.
//!
//! Bools, strings and nil stand for themselves. A number is an integer or a float if it is one
//! exactly, else the text of its decimal digits. Lists, sets and tuples are arrays, maps and
//! objects are maps. Where the type is `any`, a value is an array of its type in JSON and itself.
//! An unknown value is an extension: of code 0 if nothing is known of it, of code 12 with what is
//! known otherwise.
//!
//! The facts are those of go-cty 1.18, the library with which Terraform writes and reads.

mod cursor;
mod decode;
mod encode;
mod refinement;

pub use decode::decode;
pub use encode::encode;

/// The extension of an unknown value of which something is known.
const REFINED: i8 = 12;

/// The most bytes that Terraform reads of what is known of an unknown value.
const MAX_REFINEMENT: usize = 1024;

#[cfg(test)]
mod tests;
