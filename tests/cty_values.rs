//! Numbers, conversions, unification and the order of sets are what Terraform makes of them: both
//! evaluate thousands of generated expressions.

#[path = "cty_values/conversions.rs"]
mod conversions;
#[path = "cty_values/numbers.rs"]
mod numbers;
#[path = "cty_values/oracle.rs"]
mod oracle;
#[path = "cty_values/random.rs"]
mod random;

use oracle::{Case, compare};
use random::Random;
use stanchion_cty::{Mark, Type, Value, convert};

#[test]
fn numbers_are_computed_and_printed_as_terraform_does() {
    let mut random = Random::new(1);
    let mut cases = numbers::spellings();
    cases.extend((0..2_000).map(|_| numbers::case(&mut random)));
    let count = compare(&cases);
    assert_eq!(count.all, cases.len());
    assert!(count.evaluated >= 1_600, "{count:?}");
}

#[test]
fn values_are_converted_as_terraform_does() {
    let mut random = Random::new(2);
    let cases: Vec<Case> = (0..2_000).map(|_| conversions::conversion(&mut random)).collect();
    let count = compare(&cases);
    assert_eq!(count.all, cases.len());
    assert!(count.evaluated >= 1_200, "{count:?}");
}

#[test]
fn types_are_unified_as_terraform_does() {
    let mut random = Random::new(3);
    let cases: Vec<Case> = (0..1_000).map(|_| conversions::choice(&mut random)).collect();
    let count = compare(&cases);
    assert_eq!(count.all, cases.len());
    assert!(count.evaluated >= 500, "{count:?}");
}

#[test]
fn sets_have_the_order_that_terraform_gives_them() {
    let mut random = Random::new(4);
    let cases: Vec<Case> = (0..600).map(|_| conversions::set(&mut random)).collect();
    let count = compare(&cases);
    assert_eq!(count.all, cases.len());
    assert!(count.evaluated >= 450, "{count:?}");
}

#[test]
fn marks_stay_where_terraform_leaves_them() {
    let secret = || Value::from("a").mark(Mark::Sensitive);
    let object = || Value::object([("a", secret())]);
    let list = Type::list(Type::Dynamic);
    let rows: [(&str, Value, Type, Option<&str>); 7] = [
        (r#"["b", sensitive("a")]"#, Value::tuple(["b".into(), secret()]), list, Some("[1]")),
        (
            r#"["b", sensitive("a")]"#,
            Value::tuple(["b".into(), secret()]),
            Type::set(Type::Dynamic),
            None,
        ),
        (r#"[[sensitive("a")]]"#, Value::tuple([Value::tuple([secret()])]), Type::set(Type::list(Type::String)), None),
        (r#"{a = sensitive("a")}"#, object(), Type::map(Type::String), Some(".a")),
        (r#"sensitive({a = "1"})"#, Value::object([("a", "1".into())]).mark(Mark::Sensitive), Type::map(Type::Number), None),
        (r#"{a = sensitive("a")}"#, object(), Type::object([("a", Type::String)]), Some(".a")),
        (r#"sensitive("1")"#, Value::from("1").mark(Mark::Sensitive), Type::Number, None),
    ];
    let mut cases = Vec::new();
    for (text, value, to, part) in rows {
        let converted = convert(&value, &to).unwrap();
        let whole = converted.marks().has(Mark::Sensitive);
        let text = format!("convert({text}, {to})");
        cases.push(Case::new(format!("issensitive({text})"), Some(whole.into())));
        if let Some(part) = part {
            let found = converted.parts().last().is_some_and(|it| it.marks().has(Mark::Sensitive));
            cases.push(Case::new(format!("issensitive({text}{part})"), Some(found.into())));
        }
    }
    assert_eq!(compare(&cases).evaluated, 11 - 1);
}
