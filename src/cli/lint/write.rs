//! A file that was read, and its new text → the file on the disk, if nobody else has changed it. Or standard output.

use std::fs;
use std::path::Path;

use crate::cli::lint::files::File;
use crate::cli::{Failure, World};
use crate::workshop::atomic;

/// Writes the text if it is another one. Standard input is always answered, on standard output.
///
/// # Errors
/// The file has changed since it was read, is read-only, or cannot be written. Then it is as it was.
pub(super) fn save(file: &File, text: &str, world: &mut World) -> Result<(), Failure> {
    let changed = text != file.source.text();
    let Some(path) = &file.path else {
        let bytes = if changed { text.as_bytes() } else { &file.bytes };
        return Ok(world.out.write_all(bytes)?);
    };
    if changed { replace(&world.folder.join(path), file, text) } else { Ok(()) }
}

fn replace(path: &Path, file: &File, text: &str) -> Result<(), Failure> {
    let name = file.source.name();
    // A link stays, and what it leads to is written.
    let target = path.canonicalize().map_err(|it| cannot_write(name, &it))?;
    let permissions = fs::metadata(&target).map_err(|it| cannot_write(name, &it))?.permissions();
    if permissions.readonly() {
        let help = format!("give yourself the right to write it: chmod u+w {name}");
        return Err(Failure::could_not(format!("{name} is read-only, and stays as it is"), help));
    }
    if fs::read(&target).map_err(|it| cannot_write(name, &it))? != file.bytes {
        let message = format!("{name} has changed since it was read, and stays as it is now");
        return Err(Failure::could_not(message, "save it in the editor, and call the command again"));
    }
    Ok(atomic::write(&target, text.as_bytes())?)
}

fn cannot_write(name: &str, error: &std::io::Error) -> Failure {
    Failure::could_not(format!("{name} cannot be written: {error}"), "check that it is still there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;
    use crate::engine::source::SourceFile;

    fn read(path: &Path) -> File {
        let bytes = fs::read(path).unwrap();
        File { path: Some(path.to_owned()), source: SourceFile::from_bytes("a.yml", &bytes), bytes }
    }

    #[test]
    fn a_file_that_has_changed_meanwhile_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yml");
        fs::write(&path, "one").unwrap();
        let file = read(&path);
        fs::write(&path, "another").unwrap();
        let failure = replace(&path, &file, "two").unwrap_err();
        assert_eq!(failure.exit, Exit::CouldNot);
        assert!(failure.message.contains("has changed since"), "{}", failure.message);
        assert_eq!(fs::read_to_string(&path).unwrap(), "another");
    }
}
