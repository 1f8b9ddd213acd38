//! Fuzzes what a configuration says, and expressions.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::evaluator(bytes));
