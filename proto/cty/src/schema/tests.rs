//! Structs as declarations, and as values.

mod blocks;
mod choice;
mod declared;
mod derive;
mod page;
mod shapes;
mod validate;

use std::collections::BTreeMap;

use super::*;
use crate::{Number, Problem};

/// A pot
/// for plants.
///
/// It is never empty.
#[derive(Clone, Debug, PartialEq, Block)]
#[block(check = lid_needs_width)]
struct Pot {
    /// What is written on it.
    #[attr(required, replace, check = not_blank(), check = length(1, 5))]
    name: Leaf<String>,
    /// How wide it is, in centimetres.
    #[attr(optional, default = 12, check = at_least(1), check = at_most(100))]
    width: Leaf<u8>,
    /// Where it stands.
    #[attr(optional, computed, same = but_for_case)]
    place: Leaf<String>,
    /// The shed's key.
    #[attr(optional, write_only, sensitive)]
    key: Leaf<Secret>,
    /// What it is of.
    #[attr(optional, default = "clay", check = one_of(&["clay", "tin"]), name = "material")]
    stuff: Leaf<String>,
    r#type: Option<String>,
    /// The lid.
    #[attr(optional, deprecated = "use plants")]
    lid: Leaf<Lid>,
    /// What grows in it, by name.
    #[attr(optional, default = BTreeMap::new())]
    plants: Leaf<BTreeMap<String, Plant>>,
    #[attr(flatten)]
    held: Held,
}

/// What keeps the rain out.
#[derive(Clone, Debug, PartialEq, Block)]
struct Lid {
    /// How thick.
    thickness: i32,
}

#[derive(Clone, Debug, PartialEq, Block)]
struct Plant {
    /// Its leaves.
    #[attr(optional)]
    leaves: Leaf<Vec<Lid>>,
    /// What it suffers from.
    #[attr(optional)]
    ills: Leaf<Set<String>>,
}

#[derive(Clone, Debug, PartialEq, Block)]
struct Held {
    /// Its number.
    #[attr(computed, keep)]
    id: Leaf<i64>,
    /// Where to find it.
    #[attr(computed, follows(name, r#type))]
    path: Leaf<String>,
}

fn but_for_case(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().map(str::to_lowercase));
    a == b
}

fn lid_needs_width(pot: &Value, path: &Path) -> Problems {
    let is_given = |name| pot.get(name).is_some_and(|it| !it.is_null());
    if is_given("lid") && !is_given("width") {
        return Problem::error(path.attribute("lid"), "needs a width").into();
    }
    Problems::new()
}

fn pot() -> Pot {
    let plant = Plant {
        leaves: vec![Lid { thickness: 1 }].into(),
        ills: Leaf::Unknown(crate::Refinement::not_null()),
    };
    Pot {
        name: "basil".into(),
        width: 30.into(),
        place: Leaf::unknown(),
        key: Secret::new("under the mat").into(),
        stuff: Leaf::Null,
        r#type: Some("round".to_owned()),
        lid: Lid { thickness: -3 }.into(),
        plants: BTreeMap::from([("a".to_owned(), plant)]).into(),
        held: Held { id: 7.into(), path: Leaf::Null },
    }
}

/// The value with another one in the place of an attribute.
fn with(value: &Value, name: &str, other: Value) -> Value {
    let Kind::Object(attributes) = value.kind() else { return value.clone() };
    let mut attributes = attributes.to_map();
    attributes.insert(name.into(), other);
    Value::object(attributes)
}

fn told(problems: &Problems) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn number(text: &str) -> Value {
    Number::parse(text).unwrap().into()
}
