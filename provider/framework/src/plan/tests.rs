//! Plans by example, and the laws that hold for every declaration.

mod blocks;
mod choices;
mod core;
mod defaults;
mod follows;
mod laws;
mod replace;
mod sets;
mod settle;

use std::sync::Arc;

use stanchion_cty::schema::{Attribute, AttributeKind, Follows, Nesting, Object, Presence};
use stanchion_cty::{Path, Type, Value};

use super::*;

/// An optional string.
fn text(name: &'static str) -> Attribute {
    let mut it = Attribute::new(name, AttributeKind::Plain(Type::String));
    it.presence = Presence::Optional;
    it
}

/// A computed string.
fn computed(name: &'static str) -> Attribute {
    Attribute { presence: Presence::Computed, ..text(name) }
}

/// A string that the configuration may leave to the provider.
fn choosable(name: &'static str) -> Attribute {
    Attribute { presence: Presence::OptionalComputed, ..text(name) }
}

fn following(name: &'static str, names: &[&'static str]) -> Attribute {
    let names = names.iter().map(|it| (*it).into()).collect();
    Attribute { follows: Follows::Names(names), ..computed(name) }
}

fn keeping(name: &'static str) -> Attribute {
    Attribute { follows: Follows::Nothing, ..computed(name) }
}

fn replacing(name: &'static str) -> Attribute {
    Attribute { replace: true, ..text(name) }
}

/// A string whose letters' case means nothing.
fn caseless(name: &'static str) -> Attribute {
    Attribute { same: Some(but_for_case), ..text(name) }
}

fn but_for_case(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().map(str::to_lowercase));
    a.is_some() && a == b
}

fn nested(name: &'static str, nesting: Nesting, attributes: Vec<Attribute>) -> Attribute {
    let mut it = Attribute::new(name, AttributeKind::Nested(nesting, object(attributes).into()));
    it.presence = Presence::Optional;
    it
}

fn object(attributes: Vec<Attribute>) -> Object {
    Object { attributes, ..Object::default() }
}

/// An object of that declaration: these attributes, the others null.
fn of(object: &Object, said: &[(&str, Value)]) -> Value {
    Value::object(object.attributes.iter().map(|it| {
        let said = said.iter().find(|(name, _)| *name == it.name);
        let value = said.map_or_else(|| Value::null(it.kind.ty()), |(_, it)| it.clone());
        (it.name.to_string(), value)
    }))
}

/// The value of a nested attribute, from its objects: of a map, with their place as their key.
fn nest(outer: &Object, name: &str, objects: &[&[(&str, Value)]]) -> Value {
    let Some(AttributeKind::Nested(nesting, inner)) = outer.attribute(name).map(|it| &it.kind)
    else {
        panic!("{name} is no nested attribute")
    };
    let objects = objects.iter().map(|it| of(inner, it));
    match nesting {
        Nesting::List => Value::list(inner.ty(), objects),
        Nesting::Set => Value::set(inner.ty(), objects),
        Nesting::Map => {
            Value::map(inner.ty(), objects.enumerate().map(|(i, it)| (i.to_string(), it)))
        }
        Nesting::Single => { objects }.next().unwrap(),
    }
}

fn unknown() -> Value {
    Value::unknown(Type::String)
}

#[test]
fn what_is_unknown_is_planned_as_unknown() {
    let object = object(vec![caseless("name"), keeping("id")]);
    let config = of(&object, &[("name", unknown())]);
    let prior = of(&object, &[("name", "a".into()), ("id", "1".into())]);
    let planned = plan(&object, &config, Some(&prior));
    assert_eq!(planned.state, of(&object, &[("name", unknown()), ("id", "1".into())]));
}

#[test]
fn another_spelling_of_the_same_is_no_change() {
    let object = object(vec![caseless("name"), computed("id")]);
    let prior = of(&object, &[("name", "a".into()), ("id", "1".into())]);
    let planned = plan(&object, &of(&object, &[("name", "A".into())]), Some(&prior));
    assert_eq!(planned, Planned { state: prior, replace: vec![] });
}

#[test]
fn what_is_write_only_is_never_planned_and_changes_nothing() {
    let secret = Attribute { write_only: true, ..text("secret") };
    let object = object(vec![secret, computed("id")]);
    let prior = of(&object, &[("id", "1".into())]);
    let config = of(&object, &[("secret", "hunter2".into())]);
    assert_eq!(plan(&object, &config, Some(&prior)).state, prior);
    assert_eq!(with_defaults(&object, &config), config, "a deed sees it in the configuration");
}

#[test]
fn a_value_taken_out_of_the_configuration_stays_if_the_provider_may_choose_it() {
    let object = object(vec![text("note"), choosable("region")]);
    let prior = of(&object, &[("note", "a".into()), ("region", "eu".into())]);
    let planned = plan(&object, &of(&object, &[("note", "a".into())]), Some(&prior));
    assert_eq!(planned.state, prior);
    let planned = plan(&object, &of(&object, &[("region", "eu".into())]), Some(&prior));
    assert_eq!(planned.state, of(&object, &[("region", "eu".into())]));
}

#[test]
fn a_nested_attribute_may_be_null_or_unknown_and_so_may_its_objects() {
    for nesting in [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map] {
        let parts = nested("parts", nesting, vec![text("a"), computed("id")]);
        let ty = parts.kind.ty();
        let object = object(vec![parts]);
        let prior = of(
            &object,
            &[("parts", nest(&object, "parts", &[&[("a", "a".into()), ("id", "1".into())]]))],
        );
        for value in [Value::null(ty.clone()), Value::unknown(ty)] {
            let config = of(&object, &[("parts", value)]);
            assert_eq!(plan(&object, &config, None).state, config);
            assert_eq!(plan(&object, &config, Some(&prior)).state, config);
        }
    }
    let object = object(vec![nested("parts", Nesting::List, vec![text("a"), computed("id")])]);
    let inner = match &object.attributes[0].kind {
        AttributeKind::Nested(_, inner) => Arc::clone(inner),
        AttributeKind::Plain(_) => unreachable!("it is nested"),
    };
    let elements = [Value::null(inner.ty()), Value::unknown(inner.ty())];
    let config = of(&object, &[("parts", Value::list(inner.ty(), elements))]);
    assert_eq!(plan(&object, &config, None).state, config);
}

#[test]
fn a_dynamic_value_may_change_its_type() {
    let mut any = Attribute::new("any", AttributeKind::Plain(Type::Dynamic));
    any.presence = Presence::Optional;
    let object = object(vec![any, computed("id")]);
    let prior = of(&object, &[("any", "1".into()), ("id", "1".into())]);
    let config = of(&object, &[("any", Value::number(1))]);
    let planned = plan(&object, &config, Some(&prior)).state;
    assert_eq!(planned, of(&object, &[("any", Value::number(1)), ("id", unknown())]));
}

#[test]
fn what_nobody_knows_after_a_change_is_found_and_forgotten() {
    let parts = nested("parts", Nesting::List, vec![computed("id")]);
    let object = object(vec![parts, computed("id")]);
    let parts = nest(&object, "parts", &[&[("id", "1".into())], &[("id", unknown())]]);
    let state = of(&object, &[("parts", parts), ("id", unknown())]);
    let paths: Vec<String> = left_unknown(&state).iter().map(Path::to_string).collect();
    assert_eq!(paths, ["id", "parts[1].id"]);
    let known = nest(&object, "parts", &[&[("id", "1".into())], &[]]);
    assert_eq!(forget_unknown(&object, state), of(&object, &[("parts", known)]));
}
