//! A library.
#[test]
fn it() {}
