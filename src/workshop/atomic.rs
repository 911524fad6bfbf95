//! Writes a file so that a reader, or a machine that loses power, sees the old content or the new, never a part.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::workshop::Trouble;

/// Replaces the content of `path`, making its folder when needed: temporary file beside it, fsync, rename.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Trouble> {
    replace(path, content, Durable::Now)
}

/// As [`write`], but the system writes to the disk when it likes. For what can be had again.
pub(crate) fn write_lightly(path: &Path, content: &[u8]) -> Result<(), Trouble> {
    replace(path, content, Durable::Later)
}

#[derive(Clone, Copy, PartialEq)]
enum Durable {
    Now,
    Later,
}

fn replace(path: &Path, content: &[u8], durable: Durable) -> Result<(), Trouble> {
    try_replace(path, content, durable).map_err(|error| Trouble::with_path("be written", path, &error))
}

fn try_replace(path: &Path, content: &[u8], durable: Durable) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".saving-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    if let Ok(before) = fs::metadata(path) {
        keep_owner(&file, &before);
        file.as_file().set_permissions(before.permissions())?;
    }
    if durable == Durable::Now {
        file.as_file().sync_all()?;
    }
    file.persist(path).map_err(|error| error.error)?;
    if durable == Durable::Now {
        sync_folder(folder);
    }
    Ok(())
}

/// What root writes stays the file of whom it belongs to. Others could not give it away, and need not.
fn keep_owner(file: &tempfile::NamedTempFile, before: &fs::Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let _ = fchown(file.as_file(), Some(before.uid()), Some(before.gid()));
    }
    #[cfg(not(unix))]
    let _ = (file, before);
}

/// Makes the rename itself durable where the system knows how; a failure only means "a little less sure".
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(handle) = fs::File::open(folder)
    {
        let _ = handle.sync_all();
    }
}

/// The first of `stem-1.extension`, `stem-2.extension` … that does not exist yet in `folder`.
pub(crate) fn free_name(folder: &Path, stem: &str, extension: &str) -> PathBuf {
    let name = |number: u32| folder.join(format!("{stem}-{number}{extension}"));
    let free = (1..u32::MAX).map(name).find(|it| fs::symlink_metadata(it).is_err());
    free.unwrap_or_else(|| name(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_no_temporary_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/progress.json");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_that_exists_is_never_reused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a-1.json"), "").unwrap();
        assert!(free_name(folder.path(), "a", ".json").ends_with("a-2.json"));
    }
}
