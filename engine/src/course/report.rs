//! What a check found: the state of an exercise and its findings, as values that any face can show.

use crate::source::{LineColumn, Span};

/// The outcome of checking one exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What does not hold, most useful first. Empty means that all that was checked holds.
    pub findings: Vec<Finding>,
    /// Sentences of the checks that hold.
    pub holds: Vec<String>,
    /// Sentences of the checks that were not run (a real run of the pipeline), with the reason where there is one.
    pub not_run: Vec<String>,
    /// True when the exercise asks for real runs, and each of them took place.
    pub really_ran: bool,
}

/// The outcome in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// All that was checked holds.
    Passed,
    /// Something does not hold.
    Failed,
}

impl Report {
    /// The outcome in a word.
    #[must_use]
    pub fn state(&self) -> State {
        if self.findings.is_empty() { State::Passed } else { State::Failed }
    }
}

/// One thing that does not hold: what happened, what was expected and the idea, one next action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Searchable code.
    pub code: String,
    /// The check's own sentence.
    pub check: String,
    /// What happened: build, step, line.
    pub happened: String,
    /// What was expected, and the idea behind it.
    pub expected: String,
    /// One thing to do now.
    pub next: String,
    /// Where.
    pub place: Option<Place>,
    /// The excerpt with carets, plain text, when there is a place.
    pub excerpt: Option<String>,
}

/// A place in a participant's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path in the exercise's folder.
    pub file: String,
    /// Bytes.
    pub span: Span,
    /// Line and column where it begins.
    pub at: LineColumn,
}
