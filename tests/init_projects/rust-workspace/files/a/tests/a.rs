//! Tests.

#[test]
fn next() {
    assert_eq!(a::next(1), 2);
}
