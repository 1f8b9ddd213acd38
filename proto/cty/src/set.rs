//! The order of a set's elements.

use crate::Value;

/// Puts the elements in Terraform's order and drops those that are equal to one before. Elements
/// that are not wholly known are equal to nothing, not even to themselves.
pub(crate) fn in_order(elements: Vec<Value>) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::with_capacity(elements.len());
    for it in elements {
        if !it.is_wholly_known() || !out.contains(&it) {
            out.push(it);
        }
    }
    out.sort_by_cached_key(|it| format!("{it:?}"));
    out
}
