//! Compiled patterns, of which each thread keeps some: a validation is asked for each call of a module.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use regex::bytes::{Regex, RegexBuilder};

use super::pattern::{self, Mistake, Pattern};
use crate::hash::HashMap;

/// What one compiled pattern may take, in bytes.
const MOST_MEMORY: usize = 64 << 20;
/// What one that is kept may take.
const MOST_KEPT_MEMORY: usize = 1 << 20;
/// So many patterns a thread keeps.
const MOST_KEPT: usize = 32;

thread_local! {
    static KEPT: RefCell<HashMap<String, Rc<Compiled>>> = RefCell::default();
}

/// A pattern, and what searches for it.
pub(super) struct Compiled {
    pub(super) pattern: Pattern,
    /// Empty if it is too large.
    engine: OnceCell<Option<Regex>>,
}

impl Compiled {
    /// What stands for a pattern in Go's syntax.
    pub(super) fn of(pattern: &str) -> Result<Rc<Self>, Mistake> {
        if let Some(it) = KEPT.with_borrow(|it| it.get(pattern).cloned()) {
            return Ok(it);
        }
        let translated = pattern::translate(pattern)?;
        let Some(small) = built(&translated, MOST_KEPT_MEMORY) else {
            return Ok(Rc::new(Self { pattern: translated, engine: OnceCell::new() }));
        };
        let it = Rc::new(Self { pattern: translated, engine: OnceCell::from(Some(small)) });
        KEPT.with_borrow_mut(|kept| {
            if kept.len() >= MOST_KEPT {
                kept.clear();
            }
            kept.insert(pattern.to_owned(), it.clone());
        });
        Ok(it)
    }

    /// What searches for the pattern; `None` if it is too large.
    pub(super) fn engine(&self) -> Option<&Regex> {
        self.engine.get_or_init(|| built(&self.pattern, MOST_MEMORY)).as_ref()
    }
}

/// Bytes are searched, since only so can `\B` be said for ASCII; that it may then match inside of a
/// character is seen to where matches are told.
fn built(pattern: &Pattern, memory: usize) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&pattern.translated);
    builder.size_limit(memory).dfa_size_limit(memory).nest_limit(2500).build().ok()
}
