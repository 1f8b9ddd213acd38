//! Rust types as values.

use proptest::prelude::*;

use super::*;

fn float(value: &Value) -> f64 {
    f64::decode(value, &Path::root()).unwrap()
}

#[test]
fn a_float_comes_back_as_it_was_written() {
    for text in ["0.1", "1e300", "10.5", "-0", "0", "1e-7", "123456789.123", "9007199254740993"] {
        let value = number(text);
        let back = float(&value).encode();
        let is_exact = text != "9007199254740993";
        assert_eq!(back == value, is_exact, "{text}: {back:?}");
    }
    assert_eq!(format!("{:?}", float(&number("-0")).encode()), "-0");
}

#[test]
fn numbers_of_one_float_mean_the_same() {
    let third = Number::from(1).div(&Number::parse("3").unwrap()).unwrap();
    let long = Value::from(third);
    let short = float(&long).encode();
    assert_eq!(format!("{short:?}"), "0.3333333333333333");
    let exact: Value = Number::from_f64(0.1).unwrap().into();
    let same = <Leaf<f64> as Shape>::same().unwrap();
    assert!(same(&long, &short) && same(&exact, &number("0.1")));
    assert!(!same(&number("0.1"), &number("0.2")) && !same(&number("0.1"), &"0.1".into()));
    assert!(<Leaf<i64> as Shape>::same().is_none());
    let rows = <Option<Vec<BTreeMap<String, f64>>> as Shape>::same().unwrap();
    let row = |key: &str, it: &Value| {
        let map = Value::map(Type::Number, [(key, it.clone())]);
        Value::list(map.ty(), [map])
    };
    assert!(rows(&row("a", &long), &row("a", &short)));
    assert!(!rows(&row("a", &long), &row("b", &short)));
    assert!(!rows(&row("a", &long), &Value::list(Type::map(Type::Number), [])));
}

#[test]
fn what_no_float_can_be_is_refused() {
    let found = f64::decode(&number("1e400"), &Path::root().attribute("a")).unwrap_err();
    let range = "from -1.7976931348623157e308 to 1.7976931348623157e308";
    assert_eq!(told(&found), [format!("a must be a number {range}")]);
    let found = f32::decode(&number("-1e39"), &Path::root().attribute("a")).unwrap_err();
    assert_eq!(told(&found), ["a must be a number from -3.4028235e38 to 3.4028235e38"]);
    assert!(f64::NAN.encode().is_null());
}

#[test]
fn a_leaf_holds_what_is_known_of_the_unknown() {
    let refined = Value::refined(Type::String, crate::Refinement::not_null());
    let leaf = <Leaf<String> as Shape>::decode(&refined, &Path::root()).unwrap();
    assert_eq!(leaf.encode(), refined);
    assert_eq!(
        <Leaf<String> as Shape>::decode(&Leaf::<String>::Null.encode(), &Path::root()),
        Ok(Leaf::Null)
    );
}

proptest! {
    #[test]
    fn every_float_is_its_own_text(it in any::<f64>().prop_filter("a number", |it| it.is_finite())) {
        prop_assert_eq!(float(&it.encode()).to_bits(), it.to_bits());
    }

    #[test]
    fn every_float_of_half_the_size_is_its_own_text(
        it in any::<f32>().prop_filter("a number", |it| it.is_finite()),
    ) {
        let back = f32::decode(&it.encode(), &Path::root()).unwrap();
        prop_assert_eq!(back.to_bits(), it.to_bits());
    }

    #[test]
    fn every_struct_comes_back(
        name in proptest::option::of("[a-z]{0,3}"),
        width in any::<Option<u8>>(),
        ills in proptest::collection::btree_set("[a-z]{0,2}", 0..4),
        leaves in proptest::collection::vec(any::<i32>(), 0..4),
        id in any::<i64>(),
    ) {
        let leaves: Vec<Lid> = leaves.into_iter().map(|thickness| Lid { thickness }).collect();
        let plant = Plant { leaves: leaves.into(), ills: Set(ills.into_iter().collect()).into() };
        let it = Pot {
            name: name.map_or(Leaf::Null, Leaf::Known),
            width: width.map_or_else(Leaf::unknown, Leaf::Known),
            plants: BTreeMap::from([(String::new(), plant)]).into(),
            held: Held { id: id.into(), path: Leaf::unknown() },
            ..pot()
        };
        let back = decode_object::<Pot>(&it.encode_value(), &Path::root());
        prop_assert_eq!(back.unwrap(), it);
    }
}
