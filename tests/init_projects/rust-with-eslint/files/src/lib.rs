//! A library.

/// Twice as much.
pub fn twice(it: u32) -> u32 {
    it * 2
}

#[test]
fn it() {
    assert_eq!(twice(2) + twice(3), 10);
}
