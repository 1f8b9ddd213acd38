//! A size in bytes.

use stanchion_cty::Number;
use stanchion_cty::schema::Block;
use stanchion_framework::{Function, FunctionProblem};
use stanchion_model::Size;

use super::refused;

/// How many bytes a size is.
///
/// `kB`, `MB`, `GB` and `TB` are powers of 1,000; `KiB`, `MiB`, `GiB` and `TiB` of 1,024. Case makes no
/// difference; without a unit it is bytes.
#[derive(Block)]
pub(super) struct Arguments {
    /// The size: `"300MB"`.
    size: String,
}

pub(super) struct It;

impl Function for It {
    const NAME: &'static str = "parse_size";
    type Arguments = Arguments;
    type Output = Number;

    fn call(&self, Arguments { size }: Arguments) -> Result<Number, FunctionProblem> {
        Size::parse(&size).map(|it| it.bytes().into()).map_err(|it| refused("size", it))
    }
}
