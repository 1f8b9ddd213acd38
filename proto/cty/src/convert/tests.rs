//! Conversions: what stays known, what stays marked, and what is said where one fails.

use std::sync::Arc;

use super::*;
use crate::{Bound, Mark, Number, Origin, Refinement, Symbol, Unknown};

fn optional(attributes: &[(&str, Type, bool)]) -> Type {
    let attributes =
        attributes.iter().map(|(name, ty, optional)| ((*name).into(), ty.clone(), *optional));
    Type::Object(Arc::new(ObjectType::new(attributes)))
}

fn problem(value: &Value, to: &Type) -> String {
    convert(value, to).unwrap_err().to_string()
}

fn strings(texts: &[&str]) -> Value {
    Value::tuple(texts.iter().map(|it| Value::from(*it)))
}

#[test]
fn primitive_values_convert_by_way_of_strings_only() {
    let rows = [
        (Value::from(true), Type::String, Some(Value::from("true"))),
        (Value::number(12), Type::String, Some("12".into())),
        ("1.50".into(), Type::Number, Some(Number::parse("1.5").unwrap().into())),
        ("1".into(), Type::Bool, Some(true.into())),
        ("0".into(), Type::Bool, Some(false.into())),
        (Value::number(1), Type::Bool, None),
        (true.into(), Type::Number, None),
    ];
    for (value, to, expected) in rows {
        assert_eq!(convert(&value, &to).ok(), expected, "{value:?} to {to}");
    }
}

#[test]
fn a_missing_optional_attribute_is_null_and_a_superfluous_one_is_dropped() {
    let inner = optional(&[("x", Type::String, true)]);
    let to = optional(&[("a", Type::String, false), ("b", inner, true)]);
    let value = Value::object([("a", Value::number(1)), ("c", true.into())]);
    let converted = convert(&value, &to).unwrap();
    let null = Value::null(Type::object([("x", Type::String)]));
    assert_eq!(converted, Value::object([("a", "1".into()), ("b", null)]));
    assert_eq!(converted.ty(), to.without_optional());
    assert_eq!(convert(&converted, &to).unwrap(), converted);
}

#[test]
fn what_fails_is_named_by_its_path_and_in_the_users_words() {
    let list_of_numbers = Type::object([("a", Type::list(Type::Number))]);
    let value = Value::object([("a", strings(&["1", "x"]))]);
    assert_eq!(problem(&value, &list_of_numbers), "a[1] must be a number");
    let value = Value::object([("a", Value::tuple([Value::tuple([])]))]);
    assert_eq!(problem(&value, &list_of_numbers), "a[0] must be a number, not a tuple");
    assert_eq!(
        problem(&Value::object::<&str>([]), &list_of_numbers),
        "must have the attribute \"a\""
    );
    let two = Type::object([("a", Type::Bool), ("b", Type::Bool), ("c", Type::Bool)]);
    assert_eq!(
        problem(&Value::object::<&str>([]), &two),
        "must have the attributes \"a\", \"b\" and \"c\""
    );
    assert_eq!(
        problem(&"True".into(), &Type::Bool),
        "must be true or false; write \"true\" in small letters"
    );
    assert_eq!(problem(&"yes".into(), &Type::Bool), "must be true or false");
    let map = Value::map(Type::String, [("k", "x".into())]);
    assert_eq!(problem(&map, &Type::map(Type::Number)), "[\"k\"] must be a number");
    assert_eq!(problem(&map, &two), "must have an element \"a\"");
    assert_eq!(
        problem(&Value::tuple([true.into(), Value::number(1)]), &Type::list(Type::Dynamic)),
        "must have elements of which all fit one type"
    );
    assert_eq!(
        problem(&Value::list(Type::list(Type::Bool), []), &Type::list(Type::Bool)),
        "has elements of which each must be a bool, not a list of bool"
    );
}

