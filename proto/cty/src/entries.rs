//! The attributes of an object and the elements of a map.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Value;

/// Values by their names, in the order of the names. Shared and cheap to clone; a slice and no tree,
/// as most have few and there are many.
#[derive(Clone, PartialEq, Default)]
pub struct Entries {
    entries: Arc<[(Arc<str>, Value)]>,
}

impl Entries {
    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.entries.binary_search_by(|(it, _)| (**it).cmp(name)).ok()?;
        Some(&self.entries[at].1)
    }

    /// Whether there is a value of that name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The names and the values.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, &Value)> + ExactSizeIterator {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    /// The names.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Arc<str>> + ExactSizeIterator {
        self.entries.iter().map(|(name, _)| name)
    }

    /// The values, in the order of their names.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The same names and values, to be changed.
    #[must_use]
    pub fn to_map(&self) -> BTreeMap<Arc<str>, Value> {
        self.entries.iter().cloned().collect()
    }
}

/// Of a name that comes twice the last value holds.
impl FromIterator<(Arc<str>, Value)> for Entries {
    fn from_iter<T: IntoIterator<Item = (Arc<str>, Value)>>(entries: T) -> Self {
        Self { entries: in_order(entries).into() }
    }
}

/// What is told by names in the order of the names; of one that comes twice the last holds.
pub(crate) fn in_order<T>(entries: impl IntoIterator<Item = (Arc<str>, T)>) -> Vec<(Arc<str>, T)> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    if !entries.is_sorted_by(|a, b| a.0 < b.0) {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, earlier| {
            let is_again = later.0 == earlier.0;
            if is_again {
                std::mem::swap(later, earlier);
            }
            is_again
        });
    }
    entries
}

impl From<BTreeMap<Arc<str>, Value>> for Entries {
    fn from(entries: BTreeMap<Arc<str>, Value>) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = (&'a Arc<str>, &'a Value);
    type IntoIter = std::iter::Map<
        std::slice::Iter<'a, (Arc<str>, Value)>,
        fn(&'a (Arc<str>, Value)) -> (&'a Arc<str>, &'a Value),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(name, value)| (name, value))
    }
}
