//! Fuzzes JSON against a type of any kind, and as a type.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::json(bytes));
