//! What is at a file's place in a folder: nothing, the same, something else; or why nothing may be written there. Only
//! looks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::scaffold::difference::difference;
use crate::scaffold::{Error, File, State};

/// What is at the file's place now. An error when nothing may be written there.
pub(crate) fn look(folder: &Path, file: &File) -> Result<State, Error> {
    for parent in parents(folder, &file.path) {
        if !is_folder_or_absent(&parent, folder)? {
            return Ok(State::New);
        }
    }
    let path = folder.join(&file.path);
    let Some(found) = metadata(&path)? else { return Ok(State::New) };
    stays_inside(&path, &found, folder)?;
    let target = if found.is_symlink() { follow(&path)? } else { found.clone() };
    if !target.is_file() {
        return Err(Error::InTheWay { path, found: kind(&target) });
    }
    let theirs = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
    if theirs == file.bytes {
        return Ok(State::Same);
    }
    if found.is_symlink() {
        return Err(Error::InTheWay { path, found: "a symbolic link to a file with another content" });
    }
    Ok(State::Differs { difference: difference(&file.path, &theirs, &file.bytes) })
}

/// The folder, and every folder on the way from it to the file.
fn parents(folder: &Path, path: &str) -> Vec<PathBuf> {
    // The last of a path's ancestors is the empty path: the folder itself, which `join` would give another spelling.
    let mut inner: Vec<_> = Path::new(path).ancestors().skip(1).filter(|it| *it != Path::new("")).collect();
    inner.reverse();
    std::iter::once(folder.to_path_buf()).chain(inner.into_iter().map(|it| folder.join(it))).collect()
}

/// True for a folder, false for nothing; anything else is in the way.
fn is_folder_or_absent(path: &Path, root: &Path) -> Result<bool, Error> {
    let Some(mut found) = metadata(path)? else { return Ok(false) };
    if found.is_symlink() {
        // The folder that was named may be a link: that is the reader's own choice.
        if path != root {
            stays_inside(path, &found, root)?;
        }
        found = follow(path)?;
    }
    if found.is_dir() { Ok(true) } else { Err(Error::InTheWay { path: path.into(), found: kind(&found) }) }
}

fn stays_inside(path: &Path, found: &fs::Metadata, root: &Path) -> Result<(), Error> {
    if !found.is_symlink() {
        return Ok(());
    }
    let read = |source| Error::Read { path: path.into(), source };
    let root = root.canonicalize().map_err(read)?;
    // A link to nothing cannot be followed: writing through it would make a file nobody sees here.
    match path.canonicalize() {
        Ok(target) if target.starts_with(&root) => Ok(()),
        Ok(_) => Err(Error::LeavesFolder { path: path.into() }),
        Err(_) => Err(Error::InTheWay { path: path.into(), found: "a symbolic link that leads nowhere" }),
    }
}

fn metadata(path: &Path) -> Result<Option<fs::Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) if source.kind() == io::ErrorKind::NotADirectory => {
            let path = path.ancestors().find(|it| it.is_file()).unwrap_or(path).into();
            Err(Error::InTheWay { path, found: "a file" })
        }
        Err(source) => Err(Error::Read { path: path.into(), source }),
    }
}

fn follow(path: &Path) -> Result<fs::Metadata, Error> {
    match fs::metadata(path) {
        Ok(found) => Ok(found),
        Err(source) if source.kind() == io::ErrorKind::NotFound => {
            Err(Error::InTheWay { path: path.into(), found: "a symbolic link that leads nowhere" })
        }
        Err(source) => Err(Error::Read { path: path.into(), source }),
    }
}

fn kind(found: &fs::Metadata) -> &'static str {
    match (found.is_dir(), found.is_file()) {
        (true, _) => "a folder",
        (_, true) => "a file",
        _ => "neither a file nor a folder",
    }
}
