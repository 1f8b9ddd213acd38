//! Documents of any kind, generated out of their declaration: a new attribute is covered as it is declared.
//!
//! Where an attribute's checks ask for a form, the texts in quotes or backticks of its description and
//! of the checks are tried, so that an attribute with a form needs an example in its description.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use stanchion_cty::schema::{Attribute, AttributeKind, Nesting, Object, Presence, decode_object};
use stanchion_cty::{Path, Type, Value};
use stanchion_model::Document;
use stanchion_tests::arbitrary;

use super::repair::repaired;

/// How many documents of each kind a law is held against.
const COUNT: usize = 128;

/// What the texts of a document are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Texts {
    /// Words, of which there are so few that one part of a document names another by chance.
    Few,
    /// Any text at all.
    Any,
}

/// Documents that a configuration may say; the same ones each time. They are generated once for all
/// laws.
pub(crate) fn documents<D: Document>() -> Vec<D> {
    static GENERATED: Mutex<BTreeMap<&str, Vec<Value>>> = Mutex::new(BTreeMap::new());
    let mut generated = GENERATED.lock().unwrap_or_else(PoisonError::into_inner);
    let values = generated
        .entry(D::TYPE)
        .or_insert_with(|| generate::<D>().iter().map(D::encode_value).collect());
    values.iter().map(|it| decode_object(it, &Path::root()).unwrap()).collect()
}

/// Documents that chance makes too seldom, as some of their parts only go together.
fn given<D: Document>() -> Vec<D> {
    let all: serde_json::Value = serde_json::from_str(include_str!("given.json")).unwrap();
    let of_kind = all[D::TYPE].as_array().cloned().unwrap_or_default();
    let decode = |said: serde_json::Value| {
        let value = stanchion_cty::json::decode(&said.to_string(), &D::object_type()).unwrap();
        let document = repaired::<D>(value.clone()).unwrap();
        assert_eq!(document.encode_value(), value, "{}: something is wrong with it", said["name"]);
        document
    };
    of_kind.into_iter().map(decode).collect()
}

fn generate<D: Document>() -> Vec<D> {
    let mut runner = TestRunner::deterministic();
    let object = D::object();
    let strategies = [Texts::Few, Texts::Any].map(|texts| objects(&object, texts));
    let mut documents = given::<D>();
    let mut attempts = 0;
    while documents.len() < COUNT {
        attempts += 1;
        assert!(
            attempts < 20 * COUNT,
            "only {} of {attempts} generated values are a {}: give its attributes examples",
            documents.len(),
            D::TYPE,
        );
        let strategy = &strategies[documents.len() * 2 / COUNT];
        let value = strategy.new_tree(&mut runner).unwrap().current();
        documents.extend(repaired::<D>(value));
    }
    documents
}

/// Words that may stand in a text as well as name something else.
const WORDS: &[&str] = KEYS;

/// The keys of maps: most of them are words, so that one part can name another.
const KEYS: &[&str] = &["a", "b", "c", "key-1"];

fn objects(object: &Object, texts: Texts) -> BoxedStrategy<Value> {
    let names: Vec<String> = object.attributes.iter().map(|it| it.name.to_string()).collect();
    let some: Vec<_> = object.attributes.iter().map(|it| attribute(it, texts)).collect();
    let free = || object.attributes.iter().filter(|it| it.presence == Presence::Optional);
    let nulls: Vec<(bool, Value)> =
        object.attributes.iter().map(|it| (is_free(it), it.absent())).collect();
    let count = free().count();
    // A choice has exactly one of its attributes, which independent ones seldom have.
    let is_choice = !object.checks.is_empty();
    let which = prop_oneof![
        if is_choice { 1 } else { 20 } => vec(any::<bool>(), count),
        if is_choice { 1 } else { 20 } => vec(proptest::bool::weighted(0.8), count),
        10 => (0..count.max(1)).prop_map(move |one| (0..count).map(|it| it == one).collect()),
    ];
    (some, which)
        .prop_map(move |(values, which): (Vec<Value>, Vec<bool>)| {
            let mut which = which.into_iter();
            let values = values.into_iter().zip(&nulls).map(|(value, (is_free, null))| {
                let is_said = !is_free || which.next().unwrap_or_default();
                if is_said { value } else { null.clone() }
            });
            Value::object(names.iter().cloned().zip(values))
        })
        .boxed()
}

fn is_free(attribute: &Attribute) -> bool {
    attribute.presence == Presence::Optional
}

fn attribute(attribute: &Attribute, texts: Texts) -> BoxedStrategy<Value> {
    match (attribute.presence, &attribute.kind) {
        (Presence::Computed | Presence::OptionalComputed, _) => Just(attribute.absent()).boxed(),
        (_, AttributeKind::Nested(Nesting::Map, object)) => {
            let keys = keys(attribute, &object.ty());
            maps(keys, objects(object, texts), &object.ty())
        }
        (_, AttributeKind::Nested(nesting, object)) => {
            collections(*nesting, objects(object, texts), &object.ty())
        }
        (_, AttributeKind::Plain(ty)) => plain(ty, attribute, texts),
    }
}

