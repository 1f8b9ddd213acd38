//! JSON as Terraform writes it, and text that is none.

use super::{decode, decode_implied, decode_lenient, encode, encode_plain, parse};
use crate::spanned::{Data, MAX_DEPTH, Node, Span};
use crate::{Mark, Number, Path, Type, Value};

fn number(text: &str) -> Value {
    Value::from(text.parse::<Number>().unwrap())
}

fn wrong(json: &str) -> String {
    parse(json).unwrap_err().to_string()
}

#[test]
fn a_tree_keeps_the_place_of_each_part() {
    let text = "{\n  \"a\": [1, \"ü\"],\n  \"b\": null\n}\n";
    let node = parse(text).unwrap();
    let at = |node: &Node| &text[node.span.start..node.span.end];
    assert_eq!(at(node.get("a").unwrap()), "[1, \"ü\"]");
    let item = &node.get("a").unwrap().items()[1];
    assert_eq!((at(item), item.as_str()), ("\"ü\"", Some("ü")));
    let entry = node.entry("b").unwrap();
    assert_eq!(entry.key_span, Span::new(22, 25));
    assert_eq!(entry.key_span.place(text).to_string(), "line 3, column 3");
    assert_eq!(entry.value.data, Data::Null);
}

#[test]
fn a_key_that_is_there_twice_stays_twice_and_the_last_one_holds() {
    let node = parse(r#"{"a":1,"a":2}"#).unwrap();
    assert_eq!(node.entries().len(), 2);
    assert_eq!(node.get("a"), Some(&node.entries()[1].value));
    let of_type = decode(r#"{"a":1,"a":2}"#, &Type::map(Type::Number)).unwrap();
    assert_eq!(of_type, Value::map(Type::Number, [("a", number("2"))]));
    assert_eq!(decode_implied(r#"{"a":1,"a":2}"#), Ok(Value::object([("a", number("2"))])));
    assert_eq!(
        decode_implied(r#"{"a":1,"a":true}"#).unwrap_err().to_string(),
        "a is there twice, with values of different types"
    );
}

#[test]
fn strings_are_read_as_go_reads_them() {
    let read = |json: &str| parse(json).unwrap().as_str().map(str::to_owned).unwrap();
    assert_eq!(read(r#""\"\\\/\b\f\n\r\t\u00e9""#), "\"\\/\u{8}\u{c}\n\r\té");
    assert_eq!(read(r#""\ud83d\ude00""#), "😀");
    assert_eq!(read(r#""\ud83dx\ude00""#), "\u{fffd}x\u{fffd}");
    assert_eq!(read(r#""\ud83d\ud83d\ude00""#), "\u{fffd}😀");
    assert_eq!(read(r#""\ud83d\n""#), "\u{fffd}\n");
}

#[test]
fn what_is_no_json_is_refused_at_its_place() {
    for (json, message) in [
        ("", "line 1, column 1: the JSON text ends where a value must stand"),
        ("\u{feff}{}", "line 1, column 1: a JSON value must stand here"),
        ("[1,]", "line 1, column 4: a JSON value must stand here"),
        ("[1 2]", "line 1, column 4: a `,` or `]` must follow the item"),
        ("{a:1}", "line 1, column 2: a key in double quotes must stand here"),
        ("{\"a\" 1}", "line 1, column 6: a `:` must follow the key"),
        ("{\"a\":1,}", "line 1, column 8: a key in double quotes must stand here"),
        (
            "[\n01]",
            "line 2, column 1: a number must not begin with a zero that has digits behind it",
        ),
        ("[-]", "line 1, column 2: the number lacks a digit at its end"),
        ("1.", "line 1, column 1: the number lacks a digit at its end"),
        ("1e+", "line 1, column 1: the number lacks a digit at its end"),
        ("+1", "line 1, column 1: a JSON value must stand here"),
        ("1e999999999999", "line 1, column 1: the number is out of range"),
        ("nul", "line 1, column 1: a JSON value must stand here"),
        ("\"a", "line 1, column 1: the string has no end"),
        ("\"\\x\"", "line 1, column 2: there is no such escape in JSON"),
        ("\"\\u12g4\"", "line 1, column 2: four hexadecimal digits must follow `\\u`"),
        ("\"\\u+123\"", "line 1, column 2: four hexadecimal digits must follow `\\u`"),
        (
            "\"a\tb\"",
            "line 1, column 3: a control character in a string must be written as `\\u` and its number",
        ),
        ("{} // x", "line 1, column 4: there is text behind the end of the JSON value"),
        ("\u{a0}1", "line 1, column 1: a JSON value must stand here"),
    ] {
        assert_eq!(wrong(json), message, "{json:?}");
    }
}

#[test]
fn deep_nesting_is_refused_on_a_small_stack() {
    let deep = || {
        assert!(wrong(&"[".repeat(1_000_000)).ends_with("values are nested more than 256 deep"));
        assert!(wrong(&"{\"a\":".repeat(1_000_000)).ends_with("nested more than 256 deep"));
        let deepest = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        let value = decode_implied(&deepest).unwrap();
        assert_eq!(encode_plain(&value), Ok(deepest));
        let message = encode_plain(&Value::tuple([value.clone(), Value::tuple([value])]));
        assert_eq!(message.unwrap_err().message, "is nested more than 256 deep");
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(deep).unwrap().join().unwrap();
}

#[test]
fn numbers_of_a_state_keep_every_digit() {
    let digits = "123456789012345678901234567890.123456789";
    let ty = Type::object([("n", Type::Number), ("s", Type::String)]);
    let json = format!(r#"{{"n":{digits},"s":{digits}}}"#);
    let value = decode(&json, &ty).unwrap();
    assert_eq!(value.get("n"), Some(&number(digits)));
    assert_eq!(value.get("s"), Some(&Value::from(digits)));
    assert_eq!(encode(&value, &ty), Ok(format!(r#"{{"n":{digits},"s":"{digits}"}}"#)));
    let written = |json: &str| encode_plain(&decode_implied(json).unwrap()).unwrap();
    assert_eq!(written("[-0,1E2,0.10,1e30]"), "[-0,100,0.1,1000000000000000000000000000000]");
}

#[test]
fn a_value_is_written_as_jsonencode_writes_it() {
    let value = Value::object([
        ("b", Value::tuple([Value::from(true), Value::null(Type::Dynamic)])),
        ("a", Value::from("<é\u{2028}\u{1}\u{8}\u{c}\u{7f}>&\"\\\n").mark(Mark::Sensitive)),
        ("c", Value::set(Type::Number, [number("10"), number("9")])),
    ]);
    let json = "{\"a\":\"\\u003cé\\u2028\\u0001\\b\\f\u{7f}\\u003e\\u0026\\\"\\\\\\n\",\
                \"b\":[true,null],\"c\":[9,10]}";
    assert_eq!(encode_plain(&value).as_deref(), Ok(json));
    let empty = Value::tuple([Value::tuple([]), Value::object::<&str>([])]);
    assert_eq!(encode_plain(&empty).as_deref(), Ok("[[],{}]"));
}

#[test]
fn what_json_has_no_form_for_is_refused_where_it_is() {
    let unknown = Value::object([("a", Value::tuple([Value::unknown(Type::Bool)]))]);
    let message = "a[0] is not known yet, and JSON has no form for unknown values";
    assert_eq!(encode_plain(&unknown).unwrap_err().to_string(), message);
    assert_eq!(encode(&unknown, &unknown.ty()).unwrap_err().to_string(), message);
    let infinite = Value::tuple([Value::from(Number::infinity(true))]);
    assert_eq!(
        encode_plain(&infinite).unwrap_err().to_string(),
        "[0] is infinite, and JSON has no form for infinite numbers"
    );
}

#[test]
fn where_the_type_is_open_a_value_brings_its_own() {
    let ty = Type::map(Type::Dynamic);
    let value =
        Value::map(Type::String, [("a", Value::from("x")), ("b", Value::null(Type::String))]);
    let json = r#"{"a":{"value":"x","type":"string"},"b":{"value":null,"type":"string"}}"#;
    assert_eq!(encode(&value, &ty).as_deref(), Ok(json));
    assert_eq!(decode(json, &ty), Ok(value));
    assert_eq!(decode("null", &Type::Dynamic), Ok(Value::null(Type::Dynamic)));
    let wrong = |json: &str| decode(json, &ty).unwrap_err().to_string();
    assert_eq!(
        wrong(r#"{"a":{"type":"bool"}}"#),
        "[\"a\"] must be an object of `type` and `value`"
    );
    assert_eq!(wrong(r#"{"a":{"type":"bool","value":1}}"#), "[\"a\"] must be bool, not a number");
    assert_eq!(
        wrong(r#"{"a":{"type":"x","value":1}}"#),
        "[\"a\"] has a type that can't be read: there is no type named \"x\""
    );
    assert_eq!(
        wrong(r#"{"a":{"type":"bool","value":true,"x":1}}"#),
        "[\"a\"] must have `type` and `value` only, not \"x\""
    );
    assert_eq!(
        wrong(r#"{"a":{"type":"bool","value":true},"b":{"type":"number","value":1}}"#),
        "[\"b\"] is of type number, but an element before it of bool"
    );
}

#[test]
fn a_state_may_say_a_thing_in_another_primitive_type() {
    let ty = Type::tuple([Type::Bool, Type::Bool, Type::Number, Type::String, Type::String]);
    let value = Value::tuple([
        Value::from(true),
        Value::from(false),
        number("1.5"),
        Value::from("1.50"),
        Value::from("true"),
    ]);
    assert_eq!(decode(r#"["true","0","1.5",1.50,true]"#, &ty), Ok(value));
    let wrong = |json: &str, ty| decode(json, &ty).unwrap_err().to_string();
    assert_eq!(wrong(r#"["yes"]"#, Type::list(Type::Bool)), "[0] must be bool, not a string");
    assert_eq!(wrong(r#""x""#, Type::Number), "must be number, not a string");
    assert_eq!(wrong("{}", Type::list(Type::Bool)), "must be list of bool, not a map");
    assert_eq!(wrong("[1]", Type::tuple([])), "must have 0 elements, not 1");
}

#[test]
fn attributes_that_the_schema_lost_are_dropped_wherever_they_are() {
    let inner = Type::object([("kept", Type::Bool), ("new", Type::list(Type::String))]);
    let ty = Type::object([
        ("inner", inner.clone()),
        ("list", Type::list(inner.clone())),
        ("map", Type::map(inner.clone())),
        ("any", Type::Dynamic),
    ]);
    let json = r#"{"inner":{"kept":true,"old":1},"list":[{"new":[]},{"kept":false,"old":{}}],
        "map":{"k":{"old":null}},"older":[1,2],
        "any":{"type":["object",{"x":"bool"}],"value":{"x":true}}}"#;
    let (value, dropped) = decode_lenient(json, &ty).unwrap();
    let list = || Value::null(Type::list(Type::String));
    let object = |kept, new| Value::object([("kept", kept), ("new", new)]);
    let expected = Value::object([
        ("inner", object(Value::from(true), list())),
        (
            "list",
            Value::list(
                inner.clone(),
                [
                    object(Value::null(Type::Bool), Value::list(Type::String, [])),
                    object(Value::from(false), list()),
                ],
            ),
        ),
        ("map", Value::map(inner, [("k", object(Value::null(Type::Bool), list()))])),
        ("any", Value::object([("x", Value::from(true))])),
    ]);
    assert_eq!(value, expected);
    let dropped: Vec<_> = dropped.iter().map(Path::to_string).collect();
    assert_eq!(dropped, ["inner.old", "list[1].old", "map[\"k\"].old", "older"]);
    assert_eq!(
        decode(json, &ty).unwrap_err().to_string(),
        "inner.old is no attribute of this object"
    );
}
