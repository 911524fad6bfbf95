//! Any bytes → verdict and plan keep their promises. The body is `ciworkshop_engine::invariants::verdict_and_plan`, which
//! property tests run too.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ciworkshop_engine::invariants::verdict_and_plan(bytes));
