//! Fuzzes the reading of a plan, and evaluation with it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::plan(bytes));
