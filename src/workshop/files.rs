//! A folder on disk → [`Files`]: what a check looks at. Reads regular files only; never follows folders out.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::engine::course::{Exercise, Files};
use crate::workshop::{Trouble, material};

/// Files that no exercise asks for are not read beyond this size.
const LARGE: u64 = 256 * 1024;
/// Files of the exercise are refused beyond this size.
const TOO_LARGE: u64 = 16 * 1024 * 1024;
/// Deeper folders are not looked into.
const DEEP: usize = 12;
/// More files than this are not looked at.
const MANY: usize = 2_000;
/// Folders that tools make and that no exercise is about.
const IGNORED: [&str; 8] =
    [".git", ".venv", "venv", "node_modules", "__pycache__", ".pytest_cache", ".tox", "target"];

/// The exercise's folder as it now is. A file that the exercise needs and that is no readable file is an error.
pub(crate) fn read(folder: &Path, exercise: &Exercise) -> Result<Files, Trouble> {
    let needed = |path: &str| exercise.start.contains_key(path) || exercise.may_edit(path);
    for path in exercise.start.keys() {
        refuse_folder(&folder.join(path))?;
    }
    let mut files = Files::new();
    for path in list(folder) {
        let place = folder.join(&path);
        let size = fs::metadata(&place).map_or(0, |it| it.len());
        if needed(&path) {
            refuse_large(&place, size)?;
        } else if size > LARGE {
            continue;
        }
        match fs::read(&place) {
            Ok(content) => drop(files.insert(path, content)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) if needed(&path) => return Err(Trouble::with_path("be read", &place, &error)),
            Err(_) => {}
        }
    }
    Ok(files)
}

fn refuse_folder(place: &Path) -> Result<(), Trouble> {
    if !place.is_dir() {
        return Ok(());
    }
    let message = format!("{} is a folder; the exercise needs a file there", place.display());
    Err(Trouble::could_not(message, "rename the folder, then `ciworkshop reset` brings the file back"))
}

fn refuse_large(place: &Path, size: u64) -> Result<(), Trouble> {
    if size <= TOO_LARGE {
        return Ok(());
    }
    let message = format!("{} is larger than 16 MiB; no pipeline is", place.display());
    Err(Trouble::could_not(
        message,
        "look at what the file holds; `ciworkshop reset` brings the first version back",
    ))
}

/// Paths of the regular files below `folder`, with `/` as separator, sorted.
pub(crate) fn list(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), 0)];
    while let Some((prefix, depth)) = waiting.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&prefix)) else { continue };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let real_folder = entry.file_type().is_ok_and(|it| it.is_dir());
            if real_folder && depth < DEEP && !IGNORED.contains(&name.as_str()) {
                waiting.push((path, depth + 1));
            } else if !real_folder && found.len() < MANY && is_file(&folder.join(&path)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Sizes and times of the files below: different when something was written, cheap to take.
pub(crate) fn stamps(folder: &Path) -> Vec<(String, u64, Option<SystemTime>)> {
    let stamp = |path: String| {
        let data = fs::metadata(folder.join(&path)).ok();
        (path, data.as_ref().map_or(0, fs::Metadata::len), data.and_then(|it| it.modified().ok()))
    };
    list(folder).into_iter().map(stamp).collect()
}

/// A hash of what the files below hold: different when something really changed.
pub(crate) fn contents(folder: &Path) -> String {
    let small = |path: &String| fs::metadata(folder.join(path)).is_ok_and(|it| it.len() <= LARGE);
    let paths: Vec<String> = list(folder).into_iter().filter(small).collect();
    let contents: Vec<Vec<u8>> =
        paths.iter().map(|path| fs::read(folder.join(path)).unwrap_or_default()).collect();
    material::hash(paths.iter().zip(&contents).flat_map(|(path, content)| [path.as_bytes(), content]))
}

/// A regular file, or a link to one: pipes and devices could block for ever.
fn is_file(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|it| it.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exercise() -> Exercise {
        let start = Files::from([(".drone.yml".to_owned(), Vec::new())]);
        Exercise { start, edit: vec![".drone.yml".into()], ..Exercise::default() }
    }

    #[test]
    fn hidden_files_and_folders_below_are_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src/deep")).unwrap();
        fs::create_dir_all(folder.path().join(".git")).unwrap();
        for path in [".drone.yml", "src/deep/a.py", ".git/config"] {
            fs::write(folder.path().join(path), path).unwrap();
        }
        let files = read(folder.path(), &exercise()).unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), [".drone.yml", "src/deep/a.py"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_passed_on() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".drone.yml"), [0xff, 0xfe, 0x00]).unwrap();
        assert_eq!(read(folder.path(), &exercise()).unwrap()[".drone.yml"], [0xff, 0xfe, 0x00]);
    }

    #[test]
    fn a_folder_where_the_file_is_due_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".drone.yml")).unwrap();
        let trouble = read(folder.path(), &exercise()).unwrap_err();
        assert!(
            trouble.message.ends_with(".drone.yml is a folder; the exercise needs a file there"),
            "{trouble}"
        );
    }

    #[test]
    fn a_missing_file_is_no_trouble_because_the_check_says_so() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), &exercise()).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path().join(".drone.yml")).status();
        if made.is_ok_and(|it| it.success()) {
            assert!(read(folder.path(), &exercise()).unwrap().is_empty());
        }
    }
}
