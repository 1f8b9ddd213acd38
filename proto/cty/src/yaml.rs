//! YAML: trees with places, and text that every reader of YAML understands in the same way.

mod emit;
mod item;
mod offsets;
mod quote;
mod read;
mod scalar;
mod timestamp;

pub use emit::emit;
pub use item::{Content, Item};
pub use read::{decode_implied, parse, parse_all};

/// What a scalar without quotes says, which differs between readers of YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// YAML 1.2's core schema, as GitHub reads its workflows: `on` and `yes` are strings, `0o14`
    /// is 12. Keys are what is written: `1.50` is the key "1.50". A key must not be there twice; a
    /// merge (`<<`) adds only keys that are not there. Tags that are not YAML's own are kept as
    /// [`Data::Tagged`](crate::spanned::Data::Tagged).
    Core,
    /// What Terraform's `yamldecode` makes of it (go-cty-yaml 1.1): `on`, `yes` and `y` are true, a
    /// date is a string in the form of RFC 3339, a key is what its scalar says (`on` is the key
    /// "true"), of two equal keys the last holds, and a merge overwrites what stands before it.
    Terraform,
}

#[cfg(test)]
mod tests;
