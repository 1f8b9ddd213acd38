//! Fuzzes the environment that the host of a plugin sets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::environment(bytes));
