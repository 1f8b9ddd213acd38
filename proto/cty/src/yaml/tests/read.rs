//! How YAML is read.
//!
//! What `yamldecode` makes of a text was asked of Terraform 1.11.4.

use crate::json::encode_plain;
use crate::spanned::{Data, MAX_DEPTH, Node};
use crate::yaml::{Dialect, Item, decode_implied, emit, parse, parse_all};
use crate::{Number, Value};

fn core(text: &str) -> Node {
    parse(text, Dialect::Core).unwrap()
}

fn wrong(text: &str) -> String {
    parse(text, Dialect::Core).unwrap_err().to_string()
}

/// What `jsonencode(yamldecode(text))` gives.
fn yamldecode(text: &str) -> String {
    encode_plain(&decode_implied(text).unwrap()).unwrap()
}

fn refused(text: &str) -> String {
    decode_implied(text).unwrap_err().to_string()
}

#[test]
fn a_tree_keeps_the_place_of_each_part() {
    let text = "\u{feff}# ü\nname: Bäcker # x\non:\n  push:\n    branches: [main, 'a b']\n\
                run: |\n  a\n  b\n\nlast:\n- 1\n-   é: 2\n";
    let node = core(text);
    let at = |node: &Node| &text[node.span.start..node.span.end];
    let key = |key| {
        let span = node.entry(key).unwrap().key_span;
        (&text[span.start..span.end], span.place(text).to_string())
    };
    assert_eq!(key("on"), ("on", "line 3, column 1".to_owned()));
    assert_eq!(at(node.get("name").unwrap()), "Bäcker");
    let push = node.get("on").and_then(|it| it.get("push")).unwrap();
    assert_eq!(at(push), "branches: [main, 'a b']");
    assert_eq!(at(push.get("branches").unwrap()), "[main, 'a b']");
    assert_eq!(at(&push.get("branches").unwrap().items()[1]), "'a b'");
    assert_eq!(at(node.get("run").unwrap()), "a\n  b");
    let last = node.get("last").unwrap();
    assert_eq!(at(last), "- 1\n-   é: 2");
    assert_eq!(at(&last.items()[1]), "é: 2");
}

#[test]
fn the_core_dialect_takes_words_for_strings() {
    let node = core("on: push\nyes: no\n1.50: y\n~: 012\n");
    let keys: Vec<_> = node.entries().iter().map(|it| &*it.key).collect();
    assert_eq!(keys, ["on", "yes", "1.50", "~"]);
    assert_eq!(node.get("yes").unwrap().as_str(), Some("no"));
    let number = |text: &str| match core(text).data {
        Data::Number { number, text: written } => {
            assert_eq!(&*written, text);
            number.to_string()
        }
        _ => panic!("{text} must be a number"),
    };
    for (text, expected) in [
        ("0o14", "12"),
        ("0x1f", "31"),
        ("012", "12"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ] {
        assert_eq!(number(text), expected);
    }
    assert_eq!(
        core("-.INF"),
        Node {
            span: core("-.INF").span,
            data: Data::Number { number: Number::infinity(true), text: "-.INF".into() }
        }
    );
    for text in ["1_000", "0b1", "12:30:45", "2001-12-14", "1.2.3", "0x", "1e", ".", "..", "0o8"] {
        assert_eq!(core(text).as_str(), Some(text));
    }
    assert_eq!(core("Null").data, Data::Null);
    assert_eq!(core("").data, Data::Null);
    assert_eq!(core("TRUE").data, Data::Bool(true));
    assert_eq!(core("'true'").as_str(), Some("true"));
    assert_eq!(core("|-\n  true").as_str(), Some("true"));
    assert_eq!(wrong("a: .nan"), "line 1, column 4: there is no number of this name");
}

#[test]
fn tags_say_what_a_scalar_is() {
    assert_eq!(core("!!str 1").as_str(), Some("1"));
    assert_eq!(core("! 1").as_str(), Some("1"));
    assert_eq!(core("!<tag:yaml.org,2002:bool> true").data, Data::Bool(true));
    assert_eq!(wrong("- !!int x"), "line 1, column 3: \"x\" is not what its tag !!int says");
    assert_eq!(wrong("- !!map []"), "line 1, column 3: the tag !!map does not fit here");
    let Data::Tagged { tag, node } = core("!reference [a, b]").data else { panic!("no tag") };
    assert_eq!((&*tag, node.items().len()), ("!reference", 2));
}

#[test]
fn a_key_that_is_there_twice_is_refused_with_both_places() {
    let text = "a:\n  b: 1\n  c: 2\n  \"b\": 3\n";
    let error = parse(text, Dialect::Core).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 4, column 3: the key \"b\" is there twice (see line 2, column 3)"
    );
    let (first, _) = error.other.unwrap();
    assert_eq!(&text[first.start..first.end], "b");
    assert_eq!(
        wrong("? [a]\n: 1"),
        "line 1, column 3: a key must be a scalar, not a list or a map"
    );
}

