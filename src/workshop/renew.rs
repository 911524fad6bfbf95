//! The files of one folder as they were laid down, as they are and as the course now has them → the folder brought up
//! to date, and the list of what changed. What a participant wrote is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::engine::course::Files;
use crate::workshop::{STATE_FOLDER, Trouble, atomic, lay, material, merge};

/// One thing that a new version of the course changed. Paths are relative to the workshop folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file is new.
    Added(PathBuf),
    /// The file was as laid down and is now the new version's.
    Updated(PathBuf),
    /// The participant's changes and the new version's are both in it; the file as it was is in `backup`.
    Merged {
        /// The file.
        path: PathBuf,
        /// The file as it was before.
        backup: PathBuf,
    },
    /// Both changed the same lines: the participant's file stays, the new version's is in `new`.
    Kept {
        /// The file.
        path: PathBuf,
        /// The new version's file.
        new: PathBuf,
    },
    /// The file was as laid down, and the course no longer has it.
    Removed(PathBuf),
    /// An exercise's folder has a new place.
    Moved {
        /// Where it was.
        from: PathBuf,
        /// Where it is.
        to: PathBuf,
    },
    /// An exercise is no longer part of the course; its folder stays.
    Retired(PathBuf),
}

impl Change {
    /// One line for a person.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Added(path) => format!("added    {}", path.display()),
            Self::Updated(path) => format!("updated  {}", path.display()),
            Self::Merged { path, backup } => {
                format!("merged   {} with your changes (as it was: {})", path.display(), backup.display())
            }
            Self::Kept { path, new } => {
                format!("kept     {} as you have it (the new one: {})", path.display(), new.display())
            }
            Self::Removed(path) => format!("removed  {}", path.display()),
            Self::Moved { from, to } => format!("moved    {} to {}", from.display(), to.display()),
            Self::Retired(path) => format!("kept     {}, which the course no longer has", path.display()),
        }
    }
}

/// Brings folders of one workshop up to date.
pub(crate) struct Renewal<'a> {
    root: &'a Path,
    aside: PathBuf,
}

impl<'a> Renewal<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        let aside = atomic::free_name(&root.join(STATE_FOLDER).join("backups"), "update", "");
        Self { root, aside }
    }

    /// Renews `folder`. `known` holds the hashes of what was laid down; its originals are kept under `before`.
    pub(crate) fn renew(
        &self,
        before: &Path,
        folder: &Path,
        known: &BTreeMap<String, String>,
        new: &Files,
    ) -> Result<Vec<Change>, Trouble> {
        let absent = !self.root.join(folder).is_dir();
        let paths: BTreeSet<&String> = known.keys().chain(new.keys()).collect();
        let mut changes = Vec::new();
        for path in paths {
            let original = if absent { None } else { self.original(&before.join(path), known.get(path)) };
            let versions = Versions { original, new: new.get(path).map(Vec::as_slice) };
            changes.extend(self.renew_file(&folder.join(path), &versions)?);
        }
        Ok(changes)
    }

    /// The file as it was laid down, if that is really what is kept.
    fn original(&self, path: &Path, hash: Option<&String>) -> Option<Vec<u8>> {
        let content = fs::read(lay::originals(self.root).join(path)).ok()?;
        (hash? == &material::hash([&content[..]])).then_some(content)
    }

    fn renew_file(&self, path: &Path, versions: &Versions<'_>) -> Result<Option<Change>, Trouble> {
        let place = self.root.join(path);
        let mine = match fs::read(&place) {
            Ok(content) => Some(content),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            // A folder where the file is due: the check of the exercise says so.
            Err(error) if error.kind() == ErrorKind::IsADirectory => return Ok(None),
            Err(error) => return Err(Trouble::with_path("be read", &place, &error)),
        };
        let path = path.to_owned();
        Ok(match versions.decide(mine.as_deref()) {
            Step::Leave => None,
            Step::Add(content) => {
                create(&place, content)?;
                Some(Change::Added(path))
            }
            Step::Update(content) => {
                atomic::write(&place, content)?;
                Some(Change::Updated(path))
            }
            Step::Remove => {
                fs::remove_file(&place).map_err(|error| Trouble::with_path("be removed", &place, &error))?;
                Some(Change::Removed(path))
            }
            Step::Merge(text) => {
                let backup = self.put_aside(&path, mine.as_deref().unwrap_or_default())?;
                atomic::write(&place, text.as_bytes())?;
                Some(Change::Merged { path, backup })
            }
            Step::Keep(content) => {
                let new = self.put_aside(&path, content)?;
                Some(Change::Kept { path, new })
            }
        })
    }

    /// Writes a copy into this renewal's own folder and gives its path.
    fn put_aside(&self, path: &Path, content: &[u8]) -> Result<PathBuf, Trouble> {
        let place = self.aside.join(path);
        atomic::write(&place, content)?;
        Ok(place.strip_prefix(self.root).unwrap_or(&place).to_owned())
    }
}

