//! Content → a file that is there whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::run::Trouble;

/// Makes a folder and those above it. Only the user can look into those that are new.
pub(super) fn make_folder(path: &Path) -> Result<(), Trouble> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|it| Trouble::with_path("be made", path, &it))
}

/// Writes a file: beside its place first, down to the disk, then renamed.
pub(super) fn file(path: &Path, content: &[u8]) -> Result<(), Trouble> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    write(folder, path, content).map_err(|it| Trouble::with_path("be written", path, &it))
}

fn write(folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(super::STAGING).tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|it| it.error)?;
    Ok(())
}

/// Writes a value as indented JSON.
pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<(), Trouble> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|it| Trouble::with_path("be written", path, &io::Error::from(it)))?;
    text.push(b'\n');
    file(path, &text)
}

/// Puts what was staged in its place; a file that is there is replaced.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Trouble> {
    make_folder(to.parent().unwrap_or(Path::new(".")))?;
    fs::rename(from, to).map_err(|it| Trouble::with_path("be put in its place", to, &it))
}
