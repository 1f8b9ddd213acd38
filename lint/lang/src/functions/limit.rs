//! How much one call may make: a configuration is anybody's text, and a few nested calls could
//! otherwise ask for more than any machine has.

use super::Refused;

/// The most elements of one result.
const ELEMENTS: usize = 1_000_000;

/// Refuses a result of more than a million elements.
pub(super) fn elements(count: usize) -> Result<(), Refused> {
    if count > ELEMENTS {
        return Err(format!("would make {count} elements, and {ELEMENTS} are the most").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
