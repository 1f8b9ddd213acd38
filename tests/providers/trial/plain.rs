//! Objects of a plain type: to Terraform a value as any other, of whose attributes it knows nothing
//! but the types.

use stanchion_cty::schema::{Block, Leaf, Shape, decode_object};
use stanchion_cty::{Number, Path, Problems, Type, Value};

/// A value of the type of `T`'s objects, without its declarations.
#[derive(Clone)]
pub(crate) struct Plain<T>(T);

impl<T: Block> Shape for Plain<T> {
    fn ty() -> Type {
        T::object_type()
    }

    fn decode(value: &Value, path: &Path) -> Result<Self, Problems> {
        decode_object(value, path).map(Self)
    }

    fn encode(&self) -> Value {
        self.0.encode_value()
    }
}

/// Something of each simple type.
#[derive(Clone, Block)]
pub(crate) struct Simple {
    /// A text.
    text: Leaf<String>,
    /// A number.
    number: Leaf<Number>,
    /// Texts in order.
    list: Leaf<Vec<Leaf<String>>>,
}

/// Something, and something of any type.
#[derive(Clone, Block)]
pub(crate) struct Loose {
    /// A text.
    text: Leaf<String>,
    /// Anything.
    any: Value,
}
