//! Functions of each form.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Type, Value, msgpack};
use stanchion_framework::{Argument, Function, FunctionProblem};

/// Joins texts.
#[derive(Block)]
pub(crate) struct Joined {
    /// What stands between them.
    separator: String,
    /// The texts.
    #[attr(variadic)]
    parts: Vec<String>,
}

pub(crate) struct Join;

impl Function for Join {
    const NAME: &'static str = "join";
    type Arguments = Joined;
    type Output = String;

    fn call(&self, Joined { separator, parts }: Joined) -> Result<String, FunctionProblem> {
        if separator.is_empty() {
            let message = "must not be empty".to_owned();
            return Err(FunctionProblem { argument: Some(Argument::Named("separator")), message });
        }
        if let Some(i) = parts.iter().position(|it| it.contains(&separator)) {
            let message = format!("must not contain {separator:?}");
            return Err(FunctionProblem { argument: Some(Argument::Variadic(i)), message });
        }
        Ok(parts.join(&separator))
    }
}

/// Any value.
#[derive(Block)]
pub(crate) struct Anything {
    /// The value.
    value: Value,
}

/// Gives back what it is given.
pub(crate) struct Echo;

impl Function for Echo {
    const NAME: &'static str = "echo";
    type Arguments = Anything;
    type Output = Value;

    fn call(&self, Anything { value }: Anything) -> Result<Value, FunctionProblem> {
        Ok(value)
    }
}

/// Says what arrived here, in MessagePack's bytes as hexadecimal digits: known in any case.
pub(crate) struct Describe;

impl Function for Describe {
    const NAME: &'static str = "describe";
    type Arguments = Anything;
    type Output = String;

    fn call(&self, Anything { value }: Anything) -> Result<String, FunctionProblem> {
        let bytes = msgpack::encode(&value, &Type::Dynamic)
            .map_err(|problem| FunctionProblem { argument: None, message: problem.to_string() })?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A text that may be anything.
#[derive(Block)]
pub(crate) struct Maybe {
    /// The text.
    text: Leaf<String>,
    /// A text that may be null.
    other: Option<String>,
}

/// Says whether texts are null or unknown.
pub(crate) struct Said;

impl Function for Said {
    const NAME: &'static str = "said";
    type Arguments = Maybe;
    type Output = String;

    fn call(&self, Maybe { text, other }: Maybe) -> Result<String, FunctionProblem> {
        let text = match text {
            Leaf::Known(it) => it,
            Leaf::Null => "null".to_owned(),
            Leaf::Unknown(_) => "unknown".to_owned(),
        };
        Ok(format!("{text} {}", other.as_deref().unwrap_or("null")))
    }
}

/// A small number.
#[derive(Block)]
pub(crate) struct Small {
    /// The number.
    number: u8,
    /// More of them.
    #[attr(variadic)]
    more: Vec<u8>,
}

/// Adds small numbers.
pub(crate) struct Narrow;

impl Function for Narrow {
    const NAME: &'static str = "narrow";
    type Arguments = Small;
    type Output = i64;

    fn call(&self, Small { number, more }: Small) -> Result<i64, FunctionProblem> {
        Ok(more.into_iter().map(i64::from).sum::<i64>() + i64::from(number))
    }
}

/// Has a defect.
pub(crate) struct Crash;

impl Function for Crash {
    const NAME: &'static str = "crash";
    type Arguments = Maybe;
    type Output = bool;

    fn call(&self, Maybe { text, .. }: Maybe) -> Result<bool, FunctionProblem> {
        panic!("a defect that {:?} brought out", Type::String == Type::Bool && text.is_null())
    }
}
