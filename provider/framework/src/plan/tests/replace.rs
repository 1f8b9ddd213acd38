//! Which changes need a new object.

use super::*;

fn paths(object: &Object, config: &Value, prior: &Value) -> Vec<String> {
    plan(object, config, Some(prior)).replace.iter().map(Path::to_string).collect()
}

#[test]
fn only_what_changed_needs_a_new_object() {
    let object = object(vec![replacing("a"), replacing("b"), text("c")]);
    let state =
        |a: &str, b: Value, c: &str| of(&object, &[("a", a.into()), ("b", b), ("c", c.into())]);
    let prior = state("1", "2".into(), "3");
    assert_eq!(paths(&object, &state("1", "2".into(), "4"), &prior), [""; 0]);
    assert_eq!(paths(&object, &state("9", "2".into(), "3"), &prior), ["a"]);
    assert_eq!(paths(&object, &state("1", unknown(), "3"), &prior), ["b"]);
    assert_eq!(paths(&object, &state("1", Value::null(Type::String), "3"), &prior), ["b"]);
}

#[test]
fn the_objects_of_a_list_are_compared_by_position() {
    let object = object(vec![nested("parts", Nesting::List, vec![replacing("a"), text("b")])]);
    let state = |parts: &[&str]| {
        let parts: Vec<[(&str, Value); 1]> = parts.iter().map(|it| [("a", (*it).into())]).collect();
        let parts: Vec<&[(&str, Value)]> = parts.iter().map(|it| &it[..]).collect();
        of(&object, &[("parts", nest(&object, "parts", &parts))])
    };
    let prior = state(&["x", "y", "y"]);
    assert_eq!(paths(&object, &state(&["y", "y"]), &prior), ["parts[0].a"]);
    assert_eq!(paths(&object, &state(&["x", "y"]), &prior), [""; 0]);
    assert_eq!(paths(&object, &state(&["x", "y", "y", "z"]), &prior), ["parts[3].a"]);
}

#[test]
fn a_set_needs_a_new_object_only_if_what_needs_one_changed() {
    let object = object(vec![nested("parts", Nesting::Set, vec![replacing("a"), text("b")])]);
    let state = |parts: &[(&str, &str)]| {
        let parts: Vec<[(&str, Value); 2]> =
            parts.iter().map(|(a, b)| [("a", (*a).into()), ("b", (*b).into())]).collect();
        let parts: Vec<&[(&str, Value)]> = parts.iter().map(|it| &it[..]).collect();
        of(&object, &[("parts", nest(&object, "parts", &parts))])
    };
    let prior = state(&[("x", "1"), ("y", "1")]);
    assert_eq!(paths(&object, &state(&[("x", "2"), ("y", "1")]), &prior), [""; 0]);
    assert_eq!(paths(&object, &state(&[("x", "1")]), &prior), [""; 0]);
    assert_eq!(paths(&object, &state(&[("x", "1"), ("z", "1")]), &prior), ["parts"]);
    assert_eq!(paths(&object, &state(&[("x", "1"), ("y", "1"), ("x", "2")]), &prior), ["parts"]);
}

#[test]
fn an_object_that_is_not_known_yet_may_need_a_new_one() {
    for nesting in [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map] {
        let object = object(vec![nested("parts", nesting, vec![replacing("a")])]);
        let ty = object.attributes[0].kind.ty();
        let prior = of(&object, &[("parts", nest(&object, "parts", &[&[("a", "x".into())]]))]);
        let config = of(&object, &[("parts", Value::unknown(ty))]);
        assert_eq!(paths(&object, &config, &prior), ["parts"], "{nesting:?}");
    }
}
