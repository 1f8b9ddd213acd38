//! Marks: what a value carries along wherever it goes.

use std::fmt;
use std::ops::BitOr;

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Must not be shown.
    Sensitive,
    /// Must not be stored.
    Ephemeral,
}

/// A set of marks. The codecs drop marks: the wire has no place for them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Marks(u8);

impl Mark {
    const ALL: [Self; 2] = [Self::Sensitive, Self::Ephemeral];

    fn bit(self) -> u8 {
        match self {
            Self::Sensitive => 1,
            Self::Ephemeral => 2,
        }
    }
}

impl Marks {
    /// No mark.
    pub const NONE: Self = Self(0);

    /// Whether that mark is in the set.
    #[must_use]
    pub fn has(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    /// Whether there is no mark.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same set without that mark.
    #[must_use]
    pub fn without(self, mark: Mark) -> Self {
        Self(self.0 & !mark.bit())
    }

    /// The marks in the set.
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |it| self.has(*it))
    }
}

impl From<Mark> for Marks {
    fn from(mark: Mark) -> Self {
        Self(mark.bit())
    }
}

impl BitOr for Marks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
