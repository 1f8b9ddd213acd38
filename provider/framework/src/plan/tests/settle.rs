//! What came back, in the spelling of what was known before.

use super::*;

#[test]
fn the_known_spelling_is_kept_beside_what_was_unknown() {
    for nesting in [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map] {
        let object = object(vec![nested("parts", nesting, vec![caseless("a"), computed("id")])]);
        let state = |a: &str, id: Value| {
            let part = [("a", a.into()), ("id", id)];
            of(&object, &[("parts", nest(&object, "parts", &[&part]))])
        };
        let settled = settle(&object, Some(&state("x", unknown())), state("X", "1".into()));
        assert_eq!(settled, state("x", "1".into()), "{nesting:?}");
        let settled = settle(&object, Some(&state("x", "1".into())), state("X", "2".into()));
        assert_eq!(settled, state("x", "2".into()), "{nesting:?}");
    }
}

#[test]
fn what_is_gone_stays_gone_and_what_changed_is_shown() {
    let object = object(vec![caseless("a"), text("b")]);
    let before = of(&object, &[("a", "x".into()), ("b", "1".into())]);
    let gone = of(&object, &[]);
    assert_eq!(settle(&object, Some(&before), gone.clone()), gone);
    let changed = of(&object, &[("a", "y".into()), ("b", "2".into())]);
    assert_eq!(settle(&object, Some(&before), changed.clone()), changed);
}

#[test]
fn what_is_write_only_is_taken_out_at_each_depth() {
    let secret = Attribute { write_only: true, ..text("secret") };
    let parts = nested("parts", Nesting::List, vec![secret.clone(), text("a")]);
    let object = object(vec![parts, secret]);
    let said = [("secret", "hunter2".into()), ("a", "x".into())];
    let read =
        of(&object, &[("parts", nest(&object, "parts", &[&said])), ("secret", "hunter2".into())]);
    let wanted = of(&object, &[("parts", nest(&object, "parts", &[&[("a", "x".into())]]))]);
    assert_eq!(settle(&object, None, read.clone()), wanted);
    assert_eq!(settle(&object, Some(&wanted), read), wanted);
}

#[test]
fn of_two_spellings_in_a_set_each_goes_to_the_object_that_is_known_by_the_rest() {
    let parts = vec![caseless("a"), computed("id")];
    let object = object(vec![nested("parts", Nesting::Set, parts)]);
    let state = |parts: [(&str, Value); 2]| {
        let [one, other] = parts.map(|(a, id)| [("a", a.into()), ("id", id)]);
        of(&object, &[("parts", nest(&object, "parts", &[&one, &other]))])
    };
    let planned = state([("x", "1".into()), ("X", unknown())]);
    let settled = settle(&object, Some(&planned), state([("X", "1".into()), ("x", "2".into())]));
    assert_eq!(settled, state([("x", "1".into()), ("X", "2".into())]));
}
