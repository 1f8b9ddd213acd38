//! Generated types and values of Terraform's language, for properties that hold for all of them.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use stanchion_cty::{Bound, Number, Refinement, Type, Value};

/// Which values are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Wholly known ones.
    Wholly,
    /// Also unknown ones, and those with unknown parts.
    Partly,
}

/// Any type of a value, `any` at each depth included; no optional attributes.
pub fn types() -> BoxedStrategy<Type> {
    types_with(leaf(true))
}

/// Any type in which `any` does not stand.
pub fn closed_types() -> BoxedStrategy<Type> {
    types_with(leaf(false))
}

/// Values that can be sent as `ty`, as it would come back: nulls, unknown values of which something
/// is known, what stands for `any` with a type of its own.
///
/// A collection with `any` somewhere in its element type has one element at most, since nulls and
/// empty collections don't keep their types there; one of `any` itself has elements of one type.
pub fn values_of(ty: &Type, known: Known) -> BoxedStrategy<Value> {
    let content = match ty {
        Type::Dynamic => return dynamic(known),
        Type::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Type::Number => numbers().prop_map(Value::from).boxed(),
        Type::String => texts().prop_map(Value::from).boxed(),
        Type::List(element) => {
            elements(element, known).prop_map(|(ty, elements)| Value::list(ty, elements)).boxed()
        }
        Type::Set(element) => {
            elements(element, known).prop_map(|(ty, elements)| Value::set(ty, elements)).boxed()
        }
        Type::Map(element) => (elements(element, known), vec(texts(), 4))
            .prop_map(|((ty, elements), keys)| Value::map(ty, keys.into_iter().zip(elements)))
            .boxed(),
        Type::Tuple(types) => {
            let parts: Vec<_> = types.iter().map(|it| values_of(it, known)).collect();
            parts.prop_map(Value::tuple).boxed()
        }
        Type::Object(object) => {
            let names: Vec<_> = object.iter().map(|(name, _)| name.clone()).collect();
            let parts: Vec<_> = object.iter().map(|(_, it)| values_of(&it.ty, known)).collect();
            parts.prop_map(move |it| Value::object(names.iter().cloned().zip(it))).boxed()
        }
    };
    let null = Just(Value::null(ty.clone()));
    match known {
        Known::Wholly => prop_oneof![8 => content, 1 => null].boxed(),
        Known::Partly => prop_oneof![8 => content, 1 => null, 2 => unknown(ty)].boxed(),
    }
}

/// A type and a value of it.
pub fn values(known: Known) -> BoxedStrategy<(Type, Value)> {
    types().prop_flat_map(move |ty| (Just(ty.clone()), values_of(&ty, known))).boxed()
}

/// Numbers of all the sizes that Terraform has, without the infinite ones; each is what its digits
/// say. What a 64-bit float holds is not always that: Terraform itself reads back another number
/// than it wrote.
pub fn numbers() -> BoxedStrategy<Number> {
    let parse = |text: String| Number::parse(&text).unwrap_or_else(|_| Number::from(0_i64));
    prop_oneof![
        (-200_i64..200).prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (any::<i16>(), 0..7).prop_map(|(it, shift)| {
            let it = f64::from(it) / f64::powi(2.0, shift);
            Number::from_f64(it).unwrap_or_else(|| Number::from(0_i64))
        }),
        proptest::num::f64::NORMAL.prop_map(|it| format!("{it}")).prop_map(parse),
        "-?[1-9][0-9]{29}(\\.[0-9]{0,20}[1-9])?".prop_map(parse),
        "-?[1-9](\\.[0-9]{0,9}[1-9])?e-?[123][0-9]{0,2}".prop_map(parse),
        "-?0\\.[0-9]{0,5}[1-9]".prop_map(parse),
    ]
    .boxed()
}

/// Texts: words, sentences, several lines, what has a meaning in some notation, letters with
/// marks, control characters, any character at all.
pub fn texts() -> BoxedStrategy<String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,5}",
        2 => "[ -~]{1,4}",
        2 => "\\n",
        1 => "[ \\t]{1,3}",
        1 => "\\r",
        1 => "[0-9.:_-]{1,5}",
        1 => "\\PC{1,3}",
        1 => any::<char>().prop_map(String::from),
        1 => proptest::sample::select(NOTATIONS).prop_map(str::to_owned),
    ];
    prop_oneof![
        1 => Just(String::new()),
        2 => proptest::sample::select(NOTATIONS).prop_map(str::to_owned),
        6 => vec(piece, 1..8).prop_map(|it| it.concat()),
    ]
    .boxed()
}

