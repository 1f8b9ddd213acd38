//! What a declaration asks of a configuration.

use super::*;

fn problems(changes: &[(&str, Value)]) -> Vec<String> {
    let written = with(&pot().encode_value(), "id", Value::null(Type::String));
    let value =
        changes.iter().fold(written, |value, (name, other)| with(&value, name, other.clone()));
    let errors = super::super::validate(&Pot::object(), &value).into_iter();
    told(&errors.filter(|it| it.severity == crate::Severity::Error).collect())
}

#[test]
fn what_fulfils_its_checks_has_no_problem() {
    assert_eq!(problems(&[]), [""; 0]);
}

#[test]
fn each_check_that_fails_is_told_at_its_place() {
    let wrong = problems(&[
        ("name", "      ".into()),
        ("width", Value::number(0)),
        ("material", "glass".into()),
    ]);
    assert_eq!(
        wrong,
        [
            "name must not be blank",
            "name must have a length of 1 to 5",
            "width must be at least 1",
            "material must be one of \"clay\", \"tin\"",
        ]
    );
    assert_eq!(problems(&[("width", Value::number(101))]), ["width must be at most 100"]);
}

#[test]
fn what_is_null_or_unknown_is_not_judged() {
    let name = |it: Value| problems(&[("name", it)]);
    assert_eq!(name(Value::null(Type::String)), [""; 0]);
    assert_eq!(name(Value::unknown(Type::String)), [""; 0]);
}

#[test]
fn what_is_required_within_an_object_is_not_null() {
    #[derive(Block)]
    struct Drawer {
        inner: Leaf<Handle>,
    }
    #[derive(Block)]
    struct Handle {
        width: Leaf<i64>,
        #[attr(optional)]
        note: Leaf<String>,
        name: String,
    }
    let handle = Handle { width: Leaf::Null, note: Leaf::Null, name: String::new() };
    let told = |it: &Value| -> Vec<String> {
        validate(&Drawer::object(), it).iter().map(ToString::to_string).collect()
    };
    let value = Drawer { inner: handle.into() }.encode_value();
    assert_eq!(told(&value), ["inner.width must not be null"]);
    assert_eq!(told(&Drawer { inner: Leaf::Null }.encode_value()), [""; 0], "Terraform tells");
}

#[test]
fn what_the_provider_alone_computes_can_not_be_written() {
    let written = problems(&[("id", "by hand".into())]);
    assert_eq!(written, ["id is the provider's to say; leave it out"]);
    assert_eq!(problems(&[("id", Value::unknown(Type::String))]), [""; 0]);
    assert_eq!(problems(&[("place", "where it may be written".into())]), [""; 0]);
}

#[test]
fn an_object_is_checked_as_a_whole() {
    let wrong = problems(&[("width", Value::null(Type::Number))]);
    assert_eq!(wrong, ["lid needs a width"]);
}

#[test]
fn nested_objects_are_checked_where_they_stand() {
    #[derive(Block)]
    struct Shelf {
        #[attr(optional)]
        one: Leaf<Pot>,
        #[attr(optional)]
        list: Leaf<Vec<Pot>>,
        #[attr(optional)]
        set: Leaf<Set<Pot>>,
        #[attr(optional, check = not_empty())]
        map: Leaf<BTreeMap<String, Pot>>,
    }
    let wrong = with(&pot().encode_value(), "width", Value::number(0));
    let ty = wrong.ty();
    let shelf = Value::object([
        ("one", wrong.clone()),
        ("list", Value::list(ty.clone(), [pot().encode_value(), wrong.clone()])),
        ("set", Value::set(ty.clone(), [wrong.clone()])),
        ("map", Value::map(ty.clone(), [("a", wrong)])),
    ]);
    let found = super::super::validate(&Shelf::object(), &shelf);
    let errors: Vec<String> = told(&found).into_iter().filter(|it| it.contains("width")).collect();
    let expected = ["one.width", "list[1].width", "set[…].width", "map[\"a\"].width"];
    assert_eq!(errors, expected.map(|it| format!("{it} must be at least 1")));
    let empty = with(&shelf, "map", Value::map(ty, Vec::<(&str, Value)>::new()));
    let found = told(&super::super::validate(&Shelf::object(), &empty));
    assert!(found.contains(&"map must not be empty".to_owned()), "{found:?}");
}
