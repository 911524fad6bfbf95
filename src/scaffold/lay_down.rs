//! Files → a folder. Nothing that is there is lost: a file that differs stops it, or is kept as a backup first.
//!
//! Everything is looked at before anything is written, and each file appears whole or not at all.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::scaffold::look::look;
use crate::scaffold::put::{Failed, is_taken, replace, write};
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
        laid.state = match &laid.state {
            State::New => create(folder, file).map_err(failed)?,
            State::Differs { .. } => State::Replaced { backup: replace(folder, file).map_err(failed)? },
            done => done.clone(),
        };
        if laid.state != State::Same {
            written.push(PathBuf::from(&file.path));
        }
    }
    outcome.done = true;
    Ok(outcome)
}

/// Writes a file where none was.
fn create(folder: &Path, file: &File) -> Result<State, Failed> {
    let same = || matches!(look(folder, file), Ok(State::Same));
    match write(folder, file, None) {
        Ok(()) => Ok(State::New),
        // Somebody else has just laid down the same project: nothing is amiss.
        Err((_, error)) if is_taken(&error) && same() => Ok(State::Same),
        Err(failed) => Err(failed),
    }
}