/// What some notation takes for something else than text.
const NOTATIONS: &[&str] = &[
    "null",
    "~",
    "true",
    "on",
    "No",
    "y",
    "3.10",
    "1e3",
    ".1p5",
    "0x1f",
    "0o17",
    "017",
    "1_000",
    ".inf",
    "-.INF",
    ".nan",
    "12:30:45",
    "2001-12-14",
    "2001-12-14t21:59:43Z",
    "=",
    "<<",
    "- ",
    "-",
    "? ",
    ": ",
    " #",
    "#",
    "{",
    "}",
    "[",
    "]",
    ",",
    "*a",
    "&a",
    "!a",
    "!!str",
    "|",
    ">",
    "%YAML",
    "@",
    "`",
    "'",
    "\"",
    "\\",
    "---",
    "...",
    "${{ a }}",
    "${a}",
    "%{if}",
    "<a>&",
    "e\u{301}",
    "\u{e9}",
    "\u{1e0b}\u{323}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{0}",
    "\u{7f}",
    "\u{1b}[0m",
    "\u{1f600}",
    "\r\n",
    "\n\n",
    "  a\nb",
    "a\n  b\n",
];

fn leaf(open: bool) -> BoxedStrategy<Type> {
    let closed = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    if open { prop_oneof![3 => closed, 1 => Just(Type::Dynamic)].boxed() } else { closed.boxed() }
}

fn types_with(leaf: BoxedStrategy<Type>) -> BoxedStrategy<Type> {
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::tuple),
            // A name is in normal form C, as those of Terraform are.
            btree_map("[a-z_é]{1,3}", inner, 0..4).prop_map(Type::object),
        ]
    })
    .boxed()
}

fn dynamic(known: Known) -> BoxedStrategy<Value> {
    let own = closed_types().prop_flat_map(move |ty| values_of(&ty, known));
    let null = Just(Value::null(Type::Dynamic));
    match known {
        Known::Wholly => prop_oneof![4 => own, 1 => null].boxed(),
        Known::Partly => {
            prop_oneof![4 => own, 1 => null, 1 => Just(Value::unknown(Type::Dynamic))].boxed()
        }
    }
}

/// The elements of a collection whose element type is said to be `ty`, and the type that they have.
fn elements(ty: &Type, known: Known) -> BoxedStrategy<(Type, Vec<Value>)> {
    let said = ty.clone();
    if *ty == Type::Dynamic {
        let own = closed_types()
            .prop_flat_map(move |it| (Just(it.clone()), vec(values_of(&it, known), 1..4)));
        prop_oneof![1 => Just((said, vec![])), 4 => own].boxed()
    } else if ty.has_dynamic() {
        let one = values_of(ty, known).prop_map(|it| (it.ty(), vec![it]));
        prop_oneof![1 => Just((said, vec![])), 4 => one].boxed()
    } else {
        vec(values_of(ty, known), 0..4).prop_map(move |it| (said.clone(), it)).boxed()
    }
}

fn unknown(ty: &Type) -> BoxedStrategy<Value> {
    let bound = || {
        let bound = (numbers(), any::<bool>());
        proptest::option::of(bound.prop_map(|(number, inclusive)| Bound { number, inclusive }))
    };
    let refinement = match ty {
        Type::Number => (bound(), bound())
            .prop_map(|(min, max)| Refinement { min, max, ..Refinement::default() })
            .boxed(),
        Type::String => proptest::option::of(texts())
            .prop_map(|it| {
                // What is known of a text is known in its normal form; nothing is no prefix.
                let prefix = it.map(Value::from);
                let prefix = prefix.as_ref().and_then(Value::as_str).filter(|it| !it.is_empty());
                Refinement { prefix: prefix.map(Into::into), ..Refinement::default() }
            })
            .boxed(),
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            (proptest::option::of(1_u64..9), proptest::option::of(9_u64..99_999))
                .prop_map(|(min_length, max_length)| Refinement {
                    min_length,
                    max_length,
                    ..Refinement::default()
                })
                .boxed()
        }
        Type::Bool | Type::Dynamic | Type::Tuple(_) | Type::Object(_) => {
            Just(Refinement::default()).boxed()
        }
    };
    let ty = ty.clone();
    (refinement, any::<bool>())
        .prop_map(move |(it, not_null)| Value::refined(ty.clone(), Refinement { not_null, ..it }))
        .boxed()
}
