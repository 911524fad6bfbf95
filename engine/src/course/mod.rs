//! An exercise and a set of files → what holds and what does not; hints; progress as a value. No file is touched.

mod exercise;
mod report;

pub use exercise::{Chapter, Course, Exercise, Rung};
pub use report::{Finding, Place, Report, State};

use std::collections::BTreeMap;

/// A folder as a value: path with `/` as separator, relative to the folder → content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Checks a participant's files against an exercise. `files` is the whole exercise folder as it now is.
#[must_use]
pub fn check(exercise: &Exercise, files: &Files) -> Report {
    let _ = (exercise, files);
    Report::default()
}
