//! Puts one file into its place, whole or not at all, and keeps what was there. Decides nothing: that was done before.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::scaffold::File;

/// What could not be written, and what the system says.
pub(crate) type Failed = (PathBuf, io::Error);

/// Writes beside the place, then moves it there. Without `like` a file that has just appeared is left alone.
pub(crate) fn write(folder: &Path, file: &File, like: Option<fs::Permissions>) -> Result<(), Failed> {
    let path = folder.join(&file.path);
    let parent = path.parent().unwrap_or(folder);
    let failed = |source| (path.clone(), source);
    fs::create_dir_all(parent).map_err(|source| (parent.to_path_buf(), source))?;
    let replaces = like.is_some();
    let mut temporary = temporary(parent, file.executable, like).map_err(failed)?;
    temporary.write_all(&file.bytes).map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    if replaces {
        temporary.persist(&path).map(drop).map_err(|it| failed(it.error))
    } else {
        appear(temporary, &path).map_err(failed)
    }
}

fn temporary(parent: &Path, executable: bool, like: Option<fs::Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ciworkshop-");
    #[cfg(unix)]
    builder.permissions(like.unwrap_or_else(|| {
        use std::os::unix::fs::PermissionsExt;
        // The system takes away what the user's umask says.
        fs::Permissions::from_mode(if executable { 0o777 } else { 0o666 })
    }));
    #[cfg(not(unix))]
    let _ = (executable, like);
    builder.tempfile_in(parent)
}

fn appear(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
    let Err(refused) = temporary.persist_noclobber(path) else { return Ok(()) };
    // Some file systems know no move that spares what is there; where nothing is, an ordinary one does.
    let absent = matches!(fs::symlink_metadata(path), Err(it) if it.kind() == io::ErrorKind::NotFound);
    if absent && refused.error.kind() != io::ErrorKind::StorageFull {
        return refused.file.persist(path).map(drop).map_err(|it| it.error);
    }
    Err(refused.error)
}

/// Keeps what is there, then replaces it. Answers where it is kept.
pub(crate) fn replace(folder: &Path, file: &File) -> Result<PathBuf, Failed> {
    let path = folder.join(&file.path);
    let permissions = fs::metadata(&path).map_err(|source| (path.clone(), source))?.permissions();
    let backup = back_up(&path)?;
    if let Err(failed) = write(folder, file, Some(permissions)) {
        // The original is still in its place, so nothing is lost with the copy.
        let _ = fs::remove_file(&backup);
        return Err(failed);
    }
    Ok(backup.strip_prefix(folder).unwrap_or(&backup).into())
}

/// The first free name of `NAME.bak-1`, `NAME.bak-2`, …; a backup is never overwritten.
fn back_up(path: &Path) -> Result<PathBuf, Failed> {
    for number in 1_u32.. {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".bak-{number}"));
        let backup = PathBuf::from(name);
        match keep(path, &backup) {
            Ok(()) => return Ok(backup),
            Err(error) if is_taken(&error) => {}
            Err(error) => return Err((backup, error)),
        }
    }
    Err((path.into(), io::ErrorKind::AlreadyExists.into()))
}

/// A second name for what is there, or where the file system knows none, a copy. Fails where something is already.
fn keep(path: &Path, backup: &Path) -> io::Result<()> {
    // A second name also keeps what an editor saves between now and the replacement.
    match fs::hard_link(path, backup) {
        Err(error) if !is_taken(&error) => copy(path, backup),
        done => done,
    }
}

fn copy(path: &Path, backup: &Path) -> io::Result<()> {
    let mut copy = fs::OpenOptions::new().write(true).create_new(true).open(backup)?;
    let copied = copy_into(path, &mut copy);
    if copied.is_err() {
        // Half a backup is none; the original is still where it was.
        let _ = fs::remove_file(backup);
    }
    copied
}

fn copy_into(path: &Path, copy: &mut fs::File) -> io::Result<()> {
    let mut original = fs::File::open(path)?;
    io::copy(&mut original, copy)?;
    copy.set_permissions(original.metadata()?.permissions())?;
    copy.sync_all()
}

/// Something is in the place already.
pub(crate) fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AlreadyExists
}
