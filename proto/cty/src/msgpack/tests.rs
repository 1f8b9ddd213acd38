//! Messages as Terraform writes them, and messages that nobody should write.
//!
//! The bytes in hexadecimal were written by go-cty 1.18.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{decode, encode};
use crate::spanned::MAX_DEPTH;
use crate::{Bound, Mark, Number, ObjectType, Refinement, Type, Value};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, it| {
        write!(out, "{it:02x}").unwrap();
        out
    })
}

fn check(value: &Value, ty: &Type, bytes: &str) {
    let encoded = encode(value, ty).unwrap();
    assert_eq!(hex(&encoded), bytes);
    assert_eq!(decode(&encoded, ty).as_ref(), Ok(value));
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn wrong(bytes: &[u8], ty: &Type) -> String {
    decode(bytes, ty).unwrap_err().to_string()
}

#[test]
fn numbers_are_written_in_the_shortest_form_that_holds_them() {
    for (text, bytes) in [
        ("0", "00"),
        ("-1", "ff"),
        ("-33", "d0df"),
        ("127", "7f"),
        ("128", "cc80"),
        ("256", "cd0100"),
        ("65536", "ce00010000"),
        ("4294967296", "cf0000000100000000"),
        ("-129", "d1ff7f"),
        ("-32769", "d2ffff7fff"),
        ("9223372036854775807", "cf7fffffffffffffff"),
        ("9223372036854775808", "b339323233333732303336383534373735383038"),
        ("1.5", "cb3ff8000000000000"),
        ("0.1", "a3302e31"),
        (
            "123456789012345678901234567890",
            "be313233343536373839303132333435363738393031323334353637383930",
        ),
    ] {
        check(&Value::number(number(text)), &Type::Number, bytes);
    }
    check(&Value::number(Number::infinity(false)), &Type::Number, "cb7ff0000000000000");
    check(&Value::number(Number::infinity(true)), &Type::Number, "cbfff0000000000000");
}

#[test]
fn what_is_known_of_the_unknown_is_written_with_it() {
    let unknown = |refinement| Value::refined(Type::String, refinement);
    check(&Value::unknown(Type::String), &Type::String, "d40000");
    check(&unknown(Refinement::not_null()), &Type::String, "c7030c8101c2");
    let prefix = Refinement { prefix: Some("arn:aws:".into()), ..Refinement::not_null() };
    check(&unknown(prefix), &Type::String, "c70d0c8201c202a861726e3a6177733a");
    let bound = |text, inclusive| Some(Bound { number: number(text), inclusive });
    let range =
        Refinement { min: bound("1.5", true), max: bound("300", false), ..Refinement::default() };
    check(
        &Value::refined(Type::Number, range),
        &Type::Number,
        "c7130c820392cb3ff8000000000000c30492cd012cc2",
    );
    let min = Refinement { min: bound("0.1", true), ..Refinement::default() };
    check(&Value::refined(Type::Number, min), &Type::Number, "d70c810392a3302e31c3");
    let length =
        Refinement { min_length: Some(2), max_length: Some(300), ..Refinement::not_null() };
    let list = Type::list(Type::String);
    check(&Value::refined(list.clone(), length), &list, "c7090c8301c2050206cd012c");
}

#[test]
fn a_long_prefix_is_cut_where_the_rest_can_not_change_it() {
    let written = |prefix: String| {
        let refinement = Refinement { prefix: Some(prefix.into()), ..Refinement::default() };
        let bytes = encode(&Value::refined(Type::String, refinement), &Type::String).unwrap();
        let crate::Kind::Unknown(it) = decode(&bytes, &Type::String).unwrap().into_kind() else {
            panic!("must be unknown");
        };
        it.refinement.prefix.clone().unwrap()
    };
    assert_eq!(*written("a".repeat(256)), "a".repeat(256));
    assert_eq!(*written("a".repeat(300)), "a".repeat(254));
    assert_eq!(*written("-".repeat(300)), "-".repeat(255));
    assert_eq!(*written("€".repeat(100)), "€".repeat(84));
    assert_eq!(*written(format!("{}x\u{301}{}", "-".repeat(252), "b".repeat(9))), "-".repeat(252));
}

#[test]
fn more_than_terraform_reads_is_never_said_of_the_unknown() {
    let number =
        Some(Bound { number: number(&format!("0.{}1", "0".repeat(900))), inclusive: true });
    let refinement = Refinement { min: number.clone(), max: number, ..Refinement::not_null() };
    let bytes = encode(&Value::refined(Type::Number, refinement), &Type::Number).unwrap();
    assert_eq!(hex(&bytes), "c7030c8101c2");
}

#[test]
fn where_the_type_is_open_a_value_brings_its_own() {
    check(&Value::null(Type::Dynamic), &Type::Dynamic, "c0");
    check(&Value::unknown(Type::Dynamic), &Type::Dynamic, "d40000");
    check(&Value::from("x"), &Type::Dynamic, "92c40822737472696e6722a178");
    check(&Value::null(Type::String), &Type::Dynamic, "92c40822737472696e6722c0");
    check(&Value::unknown(Type::String), &Type::Dynamic, "92c40822737472696e6722d40000");
    check(
        &Value::list(Type::String, [Value::from("x"), Value::null(Type::String)]),
        &Type::list(Type::Dynamic),
        "9292c40822737472696e6722a17892c40822737472696e6722c0",
    );
}

#[test]
fn objects_and_maps_are_written_in_order_and_read_in_any() {
    let ty = Type::object([("b", Type::Dynamic), ("a", Type::set(Type::String))]);
    let set = |elements: [&str; 2]| Value::set(Type::String, elements.map(Value::from));
    let value = Value::object([("b", Value::from(true)), ("a", set(["z", "b"]))]);
    check(&value, &ty, "82a16192a162a17aa16292c40622626f6f6c22c3");
    let other = b"\x82\xa1b\x92\xc4\x06\"bool\"\xc3\xa1a\xdc\0\x02\xa1z\xa1b";
    assert_eq!(decode(other, &ty), Ok(value));
    let map = Value::map(Type::Bool, [("b", Value::from(true)), ("a", Value::from(false))]);
    check(&map, &Type::map(Type::Bool), "82a161c2a162c3");
}

#[test]
fn marks_are_not_written() {
    let value = Value::tuple([Value::from("x").mark(Mark::Sensitive)]);
    assert_eq!(hex(&encode(&value, &value.ty()).unwrap()), "91a178");
}

#[test]
fn any_extension_is_an_unknown_value() {
    for bytes in [&b"\xd4\0\0"[..], b"\xd4\x0c\0", b"\xc7\0\x0c", b"\xd5\x05ab", b"\xc8\0\x01\x7fx"]
    {
        assert_eq!(decode(bytes, &Type::Bool), Ok(Value::unknown(Type::Bool)));
    }
    // What has a key that we don't know is passed over, with all that is in it.
    let future = b"\xc7\x0b\x0c\x82\x2a\x92\x81\xa1x\xc0\x91\x01\x01\xc2";
    let not_null = Value::refined(Type::Bool, Refinement::not_null());
    assert_eq!(decode(future, &Type::Bool), Ok(not_null));
    assert_eq!(decode(b"\xc7\x03\x0c\x81\x01\xc3", &Type::Bool), Ok(Value::null(Type::Bool)));
}

#[test]
fn what_is_known_and_broken_is_refused() {
    assert_eq!(
        wrong(b"\x91\xc7\x03\x0c\x81\x01\x05", &Type::list(Type::Bool)),
        "[0] is unknown, and what is known of it can't be read: must be a bool \
         (at byte 2 of the message) (at byte 1 of the message)"
    );
    for (bytes, ty) in [
        (&b"\xc7\x03\x0c\x81\x02\xc2"[..], Type::Bool),
        (b"\xc7\x03\x0c\x81\x05\xff", Type::list(Type::Bool)),
        (b"\xc7\x03\x0c\x81\x05\x01", Type::String),
        (b"\xc7\x04\x0c\x81\x03\x91\x01", Type::Number),
        (b"\xc7\x02\x0c\x82\x01", Type::Number),
        (b"\xc7\x04\x0c\x81\x02\xa1\xff", Type::String),
        (b"\xc7\x02\x0c\x81\xa0", Type::Number),
    ] {
        let message = wrong(bytes, &ty);
        assert!(message.starts_with("is unknown, and what is known of it can't be read"));
    }
    let mut long = b"\xc8\x04\x01\x0c\x81\x01\xc2".to_vec();
    long.extend([0; 1022]);
    assert!(wrong(&long, &Type::Bool).contains("takes 1025 bytes"));
}

#[test]
fn a_value_of_another_type_is_refused_where_it_is() {
    let ty = Type::object([("a", Type::list(Type::Number))]);
    assert_eq!(
        wrong(b"\x81\xa1a\x92\x01\xc3", &ty),
        "a[1] must be number, not a bool (at byte 5 of the message)"
    );
    assert_eq!(wrong(b"\x80", &ty), "a is missing (at byte 0 of the message)");
    assert_eq!(
        wrong(b"\x82\xa1a\xc0\xa1b\xc0", &ty),
        "b is no attribute of this object (at byte 0 of the message)"
    );
    assert_eq!(
        wrong(b"\x91\xa1x", &Type::list(Type::Number)),
        "[0] must be number, not \"x\" (at byte 1 of the message)"
    );
    assert_eq!(
        wrong(b"\x92\xc2\xc2", &Type::tuple([Type::Bool])),
        "must have 1 elements, not 2 (at byte 0 of the message)"
    );
    assert_eq!(
        wrong(b"\x92\xa3int\x01", &Type::Dynamic),
        "has a type that can't be read: line 1, column 1: a JSON value must stand here \
         (at byte 1 of the message)"
    );
    assert_eq!(
        wrong(
            b"\x82\xa1a\x92\xa6\"bool\"\xc3\xa1b\x92\xa8\"number\"\x01",
            &Type::map(Type::Dynamic)
        ),
        "[\"b\"] is of type number, but an element before it of bool"
    );
}

#[test]
fn a_value_of_another_type_is_not_written() {
    let wrong = |value: Value, ty: &Type| encode(&value, ty).unwrap_err().to_string();
    let list = Type::list(Type::Number);
    assert_eq!(wrong(Value::from(true), &list), "must be list of number, not bool");
    assert_eq!(
        wrong(Value::tuple([Value::list(Type::Number, [Value::from("x")])]), &Type::tuple([list])),
        "[0][0] must be number, not string"
    );
    assert_eq!(
        wrong(Value::null(Type::object([("a", Type::Bool)])), &Type::object([("a", Type::String)])),
        "must be of type object({a = string}), not object({a = bool})"
    );
    let empty = Value::object::<&str>([]);
    assert_eq!(wrong(empty, &Type::object([("a", Type::Bool)])), "a is missing");
    let extra = Value::object([("x", Value::from(true))]);
    assert_eq!(wrong(extra, &Type::object::<&str>([])), "x is no attribute of this object");
    assert_eq!(
        wrong(Value::list(Type::String, []), &Type::list(Type::Bool)),
        "must be list of bool, not list of string"
    );
    let optional = Type::Object(Arc::new(ObjectType::new([("a".into(), Type::Bool, true)])));
    assert_eq!(
        wrong(Value::null(optional.clone()), &Type::list(optional)),
        "a is an optional attribute, which the type of a value can't have"
    );
}

#[test]
fn a_broken_message_is_refused_and_costs_no_memory() {
    let list = Type::list(Type::Bool);
    assert_eq!(
        wrong(b"\xdd\xff\xff\xff\xff\xc3", &list),
        "[1] is cut off: the message ends (at byte 6 of the message)"
    );
    assert_eq!(
        wrong(b"\xdb\xff\xff\xff\xffab", &Type::String),
        "is cut off: 4294967295 bytes must follow, 2 do (at byte 5 of the message)"
    );
    assert_eq!(
        wrong(b"\xdf\xff\xff\xff\xff\xa1a", &Type::map(Type::Bool)),
        "[\"a\"] is cut off: the message ends (at byte 7 of the message)"
    );
    assert_eq!(wrong(b"", &list), "is cut off: the message ends (at byte 0 of the message)");
    assert_eq!(
        wrong(b"\xc0\xc0\xc0", &list),
        "has 2 bytes too many behind it (at byte 1 of the message)"
    );
    assert_eq!(
        wrong(b"\xc1", &list),
        "holds a byte that no message has (at byte 0 of the message)"
    );
    assert_eq!(
        wrong(b"\xa1\xff", &Type::String),
        "must be text in UTF-8 (at byte 0 of the message)"
    );
    let nan = [b"\xcb".as_slice(), &f64::NAN.to_be_bytes()].concat();
    assert_eq!(wrong(&nan, &Type::Number), "must be number, not NaN (at byte 0 of the message)");
    let unread = b"\xc7\x08\x0c\x81\x2a\xdd\xff\xff\xff\xff\xc0";
    assert!(wrong(unread, &Type::Bool).contains("is cut off"));
}

#[test]
fn deep_nesting_is_refused_on_a_small_stack() {
    let deep = || {
        // A dynamic value whose type says again that it is dynamic, a million times.
        let open = b"\x92\xc4\x09\"dynamic\"".repeat(1_000_000);
        assert!(wrong(&open, &Type::Dynamic).starts_with("is nested more than 256 deep"));
        assert!(decode(&b"\x91".repeat(1_000_000), &Type::Dynamic).is_err());
        let mut typed = b"\x92\xc6\0\x80\x00\x00".to_vec();
        typed.extend("[\"list\",".repeat(0x80_0000 / 8).bytes());
        assert!(wrong(&typed, &Type::Dynamic).contains("are nested more than 256 deep"));
        // As deep as is allowed, with the deepest frames.
        let nest = |depth| {
            let list = |it: Value| Value::list(it.ty(), [it]);
            (0..depth).fold(Value::from("x"), |it, _| list(it))
        };
        let deepest = nest(MAX_DEPTH - 1);
        let bytes = encode(&deepest, &Type::Dynamic).unwrap();
        assert_eq!(decode(&bytes, &Type::Dynamic).as_ref(), Ok(&deepest));
        let deeper = encode(&nest(MAX_DEPTH), &Type::Dynamic).unwrap_err();
        assert_eq!(deeper.path.steps().len(), MAX_DEPTH);
        assert_eq!(deeper.message, "is nested more than 256 deep");
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(deep).unwrap().join().unwrap();
}

#[test]
fn elements_that_do_not_agree_on_a_type_are_not_written() {
    let list = |elements: [Value; 2]| Value::list(Type::Dynamic, elements);
    let ty = Type::list(Type::Dynamic);
    let refused = encode(&list([true.into(), "a".into()]), &ty).unwrap_err();
    assert_eq!(refused.to_string(), "[1] is of type string, but an element before it of bool");
    assert!(encode(&list([Value::null(Type::Dynamic), "a".into()]), &ty).is_ok());
    let map = Value::map(Type::Dynamic, [("k", Value::number(1)), ("l", "a".into())]);
    let refused = encode(&map, &Type::map(Type::Dynamic)).unwrap_err();
    assert_eq!(refused.path.to_string(), "[\"l\"]");
}