/// A new file: an existing one of that name, however it got there, is an error and stays.
fn create(place: &Path, content: &[u8]) -> Result<(), Trouble> {
    let made = place.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::File::create_new(place)?.write_all(content))
        .map_err(|error| Trouble::with_path("be created", place, &error))
}

/// A file as it was laid down and as the course now has it.
struct Versions<'a> {
    original: Option<Vec<u8>>,
    new: Option<&'a [u8]>,
}

/// What to do with one file.
#[derive(Debug, PartialEq)]
enum Step<'a> {
    Leave,
    Add(&'a [u8]),
    Update(&'a [u8]),
    Remove,
    Merge(String),
    Keep(&'a [u8]),
}

impl<'a> Versions<'a> {
    fn decide(&self, mine: Option<&[u8]>) -> Step<'a> {
        let original = self.original.as_deref();
        let same = original == self.new || mine == self.new;
        match (mine, self.new) {
            _ if same => Step::Leave,
            (None, Some(new)) if original.is_none() => Step::Add(new),
            (Some(mine), Some(new)) if original == Some(mine) => Step::Update(new),
            (Some(mine), None) if original == Some(mine) => Step::Remove,
            // Deleted by the participant, which the check speaks about; or theirs, and no longer the course's.
            (None, _) | (Some(_), None) => Step::Leave,
            // Laying it down was interrupted: what is there is the beginning of what was to come.
            (Some(mine), Some(new)) if original.is_none() && new.starts_with(mine) => Step::Update(new),
            (Some(mine), Some(new)) => merged(original, mine, new).map_or(Step::Keep(new), Step::Merge),
        }
    }
}

fn merged(original: Option<&[u8]>, mine: &[u8], new: &[u8]) -> Option<String> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    merge::merge(text(original?)?, text(mine)?, text(new)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_of_versions_has_its_step() {
        let lines = |first: &str, last: &str| Some(format!("{first}\nmiddle\n{last}\n").into_bytes());
        let (old, new) = (lines("a", "z"), lines("a", "y"));
        let (elsewhere, same_line) = (lines("mine", "z"), lines("a", "mine"));
        let (content, beginning) = (new.as_deref().unwrap(), Some(b"a\nmid".to_vec()));
        let both = "mine\nmiddle\ny\n".to_owned();
        // (as laid down, the participant's, the new version's) → step
        let cases = [
            (&None, &None, &new, Step::Add(content)),
            (&old, &old, &new, Step::Update(content)),
            (&old, &new, &new, Step::Leave),
            (&old, &elsewhere, &old, Step::Leave),
            (&old, &elsewhere, &new, Step::Merge(both)),
            (&old, &same_line, &new, Step::Keep(content)),
            (&None, &elsewhere, &new, Step::Keep(content)),
            (&None, &beginning, &new, Step::Update(content)),
            (&old, &None, &new, Step::Leave),
            (&old, &old, &None, Step::Remove),
            (&old, &elsewhere, &None, Step::Leave),
        ];
        for (number, (original, mine, new, step)) in cases.into_iter().enumerate() {
            let versions = Versions { original: original.clone(), new: new.as_deref() };
            assert_eq!(versions.decide(mine.as_deref()), step, "case {number}");
        }
    }
}
