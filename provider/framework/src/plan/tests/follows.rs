//! Which computed values a change makes unknown.

use super::*;

#[test]
fn what_follows_an_attribute_changes_with_it_and_with_nothing_else() {
    let object = object(vec![
        text("name"),
        text("note"),
        following("path", &["name"]),
        following("digest", &["path"]),
        keeping("id"),
        computed("changed"),
    ]);
    let state = |name: &str, note: &str, path: Value, digest: Value, changed: Value| {
        of(
            &object,
            &[
                ("name", name.into()),
                ("note", note.into()),
                ("path", path),
                ("digest", digest),
                ("id", "1".into()),
                ("changed", changed),
            ],
        )
    };
    let prior = state("a", "n", "p".into(), "d".into(), "c".into());
    let config =
        |name: &str, note: &str| of(&object, &[("name", name.into()), ("note", note.into())]);
    assert_eq!(
        plan(&object, &config("b", "n"), Some(&prior)).state,
        state("b", "n", unknown(), unknown(), unknown())
    );
    assert_eq!(
        plan(&object, &config("a", "m"), Some(&prior)).state,
        state("a", "m", "p".into(), "d".into(), unknown())
    );
    assert_eq!(plan(&object, &config("a", "n"), Some(&prior)).state, prior);
}

#[test]
fn what_stays_is_unknown_until_it_is_known() {
    let object = object(vec![text("a"), keeping("id")]);
    let config = of(&object, &[("a", "b".into())]);
    let wanted = of(&object, &[("a", "b".into()), ("id", unknown())]);
    assert_eq!(plan(&object, &config, None).state, wanted);
    let prior = of(&object, &[("a", "a".into())]);
    assert_eq!(plan(&object, &config, Some(&prior)).state, wanted);
}

#[test]
fn an_object_within_changes_by_itself() {
    for nesting in [Nesting::List, Nesting::Set, Nesting::Map] {
        let object =
            object(vec![nested("parts", nesting, vec![text("a"), computed("id")]), computed("id")]);
        let state = |second: &str, id: Value, outer: Value| {
            let first = [("a", "x".into()), ("id", "1".into())];
            let second = [("a", second.into()), ("id", id)];
            of(&object, &[("parts", nest(&object, "parts", &[&first, &second])), ("id", outer)])
        };
        let said = nest(&object, "parts", &[&[("a", "x".into())], &[("a", "z".into())]]);
        let prior = state("y", "2".into(), "0".into());
        let planned = plan(&object, &of(&object, &[("parts", said)]), Some(&prior)).state;
        assert_eq!(planned, state("z", unknown(), unknown()), "{nesting:?}");
    }
}

#[test]
fn what_is_computed_in_a_new_object_is_unknown() {
    let parts = vec![text("a"), computed("id"), keeping("key"), following("b", &["a"])];
    for nesting in [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map] {
        let object = object(vec![nested("parts", nesting, parts.clone())]);
        let said = nest(&object, "parts", &[&[("a", "x".into())]]);
        let all = [("a", "x".into()), ("id", unknown()), ("key", unknown()), ("b", unknown())];
        let wanted = of(&object, &[("parts", nest(&object, "parts", &[&all]))]);
        let config = of(&object, &[("parts", said)]);
        assert_eq!(plan(&object, &config, Some(&of(&object, &[]))).state, wanted, "{nesting:?}");
    }
}

#[test]
fn what_would_need_a_new_object_stays_in_this_one() {
    let zone = Attribute { replace: true, ..choosable("zone") };
    let object = object(vec![text("a"), zone]);
    let config = of(&object, &[("a", "y".into())]);
    for zone in ["eu".into(), Value::null(Type::String)] {
        let prior = of(&object, &[("a", "x".into()), ("zone", zone.clone())]);
        let planned = plan(&object, &config, Some(&prior));
        assert_eq!(planned.state, of(&object, &[("a", "y".into()), ("zone", zone)]));
        assert_eq!(planned.replace, vec![]);
    }
}
