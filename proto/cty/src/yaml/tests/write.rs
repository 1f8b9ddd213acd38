//! How YAML is written.

use crate::yaml::{Content, Dialect, Item, emit, parse};
use crate::{Number, Type, Value};

/// The text comes back as what it was written from.
fn check(item: &Item, text: &str) {
    assert_eq!(emit(item), text);
    assert_eq!(emit(&Item::from(&parse(text, Dialect::Core).unwrap())), emit(&plain(item)));
}

/// The same item without comments.
fn plain(item: &Item) -> Item {
    match &item.content {
        Content::List(items) => Item::list(items.iter().map(plain)),
        Content::Map(it) => Item::map(it.iter().map(|(key, it)| (key.clone(), plain(it)))),
        content => content.clone().into(),
    }
}

#[test]
fn strings_are_quoted_only_where_some_reader_could_take_them_for_something_else() {
    for text in [
        "a",
        "a b",
        "actions/checkout@v4",
        "${{ matrix.os }}",
        "ubuntu-24.04",
        "image:tag",
        "a#b",
        "1.2.3",
        "127.0.0.1",
        "10.0.0.0/8",
        "~/x",
        "./x",
        ".github",
        "https://x.y/z?a=b&c",
        "24h",
        "720p",
        "a, b",
        "a [b]",
        "it's",
        "é",
        "nan",
        "one: two".split(": ").next().unwrap(),
        "$HOME/{x}",
        "onward",
        "Nope",
        "(x)",
        "_1",
        "e5",
        "\u{a0}x",
    ] {
        let expected = if text == "\u{a0}x" { "\"\u{a0}x\"\n" } else { &format!("{text}\n") };
        check(&Item::string(text), expected);
    }
    for text in [
        "",
        "~",
        "null",
        "Null",
        "true",
        "FALSE",
        "on",
        "Off",
        "yes",
        "No",
        "y",
        "N",
        "1",
        "-1",
        "3.10",
        "1e3",
        "0x1f",
        ".1p5",
        ".0P-7",
        "0o7",
        "0b1",
        "1_000",
        "1,000",
        "017",
        "+1",
        ".5",
        "5.",
        ".inf",
        "-.INF",
        "+.inf",
        ".NaN",
        "12:30:45",
        "2001-12-14",
        "2001-12-14 1:2:3",
        "2001-12-14T1:2:3Z",
        " a",
        "a ",
        "a: b",
        "a:",
        "a #b",
        "- a",
        "-",
        "--- a",
        "? a",
        ": a",
        "{a",
        "[a",
        "]",
        "}",
        ",",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "#a",
        "=",
        "<<",
        "...",
        "'a'",
    ] {
        check(&Item::string(text), &format!("\"{text}\"\n"));
        let tag = if text == "<<" { "!!str " } else { "" };
        check(&Item::map([(text, Item::from("x"))]), &format!("{tag}\"{text}\": x\n"));
    }
    check(&Item::string("say \"x\": 'y'"), "'say \"x\": ''y'''\n");
    check(&Item::string("C:\\x: y"), "'C:\\x: y'\n");
    check(&Item::string("a\tb"), "\"a\\tb\"\n");
    check(
        &Item::string("a\u{85}\u{2028}\u{feff}\u{0}\u{1b}\u{7f}\r"),
        "\"a\\x85\\u2028\\ufeff\\x00\\x1b\\x7f\\r\"\n",
    );
}

#[test]
fn strings_of_several_lines_are_blocks() {
    let of = |text: &str| Item::map([("a", Item::from(text)), ("b", Item::from(true))]);
    check(&of("x\ny: #z\n"), "a: |\n  x\n  y: #z\nb: true\n");
    check(&of("x\n\n  y"), "a: |-\n  x\n\n    y\nb: true\n");
    check(&of("x\n\n\n"), "a: |+\n  x\n\n\nb: true\n");
    check(&of("  x\ny\n"), "a: |2\n    x\n  y\nb: true\n");
    check(&of("\n x\n"), "a: |2\n\n   x\nb: true\n");
    check(&of("\nx"), "a: |-\n\n  x\nb: true\n");
    check(&of("x \ny"), "a: \"x \\ny\"\nb: true\n");
    check(&of("x\r\ny"), "a: \"x\\r\\ny\"\nb: true\n");
    check(&of("\n\n"), "a: \"\\n\\n\"\nb: true\n");
    check(
        &Item::list([Item::from("x\ny"), Item::list([Item::from(" x\ny\n")])]),
        "- |-\n  x\n  y\n- - |2\n     x\n    y\n",
    );
    check(&Item::from("x\n---\n...\n"), "|\n  x\n  ---\n  ...\n");
    check(&Item::from(" x\ny"), "\" x\\ny\"\n");
}

#[test]
fn a_workflow_is_written_as_people_write_it() {
    let step = Item::map([
        ("uses", Item::from("actions/checkout@1234").beside("v4.2.2")),
        ("with", Item::map([("fetch-depth", Item::from(Number::from(0_i64)))])),
    ]);
    let item = Item::map([
        ("name", Item::from("ci").above("Made by a machine:\nchange the source.").above("")),
        ("on", Item::map([("push", Content::Null.into())])),
        ("permissions", Item::map::<&str>([]).above("").beside("nothing")),
        (
            "jobs",
            Item::map([(
                "test",
                Item::map([
                    ("runs-on", Item::from("ubuntu-24.04").above("A runner.")),
                    (
                        "steps",
                        Item::list([
                            step.above("First."),
                            Item::map([("run", Item::from("a\nb\n").beside("two"))]),
                            Item::map([("run", Item::from("c").above("Inner."))]).beside("Outer."),
                            Item::list([Item::list([])]),
                        ]),
                    ),
                ])
                .beside("the job"),
            )]),
        ),
    ]);
    let text = "\
# Made by a machine:
# change the source.

name: ci
\"on\":
  push: null

permissions: {} # nothing
jobs:
  test: # the job
    # A runner.
    runs-on: ubuntu-24.04
    steps:
      # First.
      - uses: actions/checkout@1234 # v4.2.2
        with:
          fetch-depth: 0
      - run: | # two
          a
          b
      - # Outer.
        # Inner.
        run: c
      - - []
";
    check(&item, text);
}

#[test]
fn values_are_written_and_what_is_unknown_is_refused_where_it_is() {
    let value = Value::object([
        ("m", Value::from("1e30".parse::<Number>().unwrap())),
        ("s", Value::set(Type::String, [Value::from("b"), Value::from("a")])),
        ("i", Value::tuple([Value::from(Number::infinity(true)), Value::null(Type::Bool)])),
    ]);
    let text = "i:\n  - -.inf\n  - null\nm: 1000000000000000000000000000000\ns:\n  - a\n  - b\n";
    check(&Item::from_value(&value).unwrap(), text);
    let unknown = Value::object([("a", Value::tuple([Value::unknown(Type::Bool)]))]);
    assert_eq!(
        Item::from_value(&unknown).unwrap_err().to_string(),
        "a[0] is not known yet, and YAML has no form for unknown values"
    );
}

#[test]
fn a_key_longer_than_readers_look_is_announced() {
    let key = "k".repeat(2000);
    let item = Item::map([(&*key, Item::from("x")), ("b", Item::map([(&*key, Item::list([]))]))]);
    check(&item, &format!("? {key}\n: x\nb:\n  ? {key}\n  : []\n"));
}
