//! An exercise and a set of files → what holds and what does not; hints; progress as a value. No file is touched.
//!
//! | file | what it does |
//! | --- | --- |
//! | `exercise.rs`, `declared.rs` | the nouns, and what an author writes |
//! | `read.rs` | the folders `exercises/` and `solutions/` → those nouns |
//! | `check/` | files against an exercise → a report, one file for each kind of check |
//! | `rehearse/` | what the commands of a planned build would do on a clean machine, by reading them |
//! | `shell/`, `ignore.rs`, `requirements.rs` | the texts that a rehearsal reads: commands, `.gitignore`, pip's files |
//! | `report.rs` | what a check found |
//! | `run.rs` | what a check asks of a real run, and what was seen |
//! | `progress.rs` | what a participant has reached |
//! | `mistake/` | a project's code → lines in which a small mistake can be made, for the list of the last chapter |
//!
//! # Writing an exercise
//! ```text
//! exercises/04_questions/chapter.yml                    title: The three questions
//! exercises/04_questions/02_tag/exercise.yml            what it is and what must hold
//! exercises/04_questions/02_tag/start/                  what the participant gets; `_gitignore` becomes `.gitignore`
//! exercises/04_questions/02_tag/twins/NAME/             files that a run check lays over the project to break it
//! solutions/04_questions/02_tag/solution/               one good answer: only the files that differ from the start
//! solutions/04_questions/02_tag/alternates/NAME/        others, which must pass too
//! solutions/04_questions/02_tag/near-misses/NAME/       wrong ones, each with an `expect.yml`: the finding's code, why, and
//!                                                       `run: true` where only a real run tells
//! ```
//! Order comes from the numbers of the folders, identity from `id`. Each check has a `code`, the sentence that holds
//! (`says`), the idea (`expected`), one action (`next`), perhaps the codes of checks that must hold first (`after`), and
//! one of these:
//!
//! | kind | asks |
//! | --- | --- |
//! | `model` | a [`Fact`] of the files |
//! | `event` | what builds do: [`EventCheck`], with `broken` and `flaky` roles, and `faults` |
//! | `answer` | [`Question`]s answered in a file |
//! | `table` | a truth table filled in a file: [`TableCheck`] |
//! | `run` | real runs: [`RunCheck`], green on the project, red on its twin, on any machine; open unless somebody runs it |
//!
//! A finding has the check's code, unless what happened is an idea of its own, such as `CW-not-committed` where a file
//! is missing in an exercise about something else; then it brings that idea's words ([`advice`]). Files that are
//! not in `edit` are guarded without being told.

mod check;
mod declared;
mod exercise;
mod ignore;
mod mistake;
mod progress;
mod read;
mod rehearse;
mod report;
mod requirements;
mod run;

pub use check::{Advice, advice, check, check_with_runs};
pub use declared::{
    AnswerCheck, Asks, BadgeSpec, BuildSpec, CallSpec, Choice, EventCheck, Fact, FaultSpec, FaultWord,
    HeardSpec, ImagesSpec, Outcome, Planned, Position, Question, Role, RunCheck, SecretSpec, SumsSpec,
    TableCheck, TableRow, TakenSpec, Task, VariableSpec, Yes,
};
pub use exercise::{Chapter, Check, CheckKind, Course, Exercise, Rung};
pub use mistake::{Mistake, mistakes};
pub use progress::{Mark, MarkState, Progress};
pub use read::{Answers, NearMiss, Solutions};
pub use report::{Finding, Place, Report, State};
pub use run::{Ran, RedStep, RunRequest, RunSeen};

use std::collections::BTreeMap;

/// A folder as a value: path with `/` as separator, relative to the folder → content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The editable files that differ from the exercise's start, missing ones included.
#[must_use]
pub fn changed(exercise: &Exercise, files: &Files) -> Vec<String> {
    exercise.changed(files)
}