fn collections(nesting: Nesting, element: BoxedStrategy<Value>, ty: &Type) -> BoxedStrategy<Value> {
    let ty = ty.clone();
    match nesting {
        Nesting::Single => element,
        Nesting::List => vec(element, 0..3).prop_map(move |it| Value::list(ty.clone(), it)).boxed(),
        Nesting::Set => vec(element, 0..3).prop_map(move |it| Value::set(ty.clone(), it)).boxed(),
        Nesting::Map => panic!("a map has keys of its own"),
    }
}

fn maps(keys: Vec<String>, element: BoxedStrategy<Value>, ty: &Type) -> BoxedStrategy<Value> {
    let ty = ty.clone();
    // Few configurations have an empty map, and parts that name each other need company.
    let some = btree_map(proptest::sample::select(keys), element, 1..6);
    prop_oneof![1 => Just(BTreeMap::new()), 9 => some]
        .prop_map(move |it| Value::map(ty.clone(), it))
        .boxed()
}

/// The keys that an attribute's checks let pass: of all, or of those that its description names.
fn keys(of: &Attribute, ty: &Type) -> Vec<String> {
    let all = KEYS.iter().map(|it| (*it).to_owned()).chain(examples(of));
    let holds = |key: &String| {
        let map = Value::map(ty.clone(), [(key.as_str(), Value::unknown(ty.clone()))]);
        of.checks.iter().all(|check| check.holds(&map))
    };
    let known: Vec<String> = all.filter(holds).collect();
    assert!(!known.is_empty(), "{} has keys of a form, and no example of one", of.name);
    known
}

/// How an attribute's value is made of a part: a text of a list of texts is checked in its list.
type Whole = Rc<dyn Fn(Value) -> Value>;

fn plain(ty: &Type, of: &Attribute, few: Texts) -> BoxedStrategy<Value> {
    part(ty, of, few, &(Rc::new(|it| it) as Whole))
}

fn part(ty: &Type, of: &Attribute, few: Texts, whole: &Whole) -> BoxedStrategy<Value> {
    let within = |element: &Type, nesting| {
        let (outer, ty) = (Rc::clone(whole), element.clone());
        let keys = if nesting == Nesting::Map { keys(of, element) } else { Vec::new() };
        let key = keys.first().cloned().unwrap_or_default();
        let whole: Whole = Rc::new(move |it| {
            outer(match nesting {
                Nesting::Set => Value::set(ty.clone(), [it]),
                Nesting::Map => Value::map(ty.clone(), [(key.as_str(), it)]),
                Nesting::List | Nesting::Single => Value::list(ty.clone(), [it]),
            })
        });
        let parts = part(element, of, few, &whole);
        match nesting {
            Nesting::Map => maps(keys, parts, element),
            nesting => collections(nesting, parts, element),
        }
    };
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Type::Number => {
            let numbers = (0..100_i64).map(Value::number).collect();
            fitting(of, numbers, arbitrary::numbers().prop_map(Value::from), few, whole)
        }
        Type::String => {
            let words = examples(of).into_iter().chain(WORDS.iter().map(|it| (*it).to_owned()));
            let texts = arbitrary::texts().prop_map(Value::from);
            fitting(of, words.map(Value::from).collect(), texts, few, whole)
        }
        Type::List(element) => within(element, Nesting::List),
        Type::Set(element) => within(element, Nesting::Set),
        Type::Map(element) => within(element, Nesting::Map),
        Type::Dynamic | Type::Tuple(_) | Type::Object(_) => {
            panic!("no values are generated of {}", ty.friendly())
        }
    }
}

/// Values that an attribute's checks let pass: any, or one of those that are known to.
fn fitting(
    of: &Attribute,
    known: Vec<Value>,
    any: impl Strategy<Value = Value> + 'static,
    texts: Texts,
    whole: &Whole,
) -> BoxedStrategy<Value> {
    let (checks, whole) = (of.checks.clone(), Rc::clone(whole));
    let holds = move |it: &Value| checks.iter().all(|check| check.holds(&whole(it.clone())));
    let known: Vec<Value> = known.into_iter().filter(&holds).collect();
    if known.is_empty() {
        return any.boxed();
    }
    let known = proptest::sample::select(known);
    if texts == Texts::Few {
        return known.boxed();
    }
    let any =
        (any, known.clone()).prop_map(move |(any, known)| if holds(&any) { any } else { known });
    prop_oneof![2 => known, 1 => any].boxed()
}

/// What stands in quotes or backticks in what is said of an attribute.
fn examples(of: &Attribute) -> Vec<String> {
    let said = of.checks.iter().map(|it| it.says()).chain([of.docs.as_ref()]);
    let quoted = said.flat_map(|text| {
        let odd =
            |mark: char| text.split(mark).skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        // What stands in quotes is a value; in backticks it may be the name of something else.
        [odd('"'), odd('"'), odd('"'), odd('`')].concat()
    });
    quoted.map(|it| in_full(&it)).collect()
}

/// An example as it would be written: a description does not spell out digests and commits.
fn in_full(example: &str) -> String {
    let hexadecimal = |digits: usize| "0f".repeat(digits / 2);
    let digest = format!("sha256:{}", hexadecimal(64));
    example.replace("sha256:…", &digest).replace("COMMIT", &hexadecimal(40))
}
