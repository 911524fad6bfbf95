//! The nouns of the course: [`Course`], [`Chapter`], [`Exercise`] and its [`Check`]s. Nothing is read or judged here.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::course::declared::{AnswerCheck, EventCheck, Fact, Role, RunCheck, TableCheck, Task};
use crate::course::{Files, State};

/// All exercises, in order.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The chapters that have exercises, in order.
    pub chapters: Vec<Chapter>,
}

/// The exercises of one chapter.
#[derive(Clone, Debug, Default)]
pub struct Chapter {
    /// The chapter's number in the book.
    pub number: u32,
    /// Its folder, such as `01_clean_machine`.
    pub folder: String,
    /// Its title, as in the book.
    pub title: String,
    /// Its exercises, in order.
    pub exercises: Vec<Exercise>,
}

/// One exercise, as its author wrote it.
#[derive(Clone, Debug, Default)]
pub struct Exercise {
    /// Stable name; progress is kept under it, whatever the folder is called.
    pub id: String,
    /// Folder relative to `exercises/`, such as `01_clean_machine/01_nothing_is_installed`.
    pub folder: String,
    /// `1.1`: chapter and place in it.
    pub number: String,
    /// A few words.
    pub title: String,
    /// What kind of work it is.
    pub rung: Rung,
    /// Minutes that a participant typically needs.
    pub minutes: u32,
    /// The page of the book that teaches it, with anchor: `clean-machine/nothing-is-installed.html#exercise`.
    pub page: String,
    /// Ids of the exercises to do before.
    pub needs: Vec<String>,
    /// Files that the participant may change. All others are guarded.
    pub edit: Vec<String>,
    /// What is to be reached, in Markdown.
    pub goal: String,
    /// Three: where to look, which idea, the shape of the change.
    pub hints: Vec<String>,
    /// The code of the finding that the untouched start gives.
    pub expect_first: String,
    /// The secrets that Drone keeps for this repository. Without any, each secret that a file names is there.
    pub secrets: Vec<String>,
    /// How checks find a job in the pipeline, by the job's name.
    pub roles: BTreeMap<String, Role>,
    /// What the commands of a role need and leave.
    pub project: BTreeMap<String, Task>,
    /// What must hold, in the order in which it is said.
    pub checks: Vec<Check>,
    /// What the participant starts from.
    pub start: Files,
    /// Broken twins of the project, by name: the files of the start that are wrong there.
    pub twins: BTreeMap<String, Files>,
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Check {
    /// The code of its finding; other exercises may use it for the same idea.
    pub code: String,
    /// The sentence that holds.
    pub says: String,
    /// What is expected, and the idea behind it.
    pub expected: String,
    /// One thing to do when it does not hold.
    pub next: String,
    /// Codes of this exercise's checks that must hold before this one is judged at all.
    pub after: Vec<String>,
    /// How it is found out.
    pub kind: CheckKind,
}

/// How a check is found out.
#[derive(Clone, Debug)]
pub enum CheckKind {
    /// From the files as they are.
    Model(Fact),
    /// From what a build would do.
    Event(Box<EventCheck>),
    /// From the participant's answers.
    Answer(AnswerCheck),
    /// From a table that the participant fills in.
    Table(TableCheck),
    /// By running the pipeline.
    Run(Box<RunCheck>),
}

/// What kind of work an exercise is; each chapter climbs from the first to the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rung {
    /// Say what a finished pipeline does.
    #[default]
    Predict,
    /// Put lines in order.
    Reorder,
    /// Mend what is there.
    Fix,
    /// Fill in blanks.
    Fill,
    /// Write from a blank page.
    Write,
    /// Find out why a build is red.
    Debug,
    /// Choose and defend.
    Design,
}

impl Course {
    /// Every exercise, in order.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.chapters.iter().flat_map(|it| &it.exercises)
    }

    /// The exercise of that id, of that number (`1.2`) or in that folder.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Exercise> {
        let name = name.trim_end_matches('/');
        let ends = |it: &Exercise| it.folder.rsplit('/').next() == Some(name);
        self.exercises().find(|it| it.id == name || it.number == name || it.folder == name || ends(it))
    }

    /// The checks that can give a finding of that code, with their exercises.
    pub fn checks_of<'a>(&'a self, code: &'a str) -> impl Iterator<Item = (&'a Exercise, &'a Check)> {
        let all = self.exercises().flat_map(|it| it.checks.iter().map(move |check| (it, check)));
        all.filter(move |(_, check)| check.code == code)
    }
}

impl Rung {
    /// The word that texts use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Predict => "predict",
            Self::Reorder => "reorder",
            Self::Fix => "fix",
            Self::Fill => "fill in",
            Self::Write => "write",
            Self::Debug => "debug",
            Self::Design => "design",
        }
    }
}

impl Exercise {
    /// The checks that want a real run.
    pub fn run_checks(&self) -> impl Iterator<Item = &RunCheck> {
        self.checks
            .iter()
            .filter_map(|it| if let CheckKind::Run(run) = &it.kind { Some(&**run) } else { None })
    }

    /// True when the participant may change the file, or make it.
    #[must_use]
    pub fn may_edit(&self, path: &str) -> bool {
        self.edit.iter().any(|it| it == path || (it.ends_with('/') && path.starts_with(it.as_str())))
    }

    /// The files that the participant may change and that differ from the start, missing ones included.
    #[must_use]
    pub fn changed(&self, files: &Files) -> Vec<String> {
        let paths: std::collections::BTreeSet<_> = self.start.keys().chain(files.keys()).collect();
        let differs = |path: &&&String| self.start.get(**path) != files.get(**path);
        paths.iter().filter(|it| self.may_edit(it)).filter(differs).map(ToString::to_string).collect()
    }

    /// Whether the files pass, in a word.
    #[must_use]
    pub fn state(&self, files: &Files) -> State {
        crate::course::check(self, files).state()
    }
}
