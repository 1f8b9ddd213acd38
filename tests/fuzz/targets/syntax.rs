//! Fuzzes the language, as a file, an expression and a template.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| judges::syntax(bytes));
