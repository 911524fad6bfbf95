//! Why a project could not be laid down: what happened, at which path, and what to try next.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use crate::scaffold::detect::Advice;
use crate::scaffold::project::Problem;

/// A job of this room that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No sample has that name.
    #[error("there is no practice project `{name}`")]
    UnknownSample {
        /// The name as typed.
        name: String,
        /// The name it was probably meant to be.
        closest: Option<String>,
    },
    /// A chosen value cannot be used.
    #[error("--{option} `{value}` {problem}")]
    Option {
        /// Which option, without its dashes.
        option: &'static str,
        /// The value as typed.
        value: String,
        /// What is wrong with it.
        problem: &'static str,
        /// What to type instead.
        help: &'static str,
    },
    /// A template of ours does not render.
    #[error("the template of {sample} does not render: {source}")]
    Template {
        /// The sample.
        sample: String,
        /// What the template engine says.
        source: minijinja::Error,
    },
    /// The target, or something on the way to a file, is not what it has to be.
    #[error("{path} is in the way: it is {found}")]
    InTheWay {
        /// The path.
        path: PathBuf,
        /// What is there.
        found: &'static str,
    },
    /// A symbolic link leads out of the folder.
    #[error("{path} is a symbolic link that leads out of the folder, so nothing is written through it")]
    LeavesFolder {
        /// The link.
        path: PathBuf,
    },
    /// A repository as a server keeps it.
    #[error("{path} is a bare repository: it holds the history, and no files")]
    Bare {
        /// The folder.
        path: PathBuf,
    },
    /// Manifests of the project are broken.
    #[error("{}", broken(.0))]
    Broken(Vec<Problem>),
    /// Nothing in the folder says what a pipeline could do.
    #[error("{path} holds nothing that a pipeline could check")]
    NoProject {
        /// The folder.
        path: PathBuf,
        /// What is there, and why it is not called.
        advice: Vec<Advice>,
    },
    /// A template of a team does not do.
    #[error("{path}: {message}")]
    TeamTemplate {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A file that is there cannot be read, so it cannot be compared.
    #[error("{path} cannot be read: {}", why(.source))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{path} cannot be written: {}{}", why(.source), already(.written))]
    Write {
        /// The file, or the folder for it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// Files that were written before, whole.
        written: Vec<PathBuf>,
    },
}

fn broken(problems: &[Problem]) -> String {
    let shown: Vec<_> = problems
        .iter()
        .map(|it| match it.line {
            0 => format!("{}: {}", it.path, it.message),
            line => format!("{}:{line}: {}", it.path, it.message),
        })
        .collect();
    shown.join("\n       ")
}

fn already(written: &[PathBuf]) -> String {
    if written.is_empty() {
        return "; nothing was written".into();
    }
    let names: Vec<_> = written.iter().map(|it| it.display().to_string()).collect();
    format!("; written before, and whole: {}", names.join(", "))
}

impl Error {
    /// The next thing to try.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnknownSample { closest: Some(closest), .. } => format!("did you mean `{closest}`?"),
            Self::UnknownSample { closest: None, .. } => "`ciworkshop init --list` shows them".into(),
            Self::Option { help, .. } => (*help).into(),
            Self::Template { .. } => {
                "this is a mistake of the workshop; `--list` shows the other projects".into()
            }
            Self::InTheWay { .. } => {
                "move it away, or name another folder: `ciworkshop init NAME FOLDER`".into()
            }
            Self::LeavesFolder { .. } => {
                "take the link away, or name another folder: `ciworkshop init NAME FOLDER`".into()
            }
            Self::Bare { .. } => "clone it, and call `ciworkshop init` in the clone".into(),
            Self::Broken(_) => {
                "mend that first: what it says about the project decides what the pipeline does".into()
            }
            Self::NoProject { .. } => {
                "go to the folder of your project; or `ciworkshop init --list` shows practice projects".into()
            }
            Self::TeamTemplate { .. } => {
                "`ciworkshop help init` says which templates there are, and what they are given".into()
            }
            Self::Read { source, .. } => next_after_reading(source),
            Self::Write { source, .. } => next_after_writing(source),
        }
    }
}

/// What the system says, in words that need no table of error numbers.
fn why(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::PermissionDenied => "permission is denied",
        ErrorKind::NotFound => "the folder for it is not there",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "the quota of the disk is used up",
        ErrorKind::FileTooLarge => "no file of its size is allowed",
        ErrorKind::AlreadyExists => "something else has just been put there",
        ErrorKind::InvalidFilename => "the disk takes no such name",
        _ => return error.to_string(),
    };
    words.into()
}

fn next_after_reading(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "make it readable, or name another folder: `ciworkshop init NAME FOLDER`".into()
        }
        _ => "name another folder: `ciworkshop init NAME FOLDER`".into(),
    }
}

fn next_after_writing(error: &io::Error) -> String {
    let next = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room for it, then repeat the command: it goes on where it stopped"
        }
        ErrorKind::AlreadyExists => "repeat the command to see the difference",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "make the folder writable, or name another one: `ciworkshop init NAME FOLDER`"
        }
        _ => "name a folder that can be made: `ciworkshop init NAME FOLDER`",
    };
    next.into()
}
