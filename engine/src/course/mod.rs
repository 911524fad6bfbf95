//! An exercise and a set of files → what holds and what does not; hints; progress as a value. No file is touched.
//!
//! | file | what it does |
//! | --- | --- |
//! | `exercise.rs`, `declared.rs` | the nouns, and what an author writes |
//! | `read.rs` | the folders `exercises/` and `solutions/` → those nouns |
//! | `report.rs` | what a check found |
//! | `progress.rs` | what a participant has reached |

mod check;
mod declared;
mod exercise;
mod ignore;
mod progress;
mod read;
mod rehearse;
mod report;
mod requirements;
mod shell;

pub use check::check;
pub use declared::{
    AnswerCheck, BuildSpec, Choice, EventCheck, Fact, FaultSpec, FaultWord, Outcome, Planned, Position,
    Question, Role, RunCheck, SecretSpec, Task, VariableSpec, Yes,
};
pub use exercise::{Chapter, Check, CheckKind, Course, Exercise, Rung};
pub use progress::{Mark, MarkState, Progress};
pub use read::{Answers, NearMiss, Solutions};
pub use report::{Finding, Place, Report, State};

use std::collections::BTreeMap;

/// A folder as a value: path with `/` as separator, relative to the folder → content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The editable files that differ from the exercise's start, missing ones included.
#[must_use]
pub fn changed(exercise: &Exercise, files: &Files) -> Vec<String> {
    exercise.changed(files)
}
