//! `.ciworkshop/progress.json`: read, changed under a lock, written whole. Two programs at once lose nothing.
//!
//! A check should not wait for the disk only because it counts one more attempt. So the file itself is written lightly,
//! and whenever something was reached a copy is written first, down to the disk.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;

use crate::engine::course::{MarkState, Progress};
use crate::workshop::{STATE_FOLDER, Trouble, atomic};

/// The file that holds a participant's progress.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    folder: PathBuf,
}

/// Progress as it was found.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// It reads well.
    Whole(Progress),
    /// There is none yet.
    Nothing,
    /// It did not read; it was put aside under this name.
    Broken(PathBuf),
}

impl Store {
    /// The progress of the workshop folder `root`.
    pub(crate) fn of(root: &Path) -> Self {
        Self { folder: root.join(STATE_FOLDER) }
    }

    /// Where the progress is.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("progress.json")
    }

    /// Reads it. A file that does not read is put aside first, so that nothing overwrites it.
    pub(crate) fn read(&self) -> Result<Found, Trouble> {
        let path = self.path();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(self.copy().map_or(Found::Nothing, Found::Whole));
            }
            Err(error) => return Err(Trouble::with_path("be read", &path, &error)),
        };
        refuse_newer(&path, &bytes)?;
        if let Some(progress) = parse(bytes) {
            return Ok(Found::Whole(progress));
        }
        let aside = atomic::free_name(&self.folder, "progress-broken", ".json");
        fs::rename(&path, &aside).map_err(|error| Trouble::with_path("be put aside", &path, &error))?;
        Ok(Found::Broken(aside))
    }

    /// Reads it, lets `change` work on it and writes it when it became different, all under the folder's lock.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> Result<T, Trouble> {
        let _lock = self.lock()?;
        let before = match self.read()? {
            Found::Whole(progress) => Some(progress),
            Found::Nothing | Found::Broken(_) => None,
        };
        let mut after = before.clone().unwrap_or_default();
        let answer = change(&mut after);
        if before.as_ref() != Some(&after) {
            let text = after.to_json();
            if before.as_ref().map(reached).unwrap_or_default() != reached(&after) {
                atomic::write(&self.copy_path(), text.as_bytes())?;
            }
            atomic::write_lightly(&self.path(), text.as_bytes())?;
        }
        Ok(answer)
    }

    /// The copy of the last time that something was reached.
    fn copy(&self) -> Option<Progress> {
        parse(fs::read(self.copy_path()).ok()?)
    }

    fn copy_path(&self) -> PathBuf {
        self.folder.join("progress-copy.json")
    }

    /// Waits for the other program that is writing, if there is one. The lock ends with the returned file.
    fn lock(&self) -> Result<File, Trouble> {
        let path = self.folder.join("lock");
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(|error| Trouble::with_path("be opened", &path, &error))?;
        match file.lock() {
            // Some network folders know no locks; writing stays atomic there.
            Err(error) if error.kind() != ErrorKind::Unsupported => {
                Err(Trouble::with_path("be locked", &path, &error))
            }
            _ => Ok(file),
        }
    }
}

fn parse(bytes: Vec<u8>) -> Option<Progress> {
    Progress::from_json(&String::from_utf8(bytes).ok()?).ok()
}

/// What a participant would miss: all but counts and times.
fn reached(progress: &Progress) -> Vec<(&str, MarkState, usize, [bool; 2])> {
    let marks = progress.exercises.iter();
    let marks =
        marks.map(|(id, it)| (id.as_str(), it.state, it.hints_shown, [it.solution_seen, it.really_ran]));
    marks.filter(|it| (it.1, it.2, it.3) != (MarkState::Todo, 0, [false; 2])).collect()
}

/// Seconds since 1970, for "first seen" and "passed at".
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

/// Progress of a newer format is neither read by halves nor put aside.
fn refuse_newer(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }
    let version = serde_json::from_slice::<Versioned>(bytes).map_or(0, |it| it.version);
    if version <= u64::from(Progress::default().version) {
        return Ok(());
    }
    let message = format!("{} was written by a newer ciworkshop. Nothing is changed", path.display());
    Err(Trouble::could_not(message, "use the newer program, or `ciworkshop start` another folder"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(STATE_FOLDER)).unwrap();
        let store = Store::of(root.path());
        (root, store)
    }

    fn whole(store: &Store) -> Progress {
        match store.read().unwrap() {
            Found::Whole(progress) => progress,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn two_writers_at_once_lose_no_update() {
        let (_root, store) = store();
        std::thread::scope(|scope| {
            for worker in 0..4 {
                let store = store.clone();
                scope.spawn(move || {
                    for turn in 0..25 {
                        store.update(|it| it.checked(&format!("{worker}-{turn}"), true, 1)).unwrap();
                    }
                });
            }
        });
        assert_eq!(whole(&store).exercises.len(), 100);
    }

    #[test]
    fn a_file_cut_in_half_is_put_aside_and_never_overwritten() {
        let (_root, store) = store();
        for round in 1..=2 {
            fs::write(store.path(), format!("{{\"version\": 1, \"round\": {round}, \"exer")).unwrap();
            let Found::Broken(aside) = store.read().unwrap() else { panic!("it reads") };
            assert!(fs::read_to_string(aside).unwrap().contains(&format!("\"round\": {round}")));
            assert!(!store.path().exists());
        }
    }

    #[test]
    fn what_was_reached_is_in_the_copy_before_it_is_in_the_file() {
        let (_root, store) = store();
        store.update(|it| it.hint("a", 3, 1)).unwrap();
        store.update(|it| it.skip("b", 2)).unwrap();
        store.update(|it| it.checked("a", false, 3)).unwrap();
        fs::write(store.path(), "{\"version\": 1, \"exer").unwrap();
        assert!(matches!(store.read().unwrap(), Found::Broken(_)));
        let progress = whole(&store);
        assert_eq!((progress.mark("a").hints_shown, progress.state("b")), (1, MarkState::Skipped));
        assert_eq!(progress.mark("a").attempts, 0, "an attempt alone is not worth a wait");
    }

    #[test]
    fn progress_of_a_newer_program_is_left_alone() {
        let (_root, store) = store();
        let text = r#"{"version": 2, "stars": {}}"#;
        fs::write(store.path(), text).unwrap();
        assert!(store.update(|it| it.skip("a", 1)).unwrap_err().message.contains("newer ciworkshop"));
        assert_eq!(fs::read_to_string(store.path()).unwrap(), text);
    }

    #[test]
    fn a_change_that_changes_nothing_writes_nothing() {
        let (_root, store) = store();
        store.update(|it| it.open("a", 1)).unwrap();
        let before = fs::metadata(store.path()).unwrap().modified().unwrap();
        store.update(|it| it.open("a", 1)).unwrap();
        assert_eq!(fs::metadata(store.path()).unwrap().modified().unwrap(), before);
    }
}
