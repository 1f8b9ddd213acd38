//! Fuzzes the reading of a settings file.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::settings(bytes));
