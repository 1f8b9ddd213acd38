//! Fuzzes the reading of the comments that suppress findings.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::suppressions(bytes));
