//! A path → the workshop folder it lies in, opened: what was laid down, the course, the progress.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::course::{Course, Exercise, Files, Progress, Report, State, check};
use crate::workshop::record::Record;
use crate::workshop::store::{Found, Store, now};
use crate::workshop::{DEFAULT_FOLDER, Material, STATE_FOLDER, Trouble, files, lay};

/// The workshop folder that `from` lies in, or the one of the default name beside it.
#[must_use]
pub fn find(from: &Path) -> Option<PathBuf> {
    let ours = |folder: &Path| folder.join(STATE_FOLDER).is_dir();
    let around = from.ancestors().find(|it| ours(it)).map(Path::to_owned);
    around.or_else(|| Some(from.join(DEFAULT_FOLDER)).filter(|it| ours(it)))
}

/// A workshop folder that was laid down.
#[derive(Clone, Debug)]
pub struct Workshop {
    root: PathBuf,
    material: Arc<Material>,
    store: Store,
    record: Record,
    notices: Vec<String>,
}

impl Workshop {
    /// Opens the workshop folder `root`. Broken progress is put aside and rebuilt by checking.
    pub fn open(root: &Path, material: Arc<Material>) -> Result<Self, Trouble> {
        let Some(record) = Record::read(root)? else {
            let message =
                format!("{} is a workshop folder that was not laid down completely", root.display());
            return Err(Trouble::could_not(message, "`ciworkshop start` in that folder completes it"));
        };
        let root = root.to_owned();
        let mut workshop = Self { store: Store::of(&root), root, material, record, notices: Vec::new() };
        if workshop.outdated() {
            workshop.notices.push(
                "the exercises come from another version of the course; `ciworkshop start` brings them up to date"
                    .into(),
            );
        }
        if let Some(notice) = workshop.mend()? {
            workshop.notices.push(notice);
        }
        Ok(workshop)
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What a participant should know about the folder, found while it was opened.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The whole course.
    pub fn course(&self) -> Result<&Course, Trouble> {
        self.material.course()
    }

    /// Where the participant stands.
    pub fn progress(&self) -> Result<Progress, Trouble> {
        match self.store.read()? {
            Found::Whole(progress) => Ok(progress),
            Found::Nothing => Ok(Progress::default()),
            Found::Broken(_) => self.rebuild(),
        }
    }

    /// The exercise's folder.
    #[must_use]
    pub fn folder(&self, exercise: &Exercise) -> PathBuf {
        self.root.join(lay::in_exercises(self.laid_folder(exercise)))
    }

    /// The exercise's files as they are now.
    pub fn files(&self, exercise: &Exercise) -> Result<Files, Trouble> {
        let folder = self.folder(exercise);
        if !folder.is_dir() {
            let message = format!("{} is not there", folder.display());
            return Err(Trouble::could_not(
                message,
                "`ciworkshop reset` brings the exercise's first version back",
            ));
        }
        files::read(&folder, exercise)
    }

    /// Checks the files as they are, and remembers nothing.
    pub fn look(&self, exercise: &Exercise) -> Result<Report, Trouble> {
        Ok(check(exercise, &self.files(exercise)?))
    }

    /// Changes the progress, together with whatever other programs are changing.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> Result<T, Trouble> {
        self.mend()?;
        self.store.update(change)
    }

    /// Where the progress is kept.
    #[must_use]
    pub fn progress_file(&self) -> PathBuf {
        self.store.path()
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// True when the folder was laid down from other exercises than this program brings.
    pub(crate) fn outdated(&self) -> bool {
        self.record.course != self.material.fingerprint()
    }

    /// Where an exercise was laid down: another version of the course may have another place for it.
    pub(crate) fn laid_folder<'a>(&'a self, exercise: &'a Exercise) -> &'a str {
        self.record.exercise(&exercise.id).map_or(exercise.folder.as_str(), |it| it.folder.as_str())
    }

    /// Puts broken progress aside and rebuilds it; says so.
    fn mend(&self) -> Result<Option<String>, Trouble> {
        let Found::Broken(aside) = self.store.read()? else { return Ok(None) };
        let progress = self.rebuild()?;
        let passed =
            self.course()?.exercises().filter(|it| progress.mark(&it.id).passed_at.is_some()).count();
        Ok(Some(format!(
            "the progress could not be read; it is kept as {}. It is made anew from the last copy and by checking the \
             exercises: {passed} passed",
            aside.display()
        )))
    }

    /// Checks every exercise that is no longer as it was laid down, and adds those that pass to the last copy.
    fn rebuild(&self) -> Result<Progress, Trouble> {
        let mut passed = Vec::new();
        for exercise in self.course()?.exercises() {
            let Ok(files) = self.files(exercise) else { continue };
            if files != exercise.start && check(exercise, &files).state() == State::Passed {
                passed.push(&exercise.id);
            }
        }
        self.store.update(|progress| {
            for id in passed {
                progress.checked(id, true, now());
            }
            progress.clone()
        })
    }
}
