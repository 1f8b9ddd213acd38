//! Which of several types is the most general.

use std::cmp::Ordering;
use std::collections::VecDeque;

use crate::Type;

/// The indexes of the types in an order in which the more general one of two stands first. Types
/// of which neither is more general keep their order as far as the others allow.
pub(super) fn most_general_first(types: &[&Type]) -> Vec<usize> {
    let mut less_general: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut waiting_for = vec![0_usize; types.len()];
    for (i, a) in types.iter().enumerate() {
        for (j, b) in types.iter().enumerate().skip(i + 1) {
            let (from, to) = match generality(a, b) {
                Ordering::Less => (i, j),
                Ordering::Greater => (j, i),
                Ordering::Equal => continue,
            };
            less_general[from].push(to);
            waiting_for[to] += 1;
        }
    }
    let mut ready: VecDeque<usize> = (0..types.len()).filter(|it| waiting_for[*it] == 0).collect();
    let mut out = Vec::with_capacity(types.len());
    while let Some(next) = ready.pop_front() {
        out.push(next);
        for it in &less_general[next] {
            waiting_for[*it] -= 1;
            if waiting_for[*it] == 0 {
                ready.push_back(*it);
            }
        }
    }
    out
}

/// `Less` if `a` is the more general type and stands first; `Equal` if that cannot be said. It
/// takes for granted that there is a conversion, which is looked for afterwards.
fn generality(a: &Type, b: &Type) -> Ordering {
    match (a, b) {
        // What is open hopefully becomes what the others are.
        (Type::Dynamic, Type::Dynamic) => Ordering::Equal,
        (Type::Dynamic, _) => Ordering::Greater,
        (_, Type::Dynamic) => Ordering::Less,
        // Each primitive value can be written as a string.
        (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => generality(a, b),
        (Type::List(_), Type::Tuple(_))
        | (Type::Map(_), Type::Object(_))
        | (Type::Tuple(_) | Type::List(_), Type::Set(_)) => Ordering::Less,
        (Type::Tuple(_), Type::List(_))
        | (Type::Object(_), Type::Map(_))
        | (Type::Set(_), Type::Tuple(_) | Type::List(_)) => Ordering::Greater,
        (Type::Object(a), Type::Object(b)) => {
            if a.len() != b.len() || a.iter().any(|(name, _)| b.get(name).is_none()) {
                return Ordering::Equal;
            }
            let parts = a.iter().filter_map(|(name, a)| Some((&a.ty, &b.get(name)?.ty)));
            all_agree(parts.map(|(a, b)| generality(a, b)))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            all_agree(a.iter().zip(b.iter()).map(|(a, b)| generality(a, b)))
        }
        _ => Ordering::Equal,
    }
}

/// One side is more general if it is in some part and the other in none.
fn all_agree(parts: impl Iterator<Item = Ordering>) -> Ordering {
    let (mut less, mut greater) = (false, false);
    for it in parts {
        less |= it == Ordering::Less;
        greater |= it == Ordering::Greater;
    }
    match (less, greater) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) | (false, false) => Ordering::Equal,
    }
}
