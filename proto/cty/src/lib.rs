//! Terraform's types, values, paths and schemas.
//!
//! A [`Value`] is what Terraform's language computes with: it may be null, unknown (with what is
//! known about it nevertheless), marked, and of a [`Type`] that holds for all its parts. The
//! codecs read and write the forms in which Terraform sends values; each error names the [`Path`]
//! of what is wrong. [`schema`] declares a Rust struct's fields once, for decoding, encoding, the
//! wire and the documentation.
//!
//! Absent on purpose: input and output, Terraform's syntax, and its plugin protocol.

#[cfg_attr(not(test), expect(unused_extern_crates, reason = "#[derive(Block)] writes this name"))]
extern crate self as stanchion_cty;

mod convert;
mod entries;
pub mod json;
mod marks;
pub mod msgpack;
mod number;
mod path;
mod problem;
pub mod schema;
mod set;
pub mod spanned;
mod ty;
mod unify;
mod unknown;
mod value;
mod wire;
pub mod yaml;

pub use convert::{conforms, conversion_exists, convert};
pub use entries::Entries;
pub use marks::{Mark, Marks};
pub use number::{ArithmeticError, Number, ParseNumberError};
pub use path::{Path, Step};
pub use problem::{Problem, Problems, Severity};
pub use ty::{ObjectAttribute, ObjectType, Type};
pub use unify::{Unified, unify};
pub use unknown::{Bound, Refinement, Symbol, Unknown};
pub use value::{Kind, Origin, Value};
