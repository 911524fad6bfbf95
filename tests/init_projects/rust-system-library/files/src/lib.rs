//! A horn.
//!
//! ```
//! assert_eq!(foghorn::loud(2), 4);
//! ```

/// Twice as loud.
pub fn loud(noise: u8) -> u8 {
    noise * 2
}
