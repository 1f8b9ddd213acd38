//! Whatever Terraform's values are, MessagePack, JSON and YAML bring them back, and Terraform reads
//! the YAML in the same way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use stanchion_cty::yaml::{Dialect, Item, emit};
use stanchion_cty::{Value, json, msgpack, yaml};
use stanchion_tests::arbitrary::{Known, numbers, texts, types, values};
use stanchion_tests::{Terraform, Workspace};

proptest! {
    #![proptest_config(Config { cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_value_comes_back_from_messagepack((ty, value) in values(Known::Partly)) {
        let bytes = msgpack::encode(&value, &ty).unwrap();
        let back = msgpack::decode(&bytes, &ty);
        prop_assert_eq!(back.as_ref(), Ok(&value));
        prop_assert_eq!(msgpack::encode(&back.unwrap(), &ty), Ok(bytes));
    }

    #[test]
    fn a_value_comes_back_from_json((ty, value) in values(Known::Wholly)) {
        let text = json::encode(&value, &ty).unwrap();
        prop_assert_eq!(json::decode(&text, &ty), Ok(value.clone()));
        prop_assert_eq!(json::decode_lenient(&text, &ty), Ok((value, vec![])));
    }

    #[test]
    fn a_type_comes_back_from_json(ty in types()) {
        let text = json::type_to_json(&ty);
        prop_assert_eq!(json::type_from_json(text.as_bytes()), Ok(ty));
    }

    #[test]
    fn plain_json_comes_back_as_itself((_, value) in values(Known::Wholly)) {
        let text = json::encode_plain(&value).unwrap();
        let back = json::decode_implied(&text).unwrap();
        prop_assert_eq!(json::encode_plain(&back), Ok(text.clone()));
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&json::decode_implied(&theirs.to_string()).unwrap(), &back);
    }

    #[test]
    fn a_tree_comes_back_from_yaml_in_either_dialect(item in items()) {
        let text = emit(&item);
        for dialect in [Dialect::Core, Dialect::Terraform] {
            let node = yaml::parse(&text, dialect).map_err(|it| format!("{it} in\n{text}"));
            prop_assert_eq!(&Item::from(&node.unwrap()), &item, "{}", text);
        }
        let commented = commented(&item, 0);
        let text = emit(&commented);
        let node = yaml::parse(&text, Dialect::Core).map_err(|it| format!("{it} in\n{text}"));
        prop_assert_eq!(&Item::from(&node.unwrap()), &item, "{}", text);
    }

    #[test]
    fn broken_messages_are_refused_or_read_but_never_fatal(
        (ty, value) in values(Known::Partly),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        junk in vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = msgpack::encode(&value, &ty).unwrap();
        let at = at.index(bytes.len());
        // Whatever ends early is no message.
        prop_assert!(msgpack::decode(&bytes[..at], &ty).is_err());
        bytes[at] = byte;
        if let Ok(it) = msgpack::decode(&bytes, &ty) {
            prop_assert!(msgpack::encode(&it, &ty).is_ok(), "{it:?} of {ty}");
        }
        let _ = msgpack::decode(&junk, &ty);
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place_in_it(text in texts(), (ty, value) in values(Known::Wholly)) {
        let json = json::encode_plain(&value).unwrap().replacen(['"', ':', '1'], &text, 2);
        for text in [&text, &json] {
            for dialect in [Dialect::Core, Dialect::Terraform] {
                if let Err(it) = yaml::parse(text, dialect) {
                    prop_assert!(it.span.end <= text.len() && text.is_char_boundary(it.span.start));
                }
            }
            if let Err(it) = json::parse(text) {
                prop_assert!(text.get(it.span.start..it.span.end).is_some());
            }
            let _ = json::decode(text, &ty);
        }
    }
}

#[test]
fn terraform_reads_the_same_out_of_our_yaml() {
    let mut runner = TestRunner::deterministic();
    let mut drawn =
        |strategy: BoxedStrategy<Item>| strategy.new_tree(&mut runner).unwrap().current();
    let mut all: Vec<Item> = (0..400).map(|_| drawn(items())).collect();
    all.extend((0..400).map(|_| drawn(texts().prop_map(Item::string).boxed())));
    all.extend(
        (0..200)
            .map(|_| drawn(texts().prop_map(|it| Item::map([(it, Item::from("x\ny"))])).boxed())),
    );
    let workspace = Workspace::new(&Terraform::newest());
    for (i, item) in all.iter().enumerate() {
        workspace.write(format!("{i}.yaml"), emit(&commented(item, i)));
    }
    let expression = format!(
        "base64encode(jsonencode([for i in range({}) : \
         try(jsonencode(yamldecode(file(\"${{path.module}}/${{i}}.yaml\"))), \"refused\")]))",
        all.len()
    );
    let printed = workspace.console(&expression);
    let bytes = STANDARD.decode(printed.trim().trim_matches('"')).unwrap();
    let answers: Vec<String> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(answers.len(), all.len());
    for (item, answer) in all.iter().zip(answers) {
        let ours = yaml::decode_implied(&emit(item)).unwrap();
        assert_eq!(answer, json::encode_plain(&ours).unwrap(), "{}", emit(item));
    }
}

/// Trees to be written as YAML, without comments; texts are in the form that Terraform gives them.
fn items() -> BoxedStrategy<Item> {
    let text =
        || texts().prop_map(|it| Value::from(it).as_str().map(str::to_owned).unwrap_or_default());
    let leaf = prop_oneof![
        6 => text().prop_map(Item::string),
        1 => any::<bool>().prop_map(Item::from),
        2 => numbers().prop_map(Item::from),
        1 => Just(Item::from(yaml::Content::Null)),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Item::list),
            vec((text(), inner), 0..4).prop_map(Item::map),
        ]
    })
    .boxed()
}

/// The same tree with comments here and there.
fn commented(item: &Item, seed: usize) -> Item {
    let content = match &item.content {
        yaml::Content::List(items) => {
            let items = items.iter().enumerate();
            yaml::Content::List(items.map(|(i, it)| commented(it, seed + i + 1)).collect())
        }
        yaml::Content::Map(entries) => {
            let entries = entries.iter().enumerate();
            let entries = entries.map(|(i, (key, it))| (key.clone(), commented(it, seed + i + 2)));
            yaml::Content::Map(entries.collect())
        }
        content => content.clone(),
    };
    let mut item = Item::from(content);
    if seed.is_multiple_of(3) {
        item = item.above("a: \"comment\"\n- of {two} lines\u{85}\u{0}").above("");
    }
    if seed.is_multiple_of(4) {
        item = item.beside("beside: [it\nall");
    }
    item
}
