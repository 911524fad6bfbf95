//! What a person typed, or where they stand → one exercise: by number, name, folder or file, with a suggestion when
//! nothing fits.

use std::path::{Component, Path, PathBuf};

use crate::engine::course::{Exercise, MarkState};
use crate::workshop::record::LaidExercise;
use crate::workshop::{EXERCISES_FOLDER, Trouble, Workshop};

impl Workshop {
    /// The exercise that `words` name; without words the one whose folder `from` is, else the current one.
    pub fn pick(&self, words: Option<&str>, from: &Path) -> Result<Exercise, Trouble> {
        let laid = match words {
            Some(words) => self.named(words, from)?,
            None => match self.around(from) {
                Some(laid) => laid,
                None => self.current()?,
            },
        };
        self.load(laid)
    }

    /// The exercise of that id.
    pub fn exercise(&self, id: &str) -> Result<Exercise, Trouble> {
        match self.record().exercise(id) {
            Some(laid) => self.load(laid),
            None => Err(Trouble::asked(
                format!("there is no exercise \"{id}\""),
                "`ciworkshop list` shows them all",
            )),
        }
    }

    /// The exercise whose folder holds `path`, or is it.
    #[must_use]
    pub fn id_of(&self, path: &Path) -> Option<&str> {
        self.around(path).map(|it| it.id.as_str())
    }

    /// Reads the exercise alone when it stands where it was laid down; otherwise looks for it in the whole course.
    fn load(&self, laid: &LaidExercise) -> Result<Exercise, Trouble> {
        let found = if self.outdated() { None } else { self.material().exercise_in(&laid.folder)? };
        if let Some(exercise) = found.filter(|it| it.id == laid.id) {
            return Ok(exercise);
        }
        let found = self.course()?.exercises().find(|it| it.id == laid.id).cloned();
        found.ok_or_else(|| {
            let message = format!("this version of the course has no exercise \"{}\"", laid.id);
            Trouble::asked(message, "`ciworkshop list` shows those it has")
        })
    }

    fn named(&self, words: &str, from: &Path) -> Result<&LaidExercise, Trouble> {
        let wanted = words.trim_end_matches('/');
        let inside = wanted.strip_prefix("exercises/").unwrap_or(wanted);
        let fits = |it: &&LaidExercise| {
            let name = it.folder.rsplit('/').next().unwrap_or_default();
            it.id == wanted || number(&it.folder) == wanted || it.folder == inside || name == wanted
        };
        let mut found = self.record().exercises.iter().filter(fits);
        if let Some(laid) = found.next() {
            return Ok(laid);
        }
        self.around(&from.join(words)).ok_or_else(|| self.unknown(words))
    }

    fn unknown(&self, words: &str) -> Trouble {
        let all = self.record().exercises.iter();
        let mut names: Vec<String> = all.flat_map(|it| [it.id.clone(), number(&it.folder)]).collect();
        names.sort_by_key(|it| distance(it, words));
        let near = names.first().filter(|it| distance(it, words) <= words.chars().count().max(3) / 3);
        let help = match near {
            Some(name) => format!("did you mean `{name}`? `ciworkshop list` shows all exercises"),
            None => {
                "give its number such as 1.2, its name, or a file in it; `ciworkshop list` shows all".into()
            }
        };
        Trouble::asked(format!("there is no exercise \"{words}\""), help)
    }

    /// The exercise in whose folder the path lies.
    fn around(&self, path: &Path) -> Option<&LaidExercise> {
        let exercises = resolve(&self.root().join(EXERCISES_FOLDER));
        let resolved = resolve(path);
        let inside = resolved.strip_prefix(exercises).ok()?;
        self.record().exercises.iter().find(|it| inside.starts_with(&it.folder))
    }

    /// The exercise that was saved last; at first the first that is still to do.
    fn current(&self) -> Result<&LaidExercise, Trouble> {
        let progress = self.progress()?;
        let all = &self.record().exercises;
        let last = progress.current.as_deref().and_then(|id| self.record().exercise(id));
        let open = all.iter().find(|it| progress.state(&it.id) == MarkState::Todo);
        last.or(open).or(all.first()).ok_or_else(|| {
            Trouble::could_not("the workshop folder has no exercises", "`ciworkshop start` lays them down")
        })
    }

    /// The id of the exercise that is current.
    pub fn current_id(&self) -> Result<String, Trouble> {
        self.current().map(|it| it.id.clone())
    }
}

/// `01_a/02_b` → `1.2`.
pub(crate) fn number(folder: &str) -> String {
    let leading = |name: &str| {
        let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().map_or_else(|_| name.to_owned(), |it| it.to_string())
    };
    folder.split('/').map(leading).collect::<Vec<_>>().join(".")
}

/// The path with links resolved where it exists, and `.` and `..` taken out where it does not.
fn resolve(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.components().next_back()) {
        (Some(parent), Some(Component::Normal(name))) => resolve(parent).join(name),
        (Some(parent), Some(Component::ParentDir)) => {
            resolve(parent).parent().map(Path::to_owned).unwrap_or_default()
        }
        (Some(parent), Some(Component::CurDir)) => resolve(parent),
        _ => path.to_owned(),
    }
}

/// How many letters must be added, dropped or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, theirs) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *theirs);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_the_folders() {
        assert_eq!(number("01_clean_machine/02_only_committed"), "1.2");
        assert_eq!(number("10_x/11_y"), "10.11");
    }

    #[test]
    fn the_distance_of_words_counts_letters() {
        let cases = [("same", "same", 0), ("", "abc", 3), ("hint", "hnit", 2), ("publish", "pubish", 1)];
        for (one, other, expected) in cases {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_file_that_is_gone_still_has_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        assert_eq!(resolve(&folder.path().join("gone/../a/./b")), real.join("a/b"));
    }
}
