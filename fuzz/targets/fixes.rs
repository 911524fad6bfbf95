//! Any bytes → fixing keeps its promises. The body is `ciworkshop_engine::invariants::fixes`, which the tests run on files
//! of their own.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ciworkshop_engine::invariants::fixes(bytes));
