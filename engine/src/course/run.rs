//! What a check asks of a real run, and what was seen there: values only. Whoever runs things is not known here.

use std::collections::BTreeMap;

use crate::course::{Files, Outcome};
use crate::plan::Build;

/// A run that a check asks for.
#[derive(Clone, Copy, Debug)]
pub struct RunRequest<'a> {
    /// The code of the check.
    pub code: &'a str,
    /// What the clone holds: all that `git add .` would take, with the twin's files in place of the project's own.
    pub files: &'a Files,
    /// The build.
    pub build: &'a Build,
    /// Variables that the build machine gives to every step, beneath all that the file says.
    pub variables: &'a BTreeMap<String, String>,
    /// The name of the broken twin.
    pub twin: Option<&'a str>,
    /// How it should end, where that is asked.
    pub result: Option<Outcome>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunSeen {
    /// It ran to its end.
    Ran(Ran),
    /// It could not be run, and that says nothing about the pipeline.
    CouldNot {
        /// What was in the way, such as `there is no docker here`.
        why: String,
        /// What to do about it.
        next: String,
    },
}

/// A run that came to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// True when all that ran is green, and something ran.
    pub green: bool,
    /// Its log, or the last 64 KiB of it.
    pub log: String,
    /// The first step that turned it red.
    pub red: Option<RedStep>,
}

/// A step that turned a build red.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedStep {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Its exit code; `None` when it could not be started, or was stopped.
    pub code: Option<i32>,
    /// The last lines that it wrote.
    pub last_lines: Vec<String>,
}
