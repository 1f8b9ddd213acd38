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
    assert!(count.evaluated >= 1_700, "{count:?}");
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
fn defaults_of_variables_are_converted_as_terraform_does() {
    let mut random = Random::new(5);
    let names = (0..1_000).map(|it| format!("v{it}"));
    let cases: Vec<Case> =
        names.filter_map(|it| conversions::variable(&mut random, &it)).take(300).collect();
    let count = compare(&cases);
    assert_eq!((count.all, count.evaluated), (300, 300));
}

#[test]
fn types_are_unified_as_terraform_does() {
    let mut random = Random::new(3);
    let cases: Vec<Case> = (0..1_000).map(|_| conversions::choice(&mut random)).collect();
    let count = compare(&cases);
    assert_eq!(count.all, cases.len());
    assert!(count.evaluated >= 600, "{count:?}");
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
    let secret = || Value::from("1").mark(Mark::Sensitive);
    let object = || Value::object([("a", secret()), ("b", "2".into())]);
    let (any, number) = (Type::Dynamic, Type::Number);
    let rows = [
        (
            r#"tolist(["2", sensitive("1")])"#,
            Value::tuple(["2".into(), secret()]),
            Type::list(any.clone()),
            "[0]",
        ),
        (
            r#"tolist([sensitive("1"), 2])"#,
            Value::tuple([secret(), Value::number(2)]),
            Type::list(any.clone()),
            "[0]",
        ),
        (
            r#"tolist(toset([sensitive("1")]))"#,
            Value::set(Type::String, [secret()]),
            Type::list(any.clone()),
            "[0]",
        ),
        (r#"tomap({a = sensitive("1"), b = "2"})"#, object(), Type::map(any.clone()), "[\"a\"]"),
        (
            r#"tomap(sensitive({a = "1"}))"#,
            Value::object([("a", "1".into())]).mark(Mark::Sensitive),
            Type::map(any.clone()),
            "[\"a\"]",
        ),
        (
            r#"(true ? {a = sensitive("1"), b = "2"} : tomap({}))"#,
            object(),
            Type::map(any.clone()),
            "[\"a\"]",
        ),
        (
            r#"[toset([[sensitive("1")]])]"#,
            Value::tuple([Value::tuple([Value::tuple([secret()])])]),
            Type::tuple([Type::set(any)]),
            "[0]",
        ),
        (r#"[tonumber(sensitive("1"))]"#, Value::tuple([secret()]), Type::tuple([number]), "[0]"),
    ];
    let mut cases = Vec::new();
    for (text, value, to, first) in rows {
        let converted = convert(&value, &to).unwrap();
        let whole = converted.marks().has(Mark::Sensitive);
        cases.push(Case::new(format!("issensitive({text})"), Some(whole.into())));
        // A part of what is marked is marked too, wherever the mark itself is.
        let part = converted.parts().next().is_some_and(|it| it.marks().has(Mark::Sensitive));
        cases.push(Case::new(format!("issensitive({text}{first})"), Some((whole || part).into())));
    }
    assert_eq!(compare(&cases).evaluated, 16);
}
