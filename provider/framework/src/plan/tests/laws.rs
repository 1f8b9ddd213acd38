//! The laws of planning, for every declaration, configuration and state.

use proptest::prelude::*;
use stanchion_cty::Kind;

use super::choices::{Choices, apply, config, declaration, rebuild, resolve, shout};
use super::core::{invalid, is_completion};
use super::*;

/// A declaration, a configuration of it, and the state of an earlier one that resembles it.
#[derive(Debug)]
struct Case {
    object: Object,
    config: Value,
    prior: Value,
    /// For what only the apply will show.
    later: Vec<u8>,
}

fn cases(can_unknown: bool) -> impl Strategy<Value = Case> {
    let bytes = |count: usize| proptest::collection::vec(any::<u8>(), 0..count);
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let all = (bytes(60), bytes(60), edits, bytes(30));
    let cases = all.prop_map(move |(declared, said, edits, later)| {
        let object = declaration(&mut Choices::new(&declared));
        let config = self::config(&mut Choices::new(&said), &object, can_unknown);
        let mut earlier = said;
        for (index, byte) in edits.into_iter().filter(|_| !earlier.is_empty()).collect::<Vec<_>>() {
            let i = index.index(earlier.len());
            earlier[i] = byte;
        }
        let earlier = self::config(&mut Choices::new(&earlier), &object, false);
        let prior = apply(&plan(&object, &earlier, None).state, &mut 0);
        Case { object, config, prior, later }
    });
    cases.prop_filter("objects of a set become one by their defaults", |it| {
        same_counts(&it.config, &with_defaults(&it.object, &it.config))
    })
}

/// Whether all collections of a value have as many elements in another one.
fn same_counts(a: &Value, b: &Value) -> bool {
    let skip = a.is_null() || b.is_null() || !a.is_known() || !b.is_known();
    skip || (a.parts().count() == b.parts().count()
        && (matches!(a.kind(), Kind::Set(..))
            || a.parts().zip(b.parts()).all(|(a, b)| same_counts(a, b))))
}

/// The number of values in a value.
fn size(value: &Value) -> usize {
    1 + value.parts().map(size).sum::<usize>()
}

fn null(object: &Object) -> Value {
    Value::null(object.ty())
}

/// Each object in a state, with its declaration.
fn objects<'a>(object: &'a Object, state: &'a Value, found: &mut Vec<(&'a Object, &'a Value)>) {
    let Kind::Object(_) = state.kind() else { return };
    found.push((object, state));
    for attribute in &object.attributes {
        let Some(value) = state.get(&attribute.name) else { continue };
        match (&attribute.kind, value.kind()) {
            (AttributeKind::Nested(_, object), Kind::Object(_)) => objects(object, value, found),
            (AttributeKind::Nested(_, object), _) => {
                value.parts().for_each(|it| objects(object, it, found));
            }
            (AttributeKind::Plain(_), _) => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn terraform_accepts_every_plan(case in cases(true)) {
        let Case { object, config, prior, .. } = &case;
        let new = plan(object, config, None);
        prop_assert_eq!(invalid(object, &null(object), config, &new.state), vec![]);
        prop_assert_eq!(&new.replace, &vec![]);
        let changed = plan(object, config, Some(prior));
        prop_assert_eq!(invalid(object, prior, config, &changed.state), vec![]);
        prop_assert_eq!(plan(object, config, Some(prior)), changed);
    }

    #[test]
    fn what_was_applied_needs_no_change(case in cases(false)) {
        let Case { object, config, prior, .. } = &case;
        for prior in [None, Some(prior)] {
            let planned = plan(object, config, prior).state;
            let applied = apply(&planned, &mut 1000);
            prop_assert!(is_completion(&planned, &applied));
            let again = plan(object, config, Some(&applied));
            prop_assert_eq!(again, Planned { state: applied, replace: vec![] });
        }
    }

    #[test]
    fn the_plan_of_the_apply_completes_the_first_one(case in cases(true)) {
        let Case { object, config, prior, later } = &case;
        let resolved = resolve(&mut Choices::new(later), object, config);
        prop_assume!(same_counts(&resolved, &with_defaults(object, &resolved)));
        for prior in [None, Some(prior)] {
            let first = plan(object, config, prior);
            let second = plan(object, &resolved, prior);
            prop_assert!(
                is_completion(&first.state, &second.state),
                "first {:?}\nthen  {:?}", first.state, second.state
            );
            prop_assert!(!first.replace.is_empty() || second.replace.is_empty());
        }
    }

    #[test]
    fn what_needs_a_new_object_changed(case in cases(true)) {
        let Case { object, config, prior, .. } = &case;
        let planned = plan(object, config, Some(prior));
        for path in &planned.replace {
            prop_assert_ne!(path.of(prior), path.of(&planned.state), "{}", path);
        }
    }

    #[test]
    fn what_is_unknown_followed_a_change(case in cases(false)) {
        let Case { object, config, prior, .. } = &case;
        let planned = plan(object, config, Some(prior)).state;
        for attribute in &object.attributes {
            let name = attribute.name.as_ref();
            let part = |it: &Value| it.get(name).cloned();
            let is_left = attribute.is_computed() && attribute.default.is_none()
                && part(config).is_some_and(|it| it.is_null());
            if !is_left {
                continue;
            }
            let expected = match &attribute.follows {
                Follows::Names(names) => names.iter().any(|it| prior.get(it) != planned.get(it)),
                Follows::Anything | Follows::Nothing if attribute.replace => false,
                Follows::Anything => *prior != planned,
                Follows::Nothing => {
                    *prior != planned && part(prior).is_some_and(|it| it.is_null())
                }
            };
            prop_assert_eq!(part(&planned).is_some_and(|it| !it.is_known()), expected, "{}", name);
        }
    }

    #[test]
    fn what_is_write_only_is_null_everywhere(case in cases(true)) {
        let Case { object, config, prior, .. } = &case;
        let planned = plan(object, config, Some(prior)).state;
        let mut found = Vec::new();
        objects(object, &planned, &mut found);
        for (object, state) in found {
            for attribute in object.attributes.iter().filter(|it| it.write_only) {
                prop_assert!(state.get(&attribute.name).is_none_or(Value::is_null));
            }
        }
    }

    #[test]
    fn a_change_that_shouts_ends_as_it_was_planned(case in cases(false)) {
        let Case { object, config, prior, .. } = &case;
        let planned = plan(object, config, Some(prior)).state;
        let applied = apply(&planned, &mut 1000);
        let loud = shout(object, &applied);
        prop_assume!(size(&applied) == size(&loud));
        let settled = settle(object, Some(&planned), loud.clone());
        prop_assert!(
            is_completion(&planned, &settled),
            "planned {:?}\nsettled {:?}", planned, settled
        );
        prop_assert_eq!(shout(object, &settled), shout(object, &loud), "it means what came back");
        prop_assert_eq!(settle(object, Some(&settled), settled.clone()), settled);
    }

    #[test]
    fn nothing_comes_back_that_was_gone(case in cases(false)) {
        let Case { object, config, prior, .. } = &case;
        let after = apply(&plan(object, config, None).state, &mut 1000);
        let settled = settle(object, Some(prior), after.clone());
        prop_assert_eq!(shout(object, &settled), shout(object, &after));
    }
}

#[test]
fn rebuilding_keeps_what_it_is_not_told_to_change() {
    let object = object(vec![nested("parts", Nesting::Map, vec![text("a")])]);
    let value = nest(&object, "parts", &[&[("a", "x".into())], &[]]);
    assert_eq!(rebuild(&value, &mut Value::clone), value);
}
