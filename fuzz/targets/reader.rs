//! Any bytes → the reader keeps its promises. The body is `ciworkshop_engine::invariants::reader`, which property tests
//! run too.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ciworkshop_engine::invariants::reader(bytes));
