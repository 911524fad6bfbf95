//! A light without an operating system.
#![no_std]

/// Half as bright.
pub fn dim(light: u8) -> u8 {
    light / 2
}

#[test]
fn dims() {
    assert_eq!(dim(4), 2);
}
