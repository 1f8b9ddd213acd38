//! Fuzzes the reading of a baseline.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::baseline(bytes));
