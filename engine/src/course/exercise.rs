//! `exercise.yml` and the files around it → [`Exercise`]; all of them → [`Course`].

use crate::course::Files;

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
    /// What the participant starts from.
    pub start: Files,
}

/// What kind of work an exercise is; each chapter climbs from the first to the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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

    /// Reads all of `exercises/`: paths such as `01_x/02_y/exercise.yml` and `01_x/02_y/start/.drone.yml`.
    ///
    /// # Errors
    /// One message for each thing that is wrong with the course itself.
    pub fn read(files: &Files) -> Result<Self, Vec<String>> {
        let _ = files;
        Ok(Self::default())
    }
}
