//! Files → a folder. Nothing that is there is lost: a file that differs stops it, or is kept as a backup first.
//!
//! Everything is looked at before anything is written, and each file appears whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::scaffold::difference::difference;
use crate::scaffold::{Error, File};

/// What may be done to the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Look only.
    Preview,
    /// Write what is missing, unless a file that is there differs: then write nothing.
    Keep,
    /// Write what is missing, and replace what differs after keeping it as a backup.
    Replace,
}

/// What was found, and done.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The folder.
    pub folder: PathBuf,
    /// True when files were written, or none had to be.
    pub done: bool,
    /// Each file, in the order given.
    pub files: Vec<Laid>,
}

impl Outcome {
    /// The files that are there with another content.
    pub fn conflicts(&self) -> impl Iterator<Item = (&Laid, &str)> {
        self.files.iter().filter_map(|it| match &it.state {
            State::Differs { difference } => Some((it, difference.as_str())),
            _ => None,
        })
    }
}

/// One file.
#[derive(Clone, Debug, Serialize)]
pub struct Laid {
    /// Its path in the folder.
    pub path: String,
    /// What became of it.
    #[serde(flatten)]
    pub state: State,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// It was not there: it is written, or in a preview would be.
    New,
    /// It was there with the same content.
    Same,
    /// It is there with another content, and untouched.
    Differs {
        /// What a person compares.
        difference: String,
    },
    /// It was there with another content, and is replaced.
    Replaced {
        /// The path in the folder where the old content is kept.
        backup: PathBuf,
    },
}

/// Lays the files down in the folder, which need not exist.
pub fn lay_down(folder: &Path, files: &[File], mode: Mode) -> Result<Outcome, Error> {
    let mut laid = Vec::new();
    for file in files {
        laid.push(Laid { path: file.path.clone(), state: look(folder, file)? });
    }
    let mut outcome = Outcome { folder: folder.into(), done: false, files: laid };
    let stopped = mode == Mode::Keep && outcome.conflicts().next().is_some();
    if mode == Mode::Preview || stopped {
        return Ok(outcome);
    }
    let mut written = Vec::new();
    for (file, laid) in files.iter().zip(&mut outcome.files) {
        let failed = |(path, source)| Error::Write { path, source, written: written.clone() };
        match laid.state {
            State::Same | State::Replaced { .. } => continue,
            State::New => write(folder, file, None).map_err(failed)?,
            State::Differs { .. } => {
                let backup = replace(folder, file).map_err(failed)?;
                laid.state = State::Replaced { backup };
            }
        }
        written.push(PathBuf::from(&file.path));
    }
    outcome.done = true;
    Ok(outcome)
}

/// What is at the file's place now. An error when nothing may be written there.
fn look(folder: &Path, file: &File) -> Result<State, Error> {
    if !is_folder_or_absent(folder, folder)? {
        return Ok(State::New);
    }
    let path = folder.join(&file.path);
    let inner = Path::new(&file.path).parent().into_iter().flat_map(Path::ancestors);
    let mut parents: Vec<_> =
        inner.filter(|it| !it.as_os_str().is_empty()).map(|it| folder.join(it)).collect();
    parents.reverse();
    for parent in parents {
        if !is_folder_or_absent(&parent, folder)? {
            return Ok(State::New);
        }
    }
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

type Failed = (PathBuf, io::Error);

/// Writes beside the place, then moves it there. Without `like` a file that has just appeared is left alone.
fn write(folder: &Path, file: &File, like: Option<fs::Permissions>) -> Result<(), Failed> {
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
fn replace(folder: &Path, file: &File) -> Result<PathBuf, Failed> {
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
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err((backup, error)),
        }
    }
    Err((path.into(), io::ErrorKind::AlreadyExists.into()))
}

/// A second name for what is there, or where the file system knows none, a copy. Fails where something is already.
fn keep(path: &Path, backup: &Path) -> io::Result<()> {
    // A second name also keeps what an editor saves between now and the replacement.
    match fs::hard_link(path, backup) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => copy(path, backup),
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
