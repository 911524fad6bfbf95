//! Tests.

#[test]
fn length() {
    assert_eq!(hawser::length("rope"), 4);
}
