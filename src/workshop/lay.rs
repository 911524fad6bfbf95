//! A folder and the course → the workshop folder, laid down, completed or brought up to date. Never overwrites what a
//! participant wrote: unchanged files are renewed, changed ones merged with a backup, or kept with the new one aside.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::engine::course::{Course, Files};
use crate::workshop::record::{LaidExercise, Record, hashes};
use crate::workshop::renew::{Change, Renewal};
use crate::workshop::{EXERCISES_FOLDER, Material, STATE_FOLDER, Trouble, atomic, welcome};

/// What laying down did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// Whether the folder was there before.
    pub start: Start,
    /// What changed in a folder that was there before, in order.
    pub changes: Vec<Change>,
}

/// How the work begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The folder is new.
    New,
    /// The folder was there.
    Resumed,
}

/// Lays the course down in `root`, or brings the workshop folder that is there up to date.
pub fn lay_down(root: &Path, material: &Material) -> Result<Laid, Trouble> {
    let start = look_at(root)?;
    let course = material.course()?;
    let state = root.join(STATE_FOLDER);
    fs::create_dir_all(&state).map_err(|error| Trouble::with_path("be created", &state, &error))?;
    let record = Record::read(root)?.unwrap_or_default();
    let mut changes = move_folders(root, &record, course)?;
    let renewal = Renewal::new(root);
    changes.extend(renewal.renew(Path::new(""), Path::new(""), &record.top, &welcome::files(course))?);
    for exercise in course.exercises() {
        let laid = record.exercise(&exercise.id);
        let known = laid.map(|it| it.files.clone()).unwrap_or_default();
        let before = laid.map_or(exercise.folder.as_str(), |it| it.folder.as_str());
        let (before, now) = (in_exercises(before), in_exercises(&exercise.folder));
        changes.extend(renewal.renew(&before, &now, &known, &exercise.start)?);
    }
    changes.extend(retired(&record, course));
    finish(root, &record, course, &material.fingerprint())?;
    if start == Start::New {
        changes.clear();
    }
    Ok(Laid { start, changes })
}

/// New, ours, or somebody else's.
fn look_at(root: &Path) -> Result<Start, Trouble> {
    if root.join(STATE_FOLDER).is_dir() {
        return Ok(Start::Resumed);
    }
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Start::New),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let message = format!("{} is a file; the workshop needs a folder", root.display());
            return Err(Trouble::could_not(message, "name another folder: `ciworkshop start my-workshop`"));
        }
        Err(error) => return Err(Trouble::with_path("be read", root, &error)),
    };
    let names = entries.flatten().map(|it| it.file_name().to_string_lossy().into_owned());
    let others: BTreeSet<String> = names.filter(|it| it != ".git" && it != ".DS_Store").collect();
    if others.is_empty() {
        return Ok(Start::New);
    }
    let some: Vec<&str> = others.iter().take(3).map(String::as_str).collect();
    let more = if others.len() > 3 { ", …" } else { "" };
    let message = format!(
        "{} already holds other things ({}{more}), and they stay as they are",
        root.display(),
        some.join(", ")
    );
    Err(Trouble::could_not(message, "name a new or empty folder: `ciworkshop start my-workshop`"))
}

/// Brings exercises whose place in the course changed to their new folder. Two steps, so that two can swap.
fn move_folders(root: &Path, record: &Record, course: &Course) -> Result<Vec<Change>, Trouble> {
    let mut changes = make_room(root, record, course)?;
    let waiting = root.join(STATE_FOLDER).join("moving");
    let mut moves = Vec::new();
    for exercise in course.exercises() {
        let Some(laid) = record.exercise(&exercise.id).filter(|it| it.folder != exercise.folder) else {
            continue;
        };
        let from = root.join(in_exercises(&laid.folder));
        if from.is_dir() {
            rename(&from, &waiting.join(&exercise.id))?;
        }
        moves.push((laid.folder.clone(), exercise));
    }
    for (from, exercise) in moves {
        let (held, to) = (waiting.join(&exercise.id), root.join(in_exercises(&exercise.folder)));
        if held.is_dir() && !to.exists() {
            rename(&held, &to)?;
            changes.push(Change::Moved { from: in_exercises(&from), to: in_exercises(&exercise.folder) });
        }
    }
    Ok(changes)
}

/// A folder that another exercise now needs goes beside it, under a name of its own.
fn make_room(root: &Path, record: &Record, course: &Course) -> Result<Vec<Change>, Trouble> {
    let mut changes = Vec::new();
    for gone in gone(record, course) {
        let (from, wanted) =
            (in_exercises(&gone.folder), course.exercises().any(|it| it.folder == gone.folder));
        if !wanted || !root.join(&from).is_dir() {
            continue;
        }
        let to = atomic::free_name(root, &format!("{}-old", from.display()), "");
        rename(&root.join(&from), &to)?;
        changes.push(Change::Moved { from, to: to.strip_prefix(root).unwrap_or(&to).to_owned() });
    }
    Ok(changes)
}

fn rename(from: &Path, to: &Path) -> Result<(), Trouble> {
    let made = to.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::rename(from, to)).map_err(|error| Trouble::with_path("be moved", from, &error))
}

/// Exercises that the course no longer has. Their folders stay.
fn retired(record: &Record, course: &Course) -> Vec<Change> {
    let kept = gone(record, course).filter(|it| course.exercises().all(|now| now.folder != it.folder));
    kept.map(|it| Change::Retired(in_exercises(&it.folder))).collect()
}

fn gone<'a>(record: &'a Record, course: &'a Course) -> impl Iterator<Item = &'a LaidExercise> {
    record.exercises.iter().filter(|it| course.exercises().all(|now| now.id != it.id))
}

/// Keeps the originals for the next merge, and last of all the record: until then the old one stands.
fn finish(root: &Path, before: &Record, course: &Course, fingerprint: &str) -> Result<(), Trouble> {
    let top = welcome::files(course);
    let mut record = Record { course: fingerprint.to_owned(), top: hashes(&top), ..Record::default() };
    for exercise in course.exercises() {
        let (id, folder) = (exercise.id.clone(), exercise.folder.clone());
        record.exercises.push(LaidExercise { id, folder, files: hashes(&exercise.start) });
    }
    if record == *before {
        return Ok(());
    }
    let originals = originals(root);
    keep(&originals, &top)?;
    for exercise in course.exercises() {
        keep(&originals.join(in_exercises(&exercise.folder)), &exercise.start)?;
    }
    record.write(root)
}

fn keep(folder: &Path, files: &Files) -> Result<(), Trouble> {
    for (path, content) in files {
        let place = folder.join(path);
        let made = place.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&place, content))
            .map_err(|error| Trouble::with_path("be written", &place, &error))?;
    }
    Ok(())
}

/// Where the files are kept as they were laid down.
pub(crate) fn originals(root: &Path) -> PathBuf {
    root.join(STATE_FOLDER).join("originals")
}

/// An exercise's folder, relative to the workshop folder.
pub(crate) fn in_exercises(folder: &str) -> PathBuf {
    Path::new(EXERCISES_FOLDER).join(folder)
}
