//! Documents of any kind, generated out of their declaration: a new attribute is covered as it is declared.
//!
//! Where an attribute's checks ask for a form, the texts in quotes or backticks of its description and
//! of the checks are tried, so that an attribute with a form needs an example in its description.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use stanchion_cty::schema::{
    Attribute, AttributeKind, Nesting, Object, Presence, decode_object, validate,
};
use stanchion_cty::{Path, Type, Value};
use stanchion_model::Document;
use stanchion_tests::arbitrary::{numbers, texts};

/// How many documents of each kind a law is held against.
const COUNT: usize = 160;

/// What the texts of a document are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Texts {
    /// Words, of which there are so few that one part of a document names another by chance.
    Few,
    /// Any text at all.
    Any,
}

/// Documents that a configuration may say, each with the value that says it; the same ones each time.
pub(crate) fn documents<D: Document>() -> Vec<D> {
    let mut runner = TestRunner::deterministic();
    let object = D::object();
    let strategies = [Texts::Few, Texts::Any].map(|texts| objects(&object, texts));
    let mut documents = Vec::new();
    let mut attempts = 0;
    while documents.len() < COUNT {
        attempts += 1;
        assert!(
            attempts < 200 * COUNT,
            "only {} of {attempts} generated values are a {}: give its attributes examples",
            documents.len(),
            D::TYPE,
        );
        let strategy = &strategies[documents.len() * 2 / COUNT];
        let value = strategy.new_tree(&mut runner).unwrap().current();
        if validate(&object, &value).has_error() {
            continue;
        }
        let Ok(document) = decode_object::<D>(&value, &Path::root()) else { continue };
        if document.check().is_empty() {
            documents.push(document);
        }
    }
    documents
}

/// Words that may stand in a text as well as name something else.
const WORDS: &[&str] = &["a", "b", "c"];

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
    let which = prop_oneof![
        3 => vec(any::<bool>(), count),
        1 => (0..count.max(1)).prop_map(move |one| (0..count).map(|it| it == one).collect()),
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
        Nesting::Map => btree_map(proptest::sample::select(KEYS), element, 0..4)
            .prop_map(move |it| Value::map(ty.clone(), it))
            .boxed(),
    }
}

fn plain(ty: &Type, of: &Attribute, few: Texts) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Type::Number => fitting(
            of,
            (0..100_i64).map(Value::number).collect(),
            numbers().prop_map(Value::from),
            few,
        ),
        Type::String => {
            let words = examples(of).into_iter().chain(WORDS.iter().map(|it| (*it).to_owned()));
            fitting(of, words.map(Value::from).collect(), texts().prop_map(Value::from), few)
        }
        Type::List(element) => collections(Nesting::List, plain(element, of, few), element),
        Type::Set(element) => collections(Nesting::Set, plain(element, of, few), element),
        Type::Map(element) => collections(Nesting::Map, plain(element, of, few), element),
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
) -> BoxedStrategy<Value> {
    let checks = of.checks.clone();
    let holds = move |it: &Value| checks.iter().all(|check| check.holds(it));
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
        [odd('"'), odd('`')].concat()
    });
    quoted.collect()
}
