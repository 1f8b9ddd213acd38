//! Unit tests of numbers.