#[test]
fn aliases_stand_for_what_they_name_and_can_not_explode() {
    let text = "x: &a {b: 1, c: 2}\ny:\n  <<: *a\n  b: 3\nz:\n  b: 3\n  <<: [*a, {d: 4, c: 5}]\n";
    let node = core(text);
    let json = |it: &Node| encode_plain(&crate::json::implied(it).unwrap()).unwrap();
    assert_eq!(json(&node), r#"{"x":{"b":1,"c":2},"y":{"b":3,"c":2},"z":{"b":3,"c":2,"d":4}}"#);
    assert_eq!(json(&core("- &a x\n- *a\n- {*a : 1}")), r#"["x","x",{"x":1}]"#);
    assert_eq!(
        wrong("<<: 1"),
        "line 1, column 5: only a map can be merged into a map, not a number"
    );
    assert_eq!(
        wrong("a: &a [*a]"),
        "line 1, column 8: the alias stands inside of what it stands for"
    );
    assert!(wrong("*x").starts_with("line 1, column 1: the text is no YAML from here on: "));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..20 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
    }
    assert_eq!(wrong(&bomb), "line 5, column 45: the aliases stand for more than 100000 values");
}

#[test]
fn deep_nesting_is_refused_on_a_small_stack() {
    let deep = || {
        parse(&"[".repeat(1_000_000), Dialect::Core).unwrap_err();
        parse(&"{a: ".repeat(100_000), Dialect::Core).unwrap_err();
        let message = format!("values are nested more than {MAX_DEPTH} deep");
        assert!(wrong(&"- ".repeat(1_000_000)).ends_with(&message));
        let nest = |depth| (0..depth).fold(Item::string("x"), |it, _| Item::list([it]));
        let text = emit(&nest(MAX_DEPTH));
        assert_eq!(emit(&Item::from(&core(&text))), text);
        assert!(wrong(&emit(&nest(MAX_DEPTH + 1))).ends_with(&message));
        // An alias lies as deep as what it stands for.
        let list = format!("{}x{}", "[".repeat(200), "]".repeat(200));
        let alias = |depth: usize| format!("- &a {list}\n- {}*a\n", "- ".repeat(depth));
        core(&alias(MAX_DEPTH - 201));
        assert!(wrong(&alias(MAX_DEPTH - 200)).ends_with(&message));
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(deep).unwrap().join().unwrap();
}

#[test]
fn several_documents_are_a_list_of_them() {
    assert_eq!(parse_all("a\n---\nb\n...\n# c\n", Dialect::Core).unwrap().len(), 2);
    assert_eq!(parse_all("# c\n", Dialect::Core), Ok(vec![]));
    assert_eq!(
        wrong("a\n---\nb\n"),
        "line 3, column 1: there is a second document, where one is wanted"
    );
    // An anchor is its document's own.
    parse_all("--- &a 1\n--- *a\n", Dialect::Core).unwrap_err();
}

#[test]
fn terraforms_dialect_is_that_of_yamldecode() {
    for (text, json) in [
        ("on", "true"),
        ("0o14", "12"),
        ("0x1f", "31"),
        ("1_000", "\"1_000\""),
        ("2001-12-14", "\"2001-12-14T00:00:00Z\""),
        ("2001-12-14t21:59:43.10-05:00", "\"2001-12-14T21:59:43-05:00\""),
        ("2001-12-14t21:59:43,10+00:00", "\"2001-12-14T21:59:43Z\""),
        ("2001-1-1 1:2:3", "\"2001-01-01T01:02:03Z\""),
        ("2001-02-30", "\"2001-02-30\""),
        ("2001-2-3T4:5:6+24:60", "\"2001-02-03T04:05:06+25:00\""),
        ("017", "17"),
        ("-0", "-0"),
        ("+.5", "0.5"),
        ("NULL", "null"),
        ("-", "[null]"),
        ("12:30:45", "\"12:30:45\""),
        ("0b11", "\"0b11\""),
        ("nan", "\"nan\""),
        ("-0x10", "\"-0x10\""),
        ("=", "\"=\""),
        ("on: 1\nyes: 2", "{\"true\":2}"),
        ("1: a\n1.50: b\nTrue: c", "{\"1\":\"a\",\"1.5\":\"b\",\"true\":\"c\"}"),
        (
            "a: |-\n  0x10\nb: |-\n  true\nc: |-\n  ~\nd: >-\n  on",
            "{\"a\":\"16\",\"b\":\"true\",\"c\":null,\"d\":\"true\"}",
        ),
        (
            "x: &a {b: 1, c: 2}\nu:\n  <<: *a\n  b: 3\nz:\n  b: 3\n  <<: *a",
            "{\"u\":{\"b\":3,\"c\":2},\"x\":{\"b\":1,\"c\":2},\"z\":{\"b\":1,\"c\":2}}",
        ),
        ("\"<<\": {a: 1}", "{\"a\":1}"),
        ("a: 1\na: x", "{\"a\":\"x\"}"),
        ("!!str ~", "\"~\""),
        ("!!int \"1\"", "\"1\""),
        ("!!int 0b11", "3"),
        ("!!int 1_000", "1000"),
        ("!!int on", "true"),
        ("!!int 1.5", "1.5"),
        ("!!null x", "null"),
        ("!!binary aGk=", "\"aGk=\""),
        ("!!timestamp 2001-01-01", "\"2001-01-01T00:00:00Z\""),
        ("!!seq [1]", "[1]"),
        ("x: 1\n...", "{\"x\":1}"),
    ] {
        assert_eq!(yamldecode(text), json, "{text}");
    }
    assert_eq!(decode_implied(".inf"), Ok(Value::from(Number::infinity(false))));
    for text in [
        ".nan",
        "! 1",
        "!foo 1",
        "!foo [1]",
        "!!timestamp x",
        "!!int x",
        "!!bool x",
        "!!binary x",
        "!!set {a: null}",
        "? [a]\n: 1",
        "--- 1\n--- 2",
        "",
        "# c",
        "~: 1",
        "a: &a [*a]",
    ] {
        assert!(decode_implied(text).is_err(), "{text}");
    }
    assert_eq!(refused("a: !foo 1"), "line 1, column 4: the tag !foo means nothing to Terraform");
}
