//! The combinations of a job's matrix.
//!
//! The sources are GitHub's page "Running variations of jobs in a workflow" and, for what a name
//! shows, the runner's `MatrixBuilder` and `JobDisplayNameBuilder` at github.com/actions/runner.

use stanchion_cty::spanned::{Data, Node};

use super::scalar;
use crate::normal::one_line;

/// One combination of a matrix.
#[derive(Clone, Debug)]
pub(crate) struct Combination<'n> {
    /// Keys and values, those that `include` added among them.
    pub(crate) values: Vec<(&'n str, &'n Node)>,
    /// What a name shows of it: the values of the lists, or all of an `include` that stands alone.
    pub(crate) shown: Vec<String>,
}

/// A matrix has no more combinations than these.
pub(crate) const MOST: usize = 256;

/// The combinations of a matrix; `None` if a run alone tells them: where an expression stands for the
/// matrix or a part of it, or where there are more than GitHub takes.
pub(crate) fn combinations(matrix: &Node) -> Option<Vec<Combination<'_>>> {
    let Data::Map(entries) = &matrix.data else { return None };
    let of = |name: &str| match matrix.get(name) {
        None => Some([].as_slice()),
        Some(list) => matches!(list.data, Data::List(_)).then(|| list.items()),
    };
    let (include, exclude) = (of("include")?, of("exclude")?);
    let axes = entries.iter().filter(|it| !matches!(&*it.key, "include" | "exclude"));
    let mut all = vec![Combination { values: Vec::new(), shown: Vec::new() }];
    let mut keys = Vec::new();
    for axis in axes {
        let Data::List(values) = &axis.value.data else { return None };
        keys.push(&*axis.key);
        let with = |before| values.iter().map(move |it| extended(before, &axis.key, it));
        all = all.iter().flat_map(with).collect();
        if all.len() > MOST * MOST {
            return None;
        }
    }
    if keys.is_empty() {
        all.clear();
    }
    all.retain(|it| !exclude.iter().any(|filter| matches_all(filter, it, filter.entries().len())));
    let mut alone = Vec::new();
    let base = all.clone();
    for extra in include {
        let Data::Map(added) = &extra.data else { return None };
        let filters = added.iter().filter(|it| keys.contains(&&*it.key)).count();
        let mut is_added = false;
        for (of, it) in base.iter().zip(&mut all) {
            if matches_all(extra, of, filters) {
                is_added = true;
                for entry in added.iter().filter(|entry| !keys.contains(&&*entry.key)) {
                    it.values.retain(|(key, _)| *key != &*entry.key);
                    it.values.push((&entry.key, &entry.value));
                }
            }
        }
        if !is_added {
            let mut it = Combination { values: Vec::new(), shown: Vec::new() };
            for entry in added {
                it = extended(&it, &entry.key, &entry.value);
            }
            alone.push(it);
        }
    }
    all.extend(alone);
    let is_open = |it: &Combination<'_>| it.shown.iter().any(|it| it.contains("${{"));
    (all.len() <= MOST && !all.iter().any(is_open)).then_some(all)
}

fn extended<'n>(before: &Combination<'n>, key: &'n str, value: &'n Node) -> Combination<'n> {
    let mut it = before.clone();
    it.values.push((key, value));
    add_shown(value, &mut it.shown);
    it
}

/// All scalars in a value, those aside that say nothing.
fn add_shown(value: &Node, out: &mut Vec<String>) {
    match scalar(value) {
        Some(text) => out.extend(Some(text).filter(|it| !it.is_empty())),
        None => {
            value.items().iter().for_each(|it| add_shown(it, out));
            value.entries().iter().for_each(|it| add_shown(&it.value, out));
        }
    }
}

/// Whether that many of a filter's entries are in a combination, and none is there with another
/// value.
fn matches_all(filter: &Node, it: &Combination<'_>, count: usize) -> bool {
    let found = filter.entries().iter().filter_map(|entry| {
        let (_, value) = it.values.iter().find(|(key, _)| *key == &*entry.key)?;
        Some(is_like(&entry.value, value))
    });
    let found: Vec<bool> = found.collect();
    found.len() == count && found.into_iter().all(|it| it)
}

/// Whether a value is what a filter asks for: as GitHub compares, without regard to case, and of
/// a map what the filter names alone.
fn is_like(filter: &Node, value: &Node) -> bool {
    match (scalar(filter), scalar(value)) {
        (Some(filter), Some(value)) => filter.eq_ignore_ascii_case(&value),
        (None, None) if !filter.entries().is_empty() => filter
            .entries()
            .iter()
            .all(|it| value.get(&it.key).is_some_and(|value| is_like(&it.value, value))),
        (None, None) => one_line(filter) == one_line(value),
        _ => false,
    }
}
