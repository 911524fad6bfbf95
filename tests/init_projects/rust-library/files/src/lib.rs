//! A library.

/// How many legs so many crabs have.
#[must_use]
pub fn legs(crabs: u32) -> u32 {
    crabs * 10
}

#[test]
fn it() {
    assert_eq!(legs(2), 20);
}
