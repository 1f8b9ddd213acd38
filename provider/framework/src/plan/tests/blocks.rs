//! Nested blocks, of which none is an empty collection.

use super::*;

const MANY: [Nesting; 3] = [Nesting::List, Nesting::Set, Nesting::Map];

fn block(name: &'static str, nesting: Nesting, attributes: Vec<Attribute>) -> Attribute {
    Attribute { block: true, ..nested(name, nesting, attributes) }
}

#[test]
fn where_no_block_is_written_none_is_null() {
    for nesting in MANY {
        let deep = block("deep", nesting, vec![text("a")]);
        let object = object(vec![block("parts", nesting, vec![deep, text("a")]), text("b")]);
        let none = of(&object, &[("parts", nest(&object, "parts", &[]))]);
        let null = of(&object, &[]);
        assert_eq!(plan(&object, &null, None).state, none);
        assert_eq!(settle(&object, Some(&none), null.clone()), none);
        assert_eq!(with_defaults(&object, &null), none);
        assert_eq!(with_blocks(&object, null), none);
        let AttributeKind::Nested(_, inner) = &object.attributes[0].kind else { continue };
        let part = |deep: Value| {
            let part = [("a", "x".into()), ("deep", deep)];
            of(&object, &[("parts", nest(&object, "parts", &[&part]))])
        };
        let (one, null) =
            (part(nest(inner, "deep", &[])), Value::null(inner.attributes[0].kind.ty()));
        assert_eq!(with_blocks(&object, part(null.clone())), one);
        assert_eq!(settle(&object, None, part(null.clone())), one);
        assert_eq!(with_defaults(&object, &part(null)), one);
    }
    let object = object(vec![block("part", Nesting::Single, vec![text("a")])]);
    let null = of(&object, &[]);
    assert_eq!(with_blocks(&object, null.clone()), null);
    assert_eq!(plan(&object, &null, None).state, null);
}

#[test]
fn blocks_of_an_unknown_number_are_planned_as_unknown_and_forgotten_as_none() {
    for nesting in MANY {
        let parts = block("parts", nesting, vec![text("a"), computed("id")]);
        let ty = parts.kind.ty();
        let object = object(vec![parts, following("count", &["parts"])]);
        let config = of(&object, &[("parts", Value::unknown(ty))]);
        let none = nest(&object, "parts", &[]);
        let prior = of(&object, &[("parts", none.clone()), ("count", "0".into())]);
        let planned = plan(&object, &config, Some(&prior)).state;
        assert_eq!(planned.get("parts"), config.get("parts"));
        assert_eq!(planned.get("count"), Some(&unknown()));
        let forgotten = forget_unknown(&object, planned);
        assert_eq!(forgotten, of(&object, &[("parts", none)]));
    }
}

#[test]
fn what_is_computed_in_a_block_changes_with_its_own_block_alone() {
    let parts = block("parts", Nesting::List, vec![text("a"), computed("id"), replacing("form")]);
    let object = object(vec![parts]);
    let state =
        |parts: &[&[(&str, Value)]]| of(&object, &[("parts", nest(&object, "parts", parts))]);
    let prior = state(&[
        &[("a", "x".into()), ("id", "1".into())],
        &[("a", "y".into()), ("id", "2".into())],
    ]);
    let config = state(&[&[("a", "x".into())], &[("a", "z".into()), ("form", "round".into())]]);
    let planned = plan(&object, &config, Some(&prior));
    assert_eq!(
        planned.state,
        state(&[
            &[("a", "x".into()), ("id", "1".into())],
            &[("a", "z".into()), ("id", unknown()), ("form", "round".into())],
        ])
    );
    let paths: Vec<String> = planned.replace.iter().map(Path::to_string).collect();
    assert_eq!(paths, ["parts[1].form"]);
}
