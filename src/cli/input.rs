//! A path from the arguments → the text behind it, or a clear word why not. Reads, and never writes.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::cli::{Exit, Failure, World, report};
use crate::engine::source::SourceFile;

/// The name of a pipeline file.
pub(crate) const DRONE_YML: &str = ".drone.yml";

/// More than any real file; less than what makes a machine slow.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a text: a path relative to the working folder, or `-` for standard input.
///
/// # Errors
/// The file is missing, a folder, unreadable, too large or no UTF-8; the message names it and says what to do.
pub(crate) fn read_source(world: &mut World, path: &Path) -> Result<SourceFile, Failure> {
    let bytes = read_bytes(world, path)?;
    let name = name_of(path);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(name, text)),
        Err(error) => Err(not_text(&name, error.as_bytes(), error.utf8_error().valid_up_to())),
    }
}

/// Reads the bytes of a file, whatever they are: for commands that have something to say about broken text.
///
/// # Errors
/// As [`read_source`], except that any bytes are fine.
pub(crate) fn read_bytes(world: &mut World, path: &Path) -> Result<Vec<u8>, Failure> {
    let name = name_of(path);
    if path == Path::new("-") {
        return read_at_most(&mut world.input).map_err(|it| cannot_read(&name, &it));
    }
    let full = world.folder.join(path);
    if full.is_dir() {
        let help = format!("name the file in it, such as {}", path.join(DRONE_YML).display());
        return Err(Failure::could_not(format!("{name} is a folder"), help));
    }
    File::open(full).and_then(|mut file| read_at_most(&mut file)).map_err(|it| cannot_read(&name, &it))
}

/// The files that were named, or else the `.drone.yml` here or above, whatever their bytes are. A file that cannot be
/// read is reported, and the others go on; the exit code says so.
///
/// # Errors
/// No file is named, and there is none here.
pub(crate) fn read_sources(
    world: &mut World,
    files: Vec<PathBuf>,
) -> Result<(Vec<SourceFile>, Exit), Failure> {
    let files = if files.is_empty() { vec![find_drone_yml(world)?] } else { files };
    let mut exit = Exit::Clean;
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        match read_bytes(world, &file) {
            Ok(bytes) => sources.push(SourceFile::from_bytes(file.display().to_string(), &bytes)),
            Err(failure) => exit = report(&failure, world),
        }
    }
    Ok((sources, exit))
}

/// The `.drone.yml` of the working folder, or of the folders above it up to the root of the repository.
///
/// # Errors
/// There is none.
pub(crate) fn find_drone_yml(world: &World) -> Result<PathBuf, Failure> {
    let mut up = PathBuf::new();
    for folder in world.folder.ancestors() {
        let here = up.join(DRONE_YML);
        if folder.join(DRONE_YML).exists() {
            return Ok(here);
        }
        if folder.join(".git").exists() {
            break;
        }
        up.push("..");
    }
    let message =
        format!("there is no {DRONE_YML} in {}, nor above it in the repository", world.folder.display());
    let help = "go to a folder that has one, name a file as the last argument, or write a first one: ciworkshop init";
    Err(Failure::could_not(message, help))
}

/// How messages call it.
fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

fn read_at_most(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    // Room for most files at once, so that one call reads them.
    let mut bytes = Vec::with_capacity(8 * 1024);
    from.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::from(ErrorKind::FileTooLarge));
    }
    Ok(bytes)
}

fn cannot_read(name: &str, error: &io::Error) -> Failure {
    let (what, help) = match error.kind() {
        ErrorKind::NotFound => ("does not exist".to_owned(), "check the path, and the folder you are in"),
        ErrorKind::PermissionDenied => {
            ("cannot be read: permission denied".to_owned(), "give yourself the right to read it: chmod u+r")
        }
        ErrorKind::IsADirectory => ("is a folder".to_owned(), "name the file in it"),
        ErrorKind::FileTooLarge => (
            "is larger than 64 MiB".to_owned(),
            "a pipeline file has a few kilobytes; check that it is the right one",
        ),
        _ => (format!("cannot be read: {error}"), "check the file and the disk it is on"),
    };
    Failure::could_not(format!("{name} {what}"), help)
}

fn not_text(name: &str, bytes: &[u8], at: usize) -> Failure {
    let line = bytes[..at].split(|it| *it == b'\n').count();
    let message = if bytes.contains(&0) {
        format!("{name} is no text: line {line} holds binary data")
    } else {
        format!("{name} is not UTF-8: line {line} holds other bytes")
    };
    Failure::could_not(message, "save the file as UTF-8 text in the editor, and try again")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(folder: &Path, input: &[u8]) -> World {
        World {
            input: Box::new(io::Cursor::new(input.to_vec())),
            out: Box::new(io::sink()),
            err: Box::new(io::sink()),
            folder: folder.to_owned(),
            variables: std::collections::BTreeMap::new(),
            terminal: false,
            typed: false,
        }
    }

    #[test]
    fn a_problem_with_the_file_names_it_and_says_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("ci")).unwrap();
        std::fs::write(folder.path().join("latin"), b"name: a\nname: \xe9\n").unwrap();
        std::fs::write(folder.path().join("binary"), b"\x00\xff").unwrap();
        for (path, expected) in [
            ("none.yml", "none.yml does not exist"),
            ("ci", "ci is a folder"),
            ("latin", "latin is not UTF-8: line 2 holds other bytes"),
            ("binary", "binary is no text: line 1 holds binary data"),
        ] {
            let failure = read_source(&mut world(folder.path(), b""), Path::new(path)).unwrap_err();
            assert_eq!(failure.message, expected);
            assert_eq!(failure.exit, crate::cli::Exit::CouldNot);
        }
    }

    #[test]
    fn a_dash_is_standard_input() {
        let source = read_source(&mut world(Path::new("/"), b"kind: pipeline\n"), Path::new("-")).unwrap();
        assert_eq!((source.name(), source.text()), ("standard input", "kind: pipeline\n"));
    }

    #[test]
    fn the_file_is_looked_for_up_to_the_root_of_the_repository() {
        let outer = tempfile::tempdir().unwrap();
        let repository = outer.path().join("repository");
        let inner = repository.join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(repository.join(".git")).unwrap();
        std::fs::write(outer.path().join(DRONE_YML), "").unwrap();
        assert!(find_drone_yml(&world(&inner, b"")).is_err());
        std::fs::write(repository.join(DRONE_YML), "").unwrap();
        assert_eq!(find_drone_yml(&world(&inner, b"")).unwrap(), Path::new("../../.drone.yml"));
    }
}
