//! What a participant can ask for: check, hint, skip, reset, solution and next. Each leaves the
//! progress written, and nothing replaced without a copy.

use std::fs;
use std::path::{Path, PathBuf};

use crate::engine::course::{Exercise, Files, MarkState, Progress, Report, State};
use crate::workshop::store::now;
use crate::workshop::{STATE_FOLDER, Trouble, Workshop, atomic, files};

/// What a reset did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Files brought back, relative to the exercise's folder.
    pub restored: Vec<String>,
    /// Where the files are as they were; `None` when nothing had to be replaced.
    pub backup: Option<PathBuf>,
}

/// The answer to a wish for the solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Solution {
    /// Here it is: the files that differ from the start.
    Shown(Files),
    /// Not yet: so many hints are still to be shown.
    Later(usize),
}

/// A check of an exercise, as it is remembered.
pub(crate) struct Attempt<'a> {
    id: &'a str,
    passed: Option<bool>,
    really_ran: bool,
    at: u64,
}

impl<'a> Attempt<'a> {
    /// Now, with the report; without one the files could not be read, and that is no attempt.
    pub(crate) fn new(id: &'a str, report: Option<&Report>) -> Self {
        let passed = report.map(|it| it.state() == State::Passed);
        Self { id, passed, really_ran: report.is_some_and(|it| it.really_ran), at: now() }
    }

    /// Writes it into the progress; the exercise is the current one from now on.
    pub(crate) fn mark(&self, progress: &mut Progress) {
        progress.open(self.id, self.at);
        self.mark_aside(progress);
    }

    /// The same, and the current exercise stays the one it is.
    fn mark_aside(&self, progress: &mut Progress) {
        let Some(passed) = self.passed else { return };
        progress.checked(self.id, passed, self.at);
        if passed && self.really_ran {
            progress.really_ran(self.id, self.at);
        }
    }
}

impl Workshop {
    /// Remembers the outcome of a check; the exercise is the current one from now on.
    pub fn remember(&self, exercise: &Exercise, report: &Report) -> Result<(), Trouble> {
        let attempt = Attempt::new(&exercise.id, Some(report));
        self.update(|progress| attempt.mark(progress))
    }

    /// Remembers the outcomes of several checks; the current exercise stays the one it is.
    pub fn remember_aside(&self, checked: &[(&Exercise, &Report)]) -> Result<(), Trouble> {
        self.update(|progress| {
            for (exercise, report) in checked {
                Attempt::new(&exercise.id, Some(report)).mark_aside(progress);
            }
        })
    }

    /// Shows one more hint; gives how many are shown now.
    pub fn hint(&self, exercise: &Exercise) -> Result<usize, Trouble> {
        self.update(|progress| progress.hint(&exercise.id, exercise.hints.len(), now()))
    }

    /// Makes the exercise the current one.
    pub fn go_to(&self, exercise: &Exercise) -> Result<(), Trouble> {
        self.update(|progress| progress.open(&exercise.id, now()))
    }

    /// Puts the exercise aside.
    pub fn skip(&self, exercise: &Exercise) -> Result<(), Trouble> {
        self.update(|progress| progress.skip(&exercise.id, now()))
    }

    /// The exercise to go on with after `exercise`: the next that is still to do, from the beginning again at the end.
    pub fn after(&self, exercise: &Exercise) -> Result<Option<&Exercise>, Trouble> {
        let progress = self.progress()?;
        let all: Vec<&Exercise> = self.course()?.exercises().collect();
        let here = all.iter().position(|it| it.id == exercise.id).map_or(0, |it| it + 1);
        let order = all[here..].iter().chain(&all[..here]);
        let open = |it: &&&Exercise| it.id != exercise.id && progress.state(&it.id) == MarkState::Todo;
        Ok(order.copied().find(|it| open(&it)))
    }

    /// Brings the exercise's first version back and begins it anew. What is replaced is copied first.
    pub fn reset(&self, exercise: &Exercise) -> Result<Reset, Trouble> {
        let folder = self.folder(exercise);
        let changed: Vec<&String> = exercise
            .start
            .iter()
            .filter(|(path, content)| !holds(&folder.join(path), content))
            .map(|it| it.0)
            .collect();
        let backup = self.back_up(&folder, self.laid_folder(exercise), &changed)?;
        for path in &changed {
            atomic::write(&folder.join(path), &exercise.start[*path])?;
        }
        self.update(|progress| progress.reset(&exercise.id))?;
        Ok(Reset { restored: changed.into_iter().cloned().collect(), backup })
    }

    /// Moves what stands at `paths` to a new folder of backups; gives it when anything was there.
    fn back_up(&self, folder: &Path, name: &str, paths: &[&String]) -> Result<Option<PathBuf>, Trouble> {
        let backups = self.root().join(STATE_FOLDER).join("backups");
        let backup = atomic::free_name(&backups, "reset", "").join(name);
        let mut copied = false;
        for path in paths {
            let (from, to) = (folder.join(path), backup.join(path));
            if from.is_dir() {
                let made = to.parent().map_or(Ok(()), fs::create_dir_all);
                made.and_then(|()| fs::rename(&from, &to))
                    .map_err(|error| Trouble::with_path("be put aside", &from, &error))?;
                copied = true;
            } else if from.exists() {
                let content =
                    fs::read(&from).map_err(|error| Trouble::with_path("be read", &from, &error))?;
                atomic::write(&to, &content)?;
                copied = true;
            }
        }
        Ok(copied.then_some(backup))
    }

    /// Shows a good answer: after a pass, after the last hint, or when `insisted`. That it was shown is remembered.
    pub fn solution(&self, exercise: &Exercise, insisted: bool) -> Result<Solution, Trouble> {
        let mark = self.progress()?.mark(&exercise.id);
        let left = exercise.hints.len().saturating_sub(mark.hints_shown);
        if !insisted && left > 0 && mark.state != MarkState::Passed {
            return Ok(Solution::Later(left));
        }
        self.update(|progress| progress.solution(&exercise.id, now()))?;
        let mut solution = self.material().solution(&exercise.folder)?;
        solution.retain(|path, content| exercise.start.get(path) != Some(content));
        Ok(Solution::Shown(solution))
    }

    /// True when the exercise's folder is no longer as it was laid down.
    #[must_use]
    pub fn touched(&self, exercise: &Exercise) -> bool {
        let folder = self.folder(exercise);
        let changed = |(path, content): (&String, &Vec<u8>)| !holds(&folder.join(path), content);
        exercise.start.iter().any(changed) || files::list(&folder).len() != exercise.start.len()
    }
}

fn holds(path: &Path, content: &[u8]) -> bool {
    fs::read(path).is_ok_and(|it| it == content)
}
