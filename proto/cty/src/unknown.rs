//! Values that are not known yet, and what is known of them nevertheless.

use std::sync::Arc;

use crate::{Number, Type};

/// A value that is not known yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The type that it will have; [`Type::Dynamic`] if that is not known either.
    pub ty: Type,
    /// What is known of it.
    pub refinement: Refinement,
    /// Where it comes from. No part of equality, and dropped by the codecs.
    pub symbol: Symbol,
}

/// What is known of an unknown value. The default says nothing.
///
/// Each field holds for some types only: `prefix` for strings, `min` and `max` for numbers,
/// the lengths for lists, sets and maps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refinement {
    /// It will not be null.
    pub not_null: bool,
    /// A string that it will begin with.
    pub prefix: Option<Arc<str>>,
    /// The least number that it can be.
    pub min: Option<Bound>,
    /// The greatest number that it can be.
    pub max: Option<Bound>,
    /// The least number of elements.
    pub min_length: Option<u64>,
    /// The greatest number of elements.
    pub max_length: Option<u64>,
}

/// One end of a range of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The number at the end.
    pub number: Number,
    /// Whether the number itself is in the range.
    pub inclusive: bool,
}

/// An opaque number by which an evaluator finds what an unknown value stands for. All symbols are
/// equal to each other, so that values compare by what Terraform sees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Symbol(pub u32);

impl PartialEq for Symbol {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Unknown {
    /// An unknown value of that type of which nothing else is known.
    #[must_use]
    pub fn new(ty: Type) -> Self {
        Self { ty, refinement: Refinement::default(), symbol: Symbol::default() }
    }
}

impl Refinement {
    /// It will not be null; nothing else is known.
    #[must_use]
    pub fn not_null() -> Self {
        Self { not_null: true, ..Self::default() }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
