//! Objects without a place go on from those that say the same.

use super::*;

fn set_of(object: &Object, objects: &[&[(&str, Value)]]) -> Value {
    of(object, &[("parts", nest(object, "parts", objects))])
}

#[test]
fn each_object_finds_its_own_where_several_could_be_it() {
    let object = object(vec![nested(
        "parts",
        Nesting::Set,
        vec![computed("id"), text("a"), choosable("b")],
    )]);
    let part = |id: &str, b: &str| [("id", id.into()), ("a", "x".into()), ("b", b.into())];
    // The one that leaves `b` open could be any of the three, in whatever order they are asked.
    for ids in [["1", "2", "3"], ["3", "2", "1"], ["2", "3", "1"], ["2", "1", "3"]] {
        let prior = set_of(&object, &[&part(ids[0], "p"), &part(ids[1], "q"), &part(ids[2], "r")]);
        let open = [("a", "x".into())];
        let said = |b: &str| [("a", "x".into()), ("b", b.into())];
        let config = set_of(&object, &[&open, &said("p"), &said("q")]);
        let planned = plan(&object, &config, Some(&prior));
        assert_eq!(planned, Planned { state: prior, replace: vec![] });
    }
}

#[test]
fn a_default_tells_objects_apart() {
    let size = Attribute { default: Some("5".into()), ..text("size") };
    let object = object(vec![nested("parts", Nesting::Set, vec![text("a"), size, computed("id")])]);
    let part = |size: &str, id: &str| [("a", "x".into()), ("size", size.into()), ("id", id.into())];
    for ids in [["1", "2"], ["2", "1"]] {
        let prior = set_of(&object, &[&part("5", ids[0]), &part("7", ids[1])]);
        let seven = [("a", "x".into()), ("size", "7".into())];
        let config = set_of(&object, &[&[("a", "x".into())], &seven]);
        assert_eq!(plan(&object, &config, Some(&prior)).state, prior);
    }
}

#[test]
fn an_object_is_planned_as_it_is_spelled() {
    let parts = vec![caseless("a"), text("b"), keeping("id")];
    let object = object(vec![nested("parts", Nesting::Set, parts)]);
    let part = |a: &str, b: Value, id: Value| [("a", a.into()), ("b", b), ("id", id)];
    let prior = set_of(&object, &[&part("x", "1".into(), "7".into())]);
    // Both plans of one change agree: the second one knows more, and contradicts nothing.
    for b in [unknown(), "1".into()] {
        let config = set_of(&object, &[&[("a", "X".into()), ("b", b.clone())]]);
        let wanted = set_of(&object, &[&part("X", b, unknown())]);
        assert_eq!(plan(&object, &config, Some(&prior)).state, wanted);
    }
}

#[test]
fn an_object_of_which_something_is_unknown_is_a_new_one() {
    let object = object(vec![nested("parts", Nesting::Set, vec![text("a"), computed("id")])]);
    let prior = set_of(&object, &[&[("a", "x".into()), ("id", "1".into())]]);
    let config = set_of(&object, &[&[("a", unknown())]]);
    let wanted = set_of(&object, &[&[("a", unknown()), ("id", unknown())]]);
    assert_eq!(plan(&object, &config, Some(&prior)).state, wanted);
}

#[test]
fn a_large_set_is_planned_in_no_time() {
    let object = object(vec![nested("parts", Nesting::Set, vec![computed("id"), text("a")])]);
    let inner = match &object.attributes[0].kind {
        AttributeKind::Nested(_, inner) => Arc::clone(inner),
        AttributeKind::Plain(_) => unreachable!("it is nested"),
    };
    let parts = |id: &dyn Fn(usize) -> Value| {
        let parts = (0..500).map(|i| of(&inner, &[("a", format!("{i}").into()), ("id", id(i))]));
        of(&object, &[("parts", Value::set(inner.ty(), parts))])
    };
    let prior = parts(&|i| format!("{}", 999 - i).into());
    let config = parts(&|_| Value::null(Type::String));
    let start = std::time::Instant::now();
    assert_eq!(plan(&object, &config, Some(&prior)).state, prior);
    assert!(start.elapsed().as_secs() < 5, "comparing each with each takes longer than it may");
}

#[test]
fn nobody_has_a_partner_that_an_unknown_object_may_turn_out_to_need() {
    let parts = vec![text("a"), choosable("b"), computed("id")];
    let object = object(vec![nested("parts", Nesting::Set, parts)]);
    let part = |b: &str, id: &str| [("a", "x".into()), ("b", b.into()), ("id", id.into())];
    let prior = set_of(&object, &[&part("p", "1"), &part("q", "2")]);
    let open = [("a", "x".into())];
    let first = set_of(&object, &[&open, &[("a", unknown()), ("b", "p".into())]]);
    let wanted = set_of(
        &object,
        &[
            &[("a", "x".into()), ("b", unknown()), ("id", unknown())],
            &[("a", unknown()), ("b", "p".into()), ("id", unknown())],
        ],
    );
    assert_eq!(plan(&object, &first, Some(&prior)).state, wanted);
    let then = set_of(&object, &[&open, &[("a", "x".into()), ("b", "p".into())]]);
    assert_eq!(plan(&object, &then, Some(&prior)).state, prior);
}

#[test]
fn what_is_planned_with_another_spelling_is_so_after_an_authors_plan() {
    let parts = |nesting| nested("parts", nesting, vec![caseless("a"), computed("id")]);
    for (nesting, spelling) in [(Nesting::Set, "X"), (Nesting::List, "x"), (Nesting::Map, "x")] {
        let object = object(vec![parts(nesting)]);
        let prior = set_of(&object, &[&[("a", "x".into()), ("id", "7".into())]]);
        let planned = set_of(&object, &[&[("a", "X".into()), ("id", unknown())]]);
        let wanted = set_of(&object, &[&[("a", spelling.into()), ("id", unknown())]]);
        assert_eq!(settle_plan(&object, Some(&prior), planned), wanted, "{nesting:?}");
    }
}
