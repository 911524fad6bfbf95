//! A library.

/// Its length.
pub fn length(it: &str) -> usize {
    it.len()
}
