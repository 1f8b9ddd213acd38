//! Fuzzes YAML in both dialects, and what is written of it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::yaml(bytes));
