//! What the program brings: exercises and solutions, embedded or given by a test, and the course they make.

use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use flate2::read::GzDecoder;
use include_dir::Dir;

use crate::engine::course::{Course, Exercise, Files, Solutions};
use crate::workshop::Trouble;

/// What the build script has packed.
static EXERCISES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/exercises.tar.gz"));
static SOLUTIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/solutions.tar.gz"));

/// Exercises and solutions as files, and the course, read when it is first asked for.
#[derive(Debug)]
pub struct Material {
    exercises: Files,
    solutions: Files,
    course: OnceLock<Result<Course, Vec<String>>>,
}

impl Material {
    /// What is built into the program.
    #[must_use]
    pub fn embedded() -> Arc<Self> {
        // An archive that cannot be read gives no course, and that is told when somebody asks for it.
        let unpacked = |packed| unpack(packed).unwrap_or_default();
        Arc::new(Self::new(unpacked(EXERCISES), unpacked(SOLUTIONS)))
    }

    /// Exercises and solutions with the paths that they have in `exercises/` and `solutions/`.
    #[must_use]
    pub fn new(exercises: Files, solutions: Files) -> Self {
        Self { exercises, solutions, course: OnceLock::new() }
    }

    /// The whole course.
    pub fn course(&self) -> Result<&Course, Trouble> {
        self.course.get_or_init(|| Course::read(&self.exercises)).as_ref().map_err(|faults| broken(faults))
    }

    /// One exercise, without reading the others: a single check has ten milliseconds.
    pub fn exercise_in(&self, folder: &str) -> Result<Option<Exercise>, Trouble> {
        Course::read_one(&self.exercises, folder).map_err(|faults| broken(&faults))
    }

    /// The files of an exercise's solution that differ from its start, relative to the exercise's folder.
    pub fn solution(&self, folder: &str) -> Result<Files, Trouble> {
        let prefix = format!("{folder}/solution/");
        let inside = self.solutions.iter().filter(|(path, _)| path.starts_with(&prefix));
        let few: Files = inside.map(|(path, content)| (path.clone(), content.clone())).collect();
        let mut solutions = Solutions::read(&few).map_err(|faults| broken(&faults))?;
        Ok(solutions.by_folder.remove(folder).map(|it| it.solution).unwrap_or_default())
    }

    /// A number that changes whenever anything about the exercises changes.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let parts = self.exercises.iter().flat_map(|(path, content)| [path.as_bytes(), content]);
        hash(parts)
    }
}

fn broken(faults: &[String]) -> Trouble {
    let message = format!("the course that is built into this program is broken: {}", faults.join("; "));
    Trouble::could_not(
        message,
        "this is a fault of ciworkshop, not of your folder; use another version of it",
    )
}

fn unpack(packed: &[u8]) -> io::Result<Files> {
    let mut files = Files::new();
    for entry in tar::Archive::new(GzDecoder::new(packed)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        files.insert(path, content);
    }
    Ok(files)
}

pub(crate) fn files(folder: &Dir<'_>) -> Files {
    let mut all = Files::new();
    let mut waiting = vec![folder];
    while let Some(folder) = waiting.pop() {
        for file in folder.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            all.insert(path, file.contents().to_vec());
        }
        waiting.extend(folder.dirs());
    }
    all
}

/// FNV-1a, 64 bits, with the length of each part: it tells versions apart, and guards against no attacker.
pub(crate) fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().copied().chain(part.len().to_le_bytes()) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{state:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_part_ends_and_the_next_begins_counts() {
        assert_ne!(hash([&b"ab"[..], b"c"]), hash([&b"a"[..], b"bc"]));
    }

    #[test]
    fn the_solution_of_an_exercise_comes_without_alternates_and_near_misses() {
        let solutions =
            ["01_a/01_b/solution/.drone.yml", "01_a/01_b/alternates/x/.drone.yml", "01_a/02_c/solution/y"];
        let solutions = solutions.map(|path| (path.to_owned(), Vec::new())).into();
        let material = Material::new(Files::new(), solutions);
        assert_eq!(material.solution("01_a/01_b").unwrap().keys().collect::<Vec<_>>(), [".drone.yml"]);
    }

    #[test]
    fn an_exercise_read_alone_is_the_one_of_the_course() {
        let material = Material::embedded();
        for exercise in material.course().unwrap().exercises() {
            let alone = material.exercise_in(&exercise.folder).unwrap();
            assert_eq!(format!("{alone:?}"), format!("{:?}", Some(exercise)));
        }
        assert!(material.exercise_in("01_clean_machine/09_nothing").unwrap().is_none());
    }
}
