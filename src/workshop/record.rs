//! `.ciworkshop/course.json`: what was laid down, so that a new version of the course can merge. Never written in part.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::engine::course::Files;
use crate::workshop::{STATE_FOLDER, Trouble, atomic, material};

/// The version of the folder's layout that this program writes.
const VERSION: u32 = 1;

/// What was laid down, by which program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The version of the layout.
    pub(crate) version: u32,
    /// The program's version.
    pub(crate) program: String,
    /// The course's fingerprint; empty while the folder is being laid down.
    pub(crate) course: String,
    /// The exercises, in order.
    pub(crate) exercises: Vec<LaidExercise>,
    /// Hashes of the files at the top.
    #[serde(default)]
    pub(crate) top: BTreeMap<String, String>,
}

/// One exercise that was laid down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LaidExercise {
    /// Its stable name.
    pub(crate) id: String,
    /// Its folder in `exercises/`.
    pub(crate) folder: String,
    /// Path → hash of the file as it was laid down.
    pub(crate) files: BTreeMap<String, String>,
}

impl Default for Record {
    fn default() -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Self { version: VERSION, program, course: String::new(), exercises: Vec::new(), top: BTreeMap::new() }
    }
}

impl Record {
    /// The record of the workshop folder `root`; `None` where there is none, or one that makes no sense and was put
    /// aside.
    pub(crate) fn read(root: &Path) -> Result<Option<Self>, Trouble> {
        let path = place(root);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Trouble::with_path("be read", &path, &error)),
        };
        refuse_newer(root, &text)?;
        let record: Option<Self> = serde_json::from_slice(&text).ok();
        if let Some(record) = record.filter(Self::makes_sense) {
            return Ok(Some(record));
        }
        let aside = atomic::free_name(&root.join(STATE_FOLDER), "course-broken", ".json");
        fs::rename(&path, &aside).map_err(|error| Trouble::with_path("be put aside", &path, &error))?;
        Ok(None)
    }

    /// Writes it into the workshop folder.
    pub(crate) fn write(&self, root: &Path) -> Result<(), Trouble> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        atomic::write(&place(root), &text)
    }

    /// The exercise of that id, as it was laid down.
    pub(crate) fn exercise(&self, id: &str) -> Option<&LaidExercise> {
        self.exercises.iter().find(|it| it.id == id)
    }

    /// No folder leads out of the workshop.
    fn makes_sense(&self) -> bool {
        let inside = |path: &str| {
            let parts = Path::new(path).components();
            let mut plain = parts.map(|it| matches!(it, std::path::Component::Normal(_)));
            !path.is_empty() && plain.all(|it| it)
        };
        let files = self.exercises.iter().flat_map(|it| it.files.keys());
        self.exercises.iter().all(|it| inside(&it.folder))
            && files.chain(self.top.keys()).all(|it| inside(it))
    }
}

/// Hashes of files, as a record keeps them.
pub(crate) fn hashes(files: &Files) -> BTreeMap<String, String> {
    files.iter().map(|(path, content)| (path.clone(), material::hash([&content[..]]))).collect()
}

fn place(root: &Path) -> PathBuf {
    root.join(STATE_FOLDER).join("course.json")
}

/// A folder of a newer program may hold things that this one would spoil.
fn refuse_newer(root: &Path, text: &[u8]) -> Result<(), Trouble> {
    #[derive(Deserialize)]
    struct Versions {
        version: u32,
        #[serde(default)]
        program: String,
    }
    let Ok(theirs) = serde_json::from_slice::<Versions>(text) else { return Ok(()) };
    let ours = env!("CARGO_PKG_VERSION");
    if theirs.version <= VERSION && numbers(&theirs.program) <= numbers(ours) {
        return Ok(());
    }
    let message = format!(
        "{} belongs to a newer ciworkshop, {}; this one is {ours}. Nothing is changed",
        root.display(),
        theirs.program
    );
    Err(Trouble::could_not(message, "use the newer program, or `ciworkshop start` another folder"))
}

fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|it| it.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(text: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        atomic::write(&place(root.path()), text.as_bytes()).unwrap();
        root
    }

    #[test]
    fn what_is_written_is_read_again() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Record::read(root.path()).unwrap(), None);
        Record::default().write(root.path()).unwrap();
        assert_eq!(Record::read(root.path()).unwrap(), Some(Record::default()));
    }

    #[test]
    fn a_newer_layout_and_a_newer_program_are_refused_and_left_alone() {
        let newer_layout = r#"{"version":2,"program":"0.1.0","surprise":true}"#;
        let newer_program = r#"{"version":1,"program":"99.0.0","course":"","exercises":[]}"#;
        for text in [newer_layout, newer_program] {
            let root = folder_with(text);
            let trouble = Record::read(root.path()).unwrap_err();
            assert!(trouble.message.contains("newer ciworkshop"), "{trouble}");
            assert_eq!(fs::read_to_string(place(root.path())).unwrap(), text);
        }
    }

    #[test]
    fn half_a_record_and_one_that_leads_out_are_put_aside() {
        let half = r#"{"version":1,"program":"0.1.0","cour"#;
        let out = r#"{"version":1,"program":"0.1.0","course":"","exercises":[{"id":"a","folder":"../b","files":{}}]}"#;
        for text in [half, out] {
            let root = folder_with(text);
            assert_eq!(Record::read(root.path()).unwrap(), None);
            let aside = root.path().join(STATE_FOLDER).join("course-broken-1.json");
            assert_eq!(fs::read_to_string(aside).unwrap(), text);
        }
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(numbers("0.10.0") > numbers("0.9.9"));
        assert_eq!(numbers("1.2.0-rc.1"), numbers("1.2.0"));
    }
}
