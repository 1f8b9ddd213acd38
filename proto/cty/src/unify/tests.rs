//! The common types that Terraform finds, and no others.

use super::*;
use crate::Step;

fn common(types: &[Type]) -> Option<String> {
    unify(types).map(|it| it.ty().to_string())
}

fn object(attributes: &[(&'static str, Type)]) -> Type {
    Type::object(attributes.iter().cloned())
}

#[test]
fn primitive_types_become_strings() {
    assert_eq!(common(&[Type::Number, Type::String, Type::Bool]).as_deref(), Some("string"));
    assert_eq!(common(&[Type::Number, Type::Bool]), None);
    assert_eq!(common(&[]), None);
    assert_eq!(common(&[Type::Dynamic, Type::Number]).as_deref(), Some("number"));
}

#[test]
fn objects_of_other_names_become_a_map_and_tuples_of_other_lengths_a_list() {
    let (a, b) = (object(&[("a", Type::Number)]), object(&[("b", Type::String)]));
    assert_eq!(common(&[a.clone(), a.clone()]).as_deref(), Some("object({a = number})"));
    assert_eq!(common(&[a.clone(), b]).as_deref(), Some("map(string)"));
    let a_string = object(&[("a", Type::String)]);
    assert_eq!(common(&[a.clone(), a_string]).as_deref(), Some("object({a = string})"));
    let (one, two) = (Type::tuple([Type::Number]), Type::tuple([Type::Bool, Type::String]));
    assert_eq!(common(&[one.clone(), two.clone()]).as_deref(), Some("list(string)"));
    assert_eq!(common(&[one.clone(), Type::tuple([])]).as_deref(), Some("list(number)"));
    assert_eq!(common(&[one, a.clone()]), None);
    assert_eq!(common(&[a, Type::map(Type::String)]).as_deref(), Some("map(string)"));
    assert_eq!(common(&[two, Type::set(Type::String)]).as_deref(), Some("set(string)"));
}

#[test]
fn what_depends_on_an_unknown_type_is_unknown() {
    let unified = unify(&[Type::list(Type::String), Type::Dynamic]).unwrap();
    assert_eq!(unified.ty(), &Type::Dynamic);
    let list = Value::list(Type::String, ["a".into()]);
    assert_eq!(unified.apply(&list).unwrap(), Value::unknown(Type::Dynamic));
    let unified = unify(&[Type::String, Type::Dynamic]).unwrap();
    assert_eq!(unified.apply(&"a".into()).unwrap(), "a".into());
}

#[test]
fn a_value_that_does_not_fit_says_where() {
    let unified = unify(&[Type::list(Type::Bool), Type::tuple([Type::Bool])]).unwrap();
    let problem = unified.apply(&Value::tuple(["yes".into()])).unwrap_err();
    assert_eq!(problem.path.steps(), [Step::Index(0)]);
}

#[test]
fn many_like_types_cost_no_more_than_one() {
    let start = std::time::Instant::now();
    let types: Vec<Type> =
        (0..50_000).map(|it| if it % 2 == 0 { Type::Number } else { Type::String }).collect();
    assert_eq!(common(&types).as_deref(), Some("string"));
    assert!(start.elapsed().as_secs() < 2, "comparing each with each takes minutes");
}
