//! A.

/// One more.
pub fn next(it: u32) -> u32 {
    it + 1
}
