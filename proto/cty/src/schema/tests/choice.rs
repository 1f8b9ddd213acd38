//! Enums as objects of which one attribute is set.

use super::*;

/// How to water.
#[derive(Clone, Debug, PartialEq, Choice)]
enum Watering {
    /// From above.
    Can(Leaf<i64>),
    /// From below.
    BlueSaucer(Lid),
}

fn saucer() -> Value {
    Value::object([("thickness", Value::number(2))])
}

fn of(can: Value, saucer: Value) -> Value {
    Value::object([("can", can), ("blue_saucer", saucer)])
}

fn decode(value: &Value) -> Result<Watering, Vec<String>> {
    Watering::decode(value, &Path::root().attribute("water")).map_err(|it| told(&it))
}

fn no_can() -> Value {
    Value::null(Type::Number)
}

fn no_saucer() -> Value {
    Value::null(Lid::object_type())
}

#[test]
fn an_enum_is_declared_as_optional_attributes() {
    let AttributeKind::Nested(Nesting::Single, object) = Watering::kind() else {
        panic!("a choice is one object")
    };
    assert_eq!(object.docs, "How to water.");
    let declared: Vec<_> =
        object.attributes.iter().map(|it| (&*it.name, &*it.docs, it.presence)).collect();
    let expected = [
        ("can", "From above.", Presence::Optional),
        ("blue_saucer", "From below.", Presence::Optional),
    ];
    assert_eq!(declared, expected);
    assert!(matches!(object.attributes[1].kind, AttributeKind::Nested(..)));
    assert!(matches!(<Vec<Watering> as Shape>::kind(), AttributeKind::Nested(Nesting::List, _)));
}

#[test]
fn an_enum_comes_back_from_its_value() {
    for it in [Watering::Can(3.into()), Watering::BlueSaucer(Lid { thickness: 2 })] {
        let value = it.encode();
        assert!(crate::conforms(&value, &Watering::ty()));
        assert_eq!(decode(&value), Ok(it));
    }
    assert_eq!(Watering::BlueSaucer(Lid { thickness: 2 }).encode(), of(no_can(), saucer()));
}

#[test]
fn exactly_one_must_be_set() {
    let AttributeKind::Nested(_, object) = Watering::kind() else { panic!("it is nested") };
    let one = "water must have exactly one of can, blue_saucer".to_owned();
    for wrong in [of(no_can(), no_saucer()), of(Value::number(1), saucer())] {
        assert_eq!(decode(&wrong), Err(vec![one.clone()]));
        let found = super::super::validate(&object, &wrong);
        assert_eq!(told(&found), ["must have exactly one of can, blue_saucer"]);
    }
}

#[test]
fn what_is_unknown_may_be_set_or_not() {
    let AttributeKind::Nested(_, object) = Watering::kind() else { panic!("it is nested") };
    let unknown = || Value::unknown(Type::Number);
    assert_eq!(decode(&of(unknown(), no_saucer())), Ok(Watering::Can(Leaf::unknown())));
    let open = of(unknown(), saucer());
    assert_eq!(decode(&open), Err(vec!["water.can is not known yet".to_owned()]));
    assert_eq!(super::super::validate(&object, &open), Problems::new());
    let nothing = Value::unknown(Watering::ty());
    assert_eq!(decode(&nothing), Err(vec!["water is not known yet".to_owned()]));
}
