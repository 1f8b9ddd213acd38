//! Fuzzes configurations in JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::tf_json(bytes));