#[test]
fn a_secret_is_in_no_message() {
    let secret = Value::from("hunter2").mark(Mark::Sensitive);
    let set = Value::set(Type::String, [secret.clone(), "2".into()]);
    for text in [problem(&secret, &Type::Number), problem(&set, &Type::list(Type::Number))] {
        assert!(text.ends_with("must be a number") && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn an_unknown_value_keeps_what_stays_true() {
    let refinement = Refinement {
        not_null: true,
        prefix: Some("ab".into()),
        min: Some(Bound { number: Number::from(1), inclusive: true }),
        ..Refinement::default()
    };
    let number = convert(&Value::refined(Type::String, refinement), &Type::Number).unwrap();
    assert_eq!(number, Value::refined(Type::Number, Refinement::not_null()));

    let lengths = Refinement { min_length: Some(2), max_length: Some(4), ..Refinement::not_null() };
    let list = Value::refined(Type::list(Type::Bool), lengths.clone());
    let strings = convert(&list, &Type::list(Type::String)).unwrap();
    assert_eq!(strings, Value::refined(Type::list(Type::String), lengths.clone()));
    let set = convert(&list, &Type::set(Type::String)).unwrap();
    let fewer = Refinement { min_length: Some(1), ..lengths };
    assert_eq!(set, Value::refined(Type::set(Type::String), fewer));
}

#[test]
fn an_unknown_tuple_that_is_not_null_becomes_a_list_of_unknown_elements() {
    let tuple = Type::tuple([Type::Number, Type::String]);
    let known = Value::refined(tuple.clone(), Refinement::not_null());
    let unknown = || Value::unknown(Type::String);
    assert_eq!(
        convert(&known, &Type::list(Type::Dynamic)).unwrap(),
        Value::list(Type::String, [unknown(), unknown()])
    );
    let two = Refinement { min_length: Some(2), max_length: Some(2), ..Refinement::default() };
    assert_eq!(
        convert(&Value::unknown(tuple), &Type::list(Type::String)).unwrap(),
        Value::refined(Type::list(Type::String), two)
    );
    let empty = Value::refined(Type::object::<&str>([]), Refinement::not_null());
    assert_eq!(
        convert(&empty, &Type::map(Type::Bool)).unwrap(),
        Value::map::<&str>(Type::Bool, [])
    );
}

#[test]
fn a_set_with_unknown_elements_becomes_an_unknown_list() {
    let unknown = Value::unknown(Type::String);
    let one = Value::set(Type::String, [unknown.clone()]);
    let list = Type::list(Type::String);
    assert_eq!(convert(&one, &list).unwrap(), Value::list(Type::String, [unknown.clone()]));
    let two = Value::set(Type::String, ["a".into(), unknown]);
    assert_eq!(convert(&two, &list).unwrap(), Value::unknown(list));
}

#[test]
fn null_elements_of_open_type_take_the_type_of_the_others() {
    let null = Value::null(Type::Dynamic);
    let value = Value::tuple([null.clone(), Value::number(1), Value::unknown(Type::Dynamic)]);
    let list = convert(&value, &Type::list(Type::Dynamic)).unwrap();
    let parts = [Value::null(Type::Number), Value::number(1), Value::unknown(Type::Number)];
    assert_eq!(list, Value::list(Type::Number, parts));
    assert_eq!(convert(&null, &Type::Bool).unwrap(), Value::null(Type::Bool));
}

#[test]
fn marks_stay_at_their_elements_but_for_a_set() {
    let secret = Value::from("1").mark(Mark::Sensitive);
    let tuple = Value::tuple([secret.clone(), "2".into()]).mark(Mark::Ephemeral);
    let list = convert(&tuple, &Type::list(Type::Number)).unwrap();
    assert!(list.marks().has(Mark::Ephemeral) && !list.marks().has(Mark::Sensitive));
    let marked: Vec<bool> = list.parts().map(|it| it.marks().has(Mark::Sensitive)).collect();
    assert_eq!(marked, [true, false]);
    let set = convert(&tuple, &Type::set(Type::Number)).unwrap();
    assert!(set.marks().has(Mark::Ephemeral) && set.marks().has(Mark::Sensitive));
    assert!(set.parts().all(|it| it.marks().is_empty()));
}

#[test]
fn origins_and_symbols_stay() {
    let unknown = Unknown { symbol: Symbol(7), ..Unknown::new(Type::Number) };
    let unknown = Value::from(Kind::Unknown(Arc::new(unknown))).with_origin(Origin(3));
    let row = Value::tuple([Value::number(1).with_origin(Origin(2)), unknown]);
    let list = convert(&row.with_origin(Origin(1)), &Type::list(Type::String)).unwrap();
    assert_eq!(list.origin(), Origin(1));
    let origins: Vec<u32> = list.parts().map(|it| it.origin().0).collect();
    assert_eq!(origins, [2, 3]);
    let symbols = list.parts().filter_map(|it| match it.kind() {
        Kind::Unknown(it) => Some((it.symbol.0, it.ty.clone())),
        _ => None,
    });
    assert_eq!(symbols.collect::<Vec<_>>(), [(7, Type::String)]);
}

#[test]
fn a_value_conforms_to_its_own_type_and_to_any() {
    let value = Value::object([("a", Value::list(Type::String, [])), ("b", true.into())]);
    assert!(conforms(&value, &value.ty()));
    let open = optional(&[("a", Type::list(Type::Dynamic), false), ("b", Type::Dynamic, true)]);
    assert!(conforms(&value, &open));
    assert!(!conforms(&value, &Type::object([("a", Type::list(Type::String))])));
    assert!(!conforms(&value, &Type::map(Type::Dynamic)));
    assert!(!conforms(&Value::null(Type::String), &Type::Bool));
    assert!(!conforms(&Value::unknown(Type::list(Type::Bool)), &Type::list(Type::String)));
}

#[test]
fn a_conversion_exists_or_not_before_there_is_a_value() {
    assert!(conversion_exists(&Type::Number, &Type::String, false));
    assert!(!conversion_exists(&Type::String, &Type::Number, false));
    assert!(conversion_exists(&Type::String, &Type::Number, true));
    assert!(conversion_exists(&Type::Bool, &Type::Bool, false));
    assert!(!conversion_exists(&Type::list(Type::Bool), &Type::set(Type::Bool), false));
    assert!(!conversion_exists(&Type::list(Type::Bool), &Type::tuple([Type::Bool]), true));
}
