//! MessagePack: a type, and behind it what is read as a value of it.

use stanchion_cty::{Kind, Number, Refinement, conforms, msgpack};

use super::types::{has_optional, split};
use super::{any, bounded};

pub(crate) fn judge(bytes: &[u8]) {
    let (ty, message) = split(bytes);
    let value = match msgpack::decode(message, &ty) {
        Ok(value) => value,
        Err(problem) => return assert!(!problem.message.is_empty()),
    };
    assert!(!has_optional(&ty), "no value is of {ty}");
    assert!(conforms(&value, &ty), "{value:?} is not of {ty}");
    // Each value takes a byte at least: no message stands for more than it is long.
    bounded(&value, message.len());

    let written = msgpack::encode(&value, &ty);
    let written = written.unwrap_or_else(|it| panic!("{value:?} of {ty} is not written: {it}"));
    let back = msgpack::decode(&written, &ty);
    let back = back.unwrap_or_else(|it| panic!("{value:?} of {ty} is not read back: {it}"));
    assert_eq!(msgpack::encode(&back, &ty).as_ref(), Ok(&written), "{value:?} of {ty}");
    // Of an unknown value, less may be written than was read. A whole number out of a float is
    // written by its shortest digits, as Terraform does, which then are another number.
    let is_inexact = |it: &Kind| match it {
        Kind::Unknown(it) => it.refinement != Refinement::default(),
        Kind::Number(it) => it.to_string().parse::<Number>().as_ref() != Ok(it),
        _ => false,
    };
    if !any(&value, &is_inexact) {
        assert_eq!(back, value, "of {ty}");
    }
}
