//! The paths of the arguments → the files to look at, each once, in an order that is always the same. Only reads.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::input::{DRONE_YML, find_drone_yml, read_bytes};
use crate::cli::lint::Arguments;
use crate::cli::{Exit, Failure, World, report};
use crate::engine::source::SourceFile;

/// Folders that hold other people's files, or none that a person wrote.
const PASSED_OVER: [&str; 5] = [".git", ".venv", "node_modules", "target", "vendor"];

/// A file that was read.
pub(super) struct File {
    /// Where it is; `None` for standard input.
    pub path: Option<PathBuf>,
    /// All of it, where it may be written again; otherwise empty.
    pub bytes: Vec<u8>,
    /// The same as text.
    pub source: SourceFile,
}

impl File {
    pub(super) fn weight(&self) -> usize {
        self.source.text().len()
    }
}

/// Reads what the arguments name. What cannot be read is reported, and the others go on; the exit code says so.
///
/// # Errors
/// No file is named, and there is none here. Or the arguments make no sense together.
pub(super) fn read(
    arguments: &Arguments,
    fixing: bool,
    world: &mut World,
) -> Result<(Vec<File>, Exit), Failure> {
    let mut exit = Exit::Clean;
    let mut files = Vec::new();
    let mut known = HashSet::new();
    for path in paths(arguments, fixing, world, &mut exit)? {
        let full = world.folder.join(&path);
        if !known.insert(full.canonicalize().unwrap_or(full)) {
            continue;
        }
        match read_bytes(world, &path) {
            Ok(bytes) => {
                let file = file(path, bytes, arguments.stdin_filename.as_deref());
                let bytes = if fixing { file.bytes } else { Vec::new() };
                files.push(File { bytes, ..file });
            }
            Err(failure) => exit = report(&failure, world),
        }
    }
    Ok((files, exit))
}

fn file(path: PathBuf, bytes: Vec<u8>, name_of_input: Option<&str>) -> File {
    let input = is_input(&path);
    let name = match name_of_input {
        Some(name) if input => name.to_owned(),
        _ => path.display().to_string(),
    };
    let source = SourceFile::from_bytes(name, &bytes);
    File { path: (!input).then_some(path), bytes, source }
}

fn is_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// The files that are named, and those below the folders that are named.
fn paths(
    arguments: &Arguments,
    fixing: bool,
    world: &mut World,
    exit: &mut Exit,
) -> Result<Vec<PathBuf>, Failure> {
    let named = &arguments.files;
    let input = named.iter().any(|it| is_input(it));
    if arguments.stdin_filename.is_some() && !input {
        if named.is_empty() {
            return Ok(vec!["-".into()]);
        }
        let help = "add `-` for standard input, or leave `--stdin-filename` away";
        return Err(Failure::usage(
            "`--stdin-filename` is given, and standard input is not among the files",
            help,
        ));
    }
    if fixing && input && named.len() > 1 {
        let help = "call it once for standard input, and once for the files";
        return Err(Failure::usage("standard input can only be fixed alone", help));
    }
    if named.is_empty() {
        return Ok(vec![find_drone_yml(world)?]);
    }
    let mut paths = Vec::new();
    for path in named {
        if is_input(path) || !world.folder.join(path).is_dir() {
            paths.push(path.clone());
            continue;
        }
        let before = paths.len();
        let mut readable = true;
        for failure in below(path, world, &mut paths) {
            readable = false;
            *exit = report(&failure, world);
        }
        if readable && paths.len() == before {
            *exit = report(&without_files(path), world);
        }
    }
    Ok(paths)
}

/// Adds the pipeline files below a folder, by name, folders among the files. What cannot be looked into is told.
fn below(folder: &Path, world: &World, into: &mut Vec<PathBuf>) -> Vec<Failure> {
    let mut failures = Vec::new();
    // The folder that was named is looked into, even if a link leads there.
    let mut waiting = vec![(folder.to_owned(), true)];
    while let Some((path, is_folder)) = waiting.pop() {
        if !is_folder {
            into.push(path);
            continue;
        }
        match entries(&world.folder.join(&path)) {
            // The last one waiting is the next one looked at.
            Ok(entries) => {
                waiting.extend(entries.into_iter().rev().map(|(name, it)| (join(&path, &name), it)));
            }
            Err(error) => failures.push(unreadable(&path, &error)),
        }
    }
    failures
}

/// The pipeline files and the folders in a folder, by name; and which of them are folders.
fn entries(folder: &Path) -> io::Result<Vec<(String, bool)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Of the entry itself: what a link leads to may be anywhere, or above.
        let kind = entry.file_type()?;
        let wanted =
            if kind.is_dir() { !PASSED_OVER.contains(&name.as_str()) } else { is_pipeline_file(&name) };
        if wanted && !kind.is_symlink() {
            found.push((name, kind.is_dir()));
        }
    }
    found.sort();
    Ok(found)
}

fn is_pipeline_file(name: &str) -> bool {
    name == ".drone.yaml" || name.ends_with(DRONE_YML)
}

/// `./a` is written `a`.
fn join(folder: &Path, name: &str) -> PathBuf {
    if folder == Path::new(".") { name.into() } else { folder.join(name) }
}

fn without_files(folder: &Path) -> Failure {
    let message = format!("{} is a folder without a pipeline file", folder.display());
    Failure::could_not(message, "a file in it with another name than `.drone.yml` must be named itself")
}

fn unreadable(folder: &Path, error: &io::Error) -> Failure {
    let message = format!("{} cannot be looked into: {error}", folder.display());
    Failure::could_not(message, "check its permissions, or name the files that matter")
}

#[cfg(test)]
mod tests {
    use super::is_pipeline_file;

    #[test]
    fn a_pipeline_file_is_known_by_its_name() {
        for name in [".drone.yml", ".drone.yaml", "release.drone.yml"] {
            assert!(is_pipeline_file(name), "{name}");
        }
        for name in ["drone.yml", ".drone.yml.orig", "x.drone.yaml", ".drone.jsonnet"] {
            assert!(!is_pipeline_file(name), "{name}");
        }
    }
}
