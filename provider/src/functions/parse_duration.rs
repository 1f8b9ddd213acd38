//! A duration in seconds.

use stanchion_cty::Number;
use stanchion_cty::schema::Block;
use stanchion_framework::{Function, FunctionProblem};
use stanchion_model::Duration;

use super::refused;

/// How many seconds a duration is.
///
/// It is written as whole numbers with `d`, `h`, `m` and `s`, the largest unit first.
#[derive(Block)]
pub(super) struct Arguments {
    /// The duration: `"1h30m"`.
    duration: String,
}

pub(super) struct It;

impl Function for It {
    const NAME: &'static str = "parse_duration";
    type Arguments = Arguments;
    type Output = Number;

    fn call(&self, Arguments { duration }: Arguments) -> Result<Number, FunctionProblem> {
        let read = Duration::parse(&duration);
        read.map(|it| it.seconds().into()).map_err(|it| refused("duration", it))
    }
}
