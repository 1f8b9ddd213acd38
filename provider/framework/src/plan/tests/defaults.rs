//! Defaults at each depth.

use super::*;

fn sized() -> Attribute {
    Attribute { default: Some("small".into()), ..text("size") }
}

#[test]
fn a_default_fills_in_at_each_depth() {
    for nesting in [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map] {
        let deep = nested("deep", nesting, vec![text("a"), sized()]);
        let object = object(vec![nested("parts", nesting, vec![deep]), sized()]);
        let AttributeKind::Nested(_, inner) = &object.attributes[0].kind else { continue };
        let with = |said: &[(&str, Value)], outer: &[(&str, Value)]| {
            let parts = nest(&object, "parts", &[&[("deep", nest(inner, "deep", &[said]))]]);
            of(&object, &[&[("parts", parts)], outer].concat())
        };
        let config = with(&[("a", "x".into())], &[]);
        let full =
            with(&[("a", "x".into()), ("size", "small".into())], &[("size", "small".into())]);
        assert_eq!(plan(&object, &config, None).state, full);
        assert_eq!(with_defaults(&object, &config), full);
        assert_eq!(plan(&object, &config, Some(&full)), Planned { state: full, replace: vec![] });
    }
}

#[test]
fn a_default_that_is_an_object_has_what_an_object_has() {
    let mut parts = nested("parts", Nesting::List, vec![text("a"), sized(), computed("id")]);
    let bare = nest(&object(vec![parts.clone()]), "parts", &[&[("a", "x".into())]]);
    parts.default = Some(bare);
    let object = object(vec![parts]);
    let of_one = |id: Value| {
        let one = [("a", "x".into()), ("size", "small".into()), ("id", id)];
        of(&object, &[("parts", nest(&object, "parts", &[&one]))])
    };
    let config = of(&object, &[]);
    assert_eq!(plan(&object, &config, None).state, of_one(unknown()));
    assert_eq!(plan(&object, &config, Some(&of_one("1".into()))).state, of_one("1".into()));
    assert_eq!(with_defaults(&object, &config), of_one(Value::null(Type::String)));
}

#[test]
fn a_default_of_the_same_meaning_keeps_the_states_spelling() {
    let object = object(vec![Attribute { default: Some("small".into()), ..caseless("size") }]);
    let prior = of(&object, &[("size", "SMALL".into())]);
    assert_eq!(plan(&object, &of(&object, &[]), Some(&prior)).state, prior);
}
