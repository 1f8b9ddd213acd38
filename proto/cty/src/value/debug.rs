//! Values as developers see them in messages of tests.

use std::fmt;

use super::{Kind, Value};

/// Shows the structure; what is marked sensitive or ephemeral is not shown.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.marks.is_empty() {
            return write!(f, "({:?} value)", self.marks);
        }
        match &self.kind {
            Kind::Null(ty) => write!(f, "null({ty})"),
            Kind::Unknown(it) if it.refinement.is_empty() => write!(f, "unknown({})", it.ty),
            Kind::Unknown(it) => write!(f, "unknown({}, {:?})", it.ty, it.refinement),
            Kind::Bool(it) => write!(f, "{it}"),
            Kind::Number(it) => write!(f, "{it}"),
            Kind::String(it) => write!(f, "{it:?}"),
            Kind::List(ty, it) if it.is_empty() => write!(f, "list({ty})[]"),
            Kind::List(_, it) => {
                f.write_str("list").and_then(|()| f.debug_list().entries(it.iter()).finish())
            }
            Kind::Set(ty, it) if it.is_empty() => write!(f, "set({ty})[]"),
            Kind::Set(_, it) => {
                f.write_str("set").and_then(|()| f.debug_list().entries(it.iter()).finish())
            }
            Kind::Tuple(it) => f.debug_list().entries(it.iter()).finish(),
            Kind::Map(ty, it) if it.is_empty() => write!(f, "map({ty}){{}}"),
            Kind::Map(_, it) => {
                f.write_str("map").and_then(|()| f.debug_map().entries(it.iter()).finish())
            }
            Kind::Object(it) => f.debug_map().entries(it.iter()).finish(),
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Value::from(self.clone()).fmt(f)
    }
}
