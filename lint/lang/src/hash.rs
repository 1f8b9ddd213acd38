//! Tables by names and numbers, with a hash that is quick for short keys.

/// As the standard library's.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
/// As the standard library's.
pub(crate) type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;
