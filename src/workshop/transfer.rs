//! A workshop ↔ one file that goes to another machine: what was reached, and the files that the participant changed.
//! Taking it in loses nothing: a file that was changed here stays as it is here.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::engine::course::{Exercise, Progress};
use crate::workshop::{Trouble, Workshop, atomic};

/// The key under which the file of an export holds the participant's files. Programs that do not know it keep it.
const FILES: &str = "files";

/// Exercise's id → path → text.
type Answers = BTreeMap<String, BTreeMap<String, String>>;

/// What taking in a file did.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The progress now.
    pub progress: Progress,
    /// Files that were as at first and now are as on the other machine.
    pub taken: Vec<String>,
    /// Files that differ from the other machine's and were changed here: they stay.
    pub kept: Vec<String>,
}

impl Workshop {
    /// The text of the file: the progress, with the participant's files beside it.
    pub fn export(&self) -> Result<String, Trouble> {
        let mut progress = self.progress()?;
        let mut answers = Answers::new();
        for exercise in self.course()?.exercises() {
            // An exercise whose folder is gone has nothing to take along.
            let Ok(files) = self.files(exercise) else { continue };
            let changed = exercise.changed(&files).into_iter();
            let texts = changed.filter_map(|path| {
                let text = String::from_utf8(files.get(&path)?.clone()).ok()?;
                Some((path, text))
            });
            let texts: BTreeMap<String, String> = texts.collect();
            if !texts.is_empty() {
                answers.insert(exercise.id.clone(), texts);
            }
        }
        progress.unknown.insert(FILES.into(), serde_json::to_value(answers).unwrap_or(Value::Null));
        Ok(progress.to_json())
    }

    /// Takes in such a file. What was reached on either machine stays.
    pub fn import(&self, text: &str) -> Result<Import, Trouble> {
        let help = "import a file that `ciworkshop progress export` wrote";
        let mut theirs = Progress::from_json(text).map_err(|error| Trouble::could_not(error, help))?;
        let answers = theirs.unknown.remove(FILES).unwrap_or(Value::Object(serde_json::Map::new()));
        let answers: Answers = serde_json::from_value(answers)
            .map_err(|error| Trouble::could_not(format!("its files cannot be read: {error}"), help))?;
        let (mut taken, mut kept) = (Vec::new(), Vec::new());
        for exercise in self.course()?.exercises() {
            for (path, text) in answers.get(&exercise.id).into_iter().flatten() {
                match self.take_in(exercise, path, text)? {
                    Taken::In => taken.push(format!("{}/{path}", exercise.folder)),
                    Taken::Not => kept.push(format!("{}/{path}", exercise.folder)),
                    Taken::Already => {}
                }
            }
        }
        let progress = self.update(|progress| {
            progress.merge(theirs);
            progress.clone()
        })?;
        Ok(Import { progress, taken, kept })
    }

    fn take_in(&self, exercise: &Exercise, path: &str, text: &str) -> Result<Taken, Trouble> {
        let place = self.folder(exercise).join(path);
        let here = fs::read(&place).ok();
        if here.as_deref() == Some(text.as_bytes()) {
            return Ok(Taken::Already);
        }
        // Only where the participant may write, and never over what was written here.
        let allowed =
            exercise.may_edit(path) && !path.split(['/', '\\']).any(|it| matches!(it, "" | "." | ".."));
        if !allowed || here.as_ref() != exercise.start.get(path) || place.is_dir() {
            return Ok(Taken::Not);
        }
        atomic::write(&place, text.as_bytes())?;
        Ok(Taken::In)
    }
}

enum Taken {
    In,
    Already,
    Not,
}
