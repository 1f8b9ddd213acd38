//! What `#[derive(Block)]` makes of a struct.

use super::*;

fn attribute(name: &str) -> Attribute {
    Pot::object().attribute(name).unwrap().clone()
}

#[test]
fn fields_become_attributes_in_their_order() {
    let names: Vec<String> =
        Pot::object().attributes.iter().map(|it| it.name.to_string()).collect();
    let expected =
        ["name", "width", "place", "key", "material", "type", "lid", "plants", "id", "path"];
    assert_eq!(names, expected);
    assert_eq!(Pot::object().docs, "A pot\nfor plants.\n\nIt is never empty.");
    assert_eq!(attribute("name").docs, "What is written on it.");
    assert_eq!(attribute("type").docs, "");
    assert_eq!(Pot::object_type(), Pot::object().ty());
}

#[test]
fn each_word_is_in_the_declaration() {
    use Presence::{Computed, Optional, OptionalComputed, Required};
    let presences = ["name", "type", "width", "place", "id"].map(|it| attribute(it).presence);
    assert_eq!(presences, [Required, Required, Optional, OptionalComputed, Computed]);
    assert_eq!(["name", "width"].map(|it| attribute(it).replace), [true, false]);
    assert_eq!(["key", "name"].map(|it| attribute(it).write_only), [true, false]);
    assert_eq!(["key", "name"].map(|it| attribute(it).sensitive), [true, false]);
    assert_eq!(attribute("id").follows, Follows::Nothing);
    assert_eq!(attribute("name").follows, Follows::Anything);
    assert_eq!(attribute("path").follows, Follows::Names(vec!["name".into(), "type".into()]));
    assert_eq!(attribute("lid").deprecated.as_deref(), Some("use plants"));
    let same = attribute("place").same.unwrap();
    assert!(same(&"Hut".into(), &"hut".into()) && !same(&"Hut".into(), &"house".into()));
    let says: Vec<String> =
        attribute("name").checks.iter().map(|it| it.says().to_owned()).collect();
    assert_eq!(says, ["must not be blank", "must have a length of 1 to 5"]);
    assert_eq!((attribute("type").takes_null, attribute("type").takes_unknown), (true, false));
    assert_eq!((attribute("name").takes_null, attribute("name").takes_unknown), (true, true));
}

#[test]
fn a_default_is_a_value_of_the_attributes_type() {
    assert_eq!(attribute("width").default, Some(Value::number(12)));
    assert_eq!(attribute("material").default, Some("clay".into()));
    let none = Value::map(Plant::object_type(), Vec::<(&str, Value)>::new());
    assert_eq!(attribute("plants").default, Some(none));
    assert_eq!(attribute("name").default, None);
}

#[test]
fn environment_variables_and_variadic_parameters_are_declared() {
    #[derive(Block)]
    struct Settings {
        /// Where.
        #[attr(optional, env = "POT_ROOT")]
        root: Leaf<String>,
        #[attr(variadic)]
        more: Vec<Leaf<String>>,
    }
    let object = Settings::object();
    assert_eq!(object.attributes[0].env.as_deref(), Some("POT_ROOT"));
    assert_eq!([&object.attributes[0], &object.attributes[1]].map(|it| it.variadic), [false, true]);
}

#[test]
fn nested_structs_nest_once() {
    let kind = |name| match attribute(name).kind {
        AttributeKind::Nested(nesting, object) => (nesting, object.attributes[0].name.to_string()),
        AttributeKind::Plain(ty) => panic!("{ty} is not nested"),
    };
    assert_eq!(kind("lid"), (Nesting::Single, "thickness".to_owned()));
    assert_eq!(kind("plants"), (Nesting::Map, "leaves".to_owned()));
    let twice = <Vec<BTreeMap<String, Lid>> as Shape>::kind();
    let AttributeKind::Plain(ty) = twice else { panic!("collections of collections are plain") };
    assert_eq!(ty, Type::list(Type::map(Lid::object_type())));
    let set = <Leaf<Set<Option<Lid>>> as Shape>::kind();
    assert!(matches!(set, AttributeKind::Nested(Nesting::Set, _)));
}

#[test]
fn a_struct_comes_back_from_its_value() {
    let value = pot().encode_value();
    assert!(crate::conforms(&value, &Pot::object_type()));
    let back: Pot = decode_object(&value, &Path::root()).unwrap();
    assert_eq!(back, pot());
    assert_eq!(back.encode_value(), value);
}

#[test]
fn all_that_is_wrong_is_told_with_its_place() {
    let value = pot().encode_value();
    let value = with(&value, "width", Value::number(300));
    let value = with(&value, "type", Value::unknown(Type::String));
    let value = with(&value, "id", number("0.5"));
    let lid = |it: Value| Value::object([("thickness", it)]);
    let leaves = Value::list(
        Lid::object_type(),
        [lid(Value::number(1)), lid(Value::null(Type::Number)), lid(Value::unknown(Type::Number))],
    );
    let ills = Value::set(Type::String, [Value::null(Type::String)]);
    let plant = Value::object([("leaves", leaves), ("ills", ills)]);
    let value = with(&value, "plants", Value::map(plant.ty(), [("a b", plant)]));
    let problems = decode_object::<Pot>(&value, &Path::root()).unwrap_err();
    assert_eq!(
        told(&problems),
        [
            "width must be a whole number from 0 to 255, and is 300",
            "type is not known yet",
            "plants[\"a b\"].leaves[1].thickness must not be null",
            "plants[\"a b\"].leaves[2].thickness is not known yet",
            "plants[\"a b\"].ills[…] must not be null",
            "id must be a whole number from -9223372036854775808 to 9223372036854775807, and is 0.5",
        ]
    );
    let told_of = |it: Value| told(&decode_object::<Pot>(&it, &Path::root()).unwrap_err());
    assert_eq!(told_of("pot".into()), ["must be an object, and is string"]);
    assert_eq!(told_of(Value::unknown(Pot::object_type())), ["is not known yet"]);
}

#[test]
fn what_is_missing_in_an_object_is_null() {
    let nothing = Value::object(Vec::<(&str, Value)>::new());
    let plant: Plant = decode_object(&nothing, &Path::root()).unwrap();
    assert_eq!(plant, Plant { leaves: Leaf::Null, ills: Leaf::Null });
    let problems = decode_object::<Lid>(&nothing, &Path::root()).unwrap_err();
    assert_eq!(told(&problems), ["thickness must not be null"]);
}

#[test]
fn a_secret_is_shown_nowhere() {
    let shown = format!("{:?} {:?}", pot(), Pot::object());
    assert!(shown.contains("Secret(…)") && !shown.contains("under the mat"), "{shown}");
    let wrong = with(&pot().encode_value(), "key", Value::number(4711));
    let problems = decode_object::<Pot>(&wrong, &Path::root()).unwrap_err();
    assert_eq!(told(&problems), ["key must be a string, and is number"]);
}
